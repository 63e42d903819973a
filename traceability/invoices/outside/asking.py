"""One invoice and the outside registry: what it said before, and asking it now."""

from sqlmodel import Session

from traceability.actor import Actor
from traceability.db import Database
from traceability.errors import NotFoundError
from traceability.invoices import service
from traceability.invoices.models import Invoice
from traceability.invoices.outside.service import Consultation, OutsideRegistry, may_consult


def told_before(
    session: Session, outside: OutsideRegistry | None, actor: Actor, invoice: Invoice
) -> Consultation | None:
    """What is kept of its answers; None where there is no registry, or it is not for this actor."""
    if outside is None or not may_consult(actor):
        return None
    return outside.on_record(session, [invoice])[0]


def ask_now(
    database: Database, outside: OutsideRegistry | None, actor: Actor, invoice_id: int
) -> Consultation:
    """Ask about one invoice, also where a fresh answer is kept. No transaction may be open.

    Raises:
        NotFoundError: `invoices.outside-none`; `invoices.unknown` (id).
        ForbiddenError: `invoices.outside-forbidden` (role).
    """
    if outside is None:
        raise NotFoundError("invoices.outside-none")
    with database.reading() as session:
        invoice = service.get_invoice(session, actor, invoice_id)
    return outside.consult(actor, [invoice], again=True)[0]
