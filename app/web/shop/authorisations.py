"""Who else may use a product's code: the documents, a new one, and ending one.

Decree 37/2026/NĐ-CP, article 28: a code is neither sold nor passed on; a partner needs it in
writing. The owner sees every document, an authorised user its own.
"""

from collections.abc import Sequence
from typing import Annotated

from fastapi import Form, Request, Response
from pydantic import BaseModel
from sqlmodel import Session

from app.deps import SessionDep, TranslatorDep, WebActor
from app.web.forms import RefusedError, input_of, refusal
from app.web.pages import render, see_other
from app.web.routing import page_router
from app.web.shop.base import RecordId, own_product
from traceability.actor import Actor
from traceability.clock import today
from traceability.errors import Fault, ForbiddenError, InvalidError, NotFoundError
from traceability.registry import authorisations, repository
from traceability.registry.access import may_change
from traceability.registry.columns import Cell
from traceability.registry.models import Product
from traceability.registry.schemas import AuthorisationIn, AuthorisationOut
from traceability.registry.tax_code import TaxCode

router = page_router()

_KINDS = {"document_date": Cell.DATE, "valid_to": Cell.DATE}


class NewUser(BaseModel):
    """The form of a new authorised user as typed."""

    tax_code: str = ""
    document_number: str = ""
    document_date: str = ""
    valid_to: str = ""

    def as_input(self, session: Session) -> AuthorisationIn:
        """Raises InvalidError with every field at fault."""
        faults: list[Fault] = []
        party_id = 1  # stands in, so that the other fields are checked as well
        try:
            party_id = _party_id(session, self.tax_code)
        except InvalidError as error:
            faults.extend(error.faults)
        texts = self.model_dump(exclude={"tax_code"})
        try:
            given = input_of(AuthorisationIn, texts, _KINDS, party_id=party_id)
        except InvalidError as error:
            raise InvalidError([*faults, *error.faults]) from error
        if faults:
            raise InvalidError(faults)
        return given


def _party_id(session: Session, text: str) -> int:
    """The organisation of a tax code; it is named by its code, as no list of all is public."""
    if not text.strip():
        raise InvalidError.of("tax_code", "web.field-missing")
    number = TaxCode.parse(text).value
    party = repository.party_with_tax_code(session, number)
    if party is None or party.id is None:
        raise InvalidError.of("tax_code", "registry.tax-code-unknown", tax_code=number)
    return party.id


@router.get("/shop/products/{product_id}/authorisations")
def list_users(
    request: Request, session: SessionDep, actor: WebActor, product_id: RecordId, done: str = ""
) -> Response:
    product = own_product(session, actor, product_id)
    return _page(request, session, actor, product, NewUser(), done=done)


def _page(
    request: Request, session: Session, actor: Actor, product: Product, typed: NewUser, *,
    errors: dict[str, str] | None = None, done: str = "",
) -> Response:  # fmt: skip
    rows = authorisations.list_authorisations(session, actor, product.id or 0)
    known = repository.parties_by_id(session, [product.producer_id, *(r.party_id for r in rows)])
    return render(
        request, "shop/authorisations.html", status=422 if errors else 200, product=product,
        rows=rows, parties=known, typed=typed, errors=errors or {}, done=done, today=today(),
        may_change=may_change(actor, product.producer_id),
        waiting=None if product.confirmed else _claim(rows, product),
        own_claim=any(row.party_id == product.producer_id for row in rows),
    )  # fmt: skip


def _claim(rows: Sequence[AuthorisationOut], product: Product) -> AuthorisationOut | None:
    """The document that a member had named itself, of a product that waits for a confirmation."""
    others = [row for row in rows if row.party_id != product.producer_id]
    return next(iter([*others, *rows]), None)


@router.post("/shop/products/{product_id}/authorisations")
def authorise(
    request: Request,
    session: SessionDep,
    actor: WebActor,
    translate: TranslatorDep,
    product_id: RecordId,
    typed: Annotated[NewUser, Form()],
) -> Response:
    """Let an organisation use the code; a newer document replaces the one on record."""
    product = own_product(session, actor, product_id)
    if not may_change(actor, product.producer_id):
        raise ForbiddenError("registry.not-your-product", gtin=product.gtin)
    try:
        authorisations.authorise(session, actor, product_id, typed.as_input(session))
    except RefusedError as error:
        errors = refusal(session, translate, error)
        if "party_id" in errors:
            errors = {"tax_code": errors.pop("party_id"), **errors}
        product = own_product(session, actor, product_id)
        return _page(request, session, actor, product, typed, errors=errors)
    return see_other(f"/shop/products/{product_id}/authorisations?done=added")


@router.get("/shop/products/{product_id}/authorisations/{authorisation_id}/end")
def end_question(
    request: Request,
    session: SessionDep,
    actor: WebActor,
    product_id: RecordId,
    authorisation_id: RecordId,
) -> Response:
    """What ending means, before it is done."""
    product = own_product(session, actor, product_id)
    if not may_change(actor, product.producer_id):
        raise ForbiddenError("registry.not-your-product", gtin=product.gtin)
    rows = authorisations.list_authorisations(session, actor, product_id)
    row = next((row for row in rows if row.id == authorisation_id), None)
    if row is None:
        raise NotFoundError("registry.authorisation-unknown", authorisation_id=authorisation_id)
    return render(
        request, "shop/authorisation_end.html", product=product, row=row,
        ended=row.valid_to is not None and row.valid_to < today(),
    )  # fmt: skip


@router.post("/shop/products/{product_id}/authorisations/{authorisation_id}/end")
def end_authorisation(
    session: SessionDep, actor: WebActor, product_id: RecordId, authorisation_id: RecordId
) -> Response:
    """From now on the organisation makes no lots and serial numbers under this code."""
    own_product(session, actor, product_id)
    authorisations.end_authorisation(session, actor, product_id, authorisation_id)
    return see_other(f"/shop/products/{product_id}/authorisations?done=ended")
