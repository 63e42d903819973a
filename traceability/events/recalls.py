"""Recalls: ordered by a notice, in force until a decision closes them.

An authority opens a recall, or the owner of the goods. It names a product, a lot or serials (a lot
need not be on record: goods are recalled that nobody registered in time), or inputs of which
everything that was made is recalled. What it reaches is shown before and kept when it is opened.
"""

from collections.abc import Sequence

from sqlmodel import Session

from traceability import audit
from traceability.actor import Actor
from traceability.audit import AuditAction
from traceability.clock import now, today
from traceability.db import Database
from traceability.errors import ConflictError, Fault, ForbiddenError, InvalidError, NotFoundError
from traceability.events import recall_repository as repository
from traceability.events.logged import RECALLS
from traceability.events.models import Recall, RecallScope, RecallStatus
from traceability.events.recall_schemas import RecallClosingIn, RecalledIn, RecallIn, RecallOut
from traceability.events.recalling import keeping
from traceability.events.recalling import repository as reached
from traceability.events.recalling.describing import described
from traceability.events.recalling.goods import part_of
from traceability.events.recalling.naming import Named, named
from traceability.events.recalling.reach import reach
from traceability.events.recalling.schemas import ReachOut
from traceability.events.recalling.working_out import WorkedOut, worked_out
from traceability.registry import repository as registry
from traceability.registry.access import require_registrar


def get_recall(session: Session, actor: Actor, recall_id: int) -> Recall:
    """The recall of an id.

    Raises:
        NotFoundError: `events.recall-unknown` (recall_id).
    """
    found = repository.recall(session, actor, recall_id)
    if found is None:
        raise NotFoundError("events.recall-unknown", recall_id=recall_id)
    return found


def foresee(session: Session, actor: Actor, given: RecalledIn) -> ReachOut:
    """What a recall of these goods would reach; nothing is kept.

    A member sees as much of it as its own traces tell; what is opened reaches all of it.

    Raises:
        InvalidError: as `named`.
        ForbiddenError: as `named`.
    """
    goods = named(session, actor, given)
    found = reach(session, actor, goods.scope, goods.keys)
    return described(session, actor, found, goods.keys, goods.owner_id)


def reach_of(session: Session, actor: Actor, recall_id: int) -> ReachOut:
    """What a recall reaches by the events of today, for an authority and the owner that opened it.

    Raises:
        NotFoundError: `events.recall-unknown` (recall_id), also for another's.
    """
    recall = _conducted(session, actor, recall_id)
    keys = keeping.starts_of(session, recall)
    found = reach(session, actor, RecallScope(recall.scope), keys)
    owner_id = None if recall.confirmed_at else recall.owner_id
    return described(session, actor, found, keys, owner_id)


def _conducted(session: Session, actor: Actor, recall_id: int) -> Recall:
    """A recall of which the actor sees more than everybody: an authority's or its own."""
    recall = get_recall(session, actor, recall_id)
    if not conducts(actor, recall):
        raise NotFoundError("events.recall-unknown", recall_id=recall_id)
    return recall


def conducts(actor: Actor, recall: Recall) -> bool:
    """Whether the actor is an authority or the owner that opened it."""
    return actor.sees_everything or actor.owns(recall.owner_id)


def reaching(database: Database, actor: Actor, given: RecalledIn) -> WorkedOut | None:
    """What a recall of these goods reaches, worked out before the transaction that opens it.

    None where the goods cannot be recalled: `open_recall` tells why, with all that is wrong.
    """
    with database.reading() as session:
        try:
            goods = named(session, actor, given)
        except (ForbiddenError, InvalidError):
            return None
        return worked_out(session, goods.scope, list(goods.keys))


def reaching_again(database: Database, actor: Actor, recall_id: int) -> WorkedOut:
    """The same for a recall on record, before the transaction that works it out again.

    Raises:
        NotFoundError: `events.recall-unknown` (recall_id), also for another's.
    """
    with database.reading() as session:
        recall = _conducted(session, actor, recall_id)
        starts = keeping.starts_of(session, recall)
        return worked_out(session, RecallScope(recall.scope), starts, recall.stale_since)


def open_recall(
    session: Session, actor: Actor, given: RecallIn, found: WorkedOut | None = None
) -> Recall:
    """Put a recall in force; `found` is what `reaching` has worked out.

    Raises:
        ForbiddenError: as `named`; `registry.not-your-party` (party_id) where a member names
            another as the one that orders it.
        InvalidError: as `named`; `registry.party-unknown` (party_id), `registry.date-in-future`
            (date), `events.recall-nothing-own` where nothing of the owner's would be recalled.
        ConflictError: `events.recall-open` (recall_id, notice_number) when the same notice is in
            force for the same goods.
    """
    issuer_id = given.issuer_id if given.issuer_id is not None else actor.party_id
    faults = _faults(session, given, issuer_id)
    try:
        goods = named(session, actor, given)
    except InvalidError as error:
        raise InvalidError([*error.faults, *faults]) from error
    if goods.owner_id is not None and not actor.owns(issuer_id):
        raise ForbiddenError("registry.not-your-party", party_id=issuer_id)
    if faults:
        raise InvalidError(faults)
    _refuse_repeated(session, goods, given)
    recall = _new(session, goods, given, issuer_id)
    keeping.work_out(session, recall, found)
    _refuse_others_alone(session, goods, recall)
    audit.record(
        session, actor, AuditAction.RECALL_OPENED, f"recall:{recall.id}",
        gtin=goods.product.gtin if goods.product else None, lot=given.lot, serial=given.serial,
        notice_number=given.notice_number, scope=goods.scope, starts=len(goods.keys),
    )  # fmt: skip
    session.flush()
    RECALLS.enter(session, recall)
    return recall


