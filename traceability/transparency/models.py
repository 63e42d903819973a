"""Tables of the transparency log: its entries, the tree over them, and what was said of it."""

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from traceability.clock import now
from traceability.db import BigId, UtcDateTime


class LeafKind(StrEnum):
    """What is entered in the log."""

    EVENT = "event"
    REGISTRATION = "registration"
    INVOICE = "invoice"
    RECALL = "recall"
    CASE = "case"


class LogEntry(SQLModel, table=True):
    """One entry. It is written in the transaction of what it tells of; its place comes later."""

    __tablename__ = "log_entry"
    __table_args__ = (sa.Index("ix_log_entry_subject", "kind", "subject"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    place: int | None = Field(default=None, sa_type=BigId, unique=True)
    """Its index in the tree, from 0 without gaps; None until the next checkpoint."""
    kind: str = Field(max_length=20)
    subject: str = Field(max_length=120)
    """Which row it tells of: `recall:7`."""
    facts: dict[str, Any] = Field(sa_type=sa.JSON)
    """What is hashed, in canonical JSON, with kind and subject; of what not everybody may know
    a commitment (`hiding`)."""
    salt: bytes | None = Field(default=None, sa_type=sa.LargeBinary)
    """Of the commitments; for who may see the record, and in no leaf."""
    leaf: bytes = Field(sa_type=sa.LargeBinary)
    """The leaf's hash, 32 bytes."""
    at: datetime = Field(default_factory=now, sa_type=UtcDateTime)


class LogTile(SQLModel, table=True):
    """Up to 256 hashes of one level, as C2SP tlog-tiles cuts the tree; full, it never changes."""

    __tablename__ = "log_tile"

    level: int = Field(primary_key=True)
    """Hashes of tile level L stand for subtrees of 256^L leaves."""
    number: int = Field(primary_key=True, sa_type=BigId)
    hashes: bytes = Field(sa_type=sa.LargeBinary)


class LogCheckpoint(SQLModel, table=True):
    __tablename__ = "log_checkpoint"

    size: int = Field(primary_key=True, sa_type=BigId, sa_column_kwargs={"autoincrement": False})
    root: bytes = Field(sa_type=sa.LargeBinary)
    signatures: str
    """The lines of the log's keys and of its witnesses, as they stand below the text."""
    at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
