"""What depends on the database below, asked of both: races, and values that one of them refuses."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from app.main import create_app
from app.settings import Settings
from tests.app.client import Client, make_members
from tests.app.no_scanner import no_scanner as no_scanner
from tests.app.problem import problem
from tests.app.rows import nothing_stored, stored
from traceability.actor import Role
from traceability.db import Database


@pytest.fixture
def caller(database: Database, tmp_path: Path, no_scanner: None) -> Iterator[Client]:
    with database.writing() as session:
        members = make_members(session)
    settings = Settings(
        data=tmp_path,
        database_url=database.url.render_as_string(hide_password=False),
        background_worker=False,
    )
    with Client.serving(create_app(settings)) as client:
        yield client.acting(members.keys[Role.ADMIN])


@pytest.mark.parametrize(
    ("path", "body", "added"),
    [
        ("scans", {"scan_data": "96385074"}, {"scan": 1}),
        ("products", {"gtin": "96385074", "name": "x", "producer_id": 1}, {"product": 1}),
        ("users", {"email": "a@example.vn", "name": "x", "password": "p" * 12, "role": "auditor"},
         {"user_account": 1}),
    ],
)  # fmt: skip
def test_eight_requests_with_one_key_are_one(
    caller: Client, database: Database, path: str, body: dict[str, object], added: dict[str, int]
) -> None:
    def send(_: int) -> httpx.Response:
        return caller.post(f"/api/v1/{path}", json=body, headers={"Idempotency-Key": "one"})

    with stored(database, **added), ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(send, range(8)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1


def test_eight_requests_for_one_thing_make_it_once(caller: Client, database: Database) -> None:
    user = {"email": "a@example.vn", "name": "x", "password": "p" * 12, "role": "auditor"}

    def send(_: int) -> httpx.Response:
        return caller.post("/api/v1/users", json=user)

    with stored(database, user_account=1), ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(send, range(8)))
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 7


def test_values_that_fit_no_column_are_refused_alike(caller: Client, database: Database) -> None:
    with nothing_stored(database):
        for number in (2**63, -(2**63) - 1):
            problem(caller.get(f"/api/v1/scans/{number}"), 404, "db.no-such-id")
        problem(caller.get("/api/v1/audit?subject=%00"), 400, "web.malformed")
        key = {"name": "a\0b", "role": "auditor"}
        problem(caller.post("/api/v1/keys", json=key), 422, "web.malformed")
    with stored(database, scan=1):
        assert caller.post("/api/v1/scans", json={"scan_data": "a\0b"}).status_code == 201
