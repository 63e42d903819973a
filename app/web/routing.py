"""The router that every page is made with."""

from fastapi import APIRouter, Depends

from app.boundary import TransactionRoute
from app.deps import web_actor


def page_router() -> APIRouter:
    """One transaction a request; `web_actor` asks who is looking."""
    return APIRouter(
        route_class=TransactionRoute,
        dependencies=[Depends(web_actor)],
        include_in_schema=False,
    )
