"""The same tables out again: XLSX and CSV with the columns of the import, row by row.

A list is read page by page and never held as a whole. A cell that a spreadsheet could take for a
formula gets an apostrophe in CSV, which the import takes away again; XLSX says for each cell
that it is text.
"""

import csv
import io
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter
from sqlmodel import Session

from traceability.actor import Actor
from traceability.registry import goods_repository, lots, repository, serials
from traceability.registry.columns import COLUMNS, Column, Table
from traceability.registry.models import Product

_PAGE = 1000
_ROWS_OF_A_SHEET = 1_000_000
"""A sheet ends at 1,048,576 rows; what is beyond goes to another one."""
_STEP = 1 << 16
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
_IMPORT_ONLY = frozenset(
    {"producer_tax_code", "authorisation_number", "authorisation_date", "authorisation_valid_to"}
)
"""Columns that say how a row comes in: no part of what a product is."""


def exported_columns(table: Table) -> tuple[Column, ...]:
    return tuple(column for column in COLUMNS[table] if column.name not in _IMPORT_ONLY)


def export_csv(session: Session, actor: Actor, table: Table, **filters: Any) -> Iterator[bytes]:
    """A table as CSV, UTF-8 with the mark by which spreadsheets recognise it, page by page.

    Args:
        session: open as long as the pieces are taken.
        actor: what is exported is what this actor may read.
        table: what to list.
        filters: of `repository.list_products`, `goods_repository.list_lots` or `list_serials`.
    """
    columns = exported_columns(table)
    yield b"\xef\xbb\xbf" + _csv_lines([[column.name for column in columns]])
    for page in _pages(session, actor, table, filters):
        yield _csv_lines([[_safe(_text(row[column.name])) for column in columns] for row in page])


def _csv_lines(rows: Sequence[Sequence[str]]) -> bytes:
    lines = io.StringIO(newline="")
    csv.writer(lines).writerows(rows)
    return lines.getvalue().encode()


def _safe(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA_SIGNS) else text


def export_xlsx(session: Session, actor: Actor, table: Table, **filters: Any) -> Iterator[bytes]:
    """A table as XLSX, in pieces; the workbook is put together in a temporary file.

    Args:
        session: open as long as the pieces are taken.
        actor: what is exported is what this actor may read.
        table: what to list.
        filters: as `export_csv`.
    """
    names = [column.name for column in exported_columns(table)]
    with tempfile.TemporaryDirectory(prefix="nguon-export-") as folder:
        path = Path(folder) / "table.xlsx"
        rows = (row for page in _pages(session, actor, table, filters) for row in page)
        _write_workbook(path, table, names, ([row[name] for name in names] for row in rows))
        with path.open("rb") as file:
            while piece := file.read(_STEP):
                yield piece


def _write_workbook(
    path: Path, table: Table, headings: Sequence[str], rows: Iterator[Sequence[Any]]
) -> None:
    options = {"constant_memory": True, "strings_to_urls": False, "strings_to_formulas": False}
    with xlsxwriter.Workbook(path, options) as workbook:
        bold = workbook.add_format({"bold": True})
        sheet, at = None, 0
        for values in _with_headings(headings, rows):
            if sheet is None or at > _ROWS_OF_A_SHEET:
                sheet, at = workbook.add_worksheet(), 0
                sheet.set_column(0, len(headings) - 1, 22)
                sheet.freeze_panes(1, 0)
            for column, value in enumerate(values):
                sheet.write_string(at, column, _text(value), None if at else bold)
            at += 1
        workbook.set_properties({"title": table.value})


def _with_headings(
    headings: Sequence[str], rows: Iterator[Sequence[Any]]
) -> Iterator[Sequence[Any]]:
    """The rows with the headings before the first and at the top of each further sheet."""
    yield headings
    for number, values in enumerate(rows, start=1):
        if number % _ROWS_OF_A_SHEET == 1 and number > 1:
            yield headings
        yield values


def _text(value: object) -> str:
    """A value as the import reads it back."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _pages(
    session: Session, actor: Actor, table: Table, filters: Mapping[str, Any]
) -> Iterator[list[dict[str, Any]]]:
    after_id = 0
    while page := _LISTS[table](session, actor, after_id=after_id, limit=_PAGE, **filters):
        yield _ROWS[table](session, page)
        after_id = page[-1].id
        for row in page:  # written out: the session need not hold a million of them
            session.expunge(row)


def _product_rows(_session: Session, page: Sequence[Product]) -> list[dict[str, Any]]:
    return [product.model_dump() for product in page]


_LISTS: dict[Table, Callable[..., Sequence[Any]]] = {
    Table.PRODUCTS: repository.list_products,
    Table.LOTS: goods_repository.list_lots,
    Table.SERIALS: goods_repository.list_serials,
}
_ROWS: dict[Table, Callable[[Session, Sequence[Any]], list[dict[str, Any]]]] = {
    Table.PRODUCTS: _product_rows,
    Table.LOTS: lambda session, page: [row.model_dump() for row in lots.describe(session, page)],
    Table.SERIALS: lambda session, page: [
        row.model_dump() for row in serials.describe(session, page)
    ],
}
