"""North American coupon codes: AI 8110 (coupon code) and AI 8112 (positive offer file coupon).

Both are chains of digits in which a length indicator says how many digits follow, so the tests walk
along with a cursor. AI 8110 has six optional fields at the end, each opened by its own digit, in
ascending order (North American Coupon Application Guideline, GS1 US).

>>> couponcode("012345612345611110123") is None
True
>>> couponcode("0123456123456111101230")
Fault(test='COUPON_EXCESS_DATA', start=21, end=22)
"""

from __future__ import annotations

from collections.abc import Callable

from gs1.dates import yymmdd
from gs1.fault import Fault, digits_only


class _BrokenCouponError(Exception):
    """Carries the first fault out of the walk."""

    def __init__(self, test: str, start: int, end: int) -> None:
        super().__init__(test)
        self.fault = Fault(f"COUPON_{test}", start, end)


class _Cursor:
    """A walk along the digits of a coupon."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def one(self, missing: str, invalid: str = "", allowed: str = "0123456789") -> str:
        """Take one digit that must be there and be one of those allowed."""
        if self.at == len(self.text):
            raise _BrokenCouponError(missing, 0, len(self.text))
        digit = self.text[self.at]
        if digit not in allowed:
            raise _BrokenCouponError(invalid, self.at, self.at + 1)
        self.at += 1
        return digit

    def run(self, size: int, truncated: str) -> str:
        """Take that many digits; a run that is wholly absent is blamed on the whole text."""
        start, end = self.at, self.at + size
        if end > len(self.text):
            raise _BrokenCouponError(
                truncated, start if start < len(self.text) else 0, len(self.text)
            )
        self.at = end
        return self.text[start:end]

    def sized(self, name: str, allowed: str, plus: int = 0) -> None:
        """Take a length indicator and the run it announces: `plus` more digits than it says."""
        indicator = self.one(f"MISSING_{name}_VLI", f"INVALID_{name}_LENGTH", allowed)
        self.run(int(indicator) + plus, f"TRUNCATED_{name}")

    def optional_prefix(self, name: str) -> None:
        """Take a sized company prefix; the indicator 9 says that there is none."""
        if self.text.startswith("9", self.at):
            self.at += 1
        else:
            self.sized(name, "0123456", 6)

    def requirement(self, rank: str) -> None:
        """Take a purchase requirement, its code and the family code."""
        name = f"{rank}_PURCHASE_REQUIREMENT"
        self.sized(name, "12345")
        self.one(f"MISSING_{name}_CODE", f"INVALID_{name}_CODE", "012349")
        self.run(3, f"TRUNCATED_{rank}_PURCHASE_FAMILY_CODE")

    def date(self, too_short: str, invalid: str) -> str:
        """Take a date YYMMDD."""
        digits = self.run(6, too_short)
        if yymmdd(digits):
            raise _BrokenCouponError(invalid, self.at - 6, self.at)
        return digits

    def opened_by(self, digit: str) -> bool:
        """Take the digit that opens an optional field, if it is there."""
        opened = self.text.startswith(digit, self.at)
        self.at += opened
        return opened

    def close(self) -> None:
        """Require that nothing is left."""
        if self.at != len(self.text):
            raise _BrokenCouponError("EXCESS_DATA", self.at, len(self.text))


def _optional_fields(cursor: _Cursor) -> None:
    """Take the optional fields 1 to 6 and 9 of AI 8110."""
    if cursor.opened_by("1"):
        rules = "ADDITIONAL_PURCHASE_RULES_CODE"
        cursor.one(f"MISSING_{rules}", f"INVALID_{rules}", "0123")
        cursor.requirement("2ND")
        cursor.optional_prefix("2ND_PURCHASE_GCP")
    if cursor.opened_by("2"):
        cursor.requirement("3RD")
        cursor.optional_prefix("3RD_PURCHASE_GCP")
    _validity(cursor)
    if cursor.opened_by("5"):
        cursor.sized("SERIAL_NUMBER", "0123456789", 6)
    if cursor.opened_by("6"):
        cursor.sized("RETAILER_GCP_OR_GLN", "1234567", 6)
    if cursor.opened_by("9"):
        cursor.one("MISSING_SAVE_VALUE_CODE", "INVALID_SAVE_VALUE_CODE", "01256")
        item = "SAVE_VALUE_APPLIES_TO_ITEM"
        cursor.one(f"MISSING_{item}", f"INVALID_{item}", "012")
        cursor.one("MISSING_STORE_COUPON_FLAG")
        cursor.one("MISSING_DONT_MULTIPLY_FLAG", "INVALID_DONT_MULTIPLY_FLAG", "01")


def _validity(cursor: _Cursor) -> None:
    """Take the optional expiration and start dates, which must be in order."""
    expiration = start = ""
    if cursor.opened_by("3"):
        # The dictionary spells the name of this test so.
        expiration = cursor.date("TOO_SHORT_FOR_EXPIRATION_DATE", "INVALID_EXIPIRATION_DATE")
    if cursor.opened_by("4"):
        start = cursor.date("TOO_SHORT_FOR_START_DATE", "INVALID_START_DATE")
    if expiration and start > expiration:
        raise _BrokenCouponError("EXPIRATION_BEFORE_START", cursor.at - 14, cursor.at)


def _coupon_code(cursor: _Cursor) -> None:
    """Take a whole coupon of AI 8110."""
    cursor.sized("GCP", "0123456", 6)
    cursor.run(6, "TRUNCATED_OFFER_CODE")
    cursor.sized("SAVE_VALUE", "12345")
    cursor.requirement("1ST")
    _optional_fields(cursor)
    cursor.close()


def _positive_offer(cursor: _Cursor) -> None:
    """Take a whole coupon of AI 8112."""
    cursor.one("MISSING_FORMAT_CODE", "INVALID_FORMAT_CODE", "01")
    cursor.sized("FUNDER", "0123456", 6)
    cursor.run(6, "TRUNCATED_OFFER_CODE")
    cursor.sized("SERIAL_NUMBER", "0123456789", 6)
    cursor.close()


def _walk(text: str, take: Callable[[_Cursor], None]) -> Fault | None:
    """Return the first fault met while taking the whole text."""
    if fault := digits_only(text):
        return fault
    try:
        take(_Cursor(text))
    except _BrokenCouponError as broken:
        return broken.fault
    return None


def couponcode(text: str) -> Fault | None:
    """Test a coupon of AI 8110."""
    return _walk(text, _coupon_code)


def couponposoffer(text: str) -> Fault | None:
    """Test a positive offer file coupon of AI 8112."""
    return _walk(text, _positive_offer)
