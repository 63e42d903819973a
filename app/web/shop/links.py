"""Where a product's code leads: its links, a new one, ending one, and what is answered now."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any
from urllib.parse import unquote

import orjson
from fastapi import Form, Request, Response
from pydantic import BaseModel
from sqlmodel import Session

import gs1
from app.deps import SessionDep, TranslatorDep, WebActor, services
from app.i18n import N_, Translator
from app.resolver import OWN_TITLE
from app.web.forms import RefusedError, input_of, refusal
from app.web.pages import render, see_other
from app.web.routing import page_router
from app.web.shop.base import RecordId, own_product, printable
from app.web.shop.words import options
from app.wording.link_types import LINK_TYPES
from gs1 import digital_link
from gs1.element_string import ElementString
from gs1.errors import Gs1Error
from traceability.actor import Actor
from traceability.clock import VIETNAM, now
from traceability.db import execute_in, read_all_in
from traceability.errors import Fault, InvalidError, NotFoundError
from traceability.registry import cells
from traceability.registry.columns import Cell
from traceability.registry.models import Product
from traceability.resolver import choosing, links, linkset, resolving, target
from traceability.resolver.models import Link
from traceability.resolver.resolving import Kind
from traceability.resolver.schemas import LinkIn

router = page_router()

PATH = "/shop/products/{product_id}/links"
LANGUAGES = {"": N_("any"), "vi": N_("Vietnamese"), "en": N_("English")}
MEDIA_TYPES = {
    "": N_("any"), "text/html": N_("web page"), "application/pdf": "PDF",
    "application/json": "JSON", "image/jpeg": N_("picture"), "video/mp4": N_("video"),
}  # fmt: skip
_ANSWERS = {
    Kind.OWN_PAGE: N_("our page about this product"),
    Kind.GONE: N_("our page, which says that the goods are recalled or withdrawn"),
    Kind.CHOICES: N_("a choice between several links"),
}


class NewLink(BaseModel):
    """The form of a new link as typed."""

    link_type: str = "pip"
    href: str = ""
    title: str = ""
    lot: str = ""
    serial: str = ""
    language: str = ""
    media_type: str = ""
    context: str = ""
    is_default: str = ""
    first_day: str = ""
    last_day: str = ""

    def as_input(self, gtin: str) -> LinkIn:
        """Raises InvalidError with every field at fault."""
        texts = self.model_dump(exclude={"is_default", "first_day", "last_day"})
        faults: list[Fault] = []
        begins = _day(faults, "first_day", self.first_day)
        ends = _day(faults, "last_day", self.last_day)
        try:
            given = input_of(
                LinkIn, texts, {"lot": Cell.CODE, "serial": Cell.CODE}, gtin=gtin,
                is_default=self.is_default == "1",
                valid_from=begins.isoformat() if begins else None,
                valid_to=(ends + timedelta(days=1)).isoformat() if ends else None,
            )  # fmt: skip
        except InvalidError as error:
            raise InvalidError([*faults, *error.faults]) from error
        if faults:
            raise InvalidError(faults)
        return given


def _day(faults: list[Fault], field: str, text: str) -> datetime | None:
    """The beginning of a day in Vietnam; None for an empty field, and for one at fault."""
    try:
        day = cells.read(Cell.DATE, text)
        return datetime.fromisoformat(str(day)).replace(tzinfo=VIETNAM) if day else None
    except (ValueError, cells.CellError):
        faults.append(Fault(field, "registry.date-format", {"value": text[:40]}))
        return None


@dataclass(frozen=True, slots=True)
class Row:
    link: Link
    word: str
    of: str
    """The lot or serial that it is of; empty for the product."""
    state: str
    level: str


@router.get(PATH)
def list_links(
    request: Request, session: SessionDep, actor: WebActor, translate: TranslatorDep,
    product_id: RecordId, lot: str = "", serial: str = "", done: str = "",
) -> Response:  # fmt: skip
    """The links, and what is answered for the product, or for one lot or serial of it."""
    asked = NewLink(lot=printable(lot)[:20], serial=printable(serial)[:20])
    return _page(request, session, actor, translate, product_id, asked, done=done)


def _page(
    request: Request, session: Session, actor: Actor, translate: Translator, product_id: int,
    typed: NewLink, *, errors: dict[str, str] | None = None, done: str = "",
) -> Response:  # fmt: skip
    product = own_product(session, actor, product_id)
    found = links.list_links(session, actor, product.gtin)
    return render(
        request, "shop/links.html", status=422 if errors else 200, product=product, typed=typed,
        errors=errors or {}, done=done, rows=[_row(translate, link) for link in found],
        types=options(translate, LINK_TYPES), languages=options(translate, LANGUAGES),
        media_types=options(translate, MEDIA_TYPES),
        answers=_answers(request, session, translate, product, typed),
        placeholders=[f"{{{name}}}" for name in target.PLACEHOLDERS],
    )  # fmt: skip


def _row(translate: Translator, link: Link) -> Row:
    parts = link.anchor.split("/")[3:]
    words = {"10": N_("Lot {number}"), "21": N_("Serial {number}")}
    of = ", ".join(
        translate.text(words[ai], number=unquote(number))
        for ai, number in zip(parts[::2], parts[1::2], strict=True)
    )
    word, level = _state(link)
    kind = translate.text(LINK_TYPES.get(link.link_type, link.link_type))
    return Row(link, kind, of, translate.text(word), level)


def _state(link: Link) -> tuple[str, str]:
    if link.ended_at is not None:
        return N_("Ended"), ""
    if link.valid_to is not None and link.valid_to <= now():
        return N_("Over"), ""
    return (N_("In force"), "ok") if link.valid_from <= now() else (N_("Not begun"), "info")


def _answers(
    request: Request, session: Session, translate: Translator, product: Product, typed: NewLink
) -> dict[str, Any]:
    """Where phones are led now, by language, and all links as machines get them."""
    stem = services(request).settings.public_url.rstrip("/")
    elements = [ElementString("01", product.gtin)]
    elements += [ElementString(ai, text) for ai, text in (("10", typed.lot), ("21", typed.serial))
                 if text]  # fmt: skip
    address = digital_link.build(elements, stem)
    try:
        reading = gs1.read(address)
    except Gs1Error:
        # What was typed cannot be a lot or a serial: its own message says so.
        return _answers(request, session, translate, product, NewLink())
    ask = execute_in(session), read_all_in(session), reading
    values = target.values_of(reading.elements)
    every = resolving.resolve(*ask, choosing.Wanted(resolving.LINKSET))
    found = linkset.linkset(stem, every.levels, every.links, translate.text(OWN_TITLE), values)
    led = {tag: resolving.resolve(*ask, choosing.Wanted(languages=(tag,))) for tag in ("vi", "en")}
    return {
        "address": address,
        "led": [(LANGUAGES[tag], _led(translate, each, values)) for tag, each in led.items()],
        "linkset": orjson.dumps(found, option=orjson.OPT_INDENT_2).decode(),
    }


def _led(translate: Translator, answer: resolving.Answer, values: dict[str, str]) -> str:
    if answer.kind is Kind.REDIRECT:
        return target.filled(answer.links[0].href, values)
    return translate.text(_ANSWERS[answer.kind])


@router.post(PATH)
def add_link(
    request: Request,
    session: SessionDep,
    actor: WebActor,
    translate: TranslatorDep,
    product_id: RecordId,
    typed: Annotated[NewLink, Form()],
) -> Response:
    product = own_product(session, actor, product_id)
    try:
        links.add_link(session, actor, typed.as_input(product.gtin))
    except RefusedError as error:
        errors = refusal(session, translate, error, "is_default")
        for field, ours in (("valid_from", "first_day"), ("valid_to", "last_day")):
            if field in errors:
                errors[ours] = errors.pop(field)
        return _page(request, session, actor, translate, product_id, typed, errors=errors)
    return see_other(f"/shop/products/{product_id}/links?done=added")


@router.post(PATH + "/{link_id}")
def change_link(
    request: Request,
    session: SessionDep,
    actor: WebActor,
    translate: TranslatorDep,
    product_id: RecordId,
    link_id: RecordId,
    step: Annotated[str, Form()] = "",
) -> Response:
    """End a link, or bring an ended one back."""
    own_product(session, actor, product_id)
    if links.managed_link(session, actor, link_id).product_id != product_id:
        raise NotFoundError("resolver.link-unknown", link_id=link_id)
    if step == "end":
        links.end_link(session, actor, link_id)
        return see_other(f"/shop/products/{product_id}/links?done=ended")
    try:
        links.restore_link(session, actor, link_id)
    except RefusedError as error:
        errors = refusal(session, translate, error)
        return _page(request, session, actor, translate, product_id, NewLink(), errors=errors)
    return see_other(f"/shop/products/{product_id}/links?done=restored")
