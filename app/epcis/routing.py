"""The router that every part of EPCIS is made with, and the answers they share."""

from collections.abc import Callable, Coroutine, Sequence
from typing import Any, TypeVar

from fastapi import APIRouter, Depends, Request
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from app.api.answers import as_json, problems
from app.boundary import TransactionRoute, Unit
from app.deps import api_actor, services
from app.epcis.headers import JSON, announced, answer_type, check_version, spoken
from app.security.access import EPCIS
from traceability.events.documents import CONTEXT

T = TypeVar("T")
ROOT = "/epcis/v2"


class EpcisRoute(TransactionRoute):
    """One transaction a request; every answer says which version it speaks."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handler = super().get_route_handler()

        async def with_versions(request: Request) -> Response:
            response = await handler(request)
            for name, value in spoken().items():
                response.headers.setdefault(name, value)
            if response.headers.get("content-type") == JSON:
                response.headers["content-type"] = answer_type(request)
            return response

        return with_versions


def epcis_router() -> APIRouter:
    return APIRouter(
        prefix=ROOT,
        tags=["epcis"],
        route_class=EpcisRoute,
        dependencies=[Depends(api_actor), Depends(check_version)],
        responses=problems(400, 401, 403, 406, 422),
    )


def options_router() -> APIRouter:
    """Answers OPTIONS for every address; nobody is asked who they are."""
    router = APIRouter(include_in_schema=False)
    paths = {row.partition(" ")[2] for row in EPCIS}
    # The fixed addresses first: `{resource}` would take every one of them.
    for path in sorted(paths, key=lambda path: path.replace("{", "~")):
        router.add_api_route(path, _options(path), methods=["OPTIONS"], status_code=204)
    return router


def _options(path: str) -> Callable[[Request], Coroutine[Any, Any, Response]]:
    methods = sorted({row.partition(" ")[0] for row in EPCIS if row.partition(" ")[2] == path})
    allow = ", ".join(dict.fromkeys((*methods, *(["HEAD"] if "GET" in methods else []), "OPTIONS")))

    async def options(request: Request) -> Response:
        headers = {**announced(services(request).settings), "Allow": allow}
        return Response(None, 204, headers)

    return options


async def in_session(request: Request, work: Callable[[Session], T]) -> T:
    """Do the work of a request in its session, off the event loop, and commit it.

    All that a request writes is written by one call.
    """
    unit: Unit = request.state.unit

    def whole() -> T:
        found = work(unit.session)
        unit.finish()
        return found

    return await run_in_threadpool(whole)


async def once_more(request: Request, work: Callable[[Session], T]) -> T:
    """The same for a write; of two at the same moment, the later one looks again."""

    def twice(here: Session) -> T:
        try:
            return work(here)
        except IntegrityError:
            here.rollback()
            return work(here)

    return await in_session(request, twice)


def collection(members: Sequence[str], headers: dict[str, str] | None = None) -> Response:
    """A Collection of EPCIS 2.0 section 12.8."""
    body = {"@context": CONTEXT, "type": "Collection", "member": members}
    return as_json(body, headers=headers)
