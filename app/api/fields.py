"""Types of fields that several endpoints read."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from traceability.registry.fields import Paragraph

Text = Paragraph
"""Free of characters that a page or a database chokes on."""


def _only_text(value: object) -> object:
    """A number would be taken for seconds since 1970."""
    if not isinstance(value, (str, datetime)):
        raise PydanticCustomError("time_with_zone", "a time is a text")
    return value


def _in_utc(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise PydanticCustomError("time_with_zone", "a time has a zone")
    try:
        return value.astimezone(UTC)
    except OverflowError as error:
        raise PydanticCustomError("time_with_zone", "a time lies within the calendar") from error


Time = Annotated[
    datetime,
    BeforeValidator(_only_text),
    AfterValidator(_in_utc),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
"""A point in time, RFC 3339 with its zone; given on in UTC."""
