"""Tables of the numbers of boxes and pallets (SSCC) that are given out here."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from traceability.clock import now
from traceability.db import BigId, UtcDateTime


class SsccRange(SQLModel, table=True):
    """How far the numbers of a company prefix are used up. It outlives who holds the prefix."""

    __tablename__ = "sscc_range"

    prefix: str = Field(primary_key=True, max_length=12)
    taken: int = Field(default=0, sa_type=BigId)
    """Numbers passed, given out or skipped."""


class IssuedSscc(SQLModel, table=True):
    """A number that was given out, to whom and when; it is never given out again."""

    __tablename__ = "issued_sscc"
    __table_args__ = (sa.Index("ix_issued_sscc_party", "party_id", "issued_at"),)

    sscc: str = Field(primary_key=True, max_length=18)
    party_id: int = Field(foreign_key="party.id", sa_type=BigId)
    issued_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
