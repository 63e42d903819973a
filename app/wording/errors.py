"""One sentence for each error code, of all packages.

A sentence says what was wrong with what was sent and what is expected; `{names}` are the
arguments of the error. `tests/test_docs.py` fails for a code that has none.
"""

import re
from collections.abc import Mapping
from typing import Any

from app.i18n import N_, Translator
from app.wording.error_sentences import SENTENCES
from app.wording.gs1_sentences import LENGTH_OF_PART, MOST_CHARACTERS, OPEN_LENGTH_OF_PART

STATUS_TITLES: Mapping[int, str] = {
    400: N_("The request is not understood"),
    401: N_("Please identify yourself"),
    403: N_("Not allowed"),
    404: N_("Not found"),
    405: N_("Not done this way"),
    406: N_("Not available in this form"),
    409: N_("In conflict with what is on record"),
    413: N_("Too large"),
    415: N_("This kind of file is not accepted"),
    422: N_("Not valid"),
    429: N_("Too many requests"),
    500: N_("Something went wrong on our side"),
    501: N_("Not offered here"),
    502: N_("The reader of pictures failed"),
    503: N_("Busy, please try again"),
    504: N_("It took too long"),
}


_RARE, _UNKNOWN = "input.invalid", "web.internal"


class _Known(dict[str, str]):
    """Arguments of a sentence; one that an error did not give is left out of it."""

    def __missing__(self, name: str) -> str:
        return "–"


def sentence(translate: Translator, code: str, arguments: Mapping[str, Any]) -> str:
    """The sentence of an error code.

    Rules of a schema (`input.…`) are as many as pydantic has; the rare ones share a sentence.
    """
    message = SENTENCES.get(code) or SENTENCES[_RARE if code.startswith("input.") else _UNKNOWN]
    if code == "gs1.length":
        message = _length(arguments) or message
    shown = _Known({name: translate.show(_listed(value)) for name, value in arguments.items()})
    return translate.text(message).format_map(shown)


def _length(arguments: Mapping[str, Any]) -> str | None:
    """The sentence of a wrong length where it is not that of a product number."""
    match arguments:
        case {"least": least, "most": most}:
            return LENGTH_OF_PART if least == most else OPEN_LENGTH_OF_PART
        case {"maximum": _}:
            return MOST_CHARACTERS
    return None


_CHOICES = re.compile(r"'[^']*'(?:, '[^']*')*(?: or '[^']*')?")


def _listed(value: Any) -> Any:
    """Choices as pydantic writes them out, in English, as a list of their own.

    >>> _listed("'ADD', 'OBSERVE' or 'DELETE'")
    ['ADD', 'OBSERVE', 'DELETE']
    """
    is_list = isinstance(value, str) and _CHOICES.fullmatch(value)
    return re.findall("'([^']*)'", value) if is_list else value
