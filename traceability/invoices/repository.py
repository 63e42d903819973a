"""Statements on invoices, their documents and lines. Every read starts from `readable`."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple, TypeVar

import sqlalchemy as sa
from sqlmodel import Session, SQLModel, col, select
from sqlmodel.sql.expression import SelectOfScalar

from traceability.actor import MEMBERS, Actor, Role
from traceability.invoices.models import (
    Invoice,
    InvoiceDocument,
    InvoiceLine,
    InvoiceRelation,
    InvoiceSource,
)
from traceability.invoices.standing import POLICY
from traceability.invoices.symbol import InvoiceKey
from traceability.registry.models import Party

Row = Mapping[str, Any]
Item = TypeVar("Item")

_LOCK = 0x1450
"""PostgreSQL: one number for everything that writes invoices, aliases or links."""
_CHUNK = 500
_KEY_NAMES = ("seller_tax_code", "form", "symbol", "number")
_KEY = sa.tuple_(*(getattr(Invoice, name) for name in _KEY_NAMES))


def lock(session: Session) -> None:
    """Let one transaction at a time write invoices, aliases and links; held until it ends.

    What one of them does depends on what the others have stored: whether a key is new, whether a
    replacement has arrived, which lines an alias holds for. On SQLite there is one writer anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))


def chunks(items: Iterable[Item]) -> Iterator[list[Item]]:
    """Parts small enough for one IN list."""
    everything = list(items)
    for start in range(0, len(everything), _CHUNK):
        yield everything[start : start + _CHUNK]


def counting(invoice: type[Invoice] = Invoice) -> sa.ColumnElement[bool]:
    """The invoices whose lines explain goods: not replaced, their signature not refuted."""
    return sa.and_(col(invoice.replaced).is_(False), _not_refuted(invoice))


def _not_refuted(invoice: type[Invoice]) -> sa.ColumnElement[bool]:
    return col(invoice.seller_signature).not_in(sorted(POLICY.refuted))


def readable(actor: Actor) -> SelectOfScalar[Invoice]:
    """The invoices this actor may see.

    Authorities and the tax feed see all, a member those in which its own organisation sells or
    buys, anybody else none.
    """
    statement = select(Invoice)
    if actor.sees_everything or actor.role is Role.TAX:
        return statement
    if actor.role not in MEMBERS:
        return statement.where(sa.false())
    own = select(Party.tax_code).where(col(Party.id) == actor.party_id).scalar_subquery()
    return statement.where(
        sa.or_(col(Invoice.seller_tax_code) == own, col(Invoice.buyer_tax_code) == own)
    )


@dataclass(frozen=True, slots=True)
class InvoiceFilter:
    """Which of the readable invoices to list; None leaves a condition out."""

    tax_code: str | None = None
    """On either side."""
    seller_tax_code: str | None = None
    buyer_tax_code: str | None = None
    symbol: str | None = None
    number: int | None = None
    issued_from: date | None = None
    issued_to: date | None = None
    product_id: int | None = None


def page(
    session: Session, actor: Actor, chosen: InvoiceFilter, before_id: int | None, limit: int
) -> list[Invoice]:
    """The newest readable invoices with an id below `before_id`, in falling order of id."""
    statement = readable(actor).where(*_conditions(chosen))
    if before_id is not None:
        statement = statement.where(col(Invoice.id) < before_id)
    return list(session.exec(statement.order_by(col(Invoice.id).desc()).limit(limit)))


def _conditions(chosen: InvoiceFilter) -> list[sa.ColumnElement[bool]]:
    equal = {
        "seller_tax_code": chosen.seller_tax_code,
        "buyer_tax_code": chosen.buyer_tax_code,
        "symbol": chosen.symbol,
        "number": chosen.number,
    }
    found = [getattr(Invoice, name) == value for name, value in equal.items() if value is not None]
    if chosen.tax_code is not None:
        found.append(
            sa.or_(
                col(Invoice.seller_tax_code) == chosen.tax_code,
                col(Invoice.buyer_tax_code) == chosen.tax_code,
            )
        )
    if chosen.issued_from is not None:
        found.append(col(Invoice.issued_on) >= chosen.issued_from)
    if chosen.issued_to is not None:
        found.append(col(Invoice.issued_on) <= chosen.issued_to)
    if chosen.product_id is not None:
        lines = select(InvoiceLine.invoice_id).where(InvoiceLine.product_id == chosen.product_id)
        found.append(col(Invoice.id).in_(lines))
    return found


def by_id(session: Session, actor: Actor, invoice_id: int) -> Invoice | None:
    return session.exec(readable(actor).where(Invoice.id == invoice_id)).first()


