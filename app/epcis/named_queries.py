"""Named queries: parameters under a name, to be run again, and who is told of what they find."""

from typing import Any

from fastapi import Request
from sqlmodel import Session
from starlette.responses import Response

from app.api.answers import as_json, problems
from app.deps import ApiActor, ServicesDep
from app.epcis import bodies
from app.epcis.answers import FORMS
from app.epcis.events import answer
from app.epcis.routing import ROOT, epcis_router, in_session
from traceability.events import named_queries, subscriptions
from traceability.events.documents import load
from traceability.events.models import NamedQuery, Subscription
from traceability.events.query_parameters import given_of

router = epcis_router()


@router.post("/queries", status_code=201, responses=problems(409, 415), summary="Name a query")
async def post_query(request: Request, actor: ApiActor) -> Response:
    bodies.media_type(request)
    given = load(await request.body())
    row = await in_session(request, lambda s: named_queries.create(s, actor, given))
    return as_json(_shown(row), 201, {"Location": f"{ROOT}/queries/{row.name}"})


@router.get("/queries", summary="Named queries")
async def get_queries(request: Request, actor: ApiActor) -> Response:
    rows = await in_session(request, lambda s: named_queries.readable(s, actor))
    return as_json([_shown(row) for row in rows])


@router.get("/queries/{name}", responses=problems(404), summary="A named query")
async def get_query(request: Request, actor: ApiActor, name: str) -> Response:
    return as_json(_shown(await in_session(request, lambda s: named_queries.get(s, actor, name))))


@router.delete("/queries/{name}", status_code=204, responses=problems(404), summary="Forget it")
async def delete_query(request: Request, actor: ApiActor, name: str) -> Response:
    def work(session: Session) -> None:
        named_queries.delete(session, actor, name)

    await in_session(request, work)
    return Response(None, 204)


@router.get(
    "/queries/{name}/events", responses={**FORMS, **problems(404)}, summary="Run a named query"
)
async def run_query(request: Request, actor: ApiActor, name: str) -> Response:
    """Further parameters narrow it."""
    row = await in_session(request, lambda s: named_queries.get(s, actor, name))
    return await answer(request, actor, given_of(row.query), name=name)


def _shown(row: NamedQuery) -> dict[str, Any]:
    return {"name": row.name, "query": row.query, "createdAt": row.created_at}


_SUBSCRIPTIONS = "/queries/{name}/subscriptions"


@router.post(
    _SUBSCRIPTIONS, status_code=201, responses=problems(404, 415), summary="Be told of new events"
)
async def post_subscription(
    request: Request, actor: ApiActor, parts: ServicesDep, name: str
) -> Response:
    """New events that match are posted to `dest`, signed with `signatureToken`."""
    bodies.media_type(request)
    given = load(await request.body())

    def create(session: Session) -> tuple[Subscription, str]:
        return subscriptions.create(session, actor, name, given, parts.settings.vault)

    row, token = await in_session(request, create)
    headers = {"Location": f"{ROOT}/queries/{name}/subscriptions/{row.id}"}
    told = _subscription(row)
    if given.get("signatureToken") is None:
        told["signatureToken"] = token
    return as_json(told, 201, headers)


@router.get(_SUBSCRIPTIONS, responses=problems(404), summary="Who is told")
async def get_subscriptions(request: Request, actor: ApiActor, name: str) -> Response:
    rows = await in_session(request, lambda s: subscriptions.readable(s, actor, name))
    return as_json([_subscription(row) for row in rows])


@router.get(
    _SUBSCRIPTIONS + "/{subscription_id}", responses=problems(404), summary="A subscription"
)
async def get_subscription(
    request: Request, actor: ApiActor, name: str, subscription_id: str
) -> Response:
    row = await in_session(request, lambda s: subscriptions.get(s, actor, name, subscription_id))
    return as_json(_subscription(row))


@router.delete(
    _SUBSCRIPTIONS + "/{subscription_id}",
    status_code=204,
    responses=problems(404),
    summary="Be told no longer",
)
async def delete_subscription(
    request: Request, actor: ApiActor, name: str, subscription_id: str
) -> Response:
    def work(session: Session) -> None:
        subscriptions.delete(session, actor, name, subscription_id)

    await in_session(request, work)
    return Response(None, 204)


def _subscription(row: Subscription) -> dict[str, Any]:
    return {
        "subscriptionID": row.id,
        "dest": row.dest,
        "stream": True,
        "createdAt": row.created_at,
        "active": row.next_at is not None,
        "failures": row.failures,
        "lastError": row.last_error,
    }
