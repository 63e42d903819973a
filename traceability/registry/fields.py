"""Types of input fields: strict, bounded, and free of what a database or a page chokes on.

A date is an ISO text or a date, never a number: pydantic would read 0 as 1 January 1970.
A quantity is exact: a number, or its decimal text.

>>> from pydantic import TypeAdapter
>>> TypeAdapter(IsoDate).validate_python("2026-11-22")
datetime.date(2026, 11, 22)
>>> TypeAdapter(PositiveQuantity).validate_python(0.1)
Decimal('0.1')
"""

import re
import unicodedata
from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from traceability.errors import Fault, InvalidError

MAX_ID = 2**63 - 1
MAX_QUANTITY = Decimal(10) ** 12
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
_DECIMAL = re.compile(r"-?\d{1,13}(?:\.\d{1,6})?", re.ASCII)
# One name for one rule, whichever part of pydantic found it broken.
_RULES = {"string_too_long": "too_long", "string_too_short": "too_short"}
_EARLIEST, _LATEST = date(1900, 1, 1), date(2200, 1, 1)


def _without_controls(text: str) -> str:
    """Text in composed form.

    Control characters other than line ends and tabs are refused, and halves of a UTF-16 pair,
    which JSON can spell and UTF-8 cannot.
    """
    if _UNSTORABLE.search(text):
        raise PydanticCustomError("control_character", "a control character")
    return unicodedata.normalize("NFC", text)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _as_date(value: object) -> object:
    if isinstance(value, str) and _ISO_DATE.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError as error:
            raise PydanticCustomError("date_invalid", "no such day") from error
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    raise PydanticCustomError("date_format", "a date is YYYY-MM-DD")


def _as_decimal(value: object) -> object:
    """An exact number from a JSON number or a decimal text, at most six decimals."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str, Decimal)):
        raise PydanticCustomError("quantity_format", "a quantity is a number")
    text = format(value, "f") if isinstance(value, Decimal) else str(value).strip()
    text = format(Decimal(text), "f") if isinstance(value, float) else text
    if not _DECIMAL.fullmatch(text):
        raise PydanticCustomError("quantity_format", "a quantity is a number of six decimals")
    return Decimal(text)


Line = Annotated[str, AfterValidator(_without_controls), AfterValidator(_one_line)]
"""Text on one line; runs of white space become one space."""
Paragraph = Annotated[str, AfterValidator(_without_controls)]
Id = Annotated[int, Field(ge=1, le=MAX_ID)]
IsoDate = Annotated[date, BeforeValidator(_as_date), Field(ge=_EARLIEST, le=_LATEST)]
PositiveQuantity = Annotated[Decimal, BeforeValidator(_as_decimal), Field(ge=0, le=MAX_QUANTITY)]
CodeText = Annotated[str, Field(min_length=1, max_length=40), AfterValidator(_without_controls)]
"""A GTIN, GLN or tax code as printed: the code's own parser says what is wrong with it."""


class Input(BaseModel):
    """What comes in: unknown names are refused, types are not guessed."""

    model_config = ConfigDict(extra="forbid", strict=True, str_strip_whitespace=True)


class Patch(Input):
    """A change: only the fields that were given count; null empties an optional one."""

    def changes(self, *, required: Iterable[str] = ()) -> dict[str, Any]:
        """The given fields and their new values.

        Raises:
            InvalidError: `input.null` for a required field that was given as null.
        """
        given = {name: getattr(self, name) for name in sorted(self.model_fields_set)}
        empty = [Fault(name, "input.null") for name in required if given.get(name, "") is None]
        if empty:
            raise InvalidError(empty)
        return given


def faults_of(error: ValidationError, *, most: int = 100) -> list[Fault]:
    """The faults of a schema in our own terms: `input.` and the name of the rule.

    >>> class Named(Input):
    ...     name: Annotated[str, Field(max_length=3)]
    >>> try:
    ...     Named.model_validate({"name": "long"})
    ... except ValidationError as error:
    ...     faults_of(error)
    [Fault(field='name', code='input.too-long', arguments={'max_length': 3})]
    """
    found = error.errors(include_url=False, include_input=False)[:most]
    return [
        Fault(
            ".".join(str(part) for part in each["loc"]),
            "input." + _RULES.get(each["type"], each["type"]).replace("_", "-"),
            {name: _plain(value) for name, value in each.get("ctx", {}).items()},
        )
        for each in found
    ]


def _plain(value: object) -> object:
    return value if isinstance(value, (int, float, bool)) else str(value)


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
        raise PydanticCustomError("date_invalid", "a time lies within the calendar") from error


Time = Annotated[
    datetime,
    Field(strict=False),
    BeforeValidator(_only_text),
    AfterValidator(_in_utc),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
"""A point in time, RFC 3339 with its zone; given on in UTC."""
