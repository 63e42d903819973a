"""Parameters of an event query (EPCIS 2.0 section 8.2.7.1): each is checked, and a bad one named.

>>> read_query({"EQ_bizStep": ["shipping|receiving"], "GE_eventTime": ["2026-11-23T00:00:00Z"]})
... # doctest: +ELLIPSIS
Query(terms=(Term(name='EQ_bizStep', values=('shipping', 'receiving'), texts=()), Term(name=...
>>> read_query({"EQ_colour": ["red"]})
Traceback (most recent call last):
    ...
traceability.events.query_parameters.QueryInvalidError: ('events.parameter-unknown', {'name': ...
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from pydantic_core import PydanticCustomError

from gs1.errors import Gs1Error
from traceability.errors import Fault, InvalidError
from traceability.events import vocabulary
from traceability.events.event_fields import moment
from traceability.events.event_ids import event_id
from traceability.events.identifiers import MAX_LENGTH, STEM, canonical

MAX_VALUES = 200
"""Values of one parameter."""

_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+")
_IDPAT = "urn:epc:idpat:"
_PATTERN = re.compile(rf"{_IDPAT}[a-z]+:")
_PREFIX = re.compile("[0-9]{6,12}")


class QueryInvalidError(InvalidError):
    """A query has a parameter that is unknown, or a value that it cannot have."""


class QueryTooLargeError(InvalidError):
    """More events than `maxEventCount` match."""


class Pattern(NamedTuple):
    """Every instance whose key begins in one of these ways."""

    starts: tuple[str, ...]


class Term(NamedTuple):
    """One condition: an event matches one of the values."""

    name: str
    values: tuple[Any, ...]
    texts: tuple[str, ...] = ()
    """The identifiers as they were asked for; a pattern has no spelling."""


@dataclass(frozen=True, slots=True)
class Query:
    terms: tuple[Term, ...]
    order_by: str | None = None
    """eventTime or recordTime; None for whichever is quick, the newest first."""
    descending: bool = True
    limit: int | None = None
    """eventCountLimit: the first so many, and no more."""
    maximum: int | None = None
    """maxEventCount: more than that is refused."""
    oldest_first: bool = False
    """Without `order_by`: the order of capture as it was."""
    literal: bool = False
    """Compare identifiers as they were sent, not what they name."""


def _text(value: str) -> str:
    if not value or len(value) > MAX_LENGTH or "\0" in value:
        raise ValueError(value)
    return value


def _event_id(value: str) -> str:
    return event_id(_text(value))


def _uri(value: str) -> str:
    if not _URI.fullmatch(_text(value)):
        raise ValueError(value)
    return canonical(value)


def _epc(value: str) -> str | Pattern:
    """A key, or the EPC pattern of all that are alike (`urn:epc:idpat:sgtin:952000.0123456.*`)."""
    if not _PATTERN.match(value):
        return _uri(value)
    scheme, _, rest = value.removeprefix(_IDPAT).partition(":")
    parts = rest.split(".")
    fixed = [part for part in parts if part != "*"]
    if not fixed or len(fixed) == len(parts) or parts[: len(fixed)] != fixed:
        raise ValueError(value)
    if len(fixed) == 1 and scheme in _OF_COMPANY:
        return _of_company(scheme, fixed[0])
    return Pattern((canonical(value) + _BEFORE_SERIAL.get(scheme, "/"),))


_BEFORE_SERIAL = {"sgtin": "/21/", "grai": "", "gdti": "", "sgcn": ""}
"""What stands between the key of a kind and a serial: some keys have it in themselves."""


_OF_COMPANY = {
    "sgtin": "/01/", "sscc": "/00/", "sgln": "/414/", "grai": "/8003/0", "giai": "/8004/",
    "gsrn": "/8018/", "gsrnp": "/8017/", "gdti": "/253/", "cpi": "/8010/", "sgcn": "/255/",
}  # fmt: skip
_LED_BY_A_DIGIT = frozenset({"sgtin", "sscc"})
"""Keys with a digit before the company prefix: the indicator, or the extension."""


def _of_company(scheme: str, prefix: str) -> Pattern:
    """A company's keys of one scheme (`urn:epc:idpat:sscc:9520000.*`)."""
    if not _PREFIX.fullmatch(prefix):
        raise ValueError(prefix)
    digits = "0123456789" if scheme in _LED_BY_A_DIGIT else ("",)
    return Pattern(tuple(f"{STEM}{_OF_COMPANY[scheme]}{digit}{prefix}" for digit in digits))


