"""Who may do what: every row of the access table, for every role, allowed and denied."""

import re

from app.security import sessions, users
from app.security.access import API, EPCIS, SERVICE, WEB, Scope
from tests.app.client import OPERATOR, Client, Members, make_key
from traceability.actor import Role
from traceability.clock import now
from traceability.db import Database

NO_ID = "999999"


def concrete(path: str) -> str:
    """A path with ids that nothing has, so that being allowed changes nothing."""
    values = {"kind": "products", "path": NO_ID, "code": "web.role", "gtin": "09521234567899"}
    return re.sub(r"\{([^}]+)\}", lambda found: values.get(found[1], NO_ID), path)


def test_the_api_lets_in_the_roles_of_the_table_and_nobody_else(
    client: Client, members: Members
) -> None:
    wrong = [
        (endpoint, role)
        for endpoint, rule in {**API, **EPCIS}.items()
        for role in Role
        if lets_in(client, members, endpoint, role) is not (role in rule.roles)
    ]
    assert wrong == []


def lets_in(client: Client, members: Members, endpoint: str, role: Role) -> bool:
    method, path = endpoint.split(" ", 1)
    asking = client if role is Role.ANONYMOUS else client.acting(members.keys[role])
    answer = asking.ask(method, concrete(path))
    if answer.status_code not in (401, 403):
        return True
    assert answer.status_code == (401 if role is Role.ANONYMOUS else 403)
    assert answer.headers["content-type"] == "application/problem+json"
    return False


def test_a_key_narrowed_to_a_scope_does_nothing_else(
    client: Client, members: Members, sqlite_database: Database
) -> None:
    with sqlite_database.writing() as session:
        key = make_key(session, Role.ADMIN, None, scopes=[Scope.READ])
    for endpoint, rule in {**API, **EPCIS}.items():
        method, path = endpoint.split(" ", 1)
        answer = client.acting(key).ask(method, concrete(path))
        assert (answer.status_code == 403) is (rule.scope is not Scope.READ), endpoint
        if answer.status_code == 403:
            assert answer.json()["code"] == "web.scope"


def test_a_revoked_an_expired_and_a_made_up_key_are_told_apart_from_nothing(
    client: Client, members: Members, sqlite_database: Database
) -> None:
    admin = client.acting(members.keys[Role.ADMIN])
    made = admin.post("/api/v1/keys", json={"name": "till", "role": "auditor"}).json()
    assert client.acting(made["key"]).get("/api/v1/products").status_code == 200
    admin.ask("DELETE", f"/api/v1/keys/{made['id']}")
    with sqlite_database.writing() as session:
        from app.security.models import ApiKey

        expired = make_key(session, Role.AUDITOR, None)
        row = session.get_one(ApiKey, made["id"] + 1)
        row.expires_at = now()
    for key in (made["key"], expired, "nguon_" + "x" * 43, "", "x y"):
        answer = client.acting(key).get("/api/v1/products")
        assert (answer.status_code, answer.json()["code"]) == (401, "web.key-unknown")


def test_a_key_is_shown_once_and_never_kept(
    client: Client, members: Members, sqlite_database: Database
) -> None:
    admin = client.acting(members.keys[Role.ADMIN])
    secret = admin.post("/api/v1/keys", json={"name": "till", "role": "auditor"}).json()["key"]
    assert secret not in admin.get("/api/v1/keys").text
    content = (sqlite_database.url.database or "").encode()
    with open(content, "rb") as file:  # noqa: PTH123
        assert secret.encode() not in file.read()


def test_members_make_keys_of_their_own_organisation_only(client: Client, members: Members) -> None:
    shop = client.acting(members.keys[Role.SHOP])
    own = shop.post("/api/v1/keys", json={"name": "till", "role": "shop"}).json()
    assert own["party_id"] == members.parties[Role.SHOP]
    other = {"name": "x", "role": "producer", "party_id": members.parties[Role.PRODUCER]}
    assert shop.post("/api/v1/keys", json=other).status_code == 403
    assert shop.post("/api/v1/keys", json={"name": "x", "role": "admin"}).status_code == 403


def test_every_page_sends_the_public_to_log_in_where_the_table_says_so(client: Client) -> None:
    for endpoint, rule in WEB.items():
        method, path = endpoint.split(" ", 1)
        if method != "GET":
            continue
        answer = client.get(concrete(path))
        asked = answer.status_code == 303 and answer.headers["location"].startswith("/login")
        assert asked is (Role.ANONYMOUS not in rule.roles), (endpoint, answer.status_code)


def test_a_form_without_the_page_s_token_is_refused(client: Client) -> None:
    for endpoint, rule in WEB.items():
        method, path = endpoint.split(" ", 1)
        if method == "POST" and Role.ANONYMOUS in rule.roles:
            assert client.post(concrete(path), data={"x": "y"}).status_code == 403, endpoint


def test_the_tables_do_not_overlap() -> None:
    assert not set(API) & set(WEB)
    assert not (set(API) | set(WEB)) & set(SERVICE)


def test_every_page_lets_in_the_roles_of_the_table_and_nobody_else(
    client: Client, members: Members, sqlite_database: Database
) -> None:
    wrong = []
    for role in Role:
        if role is Role.ANONYMOUS:
            continue
        cookie = session_of(sqlite_database, role, members.parties.get(role))
        for endpoint, rule in WEB.items():
            method, path = endpoint.split(" ", 1)
            answer = client.ask(method, concrete(path), headers={"Cookie": cookie})
            # A form without its token is refused as well, so only a GET tells who is let in.
            refused = answer.status_code == 403
            if refused is (role in rule.roles) and (method == "GET" or not refused):
                wrong.append((endpoint, role, answer.status_code))
    assert wrong == []


def session_of(database: Database, role: Role, party_id: int | None) -> str:
    """A log-in of a new user of a role, as the cookie that a browser would send."""
    email, password = f"{role}@vidu.example", "mật khẩu thử nghiệm"
    with database.writing() as session:
        users.create_user(
            session, OPERATOR, email=email, name=role, password=password, role=role,
            party_id=party_id,
        )  # fmt: skip
        found = sessions.log_in(session, sessions.attempt(session, email, password), hours=1)
    assert found is not None
    return f"{sessions.COOKIE}={found[1]}"
