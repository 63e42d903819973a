"""Keys, certificates and XML signatures for fictional e-invoices.

Everything here is made anew at run time and trusted by nobody: a test certificate authority, a
certificate for each fictional seller whose UID names its tax code (`MST:…`), and signatures of
the shape that Decision 1450/QĐ-TCT asks for: RSA with SHA-256 over the parts named by their Id
and over an Object that carries the time of signing.
"""

import base64
import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import NameOID
from lxml import etree

ENVELOPED = "http://www.w3.org/2000/09/xmldsig#enveloped-signature"
NAMESPACE = "http://www.w3.org/2000/09/xmldsig#"
CANONICAL = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
RSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"
RSA_SHA1 = "http://www.w3.org/2000/09/xmldsig#rsa-sha1"
SHA1 = "http://www.w3.org/2000/09/xmldsig#sha1"
AUTHORITY_NAME = "Nguồn demo CA - not a real authority"

_FROM, _TO = datetime(2020, 1, 1, tzinfo=UTC), datetime(2040, 1, 1, tzinfo=UTC)
_BITS = 2048
_DEFAULT_NAMESPACE: Any = {None: NAMESPACE}  # None is right, the types of lxml only know str


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key and the certificate that names its holder."""

    key: rsa.RSAPrivateKey
    certificate: x509.Certificate


@dataclass(frozen=True, slots=True)
class Style:
    """How a program signs; as the format asks unless said otherwise."""

    sha1: bool = False
    """With the old algorithm that still occurs."""
    enveloped_on_object: bool = False
    """As one provider does: the signature is to be taken away from the Object inside it."""


AS_ASKED = Style()

CertificateDates = tuple[datetime, datetime]
"""First and last moment of validity, UTC."""


class CertificateAuthority:
    """Issues certificates that only this run of the program knows."""

    def __init__(self) -> None:
        self._key = _new_key()
        name = _name(AUTHORITY_NAME)
        self.certificate = _certificate(name, name, self._key, self._key, ca=True)

    def signer(
        self, name: str, tax_code: str | None = None, valid: CertificateDates = (_FROM, _TO)
    ) -> Signer:
        """A key for a fictional firm, or for the fictional tax authority, which has no tax code."""
        key = _new_key()
        subject = _name(name, tax_code)
        issuer = self.certificate.subject
        certificate = _certificate(subject, issuer, key, self._key, ca=False, valid=valid)
        return Signer(key, certificate)

    def pem(self) -> bytes:
        """The authority's own certificate, for a trust store."""
        return self.certificate.public_bytes(serialization.Encoding.PEM)


def sign(
    place: etree._Element,
    parts: list[etree._Element],
    signer: Signer,
    identifier: str,
    signed_at: datetime,
    style: Style = AS_ASKED,
) -> None:
    """Put a signature over `parts` into `place`.

    Args:
        place: the element of DSCKS for the signing side, inside the finished document.
        parts: elements of the same document with an Id; nothing in them may change afterwards.
        signer: who signs.
        identifier: Id of the signature, unique in the document.
        signed_at: local time in Vietnam, as the format writes it.
        style: how the program signs.
    """
    signature = etree.SubElement(place, _tag("Signature"), nsmap=_DEFAULT_NAMESPACE, Id=identifier)
    signed_info = etree.SubElement(signature, _tag("SignedInfo"))
    value = etree.SubElement(signature, _tag("SignatureValue"))
    _key_info(signature, signer)
    stamp = _time_stamp(signature, identifier, signed_at)
    etree.SubElement(signed_info, _tag("CanonicalizationMethod"), Algorithm=CANONICAL)
    etree.SubElement(
        signed_info, _tag("SignatureMethod"), Algorithm=RSA_SHA1 if style.sha1 else RSA_SHA256
    )
    for part in (*parts, stamp):
        _reference(signed_info, part, style, enveloped=part is stamp and style.enveloped_on_object)
    digest = hashes.SHA1() if style.sha1 else hashes.SHA256()  # noqa: S303 -- shown as what it is
    signed = signer.key.sign(canonical(signed_info), padding.PKCS1v15(), digest)
    value.text = base64.b64encode(signed).decode()


def canonical(element: etree._Element) -> bytes:
    """Canonical XML 1.0 of an element as it stands in its document."""
    # Serialised apart first, so that only the namespaces the element uses come along.
    apart = etree.fromstring(etree.tostring(element, with_tail=False))
    return etree.tostring(apart, method="c14n")


def _reference(
    signed_info: etree._Element, part: etree._Element, style: Style, *, enveloped: bool
) -> None:
    reference = etree.SubElement(signed_info, _tag("Reference"), URI=f"#{part.get('Id')}")
    if enveloped:
        transforms = etree.SubElement(reference, _tag("Transforms"))
        etree.SubElement(transforms, _tag("Transform"), Algorithm=ENVELOPED)
    algorithm = SHA1 if style.sha1 else SHA256
    etree.SubElement(reference, _tag("DigestMethod"), Algorithm=algorithm)
    digest = etree.SubElement(reference, _tag("DigestValue"))
    name = "sha1" if style.sha1 else "sha256"
    digest.text = base64.b64encode(hashlib.new(name, canonical(part)).digest()).decode()


def _key_info(signature: etree._Element, signer: Signer) -> None:
    data = etree.SubElement(etree.SubElement(signature, _tag("KeyInfo")), _tag("X509Data"))
    subject = etree.SubElement(data, _tag("X509SubjectName"))
    subject.text = signer.certificate.subject.rfc4514_string()
    certificate = etree.SubElement(data, _tag("X509Certificate"))
    encoded = signer.certificate.public_bytes(serialization.Encoding.DER)
    certificate.text = base64.b64encode(encoded).decode()


def _time_stamp(signature: etree._Element, identifier: str, signed_at: datetime) -> etree._Element:
    stamp = etree.SubElement(signature, _tag("Object"), Id=f"{identifier}-time")
    properties = etree.SubElement(stamp, _tag("SignatureProperties"))
    signed = etree.SubElement(properties, _tag("SignatureProperty"), Target=f"#{identifier}")
    etree.SubElement(signed, _tag("SigningTime")).text = signed_at.strftime("%Y-%m-%dT%H:%M:%S")
    return stamp


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def _new_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=_BITS)


def _name(common_name: str, tax_code: str | None = None) -> x509.Name:
    attributes = [x509.NameAttribute(NameOID.COMMON_NAME, common_name[:64])]
    if tax_code is not None:
        attributes.append(x509.NameAttribute(NameOID.USER_ID, f"MST:{tax_code}"))
    return x509.Name(attributes)


def _certificate(
    subject: x509.Name,
    issuer: x509.Name,
    key: rsa.RSAPrivateKey,
    issuer_key: rsa.RSAPrivateKey,
    *,
    ca: bool,
    valid: CertificateDates = (_FROM, _TO),
) -> x509.Certificate:
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(valid[0])
        .not_valid_after(valid[1])
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
    )
    return builder.sign(issuer_key, hashes.SHA256())
