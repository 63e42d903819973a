"""Keeping what a recall reaches: when it is opened, and again when later events tell more.

While a recall is in force its goods only grow in number and certainty. Who declares an event to be
in error, or corrects it, cannot talk goods out of a recall: that takes the decision that closes
it. A capture that names anything a recall reaches marks it, and the worker works it out again.
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta

import sqlalchemy as sa
from sqlmodel import Session, col, select

from traceability import audit
from traceability.actor import Actor
from traceability.audit import AuditAction
from traceability.clock import now
from traceability.db import Database
from traceability.errors import ConflictError
from traceability.events.facts import Facts
from traceability.events.logged import RECALLS
from traceability.events.models import Recall, RecallScope, RecallStatus
from traceability.events.recalling import notices, repository
from traceability.events.recalling.describing import takes_effect
from traceability.events.recalling.goods import key_of_goods
from traceability.events.recalling.holders import holders
from traceability.events.recalling.models import (
    NoticeKind,
    RecallGoods,
    RecallHolder,
    RecallStart,
)
from traceability.events.recalling.reach import EVERYTHING, Reach, Reached, reach
from traceability.events.tracing.models import Derivation
from traceability.events.tracing.schemas import Certainty
from traceability.events.tracing.view import moment_of
from traceability.registry import repository as registry
from traceability.registry.repository import chunks

_GOODS: sa.Table = RecallGoods.__table__  # type: ignore[attr-defined]
_RECALL: sa.Table = Recall.__table__  # type: ignore[attr-defined]
_DERIVATION: sa.Table = Derivation.__table__  # type: ignore[attr-defined]
_AT_ONCE = 1000
_SETTLED = timedelta(minutes=1)
"""Captures that were at work when a recall was opened have ended by then."""


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


def work_out(session: Session, recall: Recall) -> int:
    """Work out what a flushed recall reaches and keep what is new; how many goods are.

    New holders are told of it, and the others where it now reaches more.
    """
    named = starts_of(session, recall)
    found = reach(session, EVERYTHING, RecallScope(recall.scope), named)
    added = _keep_goods(session, recall, found)
    fresh = _keep_holders(session, recall, found)
    is_first = recall.reached_at is None
    recall.truncated = recall.truncated or found.truncated
    # A capture beside the opening may not have seen that there is a recall to mark.
    recall.reached_at, recall.stale_since = now(), now() + _SETTLED if is_first else None
    session.add(recall)
    session.flush()
    notices.queue(session, recall, NoticeKind.OPENED, fresh)
    if added and not is_first:
        told = {row.party_id for row in repository.holders(session, recall.id or 0)}
        notices.queue(session, recall, NoticeKind.EXTENDED, sorted(told - set(fresh)))
    return added


def _keep_goods(session: Session, recall: Recall, found: Reach) -> int:
    known = {row.key: row for row in repository.all_goods(session, recall.id or 0)}
    rows = [_row(recall, each) for each in found.reached if each.key not in known]
    for part in chunks(rows, _AT_ONCE):
        session.connection().execute(sa.insert(_GOODS), part)
    for each in found.reached:
        row = known.get(each.key)
        if row is not None:
            _grow(recall, row, each)
    session.flush()
    return sum(not row["is_carrier"] for row in rows)


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


def _grow(recall: Recall, row: RecallGoods, each: Reached) -> None:
    if each.certainty is Certainty.CERTAIN:
        row.certainty = Certainty.CERTAIN
    row.is_carrier = row.is_carrier and each.is_carrier
    if row.product_id is None and each.product is not None:
        row.product_id = each.product.id  # registered since
    row.in_force = row.in_force or _in_force(recall, each)


def _keep_holders(session: Session, recall: Recall, found: Reach) -> list[int]:
    """Keep whom it concerns; the ids of those who are new."""
    known = {row.party_id: row for row in repository.holders(session, recall.id or 0)}
    fresh = []
    for party, holding in holders(session, EVERYTHING, found):
        row = known.get(party.id or 0)
        if row is None:
            row = RecallHolder(recall_id=recall.id or 0, party_id=party.id or 0)
            fresh.append(party.id or 0)
        row.goods = max(row.goods, len(holding.keys))
        times = [time for time in (row.last_time, holding.last_time) if time is not None]
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
    """Mark the recalls in force that reach anything these new events name.

    A recall that is being worked out is waited for: it may not have seen these events. Without a
    recall in force this is one look.
    """
    active = sa.select(_RECALL.c.id).where(_RECALL.c.status == RecallStatus.ACTIVE)
    in_force = set(session.connection().execute(active).scalars()) if facts else set()
    if not in_force:
        return
    named = {epc.key for each in facts for epc in each.epcs}
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
    for number in sorted(reached & in_force):
        session.connection().execute(
            sa.update(_RECALL).where(_RECALL.c.id == number).values(stale_since=now())
        )


def work_out_due(database: Database) -> bool:
    """Work one marked recall out again; False when none was."""
    with database.reading() as session:
        if _due(session) is None:
            return False
    with database.writing() as session:
        recall = _due(session)
        if recall is not None:
            again(session, EVERYTHING, recall)
    return True


def again(session: Session, actor: Actor, recall: Recall) -> int:
    """Work a recall in force, which is locked, out again; enter in the logs what is new."""
    before = RECALLS.facts_of(session, recall)
    added = work_out(session, recall)
    if RECALLS.facts_of(session, recall) != before:
        audit.record(
            session, actor, AuditAction.RECALL_EXTENDED, f"recall:{recall.id}", added=added
        )
        RECALLS.enter(session, recall)
    return added


def _due(session: Session) -> Recall | None:
    return session.exec(
        select(Recall)
        .where(col(Recall.status) == RecallStatus.ACTIVE, col(Recall.stale_since) <= now())
        .order_by(col(Recall.stale_since))
        .limit(1)
        .with_for_update(skip_locked=True)
    ).first()
