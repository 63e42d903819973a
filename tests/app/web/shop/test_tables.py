"""Tables in and out: templates, checks, imports, faults by row and column, exports."""

import io

import pytest
from python_calamine import CalamineWorkbook

from app.background import HANDLERS
from app.web.shop import tables
from tests.app.client import OPERATOR
from tests.app.rows import nothing_stored, stored
from tests.app.web.conftest import GTIN, Goods, Visitor, text_of
from tests.app.web.shop.conftest import FREE_GTIN, Files, Neighbour
from traceability import jobs
from traceability.db import Database
from traceability.invoices.service import import_files
from traceability.registry.columns import Table
from traceability.registry.import_job import KIND

PAGE = "/shop/import"
GOOD = f"Mã GTIN;Số lô;Hạn sử dụng\n{GTIN};L7;31/12/2027\n{GTIN};L8;\n".encode()
BAD = f"Mã GTIN;Số lô;Hạn sử dụng\n{GTIN};L7;31/12/2027\n{GTIN};LÔ 8;khi nào\n".encode()


def send(member: Visitor, data: bytes, name: str = "lo.csv", **form: str) -> str:
    values = {"kind": "lots", "mode": "all_or_nothing", **form}
    answer = member.send(PAGE, PAGE, files={"file": (name, data)}, **values)
    assert answer.status_code == 303, text_of(answer)
    return str(answer.headers["location"])


def test_a_good_table_is_imported(member: Visitor, sqlite_database: Database) -> None:
    with stored(sqlite_database, lot=2):
        page = send(member, GOOD)
    assert "Đã nhập 2 dòng." in text_of(member.get(page))


def test_a_check_alone_stores_no_row(member: Visitor, sqlite_database: Database) -> None:
    with stored(sqlite_database, lot=0):
        page = send(member, GOOD, dry_run="1")
    assert "cả 2 dòng đều đúng. Chưa lưu gì." in text_of(member.get(page))


def test_faults_come_back_by_the_sheets_row_and_column_with_the_cell(
    member: Visitor, sqlite_database: Database
) -> None:
    with stored(sqlite_database, lot=0):
        page = member.get(send(member, BAD))
    text = text_of(page)
    assert "Có 1 lỗi. Chưa lưu gì." in text
    assert "3 Hạn sử dụng khi nào" in text
    assert f"{PAGE}?kind=lots" in page.text


def test_the_good_rows_alone_are_imported_when_asked_for(
    member: Visitor, sqlite_database: Database
) -> None:
    with stored(sqlite_database, lot=1):
        page = text_of(member.get(send(member, BAD, mode="good_rows")))
    assert "Đã nhập 1 dòng." in page
    assert "các dòng dưới đây được để lại" in page


@pytest.mark.parametrize(
    ("field", "data", "form"),
    [
        ("file", b"", {}),
        ("file", b"\x00\x01\x02", {}),
        ("file", b"PK\x03\x04 not a workbook", {}),
        ("file", b"Colour;GTIN\nred;1\n", {}),
        ("kind", GOOD, {"kind": "cars"}),
        ("mode", GOOD, {"mode": "some"}),
    ],
)
def test_what_is_no_table_is_said_beside_the_field(
    member: Visitor, sqlite_database: Database, field: str, data: bytes, form: dict[str, str]
) -> None:
    values = {"kind": "lots", "mode": "all_or_nothing", **form}
    with nothing_stored(sqlite_database):
        answer = member.send(PAGE, PAGE, files={"file": ("a.csv", data)}, **values)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert "registry." not in text_of(answer)


def test_every_wrong_heading_is_named(member: Visitor) -> None:
    data = b"Colour;Weight;GTIN\nred;1;2\n"
    form = {"kind": "lots", "mode": "all_or_nothing"}
    page = text_of(member.send(PAGE, PAGE, files={"file": ("a.csv", data)}, **form))
    assert "Colour" in page
    assert "Weight" in page


