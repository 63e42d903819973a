"""zxing-cpp: every format of the service, works wherever Python does.

It is blind to linear codes turned by 30 to 60 degrees, to low contrast and to hard shadow; the
pipeline turns, stretches and enlarges the picture for it.

>>> import numpy as np
>>> read(np.full((40, 40), 255, np.uint8))
[]
"""

from __future__ import annotations

from collections.abc import Mapping

import zxingcpp
from zxingcpp import BarcodeFormat

from scanner.engines.found import Found
from scanner.image import Grey
from scanner.reading import Position

RETAIL = (BarcodeFormat.EAN13, BarcodeFormat.EAN8, BarcodeFormat.UPCA, BarcodeFormat.UPCE)
LINEAR = (
    *RETAIL,
    BarcodeFormat.Code128,
    BarcodeFormat.Code39,
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
SERVICE = (*LINEAR, *MATRIX)
"""What is enabled. Others (PDF417, Aztec …) stay off: less native code meets hostile bytes."""

_LOCAL, _GLOBAL = zxingcpp.Binarizer.LocalAverage, zxingcpp.Binarizer.GlobalHistogram
_NAMES = {"DataBar Omni": "DataBar"}


def read(
    grey: Grey,
    formats: tuple[BarcodeFormat, ...] = SERVICE,
    *,
    invert: bool = True,
    one_threshold: bool = False,
) -> list[Found]:
    """Return what zxing-cpp reads in the array, in any direction.

    Args:
        grey: rows by columns of grey values.
        formats: a subset of `SERVICE`.
        invert: also look for light symbols on dark ground.
        one_threshold: one level parts black from white everywhere, instead of one for each
            neighbourhood: better for even light and a printed pattern in the ground.
    """
    barcodes = zxingcpp.read_barcodes(
        grey,
        formats=list(formats),  # type: ignore[arg-type]
        try_invert=invert,
        binarizer=_GLOBAL if one_threshold else _LOCAL,
        text_mode=zxingcpp.TextMode.Plain,
    )
    return [_found(barcode) for barcode in barcodes]


def _found(barcode: zxingcpp.Barcode) -> Found:
    name = str(barcode.format)
    extra: Mapping[str, object] = barcode.extra or {}  # type: ignore[assignment]
    unused = extra.get("UEC")
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
    a, b, c, d = (
        (float(corner.x), float(corner.y))
        for corner in (
            corners.top_left, corners.top_right, corners.bottom_right, corners.bottom_left,
        )
    )  # fmt: skip
    return a, b, c, d
