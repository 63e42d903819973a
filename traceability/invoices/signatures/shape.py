"""The outside of a signature: what it refers to and how, before any of it is computed.

    Signature
    ├── SignedInfo      CanonicalizationMethod, SignatureMethod, Reference@URI*{Transforms, Digest…}
    ├── SignatureValue
    ├── KeyInfo/X509Data/X509Certificate
    └── Object @Id      SigningTime

A reference names a part of the same invoice, `#Id`. Anything that would make the verifier fetch
or compute something (a reference to an address or a file, XSLT, XPath, a manifest of further
references) is hostile: the file is refused by the name of the thing.
"""

import re
from dataclasses import dataclass

from traceability.invoices.document import Element, local_name
from traceability.invoices.errors import refusal
from traceability.invoices.signatures import algorithms

DSIG = "{http://www.w3.org/2000/09/xmldsig#}"
MAX_REFERENCES = 16
MAX_CERTIFICATES = 8

_ID = re.compile(r"""#([^\s'"()\[\]<>&|/#*]{1,200})""")
"""What can stand in an Id and in no expression."""
_FETCHING = ("Manifest", "RetrievalMethod")
_METHODS = {
    "CanonicalizationMethod": algorithms.CANONICAL,
    "SignatureMethod": algorithms.SIGNATURES,
    "DigestMethod": algorithms.DIGESTS,
}


class UnusableError(Exception):
    """The signature cannot be checked; the note says why."""

    def __init__(self, code: str, **arguments: object) -> None:
        super().__init__(code, arguments)
        self.code = code
        self.arguments = arguments


@dataclass(frozen=True, slots=True)
class Reference:
    identifier: str
    """Id of the part it covers."""
    transforms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shape:
    references: tuple[Reference, ...]
    algorithms: tuple[str, ...]
    """Of the signature and of the digests."""
    certificates: tuple[str, ...]
    """Base64 of DER, as written."""


def refuse_hostile(invoice: Element) -> None:
    """Look through every signature of an invoice, wherever it stands.

    Raises:
        InvoiceError: `invoices.signature-transform` (name), `invoices.signature-reference` (uri).
    """
    for signature in invoice.iter(f"{DSIG}Signature"):
        for element in signature.iter(
            f"{DSIG}Transform", f"{DSIG}Reference", *(f"{DSIG}{name}" for name in _FETCHING)
        ):
            _refuse_hostile_part(element)


def _refuse_hostile_part(element: Element) -> None:
    name = local_name(element)
    if name == "Transform":
        algorithm = element.get("Algorithm", "")
        if algorithm not in algorithms.TRANSFORMS or len(element) > 1:
            raise refusal("invoices.signature-transform", name=algorithm[:200])
    elif name == "Reference":
        uri = element.get("URI")
        if uri is None or not _ID.fullmatch(uri):
            raise refusal("invoices.signature-reference", uri=(uri or "")[:200])
    else:
        raise refusal("invoices.signature-reference", uri=element.get("URI", name)[:200])


def shape_of(signature: Element) -> Shape:
    """Take a signature apart; `refuse_hostile` has seen it.

    Raises:
        UnusableError: `signatures.unreadable` when parts are missing or too many,
            `signatures.algorithm` (name) for one that is not taken.
    """
    signed_info = signature.find(f"{DSIG}SignedInfo")
    if signed_info is None:
        raise UnusableError("signatures.unreadable")
    used = []
    for method in signed_info.iter(*(f"{DSIG}{name}" for name in _METHODS)):
        algorithm, name = method.get("Algorithm", ""), local_name(method)
        if algorithm not in _METHODS[name]:
            raise UnusableError("signatures.algorithm", name=algorithm[:200])
        if name != "CanonicalizationMethod":
            used.append(algorithm)
    references = tuple(_reference(r) for r in signed_info.findall(f"{DSIG}Reference"))
    certificates = tuple(
        "".join(map(str, c.itertext()))
        for c in signature.findall(f"{DSIG}KeyInfo/{DSIG}X509Data/{DSIG}X509Certificate")
    )
    if not 1 <= len(references) <= MAX_REFERENCES or len(certificates) > MAX_CERTIFICATES:
        raise UnusableError("signatures.unreadable")
    return Shape(references, tuple(used), certificates)


def _reference(element: Element) -> Reference:
    transforms = element.iter(f"{DSIG}Transform")
    return Reference(element.get("URI", "")[1:], tuple(t.get("Algorithm", "") for t in transforms))
