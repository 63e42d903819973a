"""The outside invoice registry on the pages of an inspector."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from fastapi import FastAPI

from app.demo.registry_simulator import Entry, Fault, Simulator, served
from tests.app.web.conftest import GTIN, People, Visitor, text_of
from tests.traceability.invoices.files import invoice, line
from traceability.actor import Actor, Role
from traceability.db import Database
from traceability.invoices.outside.answers import InvoiceStatus
from traceability.invoices.outside.http import Endpoint, HttpInvoiceRegistry
from traceability.invoices.outside.service import OutsideRegistry
from traceability.invoices.service import import_files
from traceability.registry.models import Party, Registration

PAGE = "/inspect/invoices/1"


@pytest.fixture
def book() -> dict[int, Entry]:
    return {12: Entry(total=Decimal(10800), seller_name="VÍ DỤ Trà Minh Họa")}


@pytest.fixture
def simulator(
    pages: FastAPI, sqlite_database: Database, book: dict[int, Entry]
) -> Iterator[Simulator]:
    """The pages with a registry to ask, which answers from the test's own book."""
    simulator = Simulator(lambda key: book.get(key.number))
    with served(simulator) as address:
        registry = HttpInvoiceRegistry(Endpoint(address, connect_s=1, read_s=1))
        outside = OutsideRegistry(sqlite_database, registry)
        pages.state.services = replace(pages.state.services, outside=outside)
        yield simulator
        outside.close()


@pytest.fixture
def shop(sqlite_database: Database, people: People) -> int:
    """A shop with one invoice: number 12, of goods from their producer."""
    with sqlite_database.writing() as session:
        party = Party(name="VÍ DỤ Tạp hóa", kind="shop", tax_code="9999100024", address="Xã Ví Dụ")
        session.add(party)
        session.flush()
        since = date(2020, 1, 1)
        session.add(Registration(party_id=party.id or 0, status="active", valid_from=since))
        file = invoice(buyer="9999100024", lines=line(code=GTIN))
        import_files(session, Actor(Role.TAX), [("12.xml", file)])
        return party.id or 0


@pytest.fixture
def inspector(visitor: Visitor, people: People, shop: int) -> Visitor:
    visitor.log_in(people[Role.INSPECTOR])
    return visitor


def test_without_a_registry_the_page_says_nothing_of_one(inspector: Visitor) -> None:
    assert "bên ngoài" not in text_of(inspector.get(PAGE))


def test_nobody_is_asked_before_an_inspector_asks(simulator: Simulator, inspector: Visitor) -> None:
    assert "Chưa tra cứu" in text_of(inspector.get(PAGE))
    assert list(simulator.asked) == []
    answer = inspector.send(PAGE, f"{PAGE}/outside")
    assert answer.headers["location"] == f"{PAGE}#outside"
    page = text_of(inspector.get(PAGE))
    assert "Cơ sở dữ liệu hóa đơn bên ngoài Khớp" in page
    assert "có hiệu lực như khi lập" in page
    assert "VÍ DỤ Trà Minh Họa" in page
    assert len(simulator.asked) == 1


def test_a_contradiction_is_named_with_its_innocent_explanation(
    simulator: Simulator, inspector: Visitor, book: dict[int, Entry]
) -> None:
    book[12] = Entry(InvoiceStatus.CANCELLED, Decimal(5))
    inspector.send(PAGE, f"{PAGE}/outside")
    page = text_of(inspector.get(PAGE))
    assert "bên ngoài Mâu thuẫn" in page
    assert "hóa đơn đã hủy; tổng tiền ở đó là 5, ở đây là 10.800" in page
    assert "có thể cập nhật chậm" in page


def test_when_it_is_down_the_page_says_when_and_why_and_keeps_the_last_answer(
    simulator: Simulator, inspector: Visitor
) -> None:
    inspector.send(PAGE, f"{PAGE}/outside")
    simulator.fault = Fault.GARBAGE
    inspector.send(PAGE, f"{PAGE}/outside")
    page = text_of(inspector.get(PAGE))
    assert "trả lời không đúng định dạng" in page
    assert "có hiệu lực như khi lập" in page


def test_a_scan_in_a_shop_asks_about_its_path_and_is_kept_when_nobody_answers(
    simulator: Simulator, inspector: Visitor, shop: int
) -> None:
    simulator.fault = Fault.RESET
    scan = {"scan_data": GTIN, "shop_id": str(shop)}
    answer = inspector.send("/inspect", "/inspect/scan", **scan)
    page = text_of(inspector.get(answer.headers["location"]))
    assert "Không tra cứu được cơ sở dữ liệu hóa đơn bên ngoài" in page
    assert "1C26TAA 12" in page
    simulator.fault = Fault.NONE
    answer = inspector.send("/inspect", "/inspect/scan", **scan)
    page = text_of(inspector.get(answer.headers["location"]))
    assert "cho kết quả giống dữ liệu đã ghi nhận về hóa đơn 1C26TAA 12" in page


def test_an_auditor_reads_what_it_said_and_has_no_button(
    simulator: Simulator, visitor: Visitor, people: People, shop: int
) -> None:
    visitor.log_in(people[Role.AUDITOR])
    answer = visitor.get(PAGE)
    assert "Chưa tra cứu" in text_of(answer)
    assert f"{PAGE}/outside" not in answer.text


@pytest.mark.parametrize("address", [f"/01/{GTIN}", "/check"])
def test_no_public_page_asks_or_tells(
    simulator: Simulator, visitor: Visitor, shop: int, address: str
) -> None:
    assert "bên ngoài" not in text_of(visitor.get(address))
    assert list(simulator.asked) == []
