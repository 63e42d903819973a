"""Reading EPCIS documents in JSON-LD: which events they hold, and under which names.

A document's `@context` says what its prefixes stand for. Contexts are read where they are written
out; an address in one is kept and never fetched.

>>> event = b'{"@context": {"vd": "https://vidu.example/"}, "type": "ObjectEvent"}'
>>> read_json(event).events[0].context
({'vd': 'https://vidu.example/'},)
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from pydantic_core import PydanticCustomError

from traceability.events.event_fields import moment
from traceability.events.faults import EventFault, EventsInvalidError, pointer, refusal
from traceability.events.namespaces import undeclared
from traceability.events.rules import is_deeper
from traceability.events.vocabulary import EVENT_TYPES

CONTEXT = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"
"""GS1's own context, which names every standard field."""

_OWN_CONTEXTS = frozenset({
    CONTEXT, "https://ref.gs1.org/standards/epcis/epcis-context.jsonld",
    "https://gs1.github.io/EPCIS/epcis-context.jsonld",
})  # fmt: skip
_FIELDS = frozenset({
    "@context", "id", "type", "schemaVersion", "creationDate", "instanceIdentifier", "sender",
    "receiver", "epcisHeader", "epcisBody",
})  # fmt: skip
_NEEDED = {
    "EPCISDocument": ("@context", "schemaVersion", "creationDate", "epcisBody"),
    "EPCISQueryDocument": ("@context", "epcisBody"),
}
"""Kinds of documents that hold events, and the fields that each must have."""
MAX_CONTEXTS = 50
MAX_DEPTH = 64
"""Levels of objects and lists in all that is read; inside an event `rules` allows fewer."""
MARK = b"\xef\xbb\xbf"
"""The byte order mark that some programs set before UTF-8."""

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ReadEvent:
    """One event of a document, not yet checked."""

    body: Json
    context: Sequence[Any] = ()
    """What the document and the event say beyond GS1's own context."""
    path: tuple[str | int, ...] = ()
    """Where it stands in the document."""
    index: int = 0
    faults: tuple[EventFault, ...] = ()
    """What was wrong with its form alone; of what is no event at all, `body` is empty."""


@dataclass(frozen=True, slots=True)
class Document:
    """What was captured: events, master data, or both."""

    events: Sequence[ReadEvent]
    master_data: Sequence[Json] = ()
    """Vocabularies: `type`, and `vocabularyElementList`."""
    ignored: frozenset[str] = field(default_factory=frozenset)
    """Fields that the document says are no part of what happened."""
    faults: Sequence[EventFault] = ()
    """What is wrong with the document around its events: nothing of it is kept then."""


def read_json(data: bytes) -> Document:
    """The events of an EPCIS document, or the one event, in JSON-LD; none of them is checked yet.

    Raises:
        EventsInvalidError: it cannot be read: as `load`, or `events.document-type`.
    """
    found = load(data)
    if found.get("type") in EVENT_TYPES:
        return _single(found)
    return read_frame(found)


def load(data: bytes) -> Json:
    """A JSON object.

    Raises:
        EventsInvalidError: `events.json` (position), `events.depth` (maximum) or
            `events.json-object`.
    """
    text = data.removeprefix(MARK)
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise unreadable(error, byte_of(error, text) + len(data) - len(text)) from error
    if not isinstance(found, dict):
        raise refusal("events.json-object")
    if is_deeper(found, MAX_DEPTH):
        raise refusal("events.depth", maximum=MAX_DEPTH)
    return found


def unreadable(error: orjson.JSONDecodeError, position: int) -> EventsInvalidError:
    """Why something is not read as JSON; its position is in bytes of what was sent, from 0."""
    if "depth limit" in error.msg:
        return refusal("events.depth", maximum=MAX_DEPTH)
    return refusal("events.json", position=position)


def byte_of(error: orjson.JSONDecodeError, data: bytes) -> int:
    """Where in its bytes a text stops to be JSON; the reader counts characters.

    >>> try:
    ...     orjson.loads(text := '["ồ", x]')
    ... except orjson.JSONDecodeError as error:
    ...     error.pos, byte_of(error, text.encode())
    (6, 8)
    """
    try:
        return len(data.decode()[: error.pos].encode())
    except UnicodeDecodeError as bad:
        return bad.start


def read_event(data: bytes) -> ReadEvent:
    """A single event, which brings its context with it.

    Raises:
        EventsInvalidError: it is no event.
    """
    found = load(data)
    if found.get("type") not in EVENT_TYPES:
        arguments = {"choices": ", ".join(EVENT_TYPES)}
        raise refusal("events.event-type", "/type", **arguments)
    return _single(found).events[0]


def _single(found: Json) -> Document:
    faults = [EventFault("/@context", "events.field-missing", {}, 0)]
    if "@context" in found:
        faults = _context_faults(found["@context"])
    return Document([ReadEvent(found, beyond(found.get("@context")), faults=tuple(faults))])


def read_frame(found: Json) -> Document:
    """A document with the events that are in it; those of a big one are read apart (`streams`).

    Raises:
        EventsInvalidError: `events.document-type`.
    """
    needed = _NEEDED.get(str(found.get("type")))
    if needed is None:
        raise refusal("events.document-type", "/type")
    faults = _document_faults(found, needed)
    place, events = _events_of(found)
    vocabularies, header_faults = _vocabularies(found)
    faults += header_faults
    if events is None and vocabularies:
        events = []
    if not isinstance(events, list):
        code = "events.field-missing" if events is None else "events.type"
        faults.append(EventFault(pointer(place), code))
    shared = beyond(found.get("@context"))
    read = [
        entry(each, shared, place, index)
        for index, each in enumerate(events if isinstance(events, list) else ())
    ]
    good = () if header_faults else vocabularies
    return Document(read, good, ignored_fields(found), faults)


