"""An event in XML 2.0, as `xml_events` reads it (EPCIS 2.0 section 9.5).

>>> event = {"type": "ObjectEvent", "action": "ADD", "bizStep": "shipping", "vd:truck": "29C"}
>>> print(event_xml(event, {"vd": "https://vidu.example/"}).decode().replace("><", "> <"))
... # doctest: +NORMALIZE_WHITESPACE
<ObjectEvent xmlns:vd="https://vidu.example/">
    <action>ADD</action>
    <bizStep>https://ref.gs1.org/cbv/BizStep-shipping</bizStep>
    <vd:truck>29C</vd:truck>
</ObjectEvent>

Every field is written, or the event is refused: XML has no place for a name without a namespace,
for keywords of JSON-LD but @id and @type, for objects in a sensor's report, for an empty object, or
for control characters. A list of one is its only value and an empty one nothing, as in JSON-LD.
"""

from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from typing import Any, ClassVar

from lxml import etree

from traceability.events.faults import NotInXmlError
from traceability.events.hashing import number_text
from traceability.events.vocabulary import WITHOUT_PREFIX, address, bare, is_word, urn
from traceability.events.xml_parsing import Element
from traceability.events.xml_table import (
    INSIDE,
    LINKED,
    ORDER,
    OWN,
    QUANTITY_LISTS,
    RDF,
    REPORT_WORDS,
    TEXT_LISTS,
    TIMES,
    TYPED_LISTS,
    WORDS,
    XSD,
    XSI,
)

Namespaces = Mapping[str, str]
_TYPES = {bool: "xsd:boolean", int: "xsd:integer", float: "xsd:double"}
_OF_LINKED = {"rdf": RDF}
_TYPED = {"xsi": XSI, "xsd": XSD}
_NOT_WRITTEN = frozenset({"type", "@context"})
_REPEATED = frozenset({"certificationInfo", "sensorReport", "set", "unset"})
_NEVER_EMPTY = frozenset({*TYPED_LISTS, "sensorElementList"})
"""Lists that the schema wants an entry in."""


class CbvFormat(StrEnum):
    """GS1-CBV-XML-Format: the spelling of words of the vocabulary. Records have them bare."""

    WEB = "Always_Web_URI"
    URN = "Always_URN"


def event_xml(event: Mapping[str, Any], names: Namespaces, cbv: CbvFormat = CbvFormat.WEB) -> bytes:
    """An element such as ObjectEvent, with the namespaces that it needs.

    Args:
        event: an event on record, in the form of JSON-LD.
        names: the namespaces of its prefixes.
        cbv: how words of the vocabulary are spelt.

    Raises:
        NotInXmlError: a field has no place in XML.
    """
    return _Writer(names, cbv).event(event)


