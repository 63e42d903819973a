"""Capture: a document of events is checked whole, then kept whole, or event by event.

    read ──▶ check every event ──▶ known already? ──▶ insert, enter in the log ──▶ capture row

An event is told once: the same eventID with the same content adds nothing, with another content
it is a fault. A capture that declares a recorded event to be in error adds that declaration.
"""

import dataclasses
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import uuid4

import orjson
import sqlalchemy as sa
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from traceability.actor import Actor
from traceability.clock import now
from traceability.errors import ConflictError, NotFoundError
from traceability.events import event_repository as repository
from traceability.events import logged_events
from traceability.events.checking import Checked
from traceability.events.documents import Document, ReadEvent
from traceability.events.facts import PARTY, Facts
from traceability.events.faults import EventFault, EventsInvalidError, pointer
from traceability.events.identifiers import gtin_of, is_class
from traceability.events.logged_events import Told
from traceability.events.master_data import check_amount, keep_master_data
from traceability.events.models import Capture, EpcRole
from traceability.events.policy import Policy, Unknown
from traceability.events.recalling import keeping
from traceability.events.tracing import upkeep
from traceability.jobs import Job, JobStatus


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
        EventsInvalidError: every fault of the document around its events, and of every event:
            with `proceed`, for the former alone.
    """
    check_amount(document.master_data)
    row = begin(actor, behaviour)
    checked = Checked()
    checked.add(document.events, document.ignored)
    if document.faults or (behaviour is Behaviour.ROLLBACK and checked.faults):
        raise EventsInvalidError([*document.faults, *checked.faults])
    kept = keep(session, actor, row.id, checked, policy)
    if behaviour is Behaviour.ROLLBACK and checked.faults:
        raise EventsInvalidError(checked.faults)
    keep_master_data(session, actor, document.master_data)
    row.captured = kept.added
    warn(row, kept.warnings)
    finish(session, row, checked.faults)
    return row


def begin(actor: Actor, behaviour: Behaviour) -> Capture:
    """The row of a capture that has begun; `finish` adds it."""
    return Capture(
        id=str(uuid4()), party_id=actor.party_id, created_at=now(), behaviour=behaviour
    )  # fmt: skip


def finish(session: Session, row: Capture, faults: Sequence[EventFault]) -> None:
    """Close a capture with what went wrong in it."""
    row.finished_at, row.success = now(), not faults
    row.errors = [dataclasses.asdict(fault) for fault in faults]
    session.add(row)
    session.flush()


@dataclasses.dataclass(slots=True)
class Kept:
    """What became of checked events."""

    added: int = 0
    declared: int = 0
    """Events on record that were declared to be in error."""
    warnings: list[tuple[str, str]] = dataclasses.field(default_factory=list)
    """Code and value of what the registry does not know, or stands in the wrong list."""


def keep(
    session: Session, actor: Actor, capture_id: str | None, checked: Checked, policy: Policy
) -> Kept:
    """Insert the good events that are not on record; further faults are added to `checked`."""
    kept = Kept()
    facts = _apart(session, actor, checked, kept)
    facts = _of_known_goods(session, checked, facts, policy, kept)
    kept.warnings += _misplaced(facts)
    at = now()
    ids = repository.insert(
        session, facts, party_id=actor.party_id, capture_id=capture_id, record_time=at
    )
    upkeep.add(session, facts, ids)
    keeping.mark(session, facts)
    logged_events.enter(
        session,
        (
            Told(number, each.event_id, each.hash, at, actor.party_id,
                 each.error_time is not None, each.body)
            for number, each in zip(ids, facts, strict=True)
        ),
    )  # fmt: skip
    kept.added = len(facts)
    return kept


def foresee(session: Session, actor: Actor, checked: Checked, policy: Policy) -> None:
    """Add the faults that `keep` would find, and write nothing."""
    good = list(checked.take())
    known = repository.known(session, (each.event_id for each in good))
    for each in good:
        row = known.get(each.event_id)
        if row is not None and row.hash != each.hash:
            refuse_id(checked, each)
        elif row is not None and each.error_time and not _may_declare(actor, row):
            _refuse(checked, each, ("errorDeclaration",), "events.not-yours")
    _of_known_goods(session, checked, good, policy, Kept())


def _apart(session: Session, actor: Actor, checked: Checked, kept: Kept) -> list[Facts]:
    """The events that are new; of one told twice in a document, the first.

    Or, where one of them declares it to be in error, that one: it says all that the other does.
    """
    facts = list(checked.take())
    known = repository.known(session, (each.event_id for each in facts))
    new: dict[str, Facts] = {}
    for each in facts:
        row = known.get(each.event_id) or new.get(each.event_id)
        if row is None:
            new[each.event_id] = each
        elif row.hash != each.hash:
            refuse_id(checked, each)
        elif each.error_time is not None:
            if isinstance(row, Facts):
                new[each.event_id] = each
            elif not row.in_error:
                kept.declared += _declare(session, actor, checked, each, row)
    return list(new.values())


def _declare(session: Session, actor: Actor, checked: Checked, facts: Facts, row: Any) -> bool:
    if not _may_declare(actor, row):
        _refuse(checked, facts, ("errorDeclaration",), "events.not-yours")
        return False
    repository.declare_error(session, row.id, facts)
    upkeep.take_back(session, row.id)
    told = Told(row.id, row.event_id, row.hash, row.record_time, row.party_id, True, facts.body)
    logged_events.enter(session, [told])
    return True


def _may_declare(actor: Actor, row: Any) -> bool:
    """Only who told an event, or an authority, says that it was in error."""
    return actor.sees_everything or actor.owns(row.party_id)


def _of_known_goods(
    session: Session, checked: Checked, facts: Sequence[Facts], policy: Policy, kept: Kept
) -> list[Facts]:
    """The events that the settings accept, with a warning for what the registry does not know."""
    gtins, glns = [_gtins(each) for each in facts], [_glns(each) for each in facts]
    no_product, no_party = repository.unknown(session, set().union(*gtins), set().union(*glns))
    refused_gtins = no_product if policy.unknown_products is Unknown.REFUSE else set()
    refused_glns = no_party if policy.unknown_parties is Unknown.REFUSE else set()
    accepted = []
    for each, products, parties in zip(facts, gtins, glns, strict=True):
        if products.isdisjoint(refused_gtins) and parties.isdisjoint(refused_glns):
            accepted.append(each)
        for value in sorted(products & refused_gtins):
            _refuse(checked, each, (), "events.product-unknown", value=value)
        for value in sorted(parties & refused_glns):
            _refuse(checked, each, (), "events.party-unknown", value=value)
    warned = no_product - refused_gtins, no_party - refused_glns
    kept.warnings += [("events.product-unknown", value) for value in sorted(warned[0])]
    kept.warnings += [("events.party-unknown", value) for value in sorted(warned[1])]
    return accepted


def _misplaced(facts: Iterable[Facts]) -> Iterator[tuple[str, str]]:
    """A lot among single pieces, or a piece with a quantity: many write them so; they are kept."""
    for epc in (epc for each in facts for epc in each.epcs):
        wanted = None if epc.role is EpcRole.PARENT else is_class(epc.key)
        if wanted is not None and wanted is not epc.by_class:
            yield f"events.{'class-in-epcs' if wanted else 'instance-in-quantities'}", epc.key


def warn(row: Capture, told: Iterable[tuple[str, str]]) -> None:
    """Add to the warnings of a capture, each once."""
    room = _MOST_WARNINGS - len(row.warnings)
    known = {(each["code"], each["value"]) for each in row.warnings}
    fresh = [{"code": code, "value": value} for code, value in told if (code, value) not in known]
    row.warnings = [*row.warnings, *fresh[:room]]


def _gtins(facts: Facts) -> set[str]:
    return {gtin for epc in facts.epcs if (gtin := gtin_of(epc.key))}


def _glns(facts: Facts) -> set[str]:
    return {value for name, value in facts.values if name == PARTY}


def refuse_id(checked: Checked, facts: Facts) -> None:
    """Another event has the eventID of this one."""
    _refuse(checked, facts, ("eventID",), "events.id-taken", value=facts.event_id)


def _refuse(
    checked: Checked, facts: Facts, path: tuple[str, ...], code: str, **arguments: Any
) -> None:
    place = pointer((*facts.path, *path))
    checked.faults.append(EventFault(place, code, arguments, facts.index))


class CapturedEvent(NamedTuple):
    """A single event that is on record now."""

    event_id: str
    warnings: Sequence[tuple[str, str]]
    """Code and value, each once, as a capture of a document keeps them."""


def capture_event(session: Session, actor: Actor, read: ReadEvent, policy: Policy) -> CapturedEvent:
    """Capture one event in the caller's transaction.

    Raises:
        EventsInvalidError: its faults.
        ConflictError: `events.known` (event_id): an event of this eventID is on record.
    """
    checked = Checked()
    checked.add([read])
    if checked.faults:
        raise EventsInvalidError(checked.faults)
    event_id = checked.good[0].event_id
    kept = keep(session, actor, None, checked, policy)
    if any(fault.code == "events.id-taken" for fault in checked.faults):
        raise ConflictError("events.known", event_id=event_id)
    if checked.faults:
        raise EventsInvalidError(checked.faults)
    if not kept.added and not kept.declared:
        raise ConflictError("events.known", event_id=event_id)
    return CapturedEvent(event_id, list(dict.fromkeys(kept.warnings)))


def declare_in_error(
    session: Session, actor: Actor, event_id: str, reason: str, policy: Policy
) -> None:
    """Declare an event on record to be in error (EPCIS 2.0 section 7.4.1.2); it stays on record.

    Raises:
        NotFoundError: `events.unknown` (event_id).
        EventsInvalidError: `events.not-yours`, or the reason is no word of the vocabulary.
        ConflictError: `events.known` (event_id): it was declared before.
    """
    row = repository.readable_event(session, actor, event_id)
    if row is None:
        raise NotFoundError("events.unknown", event_id=event_id[:120])
    declaration = {"declarationTime": now().isoformat(timespec="seconds"), "reason": reason}
    told = {**orjson.loads(row.body), "eventID": event_id, "errorDeclaration": declaration}
    context = told.pop("@context", ())
    capture_event(session, actor, ReadEvent(told, context), policy)


def captures(
    session: Session, actor: Actor, *, before: Capture | None, limit: int
) -> Sequence[Capture]:
    """The captures of the actor's organisation, newest first; all of them for an authority."""
    found = _readable_captures(actor)
    if before is not None:
        found = found.where(
            sa.tuple_(_CAPTURE.c.created_at, _CAPTURE.c.id)
            < sa.tuple_(sa.literal(before.created_at, _CAPTURE.c.created_at.type), before.id)
        )
    order = (_CAPTURE.c.created_at.desc(), _CAPTURE.c.id.desc())
    return session.exec(found.order_by(*order).limit(limit)).all()


def capture_of(session: Session, actor: Actor, capture_id: str) -> Capture | None:
    """A capture that the actor may see."""
    return session.exec(_readable_captures(actor).where(_CAPTURE.c.id == capture_id)).first()


def given_up(session: Session, rows: Iterable[Capture]) -> set[str]:
    """Ids of unfinished captures whose job will not be taken again."""
    waiting = {row.job_id: row.id for row in rows if row.finished_at is None and row.job_id}
    if not waiting:
        return set()
    failed = session.exec(
        select(Job.id).where(col(Job.id).in_(list(waiting)), Job.status == JobStatus.FAILED)
    )
    return {waiting[number] for number in failed if number is not None}


_CAPTURE: sa.Table = Capture.__table__  # type: ignore[attr-defined]


def _readable_captures(actor: Actor) -> SelectOfScalar[Capture]:
    if actor.sees_everything:
        return select(Capture)
    return select(Capture).where(_CAPTURE.c.party_id == (actor.party_id or -1))
