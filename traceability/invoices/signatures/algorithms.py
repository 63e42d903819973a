"""Which algorithms a signature may use, from which day to which, and by which source.

SHA-1 still occurs on invoices. It is taken as intact and said aloud until the day by which NIST
retires it; a signature that claims a later day is not intact any more.

>>> sha1_policy(date(2026, 8, 10)).accepted, sha1_policy(date(2031, 1, 1)).accepted
(True, False)
"""

from dataclasses import dataclass
from datetime import date

_DSIG = "http://www.w3.org/2000/09/xmldsig#"
_MORE = "http://www.w3.org/2001/04/xmldsig-more#"
_ENC = "http://www.w3.org/2001/04/xmlenc#"
ENVELOPED = f"{_DSIG}enveloped-signature"

CANONICAL = frozenset(
    {
        "http://www.w3.org/TR/2001/REC-xml-c14n-20010315",
        "http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments",
        "http://www.w3.org/2001/10/xml-exc-c14n#",
        "http://www.w3.org/2001/10/xml-exc-c14n#WithComments",
        "http://www.w3.org/2006/12/xml-c14n11",
        "http://www.w3.org/2006/12/xml-c14n11#WithComments",
    }
)
TRANSFORMS = CANONICAL | {ENVELOPED}
"""No other: XSLT and XPath compute anything, and make the signed part another than it seems."""
SIGNATURES = frozenset(
    {f"{_DSIG}rsa-sha1", f"{_MORE}rsa-sha256", f"{_MORE}rsa-sha384", f"{_MORE}rsa-sha512"}
    | {f"{_MORE}ecdsa-sha256", f"{_MORE}ecdsa-sha384", f"{_MORE}ecdsa-sha512"}
)
"""With a key pair: under HMAC the certificate's public key would be the secret."""
DIGESTS = frozenset(
    {f"{_DSIG}sha1", f"{_ENC}sha256", f"{_MORE}sha384", f"{_ENC}sha512"}
)  # fmt: skip
MIN_RSA_BITS = 1024
"""Below it a key can be computed from the certificate by anybody who tries."""


def uses_sha1(algorithms: tuple[str, ...]) -> bool:
    return any(algorithm.endswith("sha1") for algorithm in algorithms)


@dataclass(frozen=True, slots=True)
class Sha1Policy:
    """How SHA-1 is treated in signatures of these days."""

    valid_from: date
    valid_to: date
    """The last day."""
    accepted: bool
    source: str


SHA1_POLICIES = (
    Sha1Policy(
        date.min, date(2030, 12, 31), accepted=True,
        source="NIST, 15 December 2022: SHA-1 is retired by 31 December 2030",
    ),
    Sha1Policy(
        date(2031, 1, 1), date.max, accepted=False,
        source="NIST, 15 December 2022: SHA-1 is retired by 31 December 2030",
    ),
)  # fmt: skip


def sha1_policy(signed_on: date) -> Sha1Policy:
    return next(p for p in SHA1_POLICIES if p.valid_from <= signed_on <= p.valid_to)
