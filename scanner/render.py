"""Draws symbols as SVG or PNG, in the size the standard asks for, and reads each one back.

The bars come from python-barcode, the modules of QR codes from qrcode; size, quiet zones and the
human readable text are ours. A symbol leaves this module only after `scanner.decode` has read the
same text from it.

>>> render_ean13("9520123456788")[:5]
b'<svg '
>>> render_ean13("9520123456789")
Traceback (most recent call last):
scanner.errors.ScannerError: scanner.key (key='9520123456789', format='EAN-13')
>>> render_qr("https://example.com/01/09520123456788", "png")[1:4]
b'PNG'
"""

from __future__ import annotations

from typing import Literal

import barcode
import qrcode
from qrcode.exceptions import DataOverflowError

from gs1 import check_digit
from scanner import dimensions
from scanner.dimensions import Dimensions
from scanner.drawing import Drawing, Line, Rectangle
from scanner.errors import ScannerError
from scanner.pipeline import decode

FileFormat = Literal["svg", "png"]

PROOF_DPI = 300
"""Resolution at which the drawing of an SVG is read back."""

_GUARD_DROP = 5
"""Modules by which guard bars of EAN and UPC reach below the others (5.2.3.3)."""

_EM = 9.0
"""Size of the digits under EAN and UPC in modules: they are as wide as the seven of a digit."""

_ITF_UNITS = 2
"""python-barcode draws a narrow ITF bar two units wide, a wide one five: a ratio of 2.5."""

_BEARER = 2.0
"""Thickness of the bars above and below an ITF-14, in narrow bars (5.3.2.4)."""


def render_ean13(
    gtin13: str, fmt: FileFormat = "svg", dpi: int = 300, x_dimension: float = 0.33
) -> bytes:
    """Return an EAN-13 symbol with its digits.

    Args:
        gtin13: 13 digits, the check digit right.
        fmt: ``svg`` or ``png``.
        dpi: dots per inch of the PNG; the X-dimension is rounded to whole dots.
        x_dimension: width of a module in millimetres, 0.264 to 0.660.

    Raises:
        ScannerError: `scanner.key`, `scanner.size-below-standard`, `scanner.size-above-standard`,
            `scanner.resolution` or `scanner.unreadable-label`.
    """
    return finish(
        ean13(gtin13, _fit(dimensions.EAN_13, x_dimension, fmt, dpi)), (gtin13,), fmt, dpi
    )


def render_ean8(
    gtin8: str, fmt: FileFormat = "svg", dpi: int = 300, x_dimension: float = 0.33
) -> bytes:
    """Return an EAN-8 symbol with its digits; as `render_ean13`."""
    return finish(ean8(gtin8, _fit(dimensions.EAN_8, x_dimension, fmt, dpi)), (gtin8,), fmt, dpi)


def render_upc_a(
    gtin12: str, fmt: FileFormat = "svg", dpi: int = 300, x_dimension: float = 0.33
) -> bytes:
    """Return a UPC-A symbol with its digits; as `render_ean13`."""
    drawing = upc_a(gtin12, _fit(dimensions.UPC_A, x_dimension, fmt, dpi))
    return finish(drawing, ("0" + gtin12,), fmt, dpi)


def render_itf14(
    gtin14: str, fmt: FileFormat = "svg", dpi: int = 300, x_dimension: float = 0.495
) -> bytes:
    """Return an ITF-14 symbol with bearer bars and its digits; X-dimension 0.495 to 1.016."""
    drawing = itf14(gtin14, _fit(dimensions.ITF_14, x_dimension, fmt, dpi))
    return finish(drawing, (gtin14,), fmt, dpi)


def render_qr(
    text: str, fmt: FileFormat = "svg", dpi: int = 300, x_dimension: float = 0.495
) -> bytes:
    """Return a QR code of the text, usually a Digital Link; error correction M, four modules quiet.

    Raises:
        ScannerError: as `render_ean13`, and `scanner.content` for a text that does not fit.
    """
    return finish(qr(text, _fit(dimensions.QR_CODE, x_dimension, fmt, dpi)), (text,), fmt, dpi)


def ean13(gtin13: str, x: float) -> Drawing:
    """Return the drawing of an EAN-13 with modules of `x` millimetres."""
    (bars,) = barcode.get("ean13", _key(gtin13, 13, "EAN-13")).build()
    digits = [(-9.5, gtin13[0]), *_under(gtin13[1:7], 3), *_under(gtin13[7:], 50)]
    return _retail(bars, {*range(3), *range(45, 50), *range(92, 95)}, digits, dimensions.EAN_13, x)


def ean8(gtin8: str, x: float) -> Drawing:
    """Return the drawing of an EAN-8 with modules of `x` millimetres."""
    (bars,) = barcode.get("ean8", _key(gtin8, 8, "EAN-8")).build()
    digits = [*_under(gtin8[:4], 3), *_under(gtin8[4:], 36)]
    return _retail(bars, {*range(3), *range(31, 36), *range(64, 67)}, digits, dimensions.EAN_8, x)


