"""Aliases as a table: out for a person to go through in a spreadsheet, and in again.

Each row is a statement, judged and confirmed as if it had been typed: every row is checked before
one is written, faults come back by row and column, and a factor other than 1 awaits a second
person, who may bring in the same table.

>>> column_of("Mã HÀNG").name, column_of("Hệ số").name, column_of("colour") is None
('item_code', 'factor', True)
"""

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import Annotated, Any

import xlsxwriter
from pydantic import Field, ValidationError
from sqlmodel import Session

from traceability import audit
from traceability.actor import Actor
from traceability.audit import AuditAction
from traceability.errors import Fault, InvalidError, NotFoundError
from traceability.folding import words
from traceability.invoices import link_repository
from traceability.invoices.aliases import (
    AliasStatement,
    checked_statement,
    confirm_alias,
    may_confirm,
)
from traceability.invoices.link_repository import AliasFilter
from traceability.invoices.models import ALWAYS, AliasState, ItemAlias
from traceability.registry import cells, codes
from traceability.registry import repository as registry
from traceability.registry.columns import Cell, Column
from traceability.registry.fields import CodeText, Input, IsoDate, Line, PositiveQuantity, faults_of
from traceability.registry.importing import ImportMode, TableResult
from traceability.registry.row_checks import Faults, column_letters, columns_under
from traceability.registry.table_template import is_example
from traceability.registry.tables import CellValue, Sheet, read_table

KIND = "aliases"
MAX_ROWS = 10_000
"""Rows of one table: the lines on record follow each of them at once."""
_PAGE = 500
COLUMNS = (
    Column("seller_tax_code", Cell.CODE, "Mã số thuế người bán", "Seller tax code", "9999100024",
           required=True, also=("mst", "mst người bán", "tax code", "mã số thuế")),
    Column("item_code", Cell.CODE, "Mã hàng", "Code of goods", "SUA-400", required=True,
           also=("mã hàng hóa", "mhhdvu", "item code")),
    Column("unit", Cell.TEXT, "Đơn vị tính", "Unit", "Thùng", also=("đvt", "dvtinh", "đơn vị")),
    Column("gtin", Cell.CODE, "Mã GTIN", "GTIN", "9520000000103", required=True,
           also=("mã vạch", "barcode", "ean")),
    Column("factor", Cell.QUANTITY, "Hệ số", "Factor", "24",
           also=("số lượng trong một đơn vị", "quy đổi", "hệ số quy đổi")),
    Column("valid_from", Cell.DATE, "Áp dụng từ ngày", "Valid from", "2026-07-01",
           also=("từ ngày", "from")),
)  # fmt: skip
_NEEDED = {column.name: column for column in COLUMNS if column.required}
_SHOWN = (
    Column("product", Cell.TEXT, "Tên sản phẩm", "Product"),
    Column("state", Cell.TEXT, "Trạng thái", "State"),
)
"""Columns of the export that the import passes over."""


class AliasRow(Input):
    """A row as it is written."""

    seller_tax_code: CodeText
    item_code: Annotated[Line, Field(min_length=1, max_length=60)]
    unit: Annotated[Line, Field(max_length=60)] = ""
    gtin: CodeText
    factor: PositiveQuantity = Decimal(1)
    valid_from: IsoDate = ALWAYS


def _key(heading: str) -> str:
    return " ".join(words(heading.replace("_", " ")))


@cache
def _by_heading() -> dict[str, Column]:
    return {_key(text): each for each in (*COLUMNS, *_SHOWN) for text in each.headings}


def column_of(heading: str) -> Column | None:
    """The column that a heading names, in Vietnamese or English; None for another one."""
    return _by_heading().get(_key(heading[:200]))


@dataclass(slots=True)
class _Table:
    """The statements of a table so far, and what is wrong with it."""

    rows: dict[int, AliasStatement] = field(default_factory=dict)
    faults: Faults = field(default_factory=Faults)
    total: int = 0
    first_rows: dict[tuple[object, ...], int] = field(default_factory=dict)


def import_aliases(
    session: Session,
    actor: Actor,
    data: bytes,
    file_name: str,
    *,
    mode: ImportMode = ImportMode.ALL_OR_NOTHING,
    dry_run: bool = False,
    person: str = "",
) -> TableResult:
    """Check a table (XLSX, CSV), and confirm its statements.

    Raises:
        InvalidError: of the field `file`: as `tables.read_table`; `registry.heading-unknown`
            (heading, column), `registry.heading-repeated`, `registry.heading-missing` (heading),
            `registry.table-no-rows`, `registry.table-too-many-rows` (row, most).
    """
    table = _checked(session, actor, read_table(data, file_name))
    whole = not table.faults.count or mode is ImportMode.GOOD_ROWS
    imported = len(table.rows) if whole and not dry_run else 0
    if imported:
        for statement in table.rows.values():
            confirm_alias(session, actor, statement, person)
        audit.record(
            session, actor, AuditAction.ALIASES_IMPORTED, "aliases", rows=imported, mode=mode.value
        )
    return TableResult(
        kind=KIND, mode=mode.value, dry_run=dry_run, rows=table.total, good=len(table.rows),
        imported=imported, error_count=table.faults.count,
        errors=tuple(sorted(table.faults.errors, key=lambda error: error.row)),
    )  # fmt: skip