def visible_ids(session: Session, actor: Actor, invoice_ids: Collection[int]) -> set[int]:
    """Those of the ids that this actor may see."""
    return {
        invoice.id
        for part in chunks(invoice_ids)
        for invoice in session.exec(readable(actor).where(col(Invoice.id).in_(part)))
        if invoice.id is not None
    }


def lines_of(session: Session, invoice_ids: Collection[int]) -> list[InvoiceLine]:
    """The lines of these invoices, in the order of the documents."""
    return [
        line
        for part in chunks(sorted(invoice_ids))
        for line in session.exec(
            select(InvoiceLine)
            .where(col(InvoiceLine.invoice_id).in_(part))
            .order_by(col(InvoiceLine.invoice_id), col(InvoiceLine.position))
        )
    ]


def sources_of(session: Session, invoice_id: int) -> list[tuple[InvoiceSource, InvoiceDocument]]:
    """Every document that carries the invoice, the first received first."""
    rows = session.exec(
        select(InvoiceSource, InvoiceDocument)
        .join(InvoiceDocument, col(InvoiceDocument.id) == col(InvoiceSource.document_id))
        .where(InvoiceSource.invoice_id == invoice_id)
        .order_by(col(InvoiceDocument.id), col(InvoiceSource.position))
    )
    return list(rows)


def documents_with_others(
    session: Session, actor: Actor, document_ids: Collection[int | None]
) -> set[int]:
    """Those of the documents that carry an invoice which this actor may not see."""
    seen = readable(actor).with_only_columns(col(Invoice.id))
    return {
        document_id
        for part in chunks(document_ids)
        for document_id in session.exec(
            select(InvoiceSource.document_id).where(
                col(InvoiceSource.document_id).in_(part),
                col(InvoiceSource.invoice_id).not_in(seen),
            )
        )
    }


def conflicting(session: Session, invoice_ids: Collection[int]) -> list[str]:
    """Those of the invoices that other documents claim to be, as people write their numbers."""
    claimed = select(InvoiceSource.invoice_id).where(col(InvoiceSource.conflicting).is_(True))
    columns = (col(Invoice.form), col(Invoice.symbol), col(Invoice.number))
    return [
        f"{form}{symbol} {number}"
        for part in chunks(invoice_ids)
        for form, symbol, number in session.execute(
            sa.select(*columns)
            .where(col(Invoice.id).in_(part), col(Invoice.id).in_(claimed))
            .order_by(col(Invoice.id))
        )
    ]


def tax_code_of(session: Session, party_id: int | None) -> str | None:
    return session.exec(select(Party.tax_code).where(Party.id == party_id)).first()


class KnownInvoice(NamedTuple):
    """What an import must know of an invoice on record."""

    id: int
    content_digest: str
    seller_tax_code: str
    buyer_tax_code: str | None
    seller_signature: str
    """State of the seller's signature."""


def known_invoices(
    session: Session, keys: Collection[InvoiceKey]
) -> dict[InvoiceKey, KnownInvoice]:
    """Those of the keys that are on record."""
    statement = sa.select(
        col(Invoice.seller_tax_code), col(Invoice.form), col(Invoice.symbol), col(Invoice.number),
        col(Invoice.id), col(Invoice.content_digest), col(Invoice.seller_tax_code),
        col(Invoice.buyer_tax_code), col(Invoice.seller_signature),
    )  # fmt: skip
    return {
        InvoiceKey(*row[:4]): KnownInvoice(*row[4:])
        for part in chunks(keys)
        for row in session.execute(statement.where(_KEY.in_([_parts(key) for key in part])))
    }


def known_documents(session: Session, digests: Collection[str]) -> set[str]:
    """Those of the digests whose document is on record."""
    return {
        digest
        for part in chunks(digests)
        for digest in session.exec(
            select(InvoiceDocument.digest).where(col(InvoiceDocument.digest).in_(part))
        )
    }


def add_invoices(session: Session, rows: Sequence[Row]) -> list[int]:
    """Insert invoices; their ids in the order of the rows."""
    return _insert_returning(session, "invoice", rows)


def add_documents(session: Session, rows: Sequence[Row]) -> list[int]:
    """Insert documents; their ids in the order of the rows."""
    return _insert_returning(session, "invoice_document", rows)


def add_sources(session: Session, rows: Sequence[Row]) -> None:
    _insert(session, "invoice_source", rows)


def add_lines(session: Session, rows: Sequence[Row]) -> None:
    _insert(session, "invoice_line", rows)


def add_relations(session: Session, rows: Sequence[Row]) -> None:
    _insert(session, "invoice_relation", rows)


def relations_of(session: Session, invoice_ids: Collection[int]) -> list[InvoiceRelation]:
    """What invoices say they replace or adjust, by invoice and position."""
    return [
        relation
        for part in chunks(sorted(invoice_ids))
        for relation in session.exec(
            select(InvoiceRelation)
            .where(col(InvoiceRelation.invoice_id).in_(part))
            .order_by(col(InvoiceRelation.invoice_id), col(InvoiceRelation.position))
        )
    ]


