import csv
import io
from collections.abc import Callable, Iterator

import pytest
from python_calamine import CalamineWorkbook
from sqlmodel import Session, select

from tests.traceability.registry.makers import ADMIN, a_party, a_product, gtin, member
from tests.traceability.registry.test_lots import a_lot
from tests.traceability.registry.test_serials import registered
from traceability.actor import PUBLIC, Actor
from traceability.db import Database
from traceability.registry import exporting, importing
from traceability.registry.columns import COLUMNS, Table
from traceability.registry.models import Lot, Product

Export = Callable[..., Iterator[bytes]]


def _csv(session: Session, actor: Actor, table: Table, **filters: object) -> list[dict[str, str]]:
    text = b"".join(exporting.export_csv(session, actor, table, **filters)).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_a_csv_has_the_columns_of_the_import(session: Session) -> None:
    own = a_party(session)
    a_product(session, own, name="Cà phê Đắk Hà", brand="Nhãn")
    (row,) = _csv(session, PUBLIC, Table.PRODUCTS)
    names = {column.name for column in COLUMNS[Table.PRODUCTS]}
    assert set(row) < names
    assert (row["gtin"], row["name"], row["producer_id"], row["model"]) == (
        "0" + gtin(1), "Cà phê Đắk Hà", str(own.id), "",
    )  # fmt: skip
    assert "producer_tax_code" not in row


@pytest.mark.parametrize("name", ["=1+1", "+84", "-1", "@x"])
def test_no_cell_of_a_csv_can_pass_for_a_formula(session: Session, name: str) -> None:
    a_product(session, a_party(session), name=name)
    (row,) = _csv(session, ADMIN, Table.PRODUCTS)
    assert row["name"] == f"'{name}"


@pytest.mark.parametrize("export", [exporting.export_csv, exporting.export_xlsx])
def test_what_is_exported_is_imported_again_as_it_was(
    sqlite_database: Database, export: Export
) -> None:
    with sqlite_database.write_session() as session:
        own = a_party(session)
        given = {"name": "=1+1", "brand": "Nhãn\t1", "risk_class": "high", "display_sample": True}
        product = a_product(session, own, **given)
        lot = a_lot(session, quantity="12.5", expiry_date="2027-10-01", unit="gói")
        before = product.model_dump(), lot.model_dump()
        files = {
            table: b"".join(export(session, ADMIN, table)) for table in (Table.PRODUCTS, Table.LOTS)
        }
        session.rollback()
        a_party(session)
        for table, data in files.items():
            result = importing.import_table(session, ADMIN, table, data, "again")
            assert (result.imported, result.errors) == (1, ())
        after = (
            session.exec(select(Product)).one().model_dump(),
            session.exec(select(Lot)).one().model_dump(),
        )
    times = {"created_at", "changed_at", "id"}
    for old, new in zip(before, after, strict=True):
        assert {k: v for k, v in new.items() if k not in times} == {
            k: v for k, v in old.items() if k not in times
        }


def test_a_workbook_holds_codes_and_formulas_as_text(session: Session) -> None:
    a_product(session, a_party(session), name="=1+1")
    data = b"".join(exporting.export_xlsx(session, PUBLIC, Table.PRODUCTS))
    rows = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()
    assert rows[0][:2] == ["gtin", "name"]
    assert rows[1][:2] == ["0" + gtin(1), "=1+1"]


def test_what_is_beyond_one_sheet_goes_to_another(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "_ROWS_OF_A_SHEET", 2)
    own = a_party(session)
    for number in (1, 2, 3, 4, 5):
        a_product(session, own, number)
    data = b"".join(exporting.export_xlsx(session, PUBLIC, Table.PRODUCTS))
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    sheets = [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]
    assert [len(sheet) for sheet in sheets] == [3, 3, 2]
    assert {sheet[0][0] for sheet in sheets} == {"gtin"}


def test_a_list_longer_than_a_page_is_exported_whole(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "_PAGE", 2)
    own = a_party(session)
    for number in range(1, 6):
        a_product(session, own, number)
    found = _csv(session, PUBLIC, Table.PRODUCTS)
    assert [row["gtin"] for row in found] == ["0" + gtin(number) for number in range(1, 6)]


def test_nobody_exports_what_may_not_be_read(session: Session) -> None:
    own, other = a_party(session), a_party(session, 2)
    a_product(session, own)
    a_lot(session)
    registered(session, "A1", lot="VD-1")
    assert [row["lot"] for row in _csv(session, member(own), Table.LOTS)] == ["VD-1"]
    assert [row["serial"] for row in _csv(session, member(own), Table.SERIALS)] == ["A1"]
    for actor in (member(other), PUBLIC):
        assert _csv(session, actor, Table.LOTS) == []
        assert _csv(session, actor, Table.SERIALS) == []


def test_filters_narrow_an_export(session: Session) -> None:
    own, other = a_party(session), a_party(session, 2)
    a_product(session, own)
    a_product(session, other, 2)
    found = _csv(session, ADMIN, Table.PRODUCTS, producer_id=other.id)
    assert [row["gtin"] for row in found] == ["0" + gtin(2)]
