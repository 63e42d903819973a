"""Tables of what happened to goods: recalls."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from traceability.clock import now
from traceability.db import BigId, UtcDateTime


class RecallStatus(StrEnum):
    ACTIVE = "active"
    CLOSED = "closed"


class Recall(SQLModel, table=True):
    """A recall of a product, one of its lots, or one serial; a missing lot and serial mean all."""

    __tablename__ = "recall"
    __table_args__ = (sa.Index("ix_recall_product_status", "product_id", "status"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    product_id: int = Field(foreign_key="product.id", sa_type=BigId)
    lot: str | None = Field(default=None, max_length=20)
    serial: str | None = Field(default=None, max_length=20)
    notice_number: str = Field(max_length=100)
    """Number of the notice or decision that orders it."""
    notice_date: date
    issuer_id: int | None = Field(default=None, foreign_key="party.id", sa_type=BigId)
    reason: str = Field(max_length=1000)
    advice: str = Field(max_length=1000)
    """What the holder of the goods should do."""
    status: str = Field(default=RecallStatus.ACTIVE, max_length=10)
    opened_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    closing_decision: str | None = Field(default=None, max_length=200)
