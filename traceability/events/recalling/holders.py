"""Whom a recall concerns: who holds the goods by the events, and who owns them.

Part of a lot may be with everybody who ever had some of it: all who told of it, and all whom those
events name. A unit is with those whom its last event concerns, or that of what it is in now. Who
only stands on an invoice is not known here.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session

from traceability.actor import Actor
from traceability.events.recalling import repository
from traceability.events.recalling.goods import serial_in
from traceability.events.recalling.reach import Reach
from traceability.events.tracing.repository import last_events
from traceability.events.tracing.view import View
from traceability.events.tracing.whereabouts import containers
from traceability.registry import repository as registry
from traceability.registry.models import Party


@dataclass(slots=True)
class Holding:
    """What one party holds."""

    keys: set[str] = field(default_factory=set)
    last_time: datetime | None = None

    def add(self, key: str, time: datetime) -> None:
        self.keys.add(key)
        self.last_time = time if self.last_time is None else max(self.last_time, time)

    def take(self, other: "Holding") -> None:
        """Add all of another."""
        self.keys |= other.keys
        times = [time for time in (self.last_time, other.last_time) if time is not None]
        self.last_time = max(times, default=None)


def holders(session: Session, actor: Actor, reach: Reach) -> list[tuple[Party, Holding]]:
    """The parties concerned by what is reached, by events that the actor may see.

    Agencies are left out.
    """
    goods = reach.goods
    classes = [each.key for each in goods if each.part and serial_in(each.part.name) is None]
    units = {each.key for each in goods} - set(classes)
    by_id: dict[int, Holding] = defaultdict(Holding)
    by_gln: dict[str, Holding] = defaultdict(Holding)
    for row in repository.events_of_classes(session, actor, classes):
        if row.party_id is not None:
            by_id[row.party_id].add(row.key, row.time)
    for row in repository.named_in_classes(session, actor, classes):
        by_gln[row.gln].add(row.key, row.time)
    _of_units(session, actor, reach.view, units, by_id, by_gln)
    for each in goods:
        if each.product is not None:
            by_id.setdefault(each.product.producer_id, Holding())
    return _united(session, by_id, by_gln)


def _of_units(
    session: Session,
    actor: Actor,
    view: View,
    units: Iterable[str],
    by_id: dict[int, Holding],
    by_gln: dict[str, Holding],
) -> None:
    chains = containers(session, actor, view, units)
    last = last_events(
        session, actor, {each for key, chain in chains.items() for each in (key, *chain)}
    )
    newest = {}
    for key, chain in chains.items():
        told = [last[each][:2] for each in (key, *chain) if each in last]
        if told:
            newest[key] = max(told)
    parties = {event: party for _, event, party in last.values()}
    named = repository.glns_of_events(session, {event for _, event in newest.values()})
    for key, (time, event) in newest.items():
        if parties[event] is not None:
            by_id[parties[event]].add(key, time)
        for gln in named.get(event, ()):
            by_gln[gln].add(key, time)


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
