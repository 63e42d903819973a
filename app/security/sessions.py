"""Log-in sessions: a random cookie, its digest in the database, an end that does not move."""

from datetime import timedelta
from typing import NamedTuple

from sqlmodel import Session, col, delete, select

from app.security import tokens
from app.security.models import User, WebSession
from app.security.passwords import verify_password
from traceability import audit
from traceability.actor import PUBLIC, Actor, Role
from traceability.clock import now

COOKIE = "nguon_session"


def actor_of_user(user: User) -> Actor:
    return Actor(Role(user.role), user.party_id, user.id, None, user.name)


class Attempt(NamedTuple):
    """A password that was tried."""

    user: User | None
    right: bool


def attempt(reading: Session, email: str, password: str) -> Attempt:
    """Try a password, which takes long on purpose: not while other writers wait for us."""
    user = reading.exec(select(User).where(User.email == email.strip().lower())).first()
    right = verify_password(password, user.password_hash if user else None)
    return Attempt(user, right and user is not None and user.active)


def log_in(session: Session, tried: Attempt, hours: int) -> tuple[User, str] | None:
    """Open a session, or note that it was refused.

    Returns:
        The user and the cookie's value, or None: wrong password, unknown or closed account are
        told apart nowhere, not in the answer and not in the time it takes.
    """
    user = tried.user
    if user is None or not tried.right:
        subject = f"user:{user.id}" if user else "user:unknown"
        audit.record(session, PUBLIC, audit.AuditAction.LOG_IN_FAILED, subject)
        return None
    token = tokens.new_token()
    session.exec(delete(WebSession).where(col(WebSession.expires_at) <= now()))
    session.add(
        WebSession(
            token_digest=tokens.digest(token),
            user_id=user.id or 0,
            expires_at=now() + timedelta(hours=hours),
        )
    )
    audit.record(session, actor_of_user(user), audit.AuditAction.LOGGED_IN, f"user:{user.id}")
    return user, token


def log_out(session: Session, token: str) -> None:
    row = session.get(WebSession, tokens.digest(token))
    if row is not None:
        user = session.get(User, row.user_id)
        session.delete(row)
        if user is not None:
            audit.record(
                session, actor_of_user(user), audit.AuditAction.LOGGED_OUT, f"user:{user.id}"
            )


def close_sessions(session: Session, user_id: int) -> None:
    """End every log-in of a user: after a new password, or when the account is closed."""
    session.exec(delete(WebSession).where(col(WebSession.user_id) == user_id))


def user_of_session(session: Session, token: str) -> User | None:
    """The user of a cookie; None when the session is unknown, over, or the account closed."""
    return session.exec(
        select(User)
        .join(WebSession, col(WebSession.user_id) == col(User.id))
        .where(
            WebSession.token_digest == tokens.digest(token),
            WebSession.expires_at > now(),
            col(User.active),
        )
    ).first()
