"""The outside invoice registry over the API: for authorities, on demand, with its date."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from app.demo.registry_simulator import Entry, Fault, Simulator, served
from app.settings import Settings
from tests.app.api.test_invoices import INVOICES, PRODUCER, SHOP, bill, upload
from tests.app.client import Client, Members
from tests.app.problem import problem
from tests.traceability.invoices.files import line
from traceability.actor import Role
from traceability.invoices.outside.answers import InvoiceStatus

SCANS = "/api/v1/scans"
TOKEN = "chi-de-thu"


@pytest.fixture(scope="module")
def book() -> dict[int, Entry]:
    """By number of the invoice; unknown for those that are not in it."""
    return {}


@pytest.fixture(scope="module")
def registry(book: dict[int, Entry]) -> Iterator[tuple[Simulator, str]]:
    simulator = Simulator(lambda key: book.get(key.number), TOKEN, slow_s=1.5)
    with served(simulator) as address:
        yield simulator, address


@pytest.fixture(scope="module")
def settings(folder: Path, registry: tuple[Simulator, str]) -> Settings:
    return Settings(
        data=folder,
        public_url="https://nguon.example",
        background_worker=False,
        trust_proxy=True,
        invoice_registry_url=registry[1],
        invoice_registry_token=TOKEN,
        invoice_registry_deadline_s=0.8,
        invoice_registry_failures=100,
        public_requests_a_minute=10_000,
    )


@pytest.fixture
def simulator(registry: tuple[Simulator, str]) -> Simulator:
    registry[0].fault = Fault.NONE
    registry[0].asked.clear()
    return registry[0]


@pytest.fixture
def tax(client: Client, members: Members) -> Client:
    return client.acting(members.keys[Role.TAX])


def imported(shop: Client, **how: object) -> dict[str, object]:
    (made,) = shop.post(INVOICES, **upload(bill(**how))).json()["imported"]
    return dict(made)


def test_an_inspector_asks_about_an_invoice_and_finds_the_answer_with_it_afterwards(
    inspector: Client, shop: Client, simulator: Simulator, book: dict[int, Entry]
) -> None:
    invoice = imported(shop)
    address = f"{INVOICES}/{invoice['id']}"
    before = inspector.get(address).json()
    assert before["outside"]["standing"] == "not-asked"
    book[int(str(invoice["number"]))] = Entry(total=Decimal(str(before["total"])))
    answer = inspector.post(f"{address}/outside")
    assert answer.status_code == 200
    told = answer.json()
    assert (told["standing"], told["status"], told["unavailable"]) == ("agrees", "original", None)
    assert told["as_of"]
    assert inspector.get(address).json()["outside"] == told


def test_what_it_says_otherwise_is_named_with_both_sides(
    inspector: Client, shop: Client, simulator: Simulator, book: dict[int, Entry]
) -> None:
    invoice = imported(shop)
    book[int(str(invoice["number"]))] = Entry(InvoiceStatus.CANCELLED, Decimal(7))
    told = inspector.speaking("vi").post(f"{INVOICES}/{invoice['id']}/outside").json()
    assert told["standing"] == "differs"
    assert [each["code"] for each in told["differences"]] == ["cancelled", "total"]
    assert told["differences"][1]["there"] == "7"
    assert "đã hủy" in told["text"]


@pytest.mark.parametrize(
    ("fault", "reason"),
    [(Fault.UNAVAILABLE, "failing"), (Fault.SLOW, "timeout"), (Fault.GARBAGE, "malformed")],
)
def test_when_it_is_down_the_answer_says_so(
    inspector: Client, shop: Client, simulator: Simulator, fault: Fault, reason: str
) -> None:
    invoice = imported(shop)
    simulator.fault = fault
    answer = inspector.speaking("en").post(f"{INVOICES}/{invoice['id']}/outside")
    assert answer.status_code == 200
    told = answer.json()
    assert (told["standing"], told["unavailable"]) == ("unavailable", reason)
    assert "was not available" in told["text"]


def test_a_verdict_carries_on_without_it_and_with_it_tells_more(
    inspector: Client, shop: Client, producer: Client, simulator: Simulator,
    book: dict[int, Entry], members: Members, new_gtin: object,
) -> None:  # fmt: skip
    gtin = new_gtin()  # type: ignore[operator]
    producer.post("/api/v1/products", json={"gtin": gtin, "name": "Trà mẫu"})
    invoice = imported(shop, lines=line(5, code=gtin))
    scan = {"scan_data": gtin, "location": {"shop_id": members.parties[Role.SHOP]}}
    simulator.fault = Fault.UNAVAILABLE
    down = inspector.post(SCANS, json=scan)
    assert down.status_code == 201
    codes = [each["code"] for each in down.json()["verdict"]["findings"]]
    assert "INVOICE_OUTSIDE_UNAVAILABLE" in codes
    assert "INVOICE_EXPLAINED" in codes
    simulator.fault = Fault.NONE
    book[int(str(invoice["number"]))] = Entry(InvoiceStatus.REPLACED)
    up = inspector.post(SCANS, json=scan).json()["verdict"]
    assert up["level"] == "inspector"
    (differs,) = [x for x in up["findings"] if x["code"] == "INVOICE_OUTSIDE_DIFFERS"]
    kinds = {each["kind"]: each for each in differs["evidence"]}
    assert kinds["outside-registry"]["as_of"]
    kept = inspector.get(f"{SCANS}/{down.json()['id']}").json()["verdict"]
    assert kept == down.json()["verdict"]


def test_the_public_and_shops_neither_ask_nor_are_told(
    client: Client, inspector: Client, shop: Client, producer: Client, simulator: Simulator,
    members: Members, book: dict[int, Entry], new_gtin: object,
) -> None:  # fmt: skip
    gtin = new_gtin()  # type: ignore[operator]
    producer.post("/api/v1/products", json={"gtin": gtin, "name": "Bánh mẫu"})
    invoice = imported(shop, lines=line(5, code=gtin))
    book[int(str(invoice["number"]))] = Entry(InvoiceStatus.CANCELLED)
    inspector.post(f"{INVOICES}/{invoice['id']}/outside")
    simulator.asked.clear()
    scan = {"scan_data": gtin, "location": {"shop_id": members.parties[Role.SHOP]}}
    for asking in (client, shop, producer):
        assert "OUTSIDE" not in asking.post(SCANS, json=scan).text
        assert "OUTSIDE" not in asking.get("/api/v1/verify", params={"code": gtin}).text
    for member in (shop, producer):
        assert member.get(f"{INVOICES}/{invoice['id']}").json()["outside"] is None
        problem(member.post(f"{INVOICES}/{invoice['id']}/outside"), 403, "web.role")
    assert client.post(f"{INVOICES}/{invoice['id']}/outside").status_code == 401
    assert list(simulator.asked) == []


def test_the_tax_authority_asks_too_and_an_auditor_reads(
    client: Client, tax: Client, shop: Client, simulator: Simulator, members: Members
) -> None:
    invoice = imported(shop)
    assert tax.post(f"{INVOICES}/{invoice['id']}/outside").json()["standing"] == "unknown"
    auditor = client.acting(members.keys[Role.AUDITOR])
    assert auditor.get(f"{INVOICES}/{invoice['id']}").json()["outside"]["standing"] == "unknown"
    problem(auditor.post(f"{INVOICES}/{invoice['id']}/outside"), 403, "web.role")


def test_an_invoice_that_is_not_on_record_is_not_asked_about(
    inspector: Client, simulator: Simulator
) -> None:
    problem(inspector.post(f"{INVOICES}/999999/outside"), 404, "invoices.unknown")
    assert list(simulator.asked) == []


def test_nothing_of_the_invoice_but_its_key_is_sent(
    inspector: Client, shop: Client, simulator: Simulator
) -> None:
    invoice = imported(shop)
    inspector.post(f"{INVOICES}/{invoice['id']}/outside")
    (request,) = simulator.asked
    assert request.startswith(f"GET /invoices/{PRODUCER}/1/C26TAA/{invoice['number']} HTTP/1.1\r\n")
    assert SHOP not in request


def test_the_counts_of_it_are_among_the_metrics(inspector: Client, simulator: Simulator) -> None:
    page = inspector.get("/metrics", headers={"X-Forwarded-For": "127.0.0.1"}).text
    assert 'nguon_invoice_registry{what="breaker_open"} 0.0' in page
    assert 'nguon_invoice_registry{what="answered"}' in page
    assert TOKEN not in page