def _checked(session: Session, actor: Actor, sheet: Sheet) -> _Table:
    table, headings = _Table(), None
    given: dict[int, dict[str, Any]] = {}
    for number, values in sheet.rows:
        if headings is None:
            headings = columns_under(values, column_of, _NEEDED)
            continue
        table.total += 1
        if table.total > MAX_ROWS:
            raise InvalidError.of("file", "registry.table-too-many-rows", row=number, most=MAX_ROWS)
        given[number] = _cells(table.faults, number, values, headings, sheet.formulas)
    if not table.total:
        raise InvalidError.of("file", "registry.table-no-rows")
    for number, cells_of_row in given.items():
        if number not in table.faults.bad_rows:
            _check_row(session, actor, table, number, cells_of_row)
    return table


def _cells(
    faults: Faults,
    number: int,
    values: Sequence[CellValue],
    headings: Sequence[Column | None],
    formulas: set[tuple[int, int]],
) -> dict[str, Any]:
    given: dict[str, Any] = {}
    for at, value in enumerate(values, 1):
        column = headings[at - 1] if at <= len(headings) else None
        name = column.name if column is not None else column_letters(at)
        if (number, at) in formulas:
            faults.add(number, name, "registry.cell-formula", {}, value)
        elif column is None and str(value).strip():
            faults.add(number, name, "registry.cell-without-heading", {}, value)
        elif column in COLUMNS:
            try:
                content = cells.read(column.cell, value)
            except cells.CellError as error:
                faults.add(number, name, error.code, error.arguments, value)
                continue
            if content is not None:
                given[name] = content
    return given


def _check_row(
    session: Session, actor: Actor, table: _Table, number: int, given: Mapping[str, Any]
) -> None:
    """Take a row up that is right by itself, by the register and by the rows above it."""
    if is_example(COLUMNS, given):
        table.faults.add(number, "", "registry.row-is-example", {})
        return
    try:
        row = AliasRow.model_validate(given)
        statement = _statement(session, actor, row)
    except ValidationError as error:
        table.faults.take(number, faults_of(error), given)
        return
    except InvalidError as error:
        table.faults.take(number, error.faults, given)
        return
    if not may_confirm(session, actor, statement.seller_tax_code):
        arguments = {"role": actor.role.value}
        table.faults.add(
            number, "seller_tax_code", "invoices.alias-forbidden", arguments, row.seller_tax_code
        )
        return
    key = (
        statement.seller_tax_code, statement.item_code, statement.unit, statement.valid_from,
    )  # fmt: skip
    first = table.first_rows.setdefault(key, number)
    if first != number:
        arguments_of_repeat = {"first_row": first}
        table.faults.add(
            number, "item_code", "registry.row-repeats", arguments_of_repeat, row.item_code
        )
        return
    table.rows[number] = statement


def _statement(session: Session, actor: Actor, row: AliasRow) -> AliasStatement:
    try:
        number = codes.gtin(row.gtin).value
    except InvalidError as error:
        spoiled = cells.what_a_spreadsheet_did(row.gtin)
        if spoiled is None:
            raise
        raise InvalidError([Fault("gtin", *spoiled)]) from error
    product = registry.product_with_gtin(session, actor, number)
    if product is None:
        raise InvalidError.of("gtin", "registry.gtin-unknown", gtin=number)
    try:
        return checked_statement(
            session,
            AliasStatement(
                row.seller_tax_code, row.item_code, product.id or 0, row.unit, row.factor,
                row.valid_from,
            ),
        )  # fmt: skip
    except NotFoundError as error:
        raise InvalidError.of("gtin", error.code, **error.arguments) from error


def export_aliases(
    session: Session, actor: Actor, chosen: AliasFilter | None = None, language: str = "vi"
) -> bytes:
    """An XLSX of the versions in force, or of those chosen, in the columns of the import."""
    chosen = chosen or AliasFilter(states=[AliasState.IN_FORCE])
    columns = (*COLUMNS, *_SHOWN)
    file = io.BytesIO()
    options = {"constant_memory": True, "strings_to_urls": False, "strings_to_formulas": False}
    with xlsxwriter.Workbook(file, options) as workbook:
        bold, sheet = workbook.add_format({"bold": True}), workbook.add_worksheet()
        sheet.set_column(0, len(columns) - 1, 22)
        sheet.freeze_panes(1, 0)
        for at, column in enumerate(columns):
            sheet.write_string(0, at, column.vi if language == "vi" else column.en, bold)
        for row, texts in enumerate(_rows(session, actor, chosen), 1):
            for at, text in enumerate(texts):
                sheet.write_string(row, at, text)
    return file.getvalue()


def _rows(session: Session, actor: Actor, chosen: AliasFilter) -> Iterator[list[str]]:
    last = 0
    while page := link_repository.aliases_of(session, actor, chosen, last, _PAGE):
        products = registry.products_by_id(session, {alias.product_id for alias in page})
        for alias in page:
            product = products[alias.product_id]
            yield [
                alias.seller_tax_code, alias.item_code, alias.unit, product.gtin,
                str(alias.factor), _first_day(alias), product.name, alias.state,
            ]  # fmt: skip
        last = page[-1].id or 0


def _first_day(alias: ItemAlias) -> str:
    return "" if alias.valid_from == ALWAYS else alias.valid_from.isoformat()
