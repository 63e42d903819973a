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
from traceability.clock import now
from traceability.errors import ForbiddenError
from traceability.invoices import repository
from traceability.invoices.archive import Archive, is_archive
from traceability.invoices.errors import InvoiceError, refusal
from traceability.invoices.link_repository import ItemCode
from traceability.invoices.linking import Linker
from traceability.invoices.reading import InvoiceData, LineData, read_invoices
from traceability.invoices.repository import KnownInvoice, Row
from traceability.invoices.symbol import InvoiceKey

BATCH = 200
"""Files written together."""


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
    invoices: tuple[InvoiceData, ...]


@dataclass(frozen=True, slots=True)
class _Fresh:
    """An invoice whose key is new, and the file that brought it first."""

    file: str
    invoice: InvoiceData


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
    result = ImportResult()
    batch: list[_File] = []
    for name, content in _unpacked(files, result.rejected):
        try:
            batch.append(_read(name, content, scope))
        except InvoiceError as error:
            result.rejected.append(Rejected(name, error.code, error.arguments))
        if len(batch) >= BATCH:
            _store(session, actor, scope, batch, result)
            batch = []
    _store(session, actor, scope, batch, result)
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


def _read(name: str, content: bytes, scope: _Scope) -> _File:
    invoices = tuple(read_invoices(content))
    for invoice in invoices:
        if not scope.holds(invoice.key.seller_tax_code, invoice.buyer_tax_code):
            raise refusal("invoices.not-yours", invoice=invoice.key.written)
    return _File(name, content, hashlib.sha256(content).hexdigest(), invoices)


def _store(
    session: Session, actor: Actor, scope: _Scope, files: list[_File], result: ImportResult
) -> None:
    """Write the new documents, invoices and lines of a batch, in a few statements for all."""
    keys = {invoice.key for file in files for invoice in file.invoices}
    known = repository.known_invoices(session, keys)
    fresh: dict[InvoiceKey, _Fresh] = {}
    for file in files:
        for invoice in file.invoices:
            if invoice.key not in known and invoice.key not in fresh:
                fresh[invoice.key] = _Fresh(file.name, invoice)
    rows = [_invoice_row(new.invoice, actor) for new in fresh.values()]
    for new, invoice_id in zip(fresh.values(), repository.add_invoices(session, rows), strict=True):
        known[new.invoice.key] = _known(new.invoice, invoice_id)
    _keep_documents(session, actor, files, known)
    result.imported.extend(_add_lines(session, fresh, known))
    _mark_replaced(session, fresh, known)
    for new in fresh.values():
        subject = f"invoice:{known[new.invoice.key].id}"
        audit.record(session, actor, AuditAction.INVOICE_IMPORTED, subject)
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
    rows = [_document_row(file, actor) for file in new.values()]
    document_ids = repository.add_documents(session, rows)
    sources = []
    for file, document_id in zip(new.values(), document_ids, strict=True):
        for position, invoice in enumerate(file.invoices, 1):
            first = known[invoice.key]
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
        own = [_line_row(linker, invoice_id, new.invoice, line) for line in new.invoice.lines]
        rows.extend(own)
        imported.append(_imported(invoice_id, new, own))
    repository.add_lines(session, rows)
    return imported


def _imported(invoice_id: int, new: _Fresh, rows: list[Row]) -> ImportedInvoice:
    lines = tuple(
        ImportedLine(row["name"], row["quantity"], row["unit"], row["gtin"], row["product_id"])
        for row in rows
    )
    return ImportedInvoice(invoice_id, new.file, new.invoice.key, new.invoice.issued_on, lines)


def _mark_replaced(
    session: Session, fresh: dict[InvoiceKey, _Fresh], known: dict[InvoiceKey, KnownInvoice]
) -> None:
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
    repository.mark_replaced(session, originals, [known[key].id for key in fresh])


def _duplicates(
    scope: _Scope,
    files: list[_File],
    fresh: dict[InvoiceKey, _Fresh],
    known: dict[InvoiceKey, KnownInvoice],
) -> Iterator[DuplicateInvoice]:
    for file in files:
        for invoice in file.invoices:
            new = fresh.get(invoice.key)
            if new is not None and new.invoice is invoice:
                continue
            first = known[invoice.key]
            visible = scope.holds(first.seller_tax_code, first.buyer_tax_code)
            yield DuplicateInvoice(
                first.id if visible else None, file.name, invoice.key, invoice.issued_on,
                first.content_digest == invoice.content_digest,
            )  # fmt: skip


def _invoice_row(invoice: InvoiceData, actor: Actor) -> Row:
    related = invoice.related
    return {
        "seller_tax_code": invoice.key.seller_tax_code,
        "form": invoice.key.form,
        "symbol": invoice.key.symbol,
        "number": invoice.key.number,
        "issued_on": invoice.issued_on,
        "format_version": invoice.format_version,
        "seller_name": invoice.seller_name,
        "seller_address": invoice.seller_address,
        "buyer_tax_code": invoice.buyer_tax_code,
        "buyer_name": invoice.buyer_name,
        "currency": invoice.currency,
        "net_total": invoice.net_total,
        "tax_total": invoice.tax_total,
        "total": invoice.total,
        "authority_code": invoice.authority_code,
        "qr_text": invoice.qr_text,
        "relation": related.nature if related else None,
        "related_form": related.form if related else None,
        "related_symbol": related.symbol if related else None,
        "related_number": related.number if related else None,
        "replaced": False,
        "content_digest": invoice.content_digest,
        "received_at": now(),
        "received_from_id": actor.party_id,
    }


def _document_row(file: _File, actor: Actor) -> Row:
    return {
        "digest": file.digest,
        "file_name": "".join(c for c in file.name if c.isprintable())[-255:],
        "content": file.content,
        "received_at": now(),
        "received_from_id": actor.party_id,
    }


def _line_row(linker: Linker, invoice_id: int, invoice: InvoiceData, line: LineData) -> Row:
    code = ItemCode(invoice.key.seller_tax_code, line.item_code) if line.item_code else None
    link = linker.resolve(code, line.unit, line.gtin, line.quantity) if line.moves_goods else None
    return {
        "invoice_id": invoice_id,
        "position": line.position,
        "nature": line.nature,
        "item_code": line.item_code,
        "name": line.name,
        "unit": line.unit,
        "quantity": line.quantity,
        "unit_price": line.unit_price,
        "discount": line.discount,
        "amount": line.amount,
        "vat_rate": line.vat_rate,
        "gtin": line.gtin,
        "product_id": link.product_id if link else None,
        "base_quantity": link.base_quantity if link else None,
        "seller_tax_code": invoice.key.seller_tax_code,
        "buyer_tax_code": invoice.buyer_tax_code,
        "issued_on": invoice.issued_on,
    }
