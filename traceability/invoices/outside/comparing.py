"""Where the outside registry contradicts an invoice on record.

A difference is a statement about two records, with an innocent explanation first: either of them
may be late. What the registry does not tell is not compared.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from traceability.invoices.models import Invoice
from traceability.invoices.outside.answers import InvoiceStatus, RegistryAnswer

TOLERANCE = Decimal(1)
"""One đồng, for rounding; amounts in another currency must be equal."""


class DifferenceCode(StrEnum):
    CANCELLED = "cancelled"
    """Cancelled there, counted here."""
    REPLACED = "replaced"
    """Replaced there, with no replacement on record here."""
    ADJUSTED = "adjusted"
    """Adjusted there, with no adjustment on record here."""
    TOTAL = "total"


@dataclass(frozen=True, slots=True)
class Difference:
    code: DifferenceCode
    here: Decimal | None = None
    """The total on record, for TOTAL."""
    there: Decimal | None = None


_STATUS = {
    InvoiceStatus.CANCELLED: DifferenceCode.CANCELLED,
    InvoiceStatus.REPLACED: DifferenceCode.REPLACED,
    InvoiceStatus.ADJUSTED: DifferenceCode.ADJUSTED,
}


def differences(
    invoice: Invoice, answer: RegistryAnswer, *, adjusted_here: bool
) -> tuple[Difference, ...]:
    """What the answer says otherwise than the record; nothing for an invoice it does not know.

    Args:
        invoice: the record.
        answer: about the same key.
        adjusted_here: an invoice on record adjusts this one.
    """
    known = {
        DifferenceCode.REPLACED: invoice.replaced,
        DifferenceCode.ADJUSTED: adjusted_here,
    }
    found = []
    code = _STATUS.get(answer.status)
    if code is not None and not known.get(code, False):
        found.append(Difference(code))
    if _totals_differ(invoice, answer):
        found.append(Difference(DifferenceCode.TOTAL, here=invoice.total, there=answer.total))
    return tuple(found)


def _totals_differ(invoice: Invoice, answer: RegistryAnswer) -> bool:
    if invoice.total is None or answer.total is None or invoice.currency != answer.currency:
        return False
    allowed = TOLERANCE if invoice.currency == "VND" else Decimal(0)
    return abs(invoice.total - answer.total) > allowed
