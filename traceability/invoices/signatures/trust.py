"""Who is trusted here: certificates of authorities that the operator has loaded, and no other.

The national root, the licensed authorities and the government's one are the operator's to fetch
and to check: nothing is trusted by itself. A certificate is trusted when it is in the store, or
when its issuer is, or when further certificates in the signature lead to one in the store; every
authority on the way was valid at the time of signing. Revocation is not looked up.
"""

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm

from traceability.invoices.signatures.certificates import facts_of, is_valid_at

MAX_STEPS = 4
"""Authorities between a holder and the store; Viet Nam's have one or two."""


class TrustStore:
    """The certificates that are trusted; empty for an installation that has loaded none."""

    def __init__(self, certificates: Iterable[x509.Certificate] = ()) -> None:
        self._by_name: dict[bytes, list[x509.Certificate]] = {}
        self._fingerprints: set[str] = set()
        for certificate in certificates:
            name = certificate.subject.public_bytes()
            self._by_name.setdefault(name, []).append(certificate)
            self._fingerprints.add(facts_of(certificate).fingerprint)
        self._issued: dict[tuple[x509.Certificate, x509.Certificate], bool] = {}

    def __len__(self) -> int:
        return len(self._fingerprints)

    def anchor(
        self,
        certificate: x509.Certificate,
        at: datetime,
        between: Iterable[x509.Certificate] = (),
    ) -> x509.Certificate | None:
        """The certificate of the store that vouches for this one at a time; None for none.

        Args:
            certificate: of the signer.
            at: when it signed.
            between: further certificates that the signature brings.
        """
        others = list(between)
        current = certificate
        for _ in range(MAX_STEPS):
            if facts_of(current).fingerprint in self._fingerprints:
                return current
            name = current.issuer.public_bytes()
            for candidate in self._by_name.get(name, ()):
                if self._vouches(candidate, current, at):
                    return candidate
            step = next((o for o in others if self._vouches(o, current, at)), None)
            if step is None:
                return None
            others.remove(step)
            current = step
        return None

    def _vouches(self, authority: x509.Certificate, holder: x509.Certificate, at: datetime) -> bool:
        if authority.subject != holder.issuer or not is_valid_at(authority, at):
            return False
        pair = (authority, holder)
        if pair not in self._issued:
            if len(self._issued) > 10_000:
                self._issued.clear()
            self._issued[pair] = may_issue(authority) and _issued_by(holder, authority)
        return self._issued[pair]


def may_issue(certificate: x509.Certificate) -> bool:
    """Whether it is an authority's: basic constraints say so, key usage does not deny it."""
    try:
        constraints = certificate.extensions.get_extension_for_class(x509.BasicConstraints)
        if not constraints.value.ca:
            return False
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage)
    except x509.ExtensionNotFound as error:
        return error.oid == x509.KeyUsage.oid
    except ValueError:
        return False
    return usage.value.key_cert_sign


def _issued_by(holder: x509.Certificate, authority: x509.Certificate) -> bool:
    try:
        holder.verify_directly_issued_by(authority)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return True


@lru_cache(maxsize=4)
def store_of(certificates: frozenset[bytes]) -> TrustStore:
    """The store of these certificates (DER), kept while they stay the same."""
    return TrustStore(x509.load_der_x509_certificate(der) for der in certificates)


NOBODY = TrustStore()
"""The store of an installation that has loaded nothing."""
