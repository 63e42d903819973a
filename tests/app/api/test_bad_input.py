"""Whatever is sent, the answer is a problem with a code of its own, and nothing is half stored."""

import json
from collections.abc import AsyncIterator

import pytest

from tests.app.client import Client, Members
from tests.app.problem import fields, problem
from tests.app.rows import nothing_stored
from traceability.db import Database

PRODUCTS = "/api/v1/products"
JSON = {"content-type": "application/json"}


@pytest.mark.parametrize(
    ("body", "status", "expected"),
    [
        (b"", 422, {"": "web.field-missing"}),
        (b"not json", 422, {"": "web.not-json"}),
        (b'{"gtin": ', 422, {"": "web.not-json"}),
        (b"\xff\xfe{\x00", 422, {"": "web.not-json"}),
        (b"[]", 422, {"": "web.field-invalid"}),
        (b"7", 422, {"": "web.field-invalid"}),
        (b"null", 422, {"": "web.field-invalid"}),
        (b'{"gtin": NaN, "name": Infinity}', 422,
         {"gtin": "web.field-invalid", "name": "web.field-invalid"}),
        (b'{"gtin": "96385074", "name": "\\ud800"}', 422, {"name": "web.field-invalid"}),
        (b'{"gtin": "96385074", "name": "a\\u0000b"}', 422, {"name": "input.control-character"}),
        (b'{"gtin": "96385074", "name": "x", "producer_id": 1' + b"0" * 5000 + b"}", 400, None),
        (b'{"gtin": "96385074", "name": "x", "producer_id": 9223372036854775808}', 422,
         {"producer_id": "web.field-invalid"}),
        (b'{"gtin": "96385074", "name": "x", "producer_id": 1e400}', 422,
         {"producer_id": "web.field-invalid"}),
        (b"[" * 100_000 + b"]" * 100_000, 400, None),
        (b'{"a":' * 5_000 + b"1" + b"}" * 5_000, 400, None),
    ],
    ids=lambda value: "",
)  # fmt: skip
def test_a_body_that_is_no_product(
    producer: Client, sqlite_database: Database, body: bytes, status: int,
    expected: dict[str, str] | None,
) -> None:  # fmt: skip
    with nothing_stored(sqlite_database):
        refused = problem(producer.post(PRODUCTS, content=body, headers=JSON), status)
    if expected is not None:
        assert fields(refused) == expected


def test_half_of_a_utf_16_pair_is_refused_wherever_it_stands(
    admin: Client, sqlite_database: Database
) -> None:
    half = "\ud800"
    user = {"email": "a@example.vn", "name": "x", "password": "p" * 12, "role": "auditor"}
    with nothing_stored(sqlite_database):
        for path, body in (
            ("users", {**user, "email": half}), ("users", {**user, "password": half * 12}),
            ("users", {**user, "name": half}), ("users", {**user, half: 1}),
            ("lots", {"gtin": half, "lot": half}), ("serials", {"gtin": half, "serials": [half]}),
            ("scans", {"scan_data": half}), ("reports", {"reason": "other", "text": half}),
            ("keys", {"name": half, "role": half, "scopes": [half]}),
        ):  # fmt: skip
            content = json.dumps(body).encode()
            assert problem(admin.post(f"/api/v1/{path}", content=content, headers=JSON), 422), path


def test_a_body_that_says_it_is_something_else(producer: Client, sqlite_database: Database) -> None:
    body = json.dumps({"gtin": "96385074", "name": "x"}).encode()
    with nothing_stored(sqlite_database):
        for kind in ("text/plain", "application/xml", "application/x-www-form-urlencoded"):
            answer = producer.post(PRODUCTS, content=body, headers={"content-type": kind})
            problem(answer, 422, "web.malformed")


HUGE = (
    "0",
    "-1",
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775809",
    "1" + "0" * 40,
)


@pytest.mark.parametrize("number", HUGE)
def test_an_id_that_nothing_can_have_is_like_one_that_nothing_has(
    admin: Client, sqlite_database: Database, number: str
) -> None:
    paths = ("products", "parties", "lots", "serials", "invoices", "scans", "jobs")
    with nothing_stored(sqlite_database):
        for path in paths:
            problem(admin.get(f"/api/v1/{path}/{number}"), 404)
        for path in ("products", "parties", "lots", "scans", "users"):
            problem(admin.patch(f"/api/v1/{path}/{number}", json={}), 404)
        for path in ("keys", "aliases"):
            problem(admin.ask("DELETE", f"/api/v1/{path}/{number}"), 404)
        closing = {"closing_decision": "x"}
        problem(admin.post(f"/api/v1/recalls/{number}/closing", json=closing), 404)
        listed = admin.get(PRODUCTS, params={"producer_id": number})
        assert listed.status_code in (200, 404)


def test_an_id_that_is_no_number_is_malformed(admin: Client) -> None:
    for number in ("x", "1.5", "１２a", "1 OR 1=1", "%00"):
        assert problem(admin.get(f"{PRODUCTS}/{number}"), 400 if number == "%00" else 422)


@pytest.mark.parametrize("number", [0, -1, 2**63, 10**30])
def test_an_id_in_a_body_that_nothing_can_have(
    admin: Client, members: Members, sqlite_database: Database, number: int
) -> None:
    key = {"name": "x", "role": "shop", "party_id": number}
    user = {**key, "email": "x@example.vn", "password": "x" * 12}
    alias = {"seller_tax_code": "9999100017", "item_code": "x", "product_id": number}
    scan = {"scan_data": "96385074", "location": {"shop_id": number}}
    with nothing_stored(sqlite_database):
        for path, body in (("keys", key), ("users", user), ("aliases", alias), ("scans", scan)):
            answer = admin.post(f"/api/v1/{path}", json=body)
            assert problem(answer, answer.status_code)["status"] in (404, 422), path


@pytest.mark.parametrize(
    "cursor",
    ["x", "aWQ6", "aWQ6LTE", "aWQ6OTk5OTk5OTk5OTk5OTk5OTk5OTk5", "é", "aWQ6eA", "LS0=", "a" * 5000],
)
def test_a_cursor_that_was_never_given_out(admin: Client, cursor: str) -> None:
    for path in ("products", "parties", "lots", "serials", "recalls", "scans", "audit", "users"):
        body = problem(admin.get(f"/api/v1/{path}", params={"cursor": cursor}), 422)
        assert fields(body) == {"cursor": "web.cursor"}, path


@pytest.mark.parametrize("limit", ["0", "201", "-1", "x", "", "1e9"])
def test_a_page_has_1_to_200_entries(admin: Client, limit: str) -> None:
    body = problem(admin.get(PRODUCTS, params={"limit": limit}), 422)
    assert fields(body) == {"limit": "web.field-invalid"}


@pytest.mark.parametrize(
    ("path", "query", "field"),
    [
        ("reports", {"status": "lost"}, "status"),
        ("recalls", {"status": "lost"}, "status"),
        ("areas", {"on": "yesterday"}, "on"),
        ("areas", {"level": "village"}, "level"),
        ("exports/products", {"format": "pdf"}, "format"),
        ("products", {"gtin": "9521101000017"}, "gtin"),
        ("products", {"q": "x" * 201}, "q"),
        ("parties", {"q": "x" * 201}, "q"),
        ("lots", {"gtin": "x"}, "gtin"),
        ("parties/1/balances", {"as_of": "2026-02-30"}, "as_of"),
    ],
)
def test_a_value_of_a_query_that_is_not_offered(
    admin: Client, path: str, query: dict[str, str], field: str
) -> None:
    assert field in fields(problem(admin.get(f"/api/v1/{path}", params=query), 422))


