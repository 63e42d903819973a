"""The event hash ID of CBV 2.0 section 8.9: one name for an event, however it is spelt.

The pre-image lists the fields in a fixed order, with times in UTC to the millisecond, keys as
canonical Digital Links, words of the vocabulary as web addresses, lists sorted; then come the
fields of other namespaces, sorted.

>>> event = {
...     "type": "ObjectEvent", "eventTime": "2026-11-23T08:00:00+07:00",
...     "eventTimeZoneOffset": "+07:00", "action": "OBSERVE", "bizStep": "shipping",
...     "epcList": ["urn:epc:id:sgtin:952000.0123456.A7"], "vd:truck": "29C", "eventID": "x:1",
... }
>>> for part in pre_image(event, {"vd": "https://vidu.example/"}).partition("action"):
...     print(part)
eventType=ObjectEventeventTime=2026-11-23T01:00:00.000ZeventTimeZoneOffset=+07:00epcListepc=https://id.gs1.org/01/09520001234569/21/A7
action
=OBSERVEbizStep=https://ref.gs1.org/cbv/BizStep-shipping{https://vidu.example/}truck=29C

Who recorded the event and when, its own ID, and a declaration that it was in error are left out:
they are said about the event, not by it.
"""

import hashlib
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from gs1.errors import Gs1Error
from traceability.events import vocabulary
from traceability.events.event_fields import moment
from traceability.events.identifiers import whole_link
from traceability.events.vocabulary import MDA, NUMBERS, WITHOUT_PREFIX, XML_MDA

VERSION = "CBV2.0"
Namespaces = Mapping[str, str]

_DIGITS = re.compile(r"[0-9]{1,300}", re.ASCII)

_TIMES = frozenset({"eventTime", "time", "startTime", "endTime"})
_LEFT_OUT = frozenset({
    "@context", "type", "eventID", "recordTime", "errorDeclaration", "rdfs:comment",
})  # fmt: skip

# A field is a name, or a name with the fields below it. Lists of plain values name each value.
_METADATA = (
    "time", "startTime", "endTime", "deviceID", "deviceMetadata", "rawData",
    "dataProcessingMethod", "bizRules",
)  # fmt: skip
_REPORT = (
    "type", "exception", "deviceID", "deviceMetadata", "rawData", "dataProcessingMethod", "time",
    "microorganism", "chemicalSubstance", "value", "component", "stringValue", "booleanValue",
    "hexBinaryValue", "uriValue", "minValue", "maxValue", "meanValue", "sDev", "percRank",
    "percValue", "uom", "coordinateReferenceSystem",
)  # fmt: skip
_QUANTITY = ("epcClass", "quantity", "uom")
_ORDER = (
    "eventTime", "eventTimeZoneOffset", "certificationInfo", "epcList", "parentID",
    "inputEPCList", "childEPCs", "quantityList", "childQuantityList", "inputQuantityList",
    "outputEPCList", "outputQuantityList", "action", "transformationID", "bizStep", "disposition",
    "persistentDisposition", "readPoint", "bizLocation", "sensorElementList",
    "bizTransactionList", "destinationList", "sourceList",
)  # fmt: skip
_NAMED_EACH = {"epcList": "epc", "inputEPCList": "epc", "childEPCs": "epc", "outputEPCList": "epc"}
_BELOW: Mapping[str, tuple[str, ...]] = {
    "persistentDisposition": ("set", "unset"),
    "readPoint": ("id",),
    "bizLocation": ("id",),
    "sensorElementList": ("sensorMetadata", "sensorReport"),
    "sensorMetadata": _METADATA,
    "sensorReport": _REPORT,
    "quantityList": _QUANTITY,
    "childQuantityList": _QUANTITY,
    "inputQuantityList": _QUANTITY,
    "outputQuantityList": _QUANTITY,
    "bizTransactionList": ("type", "bizTransaction"),
    "destinationList": ("type", "destination"),
    "sourceList": ("type", "source"),
}
_ENTRY = {"sensorElementList": "sensorElement"} | {
    name: "quantityElement" for name in _BELOW if name.endswith("uantityList")
}
"""What stands before each entry of a list."""
_EACH_NAMED_AGAIN = frozenset({"sensorReport"})
_WORDS = {
    ("", "bizStep"): "bizStep",
    ("", "disposition"): "disposition",
    ("persistentDisposition", "set"): "disposition",
    ("persistentDisposition", "unset"): "disposition",
    ("bizTransactionList", "type"): "bizTransaction",
    ("sourceList", "type"): "sourceDest",
    ("destinationList", "type"): "sourceDest",
    ("sensorReport", "type"): "measurement",
    ("sensorReport", "exception"): "alert",
    ("sensorReport", "component"): "component",
}


def hash_id(event: Mapping[str, Any], names: Namespaces, ignored: Collection[str] = ()) -> str:
    """The event hash ID, as a URI of RFC 6920."""
    digest = hashlib.sha256(pre_image(event, names, ignored).encode()).hexdigest()
    return f"ni:///sha-256;{digest}?ver={VERSION}"


