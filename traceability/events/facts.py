"""What is kept of an event beside its text: what it is asked for by, and what tracing reads.

>>> from traceability.events.documents import ReadEvent
>>> found = facts_of(ReadEvent({
...     "type": "ObjectEvent", "eventTime": "2026-11-23T08:00:00+07:00",
...     "eventTimeZoneOffset": "+07:00", "action": "ADD",
...     "bizStep": "https://ref.gs1.org/cbv/BizStep-commissioning",
...     "epcList": ["urn:epc:id:sgtin:952000.0123456.A7"],
...     "bizTransactionList": [{"type": "po", "bizTransaction": "urn:vd:7"}],
... }))
>>> found.epcs[0].key, found.biz_step, sorted(found.values)
('https://id.gs1.org/01/09520001234569/21/A7', 'commissioning', [('bizTransaction_po', 'urn:vd:7')])
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

import orjson

from gs1.errors import Gs1Error
from traceability.events import hashing
from traceability.events.documents import ReadEvent
from traceability.events.event_fields import moment
from traceability.events.event_ids import event_id
from traceability.events.identifiers import canonical, gln_of
from traceability.events.models import EpcRole
from traceability.events.namespaces import prefixes
from traceability.events.vocabulary import bare

_LISTS = {
    "epcList": EpcRole.EPC,
    "childEPCs": EpcRole.CHILD,
    "inputEPCList": EpcRole.INPUT,
    "outputEPCList": EpcRole.OUTPUT,
}
_QUANTITIES = {
    "quantityList": EpcRole.EPC,
    "childQuantityList": EpcRole.CHILD,
    "inputQuantityList": EpcRole.INPUT,
    "outputQuantityList": EpcRole.OUTPUT,
}
PARTY = "party"
"""Name under which the GLNs of those are kept whom an event concerns."""
_SENSOR_URIS = ("deviceID", "dataProcessingMethod", "bizRules", "microorganism",
                "chemicalSubstance", "uriValue")  # fmt: skip
_SENSOR_TEXTS = ("stringValue", "hexBinaryValue", "booleanValue")
_LONGEST = 400


class Epc(NamedTuple):
    """One thing that an event names."""

    key: str
    role: EpcRole
    by_class: bool = False
    quantity: Decimal | None = None
    uom: str | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    event_id: str
    hash: str
    type: str
    action: str | None
    event_time: datetime
    biz_step: str | None
    disposition: str | None
    read_point: str | None
    biz_location: str | None
    error_time: datetime | None
    epcs: tuple[Epc, ...]
    values: frozenset[tuple[str, str]]
    body: str
    index: int
    path: tuple[str | int, ...]


def facts_of(read: ReadEvent, ignored: frozenset[str] = frozenset()) -> Facts:
    """The facts of an event that has passed every check."""
    event = read.body
    hash_id = hashing.hash_id(event, prefixes(read.context), ignored)
    declaration = event.get("errorDeclaration")
    return Facts(
        event_id=event_id(event.get("eventID") or hash_id),
        hash=hash_id.partition(";")[2].partition("?")[0],
        type=event["type"],
        action=event.get("action"),
        event_time=moment(event["eventTime"]),
        biz_step=_word("bizStep", event.get("bizStep")),
        disposition=_word("disposition", event.get("disposition")),
        read_point=_place(event.get("readPoint")),
        biz_location=_place(event.get("bizLocation")),
        error_time=moment(declaration["declarationTime"]) if declaration else None,
        epcs=_epcs(event),
        values=frozenset(_values(event)),
        body=_text(read),
        index=read.index,
        path=read.path,
    )


def _word(kind: str, text: str | None) -> str | None:
    return bare(kind, text) if text else None


def _place(place: Mapping[str, Any] | None) -> str | None:
    return canonical(place["id"]) if place else None


def _epcs(event: Mapping[str, Any]) -> tuple[Epc, ...]:
    """Everything named, once in each of its roles."""
    found: dict[tuple[str, EpcRole, bool], Epc] = {}
    for text, role in texts_of(event):
        _add(found, Epc(canonical(text), role))
    for name, role in _QUANTITIES.items():
        for element in event.get(name) or ():
            _add(found, _of_class(element, role))
    return tuple(found.values())


def texts_of(event: Mapping[str, Any]) -> Iterator[tuple[str, EpcRole]]:
    """The instances as they were sent, in their roles."""
    if parent := event.get("parentID"):
        yield parent, EpcRole.PARENT
    for name, role in _LISTS.items():
        for text in event.get(name) or ():
            yield text, role


def _add(found: dict[tuple[str, EpcRole, bool], Epc], epc: Epc) -> None:
    """Two quantities of one class in one unit are their sum; in two units, unknown."""
    place = (epc.key, epc.role, epc.by_class)
    before = found.get(place)
    if before is None:
        found[place] = epc
    elif before.quantity is None or epc.quantity is None or before.uom != epc.uom:
        found[place] = epc._replace(quantity=None, uom=None)
    else:
        found[place] = epc._replace(quantity=before.quantity + epc.quantity)


def _of_class(element: Mapping[str, Any], role: EpcRole) -> Epc:
    quantity = element.get("quantity")
    exact = None if quantity is None else round(Decimal(str(quantity)), 6)
    return Epc(canonical(element["epcClass"]), role, True, exact, element.get("uom"))


def _values(event: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for each in event.get("bizTransactionList") or ():
        kind = bare("bizTransaction", each.get("type") or "")
        yield _kept(f"bizTransaction_{kind}", canonical(each["bizTransaction"]))
    for side in ("source", "destination"):
        for each in event.get(f"{side}List") or ():
            name = canonical(each[side])
            yield _kept(f"{side}_{bare('sourceDest', each['type'])}", name)
            yield from _party(name)
    for place in ("readPoint", "bizLocation"):
        if event.get(place):
            yield from _party(canonical(event[place]["id"]))
    if event.get("transformationID"):
        yield _kept("transformationID", canonical(event["transformationID"]))
    for name, words in (event.get("persistentDisposition") or {}).items():
        for word in words:
            yield _kept(f"persistentDisposition_{name}", bare("disposition", word))
    yield from _error(event.get("errorDeclaration") or {})
    yield from _sensors(event.get("sensorElementList") or ())


def _party(identifier: str) -> Iterator[tuple[str, str]]:
    gln = gln_of(identifier)
    if gln is not None:
        yield PARTY, gln


def _error(declaration: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if declaration.get("reason"):
        yield _kept("errorReason", bare("errorReason", declaration["reason"]))
    for corrective in declaration.get("correctiveEventIDs") or ():
        yield _kept("correctiveEventID", event_id(corrective))


def _sensors(elements: Any) -> Iterator[tuple[str, str]]:
    """What sensor data are asked for by; the first mark says that there are any."""
    for element in elements:
        yield "sensorElementList", ""
        metadata = element.get("sensorMetadata") or {}
        for part in (metadata, *(element.get("sensorReport") or ())):
            if part.get("type"):
                yield _kept("type", bare("measurement", part["type"]))
            for name in _SENSOR_URIS:
                if part.get(name):
                    yield _kept(name, _named(part[name]))
            for name in _SENSOR_TEXTS:
                if name in part:
                    value = part[name]
                    text = str(value).lower() if isinstance(value, bool) else str(value)
                    yield _kept(name, text)


def _named(uri: str) -> str:
    """The one name of what a sensor tells of: no key of goods, and no fault of the event."""
    try:
        return canonical(uri)
    except Gs1Error:
        return uri


def _kept(name: str, value: str) -> tuple[str, str]:
    """Bounded: a longer value is not asked for by its whole."""
    return name[:_LONGEST], value[:_LONGEST]


def _text(read: ReadEvent) -> str:
    """The event as it was sent, with all of its context, so that it stands alone."""
    body = {name: value for name, value in read.body.items() if name not in _OURS}
    if read.context:
        body = {"@context": list(read.context), **body}
    return orjson.dumps(body).decode()


_OURS = frozenset({"@context", "recordTime"})
