"""The cryptographic check of one signature, by libxmlsec through python-xmlsec; its only importer.

python-xmlsec works on the trees of lxml: both wheels must carry the same libxml2, else its import
fails (`pyproject.toml` names versions that fit). Ids are registered element by element with
`register_id`: `xmlsec.tree.add_ids` corrupts memory in python-xmlsec 1.3.

The key is given, so KeyInfo is never followed; the transforms are narrowed again here to those
that `shape` lets through.
"""

from functools import lru_cache

import xmlsec
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from traceability.invoices.document import Element

_ENABLED = tuple(
    getattr(xmlsec.constants, f"Transform{name}")
    for name in (
        "Enveloped", "InclC14N", "InclC14NWithComments", "ExclC14N", "ExclC14NWithComments",
        "InclC14N11", "InclC14N11WithComments", "Sha1", "Sha256", "Sha384", "Sha512",
    )
)  # fmt: skip


@lru_cache(maxsize=2048)
def _key_of(certificate: x509.Certificate) -> xmlsec.Key:
    der = certificate.public_bytes(Encoding.DER)
    return xmlsec.Key.from_memory(der, xmlsec.constants.KeyDataFormatCertDer)


def is_intact(
    signature: Element, certificate: x509.Certificate, parts: list[tuple[Element, str]]
) -> bool:
    """Whether the value of a signature and every digest in it are right.

    Args:
        signature: in the tree of the parts.
        certificate: whose key made it.
        parts: the elements that its references name, each with its attribute of the Id.
    """
    context = xmlsec.SignatureContext()
    context.key = _key_of(certificate)
    for transform in _ENABLED:
        context.enable_reference_transform(transform)
    try:
        for element, attribute in parts:
            context.register_id(element, attribute)
        context.verify(signature)
    except xmlsec.Error:
        return False
    return True
