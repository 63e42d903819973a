"""Idempotency-Key: what is sent again is done once and answered the same."""

import itertools
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from sqlmodel import col, update

from app.security.idempotency import KEPT, forget_old
from app.security.models import IdempotencyRecord
from tests.app.client import Client, Members, make_key
from tests.app.problem import fields, problem
from tests.app.rows import nothing_stored, stored
from tests.scanner.pictures import photo
from tests.traceability.invoices.files import invoice
from traceability.actor import Role
from traceability.clock import now
from traceability.db import Database

READS_PICTURES = True
_nonces = itertools.count(1)


@pytest.fixture
def nonce() -> dict[str, str]:
    return {"Idempotency-Key": f"nonce-{next(_nonces)}"}


Request = tuple[str, dict[str, object], dict[str, int]]


def requests(gtin: str, number: int) -> dict[str, Request]:
    """A POST of each kind, and the rows that it adds when it is done once."""
    file = [("file", ("a.xml", invoice(number, seller="9999100017", buyer="9999100024")))]
    account = {"email": f"u{number}@example.vn", "name": "x", "password": "p" * 12}
    return {
        "scan": ("/api/v1/scans", {"json": {"scan_data": "9521101000016"}}, {"scan": 1}),
        "photo": ("/api/v1/scans", {"files": {"image": ("a.jpg", photo())}}, {"scan": 1}),
        "product": (
            "/api/v1/products", {"json": {"gtin": gtin, "name": "x", "producer_id": 1}},
            {"product": 1},
        ),
        "invoice": ("/api/v1/invoices", {"files": file}, {"invoice": 1, "invoice_document": 1}),
        "report": ("/api/v1/reports", {"json": {"reason": "made_me_ill"}}, {"report": 1}),
        "account": ("/api/v1/users", {"json": {**account, "role": "auditor"}}, {"user_account": 1}),
    }  # fmt: skip


KINDS = ("scan", "photo", "product", "invoice", "report", "account")


@pytest.mark.parametrize("kind", KINDS)
def test_a_request_that_is_sent_again_is_done_once(
    admin: Client, new_gtin: Callable[[], str], nonce: dict[str, str],
    sqlite_database: Database, kind: str,
) -> None:  # fmt: skip
    path, how, added = requests(new_gtin(), 100 + KINDS.index(kind))[kind]
    with stored(sqlite_database, idempotency_record=1, **added):
        # The boundary of a form is made anew each time, as clients do.
        first, again = (admin.post(path, headers=nonce, **how) for _ in range(2))
    assert first.status_code == 201
    assert (again.status_code, again.content) == (201, first.content)
    for name in ("content-type", "location", "content-language"):
        assert again.headers.get(name) == first.headers.get(name)
    assert again.headers["idempotency-replayed"] == "true"
    assert "idempotency-replayed" not in first.headers


@pytest.mark.parametrize("kind", ["scan", "product", "invoice", "account"])
def test_eight_at_the_same_moment_are_done_once_and_all_answered_the_same(
    admin: Client, new_gtin: Callable[[], str], nonce: dict[str, str],
    sqlite_database: Database, kind: str,
) -> None:  # fmt: skip
    path, how, added = requests(new_gtin(), 200 + KINDS.index(kind))[kind]

    def send(_: int) -> httpx.Response:
        return admin.post(path, headers=nonce, **how)

    with (
        stored(sqlite_database, idempotency_record=1, **added),
        ThreadPoolExecutor(8) as threads,
    ):
        answers = list(threads.map(send, range(8)))
    assert [answer.status_code for answer in answers] == [201] * 8
    assert len({answer.content for answer in answers}) == 1


def test_another_body_under_the_same_key_is_refused(
    admin: Client, nonce: dict[str, str], sqlite_database: Database
) -> None:
    admin.post("/api/v1/scans", headers=nonce, json={"scan_data": "9521101000016"})
    with nothing_stored(sqlite_database):
        other = admin.post("/api/v1/scans", headers=nonce, json={"scan_data": "96385074"})
        problem(other, 409, "web.idempotency-reused")


def test_two_callers_share_no_key(
    client: Client, producer: Client, shop: Client, nonce: dict[str, str], sqlite_database: Database
) -> None:
    given = {"scan_data": "9521101000016"}
    with stored(sqlite_database, scan=4):
        answers = [
            producer.post("/api/v1/scans", headers=nonce, json=given),
            shop.post("/api/v1/scans", headers=nonce, json=given),
            client.post(
                "/api/v1/scans", headers={**nonce, "X-Forwarded-For": "192.0.2.1"}, json=given
            ),
            client.post(
                "/api/v1/scans", headers={**nonce, "X-Forwarded-For": "192.0.2.2"}, json=given
            ),
        ]
    assert len({answer.json()["id"] for answer in answers}) == 4


