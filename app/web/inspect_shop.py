"""Pages of an inspector on shops: find one, what its invoices explain, and the invoices."""

from collections.abc import Sequence
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Path, Request, Response
from sqlmodel import Session

from app.deps import ServicesDep, SessionDep, TranslatorDep, WebActor
from app.i18n import Translator
from app.security import tokens
from app.web.inspect_form import MAX_ID, NO_SHOPS, find_shop, number_of
from app.web.inspect_view import KIND_WORDS, REGISTRATION_WORDS, BalanceView, balance_view
from app.web.origin_result import ShelfRow, shelf_rows
from app.web.pages import render, see_other
from app.web.routing import page_router
from app.wording.invoice_record import record_view
from app.wording.invoice_view import qr_page, signature_pages
from app.wording.outside_view import outside_view
from traceability.actor import Actor
from traceability.clock import now, today
from traceability.errors import InvalidError, NotFoundError
from traceability.invoices import ledger
from traceability.invoices import service as invoices
from traceability.invoices.models import Invoice
from traceability.invoices.outside.asking import ask_now, told_before
from traceability.invoices.scanned import printed_qr
from traceability.registry import registrations
from traceability.registry import repository as registry
from traceability.registry.models import Party, PartyKind
from traceability.registry.tax_code import TaxCode
from traceability.verification import repository

router = page_router()

PAGE = 25
RECENT = 5
"""Shops of the last scans, offered before anything is searched for."""
Id = Annotated[int, Path(ge=1, le=MAX_ID)]


@router.get("/inspect/shops")
def shops(
    request: Request,
    session: SessionDep,
    actor: WebActor,
    q: str = "",
    after: str = "",
    scan: str = "",
) -> Response:
    """Find by tax code, name or place; `scan` is the scan that a shop is being chosen for."""
    query, cursor = q.strip()[:200], number_of(after) or 0
    kind = None if query else PartyKind.SHOP
    found = registry.list_parties(
        session, actor, query=_searched(query) or None, kind=kind, after_id=cursor, limit=PAGE + 1
    )
    shown = found[:PAGE]
    more = {"q": query, "scan": scan, "after": shown[-1].id} if len(found) > PAGE else None
    recent = [] if query or cursor else repository.recent_shops(session, actor.user_id or 0, RECENT)
    return render(
        request,
        "inspect/shops.html",
        q=query,
        scan=repository.get_scan(session, actor, number_of(scan) or 0),
        parties=[p for p in shown if p.kind not in NO_SHOPS and p.id not in recent],
        recent=_in_order(session, recent),
        kind_words=KIND_WORDS,
        nonce=tokens.new_token(),
        first=f"/inspect/shops?{urlencode({'q': query, 'scan': scan})}" if cursor else None,
        next=f"/inspect/shops?{urlencode(more)}" if more else None,
    )


def _searched(query: str) -> str:
    """A tax code in its one written form, however it was typed; other text as it is."""
    try:
        return TaxCode.parse(query).value
    except InvalidError:
        return query


def _in_order(session: Session, ids: Sequence[int]) -> list[Party]:
    known = registry.parties_by_id(session, ids)
    return [known[party_id] for party_id in ids if party_id in known]


@router.get("/inspect/shops/{party_id}")
def shop(
    request: Request,
    session: SessionDep,
    actor: WebActor,
    translate: TranslatorDep,
    party_id: Id,
    product: str = "",
    before: str = "",
) -> Response:
    """What the shop bought and sold of each product, and its invoices."""
    party = find_shop(session, actor, str(party_id))
    if party is None:
        raise NotFoundError("registry.party-unknown", party_id=party_id)
    standings = registrations.standings(session, [party], today())
    wanted, cursor = number_of(product), number_of(before)
    page = _invoices(session, actor, party, wanted, cursor)
    kept = {"product": wanted} if wanted else {}
    here = f"/inspect/shops/{party_id}"
    return render(
        request,
        "inspect/shop.html",
        party=party,
        kind=translate.text(KIND_WORDS[party.kind]),
        registration=translate.text(REGISTRATION_WORDS[standings[party_id].state]),
        balances=_balances(session, translate, party),
        unlinked=ledger.unlinked_lines(session, party.tax_code) if party.tax_code else 0,
        invoices=page.invoices,
        chosen=registry.product(session, actor, wanted) if wanted else None,
        now=now(),
        first=f"{here}?{urlencode(kept)}#invoices" if cursor else None,
        next=f"{here}?{urlencode({**kept, 'before': page.next_cursor})}#invoices"
        if page.next_cursor
        else None,
    )


