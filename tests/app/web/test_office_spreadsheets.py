"""Every list of the office as CSV: what is seen, in the visitor's words, and no formula."""

import csv
import io
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
from fastapi import FastAPI

from app.demo.invoice_maker import CONSUMER, InvoiceMaker, Line
from app.web.office import audit_log, spreadsheet
from tests.app.web.conftest import GTIN, Goods, Visitor
from tests.app.web.office_visits import ADMIN, visiting, waiting_party
from traceability import audit
from traceability.actor import Actor, Role
from traceability.audit import AuditAction
from traceability.clock import today
from traceability.db import Database
from traceability.enforcement import service as reports
from traceability.enforcement.schemas import ReportIn
from traceability.events import recalls
from traceability.events.recall_schemas import RecallIn
from traceability.invoices.service import import_files

LISTS = ("registrations", "codes", "lines", "reports", "recalls", "users", "audit")


@pytest.fixture
def admin(pages: FastAPI, people: dict[Role, str]) -> Iterator[Visitor]:
    with visiting(pages, people[Role.ADMIN]) as visitor:
        yield visitor


def rows(visitor: Visitor, name: str, **filters: str) -> list[list[str]]:
    """The rows of a downloaded list, without the headings."""
    query = "&".join(f"{key}={value}" for key, value in filters.items())
    answer = visitor.get(f"/office/{name}?{query}&format=csv")
    assert answer.status_code == 200
    _, *found = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    return found


@pytest.mark.parametrize("name", LISTS)
def test_each_list_comes_as_a_file_that_a_spreadsheet_reads(admin: Visitor, name: str) -> None:
    answer = admin.get(f"/office/{name}?format=csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"
    named = f'attachment; filename="nguon-{name}-{today():%Y%m%d}.csv"'
    assert answer.headers["content-disposition"] == named
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert all(next(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))))


def test_the_headings_are_in_the_visitor_s_language(admin: Visitor) -> None:
    assert "Mã số thuế" in admin.get("/office/registrations?format=csv").text
    english = admin.get("/office/registrations?format=csv&lang=en").text
    assert "Tax code" in english


def test_registrations_keep_to_the_filter_and_no_name_is_a_formula(
    admin: Visitor, sqlite_database: Database, goods: Goods
) -> None:
    waiting_party(sqlite_database, '=HYPERLINK("http://x")')
    (row,) = rows(admin, "registrations", status="pending")
    assert row[0] == '\'=HYPERLINK("http://x")'
    assert row[5] == "Chờ duyệt"
    assert len(rows(admin, "registrations")) == 2


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", " ="])
def test_what_a_spreadsheet_would_calculate_gets_an_apostrophe(sign: str) -> None:
    assert spreadsheet.text_of_cell(f"{sign}1+1") == f"'{sign}1+1"


def test_days_and_times_are_written_for_machines() -> None:
    assert spreadsheet.text_of_cell(date(2026, 11, 5)) == "2026-11-05"


def test_reports_are_told_without_how_to_reach_who_sent_them(
    admin: Visitor, sqlite_database: Database, goods: Goods
) -> None:
    given = ReportIn(reason="other", text="@SUM(A1)", code=GTIN, contact="0900 000 000")
    with sqlite_database.writing() as session:
        reports.create_report(session, Actor(Role.ANONYMOUS), given)
    (row,) = rows(admin, "reports", gtin=GTIN)
    assert row[2:6] == [GTIN, "Trà minh họa, hộp 20 gói", GTIN, "'@SUM(A1)"]
    assert "0900 000 000" not in row
    assert rows(admin, "reports", status="closed") == []


def test_recalls_name_product_notice_and_state(
    admin: Visitor, sqlite_database: Database, goods: Goods
) -> None:
    given = RecallIn(
        gtin=GTIN, lot="L1", notice_number="TB-01/VD", notice_date=date(2026, 11, 1),
        reason="Ví dụ", advice="Ngừng dùng",
    )  # fmt: skip
    with sqlite_database.writing() as session:
        recalls.open_recall(session, ADMIN, given)
    (row,) = rows(admin, "recalls", status="active")
    assert row[:6] == ["TB-01/VD", "2026-11-01", "", "Trà minh họa, hộp 20 gói", GTIN, "L1"]


def test_lines_without_a_product_name_seller_and_quantity(
    admin: Visitor, sqlite_database: Database
) -> None:
    maker = InvoiceMaker()
    seller = maker.issuer("9999100024", "VÍ DỤ Người bán")
    line = Line("Trà lài", Decimal(12), Decimal(50_000), item_code="TL1")
    content = maker.invoice(
        seller, CONSUMER, [line], symbol="C26TVD", number=1, issued_on=date(2026, 10, 1)
    )
    with sqlite_database.writing() as session:
        import_files(session, ADMIN, [("hd.xml", content)])
    (row,) = rows(admin, "lines", seller="9999100024")
    assert row[:4] == ["VÍ DỤ Người bán", "9999100024", "TL1", "Trà lài"]
    assert row[5:7] == ["12", "1"]


def test_users_are_listed_with_role_and_state(admin: Visitor, people: dict[Role, str]) -> None:
    assert [people[Role.ADMIN], "Quản trị viên"] in [row[1:3] for row in rows(admin, "users")]


def test_a_list_longer_than_a_page_comes_whole(
    admin: Visitor, sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit_log, "PAGE_ROWS", 2)
    with sqlite_database.writing() as session:
        for number in range(5):
            audit.record(session, ADMIN, AuditAction.SCAN_NOTED, f"scan:{number}")
    found = rows(admin, "audit", action=AuditAction.SCAN_NOTED)
    assert [row[4] for row in found] == [f"scan:{number}" for number in (4, 3, 2, 1, 0)]
