"""What the public reports about goods in hand."""

from datetime import datetime
from typing import Annotated

from fastapi import Query, Request
from pydantic import BaseModel, ConfigDict, Field

from app.api.answers import Cursor, Limit, Page, id_of_cursor, page, problems
from app.api.context import count_public
from app.api.examples import ReportDecisionBody
from app.api.fields import Text
from app.api.routing import api_router
from app.deps import ApiActor, SessionDep
from traceability.enforcement import service
from traceability.enforcement.models import ReportReason, ReportStatus
from traceability.enforcement.schemas import ReportIn

router = api_router("reports")


class ReportBody(BaseModel):
    """A report without photo; the page takes one with it."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "reason": "label_differs",
                    "code": "(01)09521101000016(10)SAM2610",
                    "text": "Hạn dùng trên hộp khác với trên mạng.",
                }
            ]
        },
    )

    reason: ReportReason
    code: Annotated[Text, Field(max_length=4000)] = ""
    text: Annotated[Text, Field(max_length=4000)] = ""
    area_code: Annotated[Text, Field(max_length=10)] | None = None
    place: Annotated[Text, Field(max_length=300)] | None = None
    contact: Annotated[Text, Field(max_length=200)] | None = None


class ReceiptOut(BaseModel):
    tracking_code: str
    status: str
    received_at: datetime


@router.post("/reports", status_code=201, responses=problems(422, 429), summary="Report goods")
def create_report(
    request: Request, session: SessionDep, actor: ApiActor, body: ReportBody
) -> ReceiptOut:
    """Anybody may; the tracking code is the receipt."""
    count_public(request, actor, cost=10)
    typed = {name: text for name, text in body.model_dump(mode="json").items() if text}
    report = service.create_report(session, actor, ReportIn.of_form(typed))
    return ReceiptOut.model_validate(report, from_attributes=True)


class ReportOut(ReceiptOut):
    id: int
    reason: str
    text: str
    code_text: str
    gtin: str | None
    place: str | None
    area_code: str | None
    answer: str | None
    decided_at: datetime | None


@router.get("/reports", responses=problems(422), summary="Reports, newest first")
def list_reports(
    session: SessionDep,
    actor: ApiActor,
    status: Annotated[ReportStatus | None, Query()] = None,
    gtin: str | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[ReportOut]:
    rows = service.list_reports(
        session, actor, status=status, gtin=gtin, before_id=id_of_cursor(cursor), limit=limit
    )
    items = [ReportOut.model_validate(row, from_attributes=True) for row in rows]
    return page(items, limit, rows[-1].id if rows else None)


@router.patch("/reports/{report_id}", responses=problems(404, 409, 422), summary="Decide")
def decide_report(
    session: SessionDep, actor: ApiActor, report_id: int, decision: ReportDecisionBody
) -> ReportOut:
    """Closing a report erases the sender's contact."""
    report = service.decide_report(session, actor, report_id, decision)
    return ReportOut.model_validate(report, from_attributes=True)
