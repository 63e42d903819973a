"""Tables of dated lists that others keep: tax codes, customs declarations, pump logs, prices.

A list is kept as it came, with its day and its source. A newer one does not overwrite an older,
and two sources that disagree stand beside each other.
"""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from traceability.clock import now
from traceability.db import BigId, Quantity, UtcDateTime


class ListKind(StrEnum):
    INACTIVE = "inactive"
    """Tax codes that do no business at their registered address, or have ended."""
    VIOLATION_SIGNS = "violation-signs"
    """Sellers with signs of violations in their invoices, as an authority has published."""
    DECLARATIONS = "declarations"
    """Customs declarations of imported goods."""
    PUMP_LOG = "pump-log"
    """Sales that the pumps of a filling station recorded."""
    PRICES = "prices"
    """Declared retail prices."""


class DatedList(SQLModel, table=True):
    """One imported file of rows, as of a day and from a source."""

    __tablename__ = "dated_list"
    __table_args__ = (sa.UniqueConstraint("kind", "digest"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    kind: str = Field(max_length=20)
    source: str = Field(max_length=200)
    """Who keeps it, with the number of the notice."""
    dated_on: date
    """The day of which it speaks."""
    digest: str = Field(max_length=64)
    """SHA-256 of the file: the same file twice is one list."""
    file_name: str = Field(max_length=255)
    rows: int
    imported_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    imported_by_id: int | None = Field(default=None, sa_type=BigId)


class ListedTaxCode(SQLModel, table=True):
    """A tax code on a list."""

    __tablename__ = "listed_tax_code"
    __table_args__ = (sa.Index("ix_listed_tax_code_tax_code", "tax_code"),)

    list_id: int = Field(foreign_key="dated_list.id", primary_key=True, sa_type=BigId)
    row: int = Field(primary_key=True)
    """Row of the file, from 1."""
    tax_code: str = Field(max_length=14)
    valid_from: date | None = None
    valid_to: date | None = None
    """Last day on which it holds; None while it holds."""
    document: str = Field(default="", max_length=100)
    """Number of the decision or notice about this one."""


class CustomsDeclaration(SQLModel, table=True):
    """Goods that an importer declared."""

    __tablename__ = "customs_declaration"
    __table_args__ = (sa.Index("ix_customs_declaration_goods", "product_id", "importer_tax_code"),)

    list_id: int = Field(foreign_key="dated_list.id", primary_key=True, sa_type=BigId)
    row: int = Field(primary_key=True)
    number: str = Field(max_length=30)
    registered_on: date
    importer_tax_code: str = Field(max_length=14)
    product_id: int = Field(foreign_key="product.id", sa_type=BigId)
    quantity: Decimal | None = Field(default=None, sa_type=Quantity)


class PumpSale(SQLModel, table=True):
    """One sale as a pump recorded it."""

    __tablename__ = "pump_sale"
    __table_args__ = (sa.Index("ix_pump_sale_station", "tax_code", "sold_on"),)

    list_id: int = Field(foreign_key="dated_list.id", primary_key=True, sa_type=BigId)
    row: int = Field(primary_key=True)
    tax_code: str = Field(max_length=14)
    pump: str = Field(max_length=20)
    sold_at: datetime = Field(sa_type=UtcDateTime)
    sold_on: date
    """The day of it in Vietnam."""
    product_id: int = Field(foreign_key="product.id", sa_type=BigId)
    litres: Decimal = Field(sa_type=Quantity)
    unit_price: Decimal = Field(sa_type=Quantity)
    """Đồng a litre, in millionths as quantities are: the lowest and highest are asked for."""


class DeclaredPrice(SQLModel, table=True):
    """The retail price of a product from a day on, until the next one."""

    __tablename__ = "declared_price"
    __table_args__ = (sa.Index("ix_declared_price_product", "product_id", "valid_from"),)

    list_id: int = Field(foreign_key="dated_list.id", primary_key=True, sa_type=BigId)
    row: int = Field(primary_key=True)
    product_id: int = Field(foreign_key="product.id", sa_type=BigId)
    valid_from: date
    unit_price: Decimal = Field(sa_type=Quantity)
