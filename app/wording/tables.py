"""What came of an import, in words: each fault by row and column, each refused file."""

from collections.abc import Mapping
from typing import Any

from app.i18n import Translator
from app.wording.errors import sentence


def table_result_view(translate: Translator, result: Mapping[str, Any]) -> dict[str, Any]:
    """The result with a sentence for each of its faults."""
    errors = [
        {
            "row": fault["row"],
            "column": fault["column"],
            "value": fault["value"],
            "code": fault["code"],
            "detail": sentence(translate, fault["code"], fault["arguments"]),
        }
        for fault in result["errors"]
    ]
    return {**result, "errors": errors}


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
