"""What came of an import, in words: each fault by row and column, each refused file."""

from collections.abc import Mapping
from typing import Any

from app.i18n import N_, Translator
from app.wording.errors import sentence


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
