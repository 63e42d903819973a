"""User accounts."""

import re
from collections.abc import Sequence

from sqlmodel import Session, col, select

from app.security.keys import check_role
from app.security.models import User
from app.security.passwords import hash_password
from app.security.sessions import close_sessions
from traceability import audit
from traceability.actor import Actor, Role
from traceability.errors import ConflictError, InvalidError, NotFoundError

_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,185}\.[^@\s.]{2,}")


def create_user(
    session: Session,
    actor: Actor,
    *,
    email: str,
    name: str,
    password: str,
    role: Role,
    party_id: int | None = None,
) -> User:
    email = email.strip().lower()
    if not _EMAIL.fullmatch(email):
        raise InvalidError.of("email", "identity.email", value=email)
    if session.exec(select(User.id).where(User.email == email)).first() is not None:
        raise ConflictError("identity.email-taken", email=email)
    check_role(session, role, party_id)
    user = User(
        email=email,
        name=name.strip() or email,
        password_hash=hash_password(password),
        role=role,
        party_id=party_id,
    )
    session.add(user)
    session.flush()
    audit.record(session, actor, audit.AuditAction.USER_CREATED, f"user:{user.id}", role=str(role))
    return user


def list_users(session: Session, *, after_id: int = 0, limit: int = 50) -> Sequence[User]:
    return session.exec(
        select(User).where(col(User.id) > after_id).order_by(col(User.id)).limit(limit)
    ).all()


def get_user(session: Session, user_id: int) -> User:
    user = session.get(User, user_id)
    if user is None:
        raise NotFoundError("identity.user-unknown", id=user_id)
    return user


def set_active(session: Session, actor: Actor, user_id: int, *, active: bool) -> User:
    """Open or close an account; closing ends its log-ins. Nobody closes their own."""
    user = get_user(session, user_id)
    if user.id == actor.user_id and not active:
        raise ConflictError("identity.own-account")
    user.active = active
    if not active:
        close_sessions(session, user_id)
    audit.record(session, actor, audit.AuditAction.USER_CHANGED, f"user:{user_id}", active=active)
    session.flush()
    return user


def set_password(session: Session, actor: Actor, user_id: int, password: str) -> User:
    """Set a password and end the user's log-ins."""
    hashed = hash_password(password)  # before the first statement: no writer waits for it
    user = get_user(session, user_id)
    user.password_hash = hashed
    close_sessions(session, user_id)
    audit.record(session, actor, audit.AuditAction.USER_CHANGED, f"user:{user_id}", password=True)
    session.flush()
    return user
