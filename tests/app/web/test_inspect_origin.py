"""What an inspector counts, sees unexplained and takes away; and that nobody else sees it."""

import io
import re
import zipfile

import pytest
from python_calamine import CalamineWorkbook

from tests.app.web.conftest import GTIN, Goods, People, Visitor, text_of
from tests.app.web.test_inspect import MIDDLE, PRODUCER, SHOP, Trade
from traceability.actor import Role
from traceability.db import Database
from traceability.invoices import ledger
from traceability.invoices.checks import service as checks

UNEXPLAINED = "chưa giải trình"


@pytest.fixture
def trade(sqlite_database: Database, goods: Goods) -> Trade:
    made = Trade(sqlite_database, goods)
    made.sold(PRODUCER, MIDDLE, 100, 3)
    made.sold(MIDDLE, SHOP, 60, 10)
    made.sold(SHOP, None, 20, 15)
    return made


@pytest.fixture
def inspector(visitor: Visitor, people: People) -> Visitor:
    visitor.log_in(people[Role.INSPECTOR])
    return visitor


def page_of(trade: Trade, rest: str) -> str:
    return f"/inspect/shops/{trade.shop}/{rest}"


def counted(visitor: Visitor, trade: Trade, number: str, **form: str) -> object:
    page = page_of(trade, "count")
    hidden = dict(re.findall(r'name="(nonce|began)" value="([^"]+)"', visitor.get(page).text))
    facts = {"product": str(trade.product_id), "counted": number, **hidden, **form}
    return visitor.send(page, page, **facts)


def test_a_count_above_the_balance_shows_at_once_what_no_invoice_explains(
    inspector: Visitor, trade: Trade
) -> None:
    assert "40" in text_of(inspector.get(page_of(trade, "count")))
    answer = counted(inspector, trade, "55")
    assert (answer.status_code, answer.headers["location"]) == (  # type: ignore[attr-defined]
        303, page_of(trade, "count#shelf"),
    )  # fmt: skip
    with trade.database.reading() as session:
        found = ledger.balance(session, SHOP, trade.product_id)
    assert (found.expected, found.counted) == (40, 55)
    page = inspector.get(page_of(trade, "count"))
    assert re.search(r'data-label="Chưa giải trình".*?15', page.text, re.DOTALL)


def test_the_same_form_sent_again_keeps_one_count(inspector: Visitor, trade: Trade) -> None:
    for _ in range(2):
        counted(inspector, trade, "55", nonce="the-same-form", began="2026-10-01T00:00:00+00:00")
    with trade.database.reading() as session:
        found = ledger.ledger_repository.stock_records(session, SHOP)
    assert len(found) == 1


def test_a_count_that_is_no_number_stays_in_its_field_with_a_message(
    inspector: Visitor, trade: Trade
) -> None:
    answer = counted(inspector, trade, "năm chục")
    assert answer.status_code == 422  # type: ignore[attr-defined]
    text = answer.text  # type: ignore[attr-defined]
    assert 'value="năm chục"' in text
    assert f'id="counted-{trade.product_id}-error"' in text


def test_the_number_of_the_minutes_is_kept_whole_or_refused(
    inspector: Visitor, trade: Trade
) -> None:
    answer = counted(inspector, trade, "55", document="M" * 101)
    assert answer.status_code == 422  # type: ignore[attr-defined]
    assert 'id="document-error"' in answer.text  # type: ignore[attr-defined]
    with trade.database.reading() as session:
        assert not ledger.ledger_repository.stock_records(session, SHOP)


def test_goods_that_no_document_names_are_counted_by_the_number_on_the_pack(
    inspector: Visitor, trade: Trade
) -> None:
    counted(inspector, trade, "", gtin=GTIN[1:], other="7")
    with trade.database.reading() as session:
        assert ledger.balance(session, SHOP, trade.product_id).counted == 7


def test_the_checks_name_their_evidence_and_the_innocent_explanation(
    inspector: Visitor, trade: Trade
) -> None:
    counted(inspector, trade, "55")
    page = inspector.get(page_of(trade, "checks"))
    text = text_of(page)
    assert page.status_code == 200
    assert "Chưa đủ chứng cứ" in text
    assert "Tồn đầu kỳ, hóa đơn đến muộn" in text
    main = re.search(r"<main.*</main>", page.text, re.DOTALL)
    assert main is not None
    assert "hàng giả" not in main[0].lower()


def test_the_path_is_a_picture_with_a_title_and_a_table_that_says_the_same(
    inspector: Visitor, trade: Trade
) -> None:
    page = inspector.get(page_of(trade, f"path/{trade.product_id}"))
    assert page.status_code == 200
    assert re.search(
        r"<svg[^>]*role=\"img\" aria-labelledby=\"path-title path-description\"", page.text
    )
    assert "1C26TVD 2" in page.text
    assert page.text.count("<tr role") == 4  # the head, the shop, the distributor, the producer
    assert "<script>" not in page.text


def test_the_result_as_xlsx_holds_goods_checks_and_every_source(
    inspector: Visitor, trade: Trade
) -> None:
    counted(inspector, trade, "55")
    answer = inspector.get(page_of(trade, "result.xlsx"))
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    assert len(book.sheet_names) == 3
    goods = book.get_sheet_by_index(0).to_python()
    assert goods[-1][-1] == 15
    assert zipfile.is_zipfile(io.BytesIO(answer.content))


def test_the_result_as_pdf_is_a_pdf(inspector: Visitor, trade: Trade) -> None:
    answer = inspector.get(page_of(trade, "result.pdf"))
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")


@pytest.mark.parametrize("rest", ["count", "checks", "result.xlsx", "result.pdf", "path/1"])
@pytest.mark.parametrize("role", [Role.SHOP, Role.PRODUCER, Role.TAX, Role.AUDITOR])
def test_nobody_else_sees_any_of_it(
    visitor: Visitor, people: People, trade: Trade, role: Role, rest: str
) -> None:
    visitor.log_in(people[role])
    assert visitor.get(page_of(trade, rest)).status_code == 403


@pytest.mark.parametrize("rest", ["count", "checks", "result.xlsx", "result.pdf", "path/1"])
def test_the_public_is_sent_to_log_in(visitor: Visitor, trade: Trade, rest: str) -> None:
    answer = visitor.get(page_of(trade, rest))
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/login")
    assert MIDDLE not in answer.text


def test_a_count_typed_beside_a_scan_is_on_the_page_of_the_shelf_once(
    inspector: Visitor, trade: Trade
) -> None:
    form = {
        "scan_data": GTIN, "shop_id": str(trade.shop), "counted": "55", "nonce": "one-form",
    }  # fmt: skip
    for _ in range(2):
        assert inspector.send("/inspect", "/inspect/scan", **form).status_code == 303
    with trade.database.reading() as session:
        found = ledger.ledger_repository.stock_records(session, SHOP)
    assert [record.quantity for record in found] == [55]
    page = inspector.get(page_of(trade, "count")).text
    assert re.search(r'data-label="Lần đếm trước".*?55', page, re.DOTALL)


def test_a_result_of_a_part_says_so_on_the_page_and_in_the_files(
    inspector: Visitor, trade: Trade, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checks, "MAX_PATHS", 0)
    assert "mới xem một phần" in text_of(inspector.get(page_of(trade, "checks")))
    answer = inspector.get(page_of(trade, "result.xlsx"))
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    told = [row for row in book.get_sheet_by_index(1).to_python() if "mới xem một phần" in row[3]]
    assert [row[0] for row in told] == ["Đường đi tới nguồn", "Chủ của mã"]
