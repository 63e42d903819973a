"""A label for one product, lot or item: name, EAN-13, QR code with the Digital Link, and HRI.

The linear symbol is what a till reads, the QR code what a shopper's phone opens; both say the same
key. The human readable interpretation stands beside the QR code, one element string a line, as the
GS1 General Specifications ask (section 4.14). The lines hold no words, so a label has no language
but that of the product's name.

>>> from datetime import date
>>> link = "https://example.com/01/09520123456788/10/L7"
>>> label("9520123456788", link, "Cà phê Đắk Hà", lot="L7", expiry=date(2027, 12, 31))[:5]
b'<svg '
>>> hri("9520123456788", lot="L7", expiry=date(2027, 12, 31))
('(01) 09520123456788', '(17) 271231', '(10) L7')
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from scanner import dimensions, render
from scanner.dimensions import Dimensions
from scanner.drawing import Drawing, Line, check_text, text_width
from scanner.errors import ScannerError
from scanner.render import FileFormat

MARGIN = 2.0
"""Millimetres of white around everything."""

_GAP = 3.0
_NAME_EM = 3.4
_HRI_EM = 2.4
_LEADING = 1.25
_NAME_LINES = 2

_LINEAR: dict[int, tuple[Callable[[str, float], Drawing], Dimensions]] = {
    8: (render.ean8, dimensions.EAN_8),
    12: (render.upc_a, dimensions.UPC_A),
    13: (render.ean13, dimensions.EAN_13),
    14: (render.itf14, dimensions.ITF_14),
}
"""Drawing and dimensions of the linear symbol by the number of digits as printed."""


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

    Raises:
        ScannerError: `scanner.key`, `scanner.content`, `scanner.resolution` or
            `scanner.unreadable-label`.
    """
    printed = gtin[1:] if len(gtin) == 14 and gtin.startswith("0") else gtin
    if len(printed) not in _LINEAR:
        raise ScannerError("scanner.key", key=gtin[:40], format="GTIN")
    draw, spec = _LINEAR[len(printed)]
    linear = draw(printed, _x_dimension(spec, fmt, dpi))
    matrix = render.qr(digital_link, _x_dimension(dimensions.QR_CODE, fmt, dpi))
    lines = tuple(check_text(line) for line in hri(gtin, lot, serial, expiry))
    drawing = _compose(check_text(name), linear, matrix, lines)
    linear_text = printed.zfill(13) if len(printed) == 12 else printed
    return render.finish(drawing, (linear_text, digital_link), fmt, dpi)


def hri(
    gtin: str, lot: str | None = None, serial: str | None = None, expiry: date | None = None
) -> tuple[str, ...]:
    """Return the human readable interpretation, one element string a line."""
    values = (
        ("01", gtin.zfill(14)),
        ("17", expiry.strftime("%y%m%d") if expiry else None),
        ("10", lot),
        ("21", serial),
    )
    return tuple(f"({ai}) {value}" for ai, value in values if value)


def _x_dimension(spec: Dimensions, fmt: FileFormat, dpi: int) -> float:
    return spec.nominal if fmt == "svg" else spec.snap(spec.nominal, dpi)[0]


def _compose(name: str, linear: Drawing, matrix: Drawing, lines: tuple[str, ...]) -> Drawing:
    """Put the name on top, the linear symbol left, the QR code right, the lines under it."""
    column = max(matrix.width, *(text_width(line, _HRI_EM) for line in lines))
    width = linear.width + _GAP + column
    title = _wrap(name, width)
    top = MARGIN + len(title) * _NAME_EM * _LEADING + (1.0 if title else 0.0)
    left = linear.moved(MARGIN, top)
    right = matrix.moved(MARGIN + linear.width + _GAP, top)
    below = right.height + _HRI_EM
    texts = [
        Line(MARGIN, MARGIN + _NAME_EM * (0.8 + _LEADING * row), _NAME_EM, line)
        for row, line in enumerate(title)
    ] + [
        Line(MARGIN + linear.width + _GAP, below + _HRI_EM * _LEADING * row, _HRI_EM, line)
        for row, line in enumerate(lines)
    ]
    bottom = max(left.height, below + _HRI_EM * _LEADING * (len(lines) - 1) + 0.3 * _HRI_EM)
    return Drawing(
        width + 2 * MARGIN,
        bottom + MARGIN,
        left.rectangles + right.rectangles,
        left.lines + right.lines + tuple(texts),
    )


def _wrap(text: str, width: float) -> list[str]:
    """Break the text at spaces into at most two lines of so many millimetres."""
    lines: list[str] = []
    for word in text.split():
        if lines and text_width(f"{lines[-1]} {word}", _NAME_EM) <= width:
            lines[-1] += " " + word
        else:
            lines.append(word)
    shown = lines[:_NAME_LINES]
    if len(lines) > _NAME_LINES:
        shown[-1] += "…"
    return [_cut(line, width) for line in shown]


def _cut(line: str, width: float) -> str:
    """Return the line, its end replaced by an ellipsis where it is too long."""
    if text_width(line, _NAME_EM) <= width:
        return line
    kept = line.rstrip("…")
    while kept and text_width(kept + "…", _NAME_EM) > width:
        kept = kept[:-1]
    return kept + "…"
