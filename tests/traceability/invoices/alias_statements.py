"""Statements about a code of goods, and the two people it takes to make one with a factor."""

from decimal import Decimal

from sqlmodel import Session

from tests.traceability.invoices.conftest import Market
from tests.traceability.invoices.files import DISTRIBUTOR
from traceability.actor import Actor, Role
from traceability.invoices import service
from traceability.invoices.models import ItemAlias
from traceability.invoices.service import AliasStatement

ONE, OTHER = Actor(Role.INSPECTOR, user_id=1), Actor(Role.SUPERVISOR, user_id=2)


def carton(market: Market, **changes: object) -> AliasStatement:
    """The distributor's SUA-400 is the product, 24 in a Thùng."""
    facts: dict[str, object] = {
        "seller_tax_code": DISTRIBUTOR,
        "item_code": "SUA-400",
        "product_id": market.product.id,
        "unit": "Thùng",
        "factor": Decimal(24),
    }
    return AliasStatement(**{**facts, **changes})  # type: ignore[arg-type]


def state(session: Session, statement: AliasStatement) -> ItemAlias:
    """Put it in force: two people say the same."""
    service.confirm_alias(session, ONE, statement)
    return service.confirm_alias(session, OTHER, statement)
