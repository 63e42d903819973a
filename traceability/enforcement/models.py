"""Tables of what the public and the authorities do about a finding: reports."""

from datetime import datetime
from enum import StrEnum

from sqlmodel import Field, SQLModel

from traceability.clock import now
from traceability.db import BigId, UtcDateTime


class ReportStatus(StrEnum):
    RECEIVED = "received"
    IN_REVIEW = "in_review"
    CLOSED = "closed"


class ReportReason(StrEnum):
    LABEL_DIFFERS = "label_differs"
    PACK_LOOKS_DIFFERENT = "pack_looks_different"
    BOUGHT_EXPIRED = "bought_expired"
    MADE_ME_ILL = "made_me_ill"
    CODE_NOT_FOUND = "code_not_found"
    OTHER = "other"


class Report(SQLModel, table=True):
    """What a member of the public tells the authority about a product in hand."""

    __tablename__ = "report"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    tracking_code: str = Field(max_length=16, unique=True)
    reason: str = Field(max_length=30)
    text: str = Field(default="", max_length=4000)
    code_text: str = Field(default="", max_length=4000)
    """The code it is about, as read or typed."""
    gtin: str | None = Field(default=None, max_length=14, index=True)
    place: str | None = Field(default=None, max_length=300)
    area_code: str | None = Field(default=None, max_length=10, index=True)
    contact: str | None = Field(default=None, max_length=200)
    """Given by choice; erased when the report is closed."""
    photo: bytes | None = None
    photo_media_type: str | None = Field(default=None, max_length=30)
    status: str = Field(default=ReportStatus.RECEIVED, max_length=10, index=True)
    answer: str | None = Field(default=None, max_length=2000)
    received_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
