"""What the pages of the authorities share: filters in the address, forms that keep what was typed.

>>> address("/office/reports", status="received", gtin="", before=None)
'/office/reports?status=received'
>>> number_of("12"), number_of("twelve"), number_of("")
(12, 0, 0)
"""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import HTTPException
from pydantic import BeforeValidator

from app.i18n import Translator
from app.security.access import WEB
from traceability.actor import Actor
from traceability.registry.fields import MAX_ID

MAX_FILTER = 400
"""Characters of a filter that are looked at."""


def number_of(text: str) -> int:
    """The id that stands in an address; 0 for anything else, which no record has."""
    digits = text.strip()
    is_number = digits.isascii() and digits.isdecimal() and len(digits) < 20
    return int(digits) if is_number and int(digits) <= MAX_ID else 0


def _id_of_path(text: object) -> int:
    found = number_of(str(text))
    if not found:
        raise HTTPException(404)
    return found


RecordId = Annotated[int, BeforeValidator(_id_of_path)]
"""An id in the path; what is no number is an address at which there is nothing."""


def may(actor: Actor, route: str) -> bool:
    """Whether the access table lets this actor use a page: `may(actor, "POST /office/lines")`."""
    return actor.role in WEB[route].roles


def address(path: str, **parameters: object) -> str:
    """A path with those parameters that say something."""
    given = {name: value for name, value in parameters.items() if value}
    return f"{path}?{urlencode(given)}" if given else path


def ids_of(texts: Iterable[str], most: int = 100) -> list[int]:
    """The ids among these texts, each once, at most so many."""
    found = dict.fromkeys(number_of(text) for text in texts)
    return [number for number in found if number][:most]


def choices(translate: Translator, words: Mapping[Any, Any], every: str = "") -> list[Any]:
    """Options of a select: value and word; `every` is the text of the empty one, if any."""
    first = [("", every)] if every else []
    texts = {key: word if isinstance(word, str) else word[0] for key, word in words.items()}
    return first + [(str(key), translate.text(word)) for key, word in texts.items()]