def _word(kind: str) -> Callable[[str], str]:
    def read(value: str) -> str:
        word = vocabulary.bare(kind, _text(value))
        if word not in vocabulary.VOCABULARIES[kind].words and not _URI.fullmatch(word):
            raise ValueError(value)
        return word

    return read


def _one_of(*choices: str) -> Callable[[str], str]:
    def read(value: str) -> str:
        if value not in choices:
            raise ValueError(value)
        return value

    return read


def _number(value: str) -> Decimal:
    try:
        number = Decimal(value)
    except InvalidOperation as error:
        raise ValueError(value) from error
    if not number.is_finite() or abs(number) > Decimal(10) ** 12:
        raise ValueError(value)
    return number


def _time(value: str) -> datetime:
    # In an address a plus that was not escaped arrives as a blank.
    return moment(value.replace(" ", "+"))


def _truth(value: str) -> bool:
    """`true`, or nothing at all: to name the parameter is to ask."""
    if value.lower() not in ("", "true", "false"):
        raise ValueError(value)
    return value.lower() != "false"


READERS: Mapping[str, Callable[[str], Any]] = {
    "eventType": _one_of(*vocabulary.EVENT_TYPES),
    "EQ_action": _one_of(*vocabulary.ACTIONS),
    "EQ_bizStep": _word("bizStep"),
    "EQ_disposition": _word("disposition"),
    "EQ_persistentDisposition_set": _word("disposition"),
    "EQ_persistentDisposition_unset": _word("disposition"),
    "EQ_errorReason": _word("errorReason"),
    "EQ_type": _word("measurement"),
    "EQ_eventID": _event_id,
    "EQ_correctiveEventID": _event_id,
    "EQ_stringValue": _text,
    "EQ_hexBinaryValue": _text,
    "EQ_booleanValue": _one_of("true", "false"),
    **dict.fromkeys(("GE_eventTime", "LT_eventTime", "GE_recordTime", "LT_recordTime",
                     "GE_errorDeclarationTime", "LT_errorDeclarationTime"), _time),
    **dict.fromkeys(("EQ_readPoint", "WD_readPoint", "EQ_bizLocation", "WD_bizLocation",
                     "EQ_transformationID", "EQ_deviceID", "EQ_dataProcessingMethod",
                     "EQ_microorganism", "EQ_chemicalSubstance", "EQ_bizRules",
                     "EQ_uriValue"), _uri),
    **dict.fromkeys(("MATCH_epc", "MATCH_parentID", "MATCH_inputEPC", "MATCH_outputEPC",
                     "MATCH_anyEPC"), _epc),
    **dict.fromkeys(("MATCH_epcClass", "MATCH_inputEPCClass", "MATCH_outputEPCClass",
                     "MATCH_anyEPCClass"), _uri),
    **dict.fromkeys(("EQ_quantity", "GT_quantity", "GE_quantity", "LT_quantity",
                     "LE_quantity"), _number),
    **dict.fromkeys(("EXISTS_errorDeclaration", "EXISTS_sensorElementList", "EXISTS_ilmd"),
                    _truth),
}  # fmt: skip
"""Every parameter by its whole name."""

_FAMILIES: Mapping[str, str] = {
    "EQ_bizTransaction_": "bizTransaction",
    "EQ_source_": "sourceDest",
    "EQ_destination_": "sourceDest",
}
"""Parameters whose name ends with a type."""

_SINGLE = re.compile(
    "(GE|GT|LE|LT|EQ)_(eventTime|recordTime|errorDeclarationTime|quantity(_[A-Z0-9]{2,3})?)$|EXISTS_"
)