def _faults(session: Session, given: RecallIn, issuer_id: int | None) -> list[Fault]:
    found = []
    if given.notice_date > today():
        arguments = {"date": str(given.notice_date)}
        found.append(Fault("notice_date", "registry.date-in-future", arguments))
    if issuer_id is not None and not registry.parties_by_id(session, [issuer_id]):
        found.append(Fault("issuer_id", "registry.party-unknown", {"party_id": issuer_id}))
    return found


def _new(session: Session, goods: Named, given: RecallIn, issuer_id: int | None) -> Recall:
    is_direct = goods.scope is RecallScope.GOODS and goods.product is not None
    recall = Recall(
        **given.model_dump(exclude={"gtin", "issuer_id", "serials", "inputs"}),
        scope=goods.scope,
        product_id=goods.product.id if is_direct and goods.product else None,
        issuer_id=issuer_id,
        owner_id=goods.owner_id,
    )
    session.add(recall)
    session.flush()
    if not is_direct:
        keeping.keep_starts(session, recall, goods.keys)
    return recall


def _refuse_repeated(session: Session, goods: Named, given: RecallIn) -> None:
    for each in repository.of_notice(session, given.notice_number):
        if each.scope == goods.scope and keeping.starts_of(session, each) == list(goods.keys):
            raise ConflictError(
                "events.recall-open", recall_id=each.id, notice_number=each.notice_number
            )


def _refuse_others_alone(session: Session, goods: Named, recall: Recall) -> None:
    if goods.owner_id is None:
        return
    if not reached.goods_of(session, recall.id or 0, in_force=True, limit=1):
        raise InvalidError.of("inputs", "events.recall-nothing-own")


def confirm_recall(session: Session, actor: Actor, recall_id: int) -> Recall:
    """Put an owner's recall in force for the goods of others that it reaches, too.

    Raises:
        ForbiddenError: `registry.authority-only` (role).
        NotFoundError: `events.recall-unknown` (recall_id).
        ConflictError: `events.recall-closed` (recall_id, closing_decision),
            `events.recall-confirmed` (recall_id), also for an authority's own.
    """
    require_registrar(actor)
    recall = keeping.in_force(session, get_recall(session, actor, recall_id))
    if recall.owner_id is None or recall.confirmed_at is not None:
        raise ConflictError("events.recall-confirmed", recall_id=recall_id)
    keeping.confirm(session, recall)
    audit.record(session, actor, AuditAction.RECALL_CONFIRMED, f"recall:{recall_id}")
    session.flush()
    RECALLS.enter(session, recall)
    return recall


def work_out_again(
    session: Session, actor: Actor, recall_id: int, found: WorkedOut | None = None
) -> int:
    """Work out anew what a recall reaches; how many goods are new. None is taken out.

    `found` is what `reaching_again` has worked out.

    Raises:
        NotFoundError: `events.recall-unknown` (recall_id), also for another's.
        ConflictError: `events.recall-closed` (recall_id, closing_decision).
    """
    recall = keeping.in_force(session, _conducted(session, actor, recall_id))
    return keeping.again(session, actor, recall, found)


def close_recall(
    session: Session, actor: Actor, recall_id: int, closing: RecallClosingIn
) -> Recall:
    """End a recall by a decision, which is an authority's also where an owner opened it.

    Raises:
        ForbiddenError: `registry.authority-only` (role).
        NotFoundError: `events.recall-unknown` (recall_id).
        ConflictError: `events.recall-closed` (recall_id, closing_decision).
    """
    require_registrar(actor)
    recall = keeping.in_force(session, get_recall(session, actor, recall_id))
    recall.status, recall.closed_at = RecallStatus.CLOSED, now()
    recall.closing_decision = closing.closing_decision
    session.add(recall)
    session.flush()
    keeping.end(session, recall)
    audit.record(
        session, actor, AuditAction.RECALL_CLOSED, f"recall:{recall_id}",
        closing_decision=closing.closing_decision,
    )  # fmt: skip
    session.flush()
    RECALLS.enter(session, recall)
    return recall


def describe(session: Session, recalls: Sequence[Recall]) -> list[RecallOut]:
    """Recalls with the GTINs of their products and the names of who ordered them."""
    starts = reached.starts_of(
        session, [row.id or 0 for row in recalls if row.scope == RecallScope.SERIALS]
    )
    gtins = registry.gtins_of(session, (row.product_id for row in recalls if row.product_id))
    ids = {x for row in recalls for x in (row.issuer_id, row.owner_id) if x is not None}
    parties = registry.parties_by_id(session, ids)

    def gtin(row: Recall) -> str | None:
        if row.product_id is not None:
            return gtins[row.product_id]
        part = next((part_of(key) for key in starts.get(row.id or 0, ())), None)
        return part.gtin if part else None

    return [
        RecallOut(
            **row.model_dump(exclude={"product_id", "issuer_id", "owner_id", "stale_since"}),
            gtin=gtin(row),
            issuer_name=parties[row.issuer_id].name if row.issuer_id is not None else None,
            owner_name=parties[row.owner_id].name if row.owner_id is not None else None,
        )
        for row in recalls
    ]
