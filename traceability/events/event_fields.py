"""Types of the fields of an event: every format of EPCIS 2.0 section 7 and 9 is asserted.

>>> from pydantic import TypeAdapter
>>> TypeAdapter(Time).validate_python("2026-11-23T08:00:00+07:00")
'2026-11-23T08:00:00+07:00'
>>> moment("2026-11-23T08:00:00.1234567+07:00").isoformat()
'2026-11-23T01:00:00.123456+00:00'

Values keep the text that was sent; a field's meaning is derived from it where it is needed.
"""

import re
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from gs1.errors import Gs1Error
from traceability.events import vocabulary
from traceability.events.identifiers import MAX_LENGTH, canonical

MAX_QUANTITY = 1e12
_TIME = re.compile(
    r"(\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d)(?:\.(\d{1,18}))?([Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)",
    re.ASCII,
)
# RFC 3986 appendix A, loosely inside and strictly at the edges: a scheme, and only its characters.
_URI = re.compile(
    r"[A-Za-z][A-Za-z0-9+.-]*:(?:[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})+"
)
# Words of the vocabulary are bare in JSON (EPCIS 2.0 section 10.2): these are forms of XML.
_XML_WORD = re.compile(r"urn:epcglobal:cbv|https?://ns\.gs1\.org/cbv/")
_GS1_WORD = re.compile(r"https?://(www\.)?gs1\.org/voc/")


def moment(text: str) -> datetime:
    """The point in time of a text that `Time` accepts, in UTC; below a microsecond is cut off."""
    match = _TIME.fullmatch(text)
    if match is None:
        raise PydanticCustomError("events.time-format", "a time has seconds and an offset")
    whole, fraction, offset = match.groups()
    micro = f".{fraction[:6]:0<6}" if fraction else ""
    try:
        found = datetime.fromisoformat(f"{whole.upper()}{micro}{offset.upper()}")
        return found.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise PydanticCustomError("events.no-such-time", "there is no such time") from error


def _time(text: str) -> str:
    moment(text)
    return text


def _uri(text: str) -> str:
    if len(text) > MAX_LENGTH:
        raise PydanticCustomError("events.too-long", "too long", {"maximum": MAX_LENGTH})
    if not _URI.fullmatch(text):
        raise PydanticCustomError("events.uri", "not a URI")
    return text


def _key(text: str) -> str:
    try:
        name = canonical(_uri(text))
    except Gs1Error as error:
        arguments: dict[str, Any] = {"of": error}
        raise PydanticCustomError("gs1", "not a GS1 key", arguments) from error
    if len(name) > MAX_LENGTH:
        raise PydanticCustomError("events.too-long", "too long", {"maximum": MAX_LENGTH})
    return text


def _extension(name: str) -> str:
    """The name of a field that EPCIS does not define: it belongs to a namespace."""
    if not _URI.fullmatch(name):
        raise PydanticCustomError("events.field-unknown", "no such field", {"name": name[:80]})
    return name


def _word(kind: str, foreign: re.Pattern[str] = _XML_WORD) -> AfterValidator:
    words = vocabulary.VOCABULARIES[kind].words

    def check(text: str) -> str:
        if text in words:
            return text
        if not _URI.fullmatch(text) or foreign.match(text):
            raise PydanticCustomError("events.word", "not a word", {"value": text[:120]})
        return _uri(text)

    return AfterValidator(check)


Text = Annotated[str, StringConstraints(max_length=4000, pattern=r"^[^\x00]*$")]
"""Any text that a database can keep."""
Time = Annotated[str, AfterValidator(_time)]
"""RFC 3339, with seconds and an offset."""
Offset = Annotated[str, StringConstraints(pattern=r"^[+-]((0[0-9]|1[0-3]):[0-5][0-9]|14:00)$")]
Uri = Annotated[str, AfterValidator(_uri)]
Key = Annotated[str, AfterValidator(_key)]
"""A URI that, where it claims to be a GS1 key, is a good one."""
ExtensionName = Annotated[str, AfterValidator(_extension)]
Number = Annotated[float, Field(allow_inf_nan=False)]
Amount = Annotated[float, Field(allow_inf_nan=False, ge=0, le=MAX_QUANTITY)]
Uom = Annotated[str, StringConstraints(pattern="^[A-Z0-9]{2,3}$")]
"""A code of UN/ECE Recommendation 20."""
HexBinary = Annotated[str, StringConstraints(pattern="^[A-Fa-f0-9]+$", max_length=100_000)]
BizStep = Annotated[str, _word("bizStep")]
Disposition = Annotated[str, _word("disposition")]
TransactionType = Annotated[str, _word("bizTransaction")]
SourceDestType = Annotated[str, _word("sourceDest")]
ErrorReason = Annotated[str, _word("errorReason")]
Component = Annotated[str, _word("component")]
Measurement = Annotated[str, _word("measurement", _GS1_WORD)]
Alert = Annotated[str, _word("alert", _GS1_WORD)]
