"""Lots and serials: of products that the caller may use, brought along or issued here."""

from collections.abc import Callable

import pytest

from tests.app.client import Client
from tests.app.problem import fields, problem
from tests.app.rows import nothing_stored, stored
from traceability.db import Database

LOTS, SERIALS = "/api/v1/lots", "/api/v1/serials"


@pytest.fixture
def gtin(producer: Client, new_gtin: Callable[[], str]) -> str:
    number = new_gtin()
    producer.post("/api/v1/products", json={"gtin": number, "name": "Trà ví dụ"})
    return number


def test_a_lot_carries_its_dates_and_an_exact_quantity(producer: Client, gtin: str) -> None:
    given = {
        "gtin": gtin, "lot": "VD-01", "production_date": "2026-10-01",
        "expiry_date": "2027-10-01", "quantity": "0.1", "unit": "kg",
    }  # fmt: skip
    answer = producer.post(LOTS, json=given)
    assert answer.status_code == 201
    lot = answer.json()
    assert (lot["gtin"], lot["quantity"]) == (f"0{gtin}", "0.1")
    assert producer.get(f"{LOTS}/{lot['id']}").json() == lot
    assert producer.get(LOTS, params={"gtin": gtin}).json()["items"] == [lot]
    changed = producer.patch(f"{LOTS}/{lot['id']}", json={"quantity": 2.5}).json()
    assert changed == {**lot, "quantity": "2.5"}


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        ({"lot": ""}, {"lot": "web.field-too-short"}),
        ({"lot": "x" * 21}, {"lot": "web.field-too-long"}),
        ({"lot": "LÔ 1"}, {"lot": "gs1.charset"}),
        ({"quantity": -1}, {"quantity": "web.field-invalid"}),
        ({"quantity": True}, {"quantity": "input.quantity-format"}),
        ({"quantity": "1e3"}, {"quantity": "input.quantity-format"}),
        ({"expiry_date": 0}, {"expiry_date": "input.date-format"}),
        ({"expiry_date": "2027-02-30"}, {"expiry_date": "input.date-invalid"}),
        ({"expiry_date": "2026-01-01"}, {"expiry_date": "registry.expiry-before-production"}),
        ({"gtin": "9529999999993"}, {"gtin": "registry.gtin-unknown"}),
    ],
)  # fmt: skip
def test_each_fault_of_a_lot_is_named_and_nothing_is_stored(
    producer: Client, gtin: str, sqlite_database: Database,
    wrong: dict[str, object], expected: dict[str, str],
) -> None:  # fmt: skip
    given = {"gtin": gtin, "lot": "L1", "production_date": "2026-10-01", **wrong}
    with nothing_stored(sqlite_database):
        assert fields(problem(producer.post(LOTS, json=given), 422)) == expected


def test_a_lot_is_registered_once(producer: Client, gtin: str, sqlite_database: Database) -> None:
    producer.post(LOTS, json={"gtin": gtin, "lot": "L1"})
    with nothing_stored(sqlite_database):
        again = producer.post(LOTS, json={"gtin": gtin, "lot": "L1"})
        problem(again, 409, "registry.lot-taken")


def test_another_s_lots_and_serials_are_like_ones_that_do_not_exist(
    producer: Client, shop: Client, gtin: str, sqlite_database: Database
) -> None:
    lot = producer.post(LOTS, json={"gtin": gtin, "lot": "L1"}).json()
    producer.post(SERIALS, json={"gtin": gtin, "serials": ["S1"]})
    serial = producer.get(SERIALS, params={"gtin": gtin}).json()["items"][0]
    with nothing_stored(sqlite_database):
        for method, how in (("GET", {}), ("PATCH", {"json": {"place": "x"}})):
            for number in (lot["id"], 999999):
                problem(shop.ask(method, f"{LOTS}/{number}", **how), 404, "registry.lot-unknown")
        for method, how in (("GET", {}), ("PATCH", {"json": {"status": "supplied"}})):
            for number in (serial["id"], 999999):
                answer = shop.ask(method, f"{SERIALS}/{number}", **how)
                problem(answer, 404, "registry.serial-unknown")
        for path in (LOTS, SERIALS):
            assert shop.get(path, params={"gtin": gtin}).json()["items"] == []
            given = {"gtin": gtin, "lot": "L2", "serials": ["S2"]}
            given.pop("serials" if path == LOTS else "lot")
            problem(shop.post(path, json=given), 403, "registry.not-your-product")


def test_serials_are_brought_along_all_or_none(
    producer: Client, gtin: str, sqlite_database: Database
) -> None:
    producer.post(LOTS, json={"gtin": gtin, "lot": "L1"})
    given = {"gtin": gtin, "lot": "L1", "serials": ["S1", "S2"]}
    with stored(sqlite_database, serial=2):
        answer = producer.post(SERIALS, json=given)
    assert (answer.status_code, answer.json()["count"]) == (201, 2)
    with nothing_stored(sqlite_database):
        again = producer.post(SERIALS, json={"gtin": gtin, "serials": ["S3", "S2"]})
        problem(again, 409, "registry.serials-taken")
        twice = producer.post(SERIALS, json={"gtin": gtin, "serials": ["S4", "S4"]})
        assert fields(problem(twice, 422)) == {"serials": "registry.serials-repeated"}
        wrong = producer.post(SERIALS, json={"gtin": gtin, "serials": ["S5", "số 6"]})
        assert fields(problem(wrong, 422)) == {"serials.1": "gs1.charset"}
        no_lot = producer.post(SERIALS, json={"gtin": gtin, "lot": "L9", "serials": ["S7"]})
        assert fields(problem(no_lot, 422)) == {"lot": "registry.lot-unknown"}


def test_issued_serials_are_as_many_as_asked_and_cannot_be_guessed(
    producer: Client, gtin: str
) -> None:
    answer = producer.post(SERIALS, json={"gtin": gtin, "count": 500})
    serials = answer.json()["serials"]
    assert len(set(serials)) == 500
    assert {len(serial) for serial in serials} == {13}
    problem(producer.post(SERIALS, json={"gtin": gtin, "count": 10_001}), 422)
    problem(producer.post(SERIALS, json={"gtin": gtin, "count": 0}), 422)


def test_serials_are_read_page_by_page(producer: Client, gtin: str) -> None:
    wanted = [f"S{number}" for number in range(5)]
    producer.post(SERIALS, json={"gtin": gtin, "serials": wanted})
    found, cursor = [], ""
    for _ in range(3):
        query = {"gtin": gtin, "limit": 2, **({"cursor": cursor} if cursor else {})}
        page = producer.get(SERIALS, params=query).json()
        found += [serial["serial"] for serial in page["items"]]
        cursor = page["next_cursor"]
    assert (found, cursor) == (wanted, None)


def test_a_withdrawn_serial_needs_its_reason_and_comes_back_by_the_authority_alone(
    producer: Client, admin: Client, gtin: str
) -> None:
    producer.post(SERIALS, json={"gtin": gtin, "serials": ["S1"]})
    serial = producer.get(SERIALS, params={"gtin": gtin}).json()["items"][0]
    path = f"{SERIALS}/{serial['id']}"
    problem(producer.patch(path, json={"status": "withdrawn"}), 422, "registry.reason-missing")
    gone = producer.patch(path, json={"status": "withdrawn", "status_reason": "Vỡ (ví dụ)"})
    assert gone.json()["status"] == "withdrawn"
    problem(producer.patch(path, json={"status": "issued"}), 403, "registry.serial-withdrawn")
    assert admin.patch(path, json={"status": "issued"}).json()["status"] == "issued"
