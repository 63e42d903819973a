"""What a shop's invoices explain: bought, sold, and what should be on the shelf."""

from dataclasses import dataclass

from fastapi import Request, Response

from app.deps import SessionDep, WebActor
from app.web.forms import page_router
from app.web.pages import render
from app.web.shop.base import own_party
from traceability.invoices import ledger
from traceability.invoices.ledger import Balance
from traceability.registry import repository
from traceability.registry.models import Product

router = page_router()


@dataclass(frozen=True, slots=True)
class Row:
    product: Product
    balance: Balance
    own: bool
    """Made or imported by the organisation itself: what is sold of it was not bought."""


@router.get("/shop/balances")
def balances(request: Request, session: SessionDep, actor: WebActor) -> Response:
    """By product, those first of which more was sold than the invoices show bought."""
    party = own_party(session, actor)
    found = ledger.balances(session, party.tax_code) if party.tax_code else []
    known = repository.products_by_id(session, [each.product_id for each in found])
    rows = [
        Row(known[each.product_id], each, actor.owns(known[each.product_id].producer_id))
        for each in found
    ]
    rows.sort(key=lambda row: (row.own, row.balance.expected >= 0, row.product.name))
    unlinked = ledger.unlinked_lines(session, party.tax_code) if party.tax_code else 0
    return render(
        request, "shop/balances.html", rows=rows, unlinked=unlinked, tax_code=party.tax_code
    )
