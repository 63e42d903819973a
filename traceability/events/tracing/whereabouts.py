"""Where things are now: what holds them carries them along."""

from collections.abc import Iterable

from sqlmodel import Session

from traceability.actor import Actor
from traceability.events.tracing import repository
from traceability.events.tracing.schemas import Whereabouts
from traceability.events.tracing.view import View

_MOST_LEVELS = 10
"""Box, case, pallet, container, ship: nothing real is packed deeper."""


def whereabouts(
    session: Session, actor: Actor, view: View, keys: Iterable[str]
) -> dict[str, Whereabouts]:
    """Where each key was last, by its own events or by those of what it is in."""
    chains = containers(session, actor, view, keys)
    places = repository.last_places(
        session, actor, {each for key, chain in chains.items() for each in (key, *chain)}
    )
    found = {}
    for key, chain in chains.items():
        told = [places[each] for each in (key, *chain) if each in places]
        if told:
            time, _, place, event_id, reported_by = max(told)
            found[key] = Whereabouts(place, time, event_id, reported_by, chain)
    return found


def containers(
    session: Session, actor: Actor, view: View, keys: Iterable[str]
) -> dict[str, list[str]]:
    """What each key is in now, the outermost last."""
    chains: dict[str, list[str]] = {key: [] for key in keys}
    ends = {key: key for key in chains}
    for _ in range(_MOST_LEVELS):
        parents = _parents(session, actor, view, set(ends.values()))
        ends = {
            key: parents[end] for key, end in ends.items()
            if end in parents and parents[end] not in (key, *chains[key])
        }  # fmt: skip
        for key, end in ends.items():
            chains[key].append(end)
        if not ends:
            break
    return chains


def _parents(session: Session, actor: Actor, view: View, keys: set[str]) -> dict[str, str]:
    # Of a class, other parts may be anywhere.
    stays = [stay for stay in view.open_stays(keys) if not stay.by_class]
    shown = repository.shown_events(session, actor, {stay.event for stay in stays})
    return {stay.child: stay.parent for stay in stays if stay.event in shown}