def upc_a(gtin12: str, x: float) -> Drawing:
    """Return the drawing of a UPC-A with modules of `x` millimetres."""
    (bars,) = barcode.get("upca", _key(gtin12, 12, "UPC-A")).build()
    digits = [(-9.0, gtin12[0]), *_under(gtin12[1:6], 10), *_under(gtin12[6:11], 50),
              (97.0, gtin12[11])]  # fmt: skip
    # The first and the last digit of a UPC-A are as tall as its guards.
    tall = {*range(10), *range(45, 50), *range(85, 95)}
    return _retail(bars, tall, digits, dimensions.UPC_A, x)


def itf14(gtin14: str, x: float) -> Drawing:
    """Return the drawing of an ITF-14 with narrow bars of `x` millimetres."""
    (bars,) = barcode.get("itf", _key(gtin14, 14, "ITF-14")).build()
    spec, unit = dimensions.ITF_14, x / _ITF_UNITS
    quiet, bearer = spec.quiet_left * x, _BEARER * x
    height, width = spec.bar_height(x), len(bars) * unit
    em = 6 * x
    inner = _bars(bars, unit, quiet, bearer, [height] * len(bars))
    frame = tuple(Rectangle(0, y, width + 2 * quiet, bearer) for y in (0.0, bearer + height))
    text = Line(quiet + width / 2, height + 2 * bearer + em, em, gtin14, "middle")
    return Drawing(width + 2 * quiet, height + 2 * bearer + 1.4 * em, (*inner, *frame), (text,))


def qr(text: str, x: float) -> Drawing:
    """Return the drawing of a QR code with modules of `x` millimetres.

    Raises:
        ScannerError: `scanner.content` for a text that is empty or does not fit.
    """
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=0)
    code.add_data(text)
    try:
        code.make(fit=True)
    except (DataOverflowError, ValueError) as error:
        raise ScannerError("scanner.content", length=len(text)) from error
    quiet = dimensions.QR_CODE.quiet_left * x
    rectangles: list[Rectangle] = []
    for row, modules in enumerate(code.get_matrix()):
        bars = "".join("1" if module else "0" for module in modules)
        rectangles += _bars(bars, x, quiet, quiet + row * x, [x] * len(bars))
    side = code.modules_count * x + 2 * quiet
    return Drawing(side, side, tuple(rectangles), ())


def _retail(
    bars: str, tall: set[int], digits: list[tuple[float, str]], spec: Dimensions, x: float
) -> Drawing:
    """Draw an EAN or UPC: guard bars taller, digits at their modules from the first bar."""
    quiet, height, em = spec.quiet_left * x, spec.bar_height(x), _EM * x
    drop = _GUARD_DROP * x
    heights = [height + drop if module in tall else height for module in range(len(bars))]
    width = (spec.quiet_left + len(bars) + spec.quiet_right) * x
    baseline = height + 0.8 * em + x / 2
    lines = tuple(
        Line(quiet + (at + 3.5) * x, baseline, em, digit, "middle") for at, digit in digits
    )
    return Drawing(width, height + 0.9 * em + x, _bars(bars, x, quiet, 0.0, heights), lines)


def _under(digits: str, first: int) -> list[tuple[float, str]]:
    return [(first + 7.0 * place, digit) for place, digit in enumerate(digits)]


def _bars(
    bars: str, unit: float, left: float, top: float, heights: list[float]
) -> tuple[Rectangle, ...]:
    """Return one rectangle for each run of bars of equal height."""
    rectangles = []
    start = 0
    for end in range(1, len(bars) + 1):
        if end == len(bars) or bars[end] != bars[start] or heights[end] != heights[start]:
            if bars[start] == "1":
                x, width = left + start * unit, (end - start) * unit
                rectangles.append(Rectangle(x, top, width, heights[start]))
            start = end
    return tuple(rectangles)


def _key(digits: str, length: int, format_name: str) -> str:
    if (
        not (digits.isascii() and digits.isdigit())
        or len(digits) != length
        or (not check_digit.is_valid(digits))
    ):
        raise ScannerError("scanner.key", key=digits[:40], format=format_name)
    return digits


def _fit(spec: Dimensions, x_dimension: float, fmt: FileFormat, dpi: int) -> float:
    """Return the X-dimension to draw with: as asked for an SVG, in whole dots for a PNG."""
    if fmt == "svg":
        spec.check(x_dimension)
        return x_dimension
    return spec.snap(x_dimension, dpi)[0]


def finish(drawing: Drawing, texts: tuple[str, ...], fmt: FileFormat, dpi: int) -> bytes:
    """Return the file of a drawing after reading from it the texts it must carry.

    Raises:
        ScannerError: `scanner.unreadable-label` when one of the texts could not be read back.
    """
    png = drawing.as_png(dpi if fmt == "png" else PROOF_DPI)
    read = {symbol.text for symbol in decode(png, deadline=10.0).symbols}
    missing = [text for text in texts if text not in read]
    if missing:
        raise ScannerError("scanner.unreadable-label", text=missing[0][:200])
    return png if fmt == "png" else drawing.as_svg()
