"""SSCC, the Serial Shipping Container Code: 18 digits for one parcel, case or pallet.

>>> Sscc.parse("3 9520000 000000001 2").extension_digit
3
"""

from __future__ import annotations

from dataclasses import dataclass

from gs1 import check_digit
from gs1.errors import Gs1Error
from gs1.gtin import numeric_key


@dataclass(frozen=True, slots=True, order=True)
class Sscc:
    """A SSCC with a right check digit."""

    value: str
    """18 digits."""

    def __post_init__(self) -> None:
        """Refuse what is not 18 digits with a right check digit."""
        if len(self.value) != 18 or not check_digit.is_valid(self.value):
            numeric_key(self.value, (18,))
            raise Gs1Error("gs1.charset", self.value)

    @classmethod
    def parse(cls, text: str) -> Sscc:
        """Return the SSCC; blanks and hyphens are skipped.

        Raises:
            Gs1Error: gs1.empty, gs1.charset, gs1.length, gs1.check-digit.
        """
        return cls(numeric_key(text, (18,)))

    def __str__(self) -> str:
        """Return the 18 digits."""
        return self.value

    @property
    def extension_digit(self) -> int:
        """The first digit, chosen freely by the company to have more numbers."""
        return int(self.value[0])

    def as_digital_link(self, stem: str = "https://id.gs1.org") -> str:
        """Return the Digital Link of the logistic unit."""
        return f"{stem.removesuffix('/')}/00/{self.value}"