def test_a_row_for_anothers_product_is_a_fault(
    member: Visitor, neighbour: Neighbour, sqlite_database: Database
) -> None:
    data = b"gtin,lot\n9521301000014,L1\n"
    with stored(sqlite_database, lot=0):
        page = send(member, data)
    assert "9521301000014" in text_of(member.get(page))


def test_a_large_table_becomes_a_job(
    member: Visitor, sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "AT_ONCE_BYTES", 10)
    with stored(sqlite_database, lot=0, job=1):
        address = send(member, GOOD)
    assert "Đang chờ" in text_of(member.get(address))
    task = jobs.take(sqlite_database, (KIND,))
    assert task is not None
    with stored(sqlite_database, lot=2):
        jobs.run(task, HANDLERS[KIND])
    assert "Đã nhập 2 dòng." in text_of(member.get(address))


def test_a_job_that_failed_says_why_and_what_to_do(
    member: Visitor, sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "AT_ONCE_BYTES", 2)
    address = send(member, b"Colour;GTIN\nred;1\n")
    task = jobs.take(sqlite_database, (KIND,))
    assert task is not None
    with pytest.raises(Exception, match="heading"):
        jobs.run(task, HANDLERS[KIND])
    assert "Chưa lưu gì. Hãy sửa tệp rồi gửi lại." in text_of(member.get(address))


def test_the_job_of_another_organisation_is_not_found(
    member: Visitor, neighbour: Neighbour, sqlite_database: Database
) -> None:
    with sqlite_database.writing() as session:
        job = jobs.enqueue(session, KIND, {}, party_id=neighbour.party_id)
        job_id = job.id
    assert member.get(f"/shop/jobs/{job_id}").status_code == 404
    assert member.get("/shop/jobs/99").status_code == 404


@pytest.mark.parametrize("kind", list(Table))
def test_a_template_says_what_is_needed_on_a_sheet_apart(member: Visitor, kind: Table) -> None:
    answer = member.get(f"/shop/templates/{kind}")
    assert "attachment" in answer.headers["content-disposition"]
    sheets = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    assert len(sheets.get_sheet_by_index(0).to_python()) == 1
    guide = sheets.get_sheet_by_name("Cách điền").to_python()
    assert ["Mã GTIN", "cần", "9520000000103"] in [row[:3] for row in guide]


def test_a_row_of_the_example_is_told_for_what_it_is(member: Visitor) -> None:
    page = send(member, b"gtin,lot\n9520000000103,VD-2026-01\n", "mau.csv", kind="lots")
    assert "dòng ví dụ của mẫu" in text_of(member.get(page))


def test_an_export_holds_ones_own_records_only(
    member: Visitor, goods: Goods, neighbour: Neighbour
) -> None:
    text = member.get("/shop/exports/products?format=csv").content.decode("utf-8-sig")
    assert "Trà minh họa" in text
    assert "Hàng của bên khác" not in text
    workbook = CalamineWorkbook.from_filelike(
        io.BytesIO(member.get("/shop/exports/serials?format=xlsx").content)
    )
    assert [row[1:] for row in workbook.get_sheet_by_index(0).to_python()] == [
        ["lot", "serial", "certificate"], ["L1", "SN1", ""],
    ]  # fmt: skip


def test_an_export_comes_in_on_the_other_side(member: Visitor) -> None:
    exported = member.get("/shop/exports/lots?format=csv").content
    page = send(member, exported, dry_run="1")
    assert "L1" in text_of(member.get(page))


def test_another_format_is_not_offered(member: Visitor) -> None:
    assert member.get("/shop/exports/lots?format=pdf").status_code == 422


def test_products_of_a_table_take_up_the_lines_that_named_them(
    member: Visitor, files: Files, sqlite_database: Database
) -> None:
    with sqlite_database.writing() as session:
        import_files(session, OPERATOR, [("a.xml", files.sold(code=FREE_GTIN))])
    assert "1 dòng hóa đơn chưa rõ" in text_of(member.get("/shop"))
    send(member, f"gtin,name\n{FREE_GTIN},Hàng mới\n".encode(), kind="products")
    assert "dòng hóa đơn chưa rõ" not in text_of(member.get("/shop"))
