"""Taking invoices in: each file is read, checked, and kept byte for byte; or refused as a whole.

A file is read completely before anything of it is written, so a refused one leaves nothing
behind and the others go on. Writers queue (`repository.lock`), which makes "is this invoice
new?" and "has its replacement come?" safe questions.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from sqlmodel import Session

from traceability import audit
from traceability.actor import MEMBERS, Actor, Role
from traceability.audit import AuditAction
from traceability.errors import ForbiddenError
from traceability.invoices import ledger, repository
from traceability.invoices.archive import Archive, is_archive
from traceability.invoices.errors import InvoiceError, refusal
from traceability.invoices.intake_rows import document_row, invoice_row, line_row
from traceability.invoices.link_repository import ItemCode
from traceability.invoices.linking import Linker
from traceability.invoices.reading import InvoiceData, SignedInvoice, read_signed
from traceability.invoices.repository import KnownInvoice, Row
from traceability.invoices.signatures import repository as signature_repository
from traceability.invoices.signatures.states import Signature
from traceability.invoices.signatures.trust import TrustStore
from traceability.invoices.symbol import InvoiceKey

BATCH = 200
"""Files written together."""
BATCH_BYTES = 16_000_000
"""And about as many bytes: read, they take ten times as much memory."""


@dataclass(frozen=True, slots=True)
class ImportedLine:
    name: str
    quantity: Decimal | None
    unit: str | None
    gtin: str | None
    product_id: int | None


@dataclass(frozen=True, slots=True)
class ImportedInvoice:
    """An invoice that is now on record."""

    id: int
    file: str
    key: InvoiceKey
    issued_on: date
    lines: tuple[ImportedLine, ...]
    signatures: tuple[Signature, ...]
    """The seller's and the tax authority's, as this file carries them."""


@dataclass(frozen=True, slots=True)
class DuplicateInvoice:
    """An invoice whose key was on record already."""

    id: int | None
    """The invoice on record; None when this actor may not see it."""
    file: str
    key: InvoiceKey
    issued_on: date
    same_content: bool
    """A resend; if False another document claims the key, and is kept as evidence."""
    signatures: tuple[Signature, ...]
    """Of this file, which need not be those of the invoice on record."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """A file of which nothing was stored, and why."""

    file: str
    code: str
    arguments: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ImportResult:
    imported: list[ImportedInvoice] = field(default_factory=list)
    duplicates: list[DuplicateInvoice] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _File:
    """A file that was read: all its invoices are fit to be stored."""

    name: str
    content: bytes
    digest: str
    signed: tuple[SignedInvoice, ...]

    @property
    def invoices(self) -> tuple[InvoiceData, ...]:
        return tuple(signed.invoice for signed in self.signed)


@dataclass(frozen=True, slots=True)
class _Fresh:
    """An invoice whose key is new, and the file that brought it first."""

    file: str
    signed: SignedInvoice

    @property
    def invoice(self) -> InvoiceData:
        return self.signed.invoice


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
    batch: list[_File] = []
    for name, content in _unpacked(files, result.rejected):
        try:
            batch.append(_read(name, content, scope, trust))
        except InvoiceError as error:
            result.rejected.append(Rejected(name, error.code, error.arguments))
        if len(batch) >= BATCH or sum(len(file.content) for file in batch) >= BATCH_BYTES:
            _store(session, actor, scope, batch, result)
            batch = []
    _store(session, actor, scope, batch, result)
    return result


@dataclass(frozen=True, slots=True)
class ReadFiles:
    """Files that were read and checked, and not stored yet."""

    scope: "_Scope"
    files: "list[_File]"
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
    _store(session, actor, read.scope, read.files, result)
    return result


@dataclass(frozen=True, slots=True)
class _Scope:
    """Whose invoices an actor may bring."""

    everybodys: bool
    tax_code: str | None

    def holds(self, *sides: str | None) -> bool:
        return self.everybodys or (self.tax_code is not None and self.tax_code in sides)


def _scope(session: Session, actor: Actor) -> _Scope:
    if actor.role in {Role.ANONYMOUS, Role.AUDITOR}:
        raise ForbiddenError("invoices.import-forbidden", role=actor.role.value)
    if actor.role in MEMBERS:
        return _Scope(False, repository.tax_code_of(session, actor.party_id))
    return _Scope(True, None)


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


def _read(name: str, content: bytes, scope: _Scope, trust: TrustStore) -> _File:
    found = tuple(read_signed(content, trust))
    for signed in found:
        invoice = signed.invoice
        if not scope.holds(invoice.key.seller_tax_code, invoice.buyer_tax_code):
            raise refusal("invoices.not-yours", invoice=invoice.key.written)
    return _File(name, content, hashlib.sha256(content).hexdigest(), found)


def _store(
    session: Session, actor: Actor, scope: _Scope, files: list[_File], result: ImportResult
) -> None:
    """Write the new documents, invoices and lines of a batch, in a few statements for all."""
    keys = {invoice.key for file in files for invoice in file.invoices}
    known = repository.known_invoices(session, keys)
    fresh: dict[InvoiceKey, _Fresh] = {}
    for file in files:
        for signed in file.signed:
            key = signed.invoice.key
            if key not in known and key not in fresh:
                fresh[key] = _Fresh(file.name, signed)
    rows = [invoice_row(new.invoice, actor) for new in fresh.values()]
    for new, invoice_id in zip(fresh.values(), repository.add_invoices(session, rows), strict=True):
        known[new.invoice.key] = _known(new.invoice, invoice_id)
    _keep_documents(session, actor, files, known)
    result.imported.extend(_add_lines(session, fresh, known))
    replaced = _mark_replaced(session, fresh, known)
    ledger.apply(session, replaced)
    subjects = [f"invoice:{known[key].id}" for key in fresh]
    audit.record_each(session, actor, AuditAction.INVOICE_IMPORTED, subjects)
    result.duplicates.extend(_duplicates(scope, files, fresh, known))
    session.flush()


def _known(invoice: InvoiceData, invoice_id: int) -> KnownInvoice:
    return KnownInvoice(
        invoice_id, invoice.content_digest, invoice.key.seller_tax_code, invoice.buyer_tax_code
    )


def _keep_documents(
    session: Session, actor: Actor, files: list[_File], known: dict[InvoiceKey, KnownInvoice]
) -> None:
    """Keep each file whose bytes are not on record, and say which invoices it carries."""
    on_record = repository.known_documents(session, {file.digest for file in files})
    new = {file.digest: file for file in files if file.digest not in on_record}
    rows = [document_row(file.name, file.content, file.digest, actor) for file in new.values()]
    document_ids = repository.add_documents(session, rows)
    sources, signatures = [], []
    for file, document_id in zip(new.values(), document_ids, strict=True):
        for position, signed in enumerate(file.signed, 1):
            invoice = signed.invoice
            first = known[invoice.key]
            signatures += [
                signature_repository.row(document_id, position, first.id, signature)
                for signature in signed.signatures
            ]
            conflicting = first.content_digest != invoice.content_digest
            sources.append(
                {
                    "document_id": document_id,
                    "position": position,
                    "invoice_id": first.id,
                    "conflicting": conflicting,
                }
            )
            if conflicting:
                audit.record(
                    session, actor, AuditAction.INVOICE_CONFLICTED, f"invoice:{first.id}",
                    document=document_id,
                )  # fmt: skip
    repository.add_sources(session, sources)
    signature_repository.add(session, signatures)


def _add_lines(
    session: Session, fresh: dict[InvoiceKey, _Fresh], known: dict[InvoiceKey, KnownInvoice]
) -> list[ImportedInvoice]:
    lines = [(new.invoice, line) for new in fresh.values() for line in new.invoice.lines]
    linker = Linker.of(
        session,
        {line.gtin for _, line in lines if line.gtin and line.moves_goods},
        {ItemCode(i.key.seller_tax_code, line.item_code) for i, line in lines if line.item_code},
    )
    imported, rows = [], []
    for new in fresh.values():
        invoice_id = known[new.invoice.key].id
        own = [line_row(linker, invoice_id, new.invoice, line) for line in new.invoice.lines]
        rows.extend(own)
        imported.append(_imported(invoice_id, new, own))
    repository.add_lines(session, rows)
    ledger.apply_new(session, rows)
    return imported


def _imported(invoice_id: int, new: _Fresh, rows: list[Row]) -> ImportedInvoice:
    lines = tuple(
        ImportedLine(row["name"], row["quantity"], row["unit"], row["gtin"], row["product_id"])
        for row in rows
    )
    return ImportedInvoice(
        invoice_id, new.file, new.invoice.key, new.invoice.issued_on, lines, new.signed.signatures
    )


def _mark_replaced(
    session: Session, fresh: dict[InvoiceKey, _Fresh], known: dict[InvoiceKey, KnownInvoice]
) -> set[int]:
    """Mark what the new invoices replace; the ids of the invoices that count nothing now."""
    originals = set()
    for key, new in fresh.items():
        related = new.invoice.related
        if related is None or related.nature != "1" or related.number is None:
            continue
        original = InvoiceKey(
            key.seller_tax_code, related.form or "", related.symbol or "", related.number
        )
        if original != key:
            originals.add(original)
    return repository.mark_replaced(session, originals, [known[key].id for key in fresh])


def _duplicates(
    scope: _Scope,
    files: list[_File],
    fresh: dict[InvoiceKey, _Fresh],
    known: dict[InvoiceKey, KnownInvoice],
) -> Iterator[DuplicateInvoice]:
    for file in files:
        for signed in file.signed:
            invoice = signed.invoice
            new = fresh.get(invoice.key)
            if new is not None and new.signed is signed:
                continue
            first = known[invoice.key]
            visible = scope.holds(first.seller_tax_code, first.buyer_tax_code)
            yield DuplicateInvoice(
                first.id if visible else None, file.name, invoice.key, invoice.issued_on,
                first.content_digest == invoice.content_digest, signed.signatures,
            )  # fmt: skip
