"""Writing a batch of files that were read: documents, invoices, lines, in a few statements for all.

Everything here runs in one transaction under `repository.lock`. Under one number at most one
document speaks (`standing`): of those of a batch and the one on record the first that is intact,
else the first. What an earlier one had brought into lines, relations and ledger then goes; its
file stays, and is a conflict.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlmodel import Session

from traceability import audit
from traceability.actor import Actor
from traceability.audit import AuditAction
from traceability.invoices import ledger, relation_repository, repository
from traceability.invoices.intake_results import (
    DuplicateInvoice,
    ImportedInvoice,
    ImportedLine,
    ImportResult,
)
from traceability.invoices.intake_rows import (
    content_values,
    document_row,
    invoice_row,
    line_row,
    relation_rows,
)
from traceability.invoices.link_repository import ItemCode
from traceability.invoices.linking import Linker
from traceability.invoices.logged import facts_of
from traceability.invoices.reading import InvoiceData, SignedInvoice
from traceability.invoices.repository import KnownInvoice, Row
from traceability.invoices.signatures import repository as signature_repository
from traceability.invoices.standing import POLICY, best, is_intact
from traceability.invoices.symbol import InvoiceKey
from traceability.transparency import log
from traceability.transparency.models import LeafKind


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose invoices an actor may bring."""

    everybodys: bool
    tax_code: str | None

    def holds(self, *sides: str | None) -> bool:
        return self.everybodys or (self.tax_code is not None and self.tax_code in sides)


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A file that was read: all its invoices are fit to be stored."""

    name: str
    content: bytes
    digest: str
    """SHA-256, hexadecimal."""
    signed: tuple[SignedInvoice, ...]


@dataclass(frozen=True, slots=True)
class Speaking:
    """The document that an invoice is read from, and the file that brings it."""

    file: str
    signed: SignedInvoice
    state: str
    """Of the seller's signature, on the best copy of this content."""

    @property
    def invoice(self) -> InvoiceData:
        return self.signed.invoice

    @property
    def counts(self) -> bool:
        return POLICY.counts(self.state)


def state_of(signed: SignedInvoice) -> str:
    """State of the seller's signature."""
    return signed.signatures[0].state.value


def store(
    session: Session, actor: Actor, scope: Scope, files: list[ReadFile], result: ImportResult
) -> None:
    """Write what is new in a batch, and add what came of it to the result."""
    copies = _by_key(files)
    known = repository.known_invoices(session, copies)
    speaking = {
        key: found for key, those in copies.items() if (found := choose(those, known.get(key)))
    }
    fresh = {key: found for key, found in speaking.items() if key not in known}
    taking = {key: known[key] for key in speaking if key in known}
    better = _better_copies(copies, speaking, known)
    _add_invoices(session, actor, fresh, known)
    on_record = repository.known_documents(session, {file.digest for file in files})
    repository.note_content(session, _contents(files, on_record, taking))
    doubtful = take_over(session, actor, speaking, taking, known)
    new = {file.digest: file for file in files if file.digest not in on_record}
    _keep_documents(session, actor, list(new.values()), known)
    doubtful |= note_states(session, better)
    result.imported.extend(add_content(session, speaking, known, taking))
    settle(session, {known[key].id for key in speaking} | doubtful, doubtful)
    _record(session, actor, fresh, taking, known)
    result.duplicates.extend(_duplicates(scope, files, speaking, known))
    session.flush()


def _by_key(files: list[ReadFile]) -> dict[InvoiceKey, list[tuple[str, SignedInvoice]]]:
    """The documents under each number, with the names of their files, in the order of arrival."""
    found: dict[InvoiceKey, list[tuple[str, SignedInvoice]]] = {}
    for file in files:
        for signed in file.signed:
            found.setdefault(signed.invoice.key, []).append((file.name, signed))
    return found


def choose(
    copies: list[tuple[str, SignedInvoice]], on_record: KnownInvoice | None
) -> Speaking | None:
    """Which of the documents the invoice is to be read from; None to leave it as it is on record.

    Args:
        copies: documents of one number, in the order of arrival.
        on_record: what is on record under the number.
    """
    symbol = copies[0][1].invoice.key.symbol
    if on_record is not None and is_intact(on_record.seller_signature, symbol):
        return None
    intact = [copy for copy in copies if is_intact(state_of(copy[1]), symbol)]
    if on_record is not None and not intact:
        return None
    file, signed = (intact or copies)[0]
    if on_record is not None and signed.invoice.content_digest == on_record.content_digest:
        return None
    digest = signed.invoice.content_digest
    states = [state_of(copy) for _, copy in copies if copy.invoice.content_digest == digest]
    return Speaking(file, signed, best(states))


