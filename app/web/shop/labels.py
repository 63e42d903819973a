"""Labels of a product: chosen, seen at true size, downloaded, or ordered as sheets."""

import base64
import re
from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Form, Query, Request, Response
from pydantic import BaseModel
from sqlmodel import Session

from app.deps import ServicesDep, SessionDep, TranslatorDep, WebActor
from app.i18n import N_, Translator
from app.labels import LabelChoice, LabelFormat, LabelKind, product_label
from app.labels.choices import MOST_LABELS, SheetOrder
from app.labels.sheets import KIND, enqueue_sheets
from app.settings import Settings
from app.web.forms import input_of
from app.web.pages import field_errors, render, see_other
from app.web.routing import page_router
from app.web.shop import repository, words
from app.web.shop.base import RecordId, own_product, printable
from app.wording.errors import sentence
from scanner import ScannerError
from scanner.dimensions import Environment
from scanner.papers import PAPERS
from traceability.actor import Actor
from traceability.errors import ConflictError, InvalidError, NotFoundError
from traceability.registry import lots
from traceability.registry.models import Product

router = page_router()

_OFFERED_LOTS = 50
_SIZE = re.compile(rb'<svg [^>]*width="([\d.]+)mm" height="([\d.]+)mm"')
KIND_WORDS: Mapping[str, str] = {
    LabelKind.LABEL: N_("Label: name, barcode and QR code"),
    LabelKind.BARCODE: N_("Barcode alone: the product"),
    LabelKind.QR: N_("QR code alone: product, lot and serial number"),
    LabelKind.GS1_DATA_MATRIX: N_("GS1 DataMatrix: product, lot, date and serial number"),
    LabelKind.GS1_128: N_("GS1-128: product, lot, date and serial number, for cartons"),
    LabelKind.ITF_14: N_("ITF-14: the product, for cartons"),
    LabelKind.CODE_128: N_("Code 128: the serial number or lot alone, for your own use"),
    LabelKind.DATABAR_OMNI: N_("GS1 DataBar Omnidirectional: the product"),
    LabelKind.DATABAR_STACKED_OMNI: N_("GS1 DataBar Stacked Omnidirectional: the product"),
    LabelKind.DATABAR_STACKED: N_("GS1 DataBar Stacked: the product, very small"),
    LabelKind.DATABAR_LIMITED: N_("GS1 DataBar Limited: the product, very small"),
    LabelKind.DATABAR_EXPANDED: N_("GS1 DataBar Expanded: product, lot, date and serial number"),
    LabelKind.DATABAR_EXPANDED_STACKED: N_("GS1 DataBar Expanded Stacked: the same in rows"),
}
PLACE_WORDS: Mapping[str, str] = {
    "": N_("Where such symbols usually are"),
    Environment.RETAIL: N_("At a till"),
    Environment.DISTRIBUTION: N_("In a warehouse, on a conveyor"),
    Environment.HEALTHCARE: N_("Medicines and medical devices, not at a till"),
}
LANGUAGES: Mapping[str, str] = {"vi": "Tiếng Việt", "en": "English"}
_FIELDS = ("kind", "paper", "scanned_at", "x_dimension", "dpi", "language", "lot", "serial")


class Typed(BaseModel):
    """The form as it was filled in."""

    kind: str = LabelKind.LABEL
    paper: str = ""
    scanned_at: str = ""
    x_dimension: str = ""
    dpi: str = "300"
    language: str = ""
    lot: str = ""
    serial: str = ""
    serials: str = ""
    count: str = ""

    @property
    def chosen(self) -> dict[str, str]:
        """What describes one label, for the address of its picture."""
        return {name: value for name in _FIELDS if (value := getattr(self, name))}


@router.get("/shop/products/{product_id}/labels")
def label_page(
    request: Request,
    session: SessionDep,
    parts: ServicesDep,
    actor: WebActor,
    translate: TranslatorDep,
    product_id: RecordId,
    typed: Annotated[Typed, Query()],
) -> Response:
    """The label as it will be printed; only registered lots and serials are printed."""
    product = own_product(session, actor, product_id)
    return _page(request, session, parts.settings, actor, translate, product, typed, {})


@router.post("/shop/products/{product_id}/labels")
def order_sheets(
    request: Request,
    session: SessionDep,
    parts: ServicesDep,
    actor: WebActor,
    translate: TranslatorDep,
    product_id: RecordId,
    typed: Annotated[Typed, Form()],
) -> Response:
    """Order sheets as PDF; they are made while the visitor may go on."""
    product = own_product(session, actor, product_id)
    try:
        order = _read(SheetOrder, typed, translate, ("count",), serials=bool(typed.serials))
        job = enqueue_sheets(session, parts.settings, actor, product, order)
    except (ConflictError, InvalidError, NotFoundError, ScannerError) as error:
        errors = _errors(translate, error)
        return _page(request, session, parts.settings, actor, translate, product, typed, errors)
    return see_other(f"/shop/jobs/{job.id}")


