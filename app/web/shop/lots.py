"""Lots of a product: the list, a new one, a correction."""

from typing import Annotated, Any

from fastapi import Form, Request, Response
from pydantic import BaseModel

from app.deps import SessionDep, TranslatorDep, WebActor
from app.web.forms import PAGE_SIZE, RefusedError, input_of, refusal
from app.web.pages import render, see_other
from app.web.routing import page_router
from app.web.shop import repository
from app.web.shop.base import After, RecordId, own_product
from traceability.clock import today
from traceability.errors import NotFoundError
from traceability.registry import lots
from traceability.registry.columns import Cell
from traceability.registry.models import Lot
from traceability.registry.schemas import LotIn, LotPatch

router = page_router()

_KINDS = {
    "lot": Cell.CODE,
    "production_date": Cell.DATE,
    "expiry_date": Cell.DATE,
    "quantity": Cell.QUANTITY,
}


class LotFields(BaseModel):
    """The form of a lot as typed."""

    production_date: str = ""
    expiry_date: str = ""
    quantity: str = ""
    unit: str = ""
    place: str = ""


class NewLot(LotFields):
    lot: str = ""


@router.get("/shop/products/{product_id}/lots")
def list_lots(
    request: Request,
    session: SessionDep,
    actor: WebActor,
    product_id: RecordId,
    before: After = 0,
    done: str = "",
) -> Response:
    return _page(request, session, actor, product_id, NewLot(), before=before, done=done)


def _page(
    request: Request, session: SessionDep, actor: WebActor, product_id: int, typed: NewLot,
    **context: Any,
) -> Response:  # fmt: skip
    before, errors = context.get("before", 0), context.get("errors", {})
    product = own_product(session, actor, product_id)
    rows = repository.lots_of(session, actor, product_id, before_id=before, limit=PAGE_SIZE + 1)
    shown = lots.describe(session, rows[:PAGE_SIZE])
    return render(
        request, "shop/lots.html", status=422 if errors else 200, product=product, lots=shown,
        typed=typed, errors=errors, today=today(), before=before, done=context.get("done", ""),
        more=shown[-1].id if len(rows) > PAGE_SIZE else None,
    )  # fmt: skip


@router.post("/shop/products/{product_id}/lots")
def create_lot(
    request: Request,
    session: SessionDep,
    actor: WebActor,
    translate: TranslatorDep,
    product_id: RecordId,
    typed: Annotated[NewLot, Form()],
) -> Response:
    product = own_product(session, actor, product_id)
    try:
        given = input_of(LotIn, typed.model_dump(), _KINDS, gtin=product.gtin)
        lots.create_lot(session, actor, given)
    except RefusedError as error:
        errors = refusal(session, translate, error, "lot")
        return _page(request, session, actor, product_id, typed, errors=errors)
    return see_other(f"/shop/products/{product_id}/lots?done=created")


@router.get("/shop/products/{product_id}/lots/{lot_id}")
def lot_form(
    request: Request, session: SessionDep, actor: WebActor, product_id: RecordId, lot_id: RecordId
) -> Response:
    lot = _lot(session, actor, product_id, lot_id)
    typed = LotFields(
        production_date=str(lot.production_date or ""),
        expiry_date=str(lot.expiry_date or ""),
        quantity="" if lot.quantity is None else format(lot.quantity.normalize(), "f"),
        unit=lot.unit or "",
        place=lot.place or "",
    )
    return _lot_page(request, session, actor, lot, typed, {})


def _lot(session: SessionDep, actor: WebActor, product_id: int, lot_id: int) -> Lot:
    own_product(session, actor, product_id)
    lot = lots.get_lot(session, actor, lot_id)
    if lot.product_id != product_id:
        raise NotFoundError("registry.lot-unknown", lot_id=lot_id)
    return lot


def _lot_page(
    request: Request, session: SessionDep, actor: WebActor, lot: Lot, typed: LotFields,
    errors: dict[str, str],
) -> Response:  # fmt: skip
    product = own_product(session, actor, lot.product_id)
    return render(
        request, "shop/lot.html", status=422 if errors else 200, product=product, lot=lot,
        typed=typed, errors=errors,
    )  # fmt: skip


@router.post("/shop/products/{product_id}/lots/{lot_id}")
def change_lot(
    request: Request,
    session: SessionDep,
    actor: WebActor,
    translate: TranslatorDep,
    product_id: RecordId,
    lot_id: RecordId,
    typed: Annotated[LotFields, Form()],
) -> Response:
    """Correct its dates, quantity or place; its number stays."""
    _lot(session, actor, product_id, lot_id)
    try:
        change = input_of(LotPatch, typed.model_dump(), _KINDS, empty_as_none=True)
        lots.change_lot(session, actor, lot_id, change)
    except RefusedError as error:
        errors = refusal(session, translate, error)
        lot = _lot(session, actor, product_id, lot_id)
        return _lot_page(request, session, actor, lot, typed, errors)
    return see_other(f"/shop/products/{product_id}/lots?done=changed")
