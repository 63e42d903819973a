"""What an inspector counted beside a code: kept as a statement about the stock of the shop.

A count typed into the form of a scan is the same statement as one on the page on which a whole
shelf is counted: the balance and the checks of the shop know of it from then on. It belongs to
its scan, so the same scan sent again counts nothing twice.
"""

from decimal import Decimal

from sqlmodel import Session

from traceability.actor import Actor, Role
from traceability.invoices import stock
from traceability.invoices.ledger import Balance
from traceability.invoices.ledger_models import StockKind
from traceability.registry.models import Party
from traceability.verification.case import Context
from traceability.verification.models import Scan

_COUNTING = frozenset({Role.ADMIN, Role.SUPERVISOR, Role.INSPECTOR})


def keep_count(session: Session, context: Context, scan: Scan) -> None:
    """Put the count of a scan on record, where an inspector counted a known product of a shop.

    Without a tax code no document names the shop, so there is nothing to hold a count against.
    """
    counted = context.place.counted
    if counted is None or scan.product_id is None or not _counts(context.actor):
        return
    shop = session.get(Party, scan.shop_id) if scan.shop_id else None
    if shop is None or not shop.tax_code:
        return
    statement = stock.StockStatement(
        shop.id or 0, scan.product_id, StockKind.COUNTED, counted, context.at,
        nonce=f"scan-{scan.id}",
    )  # fmt: skip
    stock.state(session, context.actor, statement)


def count_of_visit(balance: Balance, context: Context) -> Decimal | None:
    """The count that a verdict is about: of the scan itself, else of the same day's inspection.

    An older count is not: since then goods were sold of which no invoice is here yet.
    """
    if context.place.counted is not None or not _counts(context.actor):
        return context.place.counted
    return balance.counted if balance.counted_on == context.on else None


def _counts(actor: Actor) -> bool:
    return actor.role in _COUNTING
