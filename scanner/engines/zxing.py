"""zxing-cpp: every format of the service, works wherever Python does.

It is blind to linear codes turned by 30 to 60 degrees, to low contrast and to hard shadow; the
pipeline turns, stretches and enlarges the picture for it.

>>> import numpy as np
>>> read(np.full((40, 40), 255, np.uint8))
[]
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import zxingcpp
from zxingcpp import Barcode, BarcodeFormat

from scanner.engines.crowd import is_crowded
from scanner.engines.found import Found
from scanner.image import Grey
from scanner.reading import Position, as_position

RETAIL = (BarcodeFormat.EAN13, BarcodeFormat.EAN8, BarcodeFormat.UPCA, BarcodeFormat.UPCE)
LINEAR = (
    *RETAIL,
    BarcodeFormat.Code128,
    BarcodeFormat.Code39Std,
    BarcodeFormat.ITF,
    BarcodeFormat.DataBar,
    BarcodeFormat.DataBarLtd,
    BarcodeFormat.DataBarExp,
)
MATRIX = (
    BarcodeFormat.QRCode,
    BarcodeFormat.MicroQRCode,
    BarcodeFormat.RMQRCode,
    BarcodeFormat.DataMatrix,
)
WITH_FINDERS = {BarcodeFormat.QRCode, BarcodeFormat.MicroQRCode, BarcodeFormat.RMQRCode}
SERVICE = (*LINEAR, *MATRIX)
"""What a product or its package carries; searched for in every view."""

ANY_MATRIX = (*MATRIX, BarcodeFormat.PDF417, BarcodeFormat.AztecCode)
"""The most that is enabled beside `LINEAR`. Tickets and forms carry PDF417 and Aztec, and stand
beside symbols of the service; they are looked for once, in the first view. All others stay off:
less native code meets hostile bytes.
(Reads beyond the buffers of PDF417 were reported in 2026; whether this release has all repairs is
not established, which is why the service decodes in processes that may be killed.)
"""

WITH_ADD_ON = {
    "EAN-13": BarcodeFormat.EAN13,
    "EAN-8": BarcodeFormat.EAN8,
    "UPC-E": BarcodeFormat.UPCE,
}
"""Symbols that two or five digits may stand beside."""

ONE_ROW = {
    "Code 128": BarcodeFormat.Code128,
    "Code 39": BarcodeFormat.Code39Std,
    "ITF": BarcodeFormat.ITF,
    "DataBar": BarcodeFormat.DataBarOmni,
    "DataBar Limited": BarcodeFormat.DataBarLtd,
    "DataBar Expanded": BarcodeFormat.DataBarExp,
}
"""Linear symbols, EAN and UPC apart, that one line across them says whole."""

FAMILY = {
    **{name: (one,) for name, one in ONE_ROW.items()},
    **dict.fromkeys(("EAN-13", "EAN-8", "UPC-E"), RETAIL),
    "DataBar Stacked": (BarcodeFormat.DataBar,),
    "DataBar Expanded Stacked": (BarcodeFormat.DataBarExp,),
    "Micro QR Code": (BarcodeFormat.MicroQRCode,),
}
"""What to enable where a symbol of that name is read a second time."""

QR = (BarcodeFormat.QRCode,)

MAX_SIDE = 65_535
"""Pixels of a side beyond which zxing-cpp refuses an array."""

_LINES, _COLUMNS_APART = 250, 2
"""Lines that a quick search needs no more of, and pixels from column to column: few symbols are
read downwards."""

_LOCAL, _GLOBAL = zxingcpp.Binarizer.LocalAverage, zxingcpp.Binarizer.GlobalHistogram
_COMPONENT = "MicroPDF417"
"""Comes with PDF417, and stands in a composite alone: in the trade no symbol by itself."""

_NAMES = {"DataBar Omni": "DataBar"}


@dataclass(frozen=True, slots=True)
class Failed:
    """A QR code that was found and could not be read."""

    position: Position
    """Corners in pixels of the array, as far as they are known."""

    modules: int
    """Modules a side, by its version."""


def _barcodes(grey: Grey, **options: Any) -> list[Barcode]:
    """Return what zxing-cpp finds; nothing in an array longer than it takes (`MAX_SIDE`)."""
    if max(grey.shape) > MAX_SIDE:
        return []
    return zxingcpp.read_barcodes(grey, text_mode=zxingcpp.TextMode.Plain, **options)


def _as_they_lie(grey: Grey, wanted: BarcodeFormat, **options: Any) -> list[Barcode]:
    """Return the dark symbols of one format that rows cross, at the size there is."""
    return _barcodes(
        grey,
        formats=[wanted],
        try_rotate=False,
        try_downscale=False,
        try_invert=False,
        **options,
    )


def _extra(barcode: Barcode) -> Mapping[str, object]:
    """Return what else zxing-cpp says of a symbol, by its own names."""
    return barcode.extra or {}  # type: ignore[return-value]


def _bearable(grey: Grey, formats: Sequence[BarcodeFormat]) -> Sequence[BarcodeFormat]:
    """Leave out QR codes where to look for them would take too long."""
    if not WITH_FINDERS.isdisjoint(formats) and is_crowded(grey):
        return [each for each in formats if each not in WITH_FINDERS]
    return formats


def read(
    grey: Grey,
    formats: tuple[BarcodeFormat, ...] = SERVICE,
    *,
    invert: bool = True,
    turn: bool = True,
    one_threshold: bool = False,
) -> list[Found]:
    """Return what zxing-cpp reads in the array, in any direction.

    Args:
        grey: rows by columns of grey values.
        formats: a subset of `LINEAR` and `ANY_MATRIX`.
        invert: also look for light symbols on dark ground.
        turn: also look for symbols that are read downwards or upwards.
        one_threshold: one level parts black from white everywhere, instead of one for each
            neighbourhood: better for even light and a printed pattern in the ground.
    """
    barcodes = _barcodes(
        grey,
        formats=list(_bearable(grey, formats)),
        try_invert=invert,
        try_rotate=turn,
        binarizer=_GLOBAL if one_threshold else _LOCAL,
    )
    reads = map(_found, barcodes)
    return [found for found in reads if found.format != _COMPONENT]


def read_across(grey: Grey) -> list[Found]:
    """Return the dark linear symbols that some of the rows show.

    A search for linear symbols takes its time line by line, and most symbols are crossed by many.
    Each line keeps all its pixels.
    """
    step = max(grey.shape[0] // _LINES, 1)
    reads = read(np.ascontiguousarray(grey[::step]), LINEAR, invert=False, turn=False)
    return [_moved(found, lambda x, y: (x, y * step)) for found in reads]


def read_down(grey: Grey) -> list[Found]:
    """Return the same that some of the columns show."""
    step = max(grey.shape[1] // _LINES, _COLUMNS_APART)
    thin = grey[:, ::step]
    last = thin.shape[1] - 1
    reads = read(np.ascontiguousarray(thin.T[::-1]), LINEAR, invert=False, turn=False)
    return [_moved(found, lambda x, y: ((last - y) * step, x)) for found in reads]


def _moved(found: Found, to: Callable[[float, float], tuple[float, float]]) -> Found:
    a, b, c, d = found.position
    return replace(found, position=(to(*a), to(*b), to(*c), to(*d)))


def failed_qr(grey: Grey) -> list[Failed]:
    """Return the QR codes that were found in the array but whose error correction gave up."""
    if is_crowded(grey):
        return []
    barcodes = _barcodes(grey, formats=list(QR), try_invert=False, return_errors=True)
    return [
        Failed(_position(barcode.position), 17 + 4 * int(version))
        for barcode in barcodes
        if barcode.error is not None and (version := _version(barcode)).isdecimal()
    ]


def _version(barcode: Barcode) -> str:
    """Return the version of a QR code, 1 to 40 in digits; Micro QR has M1 to M4."""
    return str(_extra(barcode).get("Version", ""))


def read_add_on(grey: Grey, format_name: str, text: str) -> str | None:
    """Return the two or five digits to the right of a symbol of that number, if there are any."""
    wanted, kept = WITH_ADD_ON[format_name], zxingcpp.EanAddOnSymbol.Read
    for barcode in _as_they_lie(grey, wanted, ean_add_on_symbol=kept):
        add_on = _extra(barcode).get("EanAddOn")
        if isinstance(add_on, str) and barcode.text in {text, text + add_on}:
            return add_on
    return None


def read_row(grey: Grey, format_name: str) -> list[Found]:
    """Return what rows of pixels say that lie across the bars of a symbol of `ONE_ROW`."""
    return [_found(barcode) for barcode in _as_they_lie(grey, ONE_ROW[format_name])]


def _found(barcode: Barcode) -> Found:
    name = str(barcode.format)
    unused = _extra(barcode).get("UEC")
    return Found(
        engine="zxing",
        format=_NAMES.get(name, name),
        text=barcode.text,
        data=bytes(barcode.bytes),
        symbology_identifier=barcode.symbology_identifier or None,
        position=_position(barcode.position),
        corrected=unused if isinstance(unused, float) else None,
    )


def _position(corners: zxingcpp.Position) -> Position:
    around = (corners.top_left, corners.top_right, corners.bottom_right, corners.bottom_left)
    return as_position((corner.x, corner.y) for corner in around)
