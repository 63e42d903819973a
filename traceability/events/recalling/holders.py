"""Whom a recall concerns: who holds the goods by the events, and who owns them.

Part of a lot may be with everybody who ever had some of it: all who told of it, and all whom those
events name. A unit is with those whom its last event concerns, or that of what it is in now. Who
only stands on an invoice is not known here.
"""

from collections import defaultdict
from collections.abc import Container, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session

from traceability.actor import Actor
from traceability.events.recalling import repository
from traceability.events.recalling.goods import serial_in
from traceability.events.recalling.reach import Reach
from traceability.events.tracing.repository import LastEvent
from traceability.events.tracing.whereabouts import LastSeen
from traceability.registry import repository as registry
from traceability.registry.models import Party


@dataclass(slots=True)
class Holding:
    """What one party holds."""

    keys: set[str] = field(default_factory=set)
    last_time: datetime | None = None

    def add(self, keys: Iterable[str], time: datetime) -> None:
        self.keys.update(keys)
        self.last_time = time if self.last_time is None else max(self.last_time, time)

    def take(self, other: "Holding") -> None:
        """Add all of another."""
        self.keys |= other.keys
        times = [time for time in (self.last_time, other.last_time) if time is not None]
        self.last_time = max(times, default=None)


def holders(
    session: Session, actor: Actor, reach: Reach, seen: LastSeen
) -> list[tuple[Party, Holding]]:
    """The parties concerned by what is reached, by events that the actor may see.

    `seen` is of the goods that are reached.

    Agencies are left out.
    """
    goods = reach.goods
    classes = [each.key for each in goods if each.part and serial_in(each.part.name) is None]
    units = {each.key for each in goods} - set(classes)
    by_id: dict[int, Holding] = defaultdict(Holding)
    by_gln: dict[str, Holding] = defaultdict(Holding)
    for row in repository.events_of_classes(session, actor, classes):
        if row.party_id is not None:
            by_id[row.party_id].add([row.key], row.time)
    for row in repository.named_in_classes(session, actor, classes):
        by_gln[row.gln].add([row.key], row.time)
    _of_units(session, seen, units, by_id, by_gln)
    for each in goods:
        if each.product is not None:
            by_id.setdefault(each.product.producer_id, Holding())
    return _united(session, by_id, by_gln)


def _of_units(
    session: Session,
    seen: LastSeen,
    units: Container[str],
    by_id: dict[int, Holding],
    by_gln: dict[str, Holding],
) -> None:
    together: dict[LastEvent, list[str]] = defaultdict(list)
    for key, last in seen.newest(seen.events):
        if key in units:
            together[last].append(key)
    named = repository.glns_of_events(session, {last.event for last in together})
    for last, keys in together.items():
        if last.party_id is not None:
            by_id[last.party_id].add(keys, last.time)
        for gln in named.get(last.event, ()):
            by_gln[gln].add(keys, last.time)


def _united(
    session: Session, by_id: dict[int, Holding], by_gln: dict[str, Holding]
) -> list[tuple[Party, Holding]]:
    parties = registry.parties_by_id(session, by_id)
    for gln, party in repository.traders_with_glns(session, by_gln).items():
        parties[party.id or 0] = party
        by_id.setdefault(party.id or 0, Holding()).take(by_gln[gln])
    found = [(parties[number], holding) for number, holding in by_id.items() if number in parties]
    found.sort(key=lambda pair: (-len(pair[1].keys), pair[0].id or 0))
    return [(party, holding) for party, holding in found if repository.is_trader(party)]
