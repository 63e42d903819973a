"""Receipts of scans and look-ups: who gets what, and that each proves itself with public keys."""

from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, func, select

from app.background import Worker
from app.demo import goods
from app.demo.loading import load_once
from app.settings import Settings
from tests.app.client import Client
from tests.app.problem import problem
from tests.traceability.events.makers import an_event, written
from traceability.db import Database
from traceability.events.models import Event
from traceability.transparency import receipts
from traceability.transparency.note import PublicKey
from traceability.verification.findings import INVOICE_CODES

RECALLED = f"(01)0{goods.MILK}(10){goods.RECALLED[1]}"
ITEM = f"(01)0{goods.GINSENG}(10)SAM2610(21)VD000001"
KEY = f"https://id.gs1.org/01/0{goods.GINSENG}/21/VD000001"


@pytest.fixture(scope="module")
def settings(folder: Path) -> Settings:
    return Settings(
        data=folder, public_url="https://nguon.example", background_worker=False,
        public_requests_a_minute=10_000,
    )  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def demo(sqlite_database: Database) -> None:
    load_once(sqlite_database)


def placed(database: Database, settings: Settings) -> None:
    worker = Worker(database, settings.log_keys)
    while worker._integrate():
        pass


def verified(client: Client, receipt: dict[str, Any]) -> receipts.Holds:
    keys = [PublicKey.parse(key) for key in client.get("/api/v1/log").json()["keys"]]
    return receipts.verify(receipt, keys)


def looked_up(client: Client, code: str) -> dict[str, Any]:
    answer = client.get("/api/v1/receipt", params={"code": code})
    assert answer.status_code == 200, answer.text
    assert "attachment" in answer.headers["content-disposition"]
    found: dict[str, Any] = answer.json()
    return found


def test_a_recall_is_proved_to_the_public_with_the_decision_on_its_producer(
    client: Client, sqlite_database: Database, settings: Settings
) -> None:
    placed(sqlite_database, settings)
    found = looked_up(client, RECALLED)
    holds = verified(client, found)
    assert holds.statement is not None
    assert (holds.statement["level"], holds.statement["audience"]) == ("stop", "consumer")
    assert holds.statement["policy_version"]
    kinds = [record["type"] for record in found["records"]]
    assert kinds == ["registration", "recall", *["event"] * 5]
    assert "salt'" not in str(found)


def test_events_of_the_goods_are_among_the_records(
    client: Client, admin: Client, sqlite_database: Database, settings: Settings
) -> None:
    body = written(an_event(epcList=[KEY], bizStep="commissioning", action="ADD"))
    headers = {"Content-Type": "application/json"}
    assert admin.post("/epcis/v2/capture", content=body, headers=headers).status_code == 202
    with sqlite_database.reading() as session:
        number = session.exec(select(func.max(col(Event.id)))).one()
    event = f"event:{number}"
    assert event in verified(client, looked_up(client, ITEM)).waiting
    placed(sqlite_database, settings)
    assert event in verified(client, looked_up(client, ITEM)).proved
    opened = admin.get(f"/api/v1/log/entries/event/{number}").json()
    assert opened["hidden"]["event"]["eventID"].startswith("ni:///sha-256;")
    assert receipts.verify(opened, [PublicKey.parse(
        client.get("/api/v1/log").json()["keys"][-1])]).proved == [event]  # fmt: skip
    public = client.get(f"/api/v1/log/entries/event/{number}").json()
    assert "hidden" not in public
    assert set(public["facts"]) == {"recordTime", "inError", "event", "bodySha256"}


@pytest.fixture
def scanned(inspector: Client) -> str:
    """Where the scan of milk on a shop's shelf is found, with invoices behind it."""
    shop = next(
        each for each in inspector.get("/api/v1/parties", params={"limit": 200}).json()["items"]
        if each["kind"] == "shop" and each["tax_code"]
    )  # fmt: skip
    scan = {"scan_data": f"(01)0{goods.MILK}", "location": {"shop_id": shop["id"], "counted": 3}}
    answer = inspector.post("/api/v1/scans", json=scan)
    assert answer.status_code == 201, answer.text
    return str(answer.headers["Location"])


def test_an_inspector_s_receipt_has_the_findings_of_invoices_and_opens_commitments(
    client: Client, inspector: Client, scanned: str, sqlite_database: Database, settings: Settings
) -> None:
    placed(sqlite_database, settings)
    found = inspector.get(f"{scanned}/receipt").json()
    holds = verified(client, found)
    assert holds.statement is not None
    assert holds.statement["scan"] == int(scanned.rpartition("/")[2])
    assert {f["code"] for f in holds.statement["findings"]} & INVOICE_CODES
    (decision,) = [r for r in found["records"] if r["type"] == "registration"]
    assert decision["hidden"].keys() == {"reason"}
    invoices = [r for r in found["records"] if r["type"] == "invoice"]
    assert invoices
    assert all(len(each["hidden"]["sha256"]) == 64 for each in invoices)


def test_a_public_receipt_holds_no_tax_data(client: Client, scanned: str) -> None:
    found = looked_up(client, f"(01)0{goods.MILK}")
    assert not {f["code"] for f in found["statement"]["findings"]} & INVOICE_CODES
    assert "invoice" not in str(found["statement"]["records"])
    assert "999910" not in str(found)


def test_the_receipt_of_another_s_scan_is_not_found(
    client: Client, shop: Client, scanned: str
) -> None:
    problem(shop.get(f"{scanned}/receipt"), 404, "verification.scan-unknown")
    assert client.get(f"{scanned}/receipt").status_code == 401
    problem(shop.get("/api/v1/scans/999999/receipt"), 404, "verification.scan-unknown")


@pytest.mark.parametrize("code", ["torn label", "(01)123", "𐍈" * 10, "9" * 4000])
def test_what_cannot_be_read_has_a_receipt_too(client: Client, code: str) -> None:
    holds = verified(client, looked_up(client, code))
    assert holds.statement is not None
    assert (holds.statement["findings"][0]["code"], holds.proved) == ("INVALID_CODE", [])


@pytest.mark.parametrize("query", ["", "code=", "code=" + "9" * 4001])
def test_a_look_up_without_a_code_is_refused(client: Client, query: str) -> None:
    problem(client.get(f"/api/v1/receipt?{query}"), 422)


def test_the_pages_offer_the_receipt(client: Client) -> None:
    page = client.get("/check", params={"code": ITEM}).text
    assert "/api/v1/receipt?code=" in page
    log = client.get("/log?kind=event&number=1").text
    assert "Không công khai. Nhật ký cam kết bằng mã " in log
    assert 'id="kept"' in log
