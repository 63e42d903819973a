"""Which invoice a shop shows for its goods: put on record at the inspection, once.

What is shown with one invoice at all shops is held against the quantity on it: the same purchase
cannot explain the goods of two shelves. One product at a time: choose it, then its invoice.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from typing import Annotated

from fastapi import Depends, Form, Path, Request, Response
from sqlmodel import Session

from app.deps import SessionDep, TranslatorDep, WebActor, current_translator
from app.i18n import N_, Translator
from app.security import tokens
from app.web.inspect_form import MAX_ID, count_of, find_shop, number_of
from app.web.origin_result import shelf_rows
from app.web.pages import render, see_other
from app.web.routing import page_router
from app.wording.errors import sentence
from gs1.errors import Gs1Error
from gs1.gtin import Gtin
from traceability.actor import Actor
from traceability.clock import VIETNAM, now, today
from traceability.errors import InvalidError, NotFoundError
from traceability.invoices import service as invoices
from traceability.invoices import stock
from traceability.invoices.ledger_models import OriginClaim, StockKind
from traceability.invoices.models import Invoice
from traceability.registry import repository as registry
from traceability.registry.models import Party, Product

router = page_router()

Id = Annotated[int, Path(ge=1, le=MAX_ID)]
Text = Annotated[str, Form()]
OFFERED = 30
"""Purchases of a product that the form offers, the newest first; others are typed."""
OTHER = "other"
# 1C26TAA 12, as it is printed; the form's digit in front may be left out.
_NUMBER = re.compile(r"([1-9])?([CK]\d\d[A-Z]{3})\s*0*(\d{1,8})")


@dataclass(frozen=True, slots=True)
class Typed:
    """The form as it was filled in."""

    invoice: str = ""
    number: str = ""
    seller: str = ""
    quantity: str = ""
    nonce: str = ""


def _typed(
    invoice: Text = "", number: Text = "", seller: Text = "", quantity: Text = "", nonce: Text = ""
) -> Typed:
    return Typed(invoice, number, seller.strip(), quantity, nonce[:32])


@dataclass(frozen=True, slots=True)
class Shown:
    """A claim as the page lists it."""

    claim: OriginClaim
    product: Product
    invoice: Invoice
    holds: Decimal
    """What the invoice holds of the product, in the product's own unit."""


def _shop(session: Session, actor: Actor, party_id: int) -> Party:
    party = find_shop(session, actor, str(party_id))
    if party is None:
        raise NotFoundError("registry.party-unknown", party_id=party_id)
    return party


@router.get("/inspect/shops/{party_id}/claims")
def claims(
    request: Request,
    session: SessionDep,
    actor: WebActor,
    translate: TranslatorDep,
    party_id: Id,
    product: str = "",
    gtin: str = "",
) -> Response:
    """What was shown so far; with a product, the form for one more."""
    party = _shop(session, actor, party_id)
    wanted = _by_gtin(session, actor, gtin) if gtin.strip() else None
    errors = {}
    if gtin.strip() and wanted is None:
        errors["gtin"] = translate.text(N_("No product with this number is registered."))
    if wanted is None and product and not errors:
        wanted = registry.product(session, actor, number_of(product) or 0)
    return _page(request, session, actor, party, wanted, Typed(), errors, gtin=gtin[:20])


def _by_gtin(session: Session, actor: Actor, text: str) -> Product | None:
    try:
        return registry.product_with_gtin(session, actor, Gtin.parse(text.strip()).value)
    except Gs1Error:
        return None


def _page(
    request: Request, session: Session, actor: Actor, party: Party, product: Product | None,
    typed: Typed, errors: Mapping[str, str], *, gtin: str = "",
) -> Response:  # fmt: skip
    translate = current_translator(request)
    rows = shelf_rows(session, party)
    return render(
        request, "inspect/claims.html", status=422 if errors else 200, party=party,
        shown=_shown(session, actor, party), product=product, typed=asdict(typed), errors=errors,
        goods=[(row.product.id, row.product.name) for row in rows], gtin=gtin, other=OTHER,
        purchases=_options(session, actor, translate, party, product) if product else [],
        nonce=typed.nonce or tokens.new_token()[:32], now=now(),
    )  # fmt: skip


def _shown(session: Session, actor: Actor, party: Party) -> list[Shown]:
    found = stock.claims(session, actor, party.id or 0)
    products = registry.products_by_id(session, {claim.product_id for claim in found})
    holds = _quantities(session, actor, {claim.invoice_id for claim in found})
    named = {number: invoices.get_invoice(session, actor, number) for number in
             {claim.invoice_id for claim in found}}  # fmt: skip
    return [
        Shown(claim, products[claim.product_id], named[claim.invoice_id],
              holds.get((claim.invoice_id, claim.product_id), Decimal(0)))
        for claim in found
    ]  # fmt: skip


