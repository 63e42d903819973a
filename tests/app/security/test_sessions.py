"""Log-ins: opened by the right password alone, over at a fixed time or when the account is."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlmodel import Session, col, select, update

from app.security import sessions, users
from app.security.models import User, WebSession
from tests.app.client import OPERATOR
from traceability.actor import Role
from traceability.audit import AuditEntry
from traceability.clock import now
from traceability.db import Database

PASSWORD = "a long enough password"


@pytest.fixture
def user(sqlite_database: Database) -> User:
    with sqlite_database.writing() as session:
        return users.create_user(
            session, OPERATOR, email="an@example.vn", name="An", password=PASSWORD,
            role=Role.AUDITOR,
        )  # fmt: skip


@pytest.fixture
def session(sqlite_database: Database, user: User) -> Iterator[Session]:
    with sqlite_database.write_session() as session:
        yield session


def log_in(session: Session, password: str = PASSWORD, email: str = "an@example.vn") -> str | None:
    found = sessions.log_in(session, sessions.attempt(session, email, password), hours=12)
    return found[1] if found else None


def test_the_right_password_opens_a_session(session: Session, user: User) -> None:
    token = log_in(session, email=" AN@Example.VN ")
    assert token
    found = sessions.user_of_session(session, token)
    assert found is not None
    assert found.id == user.id
    assert sessions.actor_of_user(found).role is Role.AUDITOR


def test_the_table_holds_a_digest_and_not_the_cookie(session: Session) -> None:
    token = log_in(session)
    row = session.exec(select(WebSession)).one()
    assert token not in (row.token_digest, str(row))


def test_wrong_passwords_and_unknown_addresses_are_told_apart_nowhere(session: Session) -> None:
    assert log_in(session, "not the password") is None
    assert log_in(session, email="nobody@example.vn") is None
    log = session.exec(select(AuditEntry).where(AuditEntry.action == "identity:session:refused"))
    assert [entry.subject for entry in log][1:] == ["user:unknown"]


def test_a_session_ends_at_its_time_however_much_it_is_used(session: Session) -> None:
    token = log_in(session) or ""
    row = session.exec(select(WebSession)).one()
    before = row.expires_at
    sessions.user_of_session(session, token)
    assert row.expires_at == before
    session.exec(update(WebSession).values(expires_at=now() - timedelta(seconds=1)))
    assert sessions.user_of_session(session, token) is None


def test_old_sessions_are_cleared_away_at_the_next_log_in(session: Session) -> None:
    log_in(session)
    session.exec(update(WebSession).values(expires_at=now() - timedelta(seconds=1)))
    log_in(session)
    assert len(session.exec(select(WebSession)).all()) == 1


def test_logging_out_ends_this_session_alone(session: Session) -> None:
    one, two = log_in(session) or "", log_in(session) or ""
    sessions.log_out(session, one)
    sessions.log_out(session, "made up")
    assert sessions.user_of_session(session, one) is None
    assert sessions.user_of_session(session, two) is not None


def test_a_closed_account_is_logged_out_and_cannot_log_in(session: Session, user: User) -> None:
    token = log_in(session) or ""
    users.set_active(session, OPERATOR, user.id or 0, active=False)
    assert sessions.user_of_session(session, token) is None
    assert log_in(session) is None


def test_a_new_password_ends_every_session(session: Session, user: User) -> None:
    token = log_in(session) or ""
    users.set_password(session, OPERATOR, user.id or 0, "another long password")
    assert sessions.user_of_session(session, token) is None
    assert log_in(session) is None
    assert log_in(session, "another long password")


def test_a_session_of_an_account_that_was_closed_by_hand_opens_nothing(session: Session) -> None:
    token = log_in(session) or ""
    session.exec(update(User).where(col(User.email) == "an@example.vn").values(active=False))
    assert sessions.user_of_session(session, token) is None
