"""A folder of PEM files that an operator wants to trust: read, looked over, loaded.

Every file ending in .pem, .crt or .cer is read; a file may hold several certificates. What is
wrong with one is a remark beside it: a file that is none, a certificate that may not issue others
or is out of date. Loading makes the store what the folder says, no more and no less.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from sqlmodel import Session, col

from traceability import audit
from traceability.actor import Actor
from traceability.audit import AuditAction
from traceability.clock import now
from traceability.errors import InvalidError
from traceability.invoices.signatures import repository
from traceability.invoices.signatures.certificates import facts_of, is_valid_at
from traceability.invoices.signatures.models import TrustedCertificate
from traceability.invoices.signatures.trust import may_issue

SUFFIXES = (".pem", ".crt", ".cer")
MAX_FILE_BYTES = 1_000_000
MAX_CERTIFICATES = 1000
REMARKS = (
    "trust.not-a-certificate",
    "trust.not-an-authority",
    "trust.not-yet-valid",
    "trust.expired",
    "trust.weak-key",
)
"""Every code of a remark: the list that needs a sentence in each language."""
_MIN_RSA_BITS = 2048


@dataclass(frozen=True, slots=True)
class Entry:
    """One certificate of the folder, or a file that holds none."""

    file_name: str
    certificate: x509.Certificate | None
    remarks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Loaded:
    """What loading a folder changed."""

    added: list[str]
    """Subjects."""
    removed: list[str]
    kept: int


def read_folder(folder: Path, at: datetime | None = None) -> list[Entry]:
    """Look a folder over, in order of file names.

    Raises:
        InvalidError: `trust.folder` (folder) when it is no folder or cannot be read,
            `trust.too-many` (limit).
    """
    try:
        files = sorted(path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES)
        entries = [entry for path in files for entry in _entries(path, at or now())]
    except OSError as error:
        raise InvalidError.of("folder", "trust.folder", folder=str(folder)) from error
    if len(entries) > MAX_CERTIFICATES:
        raise InvalidError.of("folder", "trust.too-many", limit=MAX_CERTIFICATES)
    return entries


def _entries(path: Path, at: datetime) -> Iterator[Entry]:
    with path.open("rb") as file:
        content = file.read(MAX_FILE_BYTES + 1)
    try:
        certificates = x509.load_pem_x509_certificates(content[:MAX_FILE_BYTES])
        for certificate in certificates:
            yield Entry(path.name, certificate, tuple(_remarks(certificate, at)))
    except ValueError:
        yield Entry(path.name, None, ("trust.not-a-certificate",))


def _remarks(certificate: x509.Certificate, at: datetime) -> Iterator[str]:
    key = certificate.public_key()
    if not may_issue(certificate):
        yield "trust.not-an-authority"
    if not is_valid_at(certificate, at):
        early = at < certificate.not_valid_before_utc
        yield "trust.not-yet-valid" if early else "trust.expired"
    weak = isinstance(key, rsa.RSAPublicKey) and key.key_size < _MIN_RSA_BITS
    if weak or not isinstance(key, rsa.RSAPublicKey | ec.EllipticCurvePublicKey):
        yield "trust.weak-key"


def load_folder(session: Session, actor: Actor, folder: Path) -> Loaded:
    """Make the trust store what the folder says; the caller commits.

    An expired authority is loaded too: what it issued in its time was signed in its time.

    Raises:
        InvalidError: as `read_folder`; `trust.empty` (folder) when there is no certificate in it.
    """
    wanted = {
        entry.certificate.fingerprint(hashes.SHA256()).hex(): (entry.file_name, entry.certificate)
        for entry in read_folder(folder)
        if entry.certificate is not None
    }
    if not wanted:
        raise InvalidError.of("folder", "trust.empty", folder=str(folder))
    known = {row.fingerprint: row.subject for row in repository.trusted(session)}
    removed = [subject for fingerprint, subject in known.items() if fingerprint not in wanted]
    session.execute(
        sa.delete(TrustedCertificate).where(
            col(TrustedCertificate.fingerprint).in_([f for f in known if f not in wanted])
        )
    )
    added = [
        _row(name, certificate)
        for fingerprint, (name, certificate) in wanted.items()
        if fingerprint not in known
    ]
    session.add_all(added)
    session.flush()
    loaded = Loaded([row.subject for row in added], removed, len(wanted) - len(added))
    if added or removed:
        audit.record(
            session, actor, AuditAction.TRUST_LOADED, "trust",
            added=[row.fingerprint for row in added],
            removed=[fingerprint for fingerprint in known if fingerprint not in wanted],
        )  # fmt: skip
    return loaded


def _row(file_name: str, certificate: x509.Certificate) -> TrustedCertificate:
    facts = facts_of(certificate)
    return TrustedCertificate(
        fingerprint=facts.fingerprint,
        subject=facts.subject,
        issuer=facts.issuer,
        valid_from=facts.valid_from,
        valid_to=facts.valid_to,
        der=certificate.public_bytes(Encoding.DER),
        file_name=file_name[-255:],
    )
