"""What can be said of a signature: one of seven states, and notes with the evidence.

| state | says |
|---|---|
| intact_trusted | nothing was changed, the signer is the right one, its issuer is trusted here |
| intact_untrusted | nothing was changed; whose certificate it is, is not proven here |
| reformatted | intact once the blank text between elements is left out |
| broken | what is there is not what was signed, or it cannot be checked |
| ambiguous | an Id or the content is there more than once: it could be read in two ways |
| unsigned | no signature, which is lawful for cash registers |
| wrong_signer | intact, but the certificate is not the seller's |

A state is about a file and a certificate, never about goods. Revocation is not looked up.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class SignatureRole(StrEnum):
    SELLER = "seller"
    """DSCKS/NBan."""
    AUTHORITY = "authority"
    """DSCKS/CQT, the tax authority, on invoices with its code."""


class SignatureState(StrEnum):
    INTACT_TRUSTED = "intact_trusted"
    INTACT_UNTRUSTED = "intact_untrusted"
    REFORMATTED = "reformatted"
    BROKEN = "broken"
    AMBIGUOUS = "ambiguous"
    UNSIGNED = "unsigned"
    WRONG_SIGNER = "wrong_signer"


BEST_FIRST = (
    SignatureState.INTACT_TRUSTED, SignatureState.INTACT_UNTRUSTED, SignatureState.REFORMATTED,
    SignatureState.UNSIGNED, SignatureState.WRONG_SIGNER, SignatureState.AMBIGUOUS,
    SignatureState.BROKEN,
)  # fmt: skip
"""Which of several copies of one content speaks for it: whoever signs an unsigned copy in
another's name says nothing against the seller."""

NOTES = (
    "signatures.unsigned",
    "signatures.unsigned-cash-register",
    "signatures.unsigned-no-code",
    "signatures.changed",
    "signatures.unreadable",
    "signatures.algorithm",
    "signatures.weak-key",
    "signatures.not-covered",
    "signatures.code-not-covered",
    "signatures.several",
    "signatures.repeated-id",
    "signatures.wrapped",
    "signatures.no-certificate",
    "signatures.certificate-unreadable",
    "signatures.reformatted",
    "signatures.enveloped-on-object",
    "signatures.sha1",
    "signatures.sha1-refused",
    "signatures.other-signer",
    "signatures.unnamed-signer",
    "signatures.head-office",
    "signatures.unnamed-authority",
    "signatures.trusted",
    "signatures.untrusted",
    "signatures.no-trust-store",
    "signatures.outside-validity",
    "signatures.no-time",
    "signatures.revocation-unchecked",
)
"""Every code of a note: the list that needs a sentence in each language."""


@dataclass(frozen=True, slots=True)
class Note:
    """One statement that led to the state, with its evidence."""

    code: str
    """One of `NOTES`."""
    arguments: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CertificateFacts:
    """The certificate in a signature, in words and dates."""

    subject: str
    """RFC 4514."""
    issuer: str
    tax_codes: tuple[str, ...]
    """Tax codes and personal numbers that the subject names."""
    fingerprint: str
    """SHA-256 of the certificate, hexadecimal."""
    valid_from: datetime
    valid_to: datetime


@dataclass(frozen=True, slots=True)
class Signature:
    """What was found out about the signature of one side."""

    role: SignatureRole
    state: SignatureState
    notes: tuple[Note, ...] = ()
    signed_at: datetime | None = None
    """As the signer says, from a part that the signature covers; None where there is none."""
    certificate: CertificateFacts | None = None