@router.get("/shop/products/{product_id}/label")
def label_file(
    session: SessionDep,
    parts: ServicesDep,
    actor: WebActor,
    translate: TranslatorDep,
    product_id: RecordId,
    typed: Annotated[Typed, Query()],
    format: LabelFormat = LabelFormat.SVG,  # noqa: A002 -- the query parameter's name
) -> Response:
    """The picture as a file."""
    product = own_product(session, actor, product_id)
    choice = _read(LabelChoice, typed, translate)
    picture = product_label(session, parts.settings, product, choice, format)
    name = f"{product.gtin}-{choice.kind}.{format}"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "private, max-age=300",
    }
    return Response(picture, headers=headers, media_type=format.media_type)


def _read(
    schema: type[Any], typed: Typed, translate: Translator, more: tuple[str, ...] = (),
    **values: Any,
) -> Any:  # fmt: skip
    """The choice that the form stands for; without a language, the visitor's own."""
    texts = {name: printable(getattr(typed, name)) for name in (*_FIELDS, *more)}
    texts = {name: text for name, text in texts.items() if text}
    if "x_dimension" in texts:
        texts["x_dimension"] = texts["x_dimension"].replace(",", ".")
    texts.setdefault("language", translate.language)
    return input_of(schema, texts, **values)


def _errors(
    translate: Translator,
    error: ConflictError | InvalidError | NotFoundError | ScannerError,
) -> dict[str, str]:
    if isinstance(error, InvalidError):
        return field_errors(translate, error.faults)
    text = sentence(translate, error.code, error.arguments)
    if "size" in error.code:
        return {"x_dimension": text}
    if error.code == "scanner.label-too-small":
        return {"paper": text}
    if error.code == "scanner.symbol-not-for-use":
        return {"scanned_at": text}
    return {"serial" if "serial" in error.code else "lot" if "lot" in error.code else "kind": text}


def _page(
    request: Request, session: Session, settings: Settings, actor: Actor, translate: Translator,
    product: Product, typed: Typed, errors: dict[str, str],
) -> Response:  # fmt: skip
    picture = b""
    try:
        choice = _read(LabelChoice, typed, translate)
        picture = product_label(session, settings, product, choice, LabelFormat.SVG)
    except (InvalidError, NotFoundError, ScannerError) as error:
        errors = {**_errors(translate, error), **errors}
    size = _SIZE.match(picture)
    newest = repository.lots_of(session, actor, product.id or 0, limit=_OFFERED_LOTS)
    typed = typed.model_copy(update={"language": typed.language or translate.language})
    return render(
        request, "shop/labels.html", status=422 if errors else 200, product=product, typed=typed,
        kind_options=words.options(translate, KIND_WORDS), papers=_papers(translate),
        places=words.options(translate, PLACE_WORDS), languages=list(LANGUAGES.items()),
        errors=errors, most=MOST_LABELS,
        picture="data:image/svg+xml;base64," + base64.b64encode(picture).decode(),
        size=[float(side) for side in size.groups()] if size else None,
        lots=lots.describe(session, newest), chosen=typed.chosen,
        kind_words=translate.text(KIND_WORDS.get(typed.kind, typed.kind)),
        jobs=repository.recent_jobs(session, actor, [KIND]), statuses=words.JOB_STATUSES,
    )  # fmt: skip


def _papers(translate: Translator) -> list[tuple[str, str]]:
    """Papers in words: sheets by the number of labels, rolls by their size."""
    found = [("", translate.text(N_("No paper: one picture")))]
    for name, paper in PAPERS.items():
        size = {"width": _mm(translate, paper.label_width),
                "height": _mm(translate, paper.label_height)}  # fmt: skip
        if paper.labels_a_page == 1:
            text = translate.text(N_("Roll: {width} × {height} mm"), **size)
        else:
            text = translate.text(
                N_("{format}: {n} labels of {width} × {height} mm"),
                format=name.split("-")[0].upper(), n=paper.labels_a_page, **size,
            )  # fmt: skip
        found.append((name, text))
    return found


def _mm(translate: Translator, size: float) -> str:
    text = f"{size:g}"
    return text.replace(".", ",") if translate.language == "vi" else text