def _better_copies(
    copies: Mapping[InvoiceKey, list[tuple[str, SignedInvoice]]],
    speaking: Mapping[InvoiceKey, Speaking],
    known: Mapping[InvoiceKey, KnownInvoice],
) -> dict[int, tuple[str, SignedInvoice]]:
    """Copies of the very content on record whose signature is worth more, by invoice id."""
    found: dict[int, tuple[str, SignedInvoice]] = {}
    for key, on_record in known.items():
        if key in speaking:
            continue
        state = on_record.seller_signature
        for _, signed in copies[key]:
            same = signed.invoice.content_digest == on_record.content_digest
            if same and best([state, state_of(signed)]) != state:
                state = state_of(signed)
                found[on_record.id] = state, signed
    return found


def _add_invoices(
    session: Session,
    actor: Actor,
    fresh: Mapping[InvoiceKey, Speaking],
    known: dict[InvoiceKey, KnownInvoice],
) -> None:
    rows = [invoice_row(new.invoice, new.state, actor) for new in fresh.values()]
    for new, invoice_id in zip(fresh.values(), repository.add_invoices(session, rows), strict=True):
        known[new.invoice.key] = _known(new, invoice_id)


def _contents(
    files: list[ReadFile],
    on_record: Mapping[str, int],
    taking: Mapping[InvoiceKey, KnownInvoice],
) -> list[Row]:
    """What files say that were on record before, of the invoices that are read anew."""
    return [
        {
            "document_id": on_record[file.digest],
            "position": position,
            "content_digest": signed.invoice.content_digest,
        }
        for file in files
        if file.digest in on_record
        for position, signed in enumerate(file.signed, 1)
        if signed.invoice.key in taking
    ]


def _known(new: Speaking, invoice_id: int) -> KnownInvoice:
    invoice = new.invoice
    return KnownInvoice(
        invoice_id, invoice.content_digest, invoice.key.seller_tax_code, invoice.buyer_tax_code,
        new.state,
    )  # fmt: skip


def take_over(
    session: Session,
    actor: Actor,
    speaking: Mapping[InvoiceKey, Speaking],
    taking: Mapping[InvoiceKey, KnownInvoice],
    known: dict[InvoiceKey, KnownInvoice],
) -> set[int]:
    """Take the earlier content out of ledger, lines and relations; the file it came in stays.

    Args:
        session: the writing session.
        actor: who brings the new documents.
        speaking: the documents that the invoices are to be read from, by their numbers.
        taking: the invoices as they are on record; `add_content` has to follow for them.
        known: is brought up to date.

    Returns:
        Ids of the invoices that may count otherwise now: these, and those that the earlier
        contents said they replace.
    """
    ids = {on_record.id for on_record in taking.values()}
    named = relation_repository.named_ids(session, ids)
    ledger.withdraw(session, ids)
    for key, on_record in taking.items():
        new = speaking[key]
        values = content_values(new.invoice, new.state, actor)
        repository.take_over(session, on_record.id, values)
        known[key] = _known(new, on_record.id)
    return named | ids


def note_states(session: Session, better: Mapping[int, tuple[str, SignedInvoice]]) -> set[int]:
    """Let better copies of the contents on record speak; the invoices whose counting may change."""
    rows = [
        {
            "id": invoice_id,
            "seller_signature": state,
            # What no seller's signature covers is read from the copy that is worth most.
            "authority_code": signed.invoice.authority_code,
            "qr_text": signed.invoice.qr_text,
        }
        for invoice_id, (state, signed) in better.items()
    ]
    repository.set_signatures(session, rows)
    return set(better) | relation_repository.named_ids(session, set(better))


def settle(session: Session, invoice_ids: set[int], changed: set[int]) -> None:
    """Let `replaced` and the ledger follow what was written.

    Args:
        session: the writing session.
        invoice_ids: invoices that were written, or that others name otherwise than before.
        changed: those of them that may count otherwise than before for another reason than
            being replaced.
    """
    named = relation_repository.named_ids(session, invoice_ids)
    replaced = relation_repository.set_replaced(session, invoice_ids | named)
    ledger.apply(session, replaced | changed)


