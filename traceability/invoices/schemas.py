"""What the HTTP API answers about invoices."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from pydantic import BaseModel, ConfigDict

from traceability.invoices import intake_results
from traceability.invoices.models import Invoice, InvoiceLine
from traceability.invoices.outside.schemas import OutsideOut
from traceability.invoices.standing import POLICY


class LineOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    name: str
    quantity: Decimal | None
    unit: str | None
    gtin: str | None = None
    """A GTIN found in the line, 14 digits."""
    product_id: int | None = None
    """The product the line is linked to, by GTIN or by a confirmed alias."""


class SignatureStateOut(BaseModel):
    """What a file's own signature was found to be; the invoice itself tells more."""

    model_config = ConfigDict(from_attributes=True)

    role: str
    """seller or authority."""
    state: str


class SignatureOut(SignatureStateOut):
    """The signature of one side on an invoice."""

    signed_at: datetime | None
    """As the signer says, from a part that the signature covers."""
    certificate: str | None
    """Its subject, RFC 4514."""
    issuer: str | None
    detail: str
    """The state and what led to it, in words."""
    certificate_sha256: str | None
    valid_from: datetime | None
    valid_to: datetime | None
    checked_at: datetime
    notes: list[dict[str, Any]]
    """What led to the state: codes with their arguments."""


class ImportedOut(BaseModel):
    id: int
    file: str
    seller_tax_code: str
    form: str
    symbol: str
    number: int
    issued_on: date
    lines: list[LineOut]
    signatures: list[SignatureStateOut]
    took_over: bool
    """Another document was on record under this number and is not intact; it is a conflict now."""

    @classmethod
    def of(cls, invoice: intake_results.ImportedInvoice) -> "ImportedOut":
        return cls(
            id=invoice.id,
            file=invoice.file,
            seller_tax_code=invoice.key.seller_tax_code,
            form=invoice.key.form,
            symbol=invoice.key.symbol,
            number=invoice.key.number,
            issued_on=invoice.issued_on,
            lines=[LineOut.model_validate(line) for line in invoice.lines],
            signatures=[SignatureStateOut.model_validate(s) for s in invoice.signatures],
            took_over=invoice.took_over,
        )


class DuplicateOut(BaseModel):
    id: int | None
    """The invoice on record; null when the caller may not see it."""
    file: str
    seller_tax_code: str
    form: str
    symbol: str
    number: int
    issued_on: date
    same_content: bool
    """True for a resend; false when another document claims the same number."""
    signatures: list[SignatureStateOut]
    """Of this file, which need not be those of the invoice on record."""

    @classmethod
    def of(cls, invoice: intake_results.DuplicateInvoice) -> "DuplicateOut":
        return cls(
            id=invoice.id,
            file=invoice.file,
            seller_tax_code=invoice.key.seller_tax_code,
            form=invoice.key.form,
            symbol=invoice.key.symbol,
            number=invoice.key.number,
            issued_on=invoice.issued_on,
            same_content=invoice.same_content,
            signatures=[SignatureStateOut.model_validate(s) for s in invoice.signatures],
        )


class RejectedOut(BaseModel):
    """A refused file; the sentence `detail` is added where the language is known."""

    file: str
    code: str
    arguments: dict[str, Any]


class ImportOut(BaseModel):
    imported: list[ImportedOut]
    duplicates: list[DuplicateOut]
    rejected: list[RejectedOut]

    @classmethod
    def of(cls, result: intake_results.ImportResult) -> "ImportOut":
        return cls(
            imported=[ImportedOut.of(invoice) for invoice in result.imported],
            duplicates=[DuplicateOut.of(invoice) for invoice in result.duplicates],
            rejected=[
                RejectedOut(file=r.file, code=r.code, arguments=dict(r.arguments))
                for r in result.rejected
            ],
        )


class InvoiceSummaryOut(BaseModel):
    """An invoice in a list."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    seller_tax_code: str
    seller_name: str
    buyer_tax_code: str | None
    buyer_name: str | None
    form: str
    symbol: str
    number: int
    issued_on: date
    currency: str
    total: Decimal | None
    replaced: bool
    relation: str | None
    """1 when it replaces, 2 when it adjusts another invoice."""
    received_at: datetime


class LineDetailOut(LineOut):
    position: int
    nature: str
    item_code: str | None
    unit_price: Decimal | None
    discount: Decimal | None
    amount: Decimal | None
    vat_rate: str | None
    base_quantity: Decimal | None
    """Quantity in the product's own unit."""


class RelationOut(BaseModel):
    """An invoice that another replaces or adjusts, or a statement of many."""

    model_config = ConfigDict(from_attributes=True)

    nature: str
    """1 replaces, 2 adjusts."""
    form: str | None
    symbol: str | None
    number: int | None
    issued_on: date | None
    statement: str | None
    """Number of the statement that lists the invoices, where the file names none."""
    statement_on: date | None
    id: int | None = None
    """Of the invoice on record; null where there is none that the caller may see."""


class DepartureOut(BaseModel):
    """Something in an invoice that the rules of its day do not have: a remark, no verdict."""

    code: str
    arguments: dict[str, Any]
    sentence: str
    sources: list[str]
    """Where the rule is written."""


class InvoiceOut(InvoiceSummaryOut):
    """One invoice with its lines."""

    format_version: str
    seller_address: str
    net_total: Decimal | None
    tax_total: Decimal | None
    authority_code: str | None
    qr_text: str | None
    related_form: str | None
    related_symbol: str | None
    related_number: int | None
    """The first of `relations`."""
    relations: list[RelationOut] = []
    """All that it replaces or adjusts, in the order of the file."""
    exchange_rate: Decimal | None
    """Đồng for one unit of the currency, as stated."""
    seller_signature: str
    """State of the seller's signature; empty where it was not checked yet."""
    counts: bool
    """Its lines explain goods: it is not replaced, and its signature does not contradict it."""
    departures: list[DepartureOut] = []
    lines: list[LineDetailOut]
    signatures: list[SignatureOut] = []
    """The seller's and the tax authority's, of the best copy of this content."""
    outside: OutsideOut | None = None
    """What an outside registry said of it; null for shops, and where none is set up."""

    @classmethod
    def of(
        cls,
        invoice: Invoice,
        lines: list[InvoiceLine],
        signatures: Sequence[Mapping[str, Any]] = (),
    ) -> "InvoiceOut":
        return cls.model_validate(
            {
                **invoice.model_dump(),
                "counts": not invoice.replaced and POLICY.counts(invoice.seller_signature),
                "lines": [LineDetailOut.model_validate(line) for line in lines],
                "signatures": signatures,
            }
        )
