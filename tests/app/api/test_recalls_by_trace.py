"""Recalls of what was made from inputs: foreseen, opened, answered, confirmed and closed."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.app.client import Client, Members, make_key, make_party
from tests.app.problem import fields, problem
from tests.app.rows import nobody_holds_the_lock, nothing_stored, stored
from tests.traceability.events.makers import an_event, written
from traceability.actor import Role
from traceability.db import Database
from traceability.events import recalls
from traceability.events.recalling.working_out import WorkedOut
from traceability.registry.models import Party

RECALLS = "/api/v1/recalls"
STEM = "https://id.gs1.org"
JSON = {"Content-Type": "application/json"}
NOTICE = {
    "notice_number": "1/TB-VD", "notice_date": "2026-01-02", "reason": "Minh họa",
    "advice": "Ngừng dùng.",
}  # fmt: skip
SHOP_GLN = "9520000000035"


@dataclass
class Goods:
    """Fruit of a farm that became jam; a jar of it is in the shop."""

    fruit: str
    jam: str

    def lot(self, gtin: str, lot: str) -> str:
        return f"{STEM}/01/0{gtin}/10/{lot}"

    @property
    def input(self) -> str:
        return self.lot(self.fruit, "L1")

    @property
    def jar(self) -> str:
        return f"{STEM}/01/0{self.jam}/21/A1"


@pytest.fixture(scope="module")
def farm(client: Client, sqlite_database: Database) -> Client:
    with sqlite_database.writing() as session:
        party_id = make_party(session, "producer", "9999100031")
        return client.acting(make_key(session, Role.PRODUCER, party_id))


@pytest.fixture(scope="module", autouse=True)
def gln_of_the_shop(sqlite_database: Database, members: Members) -> None:
    with sqlite_database.writing() as session:
        session.get_one(Party, members.parties[Role.SHOP]).gln = SHOP_GLN


def captured(asking: Client, *events: dict[str, Any]) -> None:
    answer = asking.post("/epcis/v2/capture", content=written(*events), headers=JSON)
    assert answer.status_code == 202


def made(source: str, target: str) -> dict[str, Any]:
    return an_event(
        type="TransformationEvent", action=None, epcList=None,
        inputQuantityList=[{"epcClass": source, "quantity": 80, "uom": "KGM"}],
        outputQuantityList=[{"epcClass": target, "quantity": 70, "uom": "KGM"}],
    )  # fmt: skip


@pytest.fixture
def goods(
    farm: Client, producer: Client, shop: Client, new_gtin: Callable[[], str]
) -> Iterator[Goods]:
    found = Goods(new_gtin(), new_gtin())
    for owner, gtin in ((farm, found.fruit), (producer, found.jam)):
        owner.post("/api/v1/products", json={"gtin": gtin, "name": "Hàng ví dụ"})
    captured(
        producer,
        made(found.input, found.lot(found.jam, "J1")),
        an_event(action="ADD", epcList=[found.jar], ilmd={"cbvmda:lotNumber": "J1"}),
    )
    place = {"id": f"{STEM}/414/{SHOP_GLN}"}
    captured(shop, an_event(epcList=[found.jar], bizStep="receiving", bizLocation=place))
    return found


def opened(asking: Client, goods: Goods, **given: object) -> dict[str, Any]:
    answer = asking.post(RECALLS, json={**NOTICE, "inputs": [goods.input], **given})
    assert answer.status_code == 201, answer.json()
    found: dict[str, Any] = answer.json()
    return found


def level(client: Client, code: str) -> str:
    found: str = client.get("/api/v1/verify", params={"code": code}).json()["level"]
    return found


def test_the_reach_is_shown_before_and_nothing_is_stored(
    admin: Client, goods: Goods, sqlite_database: Database
) -> None:
    with nothing_stored(sqlite_database):
        answer = admin.post(f"{RECALLS}/reach", json={"inputs": [goods.input]})
    assert answer.status_code == 200
    found = answer.json()
    assert {each["key"]: each["certainty"] for each in found["goods"]} == {
        goods.input: "certain", goods.lot(goods.jam, "J1"): "certain", goods.jar: "certain",
    }  # fmt: skip
    assert (found["certain"], found["possible"], found["truncated"]) == (3, 0, False)
    assert found["amounts"][0] == {
        "uom": "KGM", "begun": "70", "used": "80", "ended": "0", "left": "-10",
    }  # fmt: skip
    assert {each["target"] for each in found["paths"]} == {goods.lot(goods.jam, "J1"), goods.jar}
    assert any("shop" in each["name"] for each in found["holders"])
    assert found["scanned"]["share"] is None


def test_the_share_that_consumers_have_scanned_is_told(
    admin: Client, producer: Client, client: Client, goods: Goods
) -> None:
    producer.post("/api/v1/lots", json={"gtin": goods.jam, "lot": "J1"})
    serials = {"gtin": goods.jam, "lot": "J1", "serials": ["A1", "A2", "A3", "A4"]}
    assert producer.post("/api/v1/serials", json=serials).status_code == 201
    client.post("/api/v1/scans", json={"scan_data": f"(01)0{goods.jam}(21)A2"})
    found = admin.post(f"{RECALLS}/reach", json={"inputs": [goods.input]}).json()["scanned"]
    assert (found["serials"], found["scanned"], found["share"]) == (4, 1, "0.2500")
    assert found["last_at"] is not None


def test_everything_made_from_the_input_is_recalled_until_a_decision_ends_it(
    admin: Client, client: Client, goods: Goods
) -> None:
    recall = opened(admin, goods)
    assert (recall["scope"], recall["gtin"]) == ("made-from", None)
    codes = [f"(01)0{goods.fruit}(10)L1", f"(01)0{goods.jam}(10)J1", f"(01)0{goods.jam}(21)A1"]
    assert [level(client, code) for code in codes] == ["stop"] * 3
    assert level(client, f"(01)0{goods.jam}(10)J2") != "stop"
    closing = {"closing_decision": "2/QĐ-VD"}
    assert admin.post(f"{RECALLS}/{recall['id']}/closing", json=closing).status_code == 200
    assert "stop" not in [level(client, code) for code in codes]


def test_an_owner_opens_a_recall_and_an_authority_confirms_it_for_others(
    admin: Client, farm: Client, client: Client, goods: Goods
) -> None:
    recall = opened(farm, goods)
    path = f"{RECALLS}/{recall['id']}"
    assert (recall["owner_name"], recall["confirmed_at"]) == (recall["issuer_name"], None)
    assert level(client, f"(01)0{goods.fruit}(10)L1") == "stop"
    assert level(client, f"(01)0{goods.jam}(10)J1") != "stop"
    listed = client.get(f"{path}/goods").json()["items"]
    assert [each["key"] for each in listed] == [goods.input]
    problem(farm.post(f"{path}/confirmation"), 403, "web.role")
    assert admin.post(f"{path}/confirmation").json()["confirmed_at"]
    assert level(client, f"(01)0{goods.jam}(10)J1") == "stop"
    assert len(client.get(f"{path}/goods").json()["items"]) == 3
    problem(admin.post(f"{path}/confirmation"), 409, "events.recall-confirmed")


def test_events_that_come_later_are_taken_in_on_demand(
    admin: Client, producer: Client, client: Client, goods: Goods
) -> None:
    recall = opened(admin, goods)
    captured(producer, made(goods.input, goods.lot(goods.jam, "J9")))
    assert level(client, f"(01)0{goods.jam}(10)J9") != "stop"
    answer = admin.post(f"{RECALLS}/{recall['id']}/reach")
    assert (answer.status_code, answer.json()["id"]) == (200, recall["id"])
    assert level(client, f"(01)0{goods.jam}(10)J9") == "stop"


def test_whom_it_concerns_finds_it_and_answers_and_the_authority_sees_how_far_it_is(
    admin: Client, shop: Client, producer: Client, goods: Goods
) -> None:
    recall = opened(admin, goods)
    path = f"{RECALLS}/{recall['id']}/answers"
    held = shop.get(RECALLS, params={"held": True, "status": "active"}).json()["items"]
    assert recall["id"] in [each["id"] for each in held]
    given = {"found": "3", "returned": "2.5", "unit": "kg", "note": "Ở kho"}
    assert shop.post(path, json=given).status_code == 201
    seen = admin.get(path).json()
    assert (seen["reached"], seen["answered"]) == (3, 1)
    assert seen["sums"] == [{"unit": "kg", "found": "3", "returned": "2.5", "destroyed": "0"}]
    own = producer.get(path).json()
    assert ([each["answer"] for each in own["parties"]], own["sums"]) == ([None], [])


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"found": -1}, {"found": "web.field-invalid"}),
        ({"found": "x"}, {"found": "input.quantity-format"}),
        ({"found": 10**13}, {"found": "input.quantity-format"}),
        ({}, {"found": "web.field-missing"}),
        ({"found": 1, "returned": 1, "destroyed": 1}, {"found": "events.recall-answer-sum"}),
        ({"found": 1, "note": "x" * 1001}, {"note": "web.field-too-long"}),
        ({"found": 1, "unit": "x" * 41}, {"unit": "web.field-too-long"}),
    ],
)
def test_an_answer_out_of_bounds_is_named_and_nothing_is_stored(
    admin: Client, shop: Client, goods: Goods, sqlite_database: Database,
    given: dict[str, object], expected: dict[str, str],
) -> None:  # fmt: skip
    path = f"{RECALLS}/{opened(admin, goods)['id']}/answers"
    with nothing_stored(sqlite_database):
        assert fields(problem(shop.post(path, json=given), 422)) == expected


def test_another_partys_recall_is_answered_like_one_that_does_not_exist(
    admin: Client, farm: Client, shop: Client, producer: Client, members: Members,
    new_gtin: Callable[[], str], sqlite_database: Database,
) -> None:  # fmt: skip
    gtin = new_gtin()
    producer.post("/api/v1/products", json={"gtin": gtin, "name": "Hàng ví dụ"})
    recall = producer.post(RECALLS, json={**NOTICE, "gtin": gtin, "lot": "L1"}).json()
    path = f"{RECALLS}/{recall['id']}"
    with nothing_stored(sqlite_database):
        problem(shop.post(f"{path}/answers", json={"found": 1}), 404, "events.recall-not-held")
        for_other = {"found": 1, "party_id": members.parties[Role.PRODUCER]}
        problem(shop.post(f"{path}/answers", json=for_other), 404, "events.recall-not-held")
        problem(shop.get(f"{path}/reach"), 404, "events.recall-unknown")
        problem(shop.post(f"{path}/reach"), 404, "events.recall-unknown")
    assert producer.get(f"{path}/reach").json()["certain"] == 1
    assert admin.post(f"{path}/answers", json=for_other).status_code == 201


def test_a_closed_recall_is_neither_answered_nor_worked_out_nor_confirmed(
    admin: Client, farm: Client, goods: Goods, sqlite_database: Database
) -> None:
    path = f"{RECALLS}/{opened(farm, goods)['id']}"
    admin.post(f"{path}/closing", json={"closing_decision": "2/QĐ-VD"})
    with nothing_stored(sqlite_database):
        for what, body in (("answers", {"found": 1}), ("reach", None)):
            problem(farm.post(f"{path}/{what}", json=body), 409, "events.recall-closed")
        problem(admin.post(f"{path}/confirmation"), 409, "events.recall-closed")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"inputs": ["01/09529999999993/10/X"]}, {"inputs.0": "events.recall-input-unknown"}),
        ({"inputs": ["01/09529999999990/10/X"]}, {"inputs.0": "gs1.check-digit"}),
        ({"inputs": []}, {"inputs": "web.field-too-short"}),
        ({"inputs": ["x"] * 101}, {"inputs": "web.field-too-long"}),
        ({"inputs": ["x" * 401]}, {"inputs.0": "web.field-too-long"}),
        ({"inputs": ["x\u0000y"]}, {"inputs.0": "input.control-character"}),
        ({"gtin": "9529999999993", "inputs": ["x"]}, {"inputs": "events.recall-scope"}),
        ({"gtin": "9529999999993", "serials": ["x"] * 1001}, {"serials": "web.field-too-long"}),
        ({}, {"gtin": "input.missing"}),
    ],
)
@pytest.mark.parametrize("path", [RECALLS, f"{RECALLS}/reach"])
def test_hostile_lists_of_inputs_are_refused_by_name(
    admin: Client, sqlite_database: Database, path: str,
    given: dict[str, object], expected: dict[str, str],
) -> None:  # fmt: skip
    body = given if path.endswith("reach") else {**NOTICE, **given}
    with nothing_stored(sqlite_database):
        assert fields(problem(admin.post(path, json=body), 422)) == expected


def test_an_owner_recalls_nothing_from_inputs_that_are_not_its_own(
    shop: Client, farm: Client, goods: Goods, sqlite_database: Database
) -> None:
    with nothing_stored(sqlite_database):
        refused = farm.post(RECALLS, json={**NOTICE, "inputs": [goods.lot(goods.jam, "J1")]})
        assert fields(problem(refused, 422)) == {"inputs.0": "events.recall-input-unknown"}
        alone = shop.post(RECALLS, json={**NOTICE, "inputs": [goods.jar]})
        assert fields(problem(alone, 422)) == {"inputs": "events.recall-nothing-own"}
        other = farm.post(RECALLS, json={**NOTICE, "gtin": goods.jam})
        problem(other, 403, "registry.not-your-product")


def test_a_repeated_request_opens_and_answers_once(
    admin: Client, shop: Client, goods: Goods, sqlite_database: Database
) -> None:
    key = {"Idempotency-Key": f"recall-{goods.jam}"}
    body = {**NOTICE, "inputs": [goods.input]}
    with stored(sqlite_database, recall=1, recall_goods=3):
        first, again = (admin.post(RECALLS, json=body, headers=key) for _ in range(2))
    assert first.json() == again.json()
    path = f"{RECALLS}/{first.json()['id']}/answers"
    with stored(sqlite_database, recall_answer=1):
        for _ in range(2):
            shop.post(path, json={"found": 1}, headers=key)


def test_others_write_while_the_reach_is_worked_out(
    admin: Client, goods: Goods, sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    work_out, times = recalls.worked_out, []

    def watched(*given: Any) -> WorkedOut:
        nobody_holds_the_lock(sqlite_database)
        times.append(given)
        return work_out(*given)

    monkeypatch.setattr(recalls, "worked_out", watched)
    made = admin.post(RECALLS, json={**NOTICE, "inputs": [goods.input]})
    assert made.status_code == 201
    assert admin.post(f"{RECALLS}/{made.json()['id']}/reach").status_code == 200
    assert len(times) == 2


def test_a_webhook_is_made_shown_without_its_token_and_taken_away(
    shop: Client, producer: Client, admin: Client
) -> None:
    path = "/api/v1/recall-webhooks"
    made = shop.post(path, json={"dest": "https://receiver.example/recalls"})
    assert made.status_code == 201
    assert len(made.json()["token"]) == 64
    (listed,) = shop.get(path).json()
    assert listed == {**made.json(), "token": None}
    problem(producer.ask("DELETE", f"{path}/{listed['id']}"), 404, "events.recall-webhook-unknown")
    assert shop.ask("DELETE", f"{path}/{listed['id']}").status_code == 204
    assert shop.get(path).json() == []
    private = shop.post(path, json={"dest": "http://127.0.0.1/x"})
    assert fields(problem(private, 422)) == {"dest": "events.webhook-private"}
    of_nobody = admin.post(path, json={"dest": "https://receiver.example"})
    problem(of_nobody, 403, "registry.no-party")


def test_a_webhook_is_tried_out_and_its_token_renewed(shop: Client, producer: Client) -> None:
    path = "/api/v1/recall-webhooks"
    made = shop.post(path, json={"dest": "https://receiver.example/recalls"}).json()
    own = f"{path}/{made['id']}"
    asked = shop.post(f"{own}/tests")
    assert asked.status_code == 202
    assert (asked.json()["kind"], asked.json()["state"]) == ("test", "waiting")
    assert shop.get(path).json()[0]["last"] == asked.json()
    renewed = shop.post(f"{own}/token").json()
    assert len(renewed["token"]) == 64
    assert renewed["token"] != made["token"]
    problem(producer.post(f"{own}/tests"), 404, "events.recall-webhook-unknown")
    problem(producer.post(f"{own}/token"), 404, "events.recall-webhook-unknown")
    assert shop.ask("DELETE", own).status_code == 204