def named_ids(session: Session, invoice_ids: Collection[int]) -> set[int]:
    """Ids of the invoices on record that these say they replace."""
    return {
        found
        for part in chunks(sorted(invoice_ids))
        for found in session.execute(
            sa.select(col(Invoice.id))
            .join(InvoiceRelation, _names(Invoice))
            .where(col(InvoiceRelation.invoice_id).in_(part), col(InvoiceRelation.nature) == "1")
        ).scalars()
    }


def set_replaced(session: Session, invoice_ids: Collection[int] | None = None) -> set[int]:
    """Let `replaced` follow the relations on record; ids of the invoices for which it changed.

    The order in which a replacement and its original arrive does not matter, and one whose
    signature is refuted replaces nothing.

    Args:
        session: the writing session.
        invoice_ids: invoices that may have become replaced, or no longer are; all when None.
    """
    table = SQLModel.metadata.tables["invoice"]
    due = _replaced_now()
    statement = (
        sa.update(table).where(table.c.replaced != due).values(replaced=due).returning(table.c.id)
    )
    if invoice_ids is None:
        return set(session.execute(statement).scalars())
    return {
        changed
        for part in chunks(sorted(invoice_ids))
        for changed in session.execute(statement.where(table.c.id.in_(part))).scalars()
    }


def _replaced_now() -> sa.ColumnElement[bool]:
    later = sa.orm.aliased(Invoice)
    return (
        sa.exists()
        .where(
            _names(Invoice),
            col(InvoiceRelation.nature) == "1",
            col(InvoiceRelation.invoice_id) != col(Invoice.id),
            col(later.id) == col(InvoiceRelation.invoice_id),
            _not_refuted(later),
        )
        .correlate(Invoice)
    )


def _names(invoice: type[Invoice]) -> sa.ColumnElement[bool]:
    """A relation is about this invoice."""
    return sa.and_(*(getattr(InvoiceRelation, n) == getattr(invoice, n) for n in _KEY_NAMES))


def take_over(session: Session, invoice_id: int, values: Row) -> None:
    """Read an invoice from another document: its values are these; lines and relations go.

    Documents with another content than the new one are in conflict with it from now on.
    """
    tables = SQLModel.metadata.tables
    invoice, source = tables["invoice"], tables["invoice_source"]
    session.execute(sa.update(invoice).where(invoice.c.id == invoice_id).values(**values))
    digest = sa.func.coalesce(source.c.content_digest, "")
    session.execute(
        sa.update(source)
        .where(source.c.invoice_id == invoice_id)
        .values(conflicting=digest != values["content_digest"])
    )
    for name in ("invoice_line", "invoice_relation"):
        table = tables[name]
        session.execute(sa.delete(table).where(table.c.invoice_id == invoice_id))


def set_signatures(session: Session, rows: Sequence[Row]) -> None:
    """Note what the best copy of invoices is worth, with what else only that copy tells.

    Args:
        session: the writing session.
        rows: each with the invoice's `id` and all that changes, the same columns in each.
    """
    if rows:
        table = SQLModel.metadata.tables["invoice"]
        names = [name for name in rows[0] if name != "id"]
        session.execute(
            sa.update(table)
            .where(table.c.id == sa.bindparam("invoice_id"))
            .values({name: sa.bindparam(f"new_{name}") for name in names}),
            [{"invoice_id": r["id"], **{f"new_{n}": r[n] for n in names}} for r in rows],
            execution_options={"synchronize_session": False},
        )


def note_content(session: Session, rows: Sequence[Row]) -> None:
    """Fill in the digest of copies that an early version took in without."""
    table = SQLModel.metadata.tables["invoice_source"]
    for row in rows:
        session.execute(
            sa.update(table)
            .where(table.c.document_id == row["document_id"], table.c.position == row["position"])
            .where(table.c.content_digest.is_(None))
            .values(content_digest=row["content_digest"])
        )


def _parts(key: InvoiceKey) -> tuple[str, str, str, int]:
    return key.seller_tax_code, key.form, key.symbol, key.number


def _insert(session: Session, table: str, rows: Sequence[Row]) -> None:
    if rows:
        session.execute(sa.insert(SQLModel.metadata.tables[table]), list(rows))


def _insert_returning(session: Session, name: str, rows: Sequence[Row]) -> list[int]:
    if not rows:
        return []
    table = SQLModel.metadata.tables[name]
    statement = sa.insert(table).returning(table.c.id, sort_by_parameter_order=True)
    return list(session.execute(statement, list(rows)).scalars())
