"""Errors of the domain: a stable code and its arguments; the sentence is made in `app`.

    TraceabilityError
    ├── InvalidError      the input breaks a rule; `faults` names each field      (HTTP 422)
    ├── NotFoundError     no such record, or none that this actor may see         (HTTP 404)
    ├── ConflictError     the record exists, or has moved on                      (HTTP 409)
    └── ForbiddenError    the record is seen, the action is not this actor's      (HTTP 403)

"Recalled", "unknown" and "does not match" are answers of a verification, never errors:
raising would roll back the very scan record that matters.
"""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any


@dataclasses.dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with one field of an input.

    >>> Fault("gtin", "gs1.check-digit", {"expected": "3"}).code
    'gs1.check-digit'
    """

    field: str
    """Name of the field, dotted for nested ones; empty when it is about the whole input."""
    code: str
    arguments: Mapping[str, Any] = dataclasses.field(default_factory=dict)


class TraceabilityError(Exception):
    """Base of every error this package raises on purpose."""

    def __init__(self, code: str, /, **arguments: Any) -> None:
        super().__init__(code, arguments)
        self.code = code
        self.arguments = arguments


class NotFoundError(TraceabilityError):
    pass


class ConflictError(TraceabilityError):
    pass


class ForbiddenError(TraceabilityError):
    pass


class InvalidError(TraceabilityError):
    """One or more fields break a rule."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(faults[0].code, **faults[0].arguments)
        self.faults = tuple(faults)

    @classmethod
    def of(cls, field_name: str, code: str, /, **arguments: Any) -> "InvalidError":
        return cls([Fault(field_name, code, arguments)])
