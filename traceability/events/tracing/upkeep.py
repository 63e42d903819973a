"""Keeping the tables of tracing true to the events, in the transaction that captures them.

What a late event, a corrective one or a declared error changes is told anew from the events of
the containers it names: the tables never depend on the order in which events arrived.
"""

import hashlib
import operator
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from traceability.events.event_repository import Rows, insert_rows, rows_of
from traceability.events.facts import Facts
from traceability.events.identifiers import STEM, canonical
from traceability.events.models import EpcRole, Event, EventEpc, EventValue
from traceability.events.tracing.containment import Child, Contents, Signal, Span, contents
from traceability.events.tracing.lots import memberships
from traceability.events.tracing.models import (
    Bond,
    Containment,
    ContentFinding,
    Derivation,
    Membership,
)
from traceability.registry.repository import chunks

_EVENT: sa.Table = Event.__table__  # type: ignore[attr-defined]
_EPC: sa.Table = EventEpc.__table__  # type: ignore[attr-defined]
_VALUE: sa.Table = EventValue.__table__  # type: ignore[attr-defined]
_CONTAINMENT: sa.Table = Containment.__table__  # type: ignore[attr-defined]
_FINDING: sa.Table = ContentFinding.__table__  # type: ignore[attr-defined]
_DERIVATION: sa.Table = Derivation.__table__  # type: ignore[attr-defined]
_MEMBERSHIP: sa.Table = Membership.__table__  # type: ignore[attr-defined]

BONDS: Mapping[str, Bond] = {
    "AggregationEvent": Bond.AGGREGATION,
    "AssociationEvent": Bond.ASSOCIATION,
}
_SIDES = (EpcRole.INPUT, EpcRole.OUTPUT)
_PARENTS_AT_ONCE = 500
_EVENTS_AT_ONCE = 2000


def add(session: Session, facts: Sequence[Facts], ids: Sequence[int]) -> None:
    """Take in events that have just been inserted under these ids, with all that names them."""
    told = [
        (number, each)
        for number, each in zip(ids, facts, strict=True)
        if each.error_time is None
    ]  # fmt: skip
    parts = [row for number, each in told for row in _parts(number, each)]
    lots = [
        (instance, lot, number)
        for number, each in told
        for instance, lot in memberships(each.type, each.action, each.epcs, each.body)
    ]
    derived: Rows = {_DERIVATION: parts, _MEMBERSHIP: lots}
    insert_rows(session.connection(), {**rows_of(facts, ids), **derived})
    _go_on(session, _told_signals(told))


def take_back(session: Session, event: int) -> None:
    """Undo what an event told that has been declared to be in error."""
    connection = session.connection()
    for table in (_DERIVATION, _MEMBERSHIP):
        connection.execute(sa.delete(table).where(table.c.event == event))
    parents = connection.execute(
        sa.select(_EPC.c.key).where(_EPC.c.event == event, _EPC.c.role == EpcRole.PARENT)
    )
    _tell_anew(session, set(parents.scalars()))


def rebuild(session: Session) -> int:
    """Make every table of tracing from the events anew; returns how many events were read."""
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        # Captures begin with their events: those at work are waited for, new ones wait meanwhile.
        connection.execute(sa.text("LOCK TABLE event IN SHARE ROW EXCLUSIVE MODE"))
    for table in (_FINDING, _CONTAINMENT, _DERIVATION, _MEMBERSHIP):
        connection.execute(sa.delete(table))
    _name_units_alike(connection)
    connection.execute(_all_parts())
    read = _all_memberships(session)
    parents = connection.execute(
        sa.select(_EPC.c.key).where(_EPC.c.role == EpcRole.PARENT).distinct()
    ).scalars()  # fmt: skip
    _tell_anew(session, set(parents))
    return read


def _name_units_alike(connection: sa.Connection) -> None:
    """Units that were recorded under the address of their label, lot and all, lose the lot.

    Their events tell the lot by their text.
    """
    labels = connection.execute(
        sa.select(_EPC.c.key).where(_EPC.c.key.like(f"{STEM}/01/%/%/%/21/%")).distinct()
    ).scalars()  # fmt: skip
    other = _EPC.alias("other")
    for label in labels.all():
        unit = canonical(label)
        told = sa.exists().where(
            other.c.key == unit, other.c.time == _EPC.c.time, other.c.event == _EPC.c.event,
            other.c.role == _EPC.c.role, other.c.by_class == _EPC.c.by_class,
        )  # fmt: skip
        connection.execute(sa.update(_EPC).where(_EPC.c.key == label, ~told).values(key=unit))
        connection.execute(sa.delete(_EPC).where(_EPC.c.key == label, sa.literal(unit) != label))


