"""Where goods came from and where they went."""

from typing import Annotated

from fastapi import Query
from starlette.responses import Response

from app.api.answers import as_json, problems
from app.api.fields import Time
from app.api.routing import api_router
from app.deps import ApiActor, SessionDep
from traceability.events.tracing.schemas import Direction, TraceOut
from traceability.events.tracing.trace import key_of, trace

router = api_router("traces")


@router.get(
    "/trace/{key:path}",
    response_model=TraceOut,
    responses=problems(404),
    summary="Trace goods up and down",
)
def trace_goods(
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
    return as_json(trace(session, actor, key_of(key), direction, at, with_gaps=gaps))
