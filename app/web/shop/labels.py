"""Labels of a product: chosen, seen at true size, downloaded or printed as a sheet."""

import base64
import re
from collections.abc import Mapping
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Query, Request, Response

from app.deps import ServicesDep, SessionDep, TranslatorDep, WebActor
from app.i18n import N_
from app.labels import LabelFormat, LabelKind, product_label
from app.web.forms import page_router
from app.web.pages import render
from app.web.shop import repository, words
from app.web.shop.base import RecordId, own_product, printable
from app.wording.errors import sentence
from scanner import ScannerError
from traceability.errors import NotFoundError
from traceability.registry import lots

router = page_router()

MOST_COPIES = 200
_OFFERED_LOTS = 50
_SIZE = re.compile(rb'<svg [^>]*width="([\d.]+)mm" height="([\d.]+)mm"')
KIND_WORDS: Mapping[str, str] = {
    LabelKind.LABEL: N_("Label: name, barcode and QR code"),
    LabelKind.BARCODE: N_("Barcode alone: the product"),
    LabelKind.QR: N_("QR code alone: product, lot and serial number"),
}
Key = Annotated[str, Query(max_length=40)]


@router.get("/shop/products/{product_id}/labels")
def label_page(
    request: Request,
    session: SessionDep,
    parts: ServicesDep,
    actor: WebActor,
    translate: TranslatorDep,
    product_id: RecordId,
    kind: LabelKind = LabelKind.LABEL,
    lot: Key = "",
    serial: Key = "",
    copies: Key = "1",
) -> Response:
    """The label as it will be printed; only registered lots and serials are printed."""
    product = own_product(session, actor, product_id)
    lot, serial, errors, picture = printable(lot), printable(serial), {}, b""
    many = int(copies) if copies.isdecimal() and copies.isascii() else 0
    if not 1 <= many <= MOST_COPIES:
        errors["copies"] = translate.text(N_("A number from 1 to {n}."), n=MOST_COPIES)
    try:
        picture = product_label(
            session, parts.settings, product, kind, LabelFormat.SVG,
            lot=lot or None, serial=serial or None,
        )  # fmt: skip
    except (NotFoundError, ScannerError) as error:
        field = "serial" if "serial" in error.code else "lot" if "lot" in error.code else "kind"
        errors[field] = sentence(translate, error.code, error.arguments)
    size = _SIZE.match(picture)
    newest = repository.lots_of(session, actor, product_id, limit=_OFFERED_LOTS)
    chosen = {"kind": str(kind), "lot": lot, "serial": serial}
    return render(
        request, "shop/labels.html", status=422 if errors else 200, product=product,
        kind_options=words.options(translate, KIND_WORDS), kind=str(kind), lot=lot,
        serial=serial, copies=copies, many=many if not errors else 0, errors=errors,
        picture="data:image/svg+xml;base64," + base64.b64encode(picture).decode(),
        size=[float(side) for side in size.groups()] if size else None,
        lots=lots.describe(session, newest), kind_words=translate.text(KIND_WORDS[kind]),
        query=urlencode({name: text for name, text in chosen.items() if text}),
    )  # fmt: skip


@router.get("/shop/products/{product_id}/label")
def label_file(
    session: SessionDep,
    parts: ServicesDep,
    actor: WebActor,
    product_id: RecordId,
    kind: LabelKind = LabelKind.LABEL,
    format: LabelFormat = LabelFormat.SVG,  # noqa: A002 -- the query parameter's name
    lot: Key = "",
    serial: Key = "",
) -> Response:
    """The picture as a file."""
    product = own_product(session, actor, product_id)
    picture = product_label(
        session, parts.settings, product, kind, format,
        lot=printable(lot) or None, serial=printable(serial) or None,
    )  # fmt: skip
    name = f"{product.gtin}-{kind}.{format}"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "private, max-age=300",
    }
    return Response(picture, headers=headers, media_type=format.media_type)
