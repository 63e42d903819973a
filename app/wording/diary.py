"""The diary in words: the sheet that explains its columns, and what is wrong with a row."""

from collections.abc import Iterator, Mapping
from typing import Any

from app.i18n import N_, Translator
from app.wording.tables import table_result_view
from traceability.events.diary_columns import ALSO, COLUMNS, EXAMPLES, GOODS_OR_BOX, NEEDED, Step
from traceability.events.diary_template import heading, template, word
from traceability.registry.table_template import Guide, GuideRow

_HOW = (
    N_("Write in the first sheet: one row is one thing that was done. This sheet is not read."),
    N_("All rows are recorded, or none is: each fault is told by its row and column."),
)
_MEANINGS: Mapping[str, str] = {
    "step": N_("What was done; choose from the list."),
    "time": N_("Day and time in Vietnam: 20/11/2026 08:00. A day alone will do."),
    "gtin": N_("The product number (GTIN) under the barcode: 8, 12, 13 or 14 digits."),
    "lot": N_("The lot number that you gave the goods: at most 20 characters, no diacritics."),
    "serial": N_("The number of one single piece, where pieces are numbered."),
    "quantity": N_("How much: 12 or 0.5 or 1,200.5. Leave it empty if nobody weighed or counted."),
    "unit": N_("kg, g, tonne, l, ml, m; nothing for pieces."),
    "from_gtin": N_("The product number (GTIN) of what went in."),
    "from_lot": N_("The lot number of what went in."),
    "from_quantity": N_("How much went in."),
    "from_unit": N_("The unit of what went in."),
    "sscc": N_(
        "The number of a box or pallet (SSCC, Serial Shipping Container Code): 18 digits. It stands for all that is inside. Take one under “Numbers of boxes”, or from your label printer."
    ),
    "place": N_(
        "The number of a place (GLN, Global Location Number): 13 digits, from your GS1 Company Prefix. It says where: a field, a workshop, a store."
    ),
    "partner": N_(
        "The GLN of whom the goods went to or came from: 13 digits. Ask them, or look on their papers."
    ),
    "document": N_("The number of the invoice or delivery note."),
}


def diary_template(translate: Translator) -> bytes:
    """The empty diary in the reader's language, with the sheet that explains it."""
    rows = tuple(_guide(translate, translate.language))
    return template(translate.language, Guide(translate.text(N_("How to fill it in")), rows))


def _guide(translate: Translator, language: str) -> Iterator[GuideRow]:
    yield GuideRow([translate.text(N_("How to fill it in"))], bold=True)
    for sentence in _HOW:
        yield GuideRow([translate.text(sentence)])
    yield GuideRow([])
    what, meaning = translate.text(N_("Column")), translate.text(N_("What the column means"))
    yield GuideRow([what, *(word(step, language) for step in Step), meaning], bold=True)
    for column in COLUMNS:
        marks = [
            translate.text(mark) if (mark := _mark(step, column.name)) else "" for step in Step
        ]
        meaning = translate.text(_MEANINGS[column.name])
        yield GuideRow([heading(column.name, language), *marks, meaning])
    yield GuideRow([])
    yield GuideRow(
        [translate.text(N_("Examples, with made-up codes: write your own in the first sheet."))],
        bold=True,
    )
    yield GuideRow([heading(column.name, language) for column in COLUMNS], bold=True)
    for step, example in EXAMPLES.items():
        cells = {**example, "step": word(step, language)}
        yield GuideRow([cells.get(column.name, "") for column in COLUMNS])


def _mark(step: Step, column: str) -> str:
    """Whether a step needs a column."""
    if step in GOODS_OR_BOX and column in ("gtin", "sscc"):
        return N_("one of the two")
    if column in ("step", "time", *NEEDED[step]):
        return N_("needed")
    return N_("where there is one") if column in ALSO[step] else ""


def diary_result_view(translate: Translator, result: Mapping[str, Any]) -> dict[str, Any]:
    """The result with a sentence for each fault, and the heading of its column."""
    view = table_result_view(translate, result)
    for fault in view["errors"]:
        fault["heading"] = heading(fault["column"], translate.language)
    return view
