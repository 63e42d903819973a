"""What is wrong with an event, named by its place in the document.

>>> pointer(["epcisBody", "eventList", 0, "example:a/b"])
'/epcisBody/eventList/0/example:a~1b'
"""

import dataclasses
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import ValidationError

from traceability.errors import Fault, InvalidError, TraceabilityError

MOST_FAULTS = 200
"""Faults of one document that are told; who repairs these will see the rest."""


@dataclasses.dataclass(frozen=True, slots=True)
class EventFault(Fault):
    """A fault in a document; `field` is the JSON pointer (RFC 6901) to it."""

    event: int | None = None
    """Index of the event in the list, from 0; None for the document's own fields."""


class EventsInvalidError(InvalidError):
    """A document or an event breaks the standard, or a setting of this service."""


class NotInXmlError(TraceabilityError):
    """`events.not-in-xml` (event_id, field): an event holds what XML has no place for."""

    before: int = 0
    """How many events of the answer come before it."""


def refusal(code: str, where: str = "", /, **arguments: Any) -> EventsInvalidError:
    """The error of a document that cannot be read at all."""
    return EventsInvalidError([EventFault(where, code, arguments)])


def pointer(path: Iterable[str | int]) -> str:
    """The JSON pointer of a path."""
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in path)


def faults_of(error: ValidationError, at: tuple[str | int, ...], event: int) -> list[EventFault]:
    """The faults that the schema of an event found."""
    return [
        _fault(each, at, event)
        for each in error.errors(include_url=False, include_input=False)[:MOST_FAULTS]
    ]


# Pydantic's kinds -> ours.
_CODES = {
    "missing": "events.field-missing",
    "extra_forbidden": "events.field-unknown",
    "literal_error": "events.choice",
    "too_short": "events.empty",
    "too_long": "events.too-many",
    "string_too_long": "events.too-long",
    "string_pattern_mismatch": "events.format",
    "greater_than_equal": "events.negative",
    "less_than_equal": "events.too-large",
    "finite_number": "events.type",
}


def _fault(each: Mapping[str, Any], at: tuple[str | int, ...], event: int) -> EventFault:
    place = pointer((*at, *(part for part in each["loc"] if part != "[key]")))
    context: Mapping[str, Any] = each.get("ctx") or {}
    kind: str = each["type"]
    if kind == "gs1":
        of = context["of"]
        return EventFault(place, of.code, {**of.arguments, "value": of.value[:120]}, event)
    code = kind if kind.startswith("events.") else _CODES.get(kind, "events.type")
    told = {
        "maximum": context.get("max_length", context.get("maximum", context.get("le", ""))),
        "choices": str(context.get("expected", "")),
        "value": str(context.get("value", "")),
    }
    return EventFault(place, code, {name: value for name, value in told.items() if value}, event)