def test_one_key_serves_two_endpoints(admin: Client, nonce: dict[str, str]) -> None:
    scan = admin.post("/api/v1/scans", headers=nonce, json={"scan_data": "9521101000016"})
    report = admin.post("/api/v1/reports", headers=nonce, json={"reason": "made_me_ill"})
    assert (scan.status_code, report.status_code) == (201, 201)


def test_a_kept_answer_is_not_given_to_a_revoked_key(
    client: Client, admin: Client, nonce: dict[str, str]
) -> None:
    made = admin.post("/api/v1/keys", json={"name": "x", "role": "inspector"}).json()
    given = {"scan_data": "9521101000016"}
    inspector = client.acting(made["key"])
    assert inspector.post("/api/v1/scans", headers=nonce, json=given).status_code == 201
    admin.ask("DELETE", f"/api/v1/keys/{made['id']}")
    answer = inspector.post("/api/v1/scans", headers=nonce, json=given)
    problem(answer, 401, "web.key-unknown")


def test_a_kept_answer_is_not_given_past_the_scope_of_the_key(
    client: Client, members: Members, nonce: dict[str, str], sqlite_database: Database
) -> None:
    with sqlite_database.writing() as session:
        narrow = make_key(session, Role.ADMIN, None, scopes=["read"])
    answer = client.acting(narrow).post(
        "/api/v1/scans", headers=nonce, json={"scan_data": "9521101000016"}
    )
    problem(answer, 403, "web.scope")


def test_a_refused_request_may_be_sent_again_corrected(
    producer: Client, new_gtin: Callable[[], str], nonce: dict[str, str], sqlite_database: Database
) -> None:
    given = {"gtin": new_gtin(), "name": ""}
    with nothing_stored(sqlite_database):
        problem(producer.post("/api/v1/products", headers=nonce, json=given), 422)
    fixed = producer.post("/api/v1/products", headers=nonce, json={**given, "name": "Trà"})
    assert fixed.status_code == 201


def test_a_conflict_with_another_request_stays_a_conflict(
    producer: Client, new_gtin: Callable[[], str], nonce: dict[str, str]
) -> None:
    given = {"gtin": new_gtin(), "name": "Trà"}
    producer.post("/api/v1/products", json=given)
    answer = producer.post("/api/v1/products", headers=nonce, json=given)
    problem(answer, 409, "registry.gtin-taken")


def test_a_new_key_is_made_once_and_kept_nowhere(
    admin: Client, nonce: dict[str, str], sqlite_database: Database
) -> None:
    given = {"name": "Till", "role": "auditor"}
    with stored(sqlite_database, api_key=1):
        first, again = (
            admin.post("/api/v1/keys", headers=nonce, json=given).json() for _ in range(2)
        )
    assert first["key"].startswith("nguon_")
    assert again == {**first, "key": None}
    with sqlite_database.reading() as session:
        kept = session.connection().connection.dbapi_connection
        assert kept is not None
        assert first["key"] not in "\n".join(kept.iterdump())


@pytest.mark.parametrize("key", ["", "x" * 101, "tab\there"])
def test_a_key_that_is_none_is_refused(admin: Client, sqlite_database: Database, key: str) -> None:
    with nothing_stored(sqlite_database):
        answer = admin.post(
            "/api/v1/scans", headers={"Idempotency-Key": key}, json={"scan_data": "96385074"}
        )
        assert fields(problem(answer, 422)) == {"Idempotency-Key": "web.idempotency-key"}


def test_the_longest_key_is_taken(admin: Client) -> None:
    answer = admin.post(
        "/api/v1/scans", headers={"Idempotency-Key": "x" * 100}, json={"scan_data": "96385074"}
    )
    assert answer.status_code == 201


def test_answers_are_forgotten_after_a_month_but_never_the_scan(
    admin: Client, nonce: dict[str, str], sqlite_database: Database
) -> None:
    given = {"scan_data": "9521101000016"}
    admin.post("/api/v1/scans", headers=nonce, json=given)
    with sqlite_database.writing() as session:
        mine = col(IdempotencyRecord.key) == nonce["Idempotency-Key"]
        old = now() - KEPT - KEPT
        session.exec(update(IdempotencyRecord).where(mine).values(created_at=old))
        assert forget_old(session) == 1
    with nothing_stored(sqlite_database):
        problem(admin.post("/api/v1/scans", headers=nonce, json=given), 409, "web.conflict")
