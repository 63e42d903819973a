"""Answers of the API: JSON by orjson, pages of lists with an opaque cursor, declared problems."""

import base64
import binascii
from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated, Any, Generic, TypeVar

import orjson
from fastapi import Query
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from app.problems import MEDIA_TYPE
from traceability.errors import InvalidError

T = TypeVar("T")


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    raise TypeError(type(value).__name__)


def as_json(value: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """Decimals are text, so that no reader makes a float of them; times are RFC 3339 in UTC."""
    if isinstance(value, BaseModel):
        body = value.model_dump_json().encode()
    else:
        body = orjson.dumps(value, default=_plain, option=orjson.OPT_UTC_Z)
    return Response(body, status, headers, "application/json")


def has_already(request: Request, etag: str) -> bool:
    """Whether the asker holds this very answer (RFC 9110, 13.1.2).

    Who passed it on may have weakened its tag, having compressed it.
    """
    held = {each.strip().removeprefix("W/")
            for each in request.headers.get("if-none-match", "").split(",")}  # fmt: skip
    return etag in held or held == {"*"}


class Page(BaseModel, Generic[T]):
    """One page of a list."""

    items: Sequence[T]
    next_cursor: str | None = None
    """Send as ?cursor= for the page after this one; null on the last."""


def page(items: Sequence[T], limit: int, last_id: int | None) -> Page[T]:
    """A page of `items`; a full one may have a page after it."""
    more = len(items) == limit and last_id is not None
    return Page(items=items, next_cursor=_cursor(last_id) if more and last_id is not None else None)


def _cursor(last_id: int) -> str:
    return base64.urlsafe_b64encode(f"id:{last_id}".encode()).decode().rstrip("=")


def id_of_cursor(cursor: str | None) -> int | None:
    """The last id of the page before.

    Raises:
        InvalidError: `web.cursor`, not one that was given out.
    """
    if cursor is None:
        return None
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        kind, _, number = text.partition(":")
        if kind == "id" and number.isdecimal() and len(number) < 19:
            return int(number)
    except (binascii.Error, UnicodeDecodeError, ValueError):
        pass
    raise InvalidError.of("cursor", "web.cursor")


PROBLEM = {
    "type": "object",
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string"},
        "code": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "field": {"type": "string"},
                    "code": {"type": "string"},
                    "detail": {"type": "string"},
                },
            },
        },
    },
    "required": ["type", "title", "status", "detail", "code"],
}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """What an endpoint declares in `responses=`; 401, 403 and 429 stand on the whole router."""
    return {
        status: {
            "description": "Problem details (RFC 9457)",
            "content": {MEDIA_TYPE: {"schema": PROBLEM}},
        }
        for status in statuses
    }


Cursor = Annotated[str | None, Query(description="`next_cursor` of the page before")]
Limit = Annotated[int, Query(ge=1, le=200, description="Entries on a page")]
Words = Annotated[
    str | None, Query(max_length=200, description="Beginnings of words, with or without marks")
]
