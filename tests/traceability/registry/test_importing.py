from datetime import date
from decimal import Decimal

import pytest
from sqlmodel import Session, func, select

from tests.traceability.registry.makers import ADMIN, a_party, a_product, gtin, member, tax_code
from tests.traceability.registry.sheets import workbook
from tests.traceability.registry.test_lots import a_lot
from traceability.actor import PUBLIC, Actor, Role
from traceability.audit import AuditEntry
from traceability.errors import ForbiddenError, InvalidError
from traceability.registry import authorisations, importing, repository
from traceability.registry.columns import COLUMNS, Table, find_column
from traceability.registry.importing import ImportMode, TableResult
from traceability.registry.models import Lot, Party, Product, Serial


def imported(
    session: Session,
    actor: Actor,
    kind: Table,
    rows: list[list[object]],
    mode: ImportMode = ImportMode.ALL_OR_NOTHING,
    *,
    dry_run: bool = False,
) -> TableResult:
    data = workbook(rows)
    return importing.import_table(
        session, actor, kind, data, "table.xlsx", mode=mode, dry_run=dry_run
    )


def told(result: TableResult) -> list[tuple[int, str, str]]:
    return [(error.row, error.column, error.code) for error in result.errors]


@pytest.fixture
def own(session: Session) -> Party:
    return a_party(session)


def test_a_table_with_vietnamese_headings_becomes_products(session: Session, own: Party) -> None:
    rows: list[list[object]] = [
        [
            "Mã vạch",
            "TÊN SẢN PHẨM",
            "Nhãn hiệu",
            "Mức rủi ro",
            "Hàng trưng bày",
            "Thời hạn sử dụng",
        ],
        [float(gtin(1)), "Cà phê Đắk Hà", "Nhãn", "cao", "không", 12.0],
        [gtin(2), "Trà dây", None, None, None, None],
    ]
    result = imported(session, member(own), Table.PRODUCTS, rows)
    assert (result.rows, result.good, result.imported, told(result)) == (2, 2, 2, [])
    coffee, tea = session.exec(select(Product).order_by(Product.id)).all()
    assert (coffee.gtin, coffee.gtin_format, coffee.producer_id) == (
        "0" + gtin(1), "GTIN-13", own.id,
    )  # fmt: skip
    assert (coffee.risk_class, coffee.display_sample, coffee.shelf_life) == ("high", False, "12")
    assert (tea.brand, tea.risk_class, tea.serialised) == (None, "low", False)
    assert repository.list_products(session, PUBLIC, query="dak ha") == [coffee]


def test_every_row_is_checked_and_named_by_row_and_column(session: Session, own: Party) -> None:
    a_party(session, 2, name="Công ty Giữ Mã", company_prefixes=["8934588"])
    a_product(session, own, 1)
    rows: list[list[object]] = [
        ["gtin", "name", "risk_class", "producer_id"],
        [gtin(2), "Tốt", None, None],
        [gtin(3)[:12] + "x", "Sai số", None, None],
        [gtin(4), None, None, None],
        [gtin(1), "Đã có", None, None],
        [gtin(2), "Lặp lại", None, None],
        [gtin(5, "20"), "Nội bộ", None, None],
        [gtin(6, "8934588"), "Của người khác", None, None],
        [12345678905.0, "Mất số không", None, None],
        ["9.52E+12", "Khoa học", None, None],
        [gtin(7), "Rủi ro", "extreme", None],
        [gtin(8), "x" * 301, None, None],
        [gtin(9), "Người khác", None, 999.0],
    ]
    result = imported(session, member(own), Table.PRODUCTS, rows)
    assert told(result) == [
        (3, "gtin", "gs1.charset"),
        (4, "name", "input.missing"),
        (5, "gtin", "registry.gtin-taken"),
        (6, "gtin", "registry.row-repeats"),
        (7, "gtin", "registry.prefix-not-for-products"),
        (8, "gtin", "registry.prefix-of-another"),
        (9, "gtin", "registry.gtin-lost-zeros"),
        (10, "gtin", "registry.gtin-scientific"),
        (11, "risk_class", "registry.choice-unknown"),
        (12, "name", "input.too-long"),
        (13, "producer_id", "registry.not-your-party"),
    ]
    assert (result.rows, result.good, result.imported) == (12, 1, 0)
    by_row = {error.row: error for error in result.errors}
    assert by_row[6].arguments == {"first_row": 2}
    assert by_row[9].arguments == {"value": "12345678905", "suggestion": "012345678905"}
    assert by_row[11].value == "extreme"
    assert session.exec(select(func.count(Product.id))).one() == 1


