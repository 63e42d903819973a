"""Random supply graphs: reused crates, mixing, splitting, late, corrected and withdrawn events."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import orjson
from sqlmodel import Session

from gs1.check_digit import compute
from tests.traceability.events.tracing.brute_force import Thing, Told
from traceability.clock import now
from traceability.events import event_repository
from traceability.events.facts import Epc, Facts
from traceability.events.models import EpcRole
from traceability.events.tracing import upkeep

BASE = datetime(2026, 1, 1, tzinfo=UTC)
STEM = "https://id.gs1.org"
LOTS = [f"{STEM}/01/09520001234569/10/L{n}" for n in range(4)]
SERIALS = [f"{STEM}/01/09520001234569/21/S{n}" for n in range(5)]
_BODIES = [f"3952000000000{n:04}" for n in range(3)]
BOXES = [f"{STEM}/00/{body}{compute(body)}" for body in _BODIES]
CRATES = [f"{STEM}/8003/09520000000011C{n}" for n in range(2)]
KEYS = [*LOTS, *SERIALS, *BOXES, *CRATES]


def time_of(tick: int) -> datetime:
    """Ticks are microseconds: the brute force looks between two events, which are ten apart."""
    return BASE + timedelta(microseconds=tick)


def a_world(source: random.Random) -> list[Told]:
    """Events in the order in which they are told, which is not that of their times."""
    events = []
    for number in range(source.randint(3, 14)):
        time = 10 * source.randint(0, 9)
        kind = source.choices(("pack", "make", "begin", "scan"), (5, 4, 1, 1))[0]
        events.append(_MAKERS[kind](source, number, time))
    for place, event in enumerate(events):
        if source.random() < 0.1:
            events[place] = replace(event, wrong=True)
    return events


def _pack(source: random.Random, number: int, time: int) -> Told:
    action = source.choices(("ADD", "DELETE", "OBSERVE"), (6, 3, 1))[0]
    parent = source.choice(BOXES + CRATES)
    children = {_thing(source) for _ in range(source.randint(0 if action == "DELETE" else 1, 3))}
    # A container in itself is refused when it is captured.
    kept = tuple(sorted({thing[:2]: thing for thing in children if thing[0] != parent}.values(),
                        key=str))  # fmt: skip
    if not kept and action != "DELETE":
        kept = ((SERIALS[0], False, None),)
    bond = source.choices(("aggregation", "association"), (5, 1))[0]
    return Told(number, time, "pack", action, bond, parent, kept)


def _make(source: random.Random, number: int, time: int) -> Told:
    shared = source.random() < 0.3
    sides = [
        tuple({thing[:2]: thing for thing in (_thing(source) for _ in range(count))}.values())
        for count in (source.randint(0 if shared else 1, 3), source.randint(0 if shared else 1, 3))
    ]
    if not any(sides):
        sides[0] = ((LOTS[0], True, None),)
    process = f"urn:vd:process:{source.randint(0, 1)}" if shared else f"urn:vd:event:{number}"
    return Told(number, time, "make", inputs=sides[0], outputs=sides[1], process=process)


def _begin(source: random.Random, number: int, time: int) -> Told:
    serials = tuple((key, False, None) for key in source.sample(SERIALS, source.randint(1, 2)))
    return Told(number, time, "begin", outputs=serials, lot=source.choice(LOTS))


def _scan(source: random.Random, number: int, time: int) -> Told:
    """Somebody reads labels, which say lot and serial."""
    return replace(_begin(source, number, time), action="OBSERVE")


def _thing(source: random.Random) -> Thing:
    key = source.choice(KEYS)
    if key in LOTS:
        return key, True, source.choice((None, 1, 2, 3))
    return key, False, None


_MAKERS = {"pack": _pack, "make": _make, "begin": _begin, "scan": _scan}
_TYPES = {"make": "TransformationEvent", "begin": "ObjectEvent"}


def tell(session: Session, events: list[Told], source: random.Random) -> None:
    """Keep the events as capture does: a few at a time; some are told to be wrong later."""
    facts = {event.number: facts_of(event) for event in events}
    ids: dict[int, int] = {}
    waiting = list(events)
    later: list[int] = []
    while waiting:
        size = source.randint(1, 4)
        part, waiting = waiting[:size], waiting[size:]
        known_wrong = {each.number for each in part if each.wrong and source.random() < 0.3}
        later += [each.number for each in part if each.wrong and each.number not in known_wrong]
        told = [
            replace(facts[each.number], error_time=BASE if each.number in known_wrong else None)
            for each in part
        ]
        numbers = event_repository.insert(
            session, told, party_id=None, capture_id=None, record_time=now()
        )
        upkeep.add(session, told, numbers)
        ids.update(zip((each.number for each in part), numbers, strict=True))
        if source.random() < 0.5:
            _withdraw(session, facts, ids, later)
    _withdraw(session, facts, ids, later)


def _withdraw(
    session: Session, facts: dict[int, Facts], ids: dict[int, int], later: list[int]
) -> None:
    while later:
        number = later.pop()
        declared = replace(facts[number], error_time=BASE)
        event_repository.declare_error(session, ids[number], declared)
        upkeep.take_back(session, ids[number])


def facts_of(event: Told) -> Facts:
    kind = _TYPES.get(event.kind)
    if kind is None:
        kind = "AggregationEvent" if event.bond == "aggregation" else "AssociationEvent"
    epcs = [Epc(event.parent, EpcRole.PARENT)] if event.parent else []
    outputs = EpcRole.EPC if event.kind == "begin" else EpcRole.OUTPUT
    roles = ((EpcRole.CHILD, event.children), (EpcRole.INPUT, event.inputs),
             (outputs, event.outputs))  # fmt: skip
    for role, things in roles:
        epcs += [_epc(role, thing) for thing in things]
    labels = _labels(event)
    if event.kind == "begin" and not labels:
        epcs.append(Epc(event.lot, EpcRole.EPC, True))
    process = event.process.startswith("urn:vd:process")
    return Facts(
        event_id=f"urn:vd:event:{event.number}", hash=f"{event.number:064}", type=kind,
        action=event.action or ("ADD" if event.kind == "begin" else None),
        event_time=time_of(event.time), biz_step=None, disposition=None, read_point=None,
        biz_location=None, error_time=None, epcs=tuple(epcs),
        values=frozenset({("transformationID", event.process)} if process else ()),
        body=orjson.dumps({"epcList": labels}).decode(), index=0, path=(),
    )  # fmt: skip


def _labels(event: Told) -> list[str]:
    """The addresses on the labels that were read."""
    if (event.kind, event.action) != ("begin", "OBSERVE"):
        return []
    return [f"{event.lot}/21/{key.rpartition('/')[2]}" for key, *_ in event.outputs]


def _epc(role: EpcRole, thing: Thing) -> Epc:
    key, by_class, count = thing
    return Epc(key, role, by_class, None if count is None else Decimal(count))


def as_sent(event: Told, *, wrong: bool) -> dict[str, Any]:
    """The event as an EPCIS document has it."""
    facts = facts_of(event)
    fields: dict[str, Any] = {
        "type": facts.type, "eventID": facts.event_id, "action": facts.action,
        "eventTime": facts.event_time.isoformat(), "eventTimeZoneOffset": "+00:00",
        "parentID": event.parent or None, "transformationID": None,
    }  # fmt: skip
    if facts.values:
        fields["transformationID"] = event.process
    for epc in facts.epcs:
        if epc.role is not EpcRole.PARENT:
            instances, quantities = _LISTS[epc.role]
            amount = {} if epc.quantity is None else {"quantity": float(epc.quantity)}
            entry = {"epcClass": epc.key, **amount} if epc.by_class else epc.key
            fields.setdefault(quantities if epc.by_class else instances, []).append(entry)
    if labels := _labels(event):
        fields["epcList"] = labels
    if wrong:
        fields["errorDeclaration"] = {"declarationTime": BASE.isoformat()}
    return {name: value for name, value in fields.items() if value is not None}


_LISTS = {
    EpcRole.EPC: ("epcList", "quantityList"),
    EpcRole.CHILD: ("childEPCs", "childQuantityList"),
    EpcRole.INPUT: ("inputEPCList", "inputQuantityList"),
    EpcRole.OUTPUT: ("outputEPCList", "outputQuantityList"),
}
