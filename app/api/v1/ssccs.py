"""Numbers of boxes and pallets (SSCC), made from the own company prefix."""

from datetime import datetime
from typing import Annotated

from fastapi import Path, Query, Response
from pydantic import BaseModel

from app.api.answers import problems
from app.api.routing import api_router
from app.deps import ApiActor, SessionDep
from app.labels import LabelFormat, box_label
from gs1.sscc import Sscc
from scanner.render import LEAST_DPI, MOST_DPI
from traceability.events import sscc_issuing
from traceability.events.sscc_models import IssuedSscc

router = api_router("events")


class SsccOut(BaseModel):
    sscc: str
    digital_link: str
    """As events name it."""
    issued_at: datetime


def _out(row: IssuedSscc) -> SsccOut:
    link = Sscc(row.sscc).as_digital_link()
    return SsccOut(sscc=row.sscc, digital_link=link, issued_at=row.issued_at)


@router.get("/ssccs", summary="Numbers of boxes that were given out, newest first")
def list_ssccs(
    session: SessionDep,
    actor: ApiActor,
    unused: Annotated[bool, Query(description="Those that no event names")] = False,
    limit: Annotated[int, Query(ge=1, le=1000)] = 50,
) -> list[SsccOut]:
    return [_out(row) for row in sscc_issuing.newest(session, actor, limit, unused=unused)]


@router.post("/ssccs", status_code=201, responses=problems(409), summary="Take the number of a box")
def issue_sscc(session: SessionDep, actor: ApiActor) -> SsccOut:
    """Under the own GS1 Company Prefix; nobody gets the same number again."""
    return _out(sscc_issuing.issue(session, actor))


@router.get(
    "/ssccs/{sscc}/label",
    responses={
        200: {"content": {"image/svg+xml": {}, "image/png": {}}, "description": "The picture"},
        **problems(404, 422),
    },
    summary="The label of a box",
    response_class=Response,
)
def get_label(
    session: SessionDep,
    actor: ApiActor,
    sscc: Annotated[str, Path(max_length=40)],
    format: LabelFormat = LabelFormat.SVG,  # noqa: A002 -- the query parameter's name
    dpi: Annotated[int, Query(ge=LEAST_DPI, le=MOST_DPI)] = 300,
) -> Response:
    """GS1-128 with AI (00), decoded again before it is sent."""
    number = sscc_issuing.get(session, actor, sscc).sscc
    headers = {"Content-Disposition": f'inline; filename="{number}.{format}"'}
    return Response(box_label(number, format, dpi), headers=headers, media_type=format.media_type)
