"""From the bytes of an XML document to its elements, within bounds and without surprises.

A document type declaration that declares anything is refused before anything is parsed, so no
entity can expand or reach a file or the network. The empty one, which GS1's own examples begin
with, says nothing and is passed over.

>>> parse(b"<!DOCTYPE project><a/>").tag
'a'
>>> parse(b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>")
Traceback (most recent call last):
traceability.events.faults.EventsInvalidError: ('events.xml-dtd', {})
"""

import codecs
import re
from collections.abc import Mapping
from typing import Any

from lxml import etree
from lxml.etree import _Element

from traceability.events.faults import refusal

Element = _Element

_DECLARED = re.compile(rb"""<\?xml[^<>]{0,200}?\sencoding\s*=\s*["']([A-Za-z][\w.-]*)["']""")
_SINGLE_BYTE = {"iso-8859-1": "latin-1", "windows-1252": "cp1252"}
SAFELY: Mapping[str, Any] = {
    "encoding": "utf-8",
    "resolve_entities": False,
    "load_dtd": False,
    "no_network": True,
    "huge_tree": False,
    "remove_blank_text": True,
    "remove_comments": True,
    "remove_pis": True,
}
"""How every parser reads here."""
_EMPTY_DOCTYPE = re.compile(rb"<!DOCTYPE\s+[A-Za-z_][\w:.-]*\s*>")


def parse(data: bytes) -> Element:
    """The root of a document.

    Raises:
        EventsInvalidError: `events.xml-encoding`, `events.xml-dtd` or `events.xml` (line).
    """
    data = Transcoder().utf8(data, final=True)
    check(data)
    try:
        return etree.fromstring(_EMPTY_DOCTYPE.sub(b"", data, count=1), etree.XMLParser(**SAFELY))
    except etree.XMLSyntaxError as error:
        raise refusal("events.xml", line=error.lineno or 0) from error


class Transcoder:
    """Pieces of a document as UTF-8, so that nothing is hidden from us in another encoding.

    >>> Transcoder().utf8("<a>ụ</a>".encode("utf-16"), final=True).decode()
    '<a>ụ</a>'

    A document that says UTF-16 and is none was transcoded on its way: it is read as UTF-8.
    """

    def __init__(self) -> None:
        self._started = False
        self._decoder: codecs.IncrementalDecoder | None = None

    def utf8(self, data: bytes, *, final: bool = False) -> bytes:
        """The next piece; nothing where a character is not yet complete.

        Raises:
            EventsInvalidError: `events.xml-encoding`.
        """
        if not self._started:
            self._started = True
            name = _encoding(data)
            self._decoder = codecs.getincrementaldecoder(name)() if name else None
        if self._decoder is None:
            return data
        try:
            return self._decoder.decode(data, final).encode()
        except UnicodeError as error:
            raise refusal("events.xml-encoding") from error


def _encoding(head: bytes) -> str | None:
    """How to decode a document; None for one in UTF-8."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    declared = _DECLARED.match(head)
    return _SINGLE_BYTE.get(declared[1].decode().lower()) if declared else None


def check(data: bytes) -> None:
    """Refuse what must not reach a parser."""
    try:
        # Another encoding could hide a declaration from us.
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise refusal("events.xml-encoding") from error
    check_declaration(data)


def check_declaration(data: bytes) -> None:
    """Refuse a document type declaration, but for the empty one, `<!DOCTYPE name>`."""
    if data.count(b"<!DOCTYPE") > len(_EMPTY_DOCTYPE.findall(data)[:1]):
        raise refusal("events.xml-dtd")


def local(element: Element) -> str:
    """The name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def namespace(element: Element) -> str:
    tag = str(element.tag)
    return tag[1:].partition("}")[0] if tag[0] == "{" else ""


def foreign(element: Element) -> str:
    """The namespace of an element that is not EPCIS's own, which some senders write out.

    >>> foreign(parse(b'<e:action xmlns:e="urn:epcglobal:epcis:xsd:2">ADD</e:action>'))
    ''
    """
    found = namespace(element)
    return "" if found.startswith("urn:epcglobal:epcis") else found


def text(element: Element) -> str:
    return (element.text or "").strip()


def children(element: Element, name: str) -> list[Element]:
    """The children of a name, in whichever namespace."""
    return [child for child in element if local(child) == name]


def child(element: Element | None, *path: str) -> Element | None:
    """The first element down a path."""
    here = element
    for name in path:
        here = next(iter(children(here, name)), None) if here is not None else None
    return here
