"""What the pages of the authorities share: filters in the address, forms that keep what was typed.

>>> address("/office/reports", status="received", gtin="", before=None)
'/office/reports?status=received'
>>> number_of("12"), number_of("twelve"), number_of("")
(12, 0, 0)
"""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, TypeVar
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, HTTPException
from pydantic import BaseModel, BeforeValidator, ValidationError
from sqlmodel import Session

from app.boundary import TransactionRoute
from app.deps import web_actor
from app.i18n import Translator
from app.security.access import WEB
from app.web.pages import field_errors
from app.wording.errors import sentence
from traceability.actor import Actor
from traceability.errors import ConflictError, Fault, InvalidError
from traceability.registry import cells
from traceability.registry.columns import Cell
from traceability.registry.fields import MAX_ID, faults_of

PAGE_SIZE = 25
"""Rows of a list."""
MAX_FILTER = 400
"""Characters of a filter that are looked at."""

Schema = TypeVar("Schema", bound=BaseModel)
Text = Annotated[str, Form()]

RefusedError = (InvalidError, ConflictError)
"""What a form is shown again for."""


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


def office_router() -> APIRouter:
    return APIRouter(route_class=TransactionRoute, dependencies=[Depends(web_actor)])


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


def input_of(
    schema: type[Schema],
    texts: Mapping[str, str],
    kinds: Mapping[str, Cell] | None = None,
    **values: Any,
) -> Schema:
    """The input that a form stands for; empty fields are left out.

    Args:
        schema: what it has to fulfil.
        texts: the typed text of each field.
        kinds: how a field is read; text where it is not named.
        values: further fields, as they are.

    Raises:
        InvalidError: every fault of every field.
    """
    faults: list[Fault] = []
    for name, text in texts.items():
        try:
            value = cells.read((kinds or {}).get(name, Cell.TEXT), text)
        except cells.CellError as error:
            faults.append(Fault(name, error.code, error.arguments))
            continue
        if value is not None:
            values[name] = value
    try:
        found = schema.model_validate(values)
    except ValidationError as error:
        known = {fault.field for fault in faults}
        broken = [fault for fault in faults_of(error) if fault.field not in known]
        raise InvalidError([*faults, *broken]) from error
    if faults:
        raise InvalidError(faults)
    return found


def refusal(
    session: Session, translate: Translator, error: InvalidError | ConflictError, field: str = ""
) -> dict[str, str]:
    """Field -> sentence of a refused form; nothing of it is stored.

    Args:
        session: the writing session, which is rolled back.
        translate: the visitor's language.
        error: why it was refused.
        field: the field that a conflict with what is on record is about.
    """
    session.rollback()
    if isinstance(error, InvalidError):
        return field_errors(translate, error.faults)
    return {field: sentence(translate, error.code, error.arguments)}
