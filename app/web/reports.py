"""Reports from the public: a form, and a page that is the receipt and shows what became of it."""

from typing import Annotated, Any

from fastapi import File, Form, Request, Response, UploadFile
from sqlmodel import Session

from app.deps import ServicesDep, SessionDep, TranslatorDep, WebActor, client_address
from app.i18n import N_, Translator
from app.pictures import as_jpeg
from app.security import tokens
from app.web.pages import field_errors, render, see_other
from app.web.routing import page_router
from app.wording.errors import sentence
from app.wording.reports import REASON_WORDS, STATUS_WORDS
from scanner import ScannerError
from traceability.clock import today
from traceability.enforcement import service
from traceability.enforcement.schemas import ReportIn
from traceability.errors import InvalidError
from traceability.registry import area_repository
from traceability.registry.models import AreaLevel

router = page_router()

REPORT_COST = 5
"""A report counts as this many look-ups."""
Text = Annotated[str, Form()]


@router.get("/report")
def report_form(
    request: Request,
    session: SessionDep,
    translate: TranslatorDep,
    code: str = "",
    reason: str = "",
) -> Response:
    typed = dict.fromkeys(("text", "area_code", "place", "contact"), "")
    typed |= {"code": code[:4000], "reason": reason, "nonce": tokens.new_token()}
    return _form(request, session, translate, typed)


def _form(
    request: Request,
    session: Session,
    translate: Translator,
    typed: dict[str, Any],
    errors: dict[str, str] | None = None,
) -> Response:
    provinces = area_repository.list_areas(session, today(), level=AreaLevel.PROVINCE)
    return render(
        request,
        "consumer/report.html",
        status=422 if errors else 200,
        errors=errors or {},
        typed=typed,
        reasons=[(str(reason), translate.text(word)) for reason, word in REASON_WORDS.items()],
        provinces=[("", "–"), *((area.code, area.name) for area in provinces)],
    )


@router.post("/report")
def send_report(
    request: Request,
    parts: ServicesDep,
    session: SessionDep,
    actor: WebActor,
    translate: TranslatorDep,
    photo: Annotated[UploadFile | None, File()] = None,
    code: Text = "",
    reason: Text = "",
    text: Text = "",
    area_code: Text = "",
    place: Text = "",
    contact: Text = "",
    nonce: Text = "",
) -> Response:
    """Keep the report; the same form sent twice is one report."""
    parts.public_limit.hit(client_address(request), REPORT_COST)
    typed = {
        "code": code, "reason": reason, "text": text, "area_code": area_code, "place": place,
        "contact": contact, "nonce": nonce,
    }  # fmt: skip
    errors: dict[str, str] = {}
    picture = None
    try:
        data = photo.file.read() if photo else b""
        picture = as_jpeg(data) if data else None
    except ScannerError as error:
        errors["photo"] = sentence(translate, error.code, error.arguments)
    try:
        report_in = ReportIn.of_form(typed, picture)
    except InvalidError as error:
        errors = {**field_errors(translate, error.faults), **errors}
    if errors:
        if picture:
            errors.setdefault("photo", translate.text(N_("Please choose the photo again.")))
        return _form(request, session, translate, typed, errors)
    report = service.create_report(session, actor, report_in)
    return see_other(f"/report/{report.tracking_code}")


@router.get("/report/{tracking_code}")
def receipt(
    request: Request, session: SessionDep, translate: TranslatorDep, tracking_code: str
) -> Response:
    """Whoever has the code sees the state of the report, and nothing of who sent it."""
    report = service.get_by_tracking_code(session, tracking_code)
    return render(
        request,
        "consumer/receipt.html",
        report=report,
        reason=translate.text(REASON_WORDS[report.reason]),
        status_word=translate.text(STATUS_WORDS[report.status]),
    )
