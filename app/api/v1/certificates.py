"""Certificates with a quantity."""

from app.api.answers import Cursor, Limit, Page, Words, id_of_cursor, page, problems
from app.api.examples import CertificateBody, CertificateDecisionBody
from app.api.routing import api_router
from app.deps import ApiActor, ServicesDep, SessionDep
from traceability.registry import certificate_repository, certificates
from traceability.registry.certificate_models import CertificateStatus
from traceability.registry.certificate_schemas import CertificateOut
from traceability.verification import quotas

router = api_router("registry")


@router.get("/certificates", responses=problems(422), summary="Certificates, newest first")
def list_certificates(
    session: SessionDep,
    actor: ApiActor,
    q: Words = None,
    status: CertificateStatus | None = None,
    party_id: int | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[CertificateOut]:
    """With what was issued, declared and scanned of each; members see their own."""
    rows = certificate_repository.list_certificates(
        session, actor, query=q, status=status, party_id=party_id,
        before_id=id_of_cursor(cursor), limit=limit,
    )  # fmt: skip
    return page(quotas.describe(session, rows), limit, rows[-1].id if rows else None)


@router.post(
    "/certificates", status_code=201, responses=problems(409, 422), summary="Register a certificate"
)
def create_certificate(
    session: SessionDep, parts: ServicesDep, actor: ApiActor, certificate_in: CertificateBody
) -> CertificateOut:
    """Of an authority it counts at once; of its holder it waits until an authority confirms it."""
    row = certificates.register_certificate(
        session, actor, certificate_in, parts.settings.quota_exceeded
    )
    return quotas.describe(session, [row])[0]


@router.get("/certificates/{certificate_id}", responses=problems(404), summary="A certificate")
def get_certificate(session: SessionDep, actor: ApiActor, certificate_id: int) -> CertificateOut:
    """What is left of it: lots by quantity or serial numbers, whichever is more."""
    row = certificates.get_certificate(session, actor, certificate_id)
    return quotas.describe(session, [row])[0]


@router.post(
    "/certificates/{certificate_id}/decisions",
    responses=problems(404, 409, 422),
    summary="Confirm, refuse or revoke a certificate",
)
def decide(
    session: SessionDep,
    parts: ServicesDep,
    actor: ApiActor,
    certificate_id: int,
    decision: CertificateDecisionBody,
) -> CertificateOut:
    """A revoked certificate keeps what was counted against it, and takes nothing further."""
    row = certificates.decide_certificate(
        session, actor, certificate_id, decision, parts.settings.quota_exceeded
    )
    return quotas.describe(session, [row])[0]
