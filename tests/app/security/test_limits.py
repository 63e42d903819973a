"""The limits and headers of the whole application: bodies, look-ups without a key, what a page may
load."""

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from app.main import create_app
from app.settings import Settings
from tests.app.client import Client
from tests.app.no_scanner import no_scanner as no_scanner
from tests.app.problem import problem
from traceability.db import Database

pytestmark = pytest.mark.usefixtures("no_scanner")


def serving(database: Database, data: Path, **values: object) -> Settings:
    known: dict[str, object] = {
        "data": data, "background_worker": False,
        "database_url": database.url.render_as_string(hide_password=False),
        "public_requests_a_minute": 20, "max_body_bytes": 1_000_000,
    }  # fmt: skip
    return Settings(**{**known, **values})  # type: ignore[arg-type]


@pytest.fixture
def client(sqlite_database: Database, tmp_path: Path) -> Iterator[Client]:
    with Client.serving(create_app(serving(sqlite_database, tmp_path))) as asking:
        yield asking


def look_up(client: Client, address: str = "") -> int:
    headers = {"X-Forwarded-For": address} if address else {}
    query = {"code": "9521101000016"}
    return client.get("/api/v1/verify", params=query, headers=headers).status_code


def test_the_public_asks_so_often_a_minute_and_is_told_when_to_come_back(client: Client) -> None:
    assert [look_up(client) for _ in range(20)] == [200] * 20
    answer = client.get("/api/v1/verify", params={"code": "9521101000016"})
    problem(answer, 429, "web.too-many-requests")
    assert 1 <= int(answer.headers["retry-after"]) <= 60
    problem(client.post("/api/v1/scans", json={"scan_data": "x"}), 429, "web.too-many-requests")


def test_pictures_and_reports_cost_ten_look_ups(client: Client) -> None:
    report = {"reason": "made_me_ill"}
    codes = [client.post("/api/v1/reports", json=report).status_code for _ in range(3)]
    assert codes == [201, 201, 429]


def test_a_forwarded_address_is_believed_only_behind_a_proxy(
    sqlite_database: Database, tmp_path: Path
) -> None:
    for trust, expected in ((False, 429), (True, 200)):
        settings = serving(
            sqlite_database, tmp_path, trust_proxy=trust, public_requests_a_minute=1
        )  # fmt: skip
        with Client.serving(create_app(settings)) as client:
            look_up(client, "192.0.2.1")
            assert look_up(client, "192.0.2.2") == expected


def test_of_several_forwarded_addresses_the_proxy_s_own_counts(
    sqlite_database: Database, tmp_path: Path
) -> None:
    settings = serving(sqlite_database, tmp_path, trust_proxy=True, public_requests_a_minute=1)
    with Client.serving(create_app(settings)) as client:
        assert look_up(client, "made-up-1, 192.0.2.1") == 200
        assert look_up(client, "made-up-2, 192.0.2.1") == 429


def log_in_from(client: Client, address: str) -> int:
    headers = {"X-Forwarded-For": address}
    page = client.get("/login", headers=headers)
    form = {"email": "an@example.vn", "password": "a wrong guess", "csrf_token": token_of(page)}
    return client.post("/login", data=form, headers=headers).status_code


def token_of(page: httpx.Response) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
    assert found
    return found[1]


def test_who_guesses_at_one_address_does_not_lock_the_account_s_owner_out(
    sqlite_database: Database, tmp_path: Path
) -> None:
    settings = serving(sqlite_database, tmp_path, trust_proxy=True, log_in_attempts=1)
    with Client.serving(create_app(settings)) as client:
        assert [log_in_from(client, "192.0.2.1") for _ in range(2)] == [422, 429]
        elsewhere = [log_in_from(client, f"192.0.3.{number}") for number in range(20)]
        assert elsewhere == [422] * 19 + [429]


def test_one_ipv6_customer_has_one_limit_however_many_addresses(
    sqlite_database: Database, tmp_path: Path
) -> None:
    settings = serving(sqlite_database, tmp_path, trust_proxy=True, public_requests_a_minute=1)
    with Client.serving(create_app(settings)) as client:
        assert look_up(client, "2001:db8:0:1::1") == 200
        assert look_up(client, "2001:db8:0:1:ffff::2") == 429
        assert look_up(client, "2001:db8:0:2::1") == 200


def test_guessing_keys_is_counted_like_asking_without_one(client: Client) -> None:
    guessing = client.acting("nguon_made-up")
    codes = [guessing.get("/api/v1/areas").status_code for _ in range(21)]
    assert codes == [401] * 20 + [429]


def test_the_metrics_are_for_this_machine_and_private_networks(
    sqlite_database: Database, tmp_path: Path
) -> None:
    settings = serving(sqlite_database, tmp_path, trust_proxy=True)
    with Client.serving(create_app(settings)) as client:
        for address, status in (
            ("127.0.0.1", 200), ("10.1.2.3", 200), ("203.0.113.7", 404), ("nonsense", 404)
        ):  # fmt: skip
            headers = {"X-Forwarded-For": address}
            assert client.get("/metrics", headers=headers).status_code == status


def test_the_metrics_can_be_given_to_named_networks(
    sqlite_database: Database, tmp_path: Path
) -> None:
    settings = serving(sqlite_database, tmp_path, metrics_networks="203.0.113.0/24, 192.0.2.1")
    assert settings.shows_metrics_to("203.0.113.9")
    assert settings.shows_metrics_to("192.0.2.1")
    assert not settings.shows_metrics_to("127.0.0.1")


def test_a_body_over_the_limit_is_refused_and_one_at_the_limit_is_not(client: Client) -> None:
    headers = {"content-type": "application/json"}
    exact = b'{"scan_data": "96385074"}'.ljust(1_000_000)
    assert client.post("/api/v1/scans", content=exact, headers=headers).status_code == 201
    answer = client.post("/api/v1/scans", content=exact + b" ", headers=headers)
    assert "1 MB" in problem(answer, 413, "web.body-too-large")["detail"]


def test_the_refusal_of_a_body_speaks_the_asked_language(client: Client) -> None:
    answer = client.speaking("en").post("/api/v1/scans", content=bytes(1_000_001))
    assert problem(answer, 413)["title"] == "Too large"


def test_every_answer_keeps_to_itself(client: Client) -> None:
    for path in ("/", "/api/v1/areas", "/healthz", "/nothing-here", "/static/style.css"):
        headers = client.get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "http" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert headers["referrer-policy"] == "strict-origin-when-cross-origin"
        assert "camera=(self)" in headers["permissions-policy"]


def test_only_a_service_on_https_tells_browsers_to_stay_there(
    sqlite_database: Database, tmp_path: Path
) -> None:
    for address, told in (("http://127.0.0.1:8000", False), ("https://nguon.example", True)):
        settings = serving(sqlite_database, tmp_path, public_url=address)
        with Client.serving(create_app(settings)) as client:
            headers = client.get("/healthz").headers
            assert ("strict-transport-security" in headers) is told