NASTY = (
    "%",
    "_",
    "'",
    '"',
    "\\",
    "a OR 1=1 --",
    "*",
    '"x" NEAR y',
    "(((",
    "\N{ZERO WIDTH JOINER}",
    "x" * 200,
)


@pytest.mark.parametrize("text", NASTY, ids=range(len(NASTY)))
def test_a_search_takes_any_text_for_text(admin: Client, text: str) -> None:
    for path in ("products", "parties"):
        answer = admin.get(f"/api/v1/{path}", params={"q": text})
        assert answer.status_code == 200
        assert isinstance(answer.json()["items"], list)


def test_a_null_character_in_an_address_is_a_bad_request(admin: Client) -> None:
    for address in (f"{PRODUCTS}?q=a%00b", "/api/v1/lots?lot=%00", "/api/v1/audit?subject=%00"):
        problem(admin.get(address), 400, "web.malformed")


def test_a_path_leads_to_no_file(admin: Client) -> None:
    for path in (
        "/api/v1/templates/..%2f..%2fetc%2fpasswd", "/api/v1/exports/../../secret",
        "/static/../settings.py", "/static/..%2fsettings.py", "/static/%2e%2e/main.py",
    ):  # fmt: skip
        assert admin.get(path).status_code in (404, 405, 422), path


MB = 1_000_000


def test_an_announced_upload_of_30_mb_is_refused_before_it_is_read(
    admin: Client, sqlite_database: Database
) -> None:
    with nothing_stored(sqlite_database):
        for path, name in (("decode", "file"), ("scans", "image"), ("invoices", "file")):
            answer = admin.post(f"/api/v1/{path}", files={name: ("a.jpg", bytes(30 * MB))})
            assert "25" in problem(answer, 413, "web.body-too-large")["detail"]
    lying = admin.post("/api/v1/scans", content=b"{}", headers={"content-length": "-5"})
    problem(lying, 413, "web.body-too-large")


def test_an_unannounced_upload_is_stopped_while_it_is_read(
    admin: Client, sqlite_database: Database
) -> None:
    sent = 0

    async def endless(start: bytes) -> AsyncIterator[bytes]:
        nonlocal sent
        yield start
        while sent < 60:
            sent += 1
            yield bytes(MB)

    form = b'--b\r\nContent-Disposition: form-data; name="%s"; filename="a"\r\n\r\n'
    kinds = {"content-type": "multipart/form-data; boundary=b"}
    with nothing_stored(sqlite_database):
        for path, name, headers in (
            ("decode", b"file", kinds), ("scans", b"image", kinds), ("invoices", b"file", kinds),
            ("products", b"", JSON), ("scans", b"", JSON),
            ("invoices", b"file", {**kinds, "Idempotency-Key": "endless"}),
        ):  # fmt: skip
            sent = 0
            start = form % name if name else b"{"
            answer = admin.post(f"/api/v1/{path}", content=endless(start), headers=headers)
            problem(answer, 413, "web.body-too-large")
            assert sent < 30, path


def test_many_fields_and_files_are_no_way_to_hold_the_service_up(admin: Client) -> None:
    files = [("file", (f"{n}.xml", b"x")) for n in range(1100)]
    problem(admin.post("/api/v1/invoices", files=files), 400, "web.malformed")
    answer = admin.post("/api/v1/decode", data={f"f{n}": "x" for n in range(1100)}, files=files[:1])
    problem(answer, 400, "web.malformed")


def test_a_stale_or_foreign_web_session_opens_nothing(client: Client) -> None:
    for cookie in ("nguon_session=made-up", "nguon_session=", "nguon_session=%00"):
        answer = client.get(PRODUCTS, headers={"Cookie": cookie})
        problem(answer, 401, "web.key-needed")
        page = client.get("/shop", headers={"Cookie": cookie})
        assert (page.status_code, page.headers["location"][:6]) == (303, "/login")
