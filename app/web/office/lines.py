"""Invoice lines without a product: which to look at first, and saying what a seller's code means.

The list is ordered by how much a link would explain. The page of one code of goods is the list's
own address with `code`, `seller` and `unit`; what is confirmed there can be withdrawn at once.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Annotated

from fastapi import Depends, HTTPException, Request, Response
from pydantic import TypeAdapter, ValidationError
from sqlmodel import Session

from app.deps import SessionDep, TranslatorDep, WebActor
from app.i18n import N_
from app.web.forms import RefusedError, Text, refusal
from app.web.office import repository
from app.web.office.base import MAX_FILTER, address, may, number_of
from app.web.office.spreadsheet import Row, as_csv
from app.web.pages import render, see_other
from app.web.routing import page_router
from traceability import audit
from traceability.actor import Actor
from traceability.errors import Fault, InvalidError
from traceability.invoices import link_repository, service, suggesting
from traceability.invoices.aliases import MAX_FACTOR, AliasStatement
from traceability.invoices.link_repository import UnlinkedItem
from traceability.invoices.models import ALWAYS, AliasState
from traceability.invoices.service import Suggestion
from traceability.registry import cells, codes
from traceability.registry import repository as registry
from traceability.registry.columns import Cell
from traceability.registry.fields import IsoDate, faults_of
from traceability.registry.models import Product

router = page_router()

PATH = "/office/lines"
_SHOWN, _MOST = 20, 200
_UNITS = 1000
"""Units of one code of goods among which the asked one is looked for."""
_DAY: TypeAdapter[date] = TypeAdapter(IsoDate)
_FOUND = 10
_RECENT = 10
_IN_FILE = 10_000
"""Codes of goods in a file: those that would explain most."""
_HEADINGS = (
    N_("Seller"), N_("Tax code of the seller"), N_("Code of goods"), N_("Goods"), N_("Unit"),
    N_("Quantity in all"), N_("Number of lines"), N_("GTIN in the lines"),
)  # fmt: skip


@router.get(PATH)
def list_lines(
    request: Request,
    session: SessionDep,
    actor: WebActor,
    seller: str = "",
    code: str = "",
    unit: str = "",
    q: str = "",
    show: str = "",
    changed: str = "",
    format: str = "",  # noqa: A002 -- its name in the address
) -> Response:
    """The work list, with `format=csv` as a file; with `code`, the page to link that code on."""
    if code:
        typed = Statement(seller=seller, code=code, unit=unit)
        return _item_page(request, session, actor, typed, query=q.strip()[:MAX_FILTER])
    tax_code = seller.strip()[:20]
    if format == "csv":
        return as_csv(request, "lines", _HEADINGS, lambda own: _rows(own, actor, tax_code or None))
    limit = min(max(number_of(show), _SHOWN), _MOST)
    found = service.unlinked(session, actor, tax_code or None, limit + 1)
    shown = found[:limit]
    aliases = repository.newest_aliases(session, _RECENT)
    waiting = service.AliasFilter(states=[AliasState.PROPOSED, AliasState.AWAITING_SECOND])
    sellers = [proposal.item.seller_tax_code for proposal in shown]
    more = min(limit + _SHOWN, _MOST) if len(found) > limit and limit < _MOST else None
    return render(
        request,
        "office/lines.html",
        proposals=shown,
        names=repository.seller_names(session, [*sellers, *(a.seller_tax_code for a in aliases)]),
        item_address=_item_address,
        seller=tax_code,
        more=address(PATH, seller=tax_code, show=more) if more else None,
        table=address(PATH, seller=tax_code, format="csv"),
        aliases=aliases,
        waiting=len(service.list_aliases(session, actor, waiting, limit=_MOST)),
        products=registry.products_by_id(session, [alias.product_id for alias in aliases]),
        may_link=may(actor, f"POST {PATH}"),
        change=_change(session, number_of(changed)),
    )


def _rows(session: Session, actor: Actor, seller: str | None) -> Iterator[Row]:
    items = link_repository.unlinked_items(session, actor, seller, _IN_FILE)
    names = repository.seller_names(session, {item.seller_tax_code for item in items})
    for item in items:
        yield (
            names.get(item.seller_tax_code), item.seller_tax_code, item.item_code, item.name,
            item.unit, item.quantity, item.lines, item.gtin,
        )  # fmt: skip


def _item_address(item: UnlinkedItem) -> str:
    return address(PATH, seller=item.seller_tax_code, code=item.item_code, unit=item.unit)


@dataclass(frozen=True, slots=True)
class _Change:
    """What was confirmed or withdrawn a moment ago."""

    alias_id: int
    kind: str
    """`linked`, `awaiting` a second person, or `withdrawn`."""
    lines: int


def _change(session: Session, alias_id: int) -> _Change | None:
    entry = next(iter(audit.entries(session, subject=f"alias:{alias_id}", limit=1)), None)
    if entry is None:
        return None
    kind = {
        AliasState.IN_FORCE: "linked",
        AliasState.AWAITING_SECOND: "awaiting",
        AliasState.PROPOSED: "awaiting",
    }.get(entry.detail.get("state", ""), "withdrawn")
    return _Change(alias_id, kind, int(entry.detail.get("lines", 0)))


@dataclass(frozen=True, slots=True)
class Statement:
    """The form on which a code of goods is linked, as it was typed."""

    seller: str = ""
    code: str = ""
    unit: str = ""
    product: str = ""
    """The id of a proposed product, or `other` for the typed number."""
    gtin: str = ""
    scope: str = "unit"
    """`unit`: for this unit of measure alone; `any`: for every one."""
    factor: str = "1"
    valid_from: str = ""
    """First day of issue it holds for, as it was typed; empty for every day."""

    def as_input(self, session: Session, actor: Actor) -> AliasStatement:
        """The statement that is made.

        Raises:
            InvalidError: each field at fault.
        """
        faults: list[Fault] = []
        factor, product_id, first_day = Decimal(1), 0, ALWAYS
        try:
            product_id = self._product_id(session, actor)
        except InvalidError as error:
            faults.extend(error.faults)
        try:
            factor = Decimal(str(cells.read(Cell.QUANTITY, self.factor) or 0))
        except (cells.CellError, ArithmeticError):
            arguments = {"value": self.factor[:40], "maximum": int(MAX_FACTOR)}
            faults.append(Fault("factor", "invoices.alias-factor", arguments))
        try:
            if self.valid_from.strip():
                first_day = _DAY.validate_python(cells.read(Cell.DATE, self.valid_from))
        except ValidationError as error:
            faults.extend(replace(fault, field="valid_from") for fault in faults_of(error))
        if faults:
            raise InvalidError(faults)
        unit = "" if self.scope == "any" else self.unit
        return AliasStatement(self.seller, self.code, product_id, unit, factor, first_day)

    def _product_id(self, session: Session, actor: Actor) -> int:
        if self.product and self.product != "other":
            return number_of(self.product)
        if not self.gtin.strip():
            field = "gtin" if self.product else "product"
            raise InvalidError.of(field, "web.field-missing")
        number = codes.gtin(self.gtin).value
        product = registry.product_with_gtin(session, actor, number)
        if product is None:
            raise InvalidError.of("gtin", "registry.gtin-unknown", gtin=number)
        return product.id or 0


def _statement(
    seller: Text = "",
    code: Text = "",
    unit: Text = "",
    product: Text = "",
    gtin: Text = "",
    scope: Text = "unit",
    factor: Text = "1",
    valid_from: Text = "",
) -> Statement:
    return Statement(seller, code, unit, product, gtin, scope, factor, valid_from)


def _item_page(
    request: Request,
    session: Session,
    actor: Actor,
    typed: Statement,
    *,
    query: str = "",
    errors: dict[str, str] | None = None,
) -> Response:
    item = _item(session, actor, typed)
    pack_size = suggesting.pack_size(item.name, item.unit)
    if pack_size is not None and typed.factor == "1" and not errors:
        typed = replace(typed, factor=str(pack_size))
    proposed = service.suggestions(session, item.name)
    found = registry.list_products(session, actor, query=query, limit=_FOUND) if query else ()
    known = {each.product_id for each in proposed}
    options = [*proposed, *(_found(p) for p in found if p.id not in known)]
    return render(
        request,
        "office/line.html",
        status=422 if errors else 200,
        item=item,
        seller_name=repository.seller_names(session, [item.seller_tax_code]).get(
            item.seller_tax_code
        ),
        options=options,
        pack_size=pack_size,
        query=query,
        typed=typed,
        errors=errors or {},
        may_link=may(actor, f"POST {PATH}"),
    )


def _item(session: Session, actor: Actor, typed: Statement) -> UnlinkedItem:
    items = link_repository.unlinked_items(
        session, actor, typed.seller[:20], _UNITS, item_code=typed.code[:60]
    )
    for item in items:
        if item.item_code == typed.code and (item.unit or "") == typed.unit:
            return item
    raise HTTPException(404)


def _found(product: Product) -> Suggestion:
    return Suggestion(product.id or 0, product.gtin, product.name, 0)


@router.post(PATH)
def confirm(
    request: Request,
    session: SessionDep,
    actor: WebActor,
    translate: TranslatorDep,
    typed: Annotated[Statement, Depends(_statement)],
    withdraw: Text = "",
    undo: Text = "",
) -> Response:
    """Confirm what a code of goods is; `withdraw` and `undo` take a link back instead."""
    if withdraw or undo:
        alias_id = number_of(withdraw or undo)
        change = service.withdraw_alias if withdraw else service.undo_alias
        change(session, actor, alias_id)
        return see_other(address(PATH, changed=alias_id))
    try:
        alias = service.confirm_alias(session, actor, typed.as_input(session, actor))
    except RefusedError as error:
        errors = refusal(session, translate, error)
        if "product" in errors:
            errors["product"] = translate.text(N_("Choose a product, or type its number."))
        return _item_page(request, session, actor, typed, errors=errors)
    return see_other(address(PATH, changed=alias.id))
