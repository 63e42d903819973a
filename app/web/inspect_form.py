"""The form of a scan: read leniently, so that what is wrong is said beside its field."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from fastapi import Request, Response
from sqlmodel import Session

from app.deps import caller, services
from app.i18n import N_, Translator
from app.security import tokens
from app.web.pages import set_cookie
from app.wording.errors import sentence
from traceability.actor import Actor
from traceability.invoices.outside.service import Consultation
from traceability.registry import areas
from traceability.registry import repository as registry
from traceability.registry.models import AreaLevel, Party, PartyKind
from traceability.verification.case import Context, Place
from traceability.verification.service import MAX_SCAN_DATA, Symbol

MAX_ID = 2**63 - 1
SHOP_COOKIE = "nguon_shop"
SHOP_KEPT_S = 4 * 3600
"""A shop stays chosen for one visit: tomorrow's scans must not land in yesterday's shop."""

NO_SHOPS = frozenset({PartyKind.AGENCY, PartyKind.TAX})
"""Parties without shelves."""
_IDENTIFIER = re.compile(r"\][A-Za-z][0-9A-Za-z]")
# A point or comma before three digits may stand for thousands: refused rather than guessed.
_COUNT = re.compile(r"(\d{1,9})(?:[.,](\d{1,2}))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class ScanForm:
    """A form that can be carried out."""

    symbol: Symbol
    context: Context
    nonce: str


def number_of(text: str) -> int | None:
    """An id or a cursor as addresses carry it; None for anything else.

    >>> number_of("12"), number_of("-1"), number_of("x"), number_of("9" * 30)
    (12, None, None, None)
    """
    number = int(text) if re.fullmatch(r"[0-9]{1,19}", text) else 0
    return number if 0 < number <= MAX_ID else None


def count_of(text: str) -> Decimal | None:
    """A count as people type it; None where it is no number from 0 to 999,999,999.

    >>> count_of("12"), count_of(" 2,5 "), count_of("1 200")
    (Decimal('12'), Decimal('2.5'), Decimal('1200'))
    >>> count_of("1.200"), count_of("-3"), count_of("1e99"), count_of("mười")
    (None, None, None, None)
    """
    match = _COUNT.fullmatch("".join(text.split()))
    return Decimal(f"{match[1]}.{match[2] or 0}").normalize() + 0 if match else None


def find_shop(session: Session, actor: Actor, text: str) -> Party | None:
    """A party on whose shelves goods can stand; None where the text names none."""
    number = number_of(text)
    party = registry.party(session, actor, number) if number else None
    return None if party is None or party.kind in NO_SHOPS else party


def chosen_shop(request: Request, session: Session, actor: Actor) -> Party | None:
    """The shop of this visit, which the same inspector chose on this device."""
    user, _, shop = request.cookies.get(SHOP_COOKIE, "").partition(".")
    return find_shop(session, actor, shop) if user == str(actor.user_id) else None


def keep_shop(request: Request, response: Response, actor: Actor, shop: Party | None) -> Response:
    """Keep the shop chosen for the rest of the visit, or forget it."""
    if shop is None:
        response.delete_cookie(SHOP_COOKIE, path="/")
    else:
        value = f"{actor.user_id}.{shop.id}"
        set_cookie(request, response, SHOP_COOKIE, value, max_age=SHOP_KEPT_S)
    return response


def read_form(
    request: Request,
    session: Session,
    actor: Actor,
    translate: Translator,
    typed: Mapping[str, str],
    outside: tuple[Consultation, ...] = (),
) -> tuple[ScanForm | None, dict[str, str]]:
    """The scan that was asked for, or a sentence for each field that stands in its way."""
    errors = _code_errors(translate, typed)
    place = _place(session, actor, translate, typed, errors)
    if errors:
        return None, errors
    symbol = Symbol(typed["scan_data"].strip(" \r\n\t"), typed["symbology_identifier"] or None)
    hosts = services(request).settings.hosts
    context = Context(actor, caller(request, actor), place, hosts, outside=outside)
    return ScanForm(symbol, context, _nonce(typed)), {}


def _code_errors(translate: Translator, typed: Mapping[str, str]) -> dict[str, str]:
    code, identifier = typed["scan_data"], typed["symbology_identifier"]
    if not code.strip():
        return {"scan_data": translate.text(N_("Type the digits of the code."))}
    if len(code) > MAX_SCAN_DATA:
        return {"scan_data": sentence(translate, "web.field-too-long", {"limit": MAX_SCAN_DATA})}
    if "\0" in code or (identifier and not _IDENTIFIER.fullmatch(identifier)):
        return {"scan_data": sentence(translate, "web.field-invalid", {})}
    return {}


def _place(
    session: Session,
    actor: Actor,
    translate: Translator,
    typed: Mapping[str, str],
    errors: dict[str, str],
) -> Place:
    shop = find_shop(session, actor, typed["shop_id"]) if typed["shop_id"] else None
    if typed["shop_id"] and shop is None:
        errors["shop_id"] = translate.text(N_("This shop is not in the register. Choose it anew."))
    counted = count_of(typed["counted"]) if typed["counted"].strip() else None
    if typed["counted"].strip() and counted is None:
        errors["counted"] = translate.text(
            N_("Type the count in digits, without a sign for thousands: for example 24 or 2,5.")
        )
    elif counted is not None and shop is None and not errors:
        errors["counted"] = translate.text(N_("A count belongs to a shelf: choose the shop first."))
    area = areas.resolve(session, typed["area_code"][:10]) if typed["area_code"] else None
    if typed["area_code"] and (area is None or area.level != AreaLevel.PROVINCE):
        errors["area_code"] = translate.text(N_("Choose a province of the list."))
    area_code = area.code if area else _province_of(session, shop)
    return Place(shop_id=shop.id if shop else None, area_code=area_code, counted=counted)


def _province_of(session: Session, shop: Party | None) -> str | None:
    """The province in which the shop stands."""
    area = areas.resolve(session, shop.area_code) if shop and shop.area_code else None
    if area is None:
        return None
    return area.parent_code if area.level == AreaLevel.COMMUNE else area.code


def _nonce(typed: Mapping[str, Any]) -> str:
    """Made of the form's own nonce and all it says.

    Sent twice it is one scan; corrected after going back, with the nonce of before, it is another.
    """
    names = ("scan_data", "symbology_identifier", "shop_id", "counted", "area_code")
    content = repr([typed[name].strip() for name in names])
    unique = typed["nonce"] or tokens.new_token()
    return hashlib.sha256(f"{unique}\n{content}".encode("utf-8", "surrogatepass")).hexdigest()
