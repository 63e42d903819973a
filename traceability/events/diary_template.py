"""The empty diary: a sheet of headings to be filled in, and a second one that explains it.

Only the first sheet of a workbook is read, so that nothing of the second becomes an event.
"""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import xlsxwriter

from traceability.events.diary_columns import COLUMNS, STEPS, Step


@dataclass(frozen=True, slots=True)
class GuideRow:
    """A row of the sheet that explains; one of a single cell runs over all columns."""

    cells: Sequence[str]
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Guide:
    """The sheet that explains, in the words of a language."""

    name: str
    rows: Sequence[GuideRow]


def heading(name: str, language: str) -> str:
    """The heading of a column in a language; a name that is no column's stays as it is.

    >>> heading("from_gtin", "vi"), heading("B", "vi")
    ('GTIN nguyên liệu', 'B')
    """
    return next(
        (each.en if language == "en" else each.vi for each in COLUMNS if each.name == name), name
    )


def word(step: Step, language: str) -> str:
    """The word for a step in a language."""
    return STEPS[step][1 if language == "en" else 0]


def template(language: str, guide: Guide) -> bytes:
    """An XLSX with headings in a language (vi or en), the steps to choose from, and the guide."""
    with tempfile.TemporaryDirectory(prefix="nguon-diary-") as folder:
        path = Path(folder) / "diary.xlsx"
        with xlsxwriter.Workbook(path, {"strings_to_formulas": False}) as workbook:
            _write_diary(workbook, language)
            _write_guide(workbook, guide)
        return path.read_bytes()


def _write_diary(workbook: xlsxwriter.Workbook, language: str) -> None:
    sheet = workbook.add_worksheet("Diary" if language == "en" else "Nhật ký")
    # A code of digits stays as it is typed.
    bold, as_text = workbook.add_format({"bold": True}), workbook.add_format({"num_format": "@"})
    sheet.set_column(0, len(COLUMNS) - 1, 22, as_text)
    sheet.freeze_panes(1, 1)
    for at, column in enumerate(COLUMNS):
        sheet.write_string(0, at, heading(column.name, language), bold)
    words = [word(step, language) for step in STEPS]
    sheet.data_validation(1, 0, 2000, 0, {"validate": "list", "source": words})


def _write_guide(workbook: xlsxwriter.Workbook, guide: Guide) -> None:
    sheet = workbook.add_worksheet(guide.name)
    look = {"num_format": "@", "valign": "top"}
    plain, bold = workbook.add_format(look), workbook.add_format({**look, "bold": True})
    sheet.set_column(0, len(COLUMNS) - 1, 20, plain)
    for number, row in enumerate(guide.rows):
        for at, text in enumerate(row.cells):
            if text:
                sheet.write_string(number, at, text, bold if row.bold else plain)
