"""Pages of an inspector: photograph or type a code, see what every record says of it, note it down.

From opening /inspect to a saved scan: "Take a photo", the camera's two taps, and one on the code
that was meant. Nothing is stored before that last tap, and then it is, whatever the verdict.
"""

from typing import Annotated

from fastapi import File, Form, Path, Request, Response, UploadFile
from sqlmodel import Session

from app.api.v1.receipts import of_scan
from app.deps import ServicesDep, SessionDep, TranslatorDep, WebActor, services
from app.i18n import N_, Translator
from app.pictures import as_data_address
from app.security import tokens
from app.web import inspect_view as view
from app.web.choosing import choices_of
from app.web.inspect_form import (
    MAX_ID,
    chosen_shop,
    find_shop,
    keep_shop,
    number_of,
    read_form,
)
from app.web.pages import field_errors, render, see_other
from app.web.routing import page_router
from app.wording.errors import sentence
from app.wording.reading import reading_notes
from scanner import ScannerError
from traceability.actor import Actor
from traceability.clock import today
from traceability.errors import InvalidError, NotFoundError
from traceability.invoices.scanned import scanned_invoice
from traceability.registry import area_repository
from traceability.registry.models import AreaLevel, Party
from traceability.verification import repository, service
from traceability.verification.consulting import ask_outside
from traceability.verification.models import Scan

router = page_router()

PAGE = 25
"""Scans on a page of the list."""
PHOTO_KEPT_S = 300
"""Seconds for which the browser may show the codes of a photograph again."""
LAST_SCANS = 3
"""The newest ones, under the form."""

Text = Annotated[str, Form()]
ScanId = Annotated[int, Path(ge=1, le=MAX_ID)]
_BLANK = dict.fromkeys(("scan_data", "symbology_identifier", "shop_id", "counted", "area_code"), "")


@router.get("/inspect")
def home(
    request: Request,
    session: SessionDep,
    actor: WebActor,
    translate: TranslatorDep,
    shop: str | None = None,
) -> Response:
    """Photograph or type; `?shop=` chooses the shop for the visit, empty it forgets it."""
    if shop is None:
        return _home(request, session, actor, translate, chosen_shop(request, session, actor))
    chosen = find_shop(session, actor, shop)
    if shop and chosen is None:
        text = translate.text(N_("This shop is not in the register. Choose it anew."))
        return _home(request, session, actor, translate, None, errors={"shop_id": text})
    response = _home(request, session, actor, translate, chosen)
    return keep_shop(request, response, actor, chosen)


def _home(
    request: Request,
    session: Session,
    actor: Actor,
    translate: Translator,
    shop: Party | None,
    *,
    typed: dict[str, str] | None = None,
    errors: dict[str, str] | None = None,
) -> Response:
    provinces = area_repository.list_areas(session, today(), level=AreaLevel.PROVINCE)
    last = repository.list_scans(session, actor, limit=LAST_SCANS)
    return render(
        request,
        "inspect/home.html",
        status=422 if errors else 200,
        shop=shop,
        errors=errors or {},
        typed={**_BLANK, **(typed or {})},
        nonce=tokens.new_token(),
        provinces=[("", "–"), *((area.code, area.name) for area in provinces)],
        last=view.rows(session, translate, last),
    )


@router.post("/inspect/photo")
def read_photo(
    request: Request,
    parts: ServicesDep,
    session: SessionDep,
    actor: WebActor,
    translate: TranslatorDep,
    photo: Annotated[UploadFile | None, File()] = None,
    shop_id: Text = "",
) -> Response:
    """The codes of a photograph, to be confirmed by a tap each; nothing is stored."""
    data = photo.file.read() if photo else b""
    text, reading = translate.text(N_("Take or choose a photo first.")), None
    try:
        # Before any SQL: no lock is held while a picture is decoded.
        reading = parts.scanner.decode(data) if data else None
    except ScannerError as error:
        text = sentence(translate, error.code, error.arguments)
    shop = find_shop(session, actor, shop_id)
    if reading is None:
        return _home(request, session, actor, translate, shop, errors={"photo": text})
    choices = choices_of(reading, parts.settings.hosts)
    sure = bool(choices) and choices[0].sure
    return render(
        request,
        "inspect/confirm.html",
        status=200 if sure else 422,
        # Going back from the verdict finds the other codes, instead of asking to send again.
        headers={"Cache-Control": f"private, max-age={PHOTO_KEPT_S}"},
        shop=shop,
        choices=choices,
        sure=sure,
        notes=reading_notes(translate, reading),
        picture=as_data_address(data),
        width=reading.width,
        height=reading.height,
        nonce=tokens.new_token(),
        errors={},
    )


