"""A GTIN explained at once: is it well formed, how is it printed, whose is it, is it taken."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlmodel import Session

import gs1
from app.i18n import N_, Translator
from app.web.codes import printed_gtin
from app.wording.errors import sentence
from gs1.gtin import Gtin
from gs1.hints import hints
from gs1.prefix import PrefixKind
from traceability.actor import Actor
from traceability.clock import today
from traceability.registry import codes, ownership, products, repository
from traceability.registry.models import Product

_SYMBOLS = {8: "EAN-8", 12: "UPC-A", 13: "EAN-13", 14: "ITF-14"}
_SLIPS = frozenset({"gs1.hint-look-alike", "gs1.hint-leading-zero"})
"""Slips with one repair; a wrong check digit has too many to propose."""

Line = tuple[str, str]
"""Level and sentence."""


@dataclass(frozen=True, slots=True)
class GtinView:
    gtin: str
    """14 digits."""
    lines: list[Line]
    """What is known of the number."""
    own_product_id: int | None
    """Registered, and the visitor's organisation may use it."""
    free: bool
    """It can be registered."""
    foreign: bool
    """Its company prefix is another party's: a document has to be named."""


def explain(session: Session, translate: Translator, actor: Actor, number: Gtin) -> GtinView:
    """What the digits, the list of prefixes and the register say of a number."""
    lines = [
        ("ok", translate.text(N_("The number is well formed; its check digit is right."))),
        ("info", _printed(translate, number)),
        *_prefix(translate, number),
    ]
    taken = repository.product_with_gtin(session, actor, number.value)
    if taken is not None:
        may_use = products.may_use(session, actor, taken)
        lines.append(("info", _taken_text(session, translate, actor, taken, may_use=may_use)))
        return GtinView(number.value, lines, taken.id if may_use else None, False, False)
    refused = codes.not_for_products(number)
    holder = None if refused else _foreign_holder(session, actor, number)
    if refused is not None:
        lines.append(("care", sentence(translate, refused.code, refused.arguments)))
    elif holder is not None:
        lines.append(("care", _foreign_text(translate, *holder)))
    else:
        lines.append(("ok", translate.text(N_("Not registered yet: you can register it."))))
    return GtinView(number.value, lines, None, refused is None, holder is not None)


def _taken_text(
    session: Session, translate: Translator, actor: Actor, product: Product, *, may_use: bool
) -> str:
    owner = repository.parties_by_id(session, [product.producer_id])[product.producer_id]
    if actor.owns(owner.id):
        return translate.text(N_("Your organisation has registered it already."))
    if may_use:
        return translate.text(N_("Registered by {name}, who lets you use it."), name=owner.name)
    return translate.text(N_("Registered already by {name}."), name=owner.name)


def _printed(translate: Translator, number: Gtin) -> str:
    digits = printed_gtin(number.value)
    return translate.text(
        N_("{format}: printed as an {symbol} barcode."),
        format=codes.gtin_format(number),
        symbol=_SYMBOLS[len(digits)],
    )


def _prefix(translate: Translator, number: Gtin) -> Iterator[Line]:
    info = gs1.prefix.lookup(number)
    if info.kind is PrefixKind.DEMO:
        text = N_("This range is for examples and demonstrations; real goods do not carry it.")
        yield "care", translate.text(text)
    elif info.kind is PrefixKind.UNALLOCATED:
        text = N_(
            "The range {prefix} was not seen allocated in the list of {date}; the list may be late."
        )
        yield "care", translate.text(text, prefix=info.range, date=info.list_date)
    elif info.organisation is not None:
        text = N_("Number range licensed through {organisation}; no conclusion about origin.")
        yield "info", translate.text(text, organisation=info.organisation)


def _foreign_holder(session: Session, actor: Actor, number: Gtin) -> tuple[str, str] | None:
    """The company prefix over the number and its holder, when that is somebody else."""
    holders = repository.prefix_holders(session, today(), codes.company_prefixes(number))
    found = ownership.foreign_prefix(number, actor.party_id or 0, holders, has_document=False)
    if found is None:
        return None
    prefix, holder_id = found
    return prefix, repository.parties_by_id(session, [holder_id])[holder_id].name


def _foreign_text(translate: Translator, prefix: str, holder: str) -> str:
    return translate.text(
        N_(
            "The company prefix {prefix} is on record for {name}. To register this number, "
            "name the document by which they let you use it."
        ),
        prefix=prefix,
        name=holder,
    )


def proposals(text: str) -> list[str]:
    """Numbers that a mistyped one may have been meant to be; none is taken without asking."""
    return [hint.suggestion for hint in hints(text[:64]) if hint.code in _SLIPS][:3]
