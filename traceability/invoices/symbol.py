"""The number an invoice is known by: seller, form, symbol, number.

The form (mẫu số, KHMSHDon) is one digit; the symbol (ký hiệu, KHHDon) six characters: C with or
K without a code of the tax authority, the year, the kind, and two letters the seller chooses.
People write both together, in any case, and the number with or without its leading zeros:

>>> InvoiceKey.of("9999100017", "1", "c26taa", "00000012")
InvoiceKey(seller_tax_code='9999100017', form='1', symbol='C26TAA', number=12)
>>> InvoiceKey.of("9999100017", "", "1C26 TAA", "12").written
'1C26TAA 12'

A symbol whose fourth character is M comes from a cash register, and may be unsigned.
"""

import re
from dataclasses import dataclass

from traceability.invoices.errors import refusal

MAX_NUMBER = 99_999_999
"""SHDon has at most eight digits (Decision 1450/QĐ-TCT)."""

_SYMBOL = re.compile(r"[CK][0-9]{2}[TDLMNBGHXF][A-Z]{2}")
_SPACES = re.compile(r"\s+")


def compact(text: str) -> str:
    """Without spaces, in upper case.

    >>> compact(" c26 taa ")
    'C26TAA'
    """
    return _SPACES.sub("", text).upper()


def split(form: str, symbol: str) -> tuple[str, str]:
    """Form and symbol apart, also where both are written in one.

    >>> split("1", "C26TAA"), split("", "1C26TAA"), split("1", "1C26TAA")
    (('1', 'C26TAA'), ('1', 'C26TAA'), ('1', 'C26TAA'))
    """
    form, symbol = compact(form), compact(symbol)
    if len(symbol) == 7 and symbol[0].isdigit() and form in {"", symbol[0]}:
        return symbol[0], symbol[1:]
    return form, symbol


@dataclass(frozen=True, slots=True, order=True)
class InvoiceKey:
    """Two documents with equal keys claim to be the same invoice."""

    seller_tax_code: str
    form: str
    """1 VAT, 2 sales, 3 public property, 4 reserves, 5 stamps and tickets, 6 delivery note, …"""
    symbol: str
    number: int

    @classmethod
    def of(cls, seller_tax_code: str, form: str, symbol: str, number: str) -> "InvoiceKey":
        """Normalise and check the parts.

        Raises:
            InvoiceError: `invoices.value` for a form that is not 1-9, `invoices.symbol` for a
                symbol outside the grammar, `invoices.number` for a number outside 1-99999999.
        """
        form, symbol = split(form, symbol)
        if len(form) != 1 or form not in "123456789":
            raise refusal("invoices.value", field="KHMSHDon", value=form[:20])
        if not _SYMBOL.fullmatch(symbol):
            raise refusal("invoices.symbol", field="KHHDon", value=symbol[:20])
        return cls(seller_tax_code, form, symbol, invoice_number(number, "SHDon"))

    @property
    def year(self) -> int:
        """The year the symbol was opened for."""
        return 2000 + int(self.symbol[1:3])

    @property
    def from_cash_register(self) -> bool:
        return self.symbol[3] == "M"

    @property
    def written(self) -> str:
        """As people write it: form and symbol together, then the number."""
        return f"{self.form}{self.symbol} {self.number}"


def invoice_number(text: str, field: str) -> int:
    """SHDon as a number, whatever its padding.

    Raises:
        InvoiceError: `invoices.number` (field, value).
    """
    digits = compact(text)
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 20):
        raise refusal("invoices.number", field=field, value=text[:40])
    number = int(digits)
    if not 1 <= number <= MAX_NUMBER:
        raise refusal("invoices.number", field=field, value=text[:40])
    return number
