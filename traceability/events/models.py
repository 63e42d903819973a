"""Tables of what happened to goods: events with what is asked of them, captures, recalls."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from traceability.clock import now
from traceability.db import BigId, Quantity, UtcDateTime

# Compared byte by byte on both databases: a pattern is then a range that the index serves.
Identifier = sa.String(400).with_variant(sa.String(400, collation="C"), "postgresql")


class Event(SQLModel, table=True):
    """An accepted event (EPCIS 2.0 section 7.4). Rows are not changed but for a declared error."""

    __tablename__ = "event"
    __table_args__ = (
        sa.Index("ix_event_event_time", "event_time", "id"),
        sa.Index("ix_event_record_time", "record_time", "id"),
        sa.Index("ix_event_step", "biz_step", "event_time"),
        sa.Index("ix_event_disposition", "disposition"),
        sa.Index("ix_event_location", "biz_location", "event_time"),
        sa.Index("ix_event_read_point", "read_point", "event_time"),
        sa.Index("ix_event_party", "party_id", "id"),
        sa.Index("ix_event_error", "error_time",
                 sqlite_where=sa.text("error_time IS NOT NULL"),
                 postgresql_where=sa.text("error_time IS NOT NULL")),
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    event_id: str = Field(sa_type=Identifier, unique=True)
    """eventID; where the sender gave none, the event hash ID of CBV 2.0 section 8.9."""
    hash: str = Field(max_length=64)
    """SHA-256 of the hash pre-image, hexadecimal: the same for an event spelt differently."""
    type: str = Field(max_length=20)
    action: str | None = Field(default=None, max_length=7)
    event_time: datetime = Field(sa_type=UtcDateTime)
    record_time: datetime = Field(sa_type=UtcDateTime)
    biz_step: str | None = Field(default=None, sa_type=Identifier)
    """A bare word of the vocabulary, or a URI of another one."""
    disposition: str | None = Field(default=None, sa_type=Identifier)
    read_point: str | None = Field(default=None, sa_type=Identifier)
    biz_location: str | None = Field(default=None, sa_type=Identifier)
    party_id: int | None = Field(default=None, foreign_key="party.id", sa_type=BigId)
    """Who captured it; None for an administrator without an organisation."""
    capture_id: str | None = Field(default=None, max_length=36)
    """The document it came in; None for an event that came alone."""
    in_error: bool = False
    """An error declaration says that it did not happen as told: it does not count in a trace."""
    error_time: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """When that was declared."""
    body: str = Field(sa_type=sa.Text)
    """The event as it was sent, JSON-LD, with its own context and without recordTime."""


class EpcRole(StrEnum):
    """What goods are in an event."""

    EPC = "epc"
    """Observed: epcList and quantityList."""
    PARENT = "parent"
    CHILD = "child"
    INPUT = "input"
    OUTPUT = "output"


class EventEpc(SQLModel, table=True):
    """An instance or a class that an event names. The primary key serves the history of a key."""

    __tablename__ = "event_epc"
    __table_args__ = (
        sa.Index("ix_event_epc_event", "event"),
        sa.Index("ix_event_epc_quantity", "quantity", "event",
                 sqlite_where=sa.text("quantity IS NOT NULL"),
                 postgresql_where=sa.text("quantity IS NOT NULL")),
        {"sqlite_with_rowid": False},
    )  # fmt: skip

    key: str = Field(primary_key=True, sa_type=Identifier)
    """Canonical Digital Link of a GS1 key, or the identifier as it was sent."""
    time: datetime = Field(primary_key=True, sa_type=UtcDateTime)
    """eventTime of the event."""
    event: int = Field(foreign_key="event.id", primary_key=True, sa_type=BigId)
    role: str = Field(primary_key=True, max_length=6)
    by_class: bool = Field(default=False, primary_key=True)
    """From a list of quantities: the key is a class, of which so much took part."""
    quantity: Decimal | None = Field(default=None, sa_type=Quantity)
    """How much of the class; None where the event does not say."""
    uom: str | None = Field(default=None, max_length=3)
    """Unit (UN/ECE Rec. 20); None for a number of pieces."""


class EventValue(SQLModel, table=True):
    """Another value of an event that queries ask for: a business transaction, a party, a sensor."""

    __tablename__ = "event_value"
    __table_args__ = (
        # Whom each of these events names: of a recall's goods, by their events.
        sa.Index("ix_event_value_party", "event", sqlite_where=sa.text("name = 'party'"),
                 postgresql_where=sa.text("name = 'party'")),
        {"sqlite_with_rowid": False},
    )  # fmt: skip

    name: str = Field(primary_key=True, sa_type=Identifier)
    value: str = Field(primary_key=True, sa_type=Identifier)
    event: int = Field(foreign_key="event.id", primary_key=True, sa_type=BigId)


class Capture(SQLModel, table=True):
    """One document that was sent, and what became of it."""

    __tablename__ = "capture"
    __table_args__ = (sa.Index("ix_capture_party", "party_id", "created_at"),)

    id: str = Field(primary_key=True, max_length=36)
    party_id: int | None = Field(default=None, foreign_key="party.id", sa_type=BigId)
    created_at: datetime = Field(sa_type=UtcDateTime)
    finished_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    success: bool = True
    behaviour: str = Field(max_length=10)
    """rollback: all or nothing; proceed: every good event."""
    captured: int = 0
    """Events that were added; those on record already are not counted."""
    errors: list[Any] = Field(default_factory=list, sa_type=sa.JSON)
    """Faults: pointer, event, code, arguments."""
    warnings: list[Any] = Field(default_factory=list, sa_type=sa.JSON)
    job_id: int | None = Field(default=None, sa_type=BigId)
    """The job that does it, of a big document."""


class CapturePart(SQLModel, table=True):
    """A piece of a big document that waits for the worker; dropped when the capture is done."""

    __tablename__ = "capture_part"

    capture_id: str = Field(foreign_key="capture.id", primary_key=True, max_length=36)
    number: int = Field(primary_key=True)
    data: bytes = Field(sa_type=sa.LargeBinary)


class MasterData(SQLModel, table=True):
    """An element of a vocabulary as a document of master data told it; the newest stands."""

    __tablename__ = "master_data"
    __table_args__ = (sa.Index("ix_master_data_parent", "parent"),)

    id: str = Field(primary_key=True, sa_type=Identifier)
    """Canonical name of what is described."""
    vocabulary: str = Field(primary_key=True, sa_type=Identifier)
    party_id: int | None = Field(default=None, foreign_key="party.id", sa_type=BigId)
    attributes: list[Any] = Field(default_factory=list, sa_type=sa.JSON)
    parent: str | None = Field(default=None, sa_type=Identifier)
    """The element that names it as its child: a place inside another."""
    changed_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)


class NamedQuery(SQLModel, table=True):
    __tablename__ = "named_query"

    name: str = Field(primary_key=True, max_length=100)
    party_id: int | None = Field(default=None, foreign_key="party.id", sa_type=BigId)
    query: dict[str, Any] = Field(sa_type=sa.JSON)
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)


class Subscription(SQLModel, table=True):
    """Who is told of new events that match a named query: a webhook."""

    __tablename__ = "subscription"
    __table_args__ = (sa.Index("ix_subscription_next_at", "next_at"),)

    id: str = Field(primary_key=True, max_length=36)
    query_name: str = Field(foreign_key="named_query.name", index=True, max_length=100)
    party_id: int | None = Field(default=None, foreign_key="party.id", sa_type=BigId)
    actor: dict[str, Any] = Field(sa_type=sa.JSON)
    """In whose name the query is run: it finds what they may see."""
    dest: str = Field(max_length=2000)
    token: str = Field(max_length=400)
    """The receiver's secret, with which every message is signed; sealed (`vault`)."""
    last_event: int = Field(default=0, sa_type=BigId)
    """Id of the last event that the receiver has taken."""
    next_at: datetime | None = Field(default_factory=now, sa_type=UtcDateTime)
    """Not before this time; None when it was given up."""
    failures: int = 0
    """Attempts in a row that failed."""
    last_error: str | None = Field(default=None, max_length=200)
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)


