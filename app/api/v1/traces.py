"""Where goods came from and where they went."""

import re
from typing import Annotated
from urllib.parse import unquote

from fastapi import Query, Request
from starlette.responses import Response

from app.api.answers import as_json, problems
from app.api.fields import Time
from app.api.routing import api_router
from app.deps import ApiActor, SessionDep
from traceability.events.tracing.schemas import Direction, TraceOut
from traceability.events.tracing.trace import key_of, trace

router = api_router("traces")

_ADDRESS = re.compile(r"\d{2,4}/|https?://|urn:", re.IGNORECASE)
"""What escapes its own parts: in a Digital Link and in a URN, `%2F` is a slash in a number."""


@router.get(
    "/trace/{key:path}",
    response_model=TraceOut,
    responses=problems(404),
    summary="Trace goods up and down",
)
def trace_goods(
    request: Request,
    session: SessionDep,
    actor: ApiActor,
    key: str,
    direction: Direction = Direction.BOTH,
    at: Annotated[Time | None, Query()] = None,
    gaps: bool = True,
) -> Response:
    """Of a lot, a serial, an SSCC or an asset, such as `01/09520001234569/10/L7`.

    Down from the moment `at` on, up until it; without one, of all times. `gaps=false` leaves out
    where records do not fit together, for which the events of all these goods are read.
    """
    # Written at once: FastAPI would look at each of thousands of nodes again.
    return as_json(
        trace(session, actor, key_of(_as_sent(request, key)), direction, at, with_gaps=gaps)
    )


def _as_sent(request: Request, key: str) -> str:
    """The key with its own escapes; one that is escaped as a whole, or is no address, without."""
    path = request.scope["raw_path"].decode("ascii", "replace")
    _, found, sent = path.partition("/trace/")
    if not found:
        return key
    return sent if _ADDRESS.match(sent) else unquote(sent)
