"""Where things are now: what holds them carries them along."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from traceability.actor import Actor
from traceability.events.tracing import repository
from traceability.events.tracing.schemas import Whereabouts
from traceability.events.tracing.view import View

_MOST_LEVELS = 10
"""Box, case, pallet, container, ship: nothing real is packed deeper."""
Chain = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LastSeen:
    """What keys are in now, and the last event of each of them all."""

    chains: Mapping[str, Chain]
    """By the keys that were asked for, the outermost container last."""
    events: Mapping[str, repository.LastEvent]
    """Of those keys and their containers that have one."""

    def newest(
        self, told: Mapping[str, repository.LastEvent]
    ) -> Iterator[tuple[str, repository.LastEvent]]:
        """Of each key the newest of these events that is its own, or one of what it is in."""
        around = {
            chain: max((told[each] for each in chain if each in told), default=None)
            for chain in set(self.chains.values())
        }
        for key, chain in self.chains.items():
            own, other = told.get(key), around[chain]
            newest = max(own, other) if own and other else own or other
            if newest is not None:
                yield key, newest


def last_seen(session: Session, actor: Actor, view: View, keys: Iterable[str]) -> LastSeen:
    """By the events that the actor may see."""
    chains = containers(session, actor, view, keys)
    named = {*chains, *(each for chain in chains.values() for each in chain)}
    return LastSeen(chains, repository.last_events(session, actor, named))


def whereabouts(session: Session, actor: Actor, seen: LastSeen) -> dict[str, Whereabouts]:
    """Where each key was last, by its own events or by those of what it is in."""
    placeless = [key for key, event in seen.events.items() if event.place is None]
    placed = repository.last_events(session, actor, placeless, with_place=True)
    told = {
        key: event for key, event in {**seen.events, **placed}.items() if event.place is not None
    }
    # What is packed together is at one place by one event, and shares what is said of it.
    places: dict[tuple[int, Sequence[str]], Whereabouts] = {}
    found = {}
    for key, newest in seen.newest(told):
        chain = seen.chains[key]
        place = places.get((newest.event, chain))
        if place is None:
            place = places[newest.event, chain] = _place(newest, chain)
        found[key] = place
    return found


def _place(event: repository.LastEvent, chain: Sequence[str]) -> Whereabouts:
    return Whereabouts(event.place or "", event.time, event.event_id, event.reported_by, chain)


def containers(session: Session, actor: Actor, view: View, keys: Iterable[str]) -> dict[str, Chain]:
    """What each key is in now, the outermost last."""
    wanted = dict.fromkeys(keys)
    parents: dict[str, str] = {}
    level = set(wanted)
    for _ in range(_MOST_LEVELS):
        found = _parents(session, actor, view, level)
        parents |= found
        level = set(found.values()) - parents.keys()
        if not level:
            break
    of_parent: dict[str, Chain] = {}
    chains: dict[str, Chain] = {}
    for key in wanted:
        parent = parents.get(key)
        if parent is None:
            chains[key] = ()
        else:
            if parent not in of_parent:
                of_parent[parent] = _chain(parents, parent)
            shared = of_parent[parent]
            chains[key] = _chain(parents, key)[1:] if key in shared else shared
    return chains


def _chain(parents: Mapping[str, str], key: str) -> Chain:
    """A key and what it is in, as far as nothing is in itself."""
    chain = [key]
    while len(chain) < _MOST_LEVELS and (parent := parents.get(chain[-1])) is not None:
        if parent in chain:
            break
        chain.append(parent)
    return tuple(chain)


def _parents(session: Session, actor: Actor, view: View, keys: set[str]) -> dict[str, str]:
    # Of a class, other parts may be anywhere.
    stays = [stay for stay in view.open_stays(keys) if not stay.by_class]
    shown = repository.shown_events(session, actor, {stay.event for stay in stays})
    return {stay.child: stay.parent for stay in stays if stay.event in shown}
