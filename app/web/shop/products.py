"""Products of a shop or producer: the list, the page of one, its picture, its changes."""

from typing import Annotated, Any

from fastapi import File, Form, Query, Request, Response, UploadFile

from app.deps import SessionDep, TranslatorDep, WebActor, current_translator
from app.pictures import as_jpeg
from app.web.forms import PAGE_SIZE, RefusedError, input_of, refusal
from app.web.pages import render, see_other
from app.web.routing import page_router
from app.web.shop import repository, words
from app.web.shop.base import After, RecordId, own_product
from app.web.shop.product_form import ProductFields
from app.wording.errors import sentence
from scanner import ScannerError
from traceability.errors import ForbiddenError
from traceability.registry import lots, photos, products
from traceability.registry.access import may_change
from traceability.registry.models import Product
from traceability.registry.schemas import CompletenessOut, ProductOut, ProductPatch

router = page_router()

_SHOWN_LOTS = 5


@router.get("/shop/products")
def list_products(
    request: Request,
    session: SessionDep,
    actor: WebActor,
    q: Annotated[str, Query(max_length=400)] = "",
    after: After = 0,
) -> Response:
    """Own products and those whose code one may use, by the beginnings of words or digits."""
    query = q.strip()
    rows = repository.own_products(session, actor, query=query, after_id=after, limit=PAGE_SIZE + 1)
    shown = products.describe(session, rows[:PAGE_SIZE])
    more = shown[-1].id if len(rows) > PAGE_SIZE else None
    return render(
        request, "shop/products.html", products=shown, query=query, after=after, more=more
    )


@router.get("/shop/products/{product_id}")
def product_page(
    request: Request, session: SessionDep, actor: WebActor, product_id: RecordId, done: str = ""
) -> Response:
    return _product_page(request, session, actor, product_id, done=done)


def _product_page(
    request: Request,
    session: SessionDep,
    actor: WebActor,
    product_id: int,
    *,
    status: int = 200,
    done: str = "",
    errors: dict[str, str] | None = None,
) -> Response:
    row = own_product(session, actor, product_id)
    product = products.describe(session, [row])[0]
    newest = repository.lots_of(session, actor, product_id, limit=_SHOWN_LOTS)
    translate, silent = current_translator(request), product.completeness.not_stated
    return render(
        request,
        "shop/product.html",
        status=status,
        product=product,
        missing=_by_source(product.completeness),
        elements=words.ELEMENTS,
        sources=words.SOURCES,
        risks=words.RISKS,
        place_of=words.place_of,
        not_stated=[translate.text(words.ELEMENTS[each.code]) for each in silent],
        may_change=may_change(actor, row.producer_id),
        lots=lots.describe(session, newest),
        serials=repository.serial_count(session, actor, product_id),
        most=repository.MOST_COUNTED,
        done=done,
        errors=errors or {},
    )


def _by_source(found: CompletenessOut) -> list[tuple[str, list[str]]]:
    """The missing elements under the text that asks for them."""
    return [
        (source, codes)
        for source in words.SOURCES
        if (codes := [each.code for each in found.missing if each.source == source])
    ]


@router.post("/shop/products/{product_id}/photo")
def set_photo(
    request: Request,
    session: SessionDep,
    actor: WebActor,
    translate: TranslatorDep,
    product_id: RecordId,
    photo: Annotated[UploadFile | None, File()] = None,
) -> Response:
    """Keep the picture, made smaller and without what the camera wrote into it."""
    data = photo.file.read() if photo else b""
    try:
        picture = as_jpeg(data) if data else b""
    except ScannerError as error:
        errors = {"photo": sentence(translate, error.code, error.arguments)}
    else:
        errors = {} if picture else {"photo": sentence(translate, "web.nothing-sent", {})}
    if errors:
        return _product_page(request, session, actor, product_id, status=422, errors=errors)
    product = own_product(session, actor, product_id)
    photos.set_photo(session, actor, product, "image/jpeg", picture)
    return see_other(f"/shop/products/{product_id}?done=photo")


@router.get("/shop/products/{product_id}/edit")
def edit_product(
    request: Request, session: SessionDep, actor: WebActor, product_id: RecordId
) -> Response:
    row = _changeable(session, actor, product_id)
    product = products.describe(session, [row])[0]
    kept = product.model_dump(include=set(ProductFields.model_fields) - {"display_sample"})
    typed = ProductFields(
        **{name: text or "" for name, text in kept.items()},
        display_sample="1" if product.display_sample else "",
    )
    return _edit_page(request, product, typed)


def _changeable(session: SessionDep, actor: WebActor, product_id: int) -> Product:
    row = own_product(session, actor, product_id)
    if not may_change(actor, row.producer_id):
        raise ForbiddenError("registry.not-your-product", gtin=row.gtin)
    return row


def _edit_page(
    request: Request, product: ProductOut, typed: ProductFields, **context: Any
) -> Response:
    errors = context.get("errors", {})
    return render(
        request, "shop/product_edit.html", status=422 if errors else 200,
        product=product, typed=typed, errors=errors,
        risks=words.options(current_translator(request), words.RISKS),
    )  # fmt: skip


@router.post("/shop/products/{product_id}")
def change_product(
    request: Request,
    session: SessionDep,
    actor: WebActor,
    translate: TranslatorDep,
    product_id: RecordId,
    typed: Annotated[ProductFields, Form()],
) -> Response:
    """Change it; a field that was emptied is empty on record."""
    row = _changeable(session, actor, product_id)
    try:
        change = input_of(
            ProductPatch, typed.texts(), empty_as_none=True,
            display_sample=bool(typed.display_sample),
        )  # fmt: skip
        products.change_product(session, actor, product_id, change)
    except RefusedError as error:
        errors = refusal(session, translate, error)
        row = _changeable(session, actor, product_id)
        return _edit_page(request, products.describe(session, [row])[0], typed, errors=errors)
    return see_other(f"/shop/products/{product_id}?done=changed")
