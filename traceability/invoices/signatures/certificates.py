"""The certificate in a signature: whose it is.

Licensed authorities in Viet Nam write the holder's tax code into the subject's UID, as
`MST:9999100017`; certificates of persons name the personal number, `CCCD:062099000001`. Both are
the number a seller trades under (since July 2025 households by their personal number).
"""

import base64
import binascii
import re
from datetime import datetime
from functools import lru_cache

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

from traceability.folding import fold
from traceability.invoices.signatures.algorithms import MIN_RSA_BITS
from traceability.invoices.signatures.shape import UnusableError
from traceability.invoices.signatures.states import CertificateFacts

_NAMING = (NameOID.USER_ID, NameOID.SERIAL_NUMBER, NameOID.ORGANIZATION_IDENTIFIER)
_TAX_CODE = re.compile(r"(?<![0-9])([0-9]{10}(?:-?[0-9]{3})?|[0-9]{12})(?![0-9])")
_AUTHORITY = ("cuc thue", "co quan thue", "tong cuc thue")
"""Names of the tax authority, folded: the General Department until 2025, since then Cục Thuế."""
_LARGEST = 20_000
"""Base64 of a certificate, characters; real ones have about 2,000."""


@lru_cache(maxsize=2048)
def load(written: str) -> x509.Certificate:
    """A certificate from its Base64.

    Raises:
        UnusableError: `signatures.certificate-unreadable`; `signatures.weak-key` (bits).
    """
    if len(written) > _LARGEST:
        raise UnusableError("signatures.certificate-unreadable")
    try:
        der = base64.b64decode("".join(written.split()), validate=True)
        certificate = x509.load_der_x509_certificate(der)
        key = certificate.public_key()
        facts_of(certificate)
    except (ValueError, binascii.Error, UnsupportedAlgorithm) as error:
        raise UnusableError("signatures.certificate-unreadable") from error
    if isinstance(key, rsa.RSAPublicKey) and key.key_size < MIN_RSA_BITS:
        raise UnusableError("signatures.weak-key", bits=key.key_size)
    if not isinstance(key, rsa.RSAPublicKey | ec.EllipticCurvePublicKey):
        raise UnusableError("signatures.algorithm", name=type(key).__name__)
    return certificate


@lru_cache(maxsize=2048)
def facts_of(certificate: x509.Certificate) -> CertificateFacts:
    return CertificateFacts(
        subject=certificate.subject.rfc4514_string()[:500],
        issuer=certificate.issuer.rfc4514_string()[:500],
        tax_codes=_tax_codes(certificate.subject),
        fingerprint=certificate.fingerprint(hashes.SHA256()).hex(),
        valid_from=certificate.not_valid_before_utc,
        valid_to=certificate.not_valid_after_utc,
    )


def _tax_codes(subject: x509.Name) -> tuple[str, ...]:
    values = (str(a.value) for oid in _NAMING for a in subject.get_attributes_for_oid(oid))
    found = (match[1] for value in values for match in _TAX_CODE.finditer(value))
    return tuple(dict.fromkeys(_hyphenated(code) for code in found))


def _hyphenated(code: str) -> str:
    return f"{code[:10]}-{code[10:]}" if len(code) == 13 else code


@lru_cache(maxsize=2048)
def names_tax_authority(certificate: x509.Certificate) -> bool:
    """Whether the subject's name is the tax authority's; the issuer vouches for it, not we."""
    oids = (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME)
    names = [str(a.value) for oid in oids for a in certificate.subject.get_attributes_for_oid(oid)]
    return any(fold(name).startswith(_AUTHORITY) for name in names)


def is_valid_at(certificate: x509.Certificate, at: datetime) -> bool:
    return certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc
