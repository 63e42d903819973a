"""The printed QR against the XML, field by field; no signature covers what is printed.

>>> QrField("SHDon", "12", "13").agrees, QrField("NLap", None, "2026-08-03").agrees
(False, None)
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol

from traceability.invoices.qr import InvoiceQr, plain
from traceability.invoices.symbol import InvoiceKey


class Compared(Protocol):
    """What is compared with a QR: an invoice as read or as stored."""

    @property
    def issued_on(self) -> date: ...
    @property
    def total(self) -> Decimal | None: ...


@dataclass(frozen=True, slots=True)
class QrField:
    """One field of the QR beside the same of the XML."""

    name: str
    """Element of the format: MST, KHMSHDon, KHHDon, SHDon, NLap, TgTTTBSo."""
    printed: str | None
    """None where the QR does not say it."""
    stated: str | None

    @property
    def agrees(self) -> bool | None:
        """None where one of them says nothing."""
        if self.printed is None or self.stated is None:
            return None
        return self.printed == self.stated


def compare(qr: InvoiceQr, invoice: Compared, key: InvoiceKey) -> list[QrField]:
    """The QR against the XML, field by field.

    The total is compared in whole đồng for invoices that print no decimals: 1 đồng is rounding.
    """
    total = invoice.total
    printed_total = qr.total
    if total is not None and printed_total is not None and abs(total - printed_total) < 1:
        printed_total = total
    return [
        QrField("MST", qr.tax_code, key.seller_tax_code),
        QrField("KHMSHDon", qr.form, key.form),
        QrField("KHHDon", qr.symbol, key.symbol),
        QrField("SHDon", str(qr.number), str(key.number)),
        QrField(
            "NLap",
            qr.issued_on.isoformat() if qr.issued_on else None,
            invoice.issued_on.isoformat(),
        ),
        QrField("TgTTTBSo", plain(printed_total) or None, plain(total) or None),
    ]
