"""Draws symbols as SVG or PNG, in the size the standard asks for, and reads each one back.

The bars of EAN, UPC and ITF-14 come from python-barcode, the modules of QR codes from qrcode, all
others from zxing-cpp's writer; size, quiet zones and the human readable text are ours. A symbol
leaves this module only after `scanner.decode` has read the same text from it.

>>> render_ean13("9520123456788")[:5]
b'<svg '
>>> render_ean13("9520123456789")
Traceback (most recent call last):
scanner.errors.ScannerError: scanner.key (key='9520123456789', format='EAN-13')
>>> render(Symbology.QR_CODE, "https://example.com/01/09520123456788", "png")[1:4]
b'PNG'
>>> render(Symbology.GS1_DATA_MATRIX, "[01]09520123456788[10]L7", "png")[1:4]
b'PNG'
"""

from __future__ import annotations

from typing import Literal

from scanner.dimensions import Dimensions, Environment, Symbology, dimensions, home
from scanner.drawing import Drawing
from scanner.errors import ScannerError
from scanner.pipeline import decode
from scanner.symbols import draw, printed_text

FileFormat = Literal["svg", "png"]

PROOF_DPI = 300
"""Resolution at which the drawing of an SVG is read back."""

MOST_DPI = 1200
LEAST_DPI = 150
"""Printers between these exist; a finer picture only takes memory."""


def render(
    symbology: Symbology,
    content: str,
    fmt: FileFormat = "svg",
    dpi: int = 300,
    x_dimension: float | None = None,
    environment: Environment | None = None,
) -> bytes:
    """Return one symbol with its quiet zones and human readable text.

    Args:
        symbology: what to draw.
        content: digits of EAN, UPC, ITF-14 and the DataBars that hold a GTIN alone; element
            strings with AIs in square brackets for GS1-128, GS1 DataMatrix and DataBar Expanded;
            any text for Code 128 and QR Code.
        fmt: ``svg`` or ``png``.
        dpi: dots per inch of the PNG; the X-dimension is rounded to whole dots.
        x_dimension: width of a module in millimetres; None for the one the standard aims at.
        environment: where it will be scanned; None for the one the symbology is made for.

    Raises:
        ScannerError: `scanner.key`, `scanner.content`, `scanner.element-string`, `scanner.empty`,
            `scanner.symbol-not-for-use`, `scanner.size-below-standard`,
            `scanner.size-above-standard`, `scanner.resolution` or `scanner.unreadable-label`.
    """
    drawing = drawn(symbology, content, fmt, dpi, x_dimension, environment)
    return finish(drawing, (printed_text(symbology, content),), fmt, dpi)


def drawn(
    symbology: Symbology,
    content: str,
    fmt: FileFormat,
    dpi: int,
    x_dimension: float | None,
    environment: Environment | None,
) -> Drawing:
    """Return one symbol of the size that the standard allows; as `render`, but not read back."""
    spec = dimensions(symbology, environment or home(symbology))
    x = fit(spec, spec.nominal if x_dimension is None else x_dimension, fmt, dpi)
    return draw(symbology, content, x, spec)


def render_ean13(
    gtin13: str, fmt: FileFormat = "svg", dpi: int = 300, x_dimension: float = 0.33
) -> bytes:
    """Return an EAN-13 symbol of 13 digits; as `render`."""
    return render(Symbology.EAN_13, gtin13, fmt, dpi, x_dimension)


def fit(spec: Dimensions, x_dimension: float, fmt: FileFormat, dpi: int) -> float:
    """Return the X-dimension to draw with: as asked for an SVG, in whole dots for a PNG.

    Raises:
        ScannerError: as `Dimensions.snap`; `scanner.resolution` outside of what printers have.
    """
    if not LEAST_DPI <= dpi <= MOST_DPI:
        raise ScannerError("scanner.resolution", dpi=dpi)
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
