"""What is here: the top-level resources, and OPTIONS for every address."""

from fastapi import APIRouter
from starlette.responses import Response

from app.epcis.routing import collection, epcis_router, options_router
from traceability.events.queries import RESOURCES

_main = epcis_router()


@_main.get("", summary="Top-level resources")
async def top_level() -> Response:
    return collection(["capture", "events", "queries", *sorted(RESOURCES)])


router = APIRouter()
router.include_router(options_router())
router.include_router(_main)
