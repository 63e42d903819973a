"""Who else may use a code, and the document that says so (Decree 37/2026/NĐ-CP, art. 28)."""

from collections.abc import Sequence
from datetime import timedelta

from sqlmodel import Session

from traceability import audit
from traceability.actor import Actor
from traceability.audit import AuditAction
from traceability.clock import today
from traceability.errors import ForbiddenError, InvalidError, NotFoundError
from traceability.registry import ownership, repository
from traceability.registry.access import (
    is_registrar,
    may_change,
    require_registrar,
    require_writer,
)
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
    product = _to_change(session, actor, product_id)
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


def _to_change(session: Session, actor: Actor, product_id: int) -> Product:
    """A product whose code the actor may let others use."""
    require_writer(actor)
    product = _product(session, actor, product_id)
    if not may_change(actor, product.producer_id):
        raise ForbiddenError("registry.not-your-product", gtin=product.gtin)
    return product


def _product(session: Session, actor: Actor, product_id: int) -> Product:
    product = repository.product(session, actor, product_id)
    if product is None:
        raise NotFoundError("registry.product-unknown", product_id=product_id)
    return product


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
    product = _product(session, actor, product_id)
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


def end_authorisation(
    session: Session, actor: Actor, product_id: int, authorisation_id: int
) -> CodeAuthorisation:
    """Yesterday becomes the last day on which a document holds; one that has ended stays as it is.

    The row is kept: goods that were sold under it may still be on a shelf.

    Raises:
        NotFoundError: `registry.product-unknown` (product_id), `registry.authorisation-unknown`
            (authorisation_id).
        ForbiddenError: `registry.role-may-not-write` (role), `registry.not-your-product` (gtin).
    """
    product = _to_change(session, actor, product_id)
    row = session.get(CodeAuthorisation, authorisation_id)
    if row is None or row.product_id != product.id:
        raise NotFoundError("registry.authorisation-unknown", authorisation_id=authorisation_id)
    yesterday = today() - timedelta(days=1)
    if row.valid_to is None or row.valid_to > yesterday:
        row.valid_to = yesterday
        session.add(row)
        audit.record(
            session, actor, AuditAction.CODE_ENDED, f"product:{product_id}",
            party_id=row.party_id, document_number=row.document_number, valid_to=str(yesterday),
        )  # fmt: skip
        session.flush()
    return row


def set_confirmed(session: Session, actor: Actor, product_id: int, *, confirmed: bool) -> Product:
    """An authority has seen the document that a member had named itself, or takes that back.

    Raises:
        ForbiddenError: `registry.authority-only` (role).
        NotFoundError: `registry.product-unknown` (product_id).
    """
    require_registrar(actor)
    product = _product(session, actor, product_id)
    if product.confirmed is not confirmed:
        product.confirmed = confirmed
        session.add(product)
        audit.record(
            session, actor, AuditAction.CODE_CONFIRMED, f"product:{product_id}",
            confirmed=confirmed,
        )  # fmt: skip
        session.flush()
    return product
