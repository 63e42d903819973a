"""Numbers of books, serials and printed music, which are GTINs under 977, 978 and 979.

>>> Isbn.parse("0-306-40615-2").value, Isbn.parse("9780306406157").as_isbn_10()
('9780306406157', '0306406152')
>>> Issn.parse("2049-3630").as_gtin()
Gtin(value='09772049363002')
>>> Ismn.parse("M-2306-7118-7").value
'9790230671187'
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self

from gs1 import check_digit
from gs1.charset import is_numeric
from gs1.errors import Gs1Error
from gs1.gtin import Gtin, compact, numeric_key


def _check_11(payload: str) -> str:
    """Return the check character modulo 11: weights 2, 3, 4 … from the right, X for ten."""
    total = sum(int(digit) * weight for weight, digit in enumerate(reversed(payload), 2))
    return "0123456789X"[-total % 11]


def _from_11(text: str, size: int) -> str:
    """Return the payload of a number of the old kind.

    Raises:
        Gs1Error: gs1.charset, gs1.check-digit.
    """
    payload, check = text[: size - 1], text[size - 1 :]
    if not is_numeric(payload):
        raise Gs1Error("gs1.charset", text)
    if _check_11(payload) != check:
        raise Gs1Error("gs1.check-digit", text, (size - 1, size), expected=_check_11(payload))
    return payload


@dataclass(frozen=True, slots=True, order=True)
class _Publication:
    """A number of 13 digits under certain prefixes."""

    prefixes: ClassVar[tuple[str, ...]]

    value: str
    """13 digits."""

    def __post_init__(self) -> None:
        """Refuse another length, check digit or prefix."""
        if numeric_key(self.value, (13,)) != self.value:
            raise Gs1Error("gs1.charset", self.value)
        if not self.value.startswith(self.prefixes):
            expected = " ".join(self.prefixes)
            raise Gs1Error("gs1.format", self.value, (0, 3), expected=expected)

    @classmethod
    def _of(cls, payload: str) -> Self:
        """Return the number of 12 digits."""
        return cls(payload + check_digit.compute(payload))

    def as_gtin(self) -> Gtin:
        """Return the number as a GTIN."""
        return Gtin(self.value.zfill(14))


class Isbn(_Publication):
    """International Standard Book Number."""

    __slots__ = ()
    prefixes = ("978", "9791", "9792", "9793", "9794", "9795", "9796", "9797", "9798", "9799")

    @classmethod
    def parse(cls, text: str) -> Isbn:
        """Return the ISBN of 10 or 13 characters; blanks and hyphens are skipped.

        Raises:
            Gs1Error: gs1.charset, gs1.length, gs1.check-digit, gs1.format for another prefix.
        """
        number = compact(text[:64]).upper()
        return cls._of("978" + _from_11(number, 10)) if len(number) == 10 else cls(number)

    def as_isbn_10(self) -> str | None:
        """Return the old form of ten characters, None under 979."""
        payload = self.value[3:12]
        return payload + _check_11(payload) if self.value.startswith("978") else None


class Issn(_Publication):
    """International Standard Serial Number; digits 11 and 12 tell variants of an issue."""

    __slots__ = ()
    prefixes = ("977",)

    @classmethod
    def parse(cls, text: str) -> Issn:
        """Return the ISSN of 8 characters, or of 13 digits; blanks and hyphens are skipped.

        Raises:
            Gs1Error: gs1.charset, gs1.length, gs1.check-digit, gs1.format for another prefix.
        """
        number = compact(text[:64]).upper()
        return cls._of(f"977{_from_11(number, 8)}00") if len(number) == 8 else cls(number)

    def as_issn(self) -> str:
        """Return the form of eight characters: ``2049-3630``."""
        payload = self.value[3:10]
        return f"{payload[:4]}-{payload[4:]}{_check_11(payload)}"


class Ismn(_Publication):
    """International Standard Music Number."""

    __slots__ = ()
    prefixes = ("9790",)

    @classmethod
    def parse(cls, text: str) -> Ismn:
        """Return the ISMN of 13 digits, or of M and 9 digits; blanks and hyphens are skipped.

        Raises:
            Gs1Error: gs1.charset, gs1.length, gs1.check-digit, gs1.format for another prefix.
        """
        number = compact(text[:64]).upper()
        return cls("9790" + number[1:] if number.startswith("M") else number)
