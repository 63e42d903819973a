"""Tables of identity: users, their sessions, API keys, and answers kept for repeated requests."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from traceability.clock import now
from traceability.db import BigId, UtcDateTime


class User(SQLModel, table=True):
    __tablename__ = "user_account"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    email: str = Field(max_length=254, unique=True)
    """Lower case; the log-in name."""
    name: str = Field(max_length=200)
    password_hash: str = Field(max_length=200)
    role: str = Field(max_length=20)
    party_id: int | None = Field(default=None, foreign_key="party.id", index=True, sa_type=BigId)
    active: bool = True
    language: str | None = Field(default=None, max_length=2)
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)


class WebSession(SQLModel, table=True):
    """A log-in. The cookie holds a random token, the table only its digest."""

    __tablename__ = "web_session"

    token_digest: str = Field(max_length=64, primary_key=True)
    user_id: int = Field(foreign_key="user_account.id", index=True, sa_type=BigId)
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime, index=True)


class ApiKey(SQLModel, table=True):
    """A key of a machine. Shown once; the table holds only its digest."""

    __tablename__ = "api_key"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    name: str = Field(max_length=100)
    digest: str = Field(max_length=64, unique=True)
    """SHA-256 of the key: 256 random bits need no slow hash."""
    hint: str = Field(max_length=16)
    """The first characters, to recognise it by."""
    role: str = Field(max_length=20)
    scopes: list[str] = Field(default_factory=list, sa_type=sa.JSON)
    """Narrower than the role: names of app.security.access.Scope; empty for all of the role's."""
    party_id: int | None = Field(default=None, foreign_key="party.id", index=True, sa_type=BigId)
    created_by_id: int | None = Field(default=None, sa_type=BigId)
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    expires_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class IdempotencyRecord(SQLModel, table=True):
    """The answer to a POST with an Idempotency-Key, written in the transaction of its work."""

    __tablename__ = "idempotency_record"

    scope: str = Field(max_length=64, primary_key=True)
    """Digest of who asked, method and path."""
    key: str = Field(max_length=100, primary_key=True)
    fingerprint: str = Field(max_length=64)
    """Digest of the request body: the same key with another body is refused."""
    status: int
    media_type: str = Field(max_length=100)
    headers: dict[str, str] = Field(default_factory=dict, sa_type=sa.JSON)
    body: bytes
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime, index=True)
