"""Keeping what a recall reaches: when it is opened, and again when later events tell more.

While a recall is in force its goods only grow in number and certainty. Who declares an event to be
in error, or corrects it, cannot talk goods out of a recall: that takes the decision that closes
it. A capture that names anything a recall reaches marks it, and the worker works it out again.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, col, select

from traceability import audit
from traceability.actor import Actor
from traceability.audit import AuditAction
from traceability.clock import now
from traceability.db import Database
from traceability.errors import ConflictError
from traceability.events.facts import Facts
from traceability.events.identifiers import STEM, gtin_of
from traceability.events.logged import RECALLS
from traceability.events.models import Recall, RecallScope, RecallStatus
from traceability.events.recalling import notices, repository
from traceability.events.recalling.describing import takes_effect
from traceability.events.recalling.goods import key_of_goods
from traceability.events.recalling.models import (
    NoticeKind,
    RecallGoods,
    RecallHolder,
    RecallStart,
)
from traceability.events.recalling.reach import EVERYTHING, Reach, Reached
from traceability.events.recalling.working_out import (
    Concerned,
    WorkedOut,
    newest_event,
    worked_out,
)
from traceability.events.tracing.lots import memberships
from traceability.events.tracing.models import Derivation
from traceability.events.tracing.schemas import Certainty
from traceability.events.tracing.view import moment_of
from traceability.registry import repository as registry
from traceability.registry.repository import chunks

_GOODS: sa.Table = RecallGoods.__table__  # type: ignore[attr-defined]
_START: sa.Table = RecallStart.__table__  # type: ignore[attr-defined]
_RECALL: sa.Table = Recall.__table__  # type: ignore[attr-defined]
_DERIVATION: sa.Table = Derivation.__table__  # type: ignore[attr-defined]
_GROWING = (
    sa.update(_GOODS)
    .where(_GOODS.c.id == sa.bindparam("number"))
    .values({name: sa.bindparam(name) for name in ("certainty", "is_carrier", "product_id",
                                                   "in_force")})
)  # fmt: skip
_AT_ONCE = 1000
_SETTLED = timedelta(minutes=1)
"""Captures that were at work when a recall was opened, or grew, have ended by then."""


class Kept(NamedTuple):
    """What was new when a recall was worked out."""

    added: int
    """Goods, without carriers."""
    changed: bool
    """Whether anything is on record that was not, a certainty or a carrier too."""


def keep_starts(session: Session, recall: Recall, named: Iterable[str]) -> None:
    """Keep what a recall begins with; nothing changes that afterwards."""
    session.add_all(RecallStart(recall_id=recall.id or 0, key=key) for key in sorted(named))
    session.flush()


def starts_of(session: Session, recall: Recall) -> list[str]:
    """The keys that a recall begins with."""
    if recall.product_id is None:
        return repository.starts(session, recall.id or 0)
    gtin = registry.gtins_of(session, [recall.product_id])[recall.product_id]
    return [key_of_goods(gtin, recall.lot, recall.serial)]


def work_out(session: Session, recall: Recall, found: WorkedOut | None = None) -> Kept:
    """Keep what a flushed recall reaches, where it is new.

    New holders are told of it, and the others where it now reaches more.

    Args:
        session: of the caller's transaction.
        recall: in force; locked where it was kept before.
        found: what was worked out before this transaction; worked out now where it is missing or
            of other goods.
    """
    named = starts_of(session, recall)
    if found is None or list(found.starts) != named:
        found = worked_out(session, RecallScope(recall.scope), named, recall.stale_since)
    kept = _keep_goods(session, recall, found.reach)
    fresh = _keep_holders(session, recall, found.concerned)
    is_first = recall.reached_at is None
    recall.truncated = recall.truncated or found.reach.truncated
    recall.stale_since = _due_again(session, recall, found, kept.added)
    recall.reached_at = now()
    session.add(recall)
    session.flush()
    notices.queue(session, recall, NoticeKind.OPENED, fresh)
    if kept.added and not is_first:
        told = {row.party_id for row in repository.holders(session, recall.id or 0)}
        notices.queue(session, recall, NoticeKind.EXTENDED, sorted(told - set(fresh)))
    return kept


def _due_again(session: Session, recall: Recall, found: WorkedOut, added: int) -> datetime | None:
    """When a recall is to be worked out once more; None when nothing can have been missed.

    A capture marks the recalls whose goods it names. One that was at work beside us may not have
    seen that there is a recall, or which goods it reaches now.
    """
    at = now()
    if recall.reached_at is None:
        return at if newest_event(session) != found.newest else at + _SETTLED
    if recall.stale_since != found.marked:
        return at
    return at + _SETTLED if added or at < recall.opened_at + _SETTLED else None


def _keep_goods(session: Session, recall: Recall, found: Reach) -> Kept:
    known = repository.known_goods(session, recall.id or 0)
    rows = [_row(recall, each) for each in found.reached if each.key not in known]
    for part in chunks(rows, _AT_ONCE):
        session.connection().execute(sa.insert(_GOODS), part)
    grown = [
        values
        for each in found.reached
        if each.key in known and (values := _grown(recall, known[each.key], each))
    ]
    if grown:
        session.connection().execute(_GROWING, grown)
    return Kept(sum(not row["is_carrier"] for row in rows), changed=bool(rows or grown))


def _row(recall: Recall, each: Reached) -> dict[str, object]:
    return {
        "recall_id": recall.id,
        "key": each.key,
        "is_carrier": each.is_carrier,
        "product_id": each.product.id if each.product else None,
        "part": each.part.name if each.part else "",
        "certainty": each.certainty,
        "since": moment_of(each.time),
        "in_force": _in_force(recall, each),
    }


def _in_force(recall: Recall, each: Reached) -> bool:
    owner_id = None if recall.confirmed_at else recall.owner_id
    return not each.is_carrier and takes_effect(each.product, owner_id)


def _grown(recall: Recall, row: Any, each: Reached) -> dict[str, Any] | None:
    """What is to be written of goods that are kept already; None where nothing has grown."""
    is_certain = each.certainty is Certainty.CERTAIN
    product_id = each.product.id if each.product else None
    values = {
        "certainty": Certainty.CERTAIN if is_certain else row.certainty,
        "is_carrier": row.is_carrier and each.is_carrier,
        # One without may have been registered since.
        "product_id": product_id if row.product_id is None else row.product_id,
        "in_force": row.in_force or _in_force(recall, each),
    }
    if all(getattr(row, name) == value for name, value in values.items()):
        return None
    return {"number": row.id, **values}


def _keep_holders(session: Session, recall: Recall, concerned: Iterable[Concerned]) -> list[int]:
    """Keep whom it concerns; the ids of those who are new."""
    known = {row.party_id: row for row in repository.holders(session, recall.id or 0)}
    fresh = []
    for each in concerned:
        row = known.get(each.party_id)
        if row is None:
            row = RecallHolder(recall_id=recall.id or 0, party_id=each.party_id)
            fresh.append(each.party_id)
        row.goods = max(row.goods, each.goods)
        times = [time for time in (row.last_time, each.last_time) if time is not None]
        row.last_time = max(times, default=None)
        session.add(row)
    session.flush()
    return fresh


def in_force(session: Session, recall: Recall) -> Recall:
    """The recall, locked, so that what is done to it is done one after the other.

    Raises:
        ConflictError: `events.recall-closed` (recall_id, closing_decision).
    """
    session.flush()
    session.refresh(recall, with_for_update=True)
    if recall.status == RecallStatus.CLOSED:
        raise ConflictError(
            "events.recall-closed", recall_id=recall.id, closing_decision=recall.closing_decision
        )
    return recall


def confirm(session: Session, recall: Recall) -> None:
    """Put an owner's recall in force for all goods of registered products that it reaches."""
    recall.confirmed_at = now()
    session.add(recall)
    session.flush()
    session.execute(
        sa.update(RecallGoods)
        .where(
            col(RecallGoods.recall_id) == recall.id,
            col(RecallGoods.is_carrier).is_(False),
            col(RecallGoods.product_id).is_not(None),
        )
        .values(in_force=True)
    )


