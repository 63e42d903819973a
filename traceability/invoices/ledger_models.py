"""Tables of the ledger: daily sums of invoice lines, and what people state about a shelf.

`LedgerDay` is made of invoice lines and can be made anew from them at any time. `StockRecord` and
`OriginClaim` are evidence of their own, which no document of the tax authority holds: they are
written once and never computed.
"""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from traceability.clock import now
from traceability.db import BigId, Quantity, UtcDateTime


class Side(StrEnum):
    BOUGHT = "bought"
    SOLD = "sold"


class LedgerDay(SQLModel, table=True):
    """What one party bought or sold of one product, in one unit, by the invoices of one day.

    Whole units and millionths are summed apart: the sum of two large quantities in millionths
    can leave 64 bits.
    """

    __tablename__ = "ledger_day"
    # Kept in the order of its key, in which a balance sums: no sorting, no look-up of rows.
    __table_args__ = {"sqlite_with_rowid": False}

    tax_code: str = Field(max_length=14, primary_key=True)
    product_id: int = Field(primary_key=True, sa_type=BigId)
    side: str = Field(max_length=6, primary_key=True)
    unit: str = Field(max_length=60, primary_key=True)
    """Folded unit of the lines; empty where a factor made it the product's own unit."""
    day: date = Field(primary_key=True)
    whole: int = Field(sa_type=sa.BigInteger)
    part: int = Field(sa_type=sa.BigInteger)
    """Millionths that are left beside the whole units; with their sign, not carried over."""
    lines: int


class StockKind(StrEnum):
    OPENING = "opening"
    """Counted at the start of a day: the balance begins anew with it."""
    RETURNED = "returned"
    """Went back to a supplier without an invoice of its own."""
    SEIZED = "seized"
    COUNTED = "counted"
    """Seen on the shelf by an inspector; compared with the balance, never added to it."""


class StockRecord(SQLModel, table=True):
    """A statement about the stock of a product at a shop that no invoice makes."""

    __tablename__ = "stock_record"
    __table_args__ = (
        sa.UniqueConstraint("nonce"),
        sa.Index("ix_stock_record_shelf", "tax_code", "product_id", "observed_on"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    tax_code: str = Field(max_length=14)
    product_id: int = Field(foreign_key="product.id", sa_type=BigId)
    kind: str = Field(max_length=8)
    quantity: Decimal = Field(sa_type=Quantity)
    """In the product's own unit; never below nothing."""
    observed_on: date
    """The day in Vietnam on which it holds."""
    observed_at: datetime = Field(sa_type=UtcDateTime)
    """For a count, when the inspection began."""
    document: str = Field(default="", max_length=100)
    """Number of the minutes or the decision it rests on."""
    recorded_by_id: int | None = Field(default=None, sa_type=BigId)
    """The user; None when an API key did, see the audit log."""
    recorded_role: str = Field(max_length=20)
    """Role of whoever stated it: a shop's own opening count weighs less than an inspector's."""
    recorded_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    nonce: str = Field(max_length=64)
    """Of the form or request: sent twice, it is one record."""


class OriginClaim(SQLModel, table=True):
    """At an inspection a shop says: so many of these goods came by that invoice."""

    __tablename__ = "origin_claim"
    __table_args__ = (sa.UniqueConstraint("nonce"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    tax_code: str = Field(max_length=14, index=True)
    """The shop on whose shelf the goods are."""
    product_id: int = Field(foreign_key="product.id", sa_type=BigId)
    invoice_id: int = Field(foreign_key="invoice.id", index=True, sa_type=BigId)
    quantity: Decimal = Field(sa_type=Quantity)
    inspected_at: datetime = Field(sa_type=UtcDateTime)
    """When the inspection began at which it was said."""
    recorded_by_id: int | None = Field(default=None, sa_type=BigId)
    recorded_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    nonce: str = Field(max_length=64)
