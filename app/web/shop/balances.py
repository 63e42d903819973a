"""What a shop's documents explain, what they do not, and what the shop can do about it."""

from decimal import Decimal
from typing import Annotated

from fastapi import Form, Request, Response
from sqlmodel import Session

from app.deps import SessionDep, TranslatorDep, WebActor
from app.i18n import N_, Translator
from app.security import tokens
from app.web.forms import Text
from app.web.inspect_form import count_of
from app.web.origin_result import shelf_rows, shop_result
from app.web.pages import render, see_other
from app.web.routing import page_router
from app.web.shop.base import own_party
from app.wording.origin import EVIDENCE
from traceability.actor import Actor
from traceability.clock import now
from traceability.invoices import ledger, stock
from traceability.invoices.ledger_models import StockKind
from traceability.registry.fields import MAX_ID
from traceability.registry.models import Party

router = page_router()
_KINDS = {
    StockKind.OPENING: N_("This many are here today"),
    StockKind.RETURNED: N_("This many went back to a supplier"),
}
"""What a shop may state itself."""


@router.get("/shop/balances")
def balances(request: Request, session: SessionDep, actor: WebActor) -> Response:
    """By product, what is not explained first."""
    return _page(request, session, own_party(session, actor), {}, {})


def _page(
    request: Request,
    session: Session,
    party: Party,
    typed: dict[str, str],
    errors: dict[str, str],
) -> Response:
    return render(
        request,
        "shop/balances.html",
        status=422 if errors else 200,
        rows=shelf_rows(session, party),
        unlinked=ledger.unlinked_lines(session, party.tax_code) if party.tax_code else 0,
        tax_code=party.tax_code,
        kinds=list(_KINDS.items()),
        typed=typed,
        errors=errors,
        nonce=typed.get("nonce") or tokens.new_token()[:32],
    )


@router.post("/shop/balances")
def state_stock(
    request: Request,
    session: SessionDep,
    actor: WebActor,
    translate: TranslatorDep,
    product_id: Annotated[int, Form(ge=1, le=MAX_ID)],
    kind: Text = "",
    quantity: Text = "",
    document: Text = "",
    nonce: Text = "",
) -> Response:
    """An opening count or goods given back: what no invoice says."""
    party = own_party(session, actor)
    typed = {
        "product_id": str(product_id), "kind": kind[:20], "quantity": quantity[:20],
        "document": document[:200], "nonce": nonce[:32],
    }  # fmt: skip
    errors = _errors(translate, party, typed)
    if errors:
        return _page(request, session, party, typed, errors)
    _keep(session, actor, party, typed)
    return see_other("/shop/balances")


def _errors(translate: Translator, party: Party, typed: dict[str, str]) -> dict[str, str]:
    errors = {}
    if not party.tax_code:
        errors[""] = translate.text(N_("Your organisation has no tax code, so nothing is kept."))
    if typed["kind"] not in {kind.value for kind in _KINDS}:
        errors["kind"] = translate.text(N_("Choose what the number says."))
    if count_of(typed["quantity"]) is None:
        errors["quantity"] = translate.text(
            N_("Type the count in digits, without a sign for thousands: for example 24 or 2,5.")
        )
    if len(typed["document"]) > 100:
        errors["document"] = translate.text(N_("At most 100 characters."))
    return errors


def _keep(session: Session, actor: Actor, party: Party, typed: dict[str, str]) -> None:
    quantity = count_of(typed["quantity"]) or Decimal(0)
    parts = (typed["nonce"], typed["product_id"], typed["kind"][0], str(quantity))
    statement = stock.StockStatement(
        party.id or 0, int(typed["product_id"]), StockKind(typed["kind"]), quantity, now(),
        nonce="-".join(parts)[:64], document=typed["document"],
    )  # fmt: skip
    stock.state(session, actor, statement)


@router.get("/shop/checks")
def checks(
    request: Request, session: SessionDep, actor: WebActor, translate: TranslatorDep
) -> Response:
    """The checks that look at nothing but the shop's own documents."""
    party = own_party(session, actor)
    result = shop_result(session, actor, translate, party) if party.tax_code else None
    return render(
        request,
        "shop/checks.html",
        result=result,
        products=result.products if result else {},
        evidence_words=EVIDENCE,
    )