def end(session: Session, recall: Recall) -> None:
    """Verdicts go back; what was reached and answered stays on record."""
    session.execute(
        sa.update(RecallGoods).where(col(RecallGoods.recall_id) == recall.id).values(in_force=False)
    )
    told = [row.party_id for row in repository.holders(session, recall.id or 0)]
    notices.queue(session, recall, NoticeKind.CLOSED, told)


# Later events


def mark(session: Session, facts: Sequence[Facts]) -> None:
    """Mark the recalls in force that reach anything these new events name, or a lot they tell of.

    One that begins with a whole product reaches all of it that is ever named.

    A recall that is being worked out is waited for: it may not have seen these events. Without a
    recall in force this is one look.
    """
    active = sa.select(_RECALL.c.id).where(_RECALL.c.status == RecallStatus.ACTIVE)
    in_force = set(session.connection().execute(active).scalars()) if facts else set()
    if not in_force:
        return
    named = {epc.key for each in facts for epc in each.epcs}
    for each in facts:
        named.update(lot for _, lot in memberships(each.type, each.action, each.epcs, each.body))
    processes = {
        value for each in facts for name, value in each.values if name == "transformationID"
    }
    reached: set[int] = set()
    for part in chunks(sorted(processes), _AT_ONCE):
        inputs = sa.select(_DERIVATION.c.key).where(_DERIVATION.c.process.in_(part))
        named.update(session.connection().execute(inputs).scalars())
    for part in chunks(sorted(named), _AT_ONCE):
        of_recalls = sa.select(_GOODS.c.recall_id).where(_GOODS.c.key.in_(part)).distinct()
        reached.update(session.connection().execute(of_recalls).scalars())
    products = {f"{STEM}/01/{gtin}" for key in named if (gtin := gtin_of(key))}
    for part in chunks(sorted(products), _AT_ONCE):
        for beginning in _beginning_with(part):
            reached.update(session.connection().execute(beginning).scalars())
    for number in sorted(reached & in_force):
        session.connection().execute(
            sa.update(_RECALL).where(_RECALL.c.id == number).values(stale_since=now())
        )


