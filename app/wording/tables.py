"""Tables in words: the empty one to fill in, and what came of an import, by row and column."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.i18n import N_, Translator
from app.wording.errors import sentence
from traceability.registry.columns import Column
from traceability.registry.table_template import Guide, GuideRow, empty_table


def table_template(translate: Translator, columns: Sequence[Column]) -> bytes:
    """An XLSX to be filled in: headings in the reader's language, and the example on a sheet apart.

    What stood below the headings as an example would be imported by whoever forgets to delete it.
    """
    headings = [each.en if translate.language == "en" else each.vi for each in columns]
    titles = (N_("Column"), N_("needed"), N_("Example, with made-up codes"))
    needed = translate.text(N_("needed"))
    how = translate.text(N_("How to fill it in"))
    told = translate.text(N_("Write in the first sheet, one row each. This sheet is not read."))
    rows = [
        GuideRow([how], bold=True),
        GuideRow([told]),
        GuideRow([]),
        GuideRow([translate.text(title) for title in titles], bold=True),
        *(
            GuideRow([heading, needed if column.required else "", column.example or ""])
            for heading, column in zip(headings, columns, strict=True)
        ),
    ]
    return empty_table(headings, Guide(how, rows))


def table_result_view(translate: Translator, result: Mapping[str, Any]) -> dict[str, Any]:
    """The result with a sentence for each of its faults."""
    errors = [
        {
            "row": fault["row"],
            "column": fault["column"],
            "value": fault["value"],
            "code": fault["code"],
            "detail": sentence(translate, fault["code"], _worded(translate, fault["arguments"])),
        }
        for fault in result["errors"]
    ]
    return {**result, "errors": errors}


_KINDS: Mapping[str, str] = {
    "code": N_("a code of letters and digits"),
    "text": N_("a text"),
    "quantity": N_("a number"),
    "number": N_("a whole number"),
}


def _worded(translate: Translator, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    """Arguments with the kind of a cell in words."""
    kind = _KINDS.get(str(arguments.get("expected")))
    return {**arguments, "expected": translate.text(kind)} if kind else arguments


def refused_files_view(translate: Translator, result: Mapping[str, Any]) -> dict[str, Any]:
    """The result of an import of invoices with a sentence for each refused file."""
    rejected = [
        {
            "file": each["file"],
            "code": each["code"],
            "detail": sentence(translate, each["code"], each["arguments"]),
        }
        for each in result["rejected"]
    ]
    return {**result, "rejected": rejected}
