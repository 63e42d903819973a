"""From the bytes of a file to its invoice elements, within bounds and without surprises.

An invoice (HDon) stands alone, in a message to or from the tax authority (TDiep/DLieu), or in the
answer of its look-up page (KetQuaTraCuu/DuLieu). Nothing is searched for deeper: an HDon hidden
elsewhere is no invoice. A document type declaration is refused before anything is parsed, so no
entity can expand or reach a file or the network.

>>> [invoice.tag for invoice in invoice_elements(b"<HDon><DLHDon/></HDon>")]
['HDon']
>>> invoice_elements(b"<!DOCTYPE HDon><HDon/>")
Traceback (most recent call last):
traceability.invoices.errors.InvoiceError: ('invoices.dtd', {})

A signature is checked on the nodes as they came, values are read without what says nothing
(blank text between elements, comments): `InvoiceTree` holds both.
"""

import copy
import re
from dataclasses import dataclass

from lxml import etree
from lxml.etree import _Element

from traceability.invoices.errors import refusal

MAX_BYTES = 5_000_000
"""The largest document, in bytes."""
MAX_ATTRIBUTES = 32
"""On one element; the format has one, Id. Canonical XML sorts them in quadratic time."""
MAX_NAMESPACES = 48
"""Declarations in one invoice; signatures make two or three each."""

Element = _Element
"""An element of a parsed document."""

_OLD_NAMESPACE = "laphoadon.gdt.gov.vn"
_ENVELOPES = {"TDiep": "DLieu", "KetQuaTraCuu": "DuLieu"}
_PROLOG = re.compile(rb"\s*(?:<\?xml[^>]*\?>)?\s*")
_IDLE = re.compile(rb">\s+<|<!--|<\?")
"""Blank text between elements, comments, processing instructions."""
_USUAL_EQUAL_SIGNS = 400
"""Attributes and Base64 of an invoice with two signatures have about 60."""
_many_attributes = etree.XPath(f"boolean(//*[count(@*) > {MAX_ATTRIBUTES}])")


@dataclass(frozen=True, slots=True)
class InvoiceTree:
    """One invoice of a file, in the two forms that are looked at."""

    plain: Element
    """HDon without blank text, comments and processing instructions: values are read here."""
    faithful: Element
    """HDon as the root of a document of its own, node by node as received: what was signed."""
    in_place: Element | None
    """HDon inside its message, where that declares namespaces: they are part of what is signed
    when the message was signed as it is; None otherwise."""

    @property
    def has_idle_nodes(self) -> bool:
        """Whether reading passes over nodes that the signature may cover."""
        return self.plain is not self.faithful


def local_name(element: Element) -> str:
    """The tag without its namespace: the format has none, some producers declare one."""
    tag = element.tag
    if not isinstance(tag, str):
        return ""  # a comment or a processing instruction
    return tag.rpartition("}")[2] if tag[0] == "{" else tag


def invoice_elements(data: bytes) -> list[Element]:
    """The HDon elements of a file, in order, without blank text and comments.

    Raises:
        InvoiceError: `invoices.too-large` (limit), `invoices.encoding`, `invoices.dtd`,
            `invoices.not-xml` (line), `invoices.attributes`, `invoices.namespaces` (limit),
            `invoices.old-format`, `invoices.other-document` (root).
    """
    return [tree.plain for tree in invoice_trees(data)]


def invoice_trees(data: bytes) -> list[InvoiceTree]:
    """The invoices of a file, in order, each as received and as read.

    Raises:
        InvoiceError: as `invoice_elements`.
    """
    _check_bytes(data)
    root = _parse(data, faithful=True)
    _check_attributes(data, root)
    received = _invoices_of(root)
    _check_namespaces(data, received)
    idle = _IDLE.search(data, _PROLOG.match(data).end())  # type: ignore[union-attr]  # may be empty
    plain = _invoices_of(_parse(data, faithful=False)) if idle else received
    alone = received[0] is root
    return [
        InvoiceTree(
            plain=read,
            faithful=as_received if alone else copy.deepcopy(as_received),
            in_place=as_received if not alone and as_received.nsmap else None,
        )
        for read, as_received in zip(plain, received, strict=True)
    ]


def _invoices_of(root: Element) -> list[Element]:
    name = local_name(root)
    if _OLD_NAMESPACE in str(root.tag) or any(_OLD_NAMESPACE in u for u in root.nsmap.values()):
        raise refusal("invoices.old-format")
    if name == "HDon":
        return [root]
    if name not in _ENVELOPES:
        raise refusal("invoices.other-document", root=name[:60])
    contents = [
        content
        for wrapper in root
        if local_name(wrapper) == _ENVELOPES[name]
        for content in wrapper
        if local_name(content)
    ]
    invoices = [content for content in contents if local_name(content) == "HDon"]
    if not invoices:
        inside = local_name(contents[0]) if contents else name
        raise refusal("invoices.other-document", root=inside[:60])
    return invoices


def _check_bytes(data: bytes) -> None:
    if len(data) > MAX_BYTES:
        raise refusal("invoices.too-large", limit=MAX_BYTES)
    _check_encoding(data)
    if b"<!DOCTYPE" in data:
        raise refusal("invoices.dtd")


def _check_encoding(data: bytes) -> None:
    """Only UTF-8, as the format demands: other encodings could hide a declaration from us."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise refusal("invoices.encoding", position=error.start) from error


def _check_attributes(data: bytes, root: Element) -> None:
    if data.count(b"=") > _USUAL_EQUAL_SIGNS and _many_attributes(root):
        raise refusal("invoices.attributes", limit=MAX_ATTRIBUTES)


def _check_namespaces(data: bytes, invoices: list[Element]) -> None:
    """Canonical XML looks through every declaration in scope at every element."""
    if data.count(b"xmlns") <= MAX_NAMESPACES:
        return
    if any(etree.tostring(i).count(b"xmlns") > MAX_NAMESPACES for i in invoices):
        raise refusal("invoices.namespaces", limit=MAX_NAMESPACES)


def _parse(data: bytes, *, faithful: bool) -> Element:
    try:
        return etree.fromstring(data, _parser(faithful=faithful))
    except etree.XMLSyntaxError as error:
        if b"<inv:" in data[:4096]:  # also without its namespace declared
            raise refusal("invoices.old-format") from error
        raise refusal("invoices.not-xml", line=error.lineno or 0) from error


def _parser(*, faithful: bool) -> etree.XMLParser:
    # The encoding is given, not read: files that are UTF-8 and declare UTF-16 are common.
    return etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_blank_text=not faithful,
        remove_comments=not faithful,
        remove_pis=not faithful,
    )
