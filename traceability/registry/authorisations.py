"""Who else may use a code, and the document that says so (Decree 37/2026/NĐ-CP, art. 28)."""

from collections.abc import Sequence

from sqlmodel import Session

from traceability import audit
from traceability.actor import Actor
from traceability.audit import AuditAction
from traceability.errors import ForbiddenError, InvalidError, NotFoundError
from traceability.registry import ownership, repository
from traceability.registry.access import is_registrar, may_change, require_writer
from traceability.registry.models import CodeAuthorisation, Product
from traceability.registry.once import once_only
from traceability.registry.schemas import AuthorisationIn, AuthorisationOut, DocumentIn


def authorise(
    session: Session, actor: Actor, product_id: int, given: AuthorisationIn
) -> CodeAuthorisation:
    """Record that the owner of a code lets another party use it; a newer document replaces.

    A product that waits because a member had named the document itself is confirmed by it.

    Raises:
        NotFoundError: `registry.product-unknown` (product_id).
        ForbiddenError: `registry.role-may-not-write` (role), `registry.not-your-product`.
        InvalidError: `registry.party-unknown`, `registry.party-no-trader`,
            `registry.date-in-future`, `registry.period-reversed`,
            `registry.authorisation-ended`.
    """
    require_writer(actor)
    product = repository.product(session, actor, product_id)
    if product is None:
        raise NotFoundError("registry.product-unknown", product_id=product_id)
    if not may_change(actor, product.producer_id):
        raise ForbiddenError("registry.not-your-product", gtin=product.gtin)
    party = repository.parties_by_id(session, [given.party_id]).get(given.party_id)
    fault = ownership.producer_fault(party, given.party_id)
    if fault is not None:
        raise InvalidError.of("party_id", fault.code, **fault.arguments)
    faults = ownership.document_faults(given, field="")
    if faults:
        raise InvalidError(faults)
    if is_registrar(actor) or not _claimed_by_producer(session, product):
        product.confirmed = True
    return record_authorisation(session, actor, product, given.party_id, given)


def _claimed_by_producer(session: Session, product: Product) -> bool:
    """The producer itself uses another's number by a document: it cannot confirm its own word."""
    return repository.authorisation(session, product.id or 0, product.producer_id) is not None


def record_authorisation(
    session: Session, actor: Actor, product: Product, party_id: int, document: DocumentIn
) -> CodeAuthorisation:
    """Write the document down; its dates have been checked."""
    product_id = product.id or 0
    row = repository.authorisation(session, product_id, party_id) or CodeAuthorisation(
        product_id=product_id,
        party_id=party_id,
        document_number="",
        document_date=document.document_date,
    )
    with once_only(session):
        row.document_number = document.document_number
        row.document_date, row.valid_to = document.document_date, document.valid_to
        session.add(row)
    audit.record(
        session, actor, AuditAction.CODE_AUTHORISED, f"product:{product_id}",
        party_id=party_id, document_number=document.document_number,
    )  # fmt: skip
    session.flush()
    return row


def list_authorisations(
    session: Session, actor: Actor, product_id: int
) -> Sequence[AuthorisationOut]:
    """Authorised users of a product's code: all for its owner and the authorities, else one's own.

    Raises:
        NotFoundError: `registry.product-unknown` (product_id).
    """
    product = repository.product(session, actor, product_id)
    if product is None:
        raise NotFoundError("registry.product-unknown", product_id=product_id)
    sees_all = actor.sees_everything or actor.owns(product.producer_id)
    return [
        AuthorisationOut(
            id=row.id or 0,
            party_id=row.party_id,
            party_name=party.name,
            document_number=row.document_number,
            document_date=row.document_date,
            valid_to=row.valid_to,
        )
        for row, party in repository.authorisations(session, product_id)
        if sees_all or actor.owns(row.party_id)
    ]
