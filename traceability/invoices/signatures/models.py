"""Tables of what signatures were found to be, and of whom the operator trusts."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from traceability.clock import now
from traceability.db import BigId, UtcDateTime


class InvoiceSignature(SQLModel, table=True):
    """The signature of one side on the n-th invoice of a document, as last checked."""

    __tablename__ = "invoice_signature"

    document_id: int = Field(foreign_key="invoice_document.id", primary_key=True, sa_type=BigId)
    position: int = Field(primary_key=True)
    """From 1."""
    role: str = Field(primary_key=True, max_length=10)
    """seller or authority."""
    invoice_id: int = Field(foreign_key="invoice.id", index=True, sa_type=BigId)
    state: str = Field(max_length=20)
    notes: list[dict[str, Any]] = Field(default_factory=list, sa_type=sa.JSON)
    """What led to the state: codes with their arguments."""
    signed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """As the signer says, from a part that the signature covers."""
    subject: str | None = Field(default=None, max_length=500)
    """Of the certificate, RFC 4514; None with all that follows where there is none."""
    issuer: str | None = Field(default=None, max_length=500)
    fingerprint: str | None = Field(default=None, max_length=64)
    """SHA-256 of the certificate, hexadecimal."""
    valid_from: datetime | None = Field(default=None, sa_type=UtcDateTime)
    valid_to: datetime | None = Field(default=None, sa_type=UtcDateTime)
    checked_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)


class TrustedCertificate(SQLModel, table=True):
    """A certificate of the trust store, as the operator loaded it."""

    __tablename__ = "trusted_certificate"

    fingerprint: str = Field(primary_key=True, max_length=64)
    """SHA-256, hexadecimal."""
    subject: str = Field(max_length=500)
    issuer: str = Field(max_length=500)
    valid_from: datetime = Field(sa_type=UtcDateTime)
    valid_to: datetime = Field(sa_type=UtcDateTime)
    der: bytes
    file_name: str = Field(max_length=255)
    loaded_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
