"""What a label is about: a product, one of its lots, or one unit; and what each symbol says of it.

>>> item = Item("9520123456788", "https://example.com/01/09520123456788/10/L7", lot="L7")
>>> item.content(Symbology.EAN_13), item.content(Symbology.GS1_DATA_MATRIX)
('9520123456788', '[01]09520123456788[10]L7')
>>> item.retail_symbology.value
'ean-13'
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from scanner.dimensions import Symbology
from scanner.errors import ScannerError
from scanner.symbols import ELEMENT_STRINGS

_BY_LENGTH: Mapping[int, Symbology] = {
    8: Symbology.EAN_8,
    12: Symbology.UPC_A,
    13: Symbology.EAN_13,
    14: Symbology.ITF_14,
}


@dataclass(frozen=True, slots=True)
class Item:
    """What one label is about."""

    gtin: str
    """As printed: 8, 12, 13 or 14 digits."""

    digital_link: str
    """The address in a QR code."""

    name: str = ""
    """Of the product."""

    lot: str | None = None
    """Batch or lot number, AI (10)."""

    serial: str | None = None
    """Serial number, AI (21)."""

    expiry: date | None = None
    """Expiry date, AI (17)."""

    notes: tuple[str, ...] = ()
    """Further lines in words, in the language of the label; left out where there is no room."""

    @property
    def printed(self) -> str:
        """The digits of the linear symbol: a 14-digit GTIN that begins with 0 has 13."""
        long = len(self.gtin) == 14 and self.gtin.startswith("0")
        return self.gtin[1:] if long else self.gtin

    @property
    def retail_symbology(self) -> Symbology:
        """The symbol that the number of digits asks for: EAN-13, EAN-8, UPC-A or ITF-14.

        Raises:
            ScannerError: `scanner.key`.
        """
        found = _BY_LENGTH.get(len(self.printed))
        if found is None:
            raise ScannerError("scanner.key", key=self.gtin[:40], format="GTIN")
        return found

    @property
    def elements(self) -> tuple[tuple[str, str], ...]:
        """AI and value, those of predefined length first (7.8.4): they need no FNC1 after them."""
        values = (
            ("01", self.gtin.zfill(14)),
            ("17", self.expiry.strftime("%y%m%d") if self.expiry else None),
            ("10", self.lot),
            ("21", self.serial),
        )
        return tuple((ai, value) for ai, value in values if value)

    @property
    def hri(self) -> tuple[str, ...]:
        """The human readable interpretation, one element string a line (4.14)."""
        return tuple(f"({ai}) {value}" for ai, value in self.elements)

    def content(self, symbology: Symbology) -> str:
        """Return what a symbol of that kind says, as `scanner.symbols.draw` takes it.

        Raises:
            ScannerError: `scanner.key` for a symbol that cannot hold the number of the product.
        """
        if symbology is Symbology.QR_CODE:
            return self.digital_link
        if symbology in ELEMENT_STRINGS:
            return "".join(f"[{ai}]{value}" for ai, value in self.elements)
        if symbology is Symbology.CODE_128:
            return self.serial or self.lot or self.printed
        if symbology in _BY_LENGTH.values():
            return self._digits(symbology)
        return self.gtin.zfill(14)

    def _digits(self, symbology: Symbology) -> str:
        length = next(size for size, each in _BY_LENGTH.items() if each is symbology)
        full = self.gtin.zfill(14)
        if full[: 14 - length].strip("0"):
            raise ScannerError("scanner.key", key=self.gtin[:40], format=symbology.value)
        return full[14 - length :]
