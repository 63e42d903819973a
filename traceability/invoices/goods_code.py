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
"""

from collections.abc import Iterable

from gs1 import check_digit

_LENGTHS = frozenset({8, 12, 13, 14})


def gtin_in(item_code: str, extras: Iterable[tuple[str, str]]) -> str | None:
    """The first GTIN among the code of goods and the free fields, 14 digits; None without one.

    Args:
        item_code: MHHDVu.
        extras: name and value of the fields in TTKhac.
    """
    for value in (item_code, *(value for _, value in extras)):
        if len(value) in _LENGTHS and check_digit.is_valid(value) and value.strip("0"):
            return value.zfill(14)
    return None
