"""Reads for the page of the tax authority: what its feed brought, and what was not taken in.

Counts end at `MOST_COUNTED`: a page does not wait for ten million rows to be counted.
"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from traceability.actor import Actor
from traceability.invoices.importing import KIND
from traceability.invoices.models import Invoice, InvoiceDocument, InvoiceLine, InvoiceSource
from traceability.invoices.service import readable
from traceability.jobs import Job

MOST_COUNTED = 10_000


def _received(actor: Actor) -> SelectOfScalar[Invoice]:
    return readable(actor).where(col(Invoice.received_from_id) == actor.party_id)


def received(
    session: Session, actor: Actor, *, before_id: int = 0, limit: int = 25
) -> Sequence[Invoice]:
    """Invoices that the actor's organisation handed in, the newest first."""
    found = _received(actor)
    if before_id:
        found = found.where(col(Invoice.id) < before_id)
    return session.exec(found.order_by(col(Invoice.id).desc()).limit(limit)).all()


def counts(session: Session, actor: Actor) -> dict[str, int]:
    """Of the invoices handed in: all, replaced ones, contradictions, lines without a product."""
    own = _received(actor)
    replaced = own.where(col(Invoice.replaced).is_(True))
    return {
        "received": _count(session, own.with_only_columns(col(Invoice.id))),
        "replaced": _count(session, replaced.with_only_columns(col(Invoice.id))),
        "conflicts": _count(session, _conflicts(actor).with_only_columns(col(Invoice.id))),
        "unlinked": _count(
            session,
            sa.select(col(InvoiceLine.id))
            .join(Invoice, col(Invoice.id) == col(InvoiceLine.invoice_id))
            .where(
                col(Invoice.received_from_id) == actor.party_id,
                col(InvoiceLine.product_id).is_(None),
            ),
        ),
    }


def _count(session: Session, ids: sa.Select[Any]) -> int:
    some = ids.limit(MOST_COUNTED).subquery()
    return int(session.execute(sa.select(sa.func.count()).select_from(some)).scalar_one())


def _conflicts(actor: Actor) -> sa.Select[Invoice, InvoiceDocument]:
    return (
        sa.select(Invoice, InvoiceDocument)
        .join(InvoiceSource, col(InvoiceSource.invoice_id) == col(Invoice.id))
        .join(InvoiceDocument, col(InvoiceDocument.id) == col(InvoiceSource.document_id))
        .where(
            col(InvoiceSource.conflicting).is_(True),
            col(InvoiceDocument.received_from_id) == actor.party_id,
        )
    )


def conflicts(session: Session, actor: Actor, limit: int) -> list[tuple[Invoice, InvoiceDocument]]:
    """Files of the actor that say something else under a number on record, the newest first."""
    rows = _conflicts(actor).order_by(col(InvoiceDocument.id).desc()).limit(limit)
    return [(row[0], row[1]) for row in session.execute(rows)]


def refused(session: Session, actor: Actor, limit: int) -> list[Job]:
    """The newest deliveries of the actor's organisation of which something was not taken in."""
    kept = col(Job.result)["refused"].as_integer()
    return list(
        session.exec(
            select(Job)
            .where(col(Job.party_id) == actor.party_id, col(Job.kind) == KIND, kept > 0)
            .order_by(col(Job.id).desc())
            .limit(limit)
        )
    )
