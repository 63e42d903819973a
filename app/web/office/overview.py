"""What waits for the authority; each number leads to the rows that it counts."""

from fastapi import Request, Response

from app.deps import SessionDep, WebActor
from app.web.office import repository
from app.web.pages import render
from app.web.routing import page_router
from app.wording.parties import KIND_WORDS
from app.wording.reports import REASON_WORDS
from traceability.enforcement import service as reports
from traceability.enforcement.models import ReportStatus

router = page_router()

_NAMED = 3
"""Records of each kind that are named."""


@router.get("/office")
def overview(request: Request, session: SessionDep, actor: WebActor) -> Response:
    new = reports.list_reports(session, actor, status=ReportStatus.RECEIVED, limit=_NAMED)
    return render(
        request,
        "office/overview.html",
        waiting=repository.waiting(session, actor),
        most=repository.MOST_COUNTED,
        parties=repository.waiting_longest(session, actor, _NAMED),
        kind_words=KIND_WORDS,
        reports=new,
        reason_words=REASON_WORDS,
    )
