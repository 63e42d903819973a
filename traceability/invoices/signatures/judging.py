"""Of a signature that is intact: who made it, when, with what, and is the issuer trusted here.

The state is the worst of what is found, in this order: the certificate is not the seller's; the
file was reformatted; something keeps it from being trusted; trusted.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography import x509

from traceability.clock import VIETNAM
from traceability.invoices.signatures.algorithms import sha1_policy, uses_sha1
from traceability.invoices.signatures.certificates import (
    facts_of,
    is_valid_at,
    names_tax_authority,
)
from traceability.invoices.signatures.states import (
    CertificateFacts,
    Note,
    Signature,
    SignatureRole,
    SignatureState,
)
from traceability.invoices.signatures.trust import TrustStore


@dataclass(frozen=True, slots=True)
class Finding:
    """An intact signature, not yet judged."""

    role: SignatureRole
    certificates: tuple[x509.Certificate, ...]
    """The signer's first."""
    written_time: str | None
    algorithms: tuple[str, ...]
    notes: tuple[Note, ...]

    @staticmethod
    def facts(certificate: x509.Certificate) -> CertificateFacts:
        return facts_of(certificate)


def judge(finding: Finding, seller_tax_code: str, trust: TrustStore) -> Signature:
    """The state of an intact signature, with every note that led to it."""
    signer = finding.certificates[0]
    signed_at = signing_time(finding.written_time)
    wrong, about_signer = _signer(finding.role, signer, seller_tax_code)
    doubts, remarks = _trusted(finding, signed_at, trust)
    sha1_doubts, sha1_remarks = _sha1(finding, signed_at)
    notes = (*finding.notes, *about_signer, *doubts, *sha1_doubts, *sha1_remarks, *remarks)
    if wrong:
        state = SignatureState.WRONG_SIGNER
    elif any(note.code == "signatures.reformatted" for note in finding.notes):
        state = SignatureState.REFORMATTED
    elif doubts or sha1_doubts or any(n.code in _UNPROVEN for n in notes):
        state = SignatureState.INTACT_UNTRUSTED
    else:
        state = SignatureState.INTACT_TRUSTED
    return Signature(finding.role, state, notes, signed_at, facts_of(signer))


_UNPROVEN = frozenset({"signatures.unnamed-authority", "signatures.code-not-covered"})
"""The signature is intact, but does not prove what an authority's should."""


def signing_time(written: str | None) -> datetime | None:
    """The time in UTC; without a zone it is Vietnam's, as the format writes it.

    >>> signing_time("2026-08-03T09:00:00").isoformat()
    '2026-08-03T02:00:00+00:00'
    >>> signing_time("2026-08-03T09:00:00Z").isoformat()
    '2026-08-03T09:00:00+00:00'
    """
    try:
        found = datetime.fromisoformat(written or "")
        zoned = found if found.tzinfo else found.replace(tzinfo=VIETNAM)
        return zoned.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _signer(
    role: SignatureRole, signer: x509.Certificate, seller: str
) -> tuple[bool, tuple[Note, ...]]:
    """Whether the certificate is another's, and what is to be said of it."""
    named = facts_of(signer).tax_codes
    if role is SignatureRole.AUTHORITY:
        if seller in named:
            return True, (Note("signatures.other-signer", {"named": seller, "expected": "CQT"}),)
        known = names_tax_authority(signer)
        return False, () if known else (Note("signatures.unnamed-authority"),)
    if seller in named:
        return False, ()
    if seller[:10] in named and "-" in seller:
        return False, (Note("signatures.head-office", {"named": seller[:10]}),)
    if not named:
        return True, (Note("signatures.unnamed-signer", {"expected": seller}),)
    evidence = {"named": ", ".join(named), "expected": seller}
    return True, (Note("signatures.other-signer", evidence),)


def _trusted(
    finding: Finding, signed_at: datetime | None, trust: TrustStore
) -> tuple[tuple[Note, ...], tuple[Note, ...]]:
    """What keeps the signature from being trusted, and what is said beside it."""
    signer, *between = finding.certificates
    if signed_at is None:
        return (Note("signatures.no-time"),), ()
    if not is_valid_at(signer, signed_at):
        facts = facts_of(signer)
        dates = {"valid_from": facts.valid_from.date(), "valid_to": facts.valid_to.date()}
        return (Note("signatures.outside-validity", dates),), ()
    if not len(trust):
        return (Note("signatures.no-trust-store", {"issuer": facts_of(signer).issuer}),), ()
    anchor = trust.anchor(signer, signed_at, between)
    if anchor is None:
        return (Note("signatures.untrusted", {"issuer": facts_of(signer).issuer}),), ()
    return (), (
        Note("signatures.trusted", {"issuer": facts_of(anchor).subject}),
        Note(_REVOCATION),
    )


_REVOCATION = "signatures.revocation-unchecked"


def _sha1(
    finding: Finding, signed_at: datetime | None
) -> tuple[tuple[Note, ...], tuple[Note, ...]]:
    if not uses_sha1(finding.algorithms) or signed_at is None:
        return (), ()
    policy = sha1_policy(signed_at.astimezone(VIETNAM).date())
    if policy.accepted:
        return (), (Note("signatures.sha1", {"valid_to": policy.valid_to}),)
    return (Note("signatures.sha1-refused", {"valid_from": policy.valid_from}),), ()
