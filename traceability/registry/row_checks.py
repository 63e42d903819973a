"""Rows of a table as checked inputs, and what is wrong with each, by row and column.

Nothing here asks the database: a row is judged by itself and by the rows above it.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

from pydantic import ValidationError

from gs1.gtin import Gtin
from traceability.errors import Fault, InvalidError
from traceability.registry import cells, codes, lots
from traceability.registry.columns import COLUMNS, Column, Table, find_column
from traceability.registry.fields import CodeText, Input, faults_of
from traceability.registry.schemas import DocumentNumber, LotIn, ProductIn, SerialText
from traceability.registry.table_template import is_example
from traceability.registry.tables import CellValue, Sheet

MOST_ERRORS = 1000
"""Errors kept in detail; the rest are counted."""
_STEP = 2000
"""Rows between two reports of progress."""

Progress = Callable[[int, int], None]
C = TypeVar("C")


@dataclass(frozen=True, slots=True)
class RowFault:
    """One thing wrong with one cell, or with a row as a whole (column is empty)."""

    row: int
    """As the spreadsheet numbers its rows."""
    column: str
    """Name of the column in the API; a letter for one without a heading."""
    code: str
    arguments: Mapping[str, Any]
    value: str | None
    """What the cell says, at most 100 characters."""


@dataclass(slots=True)
class Faults:
    """What is wrong with a table: the first errors in detail, all of them counted."""

    errors: list[RowFault] = field(default_factory=list)
    count: int = 0
    bad_rows: set[int] = field(default_factory=set)

    def add(
        self, row: int, column: str, code: str, arguments: Mapping[str, Any], value: object = None
    ) -> None:
        self.count += 1
        self.bad_rows.add(row)
        if len(self.errors) < MOST_ERRORS:
            shown = None if value is None else str(value)[:100]
            self.errors.append(RowFault(row, column, code, dict(arguments), shown))

    def take(
        self, row: int, faults: list[Fault] | tuple[Fault, ...], values: Mapping[str, object]
    ) -> None:
        for fault in faults:
            column = _COLUMN_OF_FIELD.get(fault.field, fault.field)
            self.add(row, column, fault.code, fault.arguments, values.get(column))


_COLUMN_OF_FIELD = {
    "authorisation.document_number": "authorisation_number",
    "authorisation.document_date": "authorisation_date",
    "authorisation.valid_to": "authorisation_valid_to",
}


class SerialRow(Input):
    """A row of a table of serials."""

    gtin: CodeText
    lot: str | None = None
    serial: SerialText
    certificate: DocumentNumber | None = None


@dataclass(slots=True)
class CheckedRow:
    """A row that is right by itself."""

    number: int
    given: ProductIn | LotIn | SerialRow
    gtin: Gtin
    producer_tax_code: str | None = None


@dataclass(slots=True)
class CheckedTable:
    table: Table
    rows: list[CheckedRow]
    faults: Faults
    total: int
    """Rows with content below the heading."""


def check_rows(table: Table, sheet: Sheet, progress: Progress | None = None) -> CheckedTable:
    """Read every row of a sheet.

    Raises:
        InvalidError: of the field `file`: `registry.table-no-rows`, `registry.heading-unknown`
            (heading, column), `registry.heading-repeated` (heading), `registry.heading-missing`
            (heading), and what `read_table` names.
    """
    checked = CheckedTable(table, [], Faults(), 0)
    needed = {column.name: column for column in COLUMNS[table] if column.required}
    headings: list[Column | None] | None = None
    first_rows: dict[tuple[str, ...], int] = {}
    for number, values in sheet.rows:
        if headings is None:
            headings = columns_under(values, partial(find_column, table), needed)
            continue
        checked.total += 1
        row = _check_row(checked, number, values, headings, sheet.formulas)
        if row is not None and _is_first(checked.faults, row, first_rows):
            checked.rows.append(row)
        if progress is not None and checked.total % _STEP == 0:
            progress(number, max(sheet.last_row, number))
    if not checked.total:
        raise InvalidError.of("file", "registry.table-no-rows")
    return checked


def columns_under(
    headings: Iterable[CellValue], find: Callable[[str], C | None], needed: Mapping[str, C]
) -> list[C | None]:
    """The column under each heading of a table; None where there is no heading.

    Args:
        headings: the first row of a table.
        find: the column that a heading names.
        needed: columns that no table may lack, by what they are called where one does.

    Raises:
        InvalidError: of the field `file`: `registry.heading-unknown` (heading, column),
            `registry.heading-repeated` (heading), `registry.heading-missing` (heading).
    """
    found: list[C | None] = []
    faults: list[Fault] = []
    for at, value in enumerate(headings, 1):
        heading = str(value).strip()
        column = find(heading) if heading else None
        if heading and column is None:
            where = {"heading": heading[:100], "column": column_letters(at)}
            faults.append(Fault("file", "registry.heading-unknown", where))
        if column is not None and column in found:
            faults.append(Fault("file", "registry.heading-repeated", {"heading": heading[:100]}))
        found.append(column)
    faults += [
        Fault("file", "registry.heading-missing", {"heading": name})
        for name, column in needed.items()
        if column not in found
    ]
    if faults:
        raise InvalidError(faults)
    return found


def column_letters(number: int) -> str:
    """How a spreadsheet names a column, from 1.

    >>> column_letters(1), column_letters(28)
    ('A', 'AB')
    """
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _check_row(
    checked: CheckedTable,
    number: int,
    values: list[CellValue],
    headings: list[Column | None],
    formulas: set[tuple[int, int]],
) -> CheckedRow | None:
    faults, before = checked.faults, checked.faults.count
    given: dict[str, Any] = {}
    shown: dict[str, object] = {}
    for at, value in enumerate(values):
        column = headings[at] if at < len(headings) else None
        name = column.name if column is not None else column_letters(at + 1)
        if formulas and (number, at + 1) in formulas:
            faults.add(number, name, "registry.cell-formula", {}, value)
        elif column is not None:
            shown[name] = value
            _read_cell(faults, number, column, value, given)
        elif str(value).strip():
            faults.add(number, name, "registry.cell-without-heading", {}, value)
    if faults.count > before:
        return None
    if is_example(COLUMNS[checked.table], given):
        faults.add(number, "", "registry.row-is-example", {})
        return None
    return _checked(checked, number, given, shown)


def _read_cell(
    faults: Faults, number: int, column: Column, value: CellValue, given: dict[str, Any]
) -> None:
    try:
        content = cells.read(column.cell, value)
    except cells.CellError as error:
        faults.add(number, column.name, error.code, error.arguments, value)
        return
    if content is not None:
        given[column.name] = content


def _checked(
    checked: CheckedTable, number: int, given: dict[str, Any], shown: Mapping[str, object]
) -> CheckedRow | None:
    tax_code = given.pop("producer_tax_code", None)
    try:
        row = _MODELS[checked.table].model_validate(_nested(given))
        found = CheckedRow(number, row, codes.gtin(row.gtin), tax_code)
    except ValidationError as error:
        checked.faults.take(number, faults_of(error), shown)
        return None
    except InvalidError as error:
        spoiled = cells.what_a_spreadsheet_did(given["gtin"])
        named = [Fault("gtin", *spoiled)] if spoiled is not None else error.faults
        checked.faults.take(number, tuple(named), shown)
        return None
    wrong = [fault for fault in _own_faults(found) if fault is not None]
    checked.faults.take(number, wrong, shown)
    return None if wrong else found


def _nested(given: dict[str, Any]) -> dict[str, Any]:
    """The three columns of an authorising document as the one field of the API."""
    parts = {
        "document_number": given.pop("authorisation_number", None),
        "document_date": given.pop("authorisation_date", None),
        "valid_to": given.pop("authorisation_valid_to", None),
    }
    there = {name: value for name, value in parts.items() if value is not None}
    return given | {"authorisation": there} if there else given


def _own_faults(row: CheckedRow) -> list[Fault | None]:
    given = row.given
    if isinstance(given, ProductIn):
        return [codes.not_for_products(row.gtin)]
    if isinstance(given, LotIn):
        return [
            codes.cset82_fault("lot", given.lot),
            lots.period_fault(given.production_date, given.expiry_date),
        ]
    lot_fault = codes.cset82_fault("lot", given.lot) if given.lot is not None else None
    return [codes.cset82_fault("serial", given.serial), lot_fault]


def _is_first(faults: Faults, row: CheckedRow, first_rows: dict[tuple[str, ...], int]) -> bool:
    """Whether no row above registers the same thing."""
    given = row.given
    key: tuple[str, ...]
    if isinstance(given, ProductIn):
        key, column = (row.gtin.value,), "gtin"
    elif isinstance(given, LotIn):
        key, column = (row.gtin.value, given.lot), "lot"
    else:
        key, column = (row.gtin.value, given.serial), "serial"
    first = first_rows.setdefault(key, row.number)
    if first != row.number:
        faults.add(row.number, column, "registry.row-repeats", {"first_row": first}, key[-1])
    return first == row.number


_MODELS: dict[Table, type[ProductIn | LotIn | SerialRow]] = {
    Table.PRODUCTS: ProductIn,
    Table.LOTS: LotIn,
    Table.SERIALS: SerialRow,
}
