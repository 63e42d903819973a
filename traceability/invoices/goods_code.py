"""A GTIN in a line of an invoice.

The format has no place for it: some sellers use it as their code of goods (MHHDVu), some add it
among the free fields (TTKhac). Only a whole value counts, with a printed length and a right check
digit; a line is linked by it only where a product with that GTIN is registered.

>>> gtin_in("9520123456788", [])
'09520123456788'
>>> gtin_in("SP-01", [("Mã vạch", "9520123456788"), ("Số lô", "A1")])
'09520123456788'
>>> gtin_in("9520123456789", []) is None
True

One number of eight digits in ten has a right check digit by chance, and dates have eight: a free
field counts where its name says that it holds a GTIN, or where it has thirteen digits or more.

>>> gtin_in("", [("Hạn dùng", "20260828")]) is None, gtin_in("", [("EAN", "20260828")])
(True, '00000020260828')
"""

from collections.abc import Iterable

from gs1 import check_digit
from traceability.folding import fold

_LENGTHS = frozenset({8, 12, 13, 14})
_LONG = frozenset({13, 14})
_NAMES = ("gtin", "ean", "upc", "barcode", "bar code", "ma vach", "mavach")


def gtin_in(item_code: str, extras: Iterable[tuple[str, str]]) -> str | None:
    """The GTIN of a line, 14 digits; None without one.

    The code of goods goes first, then the fields whose name says what they hold, then the others.

    Args:
        item_code: MHHDVu.
        extras: name and value of the fields in TTKhac.
    """
    found = _gtin(item_code, _LENGTHS)
    if found is not None:
        return found
    others = []
    for name, value in extras:
        if not value[:1].isdigit():
            continue
        if any(each in fold(name) for each in _NAMES):
            found = found or _gtin(value, _LENGTHS)
        else:
            others.append(value)
    return found or next((g for value in others if (g := _gtin(value, _LONG))), None)


def _gtin(text: str, lengths: frozenset[int]) -> str | None:
    value = text.replace(" ", "")
    if len(value) in lengths and check_digit.is_valid(value) and value.strip("0"):
        return value.zfill(14)
    return None