def _keep_documents(
    session: Session, actor: Actor, files: list[ReadFile], known: dict[InvoiceKey, KnownInvoice]
) -> None:
    """Keep files whose bytes are not on record, and say which invoices each carries."""
    rows = [document_row(file.name, file.content, file.digest, actor) for file in files]
    document_ids = repository.add_documents(session, rows)
    sources, signatures = [], []
    for file, document_id in zip(files, document_ids, strict=True):
        for position, signed in enumerate(file.signed, 1):
            invoice = known[signed.invoice.key]
            signatures += [
                signature_repository.row(document_id, position, invoice.id, signature)
                for signature in signed.signatures
            ]
            digest = signed.invoice.content_digest
            conflicting = invoice.content_digest != digest
            sources.append(
                {
                    "document_id": document_id,
                    "position": position,
                    "invoice_id": invoice.id,
                    "conflicting": conflicting,
                    "content_digest": digest,
                }
            )
            if conflicting:
                audit.record(
                    session, actor, AuditAction.INVOICE_CONFLICTED, f"invoice:{invoice.id}",
                    document=document_id,
                )  # fmt: skip
    repository.add_sources(session, sources)
    signature_repository.add(session, signatures)


def add_content(
    session: Session,
    speaking: Mapping[InvoiceKey, Speaking],
    known: Mapping[InvoiceKey, KnownInvoice],
    taking: Mapping[InvoiceKey, KnownInvoice],
) -> list[ImportedInvoice]:
    """Write lines and relations of invoices that have none, book them, and enter their digests."""
    lines = [(new.invoice, line) for new in speaking.values() for line in new.invoice.lines]
    linker = Linker.of(
        session,
        {line.gtin for _, line in lines if line.gtin and line.moves_goods},
        {ItemCode(i.key.seller_tax_code, line.item_code) for i, line in lines if line.item_code},
    )
    imported, rows, relations = [], [], []
    for key, new in speaking.items():
        invoice_id = known[key].id
        own = [
            line_row(linker, invoice_id, new.invoice, line, counts=new.counts)
            for line in new.invoice.lines
        ]
        rows.extend(own)
        relations.extend(relation_rows(invoice_id, new.invoice))
        imported.append(_imported(invoice_id, new, own, took_over=key in taking))
    repository.add_lines(session, rows)
    relation_repository.add(session, relations)
    ledger.apply_new(session, rows)
    digests = [
        (f"invoice:{i.id}", facts_of(speaking[i.key].invoice.content_digest)) for i in imported
    ]
    log.enter(session, LeafKind.INVOICE, digests)
    return imported


def _imported(
    invoice_id: int, new: Speaking, rows: list[Row], *, took_over: bool
) -> ImportedInvoice:
    lines = tuple(
        ImportedLine(row["name"], row["quantity"], row["unit"], row["gtin"], row["product_id"])
        for row in rows
    )
    return ImportedInvoice(
        invoice_id, new.file, new.invoice.key, new.invoice.issued_on, lines,
        new.signed.signatures, took_over,
    )  # fmt: skip


def _record(
    session: Session,
    actor: Actor,
    fresh: Mapping[InvoiceKey, Speaking],
    taking: Mapping[InvoiceKey, KnownInvoice],
    known: Mapping[InvoiceKey, KnownInvoice],
) -> None:
    subjects = [f"invoice:{known[key].id}" for key in fresh]
    audit.record_each(session, actor, AuditAction.INVOICE_IMPORTED, subjects)
    for key, before in taking.items():
        record_take_over(session, actor, before, known[key])


def record_take_over(
    session: Session, actor: Actor, before: KnownInvoice, after: KnownInvoice
) -> None:
    """Who let another document speak for an invoice, and what both signatures were found to be."""
    audit.record(
        session, actor, AuditAction.INVOICE_TAKEN_OVER, f"invoice:{before.id}",
        content_before=before.content_digest, state_before=before.seller_signature,
        content=after.content_digest, state=after.seller_signature,
    )  # fmt: skip


def _duplicates(
    scope: Scope,
    files: list[ReadFile],
    speaking: Mapping[InvoiceKey, Speaking],
    known: Mapping[InvoiceKey, KnownInvoice],
) -> Iterator[DuplicateInvoice]:
    for file in files:
        for signed in file.signed:
            invoice = signed.invoice
            new = speaking.get(invoice.key)
            if new is not None and new.signed is signed:
                continue
            on_record = known[invoice.key]
            visible = scope.holds(on_record.seller_tax_code, on_record.buyer_tax_code)
            yield DuplicateInvoice(
                on_record.id if visible else None, file.name, invoice.key, invoice.issued_on,
                on_record.content_digest == invoice.content_digest, signed.signatures,
            )  # fmt: skip
