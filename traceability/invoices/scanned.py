"""A scanned QR of a printed invoice: which invoice on record it is, and whether they agree.

Who may not see an invoice gets the answer of one that is not there.
"""

from dataclasses import dataclass

from sqlmodel import Session

from traceability.actor import Actor
from traceability.invoices import repository
from traceability.invoices.models import Invoice
from traceability.invoices.qr import InvoiceQr, parse_qr
from traceability.invoices.qr_comparison import QrField, compare
from traceability.invoices.repository import InvoiceFilter
from traceability.invoices.symbol import InvoiceKey


@dataclass(frozen=True, slots=True)
class ScannedInvoice:
    qr: InvoiceQr
    invoice: Invoice | None
    """The invoice on record, where there is one that this actor may see."""
    fields: tuple[QrField, ...]
    """The QR against that invoice; empty without one."""


def scanned_invoice(session: Session, actor: Actor, text: str | None) -> ScannedInvoice | None:
    """The invoice that a scanned text names; None when it is no invoice's QR."""
    qr = parse_qr(text) if text else None
    if qr is None:
        return None
    chosen = InvoiceFilter(seller_tax_code=qr.tax_code, symbol=qr.symbol, number=qr.number)
    found = [
        invoice
        for invoice in repository.page(session, actor, chosen, None, 10)
        if qr.form in {None, invoice.form}
    ]
    if len(found) != 1:
        return ScannedInvoice(qr, None, ())
    return ScannedInvoice(qr, found[0], qr_fields(qr, found[0]))


def printed_qr(invoice: Invoice) -> tuple[InvoiceQr, tuple[QrField, ...]] | None:
    """DLQRCode of a stored invoice against its XML; None where it carries none that is read."""
    qr = parse_qr(invoice.qr_text) if invoice.qr_text else None
    return None if qr is None else (qr, qr_fields(qr, invoice))


def qr_fields(qr: InvoiceQr, invoice: Invoice) -> tuple[QrField, ...]:
    key = InvoiceKey(invoice.seller_tax_code, invoice.form, invoice.symbol, invoice.number)
    return tuple(compare(qr, invoice, key))
