"""What comes in of certificates with a quantity, and what goes out."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, Field

from traceability.registry.certificate_models import CertificateStatus
from traceability.registry.fields import CodeText, Id, Input, IsoDate, Line, PositiveQuantity
from traceability.registry.schemas import DocumentNumber, Line200, Line500, Name

_LEAST = Decimal("0.000001")
Amount = Annotated[PositiveQuantity, Field(ge=_LEAST)]
Unit = Annotated[Line, Field(min_length=1, max_length=40)]
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class CertificateIn(Input):
    number: DocumentNumber
    issuer: Name
    party_id: Id | None = None
    """Whom it was issued to; missing, the actor's own party."""
    gtins: Annotated[list[CodeText], Field(max_length=100)] = Field(default_factory=list)
    """Products that it is about. Their labels are then counted against a certificate always."""
    quantity: Amount
    unit: Unit
    per_serial: Amount = Decimal(1)
    """How much of it one serial number takes."""
    area: Line200 | None = None
    valid_from: IsoDate
    valid_to: IsoDate | None = None
    document_digest: Digest | None = None
    """SHA-256 of the document's file, hexadecimal."""


class CertificateDecisionIn(Input):
    """An authority has seen the document, or takes back what it said."""

    status: Annotated[CertificateStatus, Field(strict=False)]
    decision_number: Annotated[Line, Field(min_length=1, max_length=60)] | None = None
    reason: Line500 | None = None


class CertificateOut(BaseModel):
    id: int
    number: str
    issuer: str
    party_id: int
    party_name: str
    gtins: list[str]
    quantity: Decimal
    unit: str
    per_serial: Decimal
    area: str | None
    valid_from: date
    valid_to: date | None
    document_digest: str | None
    status: str
    """pending, active, refused or revoked."""
    exceeding: str
    """What becomes of labels beyond the quantity: refuse or warn."""
    decision_number: str | None
    reason: str | None
    decided_at: datetime | None
    created_at: datetime
    issued: int
    """Serial numbers issued against it."""
    in_lots: Decimal
    """Sum of the declared quantities of its lots."""
    used: Decimal
    """Of the quantity: each lot by its quantity or its serial numbers, whichever is more."""
    left: Decimal
    """Zero where more is used than there is."""
    scanned: int
    """Different serial numbers of it that were scanned."""
    scanned_unissued: int
    """Scanned under one of its lots, but never issued: on labels made elsewhere, or misread."""
