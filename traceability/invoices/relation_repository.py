"""Statements on what invoices replace and adjust."""

from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlmodel import Session, SQLModel, col, select

from traceability import bulk
from traceability.actor import Actor
from traceability.invoices.models import Invoice, InvoiceRelation
from traceability.invoices.repository import KEY_NAMES, Row, chunks, not_refuted, readable


def add(session: Session, rows: Sequence[Row]) -> None:
    bulk.insert(session, "invoice_relation", rows)


def of_invoices(session: Session, invoice_ids: Collection[int]) -> list[InvoiceRelation]:
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


def visible_named(session: Session, actor: Actor, invoice_id: int) -> dict[int, int]:
    """Ids of the invoices that one names, by position, as far as this actor may see them."""
    found = session.execute(
        sa.select(col(InvoiceRelation.position), col(Invoice.id))
        .join(Invoice, _names(Invoice))
        .where(col(InvoiceRelation.invoice_id) == invoice_id)
        .where(col(Invoice.id).in_(readable(actor).with_only_columns(col(Invoice.id))))
    )
    return {row[0]: row[1] for row in found}


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
            not_refuted(later),
        )
        .correlate(Invoice)
    )


def _names(invoice: type[Invoice]) -> sa.ColumnElement[bool]:
    """A relation is about this invoice."""
    return sa.and_(*(getattr(InvoiceRelation, n) == getattr(invoice, n) for n in KEY_NAMES))
