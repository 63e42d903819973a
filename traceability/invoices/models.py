"""Tables of the e-invoices (Decision 1450/QĐ-TCT and its successors).

The original bytes are kept as received, with their digest; the columns are what was read from
them. One row for each (seller tax code, form, symbol, number): a resend adds nothing, a different
document under the same key is kept beside the first as a conflict, or takes its place
(`standing`). One file may carry several invoices, and one invoice may come in several files:
`InvoiceSource` says which came in which.
"""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from traceability.clock import now
from traceability.db import BigId, Money, Quantity, UtcDateTime


class Invoice(SQLModel, table=True):
    __tablename__ = "invoice"
    __table_args__ = (sa.UniqueConstraint("seller_tax_code", "form", "symbol", "number"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    seller_tax_code: str = Field(max_length=14)
    form: str = Field(max_length=1)
    """KHMSHDon: 1 VAT, 2 sales, 3 public property … 9."""
    symbol: str = Field(max_length=6)
    """KHHDon, upper case: C26TAA."""
    number: int = Field(sa_type=sa.BigInteger)
    """SHDon as a number: it comes padded and unpadded."""
    issued_on: date = Field(index=True)
    """NLap."""
    format_version: str = Field(max_length=10)
    """PBan."""
    seller_name: str = Field(max_length=400)
    seller_address: str = Field(default="", max_length=500)
    buyer_tax_code: str | None = Field(default=None, max_length=14, index=True)
    buyer_name: str | None = Field(default=None, max_length=400)
    currency: str = Field(default="VND", max_length=3)
    exchange_rate: Decimal | None = Field(default=None, sa_type=Money)
    """TGia: đồng for one unit of the currency."""
    net_total: Decimal | None = Field(default=None, sa_type=Money)
    tax_total: Decimal | None = Field(default=None, sa_type=Money)
    total: Decimal | None = Field(default=None, sa_type=Money)
    """TgTTTBSo; a delivery note may state none."""
    authority_code: str | None = Field(default=None, max_length=40)
    """MCCQT."""
    qr_text: str | None = Field(default=None, max_length=512)
    """DLQRCode; no signature covers it."""
    relation: str | None = Field(default=None, max_length=1)
    """TCHDon of the first TTHDLQuan: 1 replaces, 2 adjusts. All of them are `InvoiceRelation`."""
    related_form: str | None = Field(default=None, max_length=11)
    related_symbol: str | None = Field(default=None, max_length=8)
    related_number: int | None = Field(default=None, sa_type=sa.BigInteger)
    replaced: bool = False
    """Another invoice replaces this one: its lines count nothing."""
    content_digest: str = Field(max_length=64)
    """SHA-256 of the canonical DLHDon: tells a resend from another invoice under the same key."""
    seller_signature: str = Field(default="", max_length=20)
    """State of the seller's signature on the best copy of this content: whether the lines count
    (`standing`); empty when it was never checked."""
    received_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    received_from_id: int | None = Field(
        default=None, foreign_key="party.id", index=True, sa_type=BigId
    )
    """Who handed it in; None for an administrator."""


class InvoiceRelation(SQLModel, table=True):
    """An earlier invoice that an invoice replaces or adjusts (TTHDLQuan), or a statement of many.

    Since PBan 2.1.0 one invoice may name several, or a statement that lists them outside of the
    file; then the number of the statement stands in place of an invoice's.
    """

    __tablename__ = "invoice_relation"
    __table_args__ = (
        # Finds the replacement that arrived before the invoice it replaces.
        sa.Index("ix_invoice_relation_named", "seller_tax_code", "symbol", "number"),
    )

    invoice_id: int = Field(foreign_key="invoice.id", primary_key=True, sa_type=BigId)
    position: int = Field(primary_key=True)
    """From 1, in the order of the file."""
    nature: str = Field(max_length=1)
    """TCHDon: 1 replaces, 2 adjusts."""
    seller_tax_code: str = Field(max_length=14)
    """Of both invoices."""
    form: str | None = Field(default=None, max_length=11)
    """KHMSHDCLQuan; before 2021 forms had up to eleven characters, and symbols eight."""
    symbol: str | None = Field(default=None, max_length=8)
    number: int | None = Field(default=None, sa_type=sa.BigInteger)
    issued_on: date | None = None
    """NLHDCLQuan."""
    statement: str | None = Field(default=None, max_length=50)
    """SBKCLQuan."""
    statement_on: date | None = None
    """NBKCLQuan."""


class InvoiceDocument(SQLModel, table=True):
    """The file as received, byte for byte."""

    __tablename__ = "invoice_document"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    digest: str = Field(max_length=64, unique=True)
    """SHA-256 of `content`, hexadecimal."""
    file_name: str = Field(max_length=255)
    content: bytes
    received_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    received_from_id: int | None = Field(default=None, foreign_key="party.id", sa_type=BigId)
    """Who handed it in; None for an administrator."""


class InvoiceSource(SQLModel, table=True):
    """The n-th invoice of a document."""

    __tablename__ = "invoice_source"

    document_id: int = Field(foreign_key="invoice_document.id", primary_key=True, sa_type=BigId)
    position: int = Field(primary_key=True)
    """From 1."""
    invoice_id: int = Field(foreign_key="invoice.id", index=True, sa_type=BigId)
    conflicting: bool = False
    """Same key as an invoice on record, other content: kept as evidence, not read into lines."""
    content_digest: str | None = Field(default=None, max_length=64)
    """Of this copy, as `Invoice.content_digest`; None for a conflict of an early version."""


class InvoiceLine(SQLModel, table=True):
    """A line of goods, with what the ledger of a shop and product needs in one row."""

    __tablename__ = "invoice_line"
    __table_args__ = (
        sa.Index("ix_invoice_line_bought", "buyer_tax_code", "product_id", "issued_on"),
        sa.Index("ix_invoice_line_sold", "seller_tax_code", "product_id", "issued_on"),
        sa.Index("ix_invoice_line_item", "seller_tax_code", "item_code"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    invoice_id: int = Field(foreign_key="invoice.id", index=True, sa_type=BigId)
    position: int
    nature: str = Field(max_length=1)
    """TChat: 1 goods or service, 2 promotion, 3 trade discount, 4 note, 5 special goods."""
    item_code: str | None = Field(default=None, max_length=60)
    """MHHDVu."""
    name: str = Field(max_length=500)
    unit: str | None = Field(default=None, max_length=60)
    quantity: Decimal | None = Field(default=None, sa_type=Quantity)
    unit_price: Decimal | None = Field(default=None, sa_type=Money)
    discount: Decimal | None = Field(default=None, sa_type=Money)
    amount: Decimal | None = Field(default=None, sa_type=Money)
    vat_rate: str | None = Field(default=None, max_length=20)
    gtin: str | None = Field(default=None, max_length=14, index=True)
    """A valid GTIN found in the line, 14 digits."""
    product_id: int | None = Field(default=None, foreign_key="product.id", sa_type=BigId)
    base_quantity: Decimal | None = Field(default=None, sa_type=Quantity)
    """Quantity in the product's own unit: quantity × factor of the alias; None while unlinked."""
    counted_product_id: int | None = Field(default=None, sa_type=BigId)
    """The product under which the ledger counts the line; None where it does not."""
    counted_quantity: Decimal | None = Field(default=None, sa_type=Quantity)
    """What the ledger counts of it: a change is booked as the difference from this."""
    seller_tax_code: str = Field(max_length=14)
    buyer_tax_code: str | None = Field(default=None, max_length=14)
    issued_on: date


class AliasState(StrEnum):
    """How far a statement about a code of goods is; lines follow those in force alone."""

    PROPOSED = "proposed"
    """Somebody without the right to confirm it suggests it."""
    AWAITING_SECOND = "awaiting_second"
    """Confirmed by one person; its factor is not 1, so another has to confirm it too."""
    IN_FORCE = "in_force"
    REPLACED = "replaced"
    """A later version for the same code, unit and first day holds in its place."""
    WITHDRAWN = "withdrawn"


ALWAYS = date.min
"""First day of an alias that has no first day."""


class ItemAlias(SQLModel, table=True):
    """A version of the statement that a seller's code of goods is a product (einvoice.md).

    Nothing of what is stated is ever changed: a correction is a further version, and the one
    before it says when it ended.
    """

    __tablename__ = "item_alias"
    __table_args__ = (
        sa.Index(
            "uq_item_alias_in_force",
            "seller_tax_code",
            "item_code",
            "unit",
            "valid_from",
            unique=True,
            sqlite_where=sa.text("state = 'in_force'"),
            postgresql_where=sa.text("state = 'in_force'"),
        ),
        sa.Index("ix_item_alias_code", "seller_tax_code", "item_code"),
        sa.Index("ix_item_alias_state", "state"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    seller_tax_code: str = Field(max_length=14)
    item_code: str = Field(max_length=60)
    unit: str = Field(default="", max_length=60)
    """DVTinh of the lines it holds for, folded; empty for any."""
    product_id: int = Field(foreign_key="product.id", index=True, sa_type=BigId)
    factor: Decimal = Field(default=Decimal(1), sa_type=Quantity)
    """How many of the product one unit of the line is: thùng = 24."""
    valid_from: date = ALWAYS
    """First NLap it holds for, until the next version begins; `ALWAYS` for all before that."""
    state: str = Field(default=AliasState.IN_FORCE, max_length=16)
    proposed_by: str = Field(max_length=40)
    """Who stated it: `user:3`, `key:7`, `command line`."""
    proposed_by_party_id: int | None = Field(default=None, sa_type=BigId)
    proposed_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    confirmed_by: str | None = Field(default=None, max_length=40)
    confirmed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    seconded_by: str | None = Field(default=None, max_length=40)
    """The second person, for a factor other than 1."""
    seconded_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    replaces_id: int | None = Field(default=None, sa_type=BigId)
    """The version in force before this one: what undoing brings back."""
    ended_by: str | None = Field(default=None, max_length=40)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
