"""Aliases in and out as tables: faults by row and column, dry run, two people with one table."""

import io
from decimal import Decimal

import pytest
from python_calamine import CalamineWorkbook
from sqlmodel import Session, select

from tests.traceability.invoices.alias_statements import ONE, OTHER, carton, state
from tests.traceability.invoices.conftest import Market
from tests.traceability.invoices.files import DISTRIBUTOR, GTIN
from tests.traceability.invoices.test_linking import bring, links, sold
from traceability.errors import InvalidError
from traceability.invoices.alias_table import COLUMNS, export_aliases, import_aliases
from traceability.invoices.models import AliasState, ItemAlias
from traceability.registry.importing import ImportMode

HEADINGS = "Mã số thuế người bán;Mã hàng;Đơn vị tính;Mã GTIN;Hệ số;Áp dụng từ ngày"
CARTON = f"{DISTRIBUTOR};SUA-400;Thùng;{GTIN[1:]};24;"


def table(*rows: str, headings: str = HEADINGS) -> bytes:
    return "\r\n".join([headings, *rows]).encode()


def states(session: Session) -> list[str]:
    return list(session.exec(select(ItemAlias.state).order_by(ItemAlias.id)))


def test_two_people_who_bring_in_the_same_table_put_its_factors_in_force(
    session: Session, market: Market
) -> None:
    bring(session, sold("Thùng"), sold("Hộp", number=2))
    rows = table(CARTON, f"{DISTRIBUTOR};SUA-400;Hộp;{GTIN[1:]};1;")
    first = import_aliases(session, ONE, rows, "a.csv")
    assert (first.imported, first.error_count) == (2, 0)
    assert links(session) == [(None, None), (market.product.id, Decimal(2))]
    import_aliases(session, OTHER, rows, "a.csv")
    assert links(session)[0] == (market.product.id, Decimal(48))


def test_a_dry_run_says_what_is_wrong_and_writes_nothing(session: Session, market: Market) -> None:
    result = import_aliases(session, ONE, table(CARTON), "a.csv", dry_run=True)
    assert (result.good, result.imported, states(session)) == (1, 0, [])


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        (f"{DISTRIBUTOR};;Thùng;{GTIN[1:]};24;", "item_code", "input.missing"),
        (f"12345;A;;{GTIN[1:]};1;", "seller_tax_code", "registry.tax-code"),
        (f"{DISTRIBUTOR};A;;9520123456789;1;", "gtin", "gs1.check-digit"),
        (f"{DISTRIBUTOR};A;;4006381333931;1;", "gtin", "registry.gtin-unknown"),
        (f"{DISTRIBUTOR};A;;8.93459E+12;1;", "gtin", "registry.gtin-scientific"),
        (f"{DISTRIBUTOR};A;;{GTIN[1:]};0;", "factor", "invoices.alias-factor"),
        (f"{DISTRIBUTOR};A;;{GTIN[1:]};1.500;", "factor", "registry.quantity-ambiguous"),
        (f"{DISTRIBUTOR};A;;{GTIN[1:]};2;31/02/2026", "valid_from", "input.date-invalid"),
        (CARTON, "item_code", "registry.row-repeats"),
    ],
)
def test_a_fault_names_its_row_and_column(
    session: Session, market: Market, row: str, column: str, code: str
) -> None:
    result = import_aliases(session, ONE, table(CARTON, row), "a.csv")
    assert [(e.row, e.column, e.code) for e in result.errors] == [(3, column, code)]
    assert (result.imported, states(session)) == (0, [])


def test_the_good_rows_alone_are_written_when_that_is_asked(
    session: Session, market: Market
) -> None:
    rows = table(CARTON, f"{DISTRIBUTOR};A;;1;1;")
    result = import_aliases(session, ONE, rows, "a.csv", mode=ImportMode.GOOD_ROWS)
    assert (result.imported, states(session)) == (1, [AliasState.AWAITING_SECOND])


def test_a_seller_brings_in_its_own_codes_only(session: Session, market: Market) -> None:
    member = market.member(market.rival)
    result = import_aliases(session, member, table(CARTON), "a.csv")
    assert [error.code for error in result.errors] == ["invoices.alias-forbidden"]


@pytest.mark.parametrize(
    ("headings", "code"),
    [
        (f"{HEADINGS};Màu", "registry.heading-unknown"),
        (f"{HEADINGS};MST", "registry.heading-repeated"),
        ("Mã hàng;GTIN", "registry.heading-missing"),
    ],
)
def test_headings_that_are_not_those_of_the_table_are_named(
    session: Session, market: Market, headings: str, code: str
) -> None:
    with pytest.raises(InvalidError) as refused:
        import_aliases(session, ONE, table(CARTON, headings=headings), "a.csv")
    assert refused.value.code == code


def test_what_is_exported_can_be_brought_in_again(session: Session, market: Market) -> None:
    state(session, carton(market))
    file = export_aliases(session, ONE)
    result = import_aliases(session, ONE, file, "a.xlsx")
    assert (result.imported, states(session)) == (1, [AliasState.IN_FORCE])


def test_an_export_shows_a_member_its_own_codes_only(session: Session, market: Market) -> None:
    state(session, carton(market))
    rows = {
        party.name: CalamineWorkbook.from_filelike(
            io.BytesIO(export_aliases(session, market.member(party)))
        ).get_sheet_by_index(0).to_python()[1:]
        for party in (market.distributor, market.rival)
    }  # fmt: skip
    assert [len(each) for each in rows.values()] == [1, 0]


def test_the_example_of_the_template_is_no_statement(session: Session, market: Market) -> None:
    heading, example = (
        ";".join(texts)
        for texts in zip(*((each.vi, each.example or "") for each in COLUMNS), strict=True)
    )
    result = import_aliases(session, ONE, f"{heading}\n{example}\n".encode(), "a.csv")
    assert [error.code for error in result.errors] == ["registry.row-is-example"]
