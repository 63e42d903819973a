"""Tables that tracing reads. All of them follow from the events, and can be made from them anew."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from traceability.db import BigId, Quantity, UtcDateTime
from traceability.events.models import Identifier


class Bond(StrEnum):
    """What holds a child to its parent."""

    AGGREGATION = "aggregation"
    """Goods in a container, until they are taken out."""
    ASSOCIATION = "association"
    """An asset or a device on another (EPCIS 2.0 section 7.4.7), until it is taken off."""


class Containment(SQLModel, table=True):
    """A child was in its parent from `since` until just before `until`."""

    __tablename__ = "containment"
    __table_args__ = (
        sa.Index("ix_containment_parent", "parent", "until"),
        {"sqlite_with_rowid": False},
    )

    child: str = Field(primary_key=True, sa_type=Identifier)
    since: datetime = Field(primary_key=True, sa_type=UtcDateTime)
    parent: str = Field(primary_key=True, sa_type=Identifier)
    bond: str = Field(primary_key=True, max_length=11)
    by_class: bool = Field(primary_key=True)
    """The child is so much of a class, not one instance."""
    until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """None: nobody has told that it was taken out."""
    event: int = Field(foreign_key="event.id", sa_type=BigId)
    """The event that told of it first."""
    quantity: Decimal | None = Field(default=None, sa_type=Quantity)
    """How much of a class was put in; None where an event did not say."""
    uom: str | None = Field(default=None, max_length=3)


class ContentFinding(SQLModel, table=True):
    """An observation of a container that differs from what was put in and taken out."""

    __tablename__ = "content_finding"
    __table_args__ = ({"sqlite_with_rowid": False},)

    parent: str = Field(primary_key=True, sa_type=Identifier)
    event: int = Field(foreign_key="event.id", primary_key=True, sa_type=BigId)
    child: str = Field(primary_key=True, sa_type=Identifier)
    kind: str = Field(primary_key=True, max_length=10)
    """unexpected: seen inside without having been put in; unseen: put in, and not seen."""
    time: datetime = Field(sa_type=UtcDateTime)


class Derivation(SQLModel, table=True):
    """An input or an output of a process.

    Half of an edge: a process of 1,000 inputs and 1,000 outputs is 2,000 rows, not a million.
    """

    __tablename__ = "derivation"
    __table_args__ = (
        sa.Index("ix_derivation_process", "process", "time"),
        sa.Index("ix_derivation_event", "event"),
        {"sqlite_with_rowid": False},
    )

    key: str = Field(primary_key=True, sa_type=Identifier)
    time: datetime = Field(primary_key=True, sa_type=UtcDateTime)
    event: int = Field(foreign_key="event.id", primary_key=True, sa_type=BigId)
    role: str = Field(primary_key=True, max_length=6)
    """input or output."""
    by_class: bool = Field(primary_key=True)
    process: str = Field(sa_type=Identifier)
    """transformationID; of an event without one, its eventID."""
    quantity: Decimal | None = Field(default=None, sa_type=Quantity)
    uom: str | None = Field(default=None, max_length=3)


class Membership(SQLModel, table=True):
    """An event says of which lot an instance is."""

    __tablename__ = "membership"
    __table_args__ = (
        sa.Index("ix_membership_lot", "lot", "instance"),
        sa.Index("ix_membership_event", "event"),
        {"sqlite_with_rowid": False},
    )

    instance: str = Field(primary_key=True, sa_type=Identifier)
    lot: str = Field(primary_key=True, sa_type=Identifier)
    event: int = Field(foreign_key="event.id", primary_key=True, sa_type=BigId)
