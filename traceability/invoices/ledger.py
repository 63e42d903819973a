"""How many units of a product a party's invoices explain: bought less sold.

Invoices that were replaced count nothing, adjustments count their signed quantity, lines no
product is known for count nowhere. Without an opening count the balance says what documents
explain, not what lies on the shelf: a negative one is "not yet explained", never a verdict.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlmodel import Session

from traceability.invoices import ledger_repository
from traceability.invoices.ledger_repository import BOUGHT, Flow


@dataclass(frozen=True, slots=True)
class Balance:
    """Purchases and sales of one product by one party, in the product's own unit."""

    tax_code: str
    product_id: int
    as_of: date | None
    """The last day counted; None for everything on record."""
    bought: Decimal = Decimal(0)
    sold: Decimal = Decimal(0)
    bought_lines: int = 0
    sold_lines: int = 0
    first_on: date | None = None
    """Day of the earliest line; None without lines."""
    last_on: date | None = None

    @property
    def expected(self) -> Decimal:
        """What should be left, if nothing was there before the first invoice."""
        return self.bought - self.sold


def balance(session: Session, tax_code: str, product_id: int, as_of: date | None = None) -> Balance:
    """The balance of one party and product; zeros where there are no lines."""
    flows = ledger_repository.flows(session, tax_code, product_id, as_of)
    return _combined(tax_code, product_id, as_of, flows)


def balances(session: Session, tax_code: str, as_of: date | None = None) -> list[Balance]:
    """The balance of each product the party bought or sold, by product id."""
    by_product: dict[int, list[Flow]] = {}
    for flow in ledger_repository.flows(session, tax_code, None, as_of):
        by_product.setdefault(flow.product_id, []).append(flow)
    return [
        _combined(tax_code, product_id, as_of, flows)
        for product_id, flows in sorted(by_product.items())
    ]


def unlinked_lines(session: Session, tax_code: str, as_of: date | None = None) -> int:
    """How many of the party's lines no balance knows of: evidence that a balance is unsure."""
    return ledger_repository.unlinked_lines(session, tax_code, as_of)


def _combined(tax_code: str, product_id: int, as_of: date | None, flows: list[Flow]) -> Balance:
    bought = next((flow for flow in flows if flow.side == BOUGHT), None)
    sold = next((flow for flow in flows if flow.side != BOUGHT), None)
    return Balance(
        tax_code,
        product_id,
        as_of,
        bought=bought.quantity if bought else Decimal(0),
        sold=sold.quantity if sold else Decimal(0),
        bought_lines=bought.lines if bought else 0,
        sold_lines=sold.lines if sold else 0,
        first_on=min((flow.first_on for flow in flows), default=None),
        last_on=max((flow.last_on for flow in flows), default=None),
    )
