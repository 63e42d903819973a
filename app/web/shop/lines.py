"""Invoice lines of which no product is known, and a seller's word on what they are.

Whoever sold the goods says which product a code of theirs is; who bought them may not, because
it would be giving evidence about its own purchases.
"""

from typing import Annotated

from fastapi import Request, Response
from pydantic import BaseModel, Field
from sqlmodel import Session

from app.deps import SessionDep, TranslatorDep, WebActor
from app.web.forms import RefusedError, Text, input_of, page_router, refusal
from app.web.pages import render, see_other
from app.web.shop.base import own_party
from traceability.actor import Actor
from traceability.errors import InvalidError, NotFoundError
from traceability.invoices import service
from traceability.invoices.aliases import AliasStatement
from traceability.registry import products
from traceability.registry.columns import Cell
from traceability.registry.fields import CodeText, Input, Line, PositiveQuantity
from traceability.registry.models import Product

router = page_router()

_SHOWN = 50


class Statement(Input):
    """What a seller states of one of its codes."""

    item_code: Annotated[Line, Field(min_length=1, max_length=60)]
    unit: Annotated[Line, Field(max_length=60)] = ""
    gtin: CodeText
    factor: PositiveQuantity


class TypedStatement(BaseModel):
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
    return render(
        request, "shop/lines.html", status=422 if errors else 200, errors=errors, typed=typed,
        done=done, sold=[each for each in found if each.item.seller_tax_code == own],
        bought=[each for each in found if each.item.seller_tax_code != own],
    )  # fmt: skip


@router.post("/shop/lines")
def state(
    request: Request,
    session: SessionDep,
    actor: WebActor,
    translate: TranslatorDep,
    item_code: Text = "",
    unit: Text = "",
    gtin: Text = "",
    factor: Text = "",
) -> Response:
    """Say that a code of one's own is a product, and how many of it one unit holds."""
    typed = TypedStatement(item_code=item_code, unit=unit, gtin=gtin, factor=factor)
    try:
        given = input_of(
            Statement, typed.model_dump(), {"gtin": Cell.CODE, "factor": Cell.QUANTITY}
        )
        product = _product(session, actor, given.gtin)
        seller = own_party(session, actor).tax_code or ""
        service.confirm_alias(
            session, actor,
            AliasStatement(seller, given.item_code, product.id or 0, given.unit, given.factor),
        )  # fmt: skip
    except RefusedError as error:
        return _page(request, session, actor, typed, refusal(session, translate, error, "gtin"))
    return see_other("/shop/lines?done=1")


def _product(session: Session, actor: Actor, gtin: str) -> Product:
    """The registered product; one that is not registered is a fault of the field."""
    try:
        return products.product_of_gtin(session, actor, gtin)
    except NotFoundError as error:
        raise InvalidError.of("gtin", error.code, **error.arguments) from error
