"""Recalls: ordered and ended by the authority, read by everybody, said by every verdict."""

from collections.abc import Callable

import pytest

from tests.app.client import Client
from tests.app.problem import fields, problem
from tests.app.rows import nothing_stored
from traceability.db import Database

RECALLS = "/api/v1/recalls"


@pytest.fixture
def gtin(producer: Client, new_gtin: Callable[[], str]) -> str:
    number = new_gtin()
    producer.post("/api/v1/products", json={"gtin": number, "name": "Sữa ví dụ"})
    return number


def notice(goods: str, **fields: object) -> dict[str, object]:
    return {
        "gtin": goods, "lot": "L1", "notice_number": "1/TB-VD", "notice_date": "2026-01-02",
        "reason": "Minh họa", "advice": "Ngừng dùng.", **fields,
    }  # fmt: skip


def test_a_recall_is_said_by_verdicts_until_a_decision_ends_it(
    admin: Client, client: Client, gtin: str
) -> None:
    def findings() -> list[str]:
        verdict = client.get("/api/v1/verify", params={"code": f"(01)0{gtin}(10)L1"}).json()
        return [finding["code"] for finding in verdict["findings"]]

    assert "RECALLED" not in findings()
    answer = admin.post(RECALLS, json=notice(gtin))
    assert answer.status_code == 201
    recall = answer.json()
    assert findings()[0] == "RECALLED"
    assert recall in client.get(RECALLS, params={"status": "active"}).json()["items"]
    closing = f"{RECALLS}/{recall['id']}/closing"
    closed = admin.post(closing, json={"closing_decision": "2/QĐ-VD"})
    assert (closed.status_code, closed.json()["status"]) == (200, "closed")
    assert "RECALLED" not in findings()
    again = admin.post(closing, json={"closing_decision": "3/QĐ-VD"})
    problem(again, 409, "events.recall-closed")


def test_another_lot_is_not_touched_by_a_recall(admin: Client, client: Client, gtin: str) -> None:
    admin.post(RECALLS, json=notice(gtin))
    verdict = client.get("/api/v1/verify", params={"code": f"(01)0{gtin}(10)L2"}).json()
    assert verdict["level"] != "stop"


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        ({"notice_date": "2199-01-01"}, {"notice_date": "registry.date-in-future"}),
        ({"lot": "lô"}, {"lot": "gs1.charset"}),
        ({"gtin": "9529999999993"}, {"gtin": "registry.gtin-unknown"}),
        ({"issuer_id": 999999}, {"issuer_id": "registry.party-unknown"}),
        ({"reason": ""}, {"reason": "web.field-too-short"}),
        ({"notice_number": None}, {"notice_number": "web.field-invalid"}),
    ],
)
def test_each_fault_of_a_notice_is_named_and_nothing_is_stored(
    admin: Client, gtin: str, sqlite_database: Database,
    wrong: dict[str, object], expected: dict[str, str],
) -> None:  # fmt: skip
    with nothing_stored(sqlite_database):
        answer = admin.post(RECALLS, json=notice(gtin, **wrong))
        assert fields(problem(answer, 422)) == expected


def test_the_same_notice_for_the_same_goods_is_in_force_once(
    admin: Client, gtin: str, sqlite_database: Database
) -> None:
    admin.post(RECALLS, json=notice(gtin))
    with nothing_stored(sqlite_database):
        problem(admin.post(RECALLS, json=notice(gtin)), 409, "events.recall-open")
    assert admin.post(RECALLS, json=notice(gtin, lot="L2")).status_code == 201


def test_an_owner_recalls_its_own_goods_and_an_authority_ends_it(
    producer: Client, shop: Client, gtin: str
) -> None:
    recall = producer.post(RECALLS, json=notice(gtin))
    assert recall.status_code == 201
    closing = {"closing_decision": "2/QĐ-VD"}
    closed = producer.post(f"{RECALLS}/{recall.json()['id']}/closing", json=closing)
    problem(closed, 403, "web.role")
    problem(shop.post(RECALLS, json=notice(gtin)), 403, "registry.not-your-product")


def test_recalls_are_read_page_by_page_the_newest_first(
    admin: Client, client: Client, gtin: str
) -> None:
    for number in range(3):
        admin.post(RECALLS, json=notice(gtin, lot=f"P{number}"))
    whole = [recall["id"] for recall in client.get(RECALLS).json()["items"]]
    assert whole == sorted(whole, reverse=True)
    first = client.get(RECALLS, params={"limit": 2}).json()
    second = client.get(RECALLS, params={"limit": 200, "cursor": first["next_cursor"]}).json()
    assert [recall["id"] for recall in first["items"] + second["items"]] == whole
    assert second["next_cursor"] is None
