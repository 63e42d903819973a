"""zbar, through pyzbar: a second opinion on linear codes, where the system has libzbar.

No wheel carries libzbar, so its absence is normal: `available()` says so and `read` returns
nothing. zbar guesses the character set of QR codes (and is wrong for 9 of 137), aborts on some
DataBar symbols, takes the first half of an ITF symbol for the whole, which is why only whole
cartons' are kept, and knows no Data Matrix: only the formats below are ever enabled.
"""

from __future__ import annotations

from functools import cache
from types import ModuleType
from typing import Any

from scanner.ean import as_ean13
from scanner.engines.found import Found
from scanner.image import Grey
from scanner.kinds import is_carton
from scanner.reading import Position, as_position

_FORMATS = {
    "EAN13": ("EAN-13", "]E0"),
    "EAN8": ("EAN-8", "]E4"),
    "UPCE": ("UPC-E", "]E0"),
    "CODE128": ("Code 128", None),
    "I25": ("ITF", "]I0"),
}
"""pyzbar's name: our name and symbology identifier. zbar does not tell GS1-128 from Code 128."""


def available() -> bool:
    """Return whether libzbar was found on this system."""
    return _library() is not None


def read(grey: Grey) -> list[Found]:
    """Return the linear symbols zbar reads in the array; nothing where zbar is absent."""
    library = _library()
    if library is None:
        return []
    height, width = grey.shape
    enabled = [library.ZBarSymbol[name] for name in _FORMATS]
    decoded = library.decode((grey.tobytes(), width, height), symbols=enabled)
    found = (_found(symbol) for symbol in decoded if symbol.type in _FORMATS)
    return [each for each in found if each.format != "ITF" or is_carton(each.text)]


@cache
def _library() -> ModuleType | None:
    try:
        from pyzbar import pyzbar
    except ImportError:
        return None
    return pyzbar  # type: ignore[no-any-return]


def _found(symbol: Any) -> Found:
    name, identifier = _FORMATS[symbol.type]
    data: bytes = symbol.data
    if name == "UPC-E":
        data = as_ean13(data.decode("ascii")).encode("ascii")
    return Found(
        engine="zbar",
        format=name,
        text=data.decode("ascii", "replace"),
        data=data,
        symbology_identifier=identifier,
        position=_position(symbol.rect, symbol.orientation),
    )


def _position(rectangle: Any, orientation: str) -> Position:
    """Return the corners of the upright rectangle around all scan lines that crossed the symbol.

    zbar scans along rows and columns only, so that rectangle crosses the bars even where the
    symbol is turned a little.
    """
    left, top, width, height = map(float, rectangle)
    right, bottom = left + width, top + height
    corners = ((left, top), (right, top), (right, bottom), (left, bottom))
    return as_position(corners[i] for i in _READING_ORDER[orientation])


_READING_ORDER = {"LEFT": (3, 0, 1, 2), "RIGHT": (1, 2, 3, 0), "DOWN": (2, 3, 0, 1)}
_READING_ORDER |= {"UP": (0, 1, 2, 3), "UNKNOWN": (0, 1, 2, 3)}
"""Which corner of the rectangle is top left, top right … of the symbol, by where its top points."""