class _Writer:
    def __init__(self, names: Namespaces, cbv: CbvFormat) -> None:
        self._names = names
        self._spelt: Callable[[str, str], str] = urn if cbv is CbvFormat.URN else address

    def event(self, event: Mapping[str, Any]) -> bytes:
        name = "@context"
        try:
            used = {prefix: self._names[prefix] for prefix in _prefixes(event)
                    if self._names.get(prefix)}  # fmt: skip
            root = etree.Element(event["type"], nsmap=used)
            for name in _in_order(event):
                self._field(root, name, event[name])
        except ValueError as error:  # ours, and lxml's of what is no XML
            told = {"event_id": str(event.get("eventID", ""))[:120], "field": name[:120]}
            raise NotInXmlError("events.not-in-xml", **told) from error
        return etree.tostring(root, encoding="utf-8")

    def _field(self, parent: Element, name: str, value: Any) -> None:
        if ":" in name or name in WITHOUT_PREFIX:
            self._foreign(parent, WITHOUT_PREFIX.get(name, name), value)
        elif name in _REPEATED:
            for each in _values(value):
                self._standard(parent, name, each)
        elif value or name not in _NEVER_EMPTY:
            self._standard(parent, name, value)

    def _standard(self, parent: Element, name: str, value: Any) -> None:
        write = self._WRITERS.get(name, _Writer._word)
        write(self, etree.SubElement(parent, name), value)

    def _word(self, element: Element, value: Any) -> None:
        element.text = self._spelling(str(element.tag), value, WORDS)

    def _spelling(self, name: str, value: Any, words: Mapping[str, str]) -> str:
        if name in words:
            return self._known(words[name], value)
        return value.upper() if name in TIMES else _text(value)

    def _known(self, vocabulary: str, word: str) -> str:
        known = bare(vocabulary, word)
        return self._spelt(vocabulary, known) if is_word(vocabulary, known) else word

    def _texts(self, element: Element, value: list[str]) -> None:
        for each in value:
            etree.SubElement(element, TEXT_LISTS[str(element.tag)]).text = each

    def _quantities(self, element: Element, value: list[dict[str, Any]]) -> None:
        for each in value:
            entry = etree.SubElement(element, "quantityElement")
            etree.SubElement(entry, "epcClass").text = each["epcClass"]
            if "quantity" in each:
                etree.SubElement(entry, "quantity").text = _text(each["quantity"])
            if "uom" in each:
                if "quantity" not in each:
                    etree.SubElement(entry, "quantity").set(f"{{{XSI}}}nil", "true")
                etree.SubElement(entry, "uom").text = each["uom"]

    def _typed(self, element: Element, value: list[dict[str, str]]) -> None:
        name, vocabulary = TYPED_LISTS[str(element.tag)]
        for each in value:
            entry = etree.SubElement(element, name)
            entry.text = each[name]
            if "type" in each:
                entry.set("type", self._known(vocabulary, each["type"]))

    def _sensors(self, element: Element, value: list[dict[str, Any]]) -> None:
        for each in value:
            self._fields(etree.SubElement(element, "sensorElement"), each)

    def _fields(self, element: Element, value: Mapping[str, Any]) -> None:
        """Those that EPCIS defines come first, in its order."""
        order = INSIDE.get(str(element.tag), ())
        for name in (*order, *(name for name in value if name not in order)):
            if value.get(name) is not None:
                self._field(element, name, value[name])

    def _attributes(self, element: Element, value: Mapping[str, Any]) -> None:
        """Each holds one text: of what EPCIS does not define, too."""
        for name, each in value.items():
            told = list(_values(each))
            tag = self._tag(name) if ":" in name else name
            if (
                len(told) > 1
                or any(isinstance(one, Mapping) for one in told)
                or tag in element.attrib
            ):
                raise ValueError(name)
            for one in told:
                element.set(tag, self._spelling(name, one, REPORT_WORDS))

    def _foreign(self, parent: Element, name: str, value: Any) -> None:
        tag = self._tag(name) if ":" in name else name
        for each in _values(value):
            kind = _TYPES.get(type(each))
            linked = isinstance(each, Mapping) and not LINKED.keys().isdisjoint(each)
            spaces = _TYPED if kind else _OF_LINKED if linked else None
            element = etree.SubElement(parent, tag, nsmap=spaces)
            if kind:
                # Of what EPCIS does not define, nothing else tells a number from a text.
                element.set(f"{{{XSI}}}type", kind)
            self._inside(element, each)

    def _inside(self, element: Element, value: Any) -> None:
        """A text, or fields: what was read from XML may have both."""
        if not isinstance(value, Mapping):
            element.text = _text(value)
            return
        mixed = "#text" in value
        for name, each in value.items():
            if name == "#text":
                if not each or not isinstance(each, str):
                    raise ValueError(name)
                element.text = each
            elif name in LINKED and isinstance(each, str):
                element.set(LINKED[name], each)
            elif mixed and ":" not in name and isinstance(each, str):
                element.set(name, each)  # as it stood there, beside a text
            else:
                self._foreign(element, name, each)
        if not len(element) and not element.text and not element.attrib:
            raise ValueError("nothing inside")

    def _tag(self, name: str) -> str:
        """The name of a field of another namespace, as lxml has it: `{namespace}name`."""
        prefix, _, local = name.partition(":")
        space = self._names.get(prefix)
        if not space or space.startswith(OWN):
            raise ValueError(name)
        return f"{{{space}}}{local}"

    _WRITERS: ClassVar[Mapping[str, Callable[["_Writer", Element, Any], None]]] = {
        **dict.fromkeys(TEXT_LISTS, _texts),
        **dict.fromkeys(QUANTITY_LISTS, _quantities),
        **dict.fromkeys(TYPED_LISTS, _typed),
        **dict.fromkeys(INSIDE, _fields),
        "certificationInfo": _inside,
        "sensorElementList": _sensors,
        "sensorMetadata": _attributes,
        "sensorReport": _attributes,
    }


def _in_order(event: Mapping[str, Any]) -> Iterator[str]:
    """The fields of an event: those of the schema in its order, then all others."""
    order = ORDER[event["type"]]
    yield from (name for name in order if name in event)
    yield from (name for name in event if name not in order and name not in _NOT_WRITTEN)


def _values(value: Any) -> Iterator[Any]:
    """The values of a field, as JSON-LD has them: one, several, or none at all."""
    if isinstance(value, list):
        for each in value:
            yield from _values(each)
    elif value is not None:
        yield value


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else number_text(value)


def _prefixes(value: Any, name: str = "") -> Iterator[str]:
    """The prefixes of names, and of words, which may be names of another vocabulary."""
    if isinstance(value, Mapping):
        for key, each in value.items():
            yield WITHOUT_PREFIX.get(str(key), str(key)).partition(":")[0]
            yield from _prefixes(each, key)
    elif isinstance(value, list):
        for each in value:
            yield from _prefixes(each, name)
    elif name in _HOLDING_WORDS and isinstance(value, str):
        yield value.partition(":")[0]


_HOLDING_WORDS = frozenset({*WORDS, *REPORT_WORDS})
