"""Dated lists: brought in as they came, checked before, never merged."""

import re
from collections.abc import Iterator

import httpx
import pytest
from fastapi import FastAPI

from tests.app.web.conftest import GTIN, Goods, Visitor, text_of
from tests.app.web.office_visits import visiting
from tests.traceability.invoices.files import DISTRIBUTOR, RIVAL
from traceability.actor import Actor, Role
from traceability.db import Database
from traceability.invoices import lists
from traceability.invoices.list_models import DatedList

PAGE = "/office/lists"


@pytest.fixture
def office(pages: FastAPI, people: dict[Role, str]) -> Iterator[Visitor]:
    with visiting(pages, people[Role.SUPERVISOR]) as visitor:
        yield visitor


def bring(visitor: Visitor, text: str, **form: str) -> httpx.Response:
    given = {"kind": "inactive", "source": "Thuế Ví Dụ, TB-1", "dated_on": "2026-07-01", **form}
    files = {"file": ("ds.csv", text.encode(), "text/csv")} if text else None
    return visitor.send(f"{PAGE}/new", PAGE, files=files, **given)


def on_record(database: Database) -> list[DatedList]:
    with database.reading() as session:
        return list(lists.lists(session, Actor(Role.ADMIN)))


def test_a_list_is_taken_in_and_shown_row_by_row(
    office: Visitor, sqlite_database: Database
) -> None:
    answer = bring(office, f"tax_code,document\n{DISTRIBUTOR},TB-9\n{RIVAL},\n")
    assert answer.status_code == 303
    (found,) = on_record(sqlite_database)
    assert (found.rows, found.source) == (2, "Thuế Ví Dụ, TB-1")
    page = text_of(office.get(answer.headers["location"]))
    assert "Đã nhận danh sách: 2 dòng." in page
    assert f"2 {DISTRIBUTOR} – – TB-9 3 {RIVAL} – – –" in page


def test_a_check_alone_stores_nothing(office: Visitor, sqlite_database: Database) -> None:
    answer = bring(office, f"tax_code\n{DISTRIBUTOR}\n", dry_run="1")
    assert "Đã kiểm tra: 1 dòng đều đúng. Chưa lưu gì." in text_of(answer)
    assert on_record(sqlite_database) == []


@pytest.mark.parametrize("dry_run", ["", "1"])
def test_each_wrong_cell_is_named_by_row_and_column_and_nothing_is_stored(
    office: Visitor, sqlite_database: Database, dry_run: str
) -> None:
    wrong = f"tax_code,valid_from\n{DISTRIBUTOR},hôm qua\n9999100018,2026-01-01\n"
    answer = bring(office, wrong, dry_run=dry_run)
    assert answer.status_code == 422
    cells = re.findall(r'<td[^>]*data-label="(?:Dòng|Cột)"[^>]*>([^<]+)</td>', answer.text)
    assert cells == ["2", "valid_from", "3", "tax_code"]
    assert 'value="Thuế Ví Dụ, TB-1"' in answer.text
    assert on_record(sqlite_database) == []


def test_two_sources_of_one_kind_stand_side_by_side(
    office: Visitor, sqlite_database: Database
) -> None:
    bring(office, f"tax_code\n{DISTRIBUTOR}\n", source="Nguồn A")
    bring(office, f"tax_code\n{RIVAL}\n", source="Nguồn B")
    page = text_of(office.get(f"{PAGE}?kind=inactive"))
    assert "Nguồn A" in page
    assert "Nguồn B" in page
    assert len(on_record(sqlite_database)) == 2


def test_the_same_file_under_another_source_changes_nothing_and_says_so(
    office: Visitor, sqlite_database: Database
) -> None:
    bring(office, f"tax_code\n{DISTRIBUTOR}\n")
    answer = bring(office, f"tax_code\n{DISTRIBUTOR}\n", source="Nguồn khác")
    assert "đã có trong dữ liệu" in text_of(office.get(answer.headers["location"]))
    assert [found.source for found in on_record(sqlite_database)] == ["Thuế Ví Dụ, TB-1"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"kind": "others"}, "kind"),
        ({"source": " "}, "source"),
        ({"dated_on": "hôm qua"}, "dated_on"),
        ({"dated_on": "2999-01-01"}, "dated_on"),
    ],
)
def test_what_is_said_of_the_list_is_refused_beside_its_field(
    office: Visitor, sqlite_database: Database, wrong: dict[str, str], field: str
) -> None:
    answer = bring(office, f"tax_code\n{DISTRIBUTOR}\n", **wrong)
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert on_record(sqlite_database) == []


def test_a_file_without_a_needed_column_or_no_file_is_refused(office: Visitor) -> None:
    assert "tax_code" in text_of(bring(office, "name\nx\n"))
    assert 'href="#file"' in bring(office, "").text


def test_prices_are_shown_with_the_number_of_the_product(office: Visitor, goods: Goods) -> None:
    text = f"gtin,valid_from,unit_price\n{GTIN[1:]},2026-07-01,90000\n"
    answer = bring(office, text, kind="prices")
    assert f"2 {GTIN} 1/7/2026 90.000" in text_of(office.get(answer.headers["location"]))


def test_the_template_of_a_kind_has_its_columns(office: Visitor) -> None:
    answer = office.get(f"{PAGE}/template?kind=prices")
    assert answer.content.decode("utf-8-sig").strip() == "gtin,valid_from,unit_price"


@pytest.mark.parametrize(
    ("role", "reads", "brings"),
    [
        (Role.ADMIN, True, True),
        (Role.TAX, True, True),
        (Role.INSPECTOR, True, False),
        (Role.AUDITOR, True, False),
        (Role.SHOP, False, False),
        (Role.PRODUCER, False, False),
    ],
)
def test_the_pages_are_for_those_whom_the_api_serves(
    pages: FastAPI, people: dict[Role, str], role: Role, reads: bool, brings: bool
) -> None:
    with visiting(pages, people[role]) as visitor:
        assert (visitor.get(PAGE).status_code == 200) is reads
        assert (visitor.get(f"{PAGE}/new").status_code == 200) is brings


def test_a_list_that_is_not_there_is_not_found(office: Visitor) -> None:
    assert office.get(f"{PAGE}/999").status_code == 404
