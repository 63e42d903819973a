"""Labels of registered products: what a till, a phone and an inspector will read."""

from datetime import date
from enum import StrEnum
from typing import Literal

from sqlmodel import Session

from app.settings import Settings
from gs1 import ElementString, Gtin, build_digital_link
from scanner.label import label
from scanner.render import render_ean8, render_ean13, render_itf14, render_qr, render_upc_a
from traceability.errors import NotFoundError
from traceability.registry import goods_repository
from traceability.registry.models import Product


class LabelKind(StrEnum):
    LABEL = "label"
    """Name, linear symbol, QR code and text together."""
    BARCODE = "barcode"
    """The linear symbol: EAN-13, EAN-8, UPC-A or ITF-14 by the printed length of the GTIN."""
    QR = "qr"
    """A QR code with the GS1 Digital Link of this installation."""


class LabelFormat(StrEnum):
    SVG = "svg"
    PNG = "png"

    @property
    def media_type(self) -> str:
        return "image/svg+xml" if self is LabelFormat.SVG else "image/png"


_LINEAR = {8: render_ean8, 12: render_upc_a, 13: render_ean13, 14: render_itf14}


def product_label(
    session: Session,
    settings: Settings,
    product: Product,
    kind: LabelKind,
    file_format: LabelFormat,
    *,
    lot: str | None = None,
    serial: str | None = None,
) -> bytes:
    """The picture of a label, decoded again before it is given.

    Raises:
        NotFoundError: `registry.lot-unknown` or `registry.serial-unknown`: only what is
            registered is printed.
    """
    gtin = Gtin.parse(product.gtin)
    fmt: Literal["svg", "png"] = "svg" if file_format is LabelFormat.SVG else "png"
    if kind is LabelKind.BARCODE:
        return _LINEAR[len(gtin.printed)](gtin.printed, fmt)
    expiry = _check(session, product, lot, serial)
    link = digital_link(settings, gtin, lot, serial)
    if kind is LabelKind.QR:
        return render_qr(link, fmt)
    return label(gtin.printed, link, product.name, lot, serial, expiry, fmt=fmt)


def digital_link(settings: Settings, gtin: Gtin, lot: str | None, serial: str | None) -> str:
    """The address of a product, lot or item at this installation."""
    keys = (("01", gtin.value), ("10", lot), ("21", serial))
    elements = [ElementString(ai, value) for ai, value in keys if value]
    return build_digital_link(elements, stem=settings.public_url)


def _check(session: Session, product: Product, lot: str | None, serial: str | None) -> date | None:
    """The expiry of the lot; only what is registered is printed."""
    found = goods_repository.lot_of_product(session, product.id or 0, lot) if lot else None
    if lot and found is None:
        raise NotFoundError("registry.lot-unknown", gtin=product.gtin, lot=lot)
    known = goods_repository.serials_on_record(session, product.id or 0, [serial] if serial else [])
    if serial and serial not in known:
        raise NotFoundError("registry.serial-unknown", gtin=product.gtin, serial=serial)
    return found.expiry_date if found else None
