"""Errors as answers: RFC 9457 problem details with a stable code and a sentence.

`Problem` is what went wrong, whoever is told: the API renders it as application/problem+json,
pages as a page.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import orjson
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DataError, IntegrityError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.i18n import Translator
from app.security.access import UnauthorisedError
from app.security.body_limit import BodyTooLargeError
from app.security.rate_limit import TooManyRequestsError
from app.wording.errors import STATUS_TITLES, sentence
from gs1.errors import Gs1Error
from scanner.errors import ScannerError
from traceability.errors import (
    ConflictError,
    Fault,
    ForbiddenError,
    InvalidError,
    NotFoundError,
    TraceabilityError,
)
from traceability.events.faults import EventFault, EventsInvalidError, NotInXmlError
from traceability.events.query_parameters import QueryInvalidError, QueryTooLargeError

MEDIA_TYPE = "application/problem+json"

ERROR_KINDS: tuple[type[Exception], ...] = (
    RequestValidationError, HTTPException, UnauthorisedError, TooManyRequestsError,
    TraceabilityError, Gs1Error, ScannerError, IntegrityError, DataError, Exception,
)  # fmt: skip
"""What the application answers for; the last one is everything not raised on purpose."""

_SCANNER_STATUS = {
    "scanner.too-large": 413,
    "scanner.too-many-pixels": 413,
    "scanner.memory": 413,
    "scanner.busy": 503,
    "scanner.stopped": 503,
    "scanner.crashed": 502,
    "scanner.timeout": 504,
}


@dataclass(frozen=True, slots=True)
class Problem:
    status: int
    code: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    faults: Sequence[Fault] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    type: str = ""
    """The kind that a standard names; without one, our page about the code."""

    def as_json(self, translate: Translator, instance: str) -> Response:
        """The problem as RFC 9457 has it; `errors` names each field at fault."""
        body: dict[str, Any] = {
            "type": self.type or f"/problems/{self.code}",
            "title": translate.text(STATUS_TITLES[self.status]),
            "status": self.status,
            "detail": sentence(translate, self.code, self.arguments),
            "instance": instance,
            "code": self.code,
        }
        if self.faults:
            body["errors"] = [
                {
                    "field": fault.field,
                    "code": fault.code,
                    "detail": sentence(translate, fault.code, fault.arguments),
                    **_place(fault),
                }
                for fault in self.faults
            ]
        headers = {"Content-Language": translate.language, **self.headers}
        return Response(_encoded(body), self.status, headers, MEDIA_TYPE)


def _place(fault: Fault) -> dict[str, Any]:
    """Where in a document of events a fault is: JSON pointer, and index of the event."""
    if not isinstance(fault, EventFault):
        return {}
    return {"pointer": fault.field, "event": fault.event}


def _encoded(body: dict[str, Any]) -> bytes:
    try:
        return orjson.dumps(body)
    except TypeError:
        # Half of a UTF-16 pair, echoed from what was sent: it can only be spelt, \ud800.
        return json.dumps(body).encode()


class MediaTypeError(HTTPException):
    """415, with a code of its own for what is accepted instead."""

    def __init__(self, code: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(415, headers=headers)
        self.code = code
        self.arguments: Mapping[str, Any] = {}


class NotInXmlPageError(HTTPException):
    """406 for the one event of a page that XML has no place for; `Link` leads behind it."""

    def __init__(self, error: NotInXmlError, headers: Mapping[str, str]) -> None:
        super().__init__(406, headers=headers)
        self.code = error.code
        self.arguments = error.arguments


def problem_of(error: Exception) -> Problem:
    """What to tell about an exception; anything not raised on purpose is a plain 500."""
    match error:
        case RequestValidationError():
            return Problem(422, "web.malformed", faults=[_fault(e) for e in error.errors()])
        case BodyTooLargeError() | MediaTypeError() | NotInXmlPageError():
            headers = error.headers or {}
            return Problem(error.status_code, error.code, error.arguments, headers=headers)
        case HTTPException():
            return Problem(
                error.status_code,
                _HTTP_CODES.get(error.status_code, "web.http"),
                headers=error.headers or {},
            )
        case UnauthorisedError():
            headers = {"WWW-Authenticate": "Bearer"}
            return Problem(401, error.code, headers=headers)
        case TooManyRequestsError():
            headers = {"Retry-After": str(error.retry_after)}
            return Problem(429, error.code, error.arguments, headers=headers)
        case InvalidError():
            return _invalid(error)
        case NotInXmlError():
            return Problem(406, error.code, error.arguments)
        case Gs1Error() | TraceabilityError():
            return Problem(_domain_status(error), error.code, error.arguments)
        case ScannerError():
            status = _SCANNER_STATUS.get(error.code, 422)
            headers = {"Retry-After": "2"} if status == 503 else {}
            return Problem(status, error.code, error.arguments, headers=headers)
        case IntegrityError():
            # Two writers at the same moment: the constraints of the database have decided.
            return Problem(409, "web.conflict")
        case DataError():
            return Problem(422, "web.malformed")
        case _:
            return Problem(500, "web.internal")


def _invalid(error: InvalidError) -> Problem:
    """422; EPCIS has statuses and names of its own (2.0, section 12)."""
    kinds = (kind for kind in _EPCIS if isinstance(error, kind))
    status, name = _EPCIS.get(next(kinds, InvalidError), (422, ""))
    return Problem(status, error.code, error.arguments, error.faults, type=name)


_EPCIS: Mapping[type[InvalidError], tuple[int, str]] = {
    EventsInvalidError: (400, "epcisException:ValidationException"),
    QueryInvalidError: (400, "epcisException:QueryParameterException"),
    QueryTooLargeError: (413, "epcisException:QueryTooLargeException"),
}


def of_epcis(problem: Problem) -> Problem:
    """The problem with the type that EPCIS 2.0's REST bindings have for its status."""
    name = _EPCIS_BY_STATUS.get(problem.status)
    if problem.type or name is None:
        return problem
    return replace(problem, type=f"epcisException:{name}Exception")


