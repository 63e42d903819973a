"""An invoice's page: its signatures in words, its printed QR, and the scan that opens it."""

import pytest

from tests.app.web.conftest import Visitor, text_of
from tests.traceability.invoices.signatures.signed import Desk
from traceability.actor import Actor, Role
from traceability.db import Database
from traceability.invoices import service
from traceability.invoices.models import Invoice


@pytest.fixture(scope="module")
def desk() -> Desk:
    return Desk()


@pytest.fixture
def inspector(visitor: Visitor, people: dict[Role, str]) -> Visitor:
    visitor.log_in(people[Role.INSPECTOR])
    return visitor


@pytest.fixture
def invoice(sqlite_database: Database, desk: Desk) -> Invoice:
    with sqlite_database.writing() as session:
        actor = Actor(Role.ADMIN)
        [imported] = service.import_files(session, actor, [("a.xml", desk.invoice())]).imported
        found = service.get_invoice(session, actor, imported.id)
        session.expunge(found)
    return found


def test_the_page_says_in_words_what_the_signatures_are_worth(
    inspector: Visitor, invoice: Invoice
) -> None:
    text = text_of(inspector.get(f"/inspect/invoices/{invoice.id}"))
    assert "Chữ ký của người bán Nguyên vẹn, chưa xác định được là của ai" in text
    assert "Hệ thống này chưa nạp kho tin cậy" in text
    assert "Mã QR in trên hóa đơn khớp với hóa đơn" in text


def test_a_scan_of_the_printed_qr_opens_the_invoice(inspector: Visitor, invoice: Invoice) -> None:
    answer = inspector.send(
        "/inspect", "/inspect/scan", scan_data=invoice.qr_text or "", nonce="n" * 20
    )
    assert answer.headers["location"] == f"/inspect/invoices/{invoice.id}"
    scans = text_of(inspector.get("/inspect/scans"))
    assert (invoice.qr_text or "")[:40] in scans


def test_a_scan_of_an_invoice_not_on_record_says_so(inspector: Visitor) -> None:
    text = "9999100017|1|C26TAA|4711|20260803|990000"
    answer = inspector.send("/inspect", "/inspect/scan", scan_data=text, nonce="m" * 20)
    page = text_of(inspector.get(answer.headers["location"]))
    assert "1C26TAA 4711" in page
    assert "Hóa đơn này chưa có trong cơ sở dữ liệu" in page
