"""Tables of what recalls reach, whom they concern, and what those have found."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from traceability.clock import now
from traceability.db import BigId, Quantity, UtcDateTime
from traceability.events.models import Identifier


class RecallStart(SQLModel, table=True):
    """A key that a recall begins with."""

    __tablename__ = "recall_start"

    recall_id: int = Field(foreign_key="recall.id", primary_key=True, sa_type=BigId)
    key: str = Field(primary_key=True, sa_type=Identifier)


class RecallGoods(SQLModel, table=True):
    """Goods that a recall reaches, or what carries them.

    Rows are added and grow more certain, never the other way round while the recall is in force.
    """

    __tablename__ = "recall_goods"
    __table_args__ = (
        sa.UniqueConstraint("recall_id", "key"),
        # A verdict asks by these three; a capture asks by the key.
        sa.Index("ix_recall_goods_product", "product_id", "in_force", "part"),
        sa.Index("ix_recall_goods_key", "key"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    recall_id: int = Field(foreign_key="recall.id", sa_type=BigId)
    key: str = Field(sa_type=Identifier)
    is_carrier: bool = False
    """It only holds such goods: a pallet, a crate. It is not recalled itself."""
    product_id: int | None = Field(default=None, foreign_key="product.id", sa_type=BigId)
    """None for goods that the register does not know."""
    part: str = Field(default="", max_length=40)
    """Which part of the product: `10/L7` a lot, `21/A1` a unit, empty all of it."""
    certainty: str = Field(max_length=10)
    """certain, or possible: by mixing."""
    since: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """From when on it is affected; None for its whole life."""
    in_force: bool = True
    """Verdicts say RECALLED. Not so when the recall is closed, and not for the goods of others
    that an owner's recall reaches, until an authority confirms it."""


class RecallHolder(SQLModel, table=True):
    """A party whose events or places hold goods that a recall reaches, or that owns them."""

    __tablename__ = "recall_holder"
    __table_args__ = (sa.Index("ix_recall_holder_party_id", "party_id", "recall_id"),)

    recall_id: int = Field(foreign_key="recall.id", primary_key=True, sa_type=BigId)
    party_id: int = Field(foreign_key="party.id", primary_key=True, sa_type=BigId)
    goods: int = 0
    """How many of the keys its events or places hold; 0 for one that only owns the product."""
    last_time: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """The last event that tells of them there."""
    added_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)


class RecallAnswer(SQLModel, table=True):
    """What a party has found, in all so far; the newest answer stands, and all are kept."""

    __tablename__ = "recall_answer"
    __table_args__ = (sa.Index("ix_recall_answer_recall_id", "recall_id", "party_id", "id"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    recall_id: int = Field(foreign_key="recall.id", sa_type=BigId)
    party_id: int = Field(foreign_key="party.id", sa_type=BigId)
    found: Decimal = Field(sa_type=Quantity)
    returned: Decimal = Field(sa_type=Quantity)
    destroyed: Decimal = Field(sa_type=Quantity)
    unit: str = Field(default="", max_length=40)
    """As the party writes it; empty for pieces."""
    note: str = Field(default="", max_length=1000)
    user_id: int | None = Field(default=None, sa_type=BigId)
    """Who gave it, where it was a person."""
    at: datetime = Field(default_factory=now, sa_type=UtcDateTime)


class RecallWebhook(SQLModel, table=True):
    """Where a party wants to be told of recalls that concern it."""

    __tablename__ = "recall_webhook"

    id: str = Field(primary_key=True, max_length=36)
    party_id: int = Field(foreign_key="party.id", index=True, sa_type=BigId)
    actor: dict[str, Any] = Field(sa_type=sa.JSON)
    """In whose name it is told."""
    dest: str = Field(max_length=2000)
    token: str = Field(max_length=400)
    """The receiver's secret, with which every message is signed; sealed (`vault`)."""
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)


class NoticeKind(StrEnum):
    OPENED = "opened"
    EXTENDED = "extended"
    """Later events have shown that it reaches more."""
    CLOSED = "closed"
    TEST = "test"
    """Asked for by the receiver; about no recall."""


class RecallNotice(SQLModel, table=True):
    """A message to a webhook that is still to be sent, was sent, or was given up."""

    __tablename__ = "recall_notice"
    __table_args__ = (sa.Index("ix_recall_notice_next_at", "next_at"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    recall_id: int | None = Field(
        default=None, foreign_key="recall.id", index=True, sa_type=BigId
    )  # fmt: skip
    """None for a test."""
    webhook_id: str = Field(max_length=36, index=True)
    """No foreign key: what was sent is kept when the webhook is taken away."""
    party_id: int = Field(foreign_key="party.id", sa_type=BigId)
    kind: str = Field(max_length=10)
    next_at: datetime | None = Field(default_factory=now, sa_type=UtcDateTime)
    """Not before this time; None once it was sent or given up."""
    failures: int = 0
    last_error: str | None = Field(default=None, max_length=200)
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
