"""Serials of a product: the list, one's own, and those that are issued here."""

from typing import Annotated, Any

from fastapi import Form, Query, Request, Response
from pydantic import BaseModel

from app.deps import SessionDep, TranslatorDep, WebActor
from app.i18n import N_, Translator
from app.web.forms import PAGE_SIZE, RefusedError, input_of, refusal
from app.web.pages import render, see_other
from app.web.routing import page_router
from app.web.shop import repository, words
from app.web.shop.base import After, RecordId, own_product, printable
from traceability.registry import lots, serials
from traceability.registry.columns import Cell
from traceability.registry.models import Product
from traceability.registry.schemas import MAX_SERIALS, SerialsIn, SerialsIssueIn

router = page_router()

_OFFERED_LOTS = 50


class NewSerials(BaseModel):
    """The form of serials as typed: `way` is own or issue."""

    way: str = "issue"
    lot: str = ""
    serials: str = ""
    count: str = ""

    @property
    def lines(self) -> list[str]:
        """The serials, one a line."""
        return [line.strip() for line in self.serials.splitlines() if line.strip()]


@router.get("/shop/products/{product_id}/serials")
def list_serials(
    request: Request,
    session: SessionDep,
    actor: WebActor,
    product_id: RecordId,
    q: Annotated[str, Query(max_length=40)] = "",
    before: After = 0,
    done: str = "",
    lot: Annotated[str, Query(max_length=40)] = "",
) -> Response:
    typed = NewSerials(lot=lot)
    return _page(request, session, actor, product_id, typed, query=q, before=before, done=done)


def _page(
    request: Request, session: SessionDep, actor: WebActor, product_id: int, typed: NewSerials,
    *, errors: dict[str, str] | None = None, query: str = "", before: int = 0, done: str = "",
) -> Response:  # fmt: skip
    product, query = own_product(session, actor, product_id), printable(query)
    rows = repository.serials_of(
        session, actor, product_id, query=query, before_id=before, limit=PAGE_SIZE + 1
    )
    shown = serials.describe(session, rows[:PAGE_SIZE])
    newest = repository.lots_of(session, actor, product_id, limit=_OFFERED_LOTS)
    return render(
        request, "shop/serials.html", status=422 if errors else 200, product=product,
        serials=shown, statuses=words.SERIAL_STATUSES, query=query, before=before, typed=typed,
        errors=errors or {}, maximum=MAX_SERIALS, lots=lots.describe(session, newest),
        done=int(done) if done.isdigit() and len(done) < 6 else 0,
        more=shown[-1].id if len(rows) > PAGE_SIZE else None,
    )  # fmt: skip


@router.post("/shop/products/{product_id}/serials")
def create_serials(
    request: Request,
    session: SessionDep,
    actor: WebActor,
    translate: TranslatorDep,
    product_id: RecordId,
    typed: Annotated[NewSerials, Form()],
) -> Response:
    """Register those that were typed, or issue as many as were asked for."""
    product = own_product(session, actor, product_id)
    try:
        made = _make(session, actor, product, typed)
    except RefusedError as error:
        errors = refusal(session, translate, error, "serials")
        errors = _by_line(translate, typed, errors)
        return _page(request, session, actor, product_id, typed, errors=errors)
    return see_other(f"/shop/products/{product_id}/serials?done={made}")


def _make(session: SessionDep, actor: WebActor, product: Product, typed: NewSerials) -> int:
    """Returns how many were registered."""
    fixed: dict[str, Any] = {"gtin": product.gtin}
    if typed.way == "own":
        own = input_of(
            SerialsIn, {"lot": typed.lot}, {"lot": Cell.CODE}, serials=typed.lines, **fixed
        )
        return serials.register_serials(session, actor, own).count
    texts, kinds = (
        {"lot": typed.lot, "count": typed.count},
        {"lot": Cell.CODE, "count": Cell.NUMBER},
    )
    wanted = input_of(SerialsIssueIn, texts, kinds, **fixed)
    return serials.issue_serials(session, actor, wanted).count


def _by_line(translate: Translator, typed: NewSerials, errors: dict[str, str]) -> dict[str, str]:
    """Faults of single serials gathered beside the one field: the first, with its line."""
    found = {name: text for name, text in errors.items() if not name.startswith("serials.")}
    for name, text in errors.items():
        if name.startswith("serials.") and "serials" not in found:
            at = int(name.split(".")[1])
            found["serials"] = translate.text(
                N_("Serial {n}, {serial}: {error}"), n=at + 1, serial=typed.lines[at][:40],
                error=text,
            )  # fmt: skip
    return found
