"""A label for one product, lot or item: name, EAN-13, QR code with the Digital Link, and HRI.

The linear symbol is what a till reads, the QR code what a shopper's phone opens; both say the same
key. The human readable interpretation stands beside the QR code, one element string a line, as the
GS1 General Specifications ask (section 4.14). The lines hold no words, so a label has no language
but that of the product's name.

>>> from datetime import date
>>> link = "https://example.com/01/09520123456788/10/L7"
>>> label("9520123456788", link, "Cà phê Đắk Hà", lot="L7", expiry=date(2027, 12, 31))[:5]
b'<svg '
"""

from __future__ import annotations

from datetime import date

from scanner.dimensions import Environment, Symbology
from scanner.drawing import Drawing, Line, check_text, text_width
from scanner.item import Item
from scanner.layout import wrap
from scanner.render import FileFormat, drawn, finish
from scanner.symbols import HRI_EM, LEADING, printed_text

MARGIN = 2.0
"""Millimetres of white around everything."""

_GAP = 3.0
_NAME_EM = 3.4
_NAME_LINES = 2


def label(
    gtin: str,
    digital_link: str,
    name: str,
    lot: str | None = None,
    serial: str | None = None,
    expiry: date | None = None,
    *,
    fmt: FileFormat = "svg",
    dpi: int = 300,
    x_dimension: float | None = None,
    environment: Environment | None = None,
) -> bytes:
    """Return the label as SVG or PNG; both symbols were read back from it.

    Args:
        gtin: as printed, 8, 12, 13 or 14 digits: the number of digits chooses EAN-8, UPC-A, EAN-13
            or ITF-14. A 14-digit GTIN that starts with 0 is printed with 13 digits.
        digital_link: the address in the QR code.
        name: of the product; cut with an ellipsis after two lines.
        lot: batch or lot number, AI (10).
        serial: serial number, AI (21).
        expiry: expiry date, AI (17).
        fmt: ``svg`` or ``png``.
        dpi: dots per inch of the PNG.
        x_dimension: width of a module of both symbols in millimetres; None for what the standard
            aims at for each.
        environment: where both will be scanned; None for what each is made for.

    Raises:
        ScannerError: as `scanner.render.render`.
    """
    item = Item(gtin, digital_link, name, lot, serial, expiry)
    symbologies = (item.retail_symbology, Symbology.QR_CODE)
    linear, matrix = (
        drawn(each, item.content(each), fmt, dpi, x_dimension, environment) for each in symbologies
    )
    lines = tuple(check_text(line) for line in item.hri)
    drawing = _compose(check_text(name), linear, matrix, lines)
    texts = tuple(printed_text(each, item.content(each)) for each in symbologies)
    return finish(drawing, texts, fmt, dpi)


def _compose(name: str, linear: Drawing, matrix: Drawing, lines: tuple[str, ...]) -> Drawing:
    """Put the name on top, the linear symbol left, the QR code right, the lines under it."""
    column = max(matrix.width, *(text_width(line, HRI_EM) for line in lines))
    width = linear.width + _GAP + column
    title = wrap(name, width, _NAME_EM, _NAME_LINES)
    top = MARGIN + len(title) * _NAME_EM * LEADING + (1.0 if title else 0.0)
    left = linear.moved(MARGIN, top)
    right = matrix.moved(MARGIN + linear.width + _GAP, top)
    below = right.height + HRI_EM
    texts = [
        Line(MARGIN, MARGIN + _NAME_EM * (0.8 + LEADING * row), _NAME_EM, line)
        for row, line in enumerate(title)
    ] + [
        Line(MARGIN + linear.width + _GAP, below + HRI_EM * LEADING * row, HRI_EM, line)
        for row, line in enumerate(lines)
    ]
    bottom = max(left.height, below + HRI_EM * LEADING * (len(lines) - 1) + 0.3 * HRI_EM)
    return Drawing(
        width + 2 * MARGIN,
        bottom + MARGIN,
        left.blocks + right.blocks,
        left.lines + right.lines + tuple(texts),
    )
