"""What the pages of a shop have in common: its own records, and forms that keep what was typed."""

from collections.abc import Mapping
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Depends, Form, Path, Query
from pydantic import BaseModel, ValidationError
from sqlmodel import Session

from app.boundary import TransactionRoute
from app.deps import web_actor
from app.i18n import Translator
from app.web.pages import field_errors
from app.wording.errors import sentence
from traceability.actor import Actor
from traceability.errors import ConflictError, Fault, InvalidError, NotFoundError
from traceability.registry import cells, parties, products
from traceability.registry.columns import Cell
from traceability.registry.fields import MAX_ID, faults_of
from traceability.registry.models import Party, Product

PAGE_SIZE = 25
"""Rows of a list."""

RecordId = Annotated[int, Path(ge=1, le=MAX_ID)]
After = Annotated[int, Query(ge=0, le=MAX_ID)]
"""The last id of the page before; 0 for the first page."""
Text = Annotated[str, Form()]

RefusedError = (InvalidError, ConflictError)
"""What a form is shown again for, with a message beside the field."""

Schema = TypeVar("Schema", bound=BaseModel)


def shop_router() -> APIRouter:
    return APIRouter(route_class=TransactionRoute, dependencies=[Depends(web_actor)])


def printable(text: str) -> str:
    r"""Typed text without the control characters that no name or code holds.

    >>> printable(" SAM\x002610 ")
    'SAM2610'
    """
    return "".join(sign for sign in text if sign.isprintable()).strip()


def own_party(session: Session, actor: Actor) -> Party:
    """The organisation that the visitor acts for."""
    return parties.get_party(session, actor, actor.party_id or 0)


def own_product(session: Session, actor: Actor, product_id: int) -> Product:
    """A product that the visitor's organisation owns or may use the code of.

    Raises:
        NotFoundError: `registry.product-unknown`, for those of others too.
    """
    product = products.get_product(session, actor, product_id)
    if not products.may_use(session, actor, product):
        raise NotFoundError("registry.product-unknown", product_id=product_id)
    return product


def input_of(
    schema: type[Schema],
    texts: Mapping[str, str],
    kinds: Mapping[str, Cell] | None = None,
    *,
    empty_as_none: bool = False,
    **values: Any,
) -> Schema:
    """The input that a form stands for; dates and quantities as people in Vietnam write them.

    Args:
        schema: what it has to fulfil.
        texts: the typed text of each field.
        kinds: how a field is read; text where it is not named.
        empty_as_none: give empty fields as None, which empties them on record; else leave them out.
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
        if value is not None or empty_as_none:
            values[name] = value
    try:
        found = schema.model_validate(values)
    except ValidationError as error:
        raise InvalidError([*faults, *faults_of(error)]) from error
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