class RecallStatus(StrEnum):
    ACTIVE = "active"
    CLOSED = "closed"


class RecallScope(StrEnum):
    """What a recall names."""

    GOODS = "goods"
    """A product, one of its lots, or one serial."""
    SERIALS = "serials"
    """Several serials of a product."""
    MADE_FROM = "made-from"
    """Inputs, and everything that was made from them."""


class Recall(SQLModel, table=True):
    """A recall; of the scope `goods`, a missing lot and serial mean all.

    Of the other scopes no product stands here, and what is recalled stands in recall_goods.
    """

    __tablename__ = "recall"
    __table_args__ = (sa.Index("ix_recall_product_status", "product_id", "status"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    scope: str = Field(default=RecallScope.GOODS, max_length=10)
    product_id: int | None = Field(default=None, foreign_key="product.id", sa_type=BigId)
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
    owner_id: int | None = Field(default=None, foreign_key="party.id", sa_type=BigId)
    """The owner of the goods that has opened it; None for an authority's recall."""
    confirmed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """When an authority has put an owner's recall in force for the goods of others, too."""
    reached_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """When it was last worked out what it reaches."""
    truncated: bool = False
    """It reaches more than was followed."""
    stale_since: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """Events that came later may have made it reach more: it waits to be worked out again."""
