"""One label as a picture, decoded again before it is given."""

from typing import Literal

from sqlmodel import Session

from app.labels.choices import LabelChoice, LabelFormat, LabelKind
from app.labels.items import Labelling, check_serial, registered_lot
from app.settings import Settings
from scanner.dimensions import Symbology
from scanner.item import Item
from scanner.label import label
from scanner.layout import lay_out
from scanner.papers import Paper
from scanner.render import finish, render
from traceability.registry.models import Product


def product_label(
    session: Session,
    settings: Settings,
    product: Product,
    choice: LabelChoice,
    file_format: LabelFormat,
) -> bytes:
    """The picture of a label.

    Raises:
        NotFoundError: `registry.lot-unknown` or `registry.serial-unknown`: only what is
            registered is printed.
        ScannerError: it cannot be drawn as asked.
    """
    lot = registered_lot(session, product, choice.lot)
    check_serial(session, product, choice.serial)
    labelling = Labelling(settings.public_url, product, choice.language)
    item = labelling.item(choice.lot, choice.serial, lot.expiry_date if lot else None)
    fmt: Literal["svg", "png"] = "svg" if file_format is LabelFormat.SVG else "png"
    if choice.sheet is not None:
        return _on_paper(item, choice, choice.sheet, fmt)
    if choice.kind is LabelKind.LABEL:
        return label(
            item.gtin, item.digital_link, item.name, item.lot, item.serial, item.expiry, fmt=fmt,
            dpi=choice.dpi, x_dimension=choice.x_dimension, environment=choice.scanned_at,
        )  # fmt: skip
    (symbology,) = choice.kind.symbologies(item)
    return render(
        symbology, item.content(symbology), fmt, choice.dpi, choice.x_dimension, choice.scanned_at
    )


def box_label(sscc: str, file_format: LabelFormat, dpi: int = 300) -> bytes:
    """The GS1-128 symbol of a box or pallet, AI (00), with its number below.

    Raises:
        ScannerError: it cannot be drawn as asked.
    """
    fmt: Literal["svg", "png"] = "svg" if file_format is LabelFormat.SVG else "png"
    return render(Symbology.GS1_128, f"[00]{sscc}", fmt, dpi)


def _on_paper(item: Item, choice: LabelChoice, paper: Paper, fmt: Literal["svg", "png"]) -> bytes:
    """As it will be on the sheet."""
    made = lay_out(item, choice.plan(item, paper))
    return finish(made.drawing, tuple(mark.text for mark in made.marks), fmt, choice.dpi)
