"""Accounts: one for an address, of a role that fits its organisation."""

import pytest

from app.security import users
from app.security.models import User
from tests.app.client import OPERATOR, make_party
from traceability.actor import Actor, Role
from traceability.db import Database
from traceability.errors import ConflictError, InvalidError, NotFoundError

PASSWORD = "a long enough password"


def make(database: Database, **how: object) -> User:
    given = {"email": "an@example.vn", "name": "An", "password": PASSWORD, "role": Role.AUDITOR}
    with database.writing() as session:
        return users.create_user(session, OPERATOR, **{**given, **how})  # type: ignore[arg-type]


def test_an_address_is_kept_in_small_letters_and_stands_for_a_missing_name(
    sqlite_database: Database,
) -> None:
    user = make(sqlite_database, email=" An@Example.VN", name="  ")
    assert (user.email, user.name) == ("an@example.vn", "an@example.vn")


@pytest.mark.parametrize(
    "email", ["", "an", "an@", "@example.vn", "a b@example.vn", "an@localhost"]
)
def test_what_is_no_address_is_refused(sqlite_database: Database, email: str) -> None:
    with pytest.raises(InvalidError) as refused:
        make(sqlite_database, email=email)
    assert refused.value.code == "identity.email"


def test_an_address_has_one_account(sqlite_database: Database) -> None:
    make(sqlite_database)
    with pytest.raises(ConflictError) as refused:
        make(sqlite_database, email="AN@example.vn")
    assert refused.value.code == "identity.email-taken"


def test_a_member_acts_for_an_organisation_that_exists(sqlite_database: Database) -> None:
    with sqlite_database.writing() as session:
        party_id = make_party(session, "shop", "9999100024")
    assert make(sqlite_database, role=Role.SHOP, party_id=party_id).party_id == party_id
    for party, code in ((None, "identity.organisation-needed"), (99, "registry.party-unknown")):
        with pytest.raises(InvalidError) as refused:
            make(sqlite_database, email="b@example.vn", role=Role.SHOP, party_id=party)
        assert refused.value.code == code


def test_nobody_is_given_the_role_of_the_public(sqlite_database: Database) -> None:
    with pytest.raises(InvalidError) as refused:
        make(sqlite_database, role=Role.ANONYMOUS)
    assert refused.value.code == "identity.role-not-given"


def test_nobody_closes_their_own_account(sqlite_database: Database) -> None:
    user = make(sqlite_database, role=Role.ADMIN)
    myself = Actor(Role.ADMIN, user_id=user.id)
    with sqlite_database.writing() as session, pytest.raises(ConflictError) as refused:
        users.set_active(session, myself, user.id or 0, active=False)
    assert refused.value.code == "identity.own-account"


def test_an_account_that_is_not_there_is_named(sqlite_database: Database) -> None:
    with sqlite_database.reading() as session, pytest.raises(NotFoundError):
        users.get_user(session, 99)
