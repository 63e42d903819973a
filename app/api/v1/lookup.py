"""The path of a public scan: one look-up, no session, nothing stored.

Millions of phones may ask at once when a scandal is on television. So this endpoint is matched
first, takes the request as it came, reads its one parameter itself, and asks who is calling only
where a key is shown.
"""

from urllib.parse import unquote_plus

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.concurrency import run_in_threadpool

from app.api.answers import as_json, problems
from app.deps import api_actor, client_address, current_translator, services
from app.direct import DirectRoute
from app.wording.presentation import record_view, verdict_view
from traceability.verification import service
from traceability.verification.case import Context
from traceability.verification.verdict import Audience

_PARAMETER = {
    "name": "code",
    "in": "query",
    "required": True,
    "description": "GTIN, element string (bracketed or not), or GS1 Digital Link",
    "schema": {"type": "string", "minLength": 1, "maxLength": service.MAX_SCAN_DATA},
    "example": "(01)09521101000016(10)SAM2610(21)VD000001",
}
_HEADERS = {"Cache-Control": "public, max-age=30", "Vary": "Accept-Language, Cookie"}


def add_lookup(app: FastAPI) -> None:
    """Add the endpoint before all others."""
    app.router.add_api_route(
        "/api/v1/verify",
        verify,
        methods=["GET"],
        tags=["verification"],
        summary="What the data say of a code",
        responses=problems(401, 403, 422, 429),
        openapi_extra={"parameters": [_PARAMETER]},
        route_class_override=DirectRoute,
    )


async def verify(request: Request) -> Response:
    """The consumer projection: public, cacheable for half a minute."""
    code = _code(request)
    parts = services(request)
    if "authorization" in request.headers:
        await api_actor(request)
    else:
        parts.public_limit.hit(client_address(request))
    database, context = parts.database, Context(official_hosts=parts.settings.hosts)
    if database.is_sqlite:
        # Two reads by unique index take less time than handing them to a thread.
        verdict = service.public_verdict(database.look_up, database.look_up_all, code, context)
    else:
        verdict = await run_in_threadpool(
            service.public_verdict, database.look_up, database.look_up_all, code, context
        )
    translate = current_translator(request)
    view = verdict_view(translate, verdict, Audience.CONSUMER)
    headers = {**_HEADERS, "Content-Language": translate.language}
    return as_json({"code": code, **view, **record_view(verdict)}, headers=headers)


def _code(request: Request) -> str:
    """The one code asked about; alone in its query, as nearly always, nothing else is parsed."""
    query: bytes = request.scope["query_string"]
    if query.startswith(b"code=") and b"&" not in query:
        codes = [unquote_plus(query[5:].decode("latin-1"))]
    else:
        codes = request.query_params.getlist("code")
    if not codes or not codes[0]:
        raise _refused("missing")
    if len(codes) > 1:
        # Whoever stands between could answer for one of them and we for the other.
        raise _refused("value_error")
    return codes[0]


def _refused(kind: str) -> RequestValidationError:
    fault = {"type": kind, "loc": ("query", "code"), "msg": "", "input": None}
    return RequestValidationError([fault])
