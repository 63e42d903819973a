"""A big XML document, event by event; what was read is dropped from memory.

>>> import io
>>> stream = XmlStream(io.BytesIO(
...     b'<e:EPCISDocument xmlns:e="urn:epcglobal:epcis:xsd:2" schemaVersion="2.0" '
...     b'creationDate="2026-11-23T00:00:00Z"><EPCISBody><EventList>'
...     b'<ObjectEvent><action>ADD</action></ObjectEvent></EventList></EPCISBody>'
...     b'</e:EPCISDocument>'))
>>> [read.body for read in stream]
[{'type': 'ObjectEvent', 'action': 'ADD'}]
"""

from collections.abc import Iterator
from typing import Any, BinaryIO

from lxml import etree

from traceability.events.documents import Json, ReadEvent
from traceability.events.faults import EventFault, refusal
from traceability.events.xml_parsing import (
    SAFELY,
    Element,
    Transcoder,
    check_declaration,
    foreign,
    local,
    namespace,
)
from traceability.events.xml_reading import (
    event_of,
    ignored_by,
    is_event,
    root_faults,
    says_ignored,
    vocabulary_of,
)

MAX_ELEMENTS = 200_000
"""Elements of one event, or of one vocabulary: all of them are in memory at once."""


class XmlStream:
    """The events of a document; afterwards `master_data` is what its vocabularies say.

    And `faults` is what is wrong around the events.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._transcoder = Transcoder()
        self._head: list[bytes] | None = []
        """What was read before the root was known."""
        self._root: Element | None = None
        self._held = 0
        """Elements that were begun since some were dropped."""
        self.master_data: list[Json] = []
        self.ignored: frozenset[str] = frozenset()
        """Fields that the document has said before its events to be no part of what happened."""
        self.faults: list[EventFault] = []
        """What is wrong with the document around its events."""

    def __iter__(self) -> Iterator[ReadEvent]:
        number, wrapped = 0, False
        try:
            for element in self._elements():
                listed = _is_list(element.getparent())
                # What the list holds that is no event is told as one of an unknown kind.
                if (is_event(element) and _in_list(element)) or (listed and not wrapped):
                    yield event_of(element, number, ("epcisBody", "eventList", number))
                    number, wrapped = number + 1, not listed
                elif listed:
                    wrapped = False
                elif local(element) == "Vocabulary":
                    self.master_data.append(vocabulary_of(element))
                elif says_ignored(element) and element.getparent() is self._root:
                    self.ignored = ignored_by(element)
                else:
                    continue
                self._held = 0
                _forget(element)
        except etree.XMLSyntaxError as error:
            raise refusal("events.xml", line=error.lineno or 0) from error

    def _elements(self) -> Iterator[Element]:
        """Every element whose end was read, after the root was found to be good."""
        for happened, element in self._parse():
            if self._root is None:
                self._root = element
                check_declaration(b"".join(self._head or ()))
                self._head = None
                _check_name(element)
            if happened == "end":
                yield element
                continue
            self._held += 1
            if self._held > MAX_ELEMENTS:
                raise refusal("events.too-many", maximum=MAX_ELEMENTS)
        if self._root is not None:
            self.faults = root_faults(self._root)

    def read(self, size: int) -> bytes:
        """The next bytes for the parser."""
        data = b""
        while not data and (piece := self._file.read(size)):
            data = self._transcoder.utf8(piece)
        if self._head is not None:
            self._head.append(data)
        return data

    def _parse(self) -> Iterator[tuple[str, Element]]:
        parse: Any = etree.iterparse
        return iter(parse(self, events=("start", "end"), **SAFELY))


def _is_list(element: Element | None) -> bool:
    return element is not None and local(element) == "EventList" and not foreign(element)


def _in_list(element: Element) -> bool:
    """Whether an event is one of the list; EPCIS 1.x wraps some in `extension`."""
    above = element.getparent()
    while above is not None and local(above) == "extension":
        above = above.getparent()
    return _is_list(above)


def _check_name(root: Element) -> None:
    if not local(root).startswith("EPCIS") or not namespace(root).startswith("urn:epcglobal:"):
        raise refusal("events.document-type", "/type")


def _forget(element: Element) -> None:
    element.clear()
    before = element.getprevious()
    parent = element.getparent()
    while before is not None and parent is not None:
        parent.remove(before)
        before = element.getprevious()
