"""Table of the resolver: where an identified thing leads to."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from traceability.clock import now
from traceability.db import BigId, UtcDateTime


class Link(SQLModel, table=True):
    """A link from a product, a lot or a single item to a resource about it."""

    __tablename__ = "link"
    __table_args__ = (sa.Index("ix_link_anchor", "anchor", "ended_at"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    anchor: str = Field(max_length=200)
    """What it is about: the path of its Digital Link, `/01/09521101000016/10/L1`."""
    product_id: int = Field(foreign_key="product.id", index=True, sa_type=BigId)
    """Whose owner manages it."""
    link_type: str = Field(max_length=60)
    """A word of GS1's vocabulary without its prefix: `pip`, `certificationInfo`."""
    href: str = Field(max_length=2000)
    """An absolute address; `{gtin}`, `{lot}` and `{serial}` stand for those of the request."""
    title: str = Field(max_length=200)
    language: str | None = Field(default=None, max_length=35)
    """A language tag (RFC 5646)."""
    media_type: str | None = Field(default=None, max_length=100)
    context: str | None = Field(default=None, max_length=60)
    """For whom it is, asked for by `?context=`."""
    is_default: bool = False
    """Where a request goes that names no link type."""
    valid_from: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    valid_to: datetime | None = Field(default=None, sa_type=UtcDateTime)
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """Taken away on this day; kept, so that it can be brought back."""
