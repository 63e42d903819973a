"""Forms: what was typed becomes an input, or a message beside its field."""

from collections.abc import Mapping
from typing import Annotated, Any, TypeVar

from fastapi import Form
from pydantic import BaseModel, ValidationError
from sqlmodel import Session

from app.i18n import Translator
from app.web.pages import field_errors
from app.wording.errors import sentence
from traceability.errors import ConflictError, Fault, InvalidError
from traceability.registry import cells
from traceability.registry.columns import Cell
from traceability.registry.fields import faults_of

PAGE_SIZE = 25
"""Rows of a list."""

Text = Annotated[str, Form()]

RefusedError = (InvalidError, ConflictError)
"""What a form is shown again for, with a message beside the field."""

Schema = TypeVar("Schema", bound=BaseModel)


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