def entry(found: Any, shared: Sequence[Any], place: tuple[str, ...], index: int) -> ReadEvent:
    """An entry of a list of events; one that is no object is an event with that fault alone."""
    path: tuple[str | int, ...] = (*place, index)
    if isinstance(found, dict):
        return ReadEvent(found, (*shared, *beyond(found.get("@context"))), path, index)
    fault = EventFault(pointer(path), "events.type", {}, index)
    return ReadEvent({}, (), path, index, (fault,))


def _events_of(found: Json) -> tuple[tuple[str, ...], Any]:
    """Where the list of events stands, and what is there."""
    path: tuple[str, ...] = ("epcisBody", "eventList")
    if found.get("type") == "EPCISQueryDocument":
        path = ("epcisBody", "queryResults", "resultsBody", "eventList")
    here: Any = found
    for name in path:
        here = here.get(name) if isinstance(here, dict) else None
    return path, here


def _document_faults(found: Json, needed: Sequence[str]) -> list[EventFault]:
    faults = [
        EventFault(pointer((name,)), "events.field-missing") for name in needed if name not in found
    ]
    faults += [
        EventFault(pointer((name,)), "events.field-unknown", {"value": name[:80]})
        for name in found
        if name not in _FIELDS and ":" not in name
    ]
    faults += _context_faults(found.get("@context", CONTEXT))
    own = {name: value for name, value in found.items() if name not in _FIELDS}
    faults += [prefix_fault(path) for path in undeclared(own, beyond(found.get("@context")))]
    version = found.get("schemaVersion", "2.0")
    if not isinstance(version, str) or not version.startswith("2."):
        faults.append(EventFault("/schemaVersion", "events.version", {"value": str(version)[:20]}))
    if "creationDate" in found and (code := time_fault(found["creationDate"])):
        faults.append(EventFault("/creationDate", code))
    return faults


def prefix_fault(path: tuple[str | int, ...], event: int | None = None) -> EventFault:
    """The fault of a name whose prefix is not declared."""
    prefix = str(path[-1]).partition(":")[0]
    return EventFault(pointer(path), "events.prefix-undeclared", {"value": prefix[:80]}, event)


def time_fault(value: Any) -> str | None:
    """The code of what is wrong with a time; None for one with seconds and an offset.

    >>> time_fault("2026-02-30T08:00:00Z"), time_fault("2026-11-23T08:00:00Z")
    ('events.no-such-time', None)
    """
    try:
        moment(value if isinstance(value, str) else "")
    except PydanticCustomError as error:
        return error.type
    return None


def _vocabularies(found: Json) -> tuple[list[Json], list[EventFault]]:
    """The master data of a header."""
    header = found.get("epcisHeader", {})
    if not isinstance(header, dict):
        return [], [EventFault("/epcisHeader", "events.type")]
    master = header.get("epcisMasterData", {})
    listed = master.get("vocabularyList", []) if isinstance(master, dict) else None
    place = ("epcisHeader", "epcisMasterData", "vocabularyList")
    if not isinstance(listed, list):
        return [], [EventFault(pointer(place), "events.type")]
    faults = []
    for index, each in enumerate(listed):
        elements = each.get("vocabularyElementList", []) if isinstance(each, dict) else None
        if not isinstance(elements, list) or not _is_name(each.get("type")):
            faults.append(EventFault(pointer((*place, index)), "events.type"))
            continue
        for number, element in enumerate(elements):
            here = (*place, index, "vocabularyElementList", number)
            faults += [EventFault(pointer((*here, name)), code)
                       for name, code in _element_faults(element)]  # fmt: skip
    return listed, faults


def _element_faults(element: Any) -> Iterator[tuple[str, str]]:
    """What is wrong with an element of a vocabulary: the field, and how."""
    if not isinstance(element, dict) or not _is_name(element.get("id")):
        yield "id", "events.field-missing"
        return
    attributes, children = element.get("attributes"), element.get("children")
    for name, value, good in (
        ("attributes", attributes, lambda each: isinstance(each, dict)),
        ("children", children, _is_name),
    ):
        if value is not None and not (isinstance(value, list) and all(map(good, value))):
            yield name, "events.type"


def _is_name(value: Any) -> bool:
    """A text that a database can keep."""
    return isinstance(value, str) and "\0" not in value


def ignored_fields(found: Json) -> frozenset[str]:
    """Fields of events that a document's own `…:ignoreFields` sets aside."""
    named = [value for name, value in found.items() if name.endswith(":ignoreFields")]
    listed = named[0] if named and isinstance(named[0], list) else []
    return frozenset(name for name in listed if isinstance(name, str))


def _context_faults(context: Any) -> list[EventFault]:
    entries = context if isinstance(context, list) else [context]
    good = bool(entries) and len(entries) <= MAX_CONTEXTS
    if not good or not all(isinstance(entry, (dict, str)) for entry in entries):
        return [EventFault("/@context", "events.context")]
    return [
        EventFault("/@context", "events.uri")
        for entry in entries
        if isinstance(entry, str) and ":" not in entry
    ]


def beyond(context: Any) -> tuple[Any, ...]:
    """The parts of a context that are not GS1's own."""
    if context is None:
        return ()
    entries = context if isinstance(context, list) else [context]
    return tuple(
        entry for entry in entries if not (isinstance(entry, str) and entry in _OWN_CONTEXTS)
    )
