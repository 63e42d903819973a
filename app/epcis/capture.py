"""Capture of documents: small ones at once, big ones in the background."""

from typing import Annotated, Any

from fastapi import Query as Parameter
from fastapi import Request
from sqlmodel import Session
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from app.api.answers import as_json, problems
from app.deps import ApiActor, ServicesDep, TranslatorDep
from app.epcis import bodies
from app.epcis.headers import check_version
from app.epcis.routing import ROOT, epcis_router, in_session, once_more
from app.i18n import Translator
from app.wording.errors import sentence
from traceability.errors import NotFoundError
from traceability.events import capture, hashing
from traceability.events.capture import Behaviour
from traceability.events.documents import prefixes
from traceability.events.faults import refusal
from traceability.events.models import Capture

router = epcis_router()


@router.post("/capture", status_code=202, responses=problems(413, 415), summary="Capture events")
async def post_capture(request: Request, parts: ServicesDep, actor: ApiActor) -> Response:
    """An EPCIS document, JSON-LD or XML (2.0, 1.2). The Location header names the capture."""
    check_version(request)
    kind, behaviour = bodies.media_type(request), _behaviour(request)
    data = await request.body()
    policy = parts.settings.capture_policy

    def work(session: Session) -> str:
        document = bodies.read(kind, data)
        return capture.capture(session, actor, document, behaviour, policy).id

    return _accepted(await once_more(request, work))


def _accepted(capture_id: str) -> Response:
    return Response(None, 202, {"Location": f"{ROOT}/capture/{capture_id}"})


def _behaviour(request: Request) -> Behaviour:
    asked = request.headers.get("gs1-capture-error-behaviour", Behaviour.ROLLBACK)
    if asked not in list(Behaviour):
        raise refusal("events.behaviour", value=asked[:40])
    return Behaviour(asked)


@router.get("/capture", responses=problems(400), summary="Captures")
async def list_captures(
    request: Request,
    actor: ApiActor,
    translate: TranslatorDep,
    per_page: Annotated[int, Parameter(alias="perPage", ge=1)] = 30,
    token: Annotated[str | None, Parameter(alias="nextPageToken", max_length=64)] = None,
) -> Response:
    size = min(per_page, 100)
    rows = await in_session(
        request, lambda s: capture.captures(s, actor, before=token, limit=size + 1)
    )
    headers = {}
    if len(rows) > size:
        here = f"{ROOT}/capture?perPage={size}&nextPageToken={rows[size - 1].id}"
        headers["Link"] = f'<{here}>; rel="next"'
    return as_json([_job(row, translate) for row in rows[:size]], headers=headers)


@router.get("/capture/{capture_id}", responses=problems(404), summary="A capture")
async def get_capture(
    request: Request, actor: ApiActor, translate: TranslatorDep, capture_id: str
) -> Response:
    row = await in_session(request, lambda s: capture.capture_of(s, actor, capture_id))
    if row is None:
        raise NotFoundError("events.capture-unknown", id=capture_id[:40])
    return as_json(_job(row, translate))


def _job(row: Capture, translate: Translator) -> dict[str, Any]:
    return {
        "captureID": row.id,
        "createdAt": row.created_at,
        "finishedAt": row.finished_at,
        "running": row.finished_at is None,
        "success": row.success,
        "captureErrorBehaviour": row.behaviour,
        "captured": row.captured,
        "errors": [_error(each, translate) for each in row.errors],
        "warnings": [_warning(each, translate) for each in row.warnings],
    }


def _error(each: dict[str, Any], translate: Translator) -> dict[str, Any]:
    return {
        "type": "epcisException:ValidationException",
        "title": sentence(translate, each["code"], each["arguments"]),
        "code": each["code"],
        "pointer": each["field"],
        "event": each["event"],
    }


def _warning(each: dict[str, Any], translate: Translator) -> dict[str, Any]:
    return {**each, "detail": sentence(translate, each["code"], each)}


@router.post("/eventHash", responses=problems(415), summary="Event hash IDs")
async def post_event_hash(request: Request) -> Response:
    """The event hash ID (CBV 2.0, 8.9) of every event of a document; nothing is kept."""
    kind = bodies.media_type(request)
    data = await request.body()

    def hashes() -> list[str]:
        document = bodies.read(kind, data)
        return [
            hashing.hash_id(each.body, prefixes(each.context), document.ignored)
            for each in document.events
        ]

    return as_json(await run_in_threadpool(hashes))
