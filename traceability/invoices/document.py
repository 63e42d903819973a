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
"""

from lxml import etree
from lxml.etree import _Element

from traceability.invoices.errors import refusal

MAX_BYTES = 5_000_000
"""The largest document, in bytes."""

Element = _Element
"""An element of a parsed document."""

_OLD_NAMESPACE = "laphoadon.gdt.gov.vn"
_ENVELOPES = {"TDiep": "DLieu", "KetQuaTraCuu": "DuLieu"}


def local_name(element: Element) -> str:
    """The tag without its namespace: the format has none, some producers declare one."""
    tag = str(element.tag)
    return tag.rpartition("}")[2] if tag[0] == "{" else tag


def invoice_elements(data: bytes) -> list[Element]:
    """The HDon elements of a file, in order.

    Raises:
        InvoiceError: `invoices.too-large` (limit), `invoices.encoding`, `invoices.dtd`,
            `invoices.not-xml` (line), `invoices.old-format`, `invoices.other-document` (root).
    """
    root = _parse(data)
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
    ]
    invoices = [content for content in contents if local_name(content) == "HDon"]
    if not invoices:
        inside = local_name(contents[0]) if contents else name
        raise refusal("invoices.other-document", root=inside[:60])
    return invoices


def _parse(data: bytes) -> Element:
    if len(data) > MAX_BYTES:
        raise refusal("invoices.too-large", limit=MAX_BYTES)
    _check_encoding(data)
    if b"<!DOCTYPE" in data:
        raise refusal("invoices.dtd")
    try:
        return etree.fromstring(data, _parser())
    except etree.XMLSyntaxError as error:
        if b"<inv:" in data[:4096]:  # also without its namespace declared
            raise refusal("invoices.old-format") from error
        raise refusal("invoices.not-xml", line=error.lineno or 0) from error


def _check_encoding(data: bytes) -> None:
    """Only UTF-8, as the format demands: other encodings could hide a declaration from us."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise refusal("invoices.encoding", position=error.start) from error


def _parser() -> etree.XMLParser:
    # The encoding is given, not read: files that are UTF-8 and declare UTF-16 are common.
    # Blank text between elements says nothing; without it a reformatted copy reads the same.
    return etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_blank_text=True,
        remove_comments=True,
        remove_pis=True,
    )
