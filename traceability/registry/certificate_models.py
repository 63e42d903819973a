"""Tables of certificates that bound a quantity: ten thousand roots of one garden, and no more."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from traceability.clock import now
from traceability.db import BigId, Quantity, UtcDateTime


class CertificateStatus(StrEnum):
    PENDING = "pending"
    """Handed in by its holder; no authority has seen it."""
    ACTIVE = "active"
    REFUSED = "refused"
    REVOKED = "revoked"


class Exceeding(StrEnum):
    """What becomes of labels and lots beyond the quantity of a certificate."""

    REFUSE = "refuse"
    WARN = "warn"
    """Taken on record, and told to inspectors as QUOTA_EXCEEDED."""


class QuantityCertificate(SQLModel, table=True):
    """An authority's word that a party has so much of something, and no more."""

    __tablename__ = "quantity_certificate"
    __table_args__ = (sa.UniqueConstraint("party_id", "number"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    number: str = Field(max_length=100)
    issuer: str = Field(max_length=300)
    """The authority, as the document names it."""
    party_id: int = Field(foreign_key="party.id", sa_type=BigId)
    """Whom it was issued to."""
    quantity: Decimal = Field(sa_type=Quantity)
    unit: str = Field(max_length=40)
    per_serial: Decimal = Field(default=Decimal(1), sa_type=Quantity)
    """How much of it one serial number takes, in the unit."""
    area: str | None = Field(default=None, max_length=200)
    """Code or name of the growing area that it is about."""
    valid_from: date
    valid_to: date | None = None
    document_digest: str | None = Field(default=None, max_length=64)
    """SHA-256 of the document's file, hexadecimal."""
    status: str = Field(max_length=10, index=True)
    exceeding: str = Field(default=Exceeding.REFUSE, max_length=10)
    decision_number: str | None = Field(default=None, max_length=60)
    reason: str | None = Field(default=None, max_length=500)
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)


class CertificateProduct(SQLModel, table=True):
    """A product that a certificate is about; without one it is about whatever its holder makes."""

    __tablename__ = "certificate_product"

    certificate_id: int = Field(
        foreign_key="quantity_certificate.id", primary_key=True, sa_type=BigId
    )
    product_id: int = Field(
        foreign_key="product.id", primary_key=True, index=True, sa_type=BigId
    )  # fmt: skip