def test_good_rows_are_imported_alone_when_asked(session: Session, own: Party) -> None:
    rows: list[list[object]] = [
        ["gtin", "name"],
        [gtin(1), "Tốt"],
        ["123", "Sai"],
        [gtin(2), "Tốt"],
    ]
    result = imported(session, member(own), Table.PRODUCTS, rows, ImportMode.GOOD_ROWS)
    assert (result.good, result.imported, told(result)) == (2, 2, [(3, "gtin", "gs1.length")])
    assert session.exec(select(func.count(Product.id))).one() == 2


@pytest.mark.parametrize("mode", ImportMode)
def test_a_dry_run_writes_nothing(session: Session, own: Party, mode: ImportMode) -> None:
    rows: list[list[object]] = [["gtin", "name"], [gtin(1), "Tốt"]]
    result = imported(session, member(own), Table.PRODUCTS, rows, mode, dry_run=True)
    assert (result.good, result.imported) == (1, 0)
    assert session.exec(select(func.count(Product.id))).one() == 0


def test_the_authority_names_producers_by_id_or_tax_code(session: Session, own: Party) -> None:
    other = a_party(session, 2)
    rows: list[list[object]] = [
        ["gtin", "name", "producer_id", "mst"],
        [gtin(1), "Theo số", float(own.id or 0), None],
        [gtin(2), "Theo mã số thuế", None, tax_code(2)],
        [gtin(3), "Không có", None, None],
        [gtin(4), "Mâu thuẫn", float(own.id or 0), tax_code(2)],
        [gtin(5), "Không biết", None, tax_code(7)],
        [gtin(6), "Không có ai", 999.0, None],
    ]
    result = imported(session, ADMIN, Table.PRODUCTS, rows, ImportMode.GOOD_ROWS)
    assert told(result) == [
        (4, "producer_id", "registry.producer-missing"),
        (5, "producer_tax_code", "registry.producer-unknown"),
        (6, "producer_tax_code", "registry.producer-unknown"),
        (7, "producer_id", "registry.party-unknown"),
    ]
    owners = session.exec(select(Product.producer_id).order_by(Product.id)).all()
    assert owners == [own.id, other.id]


def test_the_document_of_a_row_opens_the_code_and_is_recorded(session: Session, own: Party) -> None:
    holder = a_party(session, 2, company_prefixes=["8934588"])
    rows: list[list[object]] = [
        ["gtin", "name", "authorisation_number", "authorisation_date", "authorisation_valid_to"],
        [gtin(1, "8934588"), "Được phép", "7/UQ", date(2026, 1, 15), None],
        [gtin(2, "8934588"), "Hết hạn", "8/UQ", "15/01/2026", "15/02/2026"],
        [gtin(3, "8934588"), "Thiếu ngày", "9/UQ", None, None],
    ]
    result = imported(session, member(own), Table.PRODUCTS, rows, ImportMode.GOOD_ROWS)
    assert told(result) == [
        (3, "authorisation_valid_to", "registry.authorisation-ended"),
        (4, "authorisation_date", "input.missing"),
    ]
    product = session.exec(select(Product)).one()
    (row,) = authorisations.list_authorisations(session, member(holder), product.id or 0) or (
        *authorisations.list_authorisations(session, member(own), product.id or 0),
    )
    assert (row.party_id, row.document_number, row.document_date) == (
        own.id, "7/UQ", date(2026, 1, 15),
    )  # fmt: skip


def test_a_formula_is_named_whatever_it_shows(session: Session, own: Party) -> None:
    rows: list[list[object]] = [["gtin", "name"], [gtin(1), '="Trà"'], [gtin(2), "Tốt"]]
    result = imported(session, member(own), Table.PRODUCTS, rows, ImportMode.GOOD_ROWS)
    assert told(result) == [(2, "name", "registry.cell-formula")]
    assert result.imported == 1


