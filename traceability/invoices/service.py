"""E-invoices for the rest of the program: bring them in, look them up, link their lines.

Bringing in is `import_files` for what fits one request and `queue_uploads` for more. Balances are
in `ledger`, paths to the producer in `chain`. Callers commit; reads see only what `readable`
lets the actor see, and an invoice that is out of sight is answered like one that is not there.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlmodel import Session

from traceability import audit
from traceability.actor import MEMBERS, Actor
from traceability.audit import AuditAction
from traceability.errors import NotFoundError
from traceability.invoices import link_repository, relation_repository, repository, suggesting
from traceability.invoices.aliases import (
    AliasStatement,
    confirm_alias,
    confirm_alias_by_id,
    may_confirm,
    propose_alias,
    undo_alias,
    withdraw_alias,
)
from traceability.invoices.importing import import_job, queue_uploads
from traceability.invoices.intake import import_files
from traceability.invoices.intake_results import (
    DuplicateInvoice,
    ImportedInvoice,
    ImportedLine,
    ImportResult,
    Rejected,
)
from traceability.invoices.link_repository import AliasFilter, UnlinkedItem
from traceability.invoices.linking import link_new_products
from traceability.invoices.models import (
    Invoice,
    InvoiceDocument,
    InvoiceLine,
    InvoiceRelation,
    ItemAlias,
)
from traceability.invoices.repository import InvoiceFilter, readable
from traceability.invoices.rules import Departure, departures
from traceability.invoices.signatures import repository as signature_repository
from traceability.invoices.signatures.models import InvoiceSignature
from traceability.invoices.standing import POLICY
from traceability.invoices.suggesting import Suggestion
from traceability.invoices.symbol import InvoiceKey
from traceability.registry.models import Product

__all__ = [
    "AliasFilter",
    "AliasStatement",
    "CarryingDocument",
    "DuplicateInvoice",
    "ImportResult",
    "ImportedInvoice",
    "ImportedLine",
    "InvoiceFilter",
    "InvoicePage",
    "NamedInvoice",
    "Rejected",
    "Suggestion",
    "UnlinkedItem",
    "UnlinkedProposal",
    "confirm_alias",
    "confirm_alias_by_id",
    "counts",
    "departures_of",
    "documents_of",
    "get_invoice",
    "import_files",
    "import_job",
    "invoice_lines",
    "link_new_product",
    "link_new_products",
    "list_aliases",
    "list_invoices",
    "may_confirm",
    "propose_alias",
    "queue_uploads",
    "readable",
    "record_reading",
    "relations_of",
    "signatures_of",
    "suggestions",
    "undo_alias",
    "unlinked",
    "withdraw_alias",
]

MAX_PAGE = 200


@dataclass(frozen=True, slots=True)
class InvoicePage:
    invoices: list[Invoice]
    """The newest received first."""
    next_cursor: int | None
    """To be handed in for the page after this one; None on the last."""


def list_invoices(
    session: Session,
    actor: Actor,
    cursor: int | None = None,
    limit: int = 50,
    chosen: InvoiceFilter | None = None,
) -> InvoicePage:
    """A page of the invoices this actor may see.

    Args:
        session: a reading session.
        actor: who asks.
        cursor: `next_cursor` of the page before; None for the first.
        limit: at most this many, between 1 and 200.
        chosen: conditions; all invoices without.
    """
    limit = max(1, min(limit, MAX_PAGE))
    found = repository.page(session, actor, chosen or InvoiceFilter(), cursor, limit + 1)
    more = len(found) > limit
    return InvoicePage(found[:limit], found[limit - 1].id if more else None)


def get_invoice(session: Session, actor: Actor, invoice_id: int) -> Invoice:
    """One invoice.

    Raises:
        NotFoundError: `invoices.unknown` (id) when there is none that this actor may see.
    """
    invoice = repository.by_id(session, actor, invoice_id)
    if invoice is None:
        raise NotFoundError("invoices.unknown", id=invoice_id)
    return invoice


def signatures_of(session: Session, actor: Actor, invoice_id: int) -> list[InvoiceSignature]:
    """What the signatures on an invoice were found to be: the best copy of each side's.

    Raises:
        NotFoundError: `invoices.unknown` (id) when there is none that this actor may see.
    """
    get_invoice(session, actor, invoice_id)
    return signature_repository.of_invoice(session, invoice_id)


@dataclass(frozen=True, slots=True)
class NamedInvoice:
    """What an invoice replaces or adjusts."""

    relation: InvoiceRelation
    id: int | None
    """Of the invoice it names; None when that is not on record, or this actor may not see it."""


def relations_of(session: Session, actor: Actor, invoice_id: int) -> list[NamedInvoice]:
    """All that an invoice says it replaces or adjusts, in the order of the file.

    Raises:
        NotFoundError: `invoices.unknown` (id) when there is none that this actor may see.
    """
    get_invoice(session, actor, invoice_id)
    found = relation_repository.of_invoices(session, [invoice_id])
    ids = relation_repository.visible_named(session, actor, invoice_id)
    return [NamedInvoice(relation, ids.get(relation.position)) for relation in found]


def departures_of(session: Session, actor: Actor, invoice_id: int) -> list[Departure]:
    """What of an invoice the rules of its day do not have: remarks for a person.

    Raises:
        NotFoundError: `invoices.unknown` (id) when there is none that this actor may see.
    """
    invoice = get_invoice(session, actor, invoice_id)
    key = InvoiceKey(invoice.seller_tax_code, invoice.form, invoice.symbol, invoice.number)
    lines = repository.lines_of(session, [invoice_id])
    return departures(invoice, key, tuple(line.vat_rate for line in lines if line.vat_rate))


def counts(invoice: Invoice) -> bool:
    """Whether the lines of an invoice explain goods (`standing`)."""
    return not invoice.replaced and POLICY.counts(invoice.seller_signature)


def record_reading(session: Session, actor: Actor, invoice_id: int) -> None:
    """Note in the audit log that somebody looked into an invoice; needs a writing session."""
    audit.record(session, actor, AuditAction.INVOICE_READ, f"invoice:{invoice_id}")


def invoice_lines(
    session: Session, actor: Actor, invoice_ids: Iterable[int]
) -> dict[int, list[InvoiceLine]]:
    """The lines of those invoices that this actor may see, by invoice."""
    visible = repository.visible_ids(session, actor, set(invoice_ids))
    lines: dict[int, list[InvoiceLine]] = {invoice_id: [] for invoice_id in visible}
    for line in repository.lines_of(session, visible):
        lines[line.invoice_id].append(line)
    return lines


@dataclass(frozen=True, slots=True)
class CarryingDocument:
    """A file that carries an invoice, byte for byte."""

    document: InvoiceDocument
    conflicting: bool
    """It says something else than the one the invoice was read from."""


def documents_of(session: Session, actor: Actor, invoice_id: int) -> list[CarryingDocument]:
    """The files in which the invoice came, those with the content on record first; at least one.

    A member gets those it brought itself, and those that carry nothing but invoices it may see:
    a message of the tax authority can hold the invoices of many buyers.

    Raises:
        NotFoundError: `invoices.unknown` (id); `invoices.document-of-many` (id) when every file
            also carries what this actor may not see.
    """
    get_invoice(session, actor, invoice_id)
    found = repository.sources_of(session, invoice_id)
    if actor.role in MEMBERS:
        foreign = repository.documents_with_others(session, actor, [d.id for _, d in found])
        found = [
            (source, document)
            for source, document in found
            if actor.owns(document.received_from_id)
            or not (source.conflicting or document.id in foreign)
        ]
    if not found:
        raise NotFoundError("invoices.document-of-many", id=invoice_id)
    return [CarryingDocument(document, source.conflicting) for source, document in found]


def link_new_product(session: Session, product: Product) -> int:
    """Link the lines that named this GTIN before it was registered; how many."""
    return link_new_products(session, [product])


@dataclass(frozen=True, slots=True)
class UnlinkedProposal:
    """A code of goods without a product, and products that may be meant."""

    item: UnlinkedItem
    suggestions: list[Suggestion]
    pack_size: int | None
    """How many of the product one unit seems to hold, by the name; None where it does not say."""


def unlinked(
    session: Session, actor: Actor, seller_tax_code: str | None = None, limit: int = 50
) -> list[UnlinkedProposal]:
    """The work list: codes of goods no product is known for, those first that explain most."""
    items = link_repository.unlinked_items(session, actor, seller_tax_code, min(limit, MAX_PAGE))
    return [_proposal(session, item) for item in items]


def _proposal(session: Session, item: UnlinkedItem) -> UnlinkedProposal:
    return UnlinkedProposal(
        item, suggesting.suggest(session, item.name), suggesting.pack_size(item.name, item.unit)
    )


def suggestions(session: Session, name: str, limit: int = 5) -> list[Suggestion]:
    """Registered products whose names are like this one; nothing is linked."""
    return suggesting.suggest(session, name, limit)


def list_aliases(
    session: Session,
    actor: Actor,
    chosen: AliasFilter | None = None,
    after_id: int = 0,
    limit: int = 50,
) -> list[ItemAlias]:
    """Versions of aliases by id, as far as this actor may see them."""
    chosen = chosen or AliasFilter()
    return link_repository.aliases_of(session, actor, chosen, after_id, min(limit, MAX_PAGE))