def _invoices(
    session: Session, actor: Actor, party: Party, product_id: int | None, cursor: int | None
) -> invoices.InvoicePage:
    if not party.tax_code:
        return invoices.InvoicePage([], None)
    chosen = invoices.InvoiceFilter(tax_code=party.tax_code, product_id=product_id)
    return invoices.list_invoices(session, actor, cursor, PAGE, chosen)


def _balances(
    session: Session, translate: Translator, party: Party
) -> list[tuple[ShelfRow, BalanceView | None]]:
    """By product, what does not add up first; no answer on goods that the party makes itself."""
    rows = shelf_rows(session, party) if party.tax_code else []
    return [(row, None if row.own else _answer(translate, row)) for row in rows]


def _answer(translate: Translator, row: ShelfRow) -> BalanceView:
    """Of the last count, held against the balance of its day; without one, of today's balance."""
    at = row.at_count or row.balance
    return balance_view(translate, at, at.counted)


@router.get("/inspect/invoices/{invoice_id}")
def invoice(
    request: Request,
    parts: ServicesDep,
    session: SessionDep,
    actor: WebActor,
    translate: TranslatorDep,
    invoice_id: Id,
) -> Response:
    """An invoice with its lines; that it was looked into is written down."""
    found = invoices.get_invoice(session, actor, invoice_id)
    documents = invoices.documents_of(session, actor, invoice_id)
    lines = invoices.invoice_lines(session, actor, [invoice_id])[invoice_id]
    products = registry.products_by_id(session, {x.product_id for x in lines if x.product_id})
    told = told_before(session, parts.outside, actor, found)
    with parts.database.writing() as writing:
        invoices.record_reading(writing, actor, invoice_id)
    return render(
        request,
        "inspect/invoice.html",
        invoice=found,
        lines=lines,
        products=products,
        parties=_parties(session, found),
        related=_related(session, actor, found),
        record=record_view(session, translate, actor, found),
        signatures=signature_pages(translate, invoices.signatures_of(session, actor, invoice_id)),
        qr=qr_page(translate, printed_qr(found)),
        outside=told and outside_view(translate, told),
        digest=documents[0].document.digest,
        conflicting=sum(carrying.conflicting for carrying in documents),
    )


@router.post("/inspect/invoices/{invoice_id}/outside")
def ask_outside(parts: ServicesDep, actor: WebActor, invoice_id: Id) -> Response:
    """Ask the outside registry about an invoice; the page then says what came of it."""
    ask_now(parts.database, parts.outside, actor, invoice_id)
    return see_other(f"/inspect/invoices/{invoice_id}#outside")


def _parties(session: Session, found: Invoice) -> dict[str, int]:
    """Ids of seller and buyer, by tax code, as far as they are registered."""
    codes = [code for code in (found.seller_tax_code, found.buyer_tax_code) if code]
    parties = [registry.party_with_tax_code(session, code) for code in codes]
    return {party.tax_code: party.id for party in parties if party and party.tax_code and party.id}


def _related(session: Session, actor: Actor, found: Invoice) -> int | None:
    """Id of the invoice that this one replaces or adjusts, where it is on record."""
    if found.related_number is None or found.related_symbol is None:
        return None
    chosen = invoices.InvoiceFilter(
        seller_tax_code=found.seller_tax_code,
        symbol=found.related_symbol,
        number=found.related_number,
    )
    page = invoices.list_invoices(session, actor, limit=1, chosen=chosen)
    return page.invoices[0].id if page.invoices else None
