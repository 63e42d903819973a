"""Reports from the public: the list, one report with its photo, and what is done about it."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from fastapi import HTTPException, Request, Response
from sqlmodel import Session

from app.deps import SessionDep, TranslatorDep, WebActor
from app.i18n import N_, Translator
from app.web.forms import PAGE_SIZE, Text, input_of, refusal
from app.web.office import repository, words
from app.web.office.base import RecordId, address, choices, may, number_of
from app.web.office.spreadsheet import Row, as_csv, pages
from app.web.pages import field_errors, render, see_other
from app.web.routing import page_router
from app.wording.reports import REASON_WORDS, STATUS_WORDS
from traceability import audit
from traceability.actor import Actor
from traceability.audit import AuditEntry
from traceability.enforcement import service
from traceability.enforcement.models import Report, ReportStatus
from traceability.enforcement.schemas import ReportDecision
from traceability.errors import InvalidError
from traceability.registry import area_repository, codes
from traceability.registry import repository as registry

router = page_router()

PATH = "/office/reports"
_HISTORY = 50
_AT_ONCE = 25
"""Reports that are read together for a file: each may bring its photo."""
_HEADINGS = (
    N_("Received"), N_("What about"), N_("GTIN"), N_("Goods"), N_("Code"), N_("Text"), N_("Place"),
    N_("State"), N_("Answer"), N_("Tracking code"),
)  # fmt: skip


@router.get(PATH)
def list_reports(
    request: Request,
    session: SessionDep,
    actor: WebActor,
    translate: TranslatorDep,
    status: str = "",
    gtin: str = "",
    before: str = "",
    format: str = "",  # noqa: A002 -- its name in the address
) -> Response:
    """Of a state and a product where asked for; `format=csv` gives the same rows as a file."""
    wanted = ReportStatus(status) if status in STATUS_WORDS else None
    errors: dict[str, str] = {}
    number = None
    try:
        number = codes.gtin(gtin[:40]).value if gtin.strip() else None
    except InvalidError as error:
        errors = field_errors(translate, error.faults)
    if format == "csv" and not errors:
        return as_csv(
            request, "reports", _HEADINGS, lambda own: _rows(own, actor, translate, wanted, number)
        )
    rows = service.list_reports(
        session, actor, status=wanted, gtin=number, before_id=number_of(before) or None,
        limit=PAGE_SIZE + 1,
    )  # fmt: skip
    shown = [] if errors else rows[:PAGE_SIZE]
    more = shown[-1].id if shown and len(rows) > PAGE_SIZE else None
    gtins = {row.gtin for row in shown if row.gtin}
    return render(
        request,
        "office/reports.html",
        status=422 if errors else 200,
        reports=shown,
        products=registry.products_with_gtins(session, gtins),
        chosen_status=wanted or "",
        gtin=gtin,
        errors=errors,
        statuses=choices(translate, STATUS_WORDS, translate.text(N_("All"))),
        first=address(PATH, status=wanted, gtin=gtin) if before else None,
        next=address(PATH, status=wanted, gtin=gtin, before=more) if more else None,
        table=address(PATH, status=wanted, gtin=gtin, format="csv"),
        **_words(),
    )


def _rows(
    session: Session,
    actor: Actor,
    translate: Translator,
    status: ReportStatus | None,
    gtin: str | None,
) -> Iterator[Row]:
    """What the reports say; how to reach who sent them stays on the report's own page."""

    def page(before: int) -> Sequence[Report]:
        return service.list_reports(
            session, actor, status=status, gtin=gtin, before_id=before or None, limit=_AT_ONCE
        )

    for found in pages(session, page, lambda report: report.id or 0):
        goods = registry.products_with_gtins(session, {row.gtin for row in found if row.gtin})
        for row in found:
            product = goods.get(row.gtin or "")
            yield (
                row.received_at, translate.text(REASON_WORDS[row.reason]), row.gtin,
                product.name if product else None, row.code_text, row.text, row.place,
                translate.text(STATUS_WORDS[row.status]), row.answer, row.tracking_code,
            )  # fmt: skip


def _words() -> dict[str, Any]:
    return {
        "reason_words": REASON_WORDS,
        "status_words": STATUS_WORDS,
        "levels": words.REPORT_LEVELS,
    }


@router.get(PATH + "/{report_id}")
def show_report(
    request: Request,
    session: SessionDep,
    actor: WebActor,
    translate: TranslatorDep,
    report_id: RecordId,
    done: str = "",
) -> Response:
    report = service.get_report(session, actor, report_id)
    return _page(request, session, actor, translate, report, done=done == "1")


def _page(
    request: Request,
    session: Session,
    actor: Actor,
    translate: Translator,
    report: Report,
    *,
    typed: dict[str, str] | None = None,
    errors: dict[str, str] | None = None,
    done: bool = False,
) -> Response:
    history = audit.entries(session, subject=f"report:{report.id}", limit=_HISTORY)
    closings = [entry for entry in history if entry.detail.get("status") == ReportStatus.CLOSED]
    product = registry.product_with_gtin(session, actor, report.gtin) if report.gtin else None
    area = area_repository.last_area(session, report.area_code) if report.area_code else None
    return render(
        request,
        "office/report.html",
        status=422 if errors else 200,
        report=report,
        product=product,
        area=area,
        erased_at=closings[-1].at if closings else None,
        decisions=_decided(session, history),
        statuses=choices(translate, STATUS_WORDS),
        typed=typed or {"status": report.status, "answer": report.answer or ""},
        errors=errors or {},
        may_decide=may(actor, f"POST {PATH}/{{report_id}}"),
        done=done,
        **_words(),
    )


def _decided(session: Session, history: Sequence[AuditEntry]) -> list[tuple[datetime, str, str]]:
    """When, who, and the status that was set: the newest decision first."""
    users = repository.users_by_id(session, [entry.user_id for entry in history])
    return [
        (entry.at, users[entry.user_id].name if entry.user_id in users else "", str(status))
        for entry in history
        if (status := entry.detail.get("status")) in STATUS_WORDS
    ]


@router.get(PATH + "/{report_id}/photo")
def photo(session: SessionDep, actor: WebActor, report_id: RecordId) -> Response:
    """The photo that came with a report; it was encoded anew when it arrived."""
    report = service.get_report(session, actor, report_id)
    if report.photo is None or report.photo_media_type is None:
        raise HTTPException(404)
    headers = {"Cache-Control": "private, no-store"}
    return Response(report.photo, headers=headers, media_type=report.photo_media_type)


@router.post(PATH + "/{report_id}")
def decide(
    request: Request,
    session: SessionDep,
    actor: WebActor,
    translate: TranslatorDep,
    report_id: RecordId,
    status: Text = "",
    answer: Text = "",
) -> Response:
    """Set the status and the answer; an empty answer takes the one on record away."""
    report = service.get_report(session, actor, report_id)
    try:
        decision = input_of(ReportDecision, {"status": status}, answer=answer.strip())
    except InvalidError as error:
        errors = refusal(session, translate, error)
        typed = {"status": status, "answer": answer}
        return _page(request, session, actor, translate, report, typed=typed, errors=errors)
    service.decide_report(session, actor, report_id, decision)
    return see_other(f"{PATH}/{report_id}?done=1")
