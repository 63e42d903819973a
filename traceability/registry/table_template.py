"""Empty tables to be filled in: a sheet of headings, and a second one that explains them.

Only the first sheet of a workbook is read, so that nothing of the second is registered. A row that
still names the goods of the example is refused, since people copy it over to see how it goes.
"""

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import xlsxwriter

from traceability.registry.columns import Column

_LAST_CHOICE = 2000
"""Row down to which a list is offered to choose from."""


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


def empty_table(
    headings: Sequence[str],
    guide: Guide,
    *,
    name: str | None = None,
    choices: Sequence[str] = (),
) -> bytes:
    """An XLSX of headings alone, and the guide behind it.

    Args:
        headings: of the first sheet.
        guide: the second sheet.
        name: of the first sheet.
        choices: what may stand in the first column, where it is one of a list.
    """
    with tempfile.TemporaryDirectory(prefix="nguon-template-") as folder:
        path = Path(folder) / "template.xlsx"
        with xlsxwriter.Workbook(path, {"strings_to_formulas": False}) as workbook:
            _write_headings(workbook, headings, name, choices)
            _write_guide(workbook, guide, len(headings))
        return path.read_bytes()


def _write_headings(
    workbook: xlsxwriter.Workbook,
    headings: Sequence[str],
    name: str | None,
    choices: Sequence[str],
) -> None:
    sheet = workbook.add_worksheet(name)
    # A code of digits stays as it is typed.
    bold, as_text = workbook.add_format({"bold": True}), workbook.add_format({"num_format": "@"})
    sheet.set_column(0, len(headings) - 1, 22, as_text)
    sheet.freeze_panes(1, 1 if choices else 0)
    for at, heading in enumerate(headings):
        sheet.write_string(0, at, heading, bold)
    if choices:
        sheet.data_validation(
            1, 0, _LAST_CHOICE, 0, {"validate": "list", "source": list(choices)}
        )  # fmt: skip


def _write_guide(workbook: xlsxwriter.Workbook, guide: Guide, columns: int) -> None:
    sheet = workbook.add_worksheet(guide.name)
    look = {"num_format": "@", "valign": "top"}
    plain, bold = workbook.add_format(look), workbook.add_format({**look, "bold": True})
    sheet.set_column(0, columns - 1, 20, plain)
    for number, row in enumerate(guide.rows):
        for at, text in enumerate(row.cells):
            if text:
                sheet.write_string(number, at, text, bold if row.bold else plain)


def is_example(columns: Iterable[Column], cells: Mapping[str, object]) -> bool:
    """Whether a row names the goods of the example, which nobody has: its needed columns alone.

    >>> from traceability.registry.columns import COLUMNS, Table
    >>> is_example(COLUMNS[Table.LOTS], {"gtin": "09520000000103", "lot": "VD-2026-01"})
    True
    >>> is_example(COLUMNS[Table.LOTS], {"gtin": "09520000000103", "lot": "L7"})
    False
    """
    return all(
        str(cells.get(column.name, "")).lstrip("0") == column.example
        for column in columns
        if column.required
    )
