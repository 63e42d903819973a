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
from traceability.events.faults import refusal
from traceability.events.xml_parsing import Element, local, namespace
from traceability.events.xml_reading import check_root, event_of, is_event, vocabulary_of


class XmlStream:
    """The events of a document; afterwards `master_data` is what its vocabularies say."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.master_data: list[Json] = []

    def __iter__(self) -> Iterator[ReadEvent]:
        number = 0
        try:
            for element in self._elements():
                if is_event(element):
                    yield event_of(element, number, ("epcisBody", "eventList", number))
                    number += 1
                elif local(element) == "Vocabulary":
                    self.master_data.append(vocabulary_of(element))
                else:
                    continue
                _forget(element)
        except etree.XMLSyntaxError as error:
            raise refusal("events.xml", line=error.lineno or 0) from error

    def _elements(self) -> Iterator[Element]:
        """Every element whose end was read, after the root was found to be good."""
        root: Element | None = None
        for happened, element in self._parse():
            if root is None:
                root = element
                _check_declaration(root)
                _check_name(root)
            if happened == "end":
                yield element
        if root is not None:
            check_root(root)

    def _parse(self) -> Iterator[tuple[str, Element]]:
        parse: Any = etree.iterparse
        return iter(
            parse(
                self._file,
                events=("start", "end"),
                encoding="utf-8",
                resolve_entities=False,
                load_dtd=False,
                no_network=True,
                huge_tree=False,
                remove_blank_text=True,
                remove_comments=True,
                remove_pis=True,
            )
        )


def _check_declaration(root: Element) -> None:
    """No declaration but the empty one, `<!DOCTYPE name>`."""
    info: Any = root.getroottree().docinfo
    declared = info.internalDTD
    outside = info.system_url or info.public_id
    if outside or (declared is not None and (declared.entities() or declared.elements())):
        raise refusal("events.xml-dtd")


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
