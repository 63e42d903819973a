"""Invoice lines of which no product is known, and a seller's word on what they are.

Whoever sold the goods says which product a code of theirs is. Who bought them may only propose
it: the seller or an authority confirms, because nobody gives evidence about its own purchases.
"""

from typing import Annotated

from fastapi import Request, Response
from pydantic import BaseModel, Field
from sqlmodel import Session

from app.deps import SessionDep, TranslatorDep, WebActor
from app.web.forms import RefusedError, Text, input_of, refusal
from app.web.pages import render, see_other
from app.web.routing import page_router
from app.web.shop import words
from app.web.shop.base import RecordId, own_party
from traceability.actor import Actor
from traceability.errors import InvalidError, NotFoundError
from traceability.invoices import service
from traceability.invoices.aliases import AliasStatement, person_of
from traceability.invoices.models import AliasState
from traceability.registry import products
from traceability.registry import repository as registry
from traceability.registry.columns import Cell
from traceability.registry.fields import CodeText, Input, Line, PositiveQuantity
from traceability.registry.models import Product

router = page_router()

_SHOWN = 50
_OPEN = (AliasState.PROPOSED, AliasState.AWAITING_SECOND)


class Statement(Input):
    """What a seller states of one of its codes."""

    item_code: Annotated[Line, Field(min_length=1, max_length=60)]
    unit: Annotated[Line, Field(max_length=60)] = ""
    gtin: CodeText
    factor: PositiveQuantity


class TypedStatement(BaseModel):
    seller: str = ""
    """The other side, for goods that were bought; empty for one's own codes."""
    item_code: str = ""
    unit: str = ""
    gtin: str = ""
    factor: str = "1"


@router.get("/shop/lines")
def list_lines(request: Request, session: SessionDep, actor: WebActor, done: str = "") -> Response:
    """Own codes with a form each; bought ones with what can be done about them."""
    return _page(request, session, actor, TypedStatement(), {}, done=done)


def _page(
    request: Request, session: Session, actor: Actor, typed: TypedStatement,
    errors: dict[str, str], done: str = "",
) -> Response:  # fmt: skip
    own = own_party(session, actor).tax_code
    found = service.unlinked(session, actor, limit=_SHOWN)
    waiting = service.list_aliases(session, actor, service.AliasFilter(states=_OPEN), limit=_SHOWN)
    return render(
        request, "shop/lines.html", status=422 if errors else 200, errors=errors, typed=typed,
        done=done, sold=[each for each in found if each.item.seller_tax_code == own],
        bought=[each for each in found if each.item.seller_tax_code != own],
        waiting=waiting, own=own, me=person_of(actor), states=words.ALIAS_STATES,
        products=registry.products_by_id(session, {each.product_id for each in waiting}),
    )  # fmt: skip


@router.post("/shop/lines")
def state(
    request: Request,
    session: SessionDep,
    actor: WebActor,
    translate: TranslatorDep,
    seller: Text = "",
    item_code: Text = "",
    unit: Text = "",
    gtin: Text = "",
    factor: Text = "",
) -> Response:
    """Say what a code of one's own is, or propose what one of a supplier's is."""
    typed = TypedStatement(seller=seller, item_code=item_code, unit=unit, gtin=gtin, factor=factor)
    own = own_party(session, actor).tax_code or ""
    try:
        given = input_of(
            Statement, typed.model_dump(exclude={"seller"}),
            {"gtin": Cell.CODE, "factor": Cell.QUANTITY},
        )  # fmt: skip
        product = _product(session, actor, given.gtin)
        say = service.propose_alias if seller not in ("", own) else service.confirm_alias
        alias = say(
            session, actor,
            AliasStatement(
                seller or own, given.item_code, product.id or 0, given.unit, given.factor
            ),
        )  # fmt: skip
    except RefusedError as error:
        return _page(request, session, actor, typed, refusal(session, translate, error, "gtin"))
    return see_other(f"/shop/lines?done={alias.state}")


@router.post("/shop/lines/{alias_id}")
def decide(
    request: Request,
    session: SessionDep,
    actor: WebActor,
    translate: TranslatorDep,
    alias_id: RecordId,
    decision: Text = "",
) -> Response:
    """Confirm what waits for a person, or take it back."""
    try:
        if decision == "confirm":
            alias = service.confirm_alias_by_id(session, actor, alias_id)
            return see_other(f"/shop/lines?done={alias.state}")
        service.withdraw_alias(session, actor, alias_id)
    except RefusedError as error:
        errors = refusal(session, translate, error, "gtin")
        return _page(request, session, actor, TypedStatement(), errors)
    return see_other(f"/shop/lines?done={AliasState.WITHDRAWN}")


def _product(session: Session, actor: Actor, gtin: str) -> Product:
    """The registered product; one that is not registered is a fault of the field."""
    try:
        return products.product_of_gtin(session, actor, gtin)
    except NotFoundError as error:
        raise InvalidError.of("gtin", error.code, **error.arguments) from error
