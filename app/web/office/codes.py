"""Codes that wait for a confirmation: a member has named the document behind them itself.

Until somebody else has seen the document, a look-up says that the registration is awaited.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from fastapi import Request, Response
from sqlmodel import Session

import gs1
from app.deps import SessionDep, WebActor
from app.i18n import N_
from app.web.forms import PAGE_SIZE, Text
from app.web.office import repository
from app.web.office.base import address, may, number_of
from app.web.office.spreadsheet import PAGE_ROWS, Row, as_csv, pages
from app.web.pages import render, see_other
from app.web.routing import page_router
from traceability.clock import today
from traceability.registry import authorisations, codes, ownership
from traceability.registry import repository as registry
from traceability.registry.models import CodeAuthorisation, Party, Product

router = page_router()

PATH = "/office/codes"
_HEADINGS = (
    N_("Product"), N_("GTIN"), N_("Producer"), N_("Number range held by"),
    N_("Who may use the code"), N_("Number of the document"), N_("Date of the document"),
    N_("Last day"),
)  # fmt: skip


class Waiting(NamedTuple):
    """A product that waits, with what there is to decide by."""

    product: Product
    producer: Party
    holder: Party | None
    """On record for the company prefix, where that is another than the producer."""
    documents: list[tuple[CodeAuthorisation, Party]]


@router.get(PATH)
def list_codes(
    request: Request,
    session: SessionDep,
    actor: WebActor,
    after: str = "",
    done: str = "",
    undone: str = "",
    format: str = "",  # noqa: A002 -- its name in the address
) -> Response:
    """The oldest first; `done` and `undone` name the product of a moment ago."""
    if format == "csv":
        return as_csv(request, "codes", _HEADINGS, _rows)
    found = repository.unconfirmed_products(session, after_id=number_of(after), limit=PAGE_SIZE + 1)
    more = found[PAGE_SIZE - 1].id if len(found) > PAGE_SIZE else None
    decided = number_of(done or undone)
    return render(
        request,
        "office/codes.html",
        waiting=_waiting(session, found[:PAGE_SIZE]),
        decided=registry.products_by_id(session, [decided]).get(decided),
        today=today(),
        may_confirm=may(actor, f"POST {PATH}"),
        first=PATH if after else None,
        next=address(PATH, after=more) if more else None,
        table=address(PATH, format="csv"),
    )


def _waiting(session: Session, products: Sequence[Product]) -> list[Waiting]:
    documents = repository.documents_of(session, [product.id or 0 for product in products])
    holders = {product.id: _holder(session, product) for product in products}
    ids = {product.producer_id for product in products} | {id_ for id_ in holders.values() if id_}
    parties = registry.parties_by_id(session, ids)
    return [
        Waiting(
            product, parties[product.producer_id], parties.get(holders[product.id] or 0),
            documents.get(product.id or 0, []),
        )
        for product in products
    ]  # fmt: skip


def _holder(session: Session, product: Product) -> int | None:
    """Id of the party that holds the company prefix, where that is not the producer."""
    number = gs1.Gtin.parse(product.gtin)
    holders = registry.prefix_holders(session, today(), codes.company_prefixes(number))
    found = ownership.foreign_prefix(number, product.producer_id, holders, has_document=False)
    return found[1] if found else None


def _rows(session: Session) -> Iterator[Row]:
    def page(after: int) -> Sequence[Product]:
        return repository.unconfirmed_products(session, after_id=after, limit=PAGE_ROWS)

    for found in pages(session, page, lambda product: product.id or 0):
        for each in _waiting(session, found):
            for document, user in each.documents:
                yield (
                    each.product.name, each.product.gtin, each.producer.name,
                    each.holder.name if each.holder else None, user.name,
                    document.document_number, document.document_date, document.valid_to,
                )  # fmt: skip


@router.post(PATH)
def confirm(session: SessionDep, actor: WebActor, product: Text = "", undo: Text = "") -> Response:
    """The document has been seen: the product counts; `undo` lets it wait again."""
    authorisations.set_confirmed(session, actor, number_of(undo or product), confirmed=not undo)
    return see_other(address(PATH, undone=undo) if undo else address(PATH, done=product))
