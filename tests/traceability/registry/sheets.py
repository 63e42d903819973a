"""Workbooks for the tests: honest ones by a writer, and hostile ones part by part."""

import io
import zipfile
from collections.abc import Sequence

import xlsxwriter

SHEET = "xl/worksheets/sheet1.xml"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def workbook(rows: Sequence[Sequence[object]], *, hidden_first: bool = False) -> bytes:
    """An XLSX with these rows; None leaves a cell out, `=…` makes a formula."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"default_date_format": "dd/mm/yyyy"}) as book:
        if hidden_first:
            book.add_worksheet("Ghi chú").hide()
        sheet = book.add_worksheet("Dữ liệu")
        sheet.activate()
        sheet.set_first_sheet()
        for row, values in enumerate(rows):
            for column, value in enumerate(values):
                if value is not None:
                    sheet.write(row, column, value)
    return target.getvalue()


def workbook_with(sheet_data: str, head: str = "") -> bytes:
    """An XLSX whose only sheet has this text as its rows."""
    sheet = f'<?xml version="1.0"?>{head}<worksheet xmlns="{_MAIN}">{sheet_data}</worksheet>'
    return replaced(workbook([["x"]]), {SHEET: sheet.encode()})


def replaced(data: bytes, parts: dict[str, bytes]) -> bytes:
    """The same workbook with other parts."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in dict.fromkeys([*old.namelist(), *parts]):
            new.writestr(name, parts[name] if name in parts else old.read(name))
    return target.getvalue()
