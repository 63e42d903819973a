"""Capture: a document of events is checked whole, then kept whole, or event by event.

    read ──▶ check every event ──▶ known already? ──▶ insert, enter in the log ──▶ capture row

An event is told once: the same eventID with the same content adds nothing, with another content
it is a fault. A capture that declares a recorded event to be in error adds that declaration.
"""

import dataclasses
from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from sqlmodel import Session, select
from sqlmodel.sql.expression import SelectOfScalar

from traceability.actor import Actor
from traceability.clock import now
from traceability.errors import ConflictError
from traceability.events import event_repository as repository
from traceability.events.checking import Checked
from traceability.events.documents import Document, ReadEvent
from traceability.events.facts import PARTY, Facts
from traceability.events.faults import EventFault, EventsInvalidError, pointer
from traceability.events.identifiers import gtin_of
from traceability.events.master_data import keep_master_data
from traceability.events.models import Capture
from traceability.events.policy import Policy, Unknown
from traceability.transparency import log
from traceability.transparency.models import LeafKind


class Behaviour(StrEnum):
    """GS1-Capture-Error-Behaviour."""

    ROLLBACK = "rollback"
    """All or nothing."""
    PROCEED = "proceed"
    """Every good event."""


_MOST_WARNINGS = 100


def capture(
    session: Session, actor: Actor, document: Document, behaviour: Behaviour, policy: Policy
) -> Capture:
    """Capture a document in the caller's transaction.

    Raises:
        EventsInvalidError: with `rollback`, every fault of every event.
    """
    row = begin(session, actor, behaviour)
    checked = Checked()
    checked.add(document.events, document.ignored)
    if behaviour is Behaviour.ROLLBACK and checked.faults:
        raise EventsInvalidError(checked.faults)
    keep(session, actor, row, checked, policy)
    if behaviour is Behaviour.ROLLBACK and checked.faults:
        raise EventsInvalidError(checked.faults)
    keep_master_data(session, actor, document.master_data)
    finish(session, row, checked.faults)
    return row


def begin(session: Session, actor: Actor, behaviour: Behaviour) -> Capture:
    """The row of a capture that has begun."""
    row = Capture(
        id=str(uuid4()), party_id=actor.party_id, created_at=now(), behaviour=behaviour
    )  # fmt: skip
    session.add(row)
    return row


def finish(session: Session, row: Capture, faults: Sequence[EventFault]) -> None:
    """Close a capture with what went wrong in it."""
    row.finished_at, row.success = now(), not faults
    row.errors = [dataclasses.asdict(fault) for fault in faults]
    session.add(row)
    session.flush()


def keep(session: Session, actor: Actor, row: Capture, checked: Checked, policy: Policy) -> None:
    """Insert the good events that are not on record; further faults are added to `checked`."""
    facts = _apart(session, actor, checked, list(checked.take()))
    facts = _of_known_goods(session, row, checked, facts, policy)
    at = now()
    repository.insert(
        session, facts, party_id=actor.party_id, capture_id=row.id, record_time=at
    )  # fmt: skip
    enter(session, actor, facts, at)
    row.captured += len(facts)


def enter(session: Session, actor: Actor, facts: Iterable[Facts], at: datetime) -> None:
    """Enter events in the transparency log: what they say, who said it, and when."""
    told = at.isoformat()
    log.enter(
        session,
        LeafKind.EVENT,
        (
            (
                f"event:{each.hash}",
                {"eventID": each.event_id, "hash": each.hash, "recordTime": told,
                 "party": actor.party_id, "inError": each.error_time is not None},
            )
            for each in facts
        ),
    )  # fmt: skip


def _apart(session: Session, actor: Actor, checked: Checked, facts: Sequence[Facts]) -> list[Facts]:
    """The events that are new; of one told twice in a document, the first."""
    known = repository.known(session, (each.event_id for each in facts))
    new: dict[str, Facts] = {}
    for each in facts:
        row = known.get(each.event_id) or new.get(each.event_id)
        if row is None:
            new[each.event_id] = each
        elif row.hash != each.hash:
            _refuse(checked, each, ("eventID",), "events.id-taken", value=each.event_id)
        elif each.error_time is not None and not isinstance(row, Facts) and not row.in_error:
            _declare(session, actor, checked, each, row)
    return list(new.values())


