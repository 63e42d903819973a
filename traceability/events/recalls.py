"""Recalls: ordered by a notice, in force until a decision closes them.

The goods are a product, one of its lots, or one serial. A lot need not be on record: goods are
recalled that nobody registered in time.
"""

from collections.abc import Sequence

from sqlmodel import Session

from traceability import audit
from traceability.actor import Actor
from traceability.audit import AuditAction
from traceability.clock import now, today
from traceability.errors import ConflictError, Fault, InvalidError, NotFoundError
from traceability.events import repository
from traceability.events.logged import RECALLS
from traceability.events.models import Recall, RecallStatus
from traceability.events.schemas import RecallClosingIn, RecallIn, RecallOut
from traceability.registry import codes
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


def open_recall(session: Session, actor: Actor, given: RecallIn) -> Recall:
    """Put a recall in force.

    Raises:
        ForbiddenError: `registry.authority-only` (role) for everybody but administrators and
            supervisors.
        InvalidError: `gs1.…` for GTIN, lot and serial, `registry.gtin-unknown` (gtin),
            `registry.party-unknown` (party_id), `registry.date-in-future` (date).
        ConflictError: `events.recall-open` (recall_id, notice_number) when the same notice is in
            force for the same goods.
    """
    require_registrar(actor)
    number = codes.gtin(given.gtin).value
    issuer_id = given.issuer_id if given.issuer_id is not None else actor.party_id
    faults = _faults(session, given, issuer_id)
    product = registry.product_with_gtin(session, actor, number)
    if product is None:
        faults.append(Fault("gtin", "registry.gtin-unknown", {"gtin": number}))
    if faults or product is None or product.id is None:
        raise InvalidError(faults)
    _refuse_repeated(session, product.id, given)
    recall = Recall(
        **given.model_dump(exclude={"gtin", "issuer_id"}),
        product_id=product.id,
        issuer_id=issuer_id,
    )
    session.add(recall)
    session.flush()
    audit.record(
        session, actor, AuditAction.RECALL_OPENED, f"recall:{recall.id}",
        gtin=number, lot=given.lot, serial=given.serial, notice_number=given.notice_number,
    )  # fmt: skip
    session.flush()
    RECALLS.enter(session, recall)
    return recall


def _faults(session: Session, given: RecallIn, issuer_id: int | None) -> list[Fault]:
    texts = {"lot": given.lot, "serial": given.serial}
    found = [codes.cset82_fault(name, text) for name, text in texts.items() if text is not None]
    if given.notice_date > today():
        arguments = {"date": str(given.notice_date)}
        found.append(Fault("notice_date", "registry.date-in-future", arguments))
    if issuer_id is not None and not registry.parties_by_id(session, [issuer_id]):
        found.append(Fault("issuer_id", "registry.party-unknown", {"party_id": issuer_id}))
    return [fault for fault in found if fault is not None]


def _refuse_repeated(session: Session, product_id: int, given: RecallIn) -> None:
    reaching = repository.active_recalls(session, product_id, lot=given.lot, serial=given.serial)
    for each in reaching:
        same_goods = (each.lot, each.serial) == (given.lot, given.serial)
        if same_goods and each.notice_number == given.notice_number:
            raise ConflictError(
                "events.recall-open", recall_id=each.id, notice_number=each.notice_number
            )


def close_recall(
    session: Session, actor: Actor, recall_id: int, closing: RecallClosingIn
) -> Recall:
    """End a recall by a decision.

    Raises:
        ForbiddenError: `registry.authority-only` (role).
        NotFoundError: `events.recall-unknown` (recall_id).
        ConflictError: `events.recall-closed` (recall_id, closing_decision).
    """
    require_registrar(actor)
    recall = get_recall(session, actor, recall_id)
    if recall.status == RecallStatus.CLOSED:
        raise ConflictError(
            "events.recall-closed", recall_id=recall_id, closing_decision=recall.closing_decision
        )
    recall.status, recall.closed_at = RecallStatus.CLOSED, now()
    recall.closing_decision = closing.closing_decision
    session.add(recall)
    audit.record(
        session, actor, AuditAction.RECALL_CLOSED, f"recall:{recall_id}",
        closing_decision=closing.closing_decision,
    )  # fmt: skip
    session.flush()
    RECALLS.enter(session, recall)
    return recall


def describe(session: Session, recalls: Sequence[Recall]) -> list[RecallOut]:
    """Recalls with the GTINs of their products and the names of who ordered them."""
    gtins = registry.gtins_of(session, (recall.product_id for recall in recalls))
    ids = (recall.issuer_id for recall in recalls if recall.issuer_id is not None)
    issuers = registry.parties_by_id(session, ids)
    return [
        RecallOut(
            **recall.model_dump(exclude={"product_id", "issuer_id"}),
            gtin=gtins[recall.product_id],
            issuer_name=issuers[recall.issuer_id].name if recall.issuer_id is not None else None,
        )
        for recall in recalls
    ]