def _quantities(
    session: Session, actor: Actor, invoice_ids: set[int]
) -> dict[tuple[int, int], Decimal]:
    """What invoices hold, by invoice and product."""
    sums: dict[tuple[int, int], Decimal] = {}
    for invoice_id, lines in invoices.invoice_lines(session, actor, invoice_ids).items():
        for line in lines:
            if line.product_id is not None and line.base_quantity is not None:
                key = invoice_id, line.product_id
                sums[key] = sums.get(key, Decimal(0)) + line.base_quantity
    return sums


def _options(
    session: Session, actor: Actor, translate: Translator, party: Party, product: Product
) -> list[tuple[str, str]]:
    """The shop's purchases of a product, each with what it holds; and any other invoice."""
    found = _purchases(session, actor, party, product)
    holds = _quantities(session, actor, {each.id or 0 for each in found})
    options = [
        (
            str(each.id),
            translate.text(
                N_("{number}, {date}, {seller}: {quantity} on it"),
                number=_written(each), date=each.issued_on, seller=each.seller_name,
                quantity=holds.get((each.id or 0, product.id or 0), Decimal(0)),
            ),
        )
        for each in found
    ]  # fmt: skip
    return [*options, (OTHER, translate.text(N_("Another invoice")))]


def _purchases(session: Session, actor: Actor, party: Party, product: Product) -> Sequence[Invoice]:
    if not party.tax_code:
        return []
    chosen = invoices.InvoiceFilter(buyer_tax_code=party.tax_code, product_id=product.id)
    page = invoices.list_invoices(session, actor, None, OFFERED, chosen)
    return [each for each in page.invoices if not each.replaced]


def _written(invoice: Invoice) -> str:
    return f"{invoice.form}{invoice.symbol} {invoice.number}"


@router.post("/inspect/shops/{party_id}/claims")
def record_claim(
    request: Request,
    session: SessionDep,
    actor: WebActor,
    translate: TranslatorDep,
    party_id: Id,
    typed: Annotated[Typed, Depends(_typed)],
    product_id: Annotated[int, Form(ge=1, le=MAX_ID)],
) -> Response:
    """Keep it; going back and sending again keeps nothing twice."""
    party = _shop(session, actor, party_id)
    product = registry.product(session, actor, product_id)
    if product is None:
        raise NotFoundError("registry.product-unknown", product_id=product_id)
    invoice_id, errors = _invoice(session, actor, translate, typed)
    quantity = count_of(typed.quantity)
    if not quantity:
        errors["quantity"] = translate.text(
            N_("Type how many are shown with it, more than none, in digits: for example 24 or 2,5.")
        )
    if errors or not quantity or not invoice_id:
        return _page(request, session, actor, party, product, typed, errors)
    statement = stock.ClaimStatement(
        party_id, product_id, invoice_id, quantity, _began(session, actor, party),
        nonce=f"{typed.nonce}-{product_id}-{invoice_id}-{quantity}"[:64],
    )  # fmt: skip
    try:
        stock.claim(session, actor, statement)
    except InvalidError as error:
        session.rollback()
        fault = error.faults[0]
        errors = {"": sentence(translate, fault.code, dict(fault.arguments))}
        return _page(request, session, actor, party, product, typed, errors)
    return see_other(f"/inspect/shops/{party_id}/claims#shown")


def _invoice(
    session: Session, actor: Actor, translate: Translator, typed: Typed
) -> tuple[int | None, dict[str, str]]:
    """The invoice that was chosen or typed, or what is wrong with that."""
    if typed.invoice and typed.invoice != OTHER:
        return number_of(typed.invoice), {}
    if not typed.invoice:
        return None, {"invoice": translate.text(N_("Choose the invoice that is shown."))}
    match = _NUMBER.fullmatch(" ".join(typed.number.upper().split()))
    if match is None:
        text = N_("Type the symbol and the number as they are printed: for example 1C26TAA 12.")
        return None, {"number": translate.text(text)}
    chosen = invoices.InvoiceFilter(
        seller_tax_code=typed.seller or None, symbol=match[2], number=int(match[3])
    )
    found = invoices.list_invoices(session, actor, None, 2, chosen).invoices
    found = [each for each in found if match[1] in (None, each.form)]
    if not found:
        text = N_("This invoice is not on record. Note it in the minutes, and ask for its file.")
        return None, {"number": translate.text(text)}
    if len(found) > 1:
        text = N_("Several sellers issued this number: type the tax code of the seller too.")
        return None, {"seller": translate.text(text)}
    return found[0].id, {}


def _began(session: Session, actor: Actor, party: Party) -> datetime:
    """When this inspection began: with the first thing of today that was put on record.

    What is shown at one inspection is added up, so its claims have to carry one time.
    """
    counts = stock.records(session, actor, party.id or 0)
    times = [
        each.observed_at
        for each in counts
        if each.kind == StockKind.COUNTED and each.observed_on == today()
    ]
    shown = stock.claims(session, actor, party.id or 0)
    times += [c.inspected_at for c in shown if c.recorded_at.astimezone(VIETNAM).date() == today()]
    return min(times, default=now())
