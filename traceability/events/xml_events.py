"""One event of XML as the same event in JSON-LD: EPCIS 2.0 section 9.5 beside 10.2.

Elements of another namespace become fields `prefix:name`; the prefixes are those of the document,
and what they stand for is the event's context. What EPCIS 1.x keeps apart in `extension` and
`baseExtension` is read as if it stood beside the rest.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar

from traceability.events.event_ids import with_scheme
from traceability.events.hashing import number_text
from traceability.events.namespaces import one_spelling
from traceability.events.vocabulary import NUMBERS, bare
from traceability.events.xml_parsing import Element, children, foreign, local, namespace, text
from traceability.events.xml_table import (
    COMMON,
    EPC_LISTS,
    GS1_PREFIXES,
    LINKED,
    QUANTITY_LISTS,
    REPORT_WORDS,
    TYPED_LISTS,
    WORDS,
    WRITTEN_OUT,
    XSD,
    XSI,
)

_LINKED_IN_XML = {name: keyword for keyword, name in LINKED.items()}
_TRUTHS = {"true": True, "1": True, "false": False, "0": False}
_NUMERIC = frozenset({
    "decimal", "integer", "long", "int", "short", "byte", "nonNegativeInteger", "positiveInteger",
    "unsignedLong", "unsignedInt", "unsignedShort", "unsignedByte", "float", "double",
})  # fmt: skip
"""Types of XML Schema whose values are numbers of JSON."""
_DIGITS = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?", re.ASCII)
_WRAPPERS = frozenset({"extension", "baseExtension"})


class Reader:
    """Reads one event, and gathers what its prefixes stand for."""

    def __init__(self) -> None:
        self.namespaces: dict[str, str] = {}

    def event(self, element: Element) -> dict[str, Any]:
        """The event of an element such as ObjectEvent."""
        kind = local(element)
        found: dict[str, Any] = {"type": kind}
        self._fields(element, found)
        return _as_object_event(found) if kind == "QuantityEvent" else found

    def _fields(self, elements: Iterable[Element], found: dict[str, Any]) -> None:
        for child in elements:
            name = local(child)
            if foreign(child):
                self._add(found, self.name_of(child), self.value(child))
            elif name in _WRAPPERS:
                self._fields(child, found)
            elif name in WRITTEN_OUT:
                found.setdefault(name, []).append(self.value(child))
            else:
                found[name] = self._standard(name, child)

    def _standard(self, name: str, element: Element) -> Any:
        read = self._READERS.get(name)
        if read is not None:
            return read(self, element)
        if name in EPC_LISTS:
            # A list of EPCs is a set; the XML schema, unlike that of JSON, lets one stand twice.
            return list(dict.fromkeys(text(each) for each in children(element, "epc")))
        if name in QUANTITY_LISTS:
            return [self._plain_fields(each) for each in children(element, "quantityElement")]
        if name in TYPED_LISTS:
            entry, kind = TYPED_LISTS[name]
            return [self._typed(each, entry, kind) for each in children(element, entry)]
        return self._word(name, element)

    def _word(self, name: str, element: Element) -> Any:
        raw = text(element)
        if name == "eventID":
            return with_scheme(raw)
        return _value(name, self._known(element, raw) if name in WORDS else raw)

    def _typed(self, element: Element, entry: str, kind: str) -> dict[str, Any]:
        word = self._known(element, element.get("type", "").strip())
        found = {"type": bare(kind, word), entry: text(element)}
        return found if word else {entry: found[entry]}

    def _known(self, element: Element, word: str) -> str:
        """A word `prefix:name` under a prefix that the event's context knows."""
        prefix, colon, name = word.partition(":")
        uri = element.nsmap.get(prefix) if colon else None
        return f"{self._prefix(prefix, uri)}:{name}" if uri else word

    def _fields_of(self, element: Element) -> dict[str, Any]:
        """The fields inside an element, those of other namespaces too."""
        found: dict[str, Any] = {}
        self._fields(element, found)
        return found

    def _plain_fields(self, element: Element) -> dict[str, Any]:
        return {
            local(child): _value(local(child), text(child))
            for child in element
            if child.get(f"{{{XSI}}}nil") != "true"
        }

    def _disposition(self, element: Element) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for child in element:
            found.setdefault(local(child), []).append(self._word(local(child), child))
        return found

    def _corrective(self, element: Element) -> list[str]:
        return [with_scheme(text(each)) for each in element]

    def _sensors(self, element: Element) -> list[dict[str, Any]]:
        return [self._sensor(each) for each in children(element, "sensorElement")]

    def _sensor(self, element: Element) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for child in element:
            name = local(child)
            if foreign(child):
                self._add(found, self.name_of(child), self.value(child))
            elif name == "sensorReport":
                found.setdefault(name, []).append(self._attributes(child))
            elif name == "sensorMetadata":
                found[name] = self._attributes(child)
            else:
                self._fields([child], found)
        return found

    def _attributes(self, element: Element) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, value in _attributes_of(element):
            if name[0] == "{":
                self._attribute(found, element, name, value)
                continue
            raw = value.strip()
            word = self._known(element, raw) if name in REPORT_WORDS else raw
            found[name] = _value(name, word, REPORT_WORDS)
        return found

    def value(self, element: Element) -> Any:
        """What an element of another namespace holds: text, or the fields inside it."""
        inside: dict[str, Any] = {}
        for name, value in _attributes_of(element):
            self._attribute(inside, element, name, value)
        for child in element:
            name = self.name_of(child) if foreign(child) else local(child)
            self._add(inside, name, self.value(child))
        if not inside:
            return _of_type(_type(element), text(element))
        if text(element):
            inside["#text"] = text(element)
        return inside

    def _attribute(self, found: dict[str, Any], element: Element, name: str, value: str) -> None:
        uri, _, plain = name[1:].partition("}") if name[0] == "{" else ("", "", name)
        if uri == XSI:
            return
        if name in _LINKED_IN_XML:
            found[_LINKED_IN_XML[name]] = value.strip()
            return
        if uri:
            prefix = next((p for p, u in element.nsmap.items() if u == uri and p), "ns")
            plain = f"{self._prefix(prefix, uri)}:{plain}"
        found[plain] = value.strip()

    def name_of(self, element: Element) -> str:
        """The name that a field of another namespace has in JSON."""
        prefix = self._prefix(element.prefix or "ns", namespace(element))
        return f"{prefix}:{local(element)}"

    def _prefix(self, wanted: str, uri: str) -> str:
        """The prefix of a namespace in this event: never one that already stands for another."""
        uri = one_spelling(uri)
        wanted = GS1_PREFIXES.get(uri, wanted)
        for prefix, known in self.namespaces.items():
            if known == uri:
                return prefix
        free = wanted
        number = 1
        while free in self.namespaces:
            number += 1
            free = f"{wanted}{number}"
        self.namespaces[free] = uri
        return free

    @staticmethod
    def _add(found: dict[str, Any], name: str, value: Any) -> None:
        """A field that appears again becomes a list."""
        if name not in found:
            found[name] = value
        elif isinstance(found[name], list):
            found[name].append(value)
        else:
            found[name] = [found[name], value]

    _READERS: ClassVar[dict[str, Callable[["Reader", Element], Any]]] = {
        "readPoint": _fields_of,
        "bizLocation": _fields_of,
        "persistentDisposition": _disposition,
        "errorDeclaration": _fields_of,
        "correctiveEventIDs": _corrective,
        "sensorElementList": _sensors,
        "ilmd": _fields_of,
    }


