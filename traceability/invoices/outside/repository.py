"""Statements on the cache of answers."""

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from traceability.invoices.models import Invoice, InvoiceRelation
from traceability.invoices.outside.answers import RegistryAnswer, Unavailable
from traceability.invoices.outside.models import OutsideAnswer
from traceability.invoices.repository import KEY_NAMES

_ADJUSTS = "2"
"""TCHDon of an invoice that adjusts another."""


def answers_of(
    session: Session, source: str, invoice_ids: Collection[int]
) -> dict[int, OutsideAnswer]:
    """What is kept of this registry's answers, by invoice."""
    rows = session.exec(
        select(OutsideAnswer).where(
            OutsideAnswer.source == source, col(OutsideAnswer.invoice_id).in_(invoice_ids)
        )
    )
    return {row.invoice_id: row for row in rows}


def keep(
    session: Session,
    source: str,
    invoice_id: int,
    outcome: RegistryAnswer | Unavailable,
    at: datetime,
) -> None:
    """Keep an answer in the place of the one before; a failure leaves that one standing."""
    values: dict[str, object] = {"source": source, "tried_at": at}
    if isinstance(outcome, Unavailable):
        values |= {"failure": outcome.reason}
    else:
        values |= {
            "status": outcome.status, "total": outcome.total, "currency": outcome.currency,
            "seller_name": outcome.seller_name, "as_of": outcome.as_of, "answered_at": at,
            "failure": None,
        }  # fmt: skip
    _upsert(session, invoice_id, values)


def _upsert(session: Session, invoice_id: int, values: dict[str, object]) -> None:
    """Two who ask at once both write: the later one wins, neither fails."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    new = {"invoice_id": invoice_id, "currency": "VND", **values}
    statement = dialect.insert(OutsideAnswer).values(new)
    session.execute(statement.on_conflict_do_update(index_elements=["invoice_id"], set_=values))


def forget_other_sources(session: Session, source: str, invoice_ids: Collection[int]) -> None:
    """Drop what another registry answered, before this one's words are kept in its place."""
    session.execute(
        sa.delete(OutsideAnswer).where(
            col(OutsideAnswer.source) != source, col(OutsideAnswer.invoice_id).in_(invoice_ids)
        )
    )


def adjusted_on_record(session: Session, invoices: Collection[Invoice]) -> set[int]:
    """Ids of those that an invoice on record adjusts."""
    columns = [getattr(InvoiceRelation, name) for name in KEY_NAMES]
    keys = {
        (invoice.seller_tax_code, invoice.form, invoice.symbol, invoice.number): invoice.id
        for invoice in invoices
    }
    rows = session.execute(
        sa.select(*columns).where(
            col(InvoiceRelation.nature) == _ADJUSTS, sa.tuple_(*columns).in_(keys)
        )
    )
    return {keys[row[0], row[1], row[2], row[3]] or 0 for row in rows}


def invoices_of(session: Session, invoice_ids: Collection[int]) -> list[Invoice]:
    """These invoices, in the order of the ids given."""
    found = {i.id: i for i in session.exec(select(Invoice).where(col(Invoice.id).in_(invoice_ids)))}
    return [found[invoice_id] for invoice_id in invoice_ids if invoice_id in found]
