r"""Tables as rows of cells, out of XLSX and CSV files within bounds.

Row numbers are those that a spreadsheet shows. Empty rows are skipped; a long gap ends a CSV,
and content behind it is not dropped in silence but refused.

>>> sheet = read_table(b"gtin;lot\r\n9520000000103;VD-1\r\n", "lots.csv")
>>> list(sheet.rows)
[(1, ['gtin', 'lot']), (2, ['9520000000103', 'VD-1'])]
"""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from traceability.errors import InvalidError
from traceability.registry.workbook_guard import check_workbook, sheet_extent, sheet_part

CellValue = str | int | float | bool | date | datetime | time | timedelta

MAX_BYTES = 25 * 1024 * 1024
MAX_ROWS = 200_000
MAX_COLUMNS = 60
MAX_CELLS = 4_000_000
"""The reader lays out a block of rows × columns; this many take about 130 MB."""
MAX_GAP = 1000
"""Empty rows in a row after which a CSV is taken to have ended."""
_ZIP, _OLE = b"PK", b"\xd0\xcf\x11\xe0"
_BOM = b"\xef\xbb\xbf"
_WIDE_BOMS = (b"\xff\xfe", b"\xfe\xff")
_SEPARATORS = ",;\t"


@dataclass(slots=True)
class Sheet:
    """The rows of a file, to be gone through once."""

    rows: Iterable[tuple[int, list[CellValue]]]
    """Row number as shown and its cells; rows without content are left out."""
    last_row: int
    """About how many rows there are: for telling progress."""
    formulas: set[tuple[int, int]] = field(default_factory=set)
    """Row and column, from 1, of the cells with a formula."""


def _refused(code: str, /, **arguments: object) -> InvalidError:
    return InvalidError.of("file", code, **arguments)


def read_table(data: bytes, file_name: str) -> Sheet:
    """Open a table; which kind of file it is, its first bytes decide.

    Raises:
        InvalidError: of the field `file`: `registry.file-empty`, `registry.file-too-large`
            (bytes, most), `registry.file-type` (file_name), `registry.file-encoding` (position),
            `registry.workbook-damaged`, `registry.workbook-too-large` (most),
            `registry.table-too-many-rows` (row, most), `registry.table-too-many-columns`
            (column, most), `registry.table-too-large` (rows, columns, most), and while the rows
            are gone through `registry.table-gap` (row),
            `registry.csv-broken` (row).
    """
    if len(data) > MAX_BYTES:
        raise _refused("registry.file-too-large", bytes=len(data), most=MAX_BYTES)
    if not data.strip():
        raise _refused("registry.file-empty")
    if data.startswith(_OLE):  # the XLS of before 2007, or a workbook under a password
        raise _refused("registry.file-type", file_name=file_name[:100])
    if data.startswith(_ZIP):
        return _read_workbook(data)
    return _read_csv(data, file_name)


def _read_workbook(data: bytes) -> Sheet:
    parts = check_workbook(data)
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
    except CalamineError as error:
        raise _refused("registry.workbook-damaged") from error
    names = [
        each.name
        for each in workbook.sheets_metadata
        if each.typ is SheetTypeEnum.WorkSheet and each.visible is SheetVisibleEnum.Visible
    ]
    if not names:
        raise _refused("registry.workbook-damaged")
    extent = sheet_extent(data, sheet_part(data, parts, names[0]), MAX_ROWS + 1)
    if extent.last_column > MAX_COLUMNS:
        raise _refused(
            "registry.table-too-many-columns", column=extent.last_column, most=MAX_COLUMNS
        )
    if extent.last_row * extent.last_column > MAX_CELLS:
        raise _refused(
            "registry.table-too-large", rows=extent.last_row, columns=extent.last_column,
            most=MAX_CELLS,
        )  # fmt: skip
    if not extent.last_row:
        raise _refused("registry.file-empty")
    return Sheet(_workbook_rows(workbook, names[0]), extent.last_row, extent.formulas)


def _workbook_rows(workbook: CalamineWorkbook, name: str) -> Iterator[tuple[int, list[CellValue]]]:
    try:
        sheet = workbook.get_sheet_by_name(name)
    except CalamineError as error:
        raise _refused("registry.workbook-damaged") from error
    # The reader begins at the first row of the sheet, and at the first column that has content.
    left: list[CellValue] = [""] * (sheet.start[1] if sheet.start is not None else 0)
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        if any(cell != "" for cell in cells):
            yield number, left + cells if left else cells


def _read_csv(data: bytes, file_name: str) -> Sheet:
    if data.startswith(_WIDE_BOMS):
        raise _refused("registry.file-encoding", position=0)
    if b"\0" in data[:4096]:
        raise _refused("registry.file-type", file_name=file_name[:100])
    try:
        text = data.removeprefix(_BOM).decode("utf-8")
    except UnicodeDecodeError as error:
        raise _refused("registry.file-encoding", position=error.start) from error
    return Sheet(_csv_rows(text, _separator(text)), min(text.count("\n") + 1, MAX_ROWS))


def _separator(text: str) -> str:
    """The separator that the first line with content has most of."""
    first = text[:10_000].lstrip("\r\n").split("\n", 1)[0]
    return max(_SEPARATORS, key=first.count)


def _csv_rows(text: str, separator: str) -> Iterator[tuple[int, list[CellValue]]]:
    # line by line, so that what follows a gap need not be read to be seen
    source = io.StringIO(text, newline="")
    reader = csv.reader(source, delimiter=separator, strict=True)
    number = last = 0
    try:
        for number, cells in enumerate(reader, start=1):
            if any(cell.strip() for cell in cells):
                _check_size(number, len(cells))
                last = number
                yield number, list(cells)
            elif number - last > MAX_GAP:
                if source.read().strip('\r\n\t ,;"'):
                    raise _refused("registry.table-gap", row=last)
                return
    except csv.Error as error:
        raise _refused("registry.csv-broken", row=number + 1) from error


def _check_size(row: int, columns: int) -> None:
    if row > MAX_ROWS + 1:
        raise _refused("registry.table-too-many-rows", row=row, most=MAX_ROWS)
    if columns > MAX_COLUMNS:
        raise _refused("registry.table-too-many-columns", column=columns, most=MAX_COLUMNS)
