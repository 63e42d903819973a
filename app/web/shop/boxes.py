"""Numbers of boxes and pallets (SSCC): taken when packing, with the label to print."""

import base64
from typing import Annotated, Any

from fastapi import Path, Request, Response
from sqlmodel import Session

from app.deps import SessionDep, WebActor
from app.labels import LabelFormat, box_label
from app.web.pages import render
from app.web.routing import page_router
from gs1.errors import Gs1Error
from traceability.actor import Actor
from traceability.errors import NotFoundError
from traceability.events import sscc_issuing

router = page_router()

PATH = "/shop/events/boxes"
_OFFERED = 5
_LISTED = 50


def offered(session: Session, actor: Actor, sscc: str) -> dict[str, Any]:
    """What the question for a box offers; the label where the number was taken here."""
    unused = [row.sscc for row in sscc_issuing.newest(session, actor, _OFFERED, unused=True)]
    return {
        "unused": [(number, number) for number in unused],
        "may_take": bool(sscc_issuing.prefixes_of(session, actor)),
        "picture": _picture(session, actor, sscc),
    }


def _picture(session: Session, actor: Actor, text: str) -> str:
    """The label as an address of its own; empty for a number that was not taken here."""
    try:
        found = sscc_issuing.get(session, actor, text)
    except (Gs1Error, NotFoundError):
        return ""
    drawn = box_label(found.sscc, LabelFormat.SVG)
    return "data:image/svg+xml;base64," + base64.b64encode(drawn).decode()


@router.get(PATH)
def list_boxes(request: Request, session: SessionDep, actor: WebActor, sscc: str = "") -> Response:
    """The newest numbers; `sscc` is the one whose label is shown."""
    return boxes_page(request, session, actor, sscc)


def boxes_page(
    request: Request, session: Session, actor: Actor, sscc: str,
    errors: dict[str, str] | None = None,
) -> Response:  # fmt: skip
    unused = sscc_issuing.newest(session, actor, _LISTED, unused=True)
    return render(
        request, "shop/boxes.html", status=422 if errors else 200, errors=errors or {},
        boxes=sscc_issuing.newest(session, actor, _LISTED), unused={row.sscc for row in unused},
        most=_LISTED, sscc=sscc, picture=_picture(session, actor, sscc[:40]),
        may_take=bool(sscc_issuing.prefixes_of(session, actor)),
    )  # fmt: skip


@router.get(PATH + "/{sscc}/label")
def label_file(
    session: SessionDep,
    actor: WebActor,
    sscc: Annotated[str, Path(max_length=40)],
    format: LabelFormat = LabelFormat.SVG,  # noqa: A002 -- the query parameter's name
) -> Response:
    """The picture as a file, at true size."""
    number = sscc_issuing.get(session, actor, sscc).sscc
    headers = {"Content-Disposition": f'attachment; filename="{number}.{format}"'}
    return Response(box_label(number, format), headers=headers, media_type=format.media_type)