def _beginning_with(keys: Sequence[str]) -> tuple[sa.Select[Any], ...]:
    """The recalls that begin with these; what was reached of a product alone says nothing of it."""
    of_product = sa.select(_GOODS.c.recall_id).where(
        _GOODS.c.key.in_(keys),
        _RECALL.c.id == _GOODS.c.recall_id,
        _RECALL.c.product_id.is_not(None),
    )
    return sa.select(_START.c.recall_id).where(_START.c.key.in_(keys)), of_product


def work_out_due(database: Database) -> bool:
    """Work one marked recall out again; False when none was.

    It is worked out in a session that reads, and kept in one that writes, unless another worker
    has done the same meanwhile.
    """
    with database.reading() as session:
        recall = _due(session)
        if recall is None:
            return False
        number, scope = recall.id or 0, RecallScope(recall.scope)
        found = worked_out(session, scope, starts_of(session, recall), recall.stale_since)
    with database.writing() as session:
        recall = _due(session, number)
        if recall is not None:
            again(session, EVERYTHING, recall, found)
    return True


def again(session: Session, actor: Actor, recall: Recall, found: WorkedOut | None = None) -> int:
    """Work a recall in force, which is locked, out again; enter in the logs what is new."""
    kept = work_out(session, recall, found)
    if kept.changed:
        audit.record(
            session, actor, AuditAction.RECALL_EXTENDED, f"recall:{recall.id}", added=kept.added
        )
        RECALLS.enter(session, recall)
    return kept.added


def _due(session: Session, number: int | None = None) -> Recall | None:
    """The recall that has been marked for longest; or the named one, locked, if it is marked."""
    found = select(Recall).where(
        col(Recall.status) == RecallStatus.ACTIVE, col(Recall.stale_since) <= now()
    )
    if number is not None:
        found = found.where(col(Recall.id) == number).with_for_update(skip_locked=True)
    return session.exec(found.order_by(col(Recall.stale_since)).limit(1)).first()
