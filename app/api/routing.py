"""The router that every part of the API is made with."""

from fastapi import APIRouter, Depends

from app.api.answers import problems
from app.boundary import TransactionRoute
from app.deps import api_actor


def api_router(tag: str) -> APIRouter:
    """Asks `api_actor` who is calling; one transaction a request.

    The whole path stands in each route (no prefix on inclusion): the access table is looked up by
    the path of the route that was matched.
    """
    return APIRouter(
        prefix="/api/v1",
        tags=[tag],
        route_class=TransactionRoute,
        dependencies=[Depends(api_actor)],
        responses=problems(401, 403, 422),
    )