def pre_image(event: Mapping[str, Any], names: Namespaces, ignored: Collection[str] = ()) -> str:
    """The text that is hashed.

    Args:
        event: an event in the form of JSON-LD; a bad one has a text, too.
        names: the namespaces of its prefixes.
        ignored: fields of other namespaces that are not part of what happened.
    """
    parts = [f"eventType={event.get('type', '')}"]
    parts += [_field("", name, event[name], names) for name in _ORDER if name in event]
    parts += _rules_of_reports(event)
    for ilmd in filter(None, _mappings(event.get("ilmd"))):
        parts.append("ilmd" + "".join(sorted(_extensions(ilmd, names, ()))))
    parts += sorted(_extensions(event, names, ignored))
    return "".join(parts)


def _field(under: str, name: str, value: Any, names: Namespaces) -> str:
    """A standard field with all that is below it; nothing when it is empty."""
    if value in (None, "", [], {}):
        return ""
    if name in _NAMED_EACH:
        inner = f"{_NAMED_EACH[name]}="
        return name + "".join(sorted(inner + _plain("", name, each) for each in _listed(value)))
    if name not in _BELOW:
        return "".join(sorted(_leaf(under, name, each, names) for each in _listed(value)))
    entries = sorted(_entry(name, each, names) for each in _listed(value))
    if name in _EACH_NAMED_AGAIN:
        return "".join(name + entry for entry in entries)
    return name + "".join(_ENTRY.get(name, "") + entry for entry in entries)


def _leaf(under: str, name: str, value: Any, names: Namespaces) -> str:
    """A field without standard fields below it; certification may be written out."""
    if isinstance(value, Mapping):
        return name + "".join(sorted(_extensions(value, names, ())))
    return f"{name}={_plain(under, name, value)}"


def _entry(name: str, value: Any, names: Namespaces) -> str:
    if not isinstance(value, Mapping):
        return f"={_plain('', name, value)}"
    fields = "".join(_field(name, each, value.get(each), names) for each in _BELOW[name])
    return fields + "".join(sorted(_extensions(value, names, ())))


def _rules_of_reports(event: Mapping[str, Any]) -> Iterator[str]:
    """`bizRules` of a sensor report: the published hashes have it behind the standard fields."""
    for element in _mappings(event.get("sensorElementList")):
        for report in _mappings(element.get("sensorReport")):
            if report.get("bizRules"):
                told = _plain("sensorReport", "bizRules", report["bizRules"])
                yield f"sensorElementListsensorElementsensorReportbizRules={told}"


def _extensions(
    holder: Mapping[str, Any], names: Namespaces, ignored: Collection[str]
) -> Iterator[str]:
    """The fields of other namespaces, each with what is below it."""
    for name, value in holder.items():
        whole = WITHOUT_PREFIX.get(name, name)
        if ":" in whole and name not in _LEFT_OUT and name not in ignored:
            yield from _extension(_expanded(whole, names), value, names)


def _extension(name: str, value: Any, names: Namespaces) -> Iterator[str]:
    if isinstance(value, list):
        for each in value:
            yield from _extension(name, each, names)
    elif isinstance(value, Mapping):
        below: list[str] = []
        for inner, each in value.items():
            if inner == "#text":
                below.append(f"={_plain('', '', each)}")
            elif inner != "@context":
                below.extend(_extension(_expanded(inner, names), each, names))
        yield name + "".join(sorted(below))
    elif value is not None:
        yield f"{name}={_plain('', '', value)}"


def _expanded(name: str, names: Namespaces) -> str:
    prefix, colon, local = name.partition(":")
    if not colon or prefix not in names:
        return name
    # One event, one hash: the published ones have the namespace that XML has.
    space = XML_MDA if names[prefix] == MDA else names[prefix]
    return f"{{{space}}}{local}"


def _listed(value: Any) -> Iterable[Any]:
    return value if isinstance(value, list) else [value]


def _mappings(value: Any) -> Iterator[Mapping[str, Any]]:
    """What has fields, of one value or several: what is hashed need not be a good event."""
    return (each for each in _listed(value) if isinstance(each, Mapping))


def _plain(under: str, name: str, value: Any) -> str:
    """A value in its one spelling."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float, Decimal)) or name in NUMBERS:
        return number_text(value)
    text = str(value).strip()
    if name == "stringValue" and _DIGITS.fullmatch(text):
        # The published hashes take it for a number, of the precision that a double has.
        return number_text(Decimal(float(text)))
    if name in _TIMES:
        return _time(text)
    kind = _WORDS.get((under, name))
    if kind is not None:
        return vocabulary.address(kind, text)
    try:
        return whole_link(text)
    except Gs1Error:
        return text


def number_text(value: Any) -> str:
    """Without zeros that say nothing: 26.0 is 26."""
    try:
        exact = Decimal(str(value))
    except InvalidOperation:
        return str(value)
    text = format(exact, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _time(text: str) -> str:
    try:
        rounded = moment(text) + timedelta(microseconds=500)
    except ValueError:
        return text
    return f"{rounded:%Y-%m-%dT%H:%M:%S}.{rounded.microsecond // 1000:03d}Z"
