"""The six top-level resources: the values that occur, and the events below each of them."""

from collections.abc import Sequence

from fastapi import Request
from sqlmodel import Session
from starlette.responses import Response

from app.api.answers import problems
from app.deps import ApiActor
from app.epcis import paging
from app.epcis.answers import FORMS
from app.epcis.events import answer
from app.epcis.headers import check_form
from app.epcis.routing import collection, epcis_router, in_session
from traceability.errors import NotFoundError
from traceability.events import queries
from traceability.events.vocabulary import EVENT_TYPES

router = epcis_router()


def _known(resource: str) -> str:
    if resource not in queries.RESOURCES:
        raise NotFoundError("events.resource-unknown", value=resource[:40])
    return resource


@router.get("/{resource}", responses=problems(404), summary="Values that occur")
async def get_values(request: Request, actor: ApiActor, resource: str) -> Response:
    """eventTypes, epcs, bizSteps, bizLocations, readPoints or dispositions."""
    check_form(request)
    kind = _known(resource)
    given, size, token = paging.split(request.query_params.multi_items())
    paging.take_no_others(given)
    given = {"resource": [kind]}
    after = paging.text_of(given, token)

    def find(session: Session) -> Sequence[str]:
        return queries.values_of(session, actor, kind, size=size + 1, after=after)

    # The kinds are those of the standard, whether there is an event of each or not.
    found = sorted(EVENT_TYPES) if kind == "eventTypes" else await in_session(request, find)
    following = paging.text_token(given, found[size - 1]) if len(found) > size else None
    headers = paging.headers_of(request.url.path, {}, size, following)
    return collection(found[:size], headers)


@router.get(
    "/{resource}/{value:path}/events",
    responses={**FORMS, **problems(404)},
    summary="Events of a value",
)
async def get_events_of(request: Request, actor: ApiActor, resource: str, value: str) -> Response:
    kind = _known(resource)
    return await answer(request, actor, {queries.PARAMETER_OF[kind]: [value]}, name=kind)


@router.get("/{resource}/{value:path}", responses=problems(404), summary="What is below a value")
async def get_value(request: Request, resource: str, value: str) -> Response:  # noqa: ARG001 -- of the address
    check_form(request)
    _known(resource)
    return collection(["events"])
