"""GTIN, the Global Trade Item Number: 8, 12, 13 or 14 digits on the product, 14 inside.

>>> gtin = Gtin.parse("952 0123 45678 8")
>>> gtin.value, gtin.format
('09520123456788', <GtinFormat.GTIN_13: 13>)
>>> gtin == Gtin.parse("09520123456788")
True
>>> Gtin.parse("00012345678905").as_gtin_12()
'012345678905'

The 14-digit form with zeros in front and the shorter printed form are one number, so they are
equal; the format tells the shortest form the number has.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

from gs1 import check_digit
from gs1.charset import is_numeric
from gs1.errors import Gs1Error

_BLANKS = str.maketrans("", "", " -\u00a0")


class GtinFormat(enum.IntEnum):
    """The printed length of a GTIN, in digits."""

    GTIN_8 = 8
    GTIN_12 = 12
    GTIN_13 = 13
    GTIN_14 = 14


def compact(text: str) -> str:
    """Return the text without blanks and hyphens."""
    return text.translate(_BLANKS)


def numeric_key(text: str, lengths: tuple[int, ...]) -> str:
    """Return the compacted number if it has one of the lengths and a right check digit.

    Raises:
        Gs1Error: gs1.empty, gs1.charset, gs1.length, gs1.check-digit.
    """
    if len(text) > 64:
        raise Gs1Error("gs1.length", text[:100], expected=lengths[-1])
    number = text if text.isdigit() else compact(text)
    if not number:
        raise Gs1Error("gs1.empty", text)
    if not is_numeric(number):
        at = next(i for i, c in enumerate(number) if not is_numeric(c))
        raise Gs1Error("gs1.charset", number, (at, at + 1), test="NON_DIGIT_CHARACTER")
    if len(number) not in lengths:
        raise Gs1Error("gs1.length", number, expected=lengths[-1], found=len(number))
    if not check_digit.is_valid(number):
        raise Gs1Error(
            "gs1.check-digit",
            number,
            (len(number) - 1, len(number)),
            expected=check_digit.compute(number[:-1]),
            test="INCORRECT_CHECK_DIGIT",
        )
    return number


@dataclass(frozen=True, slots=True, order=True)
class Gtin:
    """A GTIN with a right check digit."""

    value: str
    """14 digits."""

    def __post_init__(self) -> None:
        """Refuse what is not 14 digits with a right check digit."""
        if len(self.value) != 14 or not check_digit.is_valid(self.value):
            numeric_key(self.value, (14,))
            raise Gs1Error("gs1.charset", self.value)

    @classmethod
    def parse(cls, text: str) -> Gtin:
        """Return the GTIN of 8, 12, 13 or 14 digits; blanks and hyphens are skipped.

        Raises:
            Gs1Error: gs1.empty, gs1.charset, gs1.length, gs1.check-digit.
        """
        return cls(numeric_key(text, (8, 12, 13, 14)).zfill(14))

    def __str__(self) -> str:
        """Return the 14 digits."""
        return self.value

    @property
    def format(self) -> GtinFormat:
        """The shortest form the number has; GTIN-8 only in its own range."""
        if self.value[0] != "0":
            return GtinFormat.GTIN_14
        if self.value[1] != "0":
            return GtinFormat.GTIN_13
        # 0000001 to 0000099 as a GTIN-12 would read as a GTIN-8, and is not issued as one.
        return GtinFormat.GTIN_8 if self.value.startswith("000000") else GtinFormat.GTIN_12

    @property
    def indicator(self) -> int:
        """First of the 14 digits: 0 base unit, 1 to 8 packaging level, 9 variable measure."""
        return int(self.value[0])

    @property
    def check_digit(self) -> str:
        """The last digit."""
        return self.value[-1]

    @property
    def printed(self) -> str:
        """The digits in the shortest form."""
        return self.value[14 - self.format :]

    @property
    def prefix(self) -> str:
        """The GS1 prefix: three digits; of a GTIN-8, its own first three."""
        return self.value[6:9] if self.format is GtinFormat.GTIN_8 else self.value[1:4]

    def as_gtin_8(self) -> str:
        """Return the 8-digit form; see `as_gtin_14` for what is raised."""
        return self._shortened(8)

    def as_gtin_12(self) -> str:
        """Return the 12-digit form; see `as_gtin_14` for what is raised."""
        return self._shortened(12)

    def as_gtin_13(self) -> str:
        """Return the 13-digit form; see `as_gtin_14` for what is raised."""
        return self._shortened(13)

    def as_gtin_14(self) -> str:
        """Return the 14-digit form; shorter forms raise gs1.length where digits would be lost."""
        return self.value

    def _shortened(self, size: int) -> str:
        """Return the last digits if only zeros stand before them."""
        if self.value[: 14 - size].strip("0"):
            raise Gs1Error("gs1.length", self.value, (0, 14 - size), expected=size)
        return self.value[14 - size :]

    def base_unit(self) -> Gtin:
        """Return the GTIN of the item inside a package level: indicator 0, new check digit."""
        payload = "0" + self.value[1:13]
        return Gtin(payload + check_digit.compute(payload))

    def with_indicator(self, indicator: int) -> Gtin:
        """Return the GTIN-14 of a packaging level of this item.

        Raises:
            Gs1Error: gs1.format when the indicator is not 1 to 9.
        """
        if not 1 <= indicator <= 9:
            raise Gs1Error("gs1.format", str(indicator), expected="1-9")
        payload = f"{indicator}{self.value[1:13]}"
        return Gtin(payload + check_digit.compute(payload))
