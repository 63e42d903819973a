"""A dated list, read back row by row; and checked without being taken in."""

from datetime import date
from decimal import Decimal

import pytest
from sqlmodel import Session

from tests.traceability.invoices.conftest import open_market
from tests.traceability.invoices.files import DISTRIBUTOR, GTIN, RIVAL
from traceability.actor import Actor, Role
from traceability.errors import ForbiddenError, InvalidError
from traceability.invoices import list_rows, lists
from traceability.invoices.list_models import DatedList, ListKind
from traceability.invoices.lists import ListFile

TAX = Actor(Role.TAX)


def file_of(kind: ListKind, text: str, source: str = "Nguồn A") -> ListFile:
    return ListFile(kind, source, date(2026, 7, 1), "list.csv", text.encode())


def brought(session: Session, kind: ListKind, text: str) -> DatedList:
    return lists.import_list(session, TAX, file_of(kind, text))


def test_a_check_counts_the_rows_and_stores_nothing(session: Session) -> None:
    text = f"tax_code\n{DISTRIBUTOR}\n{RIVAL}\n"
    assert lists.check_list(session, TAX, file_of(ListKind.INACTIVE, text)) == 2
    assert list(lists.lists(session, TAX)) == []


def test_a_check_names_the_wrong_cells_as_the_import_does(session: Session) -> None:
    wrong = file_of(ListKind.INACTIVE, f"tax_code,valid_from\n{DISTRIBUTOR},hôm qua\n9999100018,\n")
    with pytest.raises(InvalidError) as refused:
        lists.check_list(session, TAX, wrong)
    assert [fault.field for fault in refused.value.faults] == ["2.valid_from", "3.tax_code"]


def test_an_inspector_reads_lists_and_checks_none(session: Session) -> None:
    with pytest.raises(ForbiddenError):
        lists.check_list(
            session, Actor(Role.INSPECTOR), file_of(ListKind.INACTIVE, f"tax_code\n{RIVAL}\n")
        )


def test_the_rows_come_back_as_they_were_with_the_numbers_of_the_file(session: Session) -> None:
    open_market(session)
    found = brought(
        session, ListKind.PRICES, f"gtin,valid_from,unit_price\n{GTIN},2026-07-01,90000\n"
    )
    page = list_rows.rows_of(session, found)
    assert page.columns == ("gtin", "valid_from", "unit_price")
    assert page.rows == [(2, [GTIN.zfill(14), date(2026, 7, 1), Decimal(90_000)])]
    assert page.next_row is None


def test_a_long_list_is_read_page_by_page(session: Session) -> None:
    found = brought(
        session, ListKind.INACTIVE, f"tax_code\n{DISTRIBUTOR}\n{RIVAL}\n{DISTRIBUTOR}\n"
    )
    first = list_rows.rows_of(session, found, limit=2)
    last = list_rows.rows_of(session, found, first.next_row or 0, limit=2)
    assert [number for number, _ in first.rows] == [2, 3]
    assert ([number for number, _ in last.rows], last.next_row) == ([4], None)


@pytest.mark.parametrize("role", [Role.SHOP, Role.PRODUCER, Role.ANONYMOUS])
def test_a_list_is_not_there_for_who_reads_none(session: Session, role: Role) -> None:
    found = brought(session, ListKind.INACTIVE, f"tax_code\n{RIVAL}\n")
    assert list_rows.one_list(session, Actor(role), found.id or 0) is None
    assert list_rows.one_list(session, Actor(Role.AUDITOR), found.id or 0) is found
