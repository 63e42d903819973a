"""The cache of what the outside registry answered, each answer with its date."""

from datetime import datetime
from decimal import Decimal

from sqlmodel import Field, SQLModel

from traceability.db import BigId, Money, UtcDateTime


class OutsideAnswer(SQLModel, table=True):
    """The last answer about one invoice, and the last attempt to get one."""

    __tablename__ = "outside_answer"

    invoice_id: int = Field(foreign_key="invoice.id", primary_key=True, sa_type=BigId)
    source: str = Field(max_length=255)
    """Host of the registry; what another one answered is not this one's word."""
    status: str | None = Field(default=None, max_length=10)
    """None while it never answered."""
    total: Decimal | None = Field(default=None, sa_type=Money)
    currency: str = Field(default="VND", max_length=3)
    seller_name: str | None = Field(default=None, max_length=400)
    as_of: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """Date of the registry's data, as it said."""
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """When the answer came; it ages from then."""
    tried_at: datetime = Field(sa_type=UtcDateTime)
    failure: str | None = Field(default=None, max_length=20)
    """Why the last attempt brought no answer; None when it did."""