def misplaced(element: Element) -> str | None:
    """The first field common to all events (EPCISEventType of the XSD) that is not in its place.

    They come before every other, in their order; the order of the others is not looked at.
    """
    last = -1
    for child in element:
        name = local(child)
        if foreign(child) or name in _WRAPPERS:
            continue
        place = COMMON.index(name) if name in COMMON else len(COMMON)
        if place < last:
            return name
        last = place
    return None


def _attributes_of(element: Element) -> list[tuple[str, str]]:
    return [(str(name), str(value)) for name, value in element.items()]


def _value(name: str, raw: str, words: Mapping[str, str] = WORDS) -> Any:
    """A number, a truth, or a word in the form that JSON has it; else the text."""
    if name in words:
        return bare(words[name], raw)
    if name in NUMBERS:
        return _number(raw)
    if name == "booleanValue":
        return _TRUTHS.get(raw, raw)
    return raw


def _type(element: Element) -> str:
    """The type of XML Schema that an element declares of its text, such as `integer`."""
    prefix, colon, name = (element.get(f"{{{XSI}}}type") or "").strip().rpartition(":")
    return name if colon and element.nsmap.get(prefix) == XSD else ""


def _of_type(kind: str, raw: str) -> Any:
    """A number or a truth, where the text says nothing that JSON would lose; else the text.

    >>> _of_type("double", "0.50"), _of_type("integer", "12345678901234567890")
    (0.5, '12345678901234567890')
    """
    if kind == "boolean":
        return _TRUTHS.get(raw, raw)
    number = _number(raw) if kind in _NUMERIC else raw
    return number if number_text(number) == number_text(raw) else raw


def _number(raw: str) -> Any:
    if not _DIGITS.fullmatch(raw):
        return raw  # the schema says what is wrong with it
    number = float(raw)
    return int(number) if number.is_integer() and abs(number) < 2**53 else number


def _as_object_event(found: dict[str, Any]) -> dict[str, Any]:
    """A QuantityEvent says what an ObjectEvent with a quantity list says (EPCIS 1.2, 7.4.6)."""
    element = {"epcClass": found.pop("epcClass", ""), "quantity": found.pop("quantity", 0)}
    return {**found, "type": "ObjectEvent", "action": "OBSERVE", "epcList": [],
            "quantityList": [element]}  # fmt: skip
