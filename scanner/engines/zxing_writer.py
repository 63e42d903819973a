"""zxing-cpp's writer: modules of the symbols that other libraries get wrong or do not know.

python-barcode writes GS1-128 without the FNC1 between element strings of variable length, and
nothing of GS1 DataBar; no library beside it writes a Data Matrix with FNC1 first.

>>> matrix(Symbology.GS1_DATA_MATRIX, "[01]09520123456788").shape
(16, 16)
"""

from __future__ import annotations

import threading
from collections.abc import Mapping

import numpy as np
import zxingcpp
from numpy.typing import NDArray
from zxingcpp import BarcodeFormat

from scanner.dimensions import Symbology
from scanner.image import Grey

Matrix = NDArray[np.bool_]
"""Rows by columns of modules, True where dark."""

_WRITING = threading.Lock()
"""The encoder below zxing-cpp keeps no promise about threads."""


_FORMATS: Mapping[Symbology, BarcodeFormat] = {
    Symbology.EAN_13: BarcodeFormat.EAN13,
    Symbology.EAN_8: BarcodeFormat.EAN8,
    Symbology.UPC_A: BarcodeFormat.EAN13,  # read as EAN-13 with a leading 0
    Symbology.ITF_14: BarcodeFormat.ITF,
    Symbology.CODE_128: BarcodeFormat.Code128,
    Symbology.GS1_128: BarcodeFormat.Code128,
    Symbology.DATABAR_OMNI: BarcodeFormat.DataBarOmni,
    Symbology.DATABAR_STACKED: BarcodeFormat.DataBarStk,
    Symbology.DATABAR_STACKED_OMNI: BarcodeFormat.DataBarStkOmni,
    Symbology.DATABAR_LIMITED: BarcodeFormat.DataBarLtd,
    Symbology.DATABAR_EXPANDED: BarcodeFormat.DataBarExp,
    Symbology.DATABAR_EXPANDED_STACKED: BarcodeFormat.DataBarExpStk,
    Symbology.GS1_DATA_MATRIX: BarcodeFormat.DataMatrix,
    Symbology.QR_CODE: BarcodeFormat.QRCode,
}
_OPTIONS: Mapping[Symbology, Mapping[str, object]] = {
    Symbology.GS1_128: {"gs1": True},
    Symbology.DATABAR_EXPANDED: {"gs1": True},
    Symbology.DATABAR_EXPANDED_STACKED: {"gs1": True},
    # Left to itself it takes the long shapes of ISO/IEC 21471, which GS1 does not allow.
    Symbology.GS1_DATA_MATRIX: {"gs1": True, "force_square": True},
    Symbology.QR_CODE: {"ec_level": "M"},
}


def matrix(symbology: Symbology, text: str) -> Matrix:
    """Return the modules of a symbol without quiet zone; bars of linear symbols are columns.

    Args:
        symbology: what to write.
        text: digits, plain text, or element strings whose AIs stand in square brackets.

    Raises:
        ValueError: the text does not fit into the symbol.
    """
    with _WRITING:
        code = zxingcpp.create_barcode(text, _FORMATS[symbology], **_OPTIONS.get(symbology, {}))
        levels: Grey = np.asarray(code.to_image(scale=1, add_quiet_zones=False))
        return np.equal(levels, 0)


def read_back(grey: Grey, symbology: Symbology) -> set[bytes]:
    """Return the bytes of the clean, upright symbols of one symbology in a drawing."""
    formats = zxingcpp.BarcodeFormats([_FORMATS[symbology]])
    found = zxingcpp.read_barcodes(
        grey, formats=formats, try_rotate=False, try_downscale=False, try_invert=False
    )
    return {each.bytes for each in found}
