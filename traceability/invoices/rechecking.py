"""Checking the stored invoices again, after the trust store or the rules have changed.

The files are on record byte for byte, so everything is found anew; a batch is one transaction,
and a run that was cut short is simply run again. Where a state changes, what follows from it does
too: which document speaks for an invoice, whether its lines count, what it replaces (`standing`).
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from sqlmodel import Session

from traceability.actor import Actor, Role
from traceability.db import Database
from traceability.invoices import repository as invoices
from traceability.invoices import storing
from traceability.invoices.errors import InvoiceError
from traceability.invoices.reading import SignedInvoice, read_signed
from traceability.invoices.repository import KnownInvoice
from traceability.invoices.signatures import repository
from traceability.invoices.signatures.trust import TrustStore
from traceability.invoices.standing import UNCHECKED
from traceability.invoices.symbol import InvoiceKey

BATCH = 200
"""Documents of one transaction."""
OPERATOR = Actor(Role.ADMIN, name="command line")
"""Who rechecks, where nobody else is named: the command line."""


@dataclass(slots=True)
class Rechecked:
    documents: int = 0
    invoices: int = 0
    changed: int = 0
    """Signatures whose state is another than before."""


@dataclass(frozen=True, slots=True)
class _Copy:
    """The n-th invoice of a document, read again."""

    document_id: int
    position: int
    invoice_id: int
    signed: SignedInvoice


def recheck(
    database: Database,
    progress: Callable[[Rechecked], None] = lambda _: None,
    actor: Actor = OPERATOR,
) -> Rechecked:
    """Check every document again, with the trust store as it is now."""
    total, last = Rechecked(), 0
    while True:
        with database.writing() as session:
            invoices.lock(session)
            documents = repository.documents_after(session, last, BATCH)
            if not documents:
                return total
            copies = _read_again(session, documents)
            rows = [
                repository.row(copy.document_id, copy.position, copy.invoice_id, signature)
                for copy in copies
                for signature in copy.signed.signatures
            ]
            total.changed += repository.replace(session, rows)
            _follow(session, actor, copies)
        last = documents[-1][0]
        total.documents += len(documents)
        total.invoices += len(copies)
        progress(total)


def _read_again(session: Session, documents: list[tuple[int, bytes]]) -> list[_Copy]:
    known = repository.invoices_of(session, [document_id for document_id, _ in documents])
    trust = repository.trust_store(session)
    return [copy for each in documents for copy in _copies(*each, known, trust)]


def _copies(
    document_id: int, content: bytes, known: dict[tuple[int, int], int], trust: TrustStore
) -> Iterator[_Copy]:
    try:
        found = read_signed(content, trust)
    except InvoiceError:
        # Taken in by an earlier version with other rules: what was found then stays as it is.
        return
    for position, signed in enumerate(found, 1):
        if (document_id, position) in known:
            yield _Copy(document_id, position, known[document_id, position], signed)


def _follow(session: Session, actor: Actor, copies: list[_Copy]) -> None:
    """Let invoices, what they replace and the ledger follow the states that were found."""
    digests = [
        {
            "document_id": copy.document_id,
            "position": copy.position,
            "content_digest": copy.signed.invoice.content_digest,
        }
        for copy in copies
    ]
    invoices.note_content(session, digests)
    ids = {copy.invoice_id for copy in copies}
    states = repository.states_of(session, ids)
    rows = [
        {"id": each, "seller_signature": states.get(each, {}).get("seller", UNCHECKED)}
        for each in ids
    ]
    invoices.set_signatures(session, rows)
    doubtful = ids | _take_over(session, actor, copies)
    storing.settle(session, doubtful, doubtful)


def _take_over(session: Session, actor: Actor, copies: list[_Copy]) -> set[int]:
    """Let intact documents that had come too late speak now; the invoices that may count anew."""
    by_key: dict[InvoiceKey, list[tuple[str, SignedInvoice]]] = {}
    for copy in copies:
        by_key.setdefault(copy.signed.invoice.key, []).append(("", copy.signed))
    known = invoices.known_invoices(session, by_key)
    speaking = {
        key: found
        for key, those in by_key.items()
        if key in known and (found := storing.choose(those, known[key]))
    }
    taking: Mapping[InvoiceKey, KnownInvoice] = {key: known[key] for key in speaking}
    doubtful = storing.take_over(session, actor, speaking, taking, known)
    storing.add_content(session, speaking, known, taking)
    for key, before in taking.items():
        storing.record_take_over(session, actor, before, known[key])
    return doubtful
