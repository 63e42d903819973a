"""API keys: `nguon_` and 256 random bits, shown once, stored as a digest."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from app.security import tokens
from app.security.access import Scope
from app.security.models import ApiKey
from traceability import audit, plain
from traceability.actor import MEMBERS, Actor, Role
from traceability.clock import now
from traceability.db import Execute
from traceability.errors import InvalidError, NotFoundError
from traceability.registry.models import Party

PREFIX = "nguon_"


def create_key(
    session: Session,
    actor: Actor,
    *,
    name: str,
    role: Role,
    party_id: int | None,
    scopes: Sequence[Scope] = (),
    expires_at: datetime | None = None,
) -> tuple[ApiKey, str]:
    """Make a key.

    Returns:
        The row, and the key itself: the only time that it is seen.
    """
    check_role(session, role, party_id)
    if expires_at is not None and expires_at <= now():
        raise InvalidError.of("expires_at", "identity.expiry-past")
    secret = PREFIX + tokens.new_token()
    key = ApiKey(
        name=name,
        digest=tokens.digest(secret),
        hint=secret[: len(PREFIX) + 4],
        role=role,
        scopes=[str(scope) for scope in scopes],
        party_id=party_id,
        created_by_id=actor.user_id,
        expires_at=expires_at,
    )
    session.add(key)
    session.flush()
    audit.record(session, actor, audit.AuditAction.KEY_CREATED, f"key:{key.id}", role=str(role))
    return key, secret


def expiry_within(session: Session, actor: Actor, wanted: datetime | None) -> datetime | None:
    """The wanted end, or that of the calling key where that is earlier."""
    own = session.get(ApiKey, actor.key_id) if actor.key_id is not None else None
    ends = [end for end in (wanted, own.expires_at if own else None) if end is not None]
    return min(ends, default=None)


def check_role(session: Session, role: Role, party_id: int | None) -> None:
    """A member acts for an existing organisation; nobody is given the public's role."""
    if role is Role.ANONYMOUS:
        raise InvalidError.of("role", "identity.role-not-given")
    if role in MEMBERS and party_id is None:
        raise InvalidError.of("party_id", "identity.organisation-needed", role=str(role))
    if party_id is not None and session.get(Party, party_id) is None:
        raise InvalidError.of("party_id", "registry.party-unknown", id=party_id)


def revoke_key(session: Session, actor: Actor, key_id: int) -> ApiKey:
    key = session.get(ApiKey, key_id)
    if key is None or not (actor.role is Role.ADMIN or actor.owns(key.party_id)):
        raise NotFoundError("identity.key-unknown", id=key_id)
    if key.revoked_at is None:
        key.revoked_at = now()
        audit.record(session, actor, audit.AuditAction.KEY_REVOKED, f"key:{key.id}")
        session.flush()
    return key


def list_keys(session: Session, actor: Actor) -> Sequence[ApiKey]:
    """The keys of the actor's organisation; all of them for an administrator. Newest first."""
    statement = select(ApiKey).order_by(col(ApiKey.id).desc())
    if actor.role is not Role.ADMIN:
        statement = statement.where(col(ApiKey.party_id) == (actor.party_id or -1))
    return session.exec(statement).all()


_KEY = """
SELECT role, party_id, id, name, scopes, expires_at, revoked_at FROM api_key WHERE digest = :digest
"""


def actor_of_key(execute: Execute, secret: str) -> tuple[Actor, frozenset[Scope]] | None:
    """Who a key stands for and what it is narrowed to; None when unknown, expired or revoked.

    The digest is looked up by equality in an index: what timing could tell is about the digest,
    which cannot be turned back into a key. One prepared statement, because every request of a
    machine begins here.
    """
    row = execute(_KEY, {"digest": tokens.digest(secret)})
    if row is None:
        return None
    role, party_id, key_id, name, scopes, expires_at, revoked_at = row
    if revoked_at is not None or (expires_at is not None and plain.time(expires_at) <= now()):
        return None
    actor = Actor(Role(role), party_id, None, key_id, name)
    return actor, frozenset(Scope(scope) for scope in plain.json(scopes, []))


def maker_of_key(session: Session, key_id: int) -> int | None:
    """The user who made a key; None for one made on the command line."""
    key = session.get(ApiKey, key_id)
    return None if key is None else key.created_by_id
