"""What a shop or producer should do first, and what there is."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from sqlmodel import Session

from app.i18n import N_, Translator
from app.security import keys
from app.web.shop import repository, words
from traceability.actor import Actor
from traceability.clock import now, today
from traceability.events.models import RecallStatus
from traceability.events.recalling import repository as recalled
from traceability.invoices import ledger
from traceability.invoices.ledger import Balance
from traceability.registry import products, registrations
from traceability.registry import repository as registry
from traceability.registry.models import Party
from traceability.registry.registrations import RegistrationState

SOON = timedelta(days=30)
"""Lots that expire within this time are named, and those that did within as long."""
KEY_SOON = timedelta(days=14)
_EXAMINED = 200
"""Products whose elements are looked through."""
_NAMED = 3
"""Records named in one item."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that an entry is about, with its page."""

    text: str
    address: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One kind of thing to do."""

    level: str
    title: str
    text: str = ""
    items: Sequence[Item] = ()
    address: str = ""
    link: str = ""
    """Text of the link to all of them."""


def entries(session: Session, translate: Translator, actor: Actor, party: Party) -> list[Entry]:
    """What is to be done, the most pressing first."""
    return [
        *_recalls(session, translate, party),
        *_registration(session, translate, party),
        *_lots(session, translate, actor),
        *_balances(session, translate, actor, party),
        *_lines(session, translate, party),
        *_elements(session, translate, actor),
        *_keys(session, translate, actor),
    ]


def _recalls(session: Session, translate: Translator, party: Party) -> Iterator[Entry]:
    """Recalls in force that concern the organisation, and of which it has said nothing."""
    held = recalled.recalls_held(session, party.id or 0, status=RecallStatus.ACTIVE)
    told = recalled.newest_answers(session, [row.id or 0 for row in held], party.id)
    found = [row for row in held if (row.id, party.id) not in told]
    if not found:
        return
    title = translate.count(
        "{n} recall concerns goods that you hold or own",
        "{n} recalls concern goods that you hold or own",
        len(found),
    )
    text = translate.text(N_("Take them off sale, and say what you have found."))
    items = [
        Item(
            translate.text(N_("Recall {number}"), number=row.notice_number),
            f"/shop/recalls/{row.id}",
            row.advice,
        )
        for row in found[:_NAMED]
    ]
    yield Entry("stop", title, text, items, "/shop/recalls", translate.text(N_("See all recalls")))


def _registration(session: Session, translate: Translator, party: Party) -> Iterator[Entry]:
    standing = registrations.standing(session, party)
    if standing.is_active:
        return
    title, text = words.REGISTRATIONS[standing.state]
    level = "info" if standing.state is RegistrationState.PENDING else "care"
    reason = [Item(standing.reason, "")] if standing.reason else []
    yield Entry(level, translate.text(title), translate.text(text), reason)


def _lots(session: Session, translate: Translator, actor: Actor) -> Iterator[Entry]:
    day = today()
    expired = repository.lots_expiring(
        session, actor, day - SOON, day - timedelta(days=1), repository.MOST_COUNTED
    )
    soon = repository.lots_expiring(session, actor, day, day + SOON, repository.MOST_COUNTED)
    if expired:
        title = translate.count(
            "{n} lot expired in the last 30 days", "{n} lots expired in the last 30 days",
            len(expired),
        )  # fmt: skip
        text = translate.text(N_("Take what is left off sale, or correct the date."))
        yield Entry("care", title, text, [_lot(translate, lot) for lot in expired[-_NAMED:]])
    if soon:
        title = translate.count(
            "{n} lot expires within 30 days", "{n} lots expire within 30 days", len(soon)
        )
        yield Entry("info", title, items=[_lot(translate, lot) for lot in soon[:_NAMED]])


def _lot(translate: Translator, lot: repository.DatedLot) -> Item:
    address = f"/shop/products/{lot.product_id}/lots/{lot.lot_id}"
    text = translate.text(N_("Lot {lot}, {product}"), lot=lot.lot, product=lot.product_name)
    detail = translate.text(N_("expiry date {date}"), date=lot.expiry_date)
    return Item(text, address, detail)


def _balances(
    session: Session, translate: Translator, actor: Actor, party: Party
) -> Iterator[Entry]:
    found = unexplained(session, actor, party)
    if not found:
        return
    names = registry.products_by_id(session, [each.product_id for each in found[:_NAMED]])
    items = [
        Item(
            names[each.product_id].name,
            "/shop/balances",
            translate.text(N_("not explained yet: {n}"), n=-each.expected),
        )
        for each in found[:_NAMED]
    ]
    title = translate.count(
        "{n} product of which more was sold than the invoices show bought",
        "{n} products of which more was sold than the invoices show bought",
        len(found),
    )
    text = translate.text(
        N_("Opening stock and invoices that are not uploaded yet are the usual reasons.")
    )
    yield Entry(
        "care", title, text, items, "/shop/balances", translate.text(N_("See what was counted"))
    )


def unexplained(session: Session, actor: Actor, party: Party) -> list[Balance]:
    """Balances below nothing, the largest gap first; what one makes oneself is not bought."""
    if party.tax_code is None:
        return []
    below = [each for each in ledger.balances(session, party.tax_code) if each.expected < 0]
    owners = registry.products_by_id(session, [each.product_id for each in below])
    bought = [each for each in below if not actor.owns(owners[each.product_id].producer_id)]
    return sorted(bought, key=_expected)


def _expected(balance: Balance) -> Decimal:
    return balance.expected


def _lines(session: Session, translate: Translator, party: Party) -> Iterator[Entry]:
    found = ledger.unlinked_lines(session, party.tax_code) if party.tax_code else 0
    if not found:
        return
    title = translate.count(
        "{n} invoice line without a known product", "{n} invoice lines without a known product",
        found,
    )  # fmt: skip
    text = translate.text(N_("They count in no balance until it is known which product they are."))
    yield Entry("care", title, text, (), "/shop/lines", translate.text(N_("See these lines")))


def _elements(session: Session, translate: Translator, actor: Actor) -> Iterator[Entry]:
    rows = repository.own_products(session, actor, limit=_EXAMINED)
    found = [
        each for each in products.describe(session, rows)
        if each.completeness.missing and actor.owns(each.producer.id)
    ]  # fmt: skip
    if not found:
        return
    found.sort(key=lambda each: -len(each.completeness.missing))
    items = []
    for each in found[:_NAMED]:
        missing = [translate.text(words.ELEMENTS[m.code]) for m in each.completeness.missing]
        shown = "; ".join(missing[:4]) + ("; …" if len(missing) > 4 else "")
        items.append(Item(each.name, f"/shop/products/{each.id}", shown))
    title = translate.count(
        "{n} product lacks elements that the law asks for",
        "{n} products lack elements that the law asks for",
        len(found),
    )
    link = translate.text(N_("See all products"))
    yield Entry("info", title, "", items, "/shop/products", link)


def _keys(session: Session, translate: Translator, actor: Actor) -> Iterator[Entry]:
    limit, items = now() + KEY_SOON, []
    for key in keys.list_keys(session, actor):
        if key.revoked_at is None and key.expires_at is not None and key.expires_at <= limit:
            past = key.expires_at <= now()
            message = N_("expired at {time}") if past else N_("expires at {time}")
            detail = translate.text(message, time=key.expires_at)
            items.append(Item(key.name, "/shop/keys", detail))
    if items:
        title = translate.count(
            "{n} API key has expired or will soon", "{n} API keys have expired or will soon",
            len(items),
        )  # fmt: skip
        text = translate.text(N_("Make a new key, put it into the program, then revoke the old."))
        link = translate.text(N_("Go to the keys"))
        yield Entry("info", title, text, items[:_NAMED], "/shop/keys", link)
