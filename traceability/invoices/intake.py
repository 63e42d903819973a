"""Taking invoices in: each file is read, checked, and kept byte for byte; or refused as a whole.

A file is read completely before anything of it is written, so a refused one leaves nothing
behind and the others go on. Writers queue (`repository.lock`), which makes "is this invoice
new?" and "has its replacement come?" safe questions.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlmodel import Session

from traceability.actor import MEMBERS, Actor, Role
from traceability.errors import ForbiddenError
from traceability.invoices import repository
from traceability.invoices.archive import Archive, is_archive
from traceability.invoices.errors import InvoiceError, refusal
from traceability.invoices.intake_results import ImportResult, Rejected
from traceability.invoices.reading import read_signed
from traceability.invoices.signatures import repository as signature_repository
from traceability.invoices.signatures.trust import TrustStore
from traceability.invoices.storing import ReadFile, Scope, store

BATCH = 200
"""Files written together."""
BATCH_BYTES = 16_000_000
"""And about as many bytes: read, they take ten times as much memory."""


def import_files(
    session: Session, actor: Actor, files: Iterable[tuple[str, bytes]]
) -> ImportResult:
    """Take in e-invoices: XML files, and ZIPs of them.

    Args:
        session: a writing session; the caller commits.
        actor: who brings them. Members of a producer or shop may bring only invoices in which
            their own organisation sells or buys.
        files: names and contents.

    Raises:
        ForbiddenError: `invoices.import-forbidden` for auditors and the public.
    """
    scope = _scope(session, actor)
    repository.lock(session)
    trust = signature_repository.trust_store(session)
    result = ImportResult()
    batch: list[ReadFile] = []
    for name, content in _unpacked(files, result.rejected):
        try:
            batch.append(_read(name, content, scope, trust))
        except InvoiceError as error:
            result.rejected.append(Rejected(name, error.code, error.arguments))
        if len(batch) >= BATCH or sum(len(file.content) for file in batch) >= BATCH_BYTES:
            store(session, actor, scope, batch, result)
            batch = []
    store(session, actor, scope, batch, result)
    return result


@dataclass(frozen=True, slots=True)
class ReadFiles:
    """Files that were read and checked, and not stored yet."""

    scope: Scope
    files: list[ReadFile]
    rejected: list[Rejected]


def read_files(session: Session, actor: Actor, files: Iterable[tuple[str, bytes]]) -> ReadFiles:
    """Read a batch of XML files, before a writing transaction begins.

    Raises:
        ForbiddenError: `invoices.import-forbidden` for auditors and the public.
    """
    read = ReadFiles(_scope(session, actor), [], [])
    trust = signature_repository.trust_store(session)
    for name, content in files:
        try:
            read.files.append(_read(name, content, read.scope, trust))
        except InvoiceError as error:
            read.rejected.append(Rejected(name, error.code, error.arguments))
    return read


def store_files(session: Session, actor: Actor, read: ReadFiles) -> ImportResult:
    """Store what was read, in the caller's transaction."""
    repository.lock(session)
    result = ImportResult(rejected=read.rejected)
    store(session, actor, read.scope, read.files, result)
    return result


def _scope(session: Session, actor: Actor) -> Scope:
    if actor.role in {Role.ANONYMOUS, Role.AUDITOR}:
        raise ForbiddenError("invoices.import-forbidden", role=actor.role.value)
    if actor.role in MEMBERS:
        return Scope(False, repository.tax_code_of(session, actor.party_id))
    return Scope(True, None)


def _unpacked(
    files: Iterable[tuple[str, bytes]], rejected: list[Rejected]
) -> Iterator[tuple[str, bytes]]:
    for name, content in files:
        if not is_archive(content):
            yield name, content
            continue
        try:
            archive = Archive(content)
        except InvoiceError as error:
            rejected.append(Rejected(name, error.code, error.arguments))
            continue
        for member in archive.members():
            if member.error is None:
                yield f"{name}/{member.name}", member.content
            else:
                code, arguments = member.error.code, member.error.arguments
                rejected.append(Rejected(f"{name}/{member.name}", code, arguments))


def _read(name: str, content: bytes, scope: Scope, trust: TrustStore) -> ReadFile:
    found = tuple(read_signed(content, trust))
    for signed in found:
        invoice = signed.invoice
        if not scope.holds(invoice.key.seller_tax_code, invoice.buyer_tax_code):
            raise refusal("invoices.not-yours", invoice=invoice.key.written)
    return ReadFile(name, content, hashlib.sha256(content).hexdigest(), found)
