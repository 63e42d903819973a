"""The rules between fields of an event, which no schema of a single field can tell.

They read what was sent, whatever it is: the faults of fields and of their relations are told
together. Clauses are those of EPCIS 2.0, requirements (TCR, M) those of GS1's conformance tests.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from gs1.errors import Gs1Error
from traceability.events.event_fields import moment
from traceability.events.identifiers import canonical

AHEAD = timedelta(hours=24)
"""How far ahead of ours a clock may run: a day covers a wrong time zone, never a planned event."""

MAX_DEPTH = 20
"""Levels of objects and lists inside an event."""

Event = Mapping[str, Any]


class Broken(NamedTuple):
    """A rule that is broken: where in the event, and which."""

    path: tuple[str | int, ...]
    code: str
    arguments: Mapping[str, Any] = {}


def broken(event: Event, now: datetime) -> Iterator[Broken]:
    """Every broken rule of one event."""
    yield from _time(event, now)
    if is_deeper(event, MAX_DEPTH):
        yield Broken((), "events.depth", {"maximum": MAX_DEPTH})
    for name, value in event.items():
        if value is None:
            yield Broken((name,), "events.null")
    check = _OF_TYPE.get(str(event.get("type")))
    if check is not None:
        yield from check(event)
    yield from _sensors(event)


def _time(event: Event, now: datetime) -> Iterator[Broken]:
    """What happened, or was said of it, is not still to come."""
    said: list[tuple[tuple[str | int, ...], Any]] = [(("eventTime",), event.get("eventTime"))]
    declaration = event.get("errorDeclaration")
    if isinstance(declaration, Mapping):
        said.append((("errorDeclaration", "declarationTime"), declaration.get("declarationTime")))
    for path, text in said:
        try:
            at = moment(str(text))
        except ValueError:
            continue  # the schema tells of its format
        if at > now + AHEAD:
            hours = int(AHEAD.total_seconds() // 3600)
            yield Broken(path, "events.future", {"hours": hours})


def is_deeper(value: Any, most: int) -> bool:
    """Whether objects and lists are nested in more levels than that.

    >>> is_deeper([{}], 1), is_deeper([{}], 2)
    (True, False)
    """
    here = [value]
    for _ in range(most):
        inside = (each.values() if isinstance(each, Mapping) else each for each in here)
        here = [each for values in inside for each in values if isinstance(each, (dict, list))]
    return bool(here)


def _has(event: Event, *names: str) -> bool:
    return any(event.get(name) for name in names)


def _object(event: Event) -> Iterator[Broken]:
    """7.4.2: an epcList (it may be empty), a quantityList, or sensor data of a place."""
    sensed = _has(event, "sensorElementList") and _has(event, "readPoint", "bizLocation")
    if "epcList" not in event and not _has(event, "quantityList") and not sensed:
        yield Broken((), "events.nothing-observed")
    if "ilmd" in event and event.get("action") in ("OBSERVE", "DELETE"):
        yield Broken(("ilmd",), "events.ilmd-only-add")


def _containing(event: Event) -> Iterator[Broken]:
    """7.4.3 and 7.4.6 (TCR-54): who adds or removes names the parent, who adds names children."""
    action = event.get("action")
    if action in ("ADD", "DELETE") and not event.get("parentID"):
        yield Broken(("parentID",), "events.parent-missing", {"action": action})
    if action in ("ADD", "OBSERVE") and not _has(event, "childEPCs", "childQuantityList"):
        yield Broken((), "events.children-missing", {"action": action})
    children = event.get("childEPCs")
    if isinstance(children, list) and _names_itself(event.get("parentID"), children):
        yield Broken(("childEPCs",), "events.own-parent")


def _names_itself(parent: Any, children: list[Any]) -> bool:
    """A child that is its own container; told of canonical names, whatever their spelling."""
    try:
        named = {canonical(child) for child in children if isinstance(child, str)}
        return isinstance(parent, str) and canonical(parent) in named
    except Gs1Error:
        return False  # told by the schema


def _transaction(event: Event) -> Iterator[Broken]:
    """7.4.4: goods, unless all of them leave the transaction."""
    goods = "epcList" in event or _has(event, "quantityList")
    if event.get("action") in ("ADD", "OBSERVE") and not goods:
        yield Broken((), "events.nothing-observed")


def _transformation(event: Event) -> Iterator[Broken]:
    """7.4.5: inputs and outputs, or one of them and the transformation that they belong to."""
    inputs = _has(event, "inputEPCList", "inputQuantityList")
    outputs = _has(event, "outputEPCList", "outputQuantityList")
    needed = (inputs or outputs) if event.get("transformationID") else (inputs and outputs)
    if not needed:
        yield Broken((), "events.transformation-incomplete")


_OF_TYPE = {
    "ObjectEvent": _object,
    "AggregationEvent": _containing,
    "AssociationEvent": _containing,
    "TransactionEvent": _transaction,
    "TransformationEvent": _transformation,
}

_IN_ONE_PLACE = ("deviceID", "deviceMetadata", "rawData", "dataProcessingMethod", "bizRules")


def _sensors(event: Event) -> Iterator[Broken]:
    """7.3.7: a report says what is measured, and (TCR-53.29) does not contradict the metadata."""
    elements = event.get("sensorElementList")
    for place, element in enumerate(elements if isinstance(elements, list) else ()):
        if not isinstance(element, Mapping):
            continue
        metadata, reports = element.get("sensorMetadata"), element.get("sensorReport")
        for number, report in enumerate(reports if isinstance(reports, list) else ()):
            path = ("sensorElementList", place, "sensorReport", number)
            if isinstance(report, Mapping) and not _has(report, "type", "exception"):
                yield Broken((*path, "type"), "events.field-missing")
            if isinstance(metadata, Mapping):
                yield from _said_twice(metadata, report, path)


def _said_twice(
    metadata: Mapping[str, Any], report: Any, path: tuple[str | int, ...]
) -> Iterator[Broken]:
    for name in _IN_ONE_PLACE:
        other = isinstance(report, Mapping) and name in report and report[name]
        if other and name in metadata and other != metadata[name]:
            yield Broken((*path, name), "events.sensor-repeated", {"name": name})
