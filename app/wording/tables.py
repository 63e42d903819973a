"""What came of an imported table, in words: each fault by row and column."""

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