def _told_signals(told: Iterable[tuple[int, Facts]]) -> dict[str, list[Signal]]:
    found: dict[str, list[Signal]] = defaultdict(list)
    for number, each in told:
        bond = BONDS.get(each.type)
        parent = next((epc.key for epc in each.epcs if epc.role is EpcRole.PARENT), None)
        if bond is not None and parent is not None:
            children = tuple(
                Child(epc.key, epc.by_class, epc.quantity, epc.uom)
                for epc in each.epcs
                if epc.role is EpcRole.CHILD
            )
            found[parent].append(
                Signal(each.event_time, number, bond, each.action or "OBSERVE", parent, children)
            )
    return found


def _go_on(session: Session, news: Mapping[str, list[Signal]]) -> None:
    """Take in news of containers: at the end of their stories where they belong there.

    A crate has thousands of events in its life; most news of it are later than all of them.
    """
    for part in chunks(sorted(news), _PARENTS_AT_ONCE):
        _one_at_a_time(session, part)
        last = _last_told(session, part, [each.event for key in part for each in news[key]])
        late = {
            key for key in part
            if key in last and min(each.time for each in news[key]) <= last[key]
        }  # fmt: skip
        begun = last.keys() - late
        inside = _inside(session, begun) if begun else {}
        late |= {key for key, spans in inside.items() if any(span.by_class for span in spans)}
        _tell_anew(session, late)
        before = {key: inside.get(key, []) for key in part if key not in late}
        stories = [contents(news[key], spans) for key, spans in before.items()]
        _end(session, [span for spans in before.values() for span in spans if span.until])
        _write(session, stories)


def _last_told(
    session: Session, parents: Sequence[str], besides: Sequence[int]
) -> dict[str, datetime]:
    """The time of the last event of each parent that is on record besides these."""
    told = session.connection().execute(
        sa.select(_EPC.c.key, sa.func.max(_EPC.c.time).label("last"))
        .where(_EPC.c.key.in_(parents), _EPC.c.role == EpcRole.PARENT, _EPC.c.event.not_in(besides))
        .group_by(_EPC.c.key)
    )
    return {row.key: row.last for row in told}


def _inside(session: Session, parents: Iterable[str]) -> dict[str, list[Span]]:
    found: dict[str, list[Span]] = defaultdict(list)
    rows = session.connection().execute(
        sa.select(_CONTAINMENT).where(
            _CONTAINMENT.c.parent.in_(sorted(parents)), _CONTAINMENT.c.until.is_(None)
        )
    )
    for row in rows.mappings():
        found[row["parent"]].append(Span(**{**row, "bond": Bond(row["bond"])}))
    return found


def _end(session: Session, spans: Iterable[Span]) -> None:
    ended = [
        {"of": span.child, "at": span.since, "within": span.parent, "by": span.bond,
         "end": span.until}
        for span in spans
    ]  # fmt: skip
    if ended:
        statement = (
            sa.update(_CONTAINMENT)
            .where(
                _CONTAINMENT.c.child == sa.bindparam("of"),
                _CONTAINMENT.c.since == sa.bindparam("at"),
                _CONTAINMENT.c.parent == sa.bindparam("within"),
                _CONTAINMENT.c.bond == sa.bindparam("by"),
                _CONTAINMENT.c.by_class.is_(False),
            )
            .values(until=sa.bindparam("end"))
        )
        session.connection().execute(statement, ended)


def _tell_anew(session: Session, parents: set[str]) -> None:
    """Write what was in these parents, from all of their events."""
    for part in chunks(sorted(parents), _PARENTS_AT_ONCE):
        _one_at_a_time(session, part)
        for table in (_FINDING, _CONTAINMENT):
            session.connection().execute(sa.delete(table).where(table.c.parent.in_(part)))
        told = _signals(session, part)
        _write(session, [contents(told[parent]) for parent in sorted(told)])


def _write(session: Session, stories: Sequence[Contents]) -> None:
    spans = [_SPAN(span) for story in stories for span in story.spans]
    findings = {finding for story in stories for finding in story.findings}
    insert_rows(session.connection(), {_CONTAINMENT: spans, _FINDING: sorted(findings)})


_SPAN = operator.attrgetter(*_CONTAINMENT.c.keys())  # a span has a field for each column


