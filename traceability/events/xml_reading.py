"""Reading EPCIS documents in XML: 2.0, and 1.2 as it came before.

    EPCISDocument            EPCISHeader (master data), EPCISBody/EventList
    EPCISQueryDocument       EPCISBody/QueryResults/resultsBody/EventList
    EPCISMasterDataDocument  EPCISBody/VocabularyList
    ObjectEvent …            one event alone

>>> read_xml(b'<ObjectEvent><eventTime>2026-11-23T08:00:00+07:00</eventTime></ObjectEvent>'
...          ).events[0].body
{'type': 'ObjectEvent', 'eventTime': '2026-11-23T08:00:00+07:00'}
"""

from collections.abc import Iterator
from typing import Any

from traceability.events.documents import Document, Json, ReadEvent, time_fault
from traceability.events.faults import EventFault, pointer, refusal
from traceability.events.namespaces import prefixes
from traceability.events.vocabulary import EVENT_TYPES
from traceability.events.xml_events import Reader, misplaced
from traceability.events.xml_parsing import (
    Element,
    child,
    children,
    foreign,
    local,
    namespace,
    parse,
    text,
)

_NEEDED = ("schemaVersion", "creationDate")
_EVENTS = frozenset({*EVENT_TYPES, "QuantityEvent"})
_DOCUMENTS = {
    "EPCISDocument": "urn:epcglobal:epcis:xsd:",
    "EPCISQueryDocument": "urn:epcglobal:epcis-query:xsd:",
    "EPCISMasterDataDocument": "urn:epcglobal:epcis-masterdata:xsd:",
}
"""Roots, and how the namespace of each begins; a version follows."""


def read_xml(data: bytes) -> Document:
    """The events and master data of a document.

    Raises:
        EventsInvalidError: it cannot be read.
    """
    root = parse(data)
    if is_event(root):
        return Document([event_of(root, 0, ())])
    faults = root_faults(root)
    events = [
        event_of(element, index, ("epcisBody", "eventList", index))
        for index, element in enumerate(_event_elements(root))
    ]
    master_data = list(_vocabularies(root))
    if not events and not master_data and _list_of_events(root) is None:
        faults.append(EventFault("/epcisBody/eventList", "events.field-missing"))
    ignored = next((ignored_by(each) for each in root if says_ignored(each)), frozenset())
    return Document(events, master_data, ignored, faults)


def root_faults(root: Element) -> list[EventFault]:
    """What is wrong with the root of a document.

    Raises:
        EventsInvalidError: `events.document-type`.
    """
    start = _DOCUMENTS.get(local(root))
    if start is None or namespace(root) not in (f"{start}1", f"{start}2"):
        raise refusal("events.document-type", "/type")
    # The results of a query are also passed on without the date on which they were written.
    needed = ["schemaVersion"] if local(root) == "EPCISQueryDocument" else list(_NEEDED)
    faults = [EventFault(f"/{n}", "events.field-missing") for n in needed if not root.get(n)]
    created = root.get("creationDate", "").strip()
    if created and (code := _date_fault(created)):
        faults.append(EventFault("/creationDate", code))
    version = root.get("schemaVersion", "2.0")
    if version.partition(".")[0] not in ("1", "2"):
        faults.append(EventFault("/schemaVersion", "events.version", {"value": version[:20]}))
    if child(root, "EPCISBody") is None:
        faults.append(EventFault("/epcisBody", "events.field-missing"))
    return faults


def _date_fault(created: str) -> str | None:
    """As `time_fault`; the type of this one is xsd:dateTime, whose offset may be missing."""
    code = time_fault(created)
    return time_fault(f"{created}Z") if code == "events.time-format" else code


def _list_of_events(root: Element) -> Element | None:
    body = child(root, "EPCISBody")
    found = child(body, "EventList")
    return found if found is not None else child(body, "QueryResults", "resultsBody", "EventList")


def _event_elements(root: Element) -> Iterator[Element]:
    """The events, also those that EPCIS 1.x wraps in `extension`."""
    events = _list_of_events(root)
    for element in events if events is not None else ():
        while local(element) == "extension" and len(element) and not foreign(element):
            element = element[0]
        yield element


def says_ignored(element: Element) -> bool:
    """Whether an element of a document names the fields that it sets aside."""
    return local(element) == "ignoreFields" and bool(foreign(element))


def ignored_by(element: Element) -> frozenset[str]:
    """The names of those fields: an element each."""
    return frozenset(Reader().name_of(each) for each in element)


def is_event(element: Element) -> bool:
    """Whether an element is an event of EPCIS, and not a field of that name."""
    return local(element) in _EVENTS and not foreign(element)


def event_of(element: Element, index: int, path: tuple[str | int, ...]) -> ReadEvent:
    """One event, with the namespaces of its fields as its context."""
    reader = Reader()
    body = reader.event(element)
    # What GS1's own context says already is left out.
    spaces = dict(reader.namespaces.items() - prefixes(()).items())
    context = (spaces,) if spaces else ()
    return ReadEvent(body, context, path, index, _out_of_place(element, index, path))


def _out_of_place(
    element: Element, index: int, path: tuple[str | int, ...]
) -> tuple[EventFault, ...]:
    """What the XSD says of the order; results of queries are read in any."""
    root = element.getroottree().getroot()
    name = misplaced(element) if local(root) == "EPCISDocument" else None
    return (EventFault(pointer((*path, name)), "events.order", {}, index),) if name else ()


def _vocabularies(root: Element) -> Iterator[Json]:
    """The vocabularies of a header or of a document of master data."""
    header = child(root, "EPCISHeader")
    for place in (
        child(header, "extension", "EPCISMasterData", "VocabularyList"),
        child(header, "EPCISMasterData", "VocabularyList"),
        child(root, "EPCISBody", "VocabularyList"),
        child(root, "EPCISBody", "QueryResults", "resultsBody", "VocabularyList"),
    ):
        for vocabulary in children(place, "Vocabulary") if place is not None else ():
            yield vocabulary_of(vocabulary)


def vocabulary_of(vocabulary: Element) -> Json:
    """One vocabulary, as JSON has it."""
    elements = child(vocabulary, "VocabularyElementList")
    return {
        "type": vocabulary.get("type", ""),
        "vocabularyElementList": [
            _element(element) for element in (elements if elements is not None else ())
        ],
    }


def _element(element: Element) -> Json:
    if not element.get("id"):
        raise refusal("events.field-missing", "/epcisHeader/epcisMasterData", value="id")
    inside = child(element, "children")
    found: dict[str, Any] = {
        "id": element.get("id", ""),
        "attributes": [
            {"id": each.get("id", ""), "attribute": Reader().value(each) if len(each) else
             text(each)}
            for each in children(element, "attribute")
        ],
    }  # fmt: skip
    if inside is not None:
        found["children"] = [text(each) for each in inside]
    return found
