"""Capture of documents: small ones at once, big ones in the background."""

from collections.abc import Sequence
from tempfile import SpooledTemporaryFile
from typing import Any

from fastapi import Request
from sqlmodel import Session
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from app.api.answers import as_json, problems
from app.deps import ApiActor, ServicesDep, TranslatorDep
from app.epcis import bodies, paging
from app.epcis.routing import ROOT, epcis_router, in_session, once_more
from app.i18n import Translator
from app.wording.errors import sentence
from traceability.errors import NotFoundError
from traceability.events import capture, capture_job, hashing
from traceability.events.capture import Behaviour
from traceability.events.faults import EventsInvalidError, refusal
from traceability.events.models import Capture
from traceability.events.namespaces import prefixes
from traceability.events.query_parameters import QueryInvalidError

router = epcis_router()


@router.post("/capture", status_code=202, responses=problems(413, 415), summary="Capture events")
async def post_capture(request: Request, parts: ServicesDep, actor: ApiActor) -> Response:
    """An EPCIS document, JSON-LD or XML (2.0, 1.2). The Location header names the capture."""
    kind, behaviour = bodies.media_type(request), _behaviour(request)
    policy = parts.settings.capture_policy
    with SpooledTemporaryFile(max_size=SMALL) as file:
        size = 0
        async for chunk in request.stream():
            file.write(chunk)
            size += len(chunk)
        file.seek(0)

        def now(session: Session) -> str:
            file.seek(0)
            document = bodies.read(kind, file.read())
            return capture.capture(session, actor, document, behaviour, policy).id

        def later(session: Session) -> str:
            row = capture_job.queue(
                session, actor, file, kind=kind, behaviour=behaviour, policy=policy
            )  # fmt: skip
            return row.id

        capture_id = await (
            once_more(request, now) if size <= SMALL else in_session(request, later)
        )
    return Response(None, 202, {"Location": f"{ROOT}/capture/{capture_id}"})


SMALL = 1_000_000
"""Bytes of a document that is captured while its sender waits: some five hundred events."""


def _behaviour(request: Request) -> Behaviour:
    asked = request.headers.get("gs1-capture-error-behaviour", Behaviour.ROLLBACK)
    if asked not in list(Behaviour):
        raise refusal("events.behaviour", value=asked[:40])
    return Behaviour(asked)


@router.get("/capture", responses=problems(400), summary="Captures")
async def list_captures(request: Request, actor: ApiActor, translate: TranslatorDep) -> Response:
    given, size, token = paging.split(request.query_params.multi_items())
    paging.take_no_others(given)
    size = min(size, 100)

    def find(session: Session) -> tuple[Sequence[Capture], set[str]]:
        before = capture.capture_of(session, actor, token) if token is not None else None
        if token is not None and before is None:
            raise QueryInvalidError.of(paging.TOKEN, "events.token")
        found = capture.captures(session, actor, before=before, limit=size + 1)
        return found, capture.given_up(session, found)

    rows, failed = await in_session(request, find)
    headers: dict[str, str] = {}
    if len(rows) > size:
        here = f"{ROOT}/capture?perPage={size}&nextPageToken={rows[size - 1].id}"
        headers = {"Link": f'<{here}>; rel="next"', **paging.expiry()}
    shown = [_job(row, translate, failed=row.id in failed) for row in rows[:size]]
    return as_json(shown, headers=headers)


@router.get("/capture/{capture_id}", responses=problems(404), summary="A capture")
async def get_capture(
    request: Request, actor: ApiActor, translate: TranslatorDep, capture_id: str
) -> Response:

    def find(session: Session) -> tuple[Capture | None, bool]:
        row = capture.capture_of(session, actor, capture_id)
        return row, row is not None and bool(capture.given_up(session, [row]))

    row, failed = await in_session(request, find)
    if row is None:
        raise NotFoundError("events.capture-unknown", id=capture_id[:40])
    return as_json(_job(row, translate, failed=failed))


def _job(row: Capture, translate: Translator, *, failed: bool) -> dict[str, Any]:
    """A capture as EPCIS shows it; one that was given up is neither running nor a success."""
    return {
        "captureID": row.id,
        "createdAt": row.created_at,
        "finishedAt": row.finished_at,
        "running": row.finished_at is None and not failed,
        "success": row.success and not failed,
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
        faults = [*document.faults]
        faults += [fault for each in document.events if not each.body for fault in each.faults]
        if faults:
            raise EventsInvalidError(faults)
        return [
            hashing.hash_id(each.body, prefixes(each.context), document.ignored)
            for each in document.events
        ]

    return as_json(await run_in_threadpool(hashes))
