"""GLN, the Global Location Number: 13 digits for a party or a place.

>>> Gln.parse("9520000000004").as_digital_link()
'https://id.gs1.org/414/9520000000004'
"""

from __future__ import annotations

from dataclasses import dataclass

from gs1 import check_digit
from gs1.errors import Gs1Error
from gs1.gtin import numeric_key


@dataclass(frozen=True, slots=True, order=True)
class Gln:
    """A GLN with a right check digit."""

    value: str
    """13 digits."""

    def __post_init__(self) -> None:
        """Refuse what is not 13 digits with a right check digit."""
        if len(self.value) != 13 or not check_digit.is_valid(self.value):
            numeric_key(self.value, (13,))
            raise Gs1Error("gs1.charset", self.value)

    @classmethod
    def parse(cls, text: str) -> Gln:
        """Return the GLN; blanks and hyphens are skipped.

        Raises:
            Gs1Error: gs1.empty, gs1.charset, gs1.length, gs1.check-digit.
        """
        return cls(numeric_key(text, (13,)))

    def __str__(self) -> str:
        """Return the 13 digits."""
        return self.value

    def as_digital_link(self, stem: str = "https://id.gs1.org") -> str:
        """Return the Digital Link of the place."""
        return f"{stem.removesuffix('/')}/414/{self.value}"
