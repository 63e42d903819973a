"""Certificates with a quantity over HTTP: entered, confirmed, counted, revoked."""

import itertools
from collections.abc import Callable
from typing import Any

import pytest

from tests.app.client import Client, Members
from tests.app.problem import fields, problem
from tests.app.rows import nothing_stored, stored
from traceability.actor import Role
from traceability.db import Database

PATH, SERIALS = "/api/v1/certificates", "/api/v1/serials"
_numbers = itertools.count(1)


def found(client: Client, words: str) -> list[str]:
    """Numbers of the certificates that a search finds."""
    return [each["number"] for each in client.get(PATH, params={"q": words}).json()["items"]]


@pytest.fixture
def gtin(producer: Client, new_gtin: Callable[[], str]) -> str:
    number = new_gtin()
    producer.post("/api/v1/products", json={"gtin": number, "name": "Sâm ví dụ"})
    return number


@pytest.fixture
def given(gtin: str) -> dict[str, Any]:
    return {
        "number": f"{next(_numbers)}/GCN-VD", "issuer": "Sở Ví Dụ", "gtins": [gtin],
        "quantity": "10", "unit": "củ", "valid_from": "2026-01-01",
    }  # fmt: skip


def test_a_certificate_is_handed_in_confirmed_counted_and_revoked(
    producer: Client, admin: Client, given: dict[str, Any], gtin: str
) -> None:
    entered = producer.post(PATH, json=given)
    assert entered.status_code == 201
    own = entered.json()
    assert (own["status"], own["left"], own["exceeding"]) == ("pending", "10", "refuse")
    decisions = f"{PATH}/{own['id']}/decisions"
    assert admin.post(decisions, json={"status": "active"}).json()["status"] == "active"
    issued = producer.post(SERIALS, json={"gtin": gtin, "count": 9})
    assert issued.status_code == 201
    page = f"https://nguon.example/01/0{gtin}/21/{issued.json()['serials'][0]}"
    assert admin.post("/api/v1/scans", json={"scan_data": page}).status_code == 201
    known = producer.get(f"{PATH}/{own['id']}").json()
    assert [known[name] for name in ("issued", "used", "left", "scanned")] == [9, "9", "1", 1]
    refused = problem(producer.post(SERIALS, json={"gtin": gtin, "count": 2}), 422)
    assert fields(refused) == {"certificate": "registry.quota-exceeded"}
    assert "1 trên 10" in refused["errors"][0]["detail"]
    gone = admin.post(decisions, json={"status": "revoked", "reason": "Ví dụ"}).json()
    assert (gone["status"], gone["used"]) == ("revoked", "9")
    assert producer.get(PATH, params={"status": "revoked"}).json()["items"][0] == gone
    again = problem(admin.post(decisions, json={"status": "revoked", "reason": "x"}), 409)
    assert again["code"] == "registry.certificate-decided"


def test_an_authority_enters_one_that_counts_at_once(
    admin: Client, producer: Client, members: Members, given: dict[str, Any]
) -> None:
    party_id = members.parties[Role.PRODUCER]
    entered = admin.post(PATH, json={**given, "party_id": party_id}).json()
    assert (entered["status"], entered["party_id"]) == ("active", party_id)
    assert producer.get(f"{PATH}/{entered['id']}").status_code == 200


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        ({"quantity": 0}, {"quantity": "web.field-invalid"}),
        ({"quantity": "1e3"}, {"quantity": "input.quantity-format"}),
        ({"number": ""}, {"number": "web.field-too-short"}),
        ({"valid_from": "yesterday"}, {"valid_from": "input.date-format"}),
        ({"valid_to": "2025-01-01"}, {"valid_to": "registry.period-reversed"}),
        ({"gtins": ["9529999999993"]}, {"gtins.0": "registry.gtin-unknown"}),
        ({"party_id": 1_000_000}, {"party_id": "registry.certificate-of-another"}),
    ],
)
def test_each_fault_of_a_certificate_is_named_and_nothing_is_stored(
    producer: Client, sqlite_database: Database, given: dict[str, Any], wrong: dict[str, Any],
    expected: dict[str, str],
) -> None:  # fmt: skip
    with nothing_stored(sqlite_database):
        assert fields(problem(producer.post(PATH, json=given | wrong), 422)) == expected


def test_certificates_are_searched_by_number_and_product(
    producer: Client, admin: Client, given: dict[str, Any], gtin: str
) -> None:
    producer.post(PATH, json=given)
    assert found(admin, gtin) == [given["number"]]
    assert given["number"] in found(admin, given["number"].lower())
    assert found(admin, "%") == []


def test_another_organisation_finds_no_such_certificate(
    producer: Client, shop: Client, inspector: Client, given: dict[str, Any]
) -> None:
    number = producer.post(PATH, json=given).json()["id"]
    assert shop.get(f"{PATH}/{number}").status_code == 404
    assert shop.get(PATH).json()["items"] == []
    assert inspector.get(f"{PATH}/{number}").status_code == 200
    answer = producer.post(f"{PATH}/{number}/decisions", json={"status": "active"})
    assert answer.status_code == 403


def test_a_unit_is_listed_as_a_display_sample_and_taken_off(
    producer: Client, shop: Client, sqlite_database: Database, gtin: str
) -> None:
    producer.post(SERIALS, json={"gtin": gtin, "serials": ["VD1"]})
    (row,) = producer.get(SERIALS, params={"gtin": gtin}).json()["items"]
    path = f"{SERIALS}/{row['id']}/display-sample"
    with stored(sqlite_database, audit_entry=1):
        for _ in range(2):  # the second says nothing new
            listed = producer.ask("PUT", path, json={"display_sample": True}).json()
            assert listed == {**row, "display_sample": True}
    assert shop.ask("PUT", path, json={"display_sample": False}).status_code == 404
    assert problem(producer.ask("PUT", path, json={"display_sample": "yes"}), 422)
    assert producer.ask("PUT", path, json={"display_sample": False}).json() == row


@pytest.mark.parametrize(
    ("limit", "status"), [(8, 200), (None, 200), (2, 422), (1001, 422), ("8", 422)]
)
def test_a_product_has_a_threshold_of_its_own(
    producer: Client, gtin: str, limit: object, status: int
) -> None:
    (row,) = producer.get("/api/v1/products", params={"gtin": gtin}).json()["items"]
    answer = producer.patch(f"/api/v1/products/{row['id']}", json={"repeat_devices": limit})
    assert answer.status_code == status
    if status == 200:
        assert answer.json()["repeat_devices"] == limit
