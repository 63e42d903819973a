"""Pages of an inspector on the origin of a shop's goods: count, see what is not explained, save it.

Everything here rests on invoices: it is for inspectors alone, and no page of it is public.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Annotated

from fastapi import Form, Path, Request, Response
from sqlmodel import Session

from app.deps import SessionDep, TranslatorDep, WebActor
from app.i18n import N_, Translator
from app.security import tokens
from app.web import origin_files
from app.web.inspect_form import MAX_ID, count_of, find_shop
from app.web.inspect_view import PathView, path_view
from app.web.origin_result import shelf_rows, shop_result
from app.web.pages import render, see_other
from app.web.path_picture import Picture, PictureHop, draw
from app.web.routing import page_router
from app.wording.errors import sentence
from app.wording.origin import EVIDENCE
from gs1.errors import Gs1Error
from gs1.gtin import Gtin
from traceability.actor import Actor
from traceability.clock import now
from traceability.errors import InvalidError, NotFoundError
from traceability.invoices import stock
from traceability.invoices.ledger_models import StockKind
from traceability.registry import repository as registry
from traceability.registry.models import Party, Product

router = page_router()

Id = Annotated[int, Path(ge=1, le=MAX_ID)]
Texts = Annotated[list[str], Form()]
Text = Annotated[str, Form()]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_COUNTED = 500
"""Products that one form can count."""
MOST_OF_DOCUMENT = 100
"""Characters of the number of the minutes."""


def _shop(session: Session, actor: Actor, party_id: int) -> Party:
    party = find_shop(session, actor, str(party_id))
    if party is None:
        raise NotFoundError("registry.party-unknown", party_id=party_id)
    return party


@router.get("/inspect/shops/{party_id}/count")
def count(request: Request, session: SessionDep, actor: WebActor, party_id: Id) -> Response:
    """What should be on the shelf, and a field beside each product for what is."""
    return _count_page(request, session, _shop(session, actor, party_id), _Typed())


@dataclass(frozen=True, slots=True)
class _Typed:
    """What a refused form had in it."""

    counted: dict[int, str] | None = None
    gtin: str = ""
    other: str = ""
    document: str = ""
    began: str = ""
    nonce: str = ""
    errors: dict[str, str] | None = None


def _count_page(request: Request, session: Session, party: Party, typed: _Typed) -> Response:
    rows = shelf_rows(session, party)
    return render(
        request,
        "inspect/count.html",
        status=422 if typed.errors else 200,
        party=party,
        rows=rows[:MOST_COUNTED],
        more=max(len(rows) - MOST_COUNTED, 0),
        typed=typed,
        counted=typed.counted or {},
        errors=typed.errors or {},
        began=typed.began or now().isoformat(timespec="seconds"),
        nonce=typed.nonce or tokens.new_token()[:32],
        now=now(),
    )


@router.post("/inspect/shops/{party_id}/count")
def record_count(
    request: Request,
    session: SessionDep,
    actor: WebActor,
    translate: TranslatorDep,
    party_id: Id,
    product: Texts = [],  # noqa: B006 -- FastAPI copies it
    counted: Texts = [],  # noqa: B006
    gtin: Text = "",
    other: Text = "",
    document: Text = "",
    began: Text = "",
    nonce: Text = "",
) -> Response:
    """Keep every count that was filled in; going back and sending again keeps nothing twice."""
    party = _shop(session, actor, party_id)
    given = dict(zip(map(_id, product[:MOST_COUNTED]), counted, strict=False))
    counts, errors = _counts(translate, given)
    errors |= _other_count(session, translate, actor, gtin, other, counts)
    if not errors and not counts:
        errors = {"gtin": translate.text(N_("Count at least one product."))}
    if len(document) > MOST_OF_DOCUMENT:
        errors["document"] = sentence(translate, "web.field-too-long", {"limit": MOST_OF_DOCUMENT})
    typed = _Typed(given, gtin[:20], other[:20], document[:200], began[:40], nonce[:32], errors)
    if not errors:
        try:
            _keep(session, actor, party, typed, counts)
        except InvalidError as error:
            session.rollback()
            errors[""] = translate.text(N_("This shop has no tax code, so nothing is kept for it."))
            if error.code != "invoices.stock-no-tax-code":
                raise
    if errors:
        return _count_page(request, session, party, typed)
    return see_other(f"/inspect/shops/{party_id}/count#shelf")


def _id(text: str) -> int:
    return int(text) if text.isdecimal() and text.isascii() and len(text) < 19 else 0


def _counts(
    translate: Translator, given: dict[int, str]
) -> tuple[dict[int, Decimal], dict[str, str]]:
    counts, errors = {}, {}
    for product_id, text in given.items():
        if not text.strip():
            continue
        number = count_of(text)
        if number is None:
            errors[f"counted-{product_id}"] = _not_a_count(translate)
        else:
            counts[product_id] = number
    return counts, errors


def _other_count(
    session: Session,
    translate: Translator,
    actor: Actor,
    gtin: str,
    other: str,
    counts: dict[int, Decimal],
) -> dict[str, str]:
    """A product that no document names: by the number on its pack."""
    if not gtin.strip() and not other.strip():
        return {}
    found = _by_gtin(session, actor, gtin)
    if found is None or found.id is None:
        return {"gtin": translate.text(N_("No product with this number is registered."))}
    number = count_of(other) if other.strip() else None
    if number is None:
        return {"other": _not_a_count(translate)}
    counts[found.id] = number
    return {}


def _by_gtin(session: Session, actor: Actor, text: str) -> Product | None:
    try:
        return registry.product_with_gtin(session, actor, Gtin.parse(text.strip()).value)
    except Gs1Error:
        return None


def _not_a_count(translate: Translator) -> str:
    return translate.text(
        N_("Type the count in digits, without a sign for thousands: for example 24 or 2,5.")
    )


def _keep(
    session: Session, actor: Actor, party: Party, typed: _Typed, counts: dict[int, Decimal]
) -> None:
    began = _time(typed.began)
    for product_id, quantity in counts.items():
        statement = stock.StockStatement(
            party.id or 0, product_id, StockKind.COUNTED, quantity, began,
            # The quantity is part of it: corrected after going back, it is another statement.
            nonce=f"{typed.nonce}-{product_id}-{quantity}"[:64], document=typed.document.strip(),
        )  # fmt: skip
        stock.state(session, actor, statement)


def _time(text: str) -> datetime:
    """When the form was opened; now, where its field is not what was given out."""
    try:
        began = datetime.fromisoformat(text)
    except ValueError:
        return now()
    return began if began.tzinfo is not None and began <= now() else now()


@router.get("/inspect/shops/{party_id}/checks")
def checks(
    request: Request, session: SessionDep, actor: WebActor, translate: TranslatorDep, party_id: Id
) -> Response:
    """Every origin check with its evidence, and why an honest shop may look the same."""
    party = _shop(session, actor, party_id)
    if not party.tax_code:
        return render(request, "inspect/checks.html", party=party, result=None)
    result = shop_result(session, actor, translate, party)
    return render(
        request, "inspect/checks.html", party=party, result=result, products=result.products,
        evidence_words=EVIDENCE,
    )  # fmt: skip


@router.get("/inspect/shops/{party_id}/result.xlsx")
def result_xlsx(
    session: SessionDep, actor: WebActor, translate: TranslatorDep, party_id: Id
) -> Response:
    result = shop_result(session, actor, translate, _shop(session, actor, party_id))
    name = origin_files.file_name(result, "xlsx")
    return _file(origin_files.as_xlsx(translate, result), name, XLSX)


@router.get("/inspect/shops/{party_id}/result.pdf")
def result_pdf(
    session: SessionDep, actor: WebActor, translate: TranslatorDep, party_id: Id
) -> Response:
    result = shop_result(session, actor, translate, _shop(session, actor, party_id))
    name = origin_files.file_name(result, "pdf")
    return _file(origin_files.as_pdf(translate, result), name, "application/pdf")


def _file(content: bytes, name: str, media_type: str) -> Response:
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "no-store",
    }
    return Response(content, headers=headers, media_type=media_type)


@router.get("/inspect/shops/{party_id}/path/{product_id}")
def path(
    request: Request,
    session: SessionDep,
    actor: WebActor,
    translate: TranslatorDep,
    party_id: Id,
    product_id: Id,
) -> Response:
    """The path of one product as a picture, and as a table beside it."""
    party = _shop(session, actor, party_id)
    product = registry.product(session, actor, product_id)
    if product is None:
        raise NotFoundError("registry.product-unknown", product_id=product_id)
    found = path_view(session, translate, party, product)
    return render(
        request,
        "inspect/path.html",
        party=party,
        product=product,
        chain=found,
        picture=draw(_picture(translate, product, found)),
        now=now(),
    )


def _picture(translate: Translator, product: Product, found: PathView) -> Picture:
    shop, *others = found.stops
    hops = [
        PictureHop(
            translate.text(N_("Invoice {number}"), number=stop.hop.invoice_key),
            f"{translate.date(stop.hop.issued_on)} · {translate.number(stop.hop.quantity)}",
            stop.name,
            stop.role,
        )
        for stop in others
        if stop.hop is not None
    ]
    names = ", ".join(stop.name for stop in found.stops)
    ends = found.broken or translate.text(N_("it leads to where the goods may come from"))
    return Picture(
        translate.text(N_("Path of {product}"), product=product.name),
        translate.text(N_("From the shop upwards: {names}. End of the path: {ends}."),
                       names=names, ends=ends),
        shop.name, shop.role, hops,
        found.producer if found.broken else None,
        translate.text(N_("Owner of the code; no invoice on record leads here")),
    )  # fmt: skip
