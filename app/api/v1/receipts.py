"""Receipts of verdicts: what was said, signed, with proofs of the records that it rests on.

Made on request, so that neither a look-up nor a scan waits for it. `nguon log verify --receipt`
and the page /log check one without this service.
"""

from typing import Annotated

from fastapi import Query, Request, Response
from sqlmodel import Session

from app.api.answers import as_json, problems
from app.api.context import count_public
from app.api.routing import api_router
from app.deps import ApiActor, Services, ServicesDep, SessionDep
from app.transparency import SOURCES
from traceability.actor import Actor
from traceability.db import execute_in, read_all_in
from traceability.errors import NotFoundError
from traceability.verification import receipt, repository, service
from traceability.verification.case import Context
from traceability.verification.receipt import Judged
from traceability.verification.verdict import Audience

router = api_router("transparency log")

COST = 5
"""A receipt counts as this many look-ups."""


@router.get("/scans/{scan_id}/receipt", responses=problems(404), summary="Receipt of a scan")
def scan_receipt(
    session: SessionDep, actor: ApiActor, parts: ServicesDep, scan_id: int
) -> Response:
    """The verdict as it was given, with the records as the log had them then."""
    return of_scan(session, actor, parts, scan_id)


@router.get("/receipt", responses=problems(422, 429), summary="Receipt of a look-up")
def look_up_receipt(
    request: Request,
    session: SessionDep,
    actor: ApiActor,
    parts: ServicesDep,
    code: Annotated[str, Query(min_length=1, max_length=service.MAX_SCAN_DATA)],
) -> Response:
    """What everybody is told of a code now; nothing is kept, and no tax data are in it."""
    count_public(request, actor, COST)
    context = Context(official_hosts=parts.settings.hosts)
    verdict = service.public_verdict(execute_in(session), read_all_in(session), code, context)
    return _answer(session, parts, Judged.of_look_up(verdict, code), Audience.CONSUMER, "code")


def of_scan(session: Session, actor: Actor, parts: Services, scan_id: int) -> Response:
    """The receipt of a scan that the actor may see.

    Raises:
        NotFoundError: `verification.scan-unknown` (id).
    """
    row = repository.get_scan(session, actor, scan_id)
    if row is None:
        raise NotFoundError("verification.scan-unknown", id=scan_id)
    audience = service.audience_of(actor)
    return _answer(session, parts, Judged.of_scan(row), audience, f"scan-{scan_id}")


def _answer(
    session: Session, parts: Services, judged: Judged, audience: Audience, name: str
) -> Response:
    made = receipt.receipt(session, parts.settings.log_keys.signing, judged, audience, SOURCES)
    headers = {
        "Content-Disposition": f'attachment; filename="nguon-receipt-{name}.json"',
        "Cache-Control": "no-store",
    }
    return as_json(made, headers=headers)