_EPCIS_BY_STATUS = {
    400: "Validation", 401: "Security", 403: "Security", 404: "NoSuchResource",
    406: "NotAcceptable", 409: "ResourceAlreadyExists", 413: "CaptureLimitExceeded",
    414: "URITooLong", 415: "UnsupportedMediaType", 500: "Implementation", 501: "Implementation",
}  # fmt: skip


def _domain_status(error: Exception) -> int:
    return next((status for kind, status in _DOMAIN_STATUS.items() if isinstance(error, kind)), 422)


_DOMAIN_STATUS = {NotFoundError: 404, ConflictError: 409, ForbiddenError: 403}

_HTTP_CODES = {
    400: "web.malformed",
    404: "web.not-found",
    405: "web.method",
    415: "web.content-type",
}

# pydantic's kinds of error -> ours; its English sentences are not translated, so they stay inside.
_KINDS = {
    "missing": "web.field-missing",
    "extra_forbidden": "web.field-unknown",
    "json_invalid": "web.not-json",
    "string_too_long": "web.field-too-long",
    "string_too_short": "web.field-too-short",
    "too_long": "web.field-too-long",
    "too_short": "web.field-too-short",
    "enum": "web.field-choice",
    "literal_error": "web.field-choice",
    "time_with_zone": "web.time-with-zone",
    "control_character": "input.control-character",
    "date_format": "input.date-format",
    "date_invalid": "input.date-invalid",
    "quantity_format": "input.quantity-format",
}


def _fault(error: Mapping[str, Any]) -> Fault:
    place = [str(part) for part in error["loc"] if part not in ("body", "query", "path")]
    context = error.get("ctx") or {}
    arguments = {
        "limit": context.get("max_length", context.get("min_length", "")),
        "choices": str(context.get("expected", "")),
    }
    name = "" if error["type"] == "json_invalid" else ".".join(place)
    return Fault(name, _KINDS.get(error["type"], "web.field-invalid"), arguments)
