"""The empty diary: a sheet of headings to be filled in, and a second one that explains it."""

from traceability.events.diary_columns import COLUMNS, STEPS, Step
from traceability.registry.table_template import Guide, empty_table


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
    return empty_table(
        [heading(column.name, language) for column in COLUMNS],
        guide,
        name="Diary" if language == "en" else "Nhật ký",
        choices=[word(step, language) for step in STEPS],
    )
