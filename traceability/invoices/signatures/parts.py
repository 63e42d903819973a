"""Which element an Id names, in one tree of an invoice.

What a reference resolves to is decided here, once, and handed to the engine: the element whose
values are read and the element whose digest is right are the same object.
"""

from dataclasses import dataclass
from typing import cast

from lxml import etree

from traceability.invoices.document import Element, local_name
from traceability.invoices.signatures.algorithms import ENVELOPED
from traceability.invoices.signatures.shape import DSIG, Shape, UnusableError
from traceability.invoices.signatures.states import SignatureRole

_ATTRIBUTES = ("Id", "ID", "id", "{http://www.w3.org/XML/1998/namespace}id")
_with_attributes = etree.XPath("descendant-or-self::*[@*]")
_PLACES = {SignatureRole.SELLER: "NBan", SignatureRole.AUTHORITY: "CQT"}


class Parts:
    """The elements with an Id of the tree below `invoice`, and its signatures."""

    def __init__(self, invoice: Element) -> None:
        self.invoice = invoice
        self._named: dict[str, list[tuple[Element, str]]] = {}
        for element in cast("list[Element]", _with_attributes(invoice)):
            for attribute in _ATTRIBUTES:
                value = element.get(attribute)
                if value is not None:
                    self._named.setdefault(value, []).append((element, attribute))

    def is_repeated(self, identifier: str) -> bool:
        return len(self._named.get(identifier, ())) > 1

    def element(self, identifier: str) -> tuple[Element, str] | None:
        """The one element of this Id and the attribute that gives it."""
        found = self._named.get(identifier, ())
        return found[0] if len(found) == 1 else None

    def child(self, name: str) -> Element | None:
        return next((c for c in self.invoice if local_name(c) == name), None)

    def signatures(self, role: SignatureRole) -> list[Element]:
        """Signature elements at the place of one side, DSCKS/NBan or DSCKS/CQT."""
        return [
            signature
            for places in self.invoice
            if local_name(places) == "DSCKS"
            for place in places
            if local_name(place) == _PLACES[role]
            for signature in place
            if local_name(signature) == "Signature"
        ]


@dataclass(frozen=True, slots=True)
class Covered:
    """What a signature covers."""

    parts: tuple[tuple[Element, str], ...]

    def includes(self, element: Element | None) -> bool:
        return any(part is element for part, _ in self.parts)

    def text(self, name: str) -> str | None:
        """The text of the first element of this name in a covered part that is a signature's."""
        for part, _ in self.parts:
            for element in part.iter(f"{DSIG}{name}", "{*}" + name):
                if local_name(part) in {"Object", "SignedProperties", "SignatureProperties"}:
                    return "".join(map(str, element.itertext())).strip()
        return None


def covered(parts: Parts, shape: Shape) -> Covered:
    """Resolve every reference.

    Raises:
        UnusableError: `signatures.repeated-id`, `signatures.not-covered` (field).
    """
    found = []
    for reference in shape.references:
        if parts.is_repeated(reference.identifier):
            raise UnusableError("signatures.repeated-id", id=reference.identifier)
        part = parts.element(reference.identifier)
        if part is None:
            raise UnusableError("signatures.not-covered", field=f"#{reference.identifier}")
        found.append(part)
    return Covered(tuple(found))


def objects_with_enveloped(signature: Element, shape: Shape, found: Covered) -> list[Element]:
    """Objects inside the signature from which a reference takes the signature away.

    By the standard nothing is left of them then, so no verifier agrees with the one provider
    that writes this; it computes the digest as if the Object stood beside its signature.
    """
    return [
        part
        for reference, (part, _) in zip(shape.references, found.parts, strict=True)
        if ENVELOPED in reference.transforms
        and local_name(part) == "Object"
        and part.getparent() is signature
    ]
