"""Releasing the token of a page: EPCIS 2.0 leaves it to the server, and here is nothing to release.

A token is the place that it names (`paging`), kept nowhere. To forget one on demand would mean to
keep it: a row for each page that anybody asks for, with or without a key.
"""

from fastapi import Request
from starlette.responses import Response

from app.api.answers import problems
from app.deps import current_translator
from app.epcis.routing import epcis_router
from app.problems import Problem

router = epcis_router()


@router.delete(
    "/nextPageToken/{token}", status_code=501, responses=problems(501), response_class=Response,
    summary="Release a token",
)  # fmt: skip
async def release_token(request: Request) -> Response:
    """Always 501: a token holds nothing, and goes on naming its place."""
    problem = Problem(501, "events.token-release", type="epcisException:ImplementationException")
    return problem.as_json(current_translator(request), request.url.path)