def test_a_value_under_no_heading_is_named_by_its_letter(session: Session, own: Party) -> None:
    rows: list[list[object]] = [["gtin", "name"], [gtin(1), "Trà", None, "lạc lõng"]]
    result = imported(session, member(own), Table.PRODUCTS, rows)
    assert told(result) == [(2, "D", "registry.cell-without-heading")]


@pytest.mark.parametrize(
    ("headings", "faults"),
    [
        (
            ["gtin", "colour"],
            [
                ("registry.heading-unknown", {"heading": "colour", "column": "B"}),
                ("registry.heading-missing", {"heading": "name"}),
            ],
        ),
        (["gtin", "name", "GTIN"], [("registry.heading-repeated", {"heading": "GTIN"})]),
        (["name"], [("registry.heading-missing", {"heading": "gtin"})]),
    ],
)
def test_wrong_columns_are_refused_before_any_row(
    session: Session, headings: list[object], faults: list[tuple[str, dict[str, str]]]
) -> None:
    with pytest.raises(InvalidError) as refused:
        imported(session, ADMIN, Table.PRODUCTS, [headings, ["x"] * len(headings)])
    assert [(fault.code, fault.arguments) for fault in refused.value.faults] == faults


def test_a_table_without_rows_is_refused(session: Session) -> None:
    with pytest.raises(InvalidError, match=r"registry\.table-no-rows"):
        imported(session, ADMIN, Table.PRODUCTS, [["gtin", "name"]])


@pytest.mark.parametrize("actor", [PUBLIC, Actor(Role.INSPECTOR), Actor(Role.AUDITOR)])
def test_who_keeps_no_records_imports_none(session: Session, actor: Actor) -> None:
    with pytest.raises(ForbiddenError, match=r"registry\.role-may-not-write"):
        imported(session, actor, Table.PRODUCTS, [["gtin", "name"], [gtin(1), "Trà"]])


def test_lots_are_imported_with_their_dates_and_quantities(session: Session, own: Party) -> None:
    a_product(session, own)
    rows: list[list[object]] = [
        ["GTIN", "Số lô", "NSX", "HSD", "Số lượng", "ĐVT", "Nơi sản xuất"],
        [gtin(1), "VD-1", date(2026, 10, 1), "01/10/2027", "1200,5", "gói", "xã Măng Ri"],
        [gtin(1), 20261002.0, None, None, 3.0, None, None],
    ]
    result = imported(session, member(own), Table.LOTS, rows)
    assert (result.imported, told(result)) == (2, [])
    first, second = session.exec(select(Lot).order_by(Lot.id)).all()
    assert (first.production_date, first.expiry_date, first.quantity) == (
        date(2026, 10, 1), date(2027, 10, 1), Decimal("1200.5"),
    )  # fmt: skip
    assert (second.lot, second.quantity) == ("20261002", Decimal(3))


def test_wrong_lots_are_named(session: Session, own: Party) -> None:
    other = a_party(session, 2)
    a_product(session, own)
    a_product(session, other, 2)
    a_lot(session)
    rows: list[list[object]] = [
        ["gtin", "lot", "production_date", "expiry_date", "quantity"],
        [gtin(1), "VD-1", None, None, None],
        [gtin(1), "VD-2", "2026-10-02", "2026-10-01", None],
        [gtin(2), "VD-1", None, None, None],
        [gtin(9), "VD-1", None, None, None],
        [gtin(1), "LÔ 3", None, None, None],
        [gtin(1), "VD-4", "31/02/2026", None, None],
        [gtin(1), "VD-5", None, None, "1.500"],
        [gtin(1), date(2026, 1, 2), None, None, None],
        [gtin(1), "VD-6", None, None, -5.0],
        [gtin(1), "VD-7", None, None, None],
        [gtin(1), "VD-7", None, None, None],
    ]
    result = imported(session, member(own), Table.LOTS, rows)
    assert told(result) == [
        (2, "lot", "registry.lot-taken"),
        (3, "expiry_date", "registry.expiry-before-production"),
        (4, "gtin", "registry.not-your-product"),
        (5, "gtin", "registry.gtin-unknown"),
        (6, "lot", "gs1.charset"),
        (7, "production_date", "input.date-invalid"),
        (8, "quantity", "registry.quantity-ambiguous"),
        (9, "lot", "registry.cell-is-date"),
        (10, "quantity", "input.greater-than-equal"),
        (12, "lot", "registry.row-repeats"),
    ]