def _declare(session: Session, actor: Actor, checked: Checked, facts: Facts, row: Any) -> None:
    """Only who told an event, or an authority, says that it was in error."""
    if not (actor.sees_everything or actor.owns(row.party_id)):
        _refuse(checked, facts, ("errorDeclaration",), "events.not-yours")
        return
    repository.declare_error(session, row.id, facts)
    enter(session, actor, [facts], now())


def _of_known_goods(
    session: Session, row: Capture, checked: Checked, facts: Sequence[Facts], policy: Policy
) -> list[Facts]:
    """The events that the settings accept, with a warning for what the registry does not know."""
    gtins = {id(each): _gtins(each) for each in facts}
    glns = {id(each): _glns(each) for each in facts}
    no_product = set(repository.unknown_gtins(session, _united(gtins.values())))
    no_party = set(repository.unknown_glns(session, _united(glns.values())))
    kept = []
    for each in facts:
        refused = False
        for code, named, missing, rule in (
            ("events.product-unknown", gtins[id(each)], no_product, policy.unknown_products),
            ("events.party-unknown", glns[id(each)], no_party, policy.unknown_parties),
        ):
            unknown = sorted(named & missing)
            if unknown and rule is Unknown.REFUSE:
                refused = True
                for value in unknown:
                    _refuse(checked, each, (), code, value=value, count=False)
        checked.bad += refused
        if not refused:
            kept.append(each)
    told = [("events.product-unknown", value) for value in sorted(no_product)]
    told += [("events.party-unknown", value) for value in sorted(no_party)]
    _warn(row, told)
    return kept


def _warn(row: Capture, told: Iterable[tuple[str, str]]) -> None:
    room = _MOST_WARNINGS - len(row.warnings)
    known = {(each["code"], each["value"]) for each in row.warnings}
    fresh = [{"code": code, "value": value} for code, value in told if (code, value) not in known]
    row.warnings = [*row.warnings, *fresh[:room]]


def _united(sets: Iterable[set[str]]) -> set[str]:
    return set().union(*sets)


def _gtins(facts: Facts) -> set[str]:
    return {gtin for epc in facts.epcs if (gtin := gtin_of(epc.key))}


def _glns(facts: Facts) -> set[str]:
    return {value for name, value in facts.values if name == PARTY}


def _refuse(
    checked: Checked,
    facts: Facts,
    path: tuple[str | int, ...],
    code: str,
    *,
    count: bool = True,
    **arguments: Any,
) -> None:
    checked.bad += count
    place = pointer((*facts.path, *path))
    checked.faults.append(EventFault(place, code, arguments, facts.index))


def capture_event(session: Session, actor: Actor, read: ReadEvent, policy: Policy) -> str:
    """Capture one event in the caller's transaction, and return its eventID.

    Raises:
        EventsInvalidError: its faults.
        ConflictError: `events.known` (event_id): the event is on record.
    """
    checked = Checked()
    checked.add([read])
    if checked.faults:
        raise EventsInvalidError(checked.faults)
    facts = checked.good[0]
    found = repository.known(session, [facts.event_id]).get(facts.event_id)
    if found is not None and (facts.error_time is None or found.in_error):
        raise ConflictError("events.known", event_id=facts.event_id)
    row = begin(session, actor, Behaviour.ROLLBACK)
    keep(session, actor, row, checked, policy)
    if checked.faults:
        raise EventsInvalidError(checked.faults)
    finish(session, row, ())
    return facts.event_id


def captures(
    session: Session, actor: Actor, *, before: str | None, limit: int
) -> Sequence[Capture]:
    """The captures of the actor's organisation, newest first; all of them for an authority."""
    found = _readable_captures(actor)
    if before is not None:
        last = session.get(Capture, before)
        if last is not None:
            found = found.where(
                sa.tuple_(_CAPTURE.c.created_at, _CAPTURE.c.id)
                < sa.tuple_(sa.literal(last.created_at, _CAPTURE.c.created_at.type), last.id)
            )
    order = (_CAPTURE.c.created_at.desc(), _CAPTURE.c.id.desc())
    return session.exec(found.order_by(*order).limit(limit)).all()


def capture_of(session: Session, actor: Actor, capture_id: str) -> Capture | None:
    """A capture that the actor may see."""
    return session.exec(_readable_captures(actor).where(_CAPTURE.c.id == capture_id)).first()


_CAPTURE: sa.Table = Capture.__table__  # type: ignore[attr-defined]


def _readable_captures(actor: Actor) -> SelectOfScalar[Capture]:
    if actor.sees_everything:
        return select(Capture)
    return select(Capture).where(_CAPTURE.c.party_id == (actor.party_id or -1))
