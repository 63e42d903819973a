"""Keys, accounts and the log of who did what."""

from datetime import timedelta

import pytest

from tests.app.client import Client, Members, make_key
from tests.app.problem import fields, problem
from tests.app.rows import nothing_stored, stored
from traceability.actor import Role
from traceability.clock import now
from traceability.db import Database

KEYS, USERS, AUDIT = "/api/v1/keys", "/api/v1/users", "/api/v1/audit"


def account(email: str, **fields: object) -> dict[str, object]:
    return {
        "email": email, "name": "VÍ DỤ", "password": "twelve letters", "role": "inspector",
        **fields,
    }  # fmt: skip


def test_a_key_works_until_it_is_revoked(client: Client, admin: Client) -> None:
    made = admin.post(KEYS, json={"name": "Till", "role": "auditor"}).json()
    assert made["key"].startswith("nguon_")
    assert made["hint"] == made["key"][: len(made["hint"])]
    till = client.acting(made["key"])
    assert till.get("/api/v1/products").status_code == 200
    revoked = admin.ask("DELETE", f"{KEYS}/{made['id']}").json()
    assert revoked["revoked_at"]
    assert admin.ask("DELETE", f"{KEYS}/{made['id']}").json() == revoked
    problem(till.get("/api/v1/products"), 401, "web.key-unknown")


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        ({"role": "king"}, {"role": "web.field-choice"}),
        ({"role": "anonymous"}, {"role": "identity.role-not-given"}),
        ({"role": "shop"}, {"party_id": "identity.organisation-needed"}),
        ({"role": "shop", "party_id": 999_999}, {"party_id": "registry.party-unknown"}),
        ({"scopes": ["everything"]}, {"scopes.0": "web.field-choice"}),
        ({"name": "a\u0000b"}, {"name": "input.control-character"}),
        ({"expires_at": 0}, {"expires_at": "web.time-with-zone"}),
        ({"expires_at": "2099-01-01T00:00:00"}, {"expires_at": "web.time-with-zone"}),
        ({"expires_at": "0001-01-01T00:00:00+14:00"}, {"expires_at": "input.date-invalid"}),
        ({"expires_at": "9999-12-31T23:59:59-14:00"}, {"expires_at": "input.date-invalid"}),
        ({"expires_at": "2020-01-01T00:00:00Z"}, {"expires_at": "identity.expiry-past"}),
    ],
)
def test_each_fault_of_a_key_is_named_and_nothing_is_stored(
    admin: Client, sqlite_database: Database, wrong: dict[str, object], expected: dict[str, str]
) -> None:
    with nothing_stored(sqlite_database):
        answer = admin.post(KEYS, json={"name": "Till", "role": "auditor", **wrong})
        assert fields(problem(answer, 422)) == expected


def test_an_expiry_is_kept_as_the_same_moment(admin: Client) -> None:
    later = {"name": "T", "role": "auditor", "expires_at": "2099-01-01T07:00:00+07:00"}
    assert admin.post(KEYS, json=later).json()["expires_at"] == "2099-01-01T00:00:00Z"


def test_another_organisation_s_key_is_like_one_that_does_not_exist(
    shop: Client, producer: Client, sqlite_database: Database
) -> None:
    made = producer.post(KEYS, json={"name": "Theirs", "role": "producer"}).json()
    with nothing_stored(sqlite_database):
        for number in (made["id"], 999_999):
            problem(shop.ask("DELETE", f"{KEYS}/{number}"), 404, "identity.key-unknown")
    assert made["id"] not in [key["id"] for key in shop.get(KEYS).json()["items"]]
    assert made["id"] in [key["id"] for key in producer.get(KEYS).json()["items"]]


def test_a_key_cannot_make_one_that_may_do_more(
    client: Client, members: Members, sqlite_database: Database
) -> None:
    party = members.parties[Role.SHOP]
    with sqlite_database.writing() as session:
        narrow = make_key(session, Role.SHOP, party, scopes=["administration"])
    answer = client.acting(narrow).post(KEYS, json={"name": "wide", "role": "shop"})
    problem(answer, 403, "web.scope")
    same = {"name": "same", "role": "shop", "scopes": ["administration"]}
    assert client.acting(narrow).post(KEYS, json=same).status_code == 201


def test_an_account_is_made_changed_and_closed(admin: Client, sqlite_database: Database) -> None:
    with stored(sqlite_database, user_account=1, audit_entry=1):
        made = admin.post(USERS, json=account("An@Example.VN"))
    assert made.status_code == 201
    user = made.json()
    assert (user["email"], user["active"]) == ("an@example.vn", True)
    assert "password" not in made.text
    closed = admin.patch(f"{USERS}/{user['id']}", json={"active": False}).json()
    assert closed == {**user, "active": False}
    new = admin.patch(f"{USERS}/{user['id']}", json={"password": "another password"})
    assert new.status_code == 200
    problem(admin.patch(f"{USERS}/999999", json={"active": False}), 404, "identity.user-unknown")


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        ({"email": "nobody"}, {"email": "identity.email"}),
        ({"email": "a\u0000@example.vn"}, {"email": "input.control-character"}),
        ({"password": "short"}, {"password": "identity.password-length"}),
        ({"password": "x" * 201}, {"password": "web.field-too-long"}),
        ({"name": ""}, {"name": "web.field-too-short"}),
        ({"role": "shop"}, {"party_id": "identity.organisation-needed"}),
    ],
)
def test_each_fault_of_an_account_is_named_and_nothing_is_stored(
    admin: Client, sqlite_database: Database, wrong: dict[str, object], expected: dict[str, str]
) -> None:
    with nothing_stored(sqlite_database):
        answer = admin.post(USERS, json={**account("ba@example.vn"), **wrong})
        assert fields(problem(answer, 422)) == expected


def test_an_address_has_one_account_however_it_is_written(
    admin: Client, sqlite_database: Database
) -> None:
    admin.post(USERS, json=account("cuc@example.vn"))
    with nothing_stored(sqlite_database):
        answer = admin.post(USERS, json=account(" CUC@example.vn "))
        problem(answer, 409, "identity.email-taken")


def test_accounts_and_the_log_are_read_page_by_page(admin: Client) -> None:
    for number in range(5):
        admin.post(USERS, json=account(f"u{number}@example.vn"))
    for path in (USERS, AUDIT):
        whole = [row["id"] for row in admin.get(path, params={"limit": 200}).json()["items"]]
        found, cursor = [], None
        for _ in range(len(whole) // 4 + 1):
            query = {"limit": 4, **({"cursor": cursor} if cursor else {})}
            page = admin.get(path, params=query).json()
            found += [row["id"] for row in page["items"]]
            cursor = page["next_cursor"]
            if cursor is None:
                break
        assert (found, cursor) == (whole, None)


def test_the_log_names_who_did_it_and_holds_no_secret(admin: Client) -> None:
    made = admin.post(KEYS, json={"name": "Till", "role": "auditor"}).json()
    log = admin.get(AUDIT, params={"subject": f"key:{made['id']}"})
    (entry,) = log.json()["items"]
    assert (entry["action"], entry["role"]) == ("identity:key:created", "admin")
    assert entry["key_id"]
    assert made["key"] not in log.text


def test_a_time_of_an_entry_is_in_utc(admin: Client) -> None:
    admin.post(KEYS, json={"name": "Till", "role": "auditor"})
    entry = admin.get(AUDIT, params={"limit": 1}).json()["items"][0]
    assert entry["at"].endswith("Z")
    assert entry["at"][:13] in {
        moment.isoformat()[:13] for moment in (now(), now() - timedelta(minutes=1))
    }
