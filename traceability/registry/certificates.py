"""Certificates with a quantity: handed in by their holder, confirmed by an authority.

Ten thousand ginseng roots on a certificate are ten thousand labels, and no more: what is made of
the products on it is counted against it (`quotas`). Nothing is ever removed; a revoked certificate
keeps what was counted, and takes nothing further.
"""

from sqlmodel import Session

from traceability import audit
from traceability.actor import Actor
from traceability.audit import AuditAction
from traceability.clock import now
from traceability.errors import ConflictError, Fault, InvalidError, NotFoundError
from traceability.registry import certificate_repository, codes, products, repository
from traceability.registry.access import is_registrar, require_registrar, require_writer
from traceability.registry.certificate_models import (
    CertificateProduct,
    CertificateStatus,
    Exceeding,
    QuantityCertificate,
)
from traceability.registry.certificate_schemas import CertificateDecisionIn, CertificateIn
from traceability.registry.logged import CERTIFICATES
from traceability.registry.once import once_only

_S = CertificateStatus
_STEPS = {
    _S.PENDING: {_S.ACTIVE, _S.REFUSED},
    _S.ACTIVE: {_S.REVOKED},
    _S.REFUSED: {_S.ACTIVE},
    _S.REVOKED: {_S.ACTIVE, _S.REFUSED},
}
"""What an authority may decide next. Refusing one that was revoked says that it never was one:
its products are then free of it."""


def get_certificate(session: Session, actor: Actor, certificate_id: int) -> QuantityCertificate:
    """The certificate of an id.

    Raises:
        NotFoundError: `registry.certificate-id-unknown` (certificate_id), also when the actor may
            not see it.
    """
    found = certificate_repository.certificate(session, actor, certificate_id)
    if found is None:
        raise NotFoundError("registry.certificate-id-unknown", certificate_id=certificate_id)
    return found


def register_certificate(
    session: Session, actor: Actor, given: CertificateIn, exceeding: Exceeding
) -> QuantityCertificate:
    """Put a certificate on record: an authority's counts at once, a holder's waits.

    Args:
        session: of the caller's transaction.
        actor: who registers it.
        given: what the document says.
        exceeding: what becomes of labels beyond the quantity, by the installation's settings.

    Raises:
        ForbiddenError: `registry.role-may-not-write` (role), `registry.not-your-product` (gtin).
        InvalidError: `registry.party-unknown` (party_id), `registry.certificate-of-another`,
            `registry.period-reversed` (first, last), `gs1.…`, `registry.gtin-unknown` (gtin).
        ConflictError: `registry.certificate-taken` (number).
    """
    require_writer(actor)
    party_id = _holder(session, actor, given)
    _check_period(given)
    product_ids = _products(session, actor, given)
    if certificate_repository.by_number(session, party_id, given.number) is not None:
        raise ConflictError("registry.certificate-taken", number=given.number)
    confirmed = is_registrar(actor)
    row = QuantityCertificate(
        **given.model_dump(exclude={"gtins", "party_id"}),
        party_id=party_id,
        status=_S.ACTIVE if confirmed else _S.PENDING,
        decided_at=now() if confirmed else None,
        exceeding=exceeding,
    )
    with once_only(session):
        session.add(row)
        session.flush()
        for each in product_ids:
            session.add(CertificateProduct(certificate_id=row.id or 0, product_id=each))
    audit.record(
        session, actor, AuditAction.CERTIFICATE_REGISTERED, f"certificate:{row.id}",
        number=row.number, quantity=str(row.quantity), unit=row.unit, status=row.status,
    )  # fmt: skip
    session.flush()
    CERTIFICATES.enter(session, row)
    return row


def _holder(session: Session, actor: Actor, given: CertificateIn) -> int:
    party_id = given.party_id or actor.party_id
    if party_id is None:
        raise InvalidError.of("party_id", "input.missing")
    if not is_registrar(actor) and not actor.owns(party_id):
        raise InvalidError.of("party_id", "registry.certificate-of-another")
    if party_id not in repository.parties_by_id(session, [party_id]):
        raise InvalidError.of("party_id", "registry.party-unknown", party_id=party_id)
    return party_id


def _check_period(given: CertificateIn) -> None:
    if given.valid_to is not None and given.valid_to < given.valid_from:
        raise InvalidError.of(
            "valid_to", "registry.period-reversed", first=str(given.valid_from),
            last=str(given.valid_to),
        )  # fmt: skip


def _products(session: Session, actor: Actor, given: CertificateIn) -> list[int]:
    """Ids of the listed products; a member lists those whose code it may use."""
    found: dict[int, None] = {}
    faults: list[Fault] = []
    for at, text in enumerate(given.gtins):
        try:
            number = codes.gtin(text)
            product = products.usable_product(session, actor, number.value)
        except InvalidError as error:
            faults += [Fault(f"gtins.{at}", each.code, each.arguments) for each in error.faults]
            continue
        found[product.id or 0] = None
    if faults:
        raise InvalidError(faults)
    return list(found)


def decide_certificate(
    session: Session,
    actor: Actor,
    certificate_id: int,
    decision: CertificateDecisionIn,
    exceeding: Exceeding,
) -> QuantityCertificate:
    """Confirm, refuse or revoke; a refusal or revocation can be taken back by confirming.

    Raises:
        ForbiddenError: `registry.authority-only` (role).
        NotFoundError: `registry.certificate-id-unknown` (certificate_id).
        InvalidError: `registry.reason-missing` (status) for a refusal or revocation.
        ConflictError: `registry.certificate-decided` (number): not the next step.
    """
    require_registrar(actor)
    get_certificate(session, actor, certificate_id)
    (row,) = certificate_repository.locked(session, (), (), [certificate_id], lock=True)
    if decision.status not in _STEPS[_S(row.status)]:
        raise ConflictError("registry.certificate-decided", number=row.number)
    if decision.status is not _S.ACTIVE and not decision.reason:
        raise InvalidError.of("reason", "registry.reason-missing", status=decision.status.value)
    row.status, row.decided_at = decision.status, now()
    row.decision_number, row.reason = decision.decision_number, decision.reason
    if row.status == _S.ACTIVE:
        row.exceeding = exceeding
    session.add(row)
    audit.record(
        session, actor, AuditAction.CERTIFICATE_DECIDED, f"certificate:{certificate_id}",
        number=row.number, status=row.status, decision_number=row.decision_number,
        reason=row.reason,
    )  # fmt: skip
    session.flush()
    CERTIFICATES.enter(session, row)
    return row