@router.post("/inspect/scan")
def record_scan(
    request: Request,
    session: SessionDep,
    actor: WebActor,
    translate: TranslatorDep,
    scan_data: Text = "",
    symbology_identifier: Text = "",
    shop_id: Text = "",
    counted: Text = "",
    area_code: Text = "",
    nonce: Text = "",
    again: Text = "",
) -> Response:
    """Verify and keep, then show; `again` is the scan on whose page the form stood."""
    typed = {
        "scan_data": scan_data, "symbology_identifier": symbology_identifier, "shop_id": shop_id,
        "counted": counted, "area_code": area_code, "nonce": nonce[:200],
    }  # fmt: skip
    parts = services(request)
    # Before any SQL of this scan: nothing is locked while the outside registry is waited for.
    symbol = service.Symbol(scan_data.strip(), symbology_identifier or None)
    outside = ask_outside(parts.database, parts.outside, actor, symbol, number_of(shop_id))
    form, errors = read_form(request, session, actor, translate, typed, outside)
    shop = find_shop(session, actor, shop_id)
    if form is None:
        before = repository.get_scan(session, actor, number_of(again) or 0)
        if before is not None:
            return _scan_page(request, session, actor, translate, before, typed, errors)
        return _home(request, session, actor, translate, shop, typed=typed, errors=errors)
    row = service.scan_once(session, form.symbol, form.context, form.nonce)
    scanned = scanned_invoice(session, actor, row.scan_data)
    found = scanned.invoice if scanned else None
    response = see_other(f"/inspect/invoices/{found.id}" if found else f"/inspect/scans/{row.id}")
    return keep_shop(request, response, actor, shop) if shop else response


@router.get("/inspect/scans")
def scans(
    request: Request,
    session: SessionDep,
    actor: WebActor,
    translate: TranslatorDep,
    before: str = "",
) -> Response:
    """Own scans, newest first; `before` is the last one of the page before."""
    cursor = number_of(before)
    found = repository.list_scans(session, actor, before_id=cursor, limit=PAGE + 1)
    shown = found[:PAGE]
    return render(
        request,
        "inspect/scans.html",
        rows=view.rows(session, translate, shown),
        first="/inspect/scans" if cursor else None,
        next=f"/inspect/scans?before={shown[-1].id}" if len(found) > PAGE else None,
    )


@router.get("/inspect/scans/{scan_id}")
def scan(
    request: Request,
    session: SessionDep,
    actor: WebActor,
    translate: TranslatorDep,
    scan_id: ScanId,
    saved: bool = False,
) -> Response:
    """The verdict as it was given, with all that the records say beside it today."""
    row = _own(session, actor, scan_id)
    return _scan_page(request, session, actor, translate, row, dict(_BLANK), {}, saved=saved)


@router.get("/inspect/scans/{scan_id}/receipt")
def scan_receipt(
    session: SessionDep, actor: WebActor, parts: ServicesDep, scan_id: ScanId
) -> Response:
    """The receipt of the verdict, to keep with the minutes."""
    return of_scan(session, actor, parts, scan_id)


def _own(session: Session, actor: Actor, scan_id: int) -> Scan:
    row = repository.get_scan(session, actor, scan_id)
    if row is None:
        raise NotFoundError("verification.scan-unknown", id=scan_id)
    return row


def _scan_page(
    request: Request,
    session: Session,
    actor: Actor,
    translate: Translator,
    row: Scan,
    typed: dict[str, str],
    errors: dict[str, str],
    *,
    saved: bool = False,
) -> Response:
    return render(
        request,
        "inspect/scan.html",
        status=422 if errors else 200,
        errors=errors,
        typed=typed,
        saved=saved,
        nonce=tokens.new_token(),
        **view.scan_view(session, actor, translate, row),
    )


@router.post("/inspect/scans/{scan_id}")
def note_scan(
    request: Request,
    session: SessionDep,
    actor: WebActor,
    translate: TranslatorDep,
    scan_id: ScanId,
    note: Text = "",
    kept: Text = "",
) -> Response:
    """A note on the scan, and whether it is saved on purpose."""
    row = _own(session, actor, scan_id)
    try:
        text = note.replace("\r\n", "\n").replace("\0", "")
        service.note(session, actor, scan_id, text=text, kept=kept == "1")
    except InvalidError as error:
        errors, typed = field_errors(translate, error.faults), {**_BLANK, "note": note}
        return _scan_page(request, session, actor, translate, row, typed, errors)
    return see_other(f"/inspect/scans/{scan_id}?saved=1#saved")
