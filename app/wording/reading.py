"""What a picture shows, as the API sends it and the pages draw it."""

from typing import Any

from app.i18n import Translator
from app.wording.scanner_sentences import INCOMPLETE, PARTIAL, REASONS
from scanner import Reading


def reading_view(translate: Translator, reading: Reading) -> dict[str, Any]:
    """`symbols` that are sure, and `unconfirmed` ones with the reason why they are not.

    Names and values are those of `python -m scanner --jsonl`; sentences stand beside the codes.
    """
    view = reading.as_json()
    for doubtful in view["unconfirmed"]:
        doubtful["detail"] = translate.text(REASONS[doubtful["reason"]])
    view["notes"] = _limits(translate, reading)
    return view


def reading_notes(translate: Translator, reading: Reading) -> list[str]:
    """Sentences for the page of a photograph: what keeps its codes from being sure, each once."""
    doubts = [] if reading.symbols else [doubtful.reason for doubtful in reading.unconfirmed]
    notes = [translate.text(REASONS[reason]) for reason in dict.fromkeys(doubts)]
    return notes + _limits(translate, reading)


def _limits(translate: Translator, reading: Reading) -> list[str]:
    """What of the picture was not searched."""
    notes = [PARTIAL] if reading.partial else []
    if not (reading.complete or reading.symbols):
        notes.append(INCOMPLETE)
    return [translate.text(note) for note in notes]