def read_query(given: Mapping[str, Sequence[str]]) -> Query:
    """A query of parameters and their values, as an address or a named query has them.

    Raises:
        QueryInvalidError: every parameter that is unknown or has a value that it cannot have.
    """
    faults: list[Fault] = []
    terms: list[Term] = []
    control: dict[str, Any] = {}
    for name, texts in given.items():
        if name in _CONTROLS:
            _control(name, texts, control, faults)
        else:
            _term(name, texts, terms, faults)
    if "eventCountLimit" in control and "maxEventCount" in control:
        faults.append(Fault("maxEventCount", "events.parameters-exclude",
                            {"name": "eventCountLimit"}))  # fmt: skip
    if faults:
        raise QueryInvalidError(faults)
    return Query(
        tuple(terms),
        control.get("orderBy"),
        control.get("orderDirection", "DESC") == "DESC",
        control.get("eventCountLimit"),
        control.get("maxEventCount"),
    )


def _term(name: str, texts: Sequence[str], terms: list[Term], faults: list[Fault]) -> None:
    read, name = _reader(name)
    if read is None:
        faults.append(Fault(name[:80], "events.parameter-unknown", {"name": name[:80]}))
        return
    listed = [part for text in texts for part in (text.split("|") if text else [""])]
    if len(listed) > MAX_VALUES or (_SINGLE.match(name) and len(listed) > 1):
        faults.append(Fault(name, "events.parameter-values", {"name": name}))
        return
    values = []
    for text in listed:
        try:
            values.append(read(text))
        except (ValueError, PydanticCustomError, Gs1Error):
            faults.append(Fault(name, "events.parameter-value", {"name": name, "value": text[:80]}))
    if not (name.startswith("EXISTS_") and values == [False]):
        spelt = read in (_uri, _epc) and not any(isinstance(each, Pattern) for each in values)
        terms.append(Term(name, tuple(values), tuple(listed) if spelt else ()))


_QUANTITY_IN = re.compile("(?:EQ|GT|GE|LT|LE)_quantity_[A-Z0-9]{2,3}")
"""A quantity in one unit, a code of UN/ECE Recommendation 20."""
_ALSO_CALLED = {
    "GE_errorDeclaration_Time": "GE_errorDeclarationTime",
    "LT_errorDeclaration_Time": "LT_errorDeclarationTime",
}
"""Names in GS1's description of the interface that differ from those in the standard."""


def _reader(name: str) -> tuple[Callable[[str], Any] | None, str]:
    name = _ALSO_CALLED.get(name, name)
    if _QUANTITY_IN.fullmatch(name):
        return _number, name
    if name in READERS:
        return READERS[name], name
    for start, kind in _FAMILIES.items():
        if name.startswith(start) and len(name) <= MAX_LENGTH:
            return _uri, start + vocabulary.bare(kind, name[len(start) :])
    return None, name


def _count(value: str) -> int:
    if not value.isascii() or not value.isdecimal() or not 0 < int(value[:12]) <= 10**9:
        raise ValueError(value)
    return int(value)


_CONTROLS: Mapping[str, Callable[[str], Any]] = {
    "orderBy": _one_of("eventTime", "recordTime"),
    "orderDirection": _one_of("ASC", "DESC"),
    "eventCountLimit": _count,
    "maxEventCount": _count,
}


def _control(name: str, texts: Sequence[str], control: dict[str, Any], faults: list[Fault]) -> None:
    try:
        control[name] = _CONTROLS[name](texts[0] if len(texts) == 1 else "")
    except ValueError:
        shown = {"name": name, "value": texts[0][:80] if texts else ""}
        faults.append(Fault(name, "events.parameter-value", shown))


def given_of(query: Mapping[str, Any]) -> dict[str, list[str]]:
    """The parameters of a named query's JSON, as `read_query` takes them.

    Raises:
        QueryInvalidError: a value that is no text, number, boolean or list of them.
    """
    found: dict[str, list[str]] = {}
    for name, value in query.items():
        if name == "@context":
            continue
        listed = value if isinstance(value, list) else [value]
        if not all(isinstance(each, (str, int, float)) for each in listed):
            raise QueryInvalidError.of(name, "events.parameter-value", name=name, value="{}")
        found[name] = [_written(each) for each in listed]
    return found


def _written(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
