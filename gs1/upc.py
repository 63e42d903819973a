"""UPC-E: the short form of a GTIN-12 with many zeros, six digits between two of their own.

>>> expand("04252614")
Gtin(value='00042100005264')
>>> shorten(expand("04252614"))
'04252614'

A UPC-E of eight digits looks like a GTIN-8, so it is expanded only where somebody knows what it is.
"""

from __future__ import annotations

from gs1 import check_digit
from gs1.charset import is_numeric
from gs1.errors import Gs1Error
from gs1.gtin import Gtin, compact


def expand(text: str) -> Gtin:
    """Return the GTIN of a UPC-E.

    Args:
        text: six digits; or seven with the number system 0 or 1 in front; or eight with the check
            digit behind.

    Raises:
        Gs1Error: gs1.charset, gs1.length, gs1.format for a number system other than 0 and 1,
            gs1.check-digit.
    """
    digits = compact(text[:64])
    if not is_numeric(digits):
        raise Gs1Error("gs1.charset", digits)
    if not 6 <= len(digits) <= 8:
        raise Gs1Error("gs1.length", digits, expected=8, found=len(digits))
    if len(digits) == 6:
        digits = f"0{digits}"
    if digits[0] not in "01":
        raise Gs1Error("gs1.format", digits, (0, 1), expected="0-1")
    payload = digits[0] + _expanded(digits[1:7])
    number = payload + check_digit.compute(payload)
    if digits[7:] not in ("", number[-1]):
        raise Gs1Error("gs1.check-digit", digits, (7, 8), expected=number[-1])
    return Gtin(number.zfill(14))


def _expanded(six: str) -> str:
    """Return the ten digits that six stand for; the last says where the zeros were."""
    last = six[5]
    if last in "012":
        return f"{six[:2]}{last}0000{six[2:5]}"
    if last == "3":
        return f"{six[:3]}00000{six[3:5]}"
    if last == "4":
        return f"{six[:4]}00000{six[4]}"
    return f"{six[:5]}0000{last}"


def shorten(gtin: Gtin) -> str | None:
    """Return the UPC-E of a GTIN, eight digits; None when it has not enough zeros for one."""
    if not gtin.value.startswith(("000", "001")):
        return None
    system, ten, check = gtin.value[2], gtin.value[3:13], gtin.value[13]
    shorts = (
        ten[:2] + ten[7:] + ten[2],
        ten[:3] + ten[8:] + "3",
        ten[:4] + ten[9] + "4",
        ten[:5] + ten[9],
    )
    for six in shorts:
        if _expanded(six) == ten:
            return system + six + check
    return None
