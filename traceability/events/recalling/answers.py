"""How far a recall has come: what each of those whom it concerns has found, returned, destroyed.

An answer says how much it is in all so far. The newest stands, and every one is kept.
"""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

from sqlmodel import Session

from traceability import audit
from traceability.actor import Actor
from traceability.audit import AuditAction
from traceability.errors import ForbiddenError, InvalidError, NotFoundError
from traceability.events import recall_repository as recalls
from traceability.events.logged import RECALLS
from traceability.events.models import Recall
from traceability.events.recalling import keeping, repository
from traceability.events.recalling.models import RecallAnswer, RecallHolder
from traceability.events.recalling.schemas import (
    AnswerOut,
    ProgressOut,
    RecallAnswerIn,
    StandingOut,
    SumOut,
)
from traceability.registry import repository as registry
from traceability.registry.access import may_change, require_writer


def answer(session: Session, actor: Actor, recall_id: int, given: RecallAnswerIn) -> RecallAnswer:
    """Keep what a party has found; members answer for their own, an authority for anyone.

    Raises:
        ForbiddenError: `registry.role-may-not-write` (role), `registry.no-party`.
        NotFoundError: `events.recall-not-held` (recall_id), the recall does not concern the party,
            or it is another's.
        ConflictError: `events.recall-closed` (recall_id, closing_decision).
        InvalidError: `events.recall-answer-sum`, more returned and destroyed than found.
    """
    require_writer(actor)
    party_id = given.party_id if given.party_id is not None else actor.party_id
    if party_id is None:
        raise ForbiddenError("registry.no-party")
    recall = recalls.recall(session, actor, recall_id)
    known = repository.holder(session, recall_id, party_id)
    if recall is None or known is None or not may_change(actor, party_id):
        raise NotFoundError("events.recall-not-held", recall_id=recall_id)
    keeping.in_force(session, recall)
    if given.returned + given.destroyed > given.found:
        raise InvalidError.of("found", "events.recall-answer-sum")
    return _kept(session, actor, recall, party_id, given)


def _kept(
    session: Session, actor: Actor, recall: Recall, party_id: int, given: RecallAnswerIn
) -> RecallAnswer:
    row = RecallAnswer(
        **given.model_dump(exclude={"party_id"}),
        recall_id=recall.id or 0,
        party_id=party_id,
        user_id=actor.user_id,
    )
    session.add(row)
    session.flush()
    audit.record(
        session, actor, AuditAction.RECALL_ANSWERED, f"recall:{recall.id}", answer=row.id,
        party=party_id, found=str(row.found), returned=str(row.returned),
        destroyed=str(row.destroyed),
    )  # fmt: skip
    RECALLS.enter(session, recall)
    return row


def progress(session: Session, actor: Actor, recall: Recall) -> ProgressOut:
    """How far a recall has come.

    An authority sees every party. A member sees its own line alone; the owner that opened the
    recall also how many were reached, how many have answered, and the sums.
    """
    number = recall.id or 0
    rows = repository.holders(session, number)
    given = {party: row for (_, party), row in repository.newest_answers(session, [number]).items()}
    shown = [row for row in rows if actor.sees_everything or actor.owns(row.party_id)]
    counted = rows if actor.sees_everything or actor.owns(recall.owner_id) else shown
    told = [given[row.party_id] for row in counted if row.party_id in given]
    return ProgressOut(
        reached=len(counted),
        answered=len(told),
        sums=_sums(told),
        parties=standings(session, shown, given),
    )


def standings(
    session: Session, rows: Iterable[RecallHolder], given: dict[int, RecallAnswer]
) -> list[StandingOut]:
    """One line a party, with the answer that stands."""
    rows = list(rows)
    parties = registry.parties_by_id(session, (row.party_id for row in rows))
    return [
        StandingOut(
            party_id=row.party_id, name=parties[row.party_id].name, goods=row.goods,
            last_time=row.last_time,
            answer=answer_out(given[row.party_id]) if row.party_id in given else None,
        )
        for row in rows
    ]  # fmt: skip


def answer_out(row: RecallAnswer) -> AnswerOut:
    return AnswerOut.model_validate(row.model_dump())


def _sums(rows: Iterable[RecallAnswer]) -> list[SumOut]:
    sums: dict[str, list[Decimal]] = defaultdict(lambda: [Decimal(0)] * 3)
    for row in rows:
        before = sums[row.unit]
        sums[row.unit] = [
            known + more
            for known, more in zip(
                before, (row.found, row.returned, row.destroyed), strict=True
            )
        ]  # fmt: skip
    return [
        SumOut(unit=unit, found=found, returned=returned, destroyed=destroyed)
        for unit, (found, returned, destroyed) in sorted(sums.items())
    ]
