"""Where things are now: what holds them carries them along."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from traceability.actor import Actor
from traceability.events.tracing import repository
from traceability.events.tracing.schemas import Whereabouts
from traceability.events.tracing.view import View

_MOST_LEVELS = 10
"""Box, case, pallet, container, ship: nothing real is packed deeper."""


@dataclass(frozen=True, slots=True)
class LastSeen:
    """What keys are in now, and the last event of each of them all."""

    chains: Mapping[str, Sequence[str]]
    """By the keys that were asked for, the outermost container last."""
    events: Mapping[str, repository.LastEvent]
    """Of those keys and their containers that have one."""

    def with_containers(self, key: str) -> list[repository.LastEvent]:
        """The last events of a key and of what it is in."""
        return [self.events[each] for each in (key, *self.chains[key]) if each in self.events]


def last_seen(session: Session, actor: Actor, view: View, keys: Iterable[str]) -> LastSeen:
    """By the events that the actor may see."""
    chains = containers(session, actor, view, keys)
    named = {*chains, *(each for chain in chains.values() for each in chain)}
    return LastSeen(chains, repository.last_events(session, actor, named))


def whereabouts(session: Session, actor: Actor, seen: LastSeen) -> dict[str, Whereabouts]:
    """Where each key was last, by its own events or by those of what it is in."""
    placeless = [key for key, event in seen.events.items() if event.place is None]
    placed = repository.last_events(session, actor, placeless, with_place=True)
    told = LastSeen(seen.chains, {**seen.events, **placed})
    found = {}
    for key, chain in seen.chains.items():
        events = [event for event in told.with_containers(key) if event.place is not None]
        if events:
            time, _, place, event_id, _, reported_by = max(events)
            found[key] = Whereabouts(place or "", time, event_id, reported_by, chain)
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