def _one_at_a_time(session: Session, parents: Sequence[str]) -> None:
    """Two captures that name one container wait for each other: each must see the other's events.

    SQLite has one writer anyway.
    """
    if session.get_bind().dialect.name == "sqlite":
        return
    digests = (hashlib.sha256(parent.encode()).digest() for parent in parents)
    locks = sorted({int.from_bytes(digest[:8], signed=True) for digest in digests})
    session.connection().execute(
        sa.text("SELECT pg_advisory_xact_lock(n) FROM unnest(CAST(:locks AS bigint[])) AS n"),
        {"locks": locks},
    )


def _signals(session: Session, parents: Sequence[str]) -> dict[str, list[Signal]]:
    parent = _EPC.alias("parent")
    child = _EPC.alias("child")
    rows = session.connection().execute(
        sa.select(
            parent.c.key.label("parent"), _EVENT.c.id, _EVENT.c.type, _EVENT.c.action,
            _EVENT.c.event_time, child.c.key, child.c.by_class, child.c.quantity, child.c.uom,
        )
        .select_from(parent)
        .join(_EVENT, _EVENT.c.id == parent.c.event)
        .outerjoin(child, sa.and_(child.c.event == _EVENT.c.id, child.c.role == EpcRole.CHILD))
        .where(
            parent.c.key.in_(parents),
            parent.c.role == EpcRole.PARENT,
            _EVENT.c.type.in_(list(BONDS)),
            _EVENT.c.in_error.is_(False),
        )
    )  # fmt: skip
    heads: dict[tuple[str, int], Any] = {}
    children: dict[tuple[str, int], list[Child]] = defaultdict(list)
    for row in rows:
        heads[row.parent, row.id] = row
        if row.key is not None:
            found = Child(row.key, row.by_class, row.quantity, row.uom)
            children[row.parent, row.id].append(found)
    signals: dict[str, list[Signal]] = defaultdict(list)
    for place, row in heads.items():
        signals[row.parent].append(
            Signal(row.event_time, row.id, BONDS[row.type], row.action or "OBSERVE", row.parent,
                   tuple(children[place]))
        )  # fmt: skip
    return signals


def _parts(number: int, facts: Facts) -> Iterator[tuple[Any, ...]]:
    process = next(
        (value for name, value in facts.values if name == "transformationID"), facts.event_id
    )  # fmt: skip
    for epc in facts.epcs:
        if epc.role in _SIDES:
            yield (epc.key, facts.event_time, number, str(epc.role), epc.by_class, process,
                   epc.quantity, epc.uom)  # fmt: skip


def _all_parts() -> sa.Insert:
    """The same for every event on record, in one statement."""
    named = sa.and_(_VALUE.c.event == _EVENT.c.id, _VALUE.c.name == "transformationID")
    found = (
        sa.select(
            _EPC.c.key, _EPC.c.time, _EPC.c.event, _EPC.c.role, _EPC.c.by_class,
            sa.func.coalesce(_VALUE.c.value, _EVENT.c.event_id), _EPC.c.quantity, _EPC.c.uom,
        )
        .select_from(_EPC)
        .join(_EVENT, _EVENT.c.id == _EPC.c.event)
        .outerjoin(_VALUE, named)
        .where(_EPC.c.role.in_(_SIDES), _EVENT.c.in_error.is_(False))
    )  # fmt: skip
    names = ["key", "time", "event", "role", "by_class", "process", "quantity", "uom"]
    return sa.insert(_DERIVATION).from_select(names, found)


def _all_memberships(session: Session) -> int:
    connection = session.connection()
    last, read = 0, 0
    while events := connection.execute(
        sa.select(_EVENT.c.id, _EVENT.c.type, _EVENT.c.action, _EVENT.c.body)
        .where(_EVENT.c.id > last, _EVENT.c.in_error.is_(False))
        .order_by(_EVENT.c.id)
        .limit(_EVENTS_AT_ONCE)
    ).all():
        last, read = events[-1].id, read + len(events)
        epcs: dict[int, list[Any]] = defaultdict(list)
        for row in connection.execute(
            sa.select(_EPC).where(_EPC.c.event.in_([each.id for each in events]))
        ):
            epcs[row.event].append(row)
        rows = [
            (instance, lot, each.id)
            for each in events
            for instance, lot in memberships(each.type, each.action, epcs[each.id], each.body)
        ]
        insert_rows(connection, {_MEMBERSHIP: rows})
    return read