def test_serials_are_imported_and_tied_to_their_lots(session: Session, own: Party) -> None:
    product = a_product(session, own)
    lot = a_lot(session)
    rows: list[list[object]] = [
        ["gtin", "lot", "serial"],
        [gtin(1), "VD-1", "A1"],
        [gtin(1), None, "A2"],
    ]
    assert imported(session, member(own), Table.SERIALS, rows).imported == 2
    found = session.exec(select(Serial).order_by(Serial.id)).all()
    assert [(row.serial, row.lot_id, row.status) for row in found] == [
        ("A1", lot.id, "issued"),
        ("A2", None, "issued"),
    ]
    session.refresh(product)
    assert product.serialised


def test_wrong_serials_are_named(session: Session, own: Party) -> None:
    a_product(session, own)
    imported(session, ADMIN, Table.SERIALS, [["gtin", "serial"], [gtin(1), "A1"]])
    rows: list[list[object]] = [
        ["gtin", "lot", "serial"],
        [gtin(1), None, "A1"],
        [gtin(1), "VD-9", "A2"],
        [gtin(1), None, "A 3"],
        [gtin(1), None, "A4"],
        [gtin(1), None, "A4"],
        [gtin(1), None, None],
        [gtin(1), None, 1234567890123456789.0],
    ]
    result = imported(session, ADMIN, Table.SERIALS, rows)
    assert told(result) == [
        (2, "serial", "registry.serial-taken"),
        (3, "lot", "registry.lot-unknown"),
        (4, "serial", "gs1.charset"),
        (6, "serial", "registry.row-repeats"),
        (7, "serial", "input.missing"),
        (8, "serial", "registry.number-inexact"),
    ]


def test_an_import_leaves_one_audit_row_with_the_digest_of_the_file(
    session: Session, own: Party
) -> None:
    imported(session, member(own), Table.PRODUCTS, [["gtin", "name"], [gtin(1), "Trà"]])
    action = "registry:file:imported"
    (entry,) = session.exec(select(AuditEntry).where(AuditEntry.action == action)).all()
    assert (entry.party_id, entry.detail["kind"], entry.detail["imported"]) == (
        own.id, "products", 1,
    )  # fmt: skip
    assert len(entry.detail["digest"]) == 64


def test_errors_are_kept_up_to_a_thousand_and_counted_beyond(session: Session, own: Party) -> None:
    data = b"gtin,name\n" + b"123,x\n" * 1500
    result = importing.import_table(
        session, member(own), Table.PRODUCTS, data, "table.csv", dry_run=True
    )
    assert (len(result.errors), result.error_count, result.good) == (1000, 1500, 0)


def test_progress_is_told_while_rows_are_read(session: Session, own: Party) -> None:
    seen: list[tuple[int, int]] = []
    data = b"gtin,name\n" + b"123,x\n" * 5000
    importing.import_table(
        session, member(own), Table.PRODUCTS, data, "table.csv", dry_run=True,
        progress=lambda done, total: seen.append((done, total)),
    )  # fmt: skip
    assert [done for done, _ in seen] == [2001, 4001]
    assert {total for _, total in seen} == {5002}


def test_the_authorised_user_of_a_code_imports_its_lots(session: Session, own: Party) -> None:
    packer = a_party(session, 2)
    document = {"document_number": "7/UQ", "document_date": "2026-01-15"}
    a_product(session, own, actor=member(packer), authorisation=document)
    rows: list[list[object]] = [["gtin", "lot"], [gtin(1), "VD-1"]]
    assert imported(session, member(packer), Table.LOTS, rows).imported == 1


@pytest.mark.parametrize("table", Table)
def test_every_heading_names_one_column(table: Table) -> None:
    for column in COLUMNS[table]:
        assert {find_column(table, heading) for heading in column.headings} == {column}
