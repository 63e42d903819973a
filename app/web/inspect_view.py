"""What an inspector's page shows of a scan: the verdict as given, the records as they are now."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlmodel import Session

import gs1
from app.i18n import N_, Translator
from app.wording.presentation import verdict_view
from app.wording.verdict import chain_reason, level_word
from gs1.errors import Gs1Error
from traceability.actor import Actor
from traceability.clock import now, today
from traceability.db import execute_in
from traceability.invoices import chain, ledger
from traceability.invoices.scanned import scanned_invoice
from traceability.registry import area_repository
from traceability.registry import repository as registry
from traceability.registry.models import AreaLevel, Party, PartyKind, Product
from traceability.verification import lookup, repository
from traceability.verification.findings import INVOICE_CODES, FindingCode, Level
from traceability.verification.inspector_checks import judge
from traceability.verification.models import Scan
from traceability.verification.verdict import Audience, Verdict, verdict_of_bytes

KIND_WORDS: Mapping[str, str] = {
    PartyKind.PRODUCER: N_("Producer"),
    PartyKind.IMPORTER: N_("Importer"),
    PartyKind.DISTRIBUTOR: N_("Distributor"),
    PartyKind.SHOP: N_("Shop"),
    PartyKind.AGENCY: N_("Agency"),
    PartyKind.TAX: N_("Tax authority"),
}
REGISTRATION_WORDS: Mapping[str, str] = {
    "pending": N_("Waiting for approval"),
    "active": N_("In force"),
    "suspended": N_("Suspended"),
    "revoked": N_("Revoked"),
    "refused": N_("Refused"),
    "expired": N_("Expired"),
    "dissolved": N_("Dissolved"),
}
_ANSWERS: Mapping[FindingCode, tuple[str, Level]] = {
    FindingCode.INVOICE_EXPLAINED: (N_("Match"), Level.OK),
    FindingCode.INVOICE_UNEXPLAINED: (N_("Not enough evidence"), Level.INSPECTOR),
    FindingCode.INVOICE_OVERSOLD: (N_("Conflict"), Level.CARE),
}


@dataclass(frozen=True, slots=True)
class BalanceView:
    """What the documents of a shop explain: opening + bought - sold - gone = expected."""

    answer: str
    """Match, not enough evidence or conflict, in the reader's language."""
    level: Level
    bought: Decimal
    sold: Decimal
    expected: Decimal
    counted: Decimal | None
    unexplained: Decimal
    """Counted or sold beyond what was bought."""
    opening: Decimal | None = None
    """What there was to begin with, where somebody stated it; a part of what is expected."""
    gone: Decimal = Decimal(0)
    """Given back or seized, without an invoice."""


@dataclass(frozen=True, slots=True)
class Stop:
    """A party of the invoice path, and the invoice by which it sold one step nearer the shop."""

    name: str
    tax_code: str
    party_id: int | None
    """None for one that is not in the register."""
    role: str
    hop: chain.Hop | None
    """None for the shop itself."""


@dataclass(frozen=True, slots=True)
class PathView:
    stops: Sequence[Stop]
    """The shop first."""
    producer: str
    """The owner of the code, to whom the path should lead."""
    broken: str | None
    """Why it ends before a rightful source; None for a whole path."""
    household: bool
    """It ends at a household, which may lawfully have no invoices."""
    source_document: str | None
    """What authorises the source to use the code; None for its owner."""
    declaration: str | None
    """Number of the customs declaration of a source that imports."""


@dataclass(frozen=True, slots=True)
class Row:
    """A scan in a list."""

    scan: Scan
    level: Level
    word: str
    title: str
    """The product's name, else what was read."""
    shop: str | None


def rows(session: Session, translate: Translator, scans: Sequence[Scan]) -> list[Row]:
    products = registry.products_by_id(session, {s.product_id for s in scans if s.product_id})
    shops = registry.parties_by_id(session, [s.shop_id for s in scans if s.shop_id])
    found = []
    for scan in scans:
        product = products.get(scan.product_id or 0)
        shop = shops.get(scan.shop_id or 0)
        level = Level(scan.level)
        title = product.name if product else scan.gtin or (scan.scan_data or "")[:80]
        found.append(
            Row(scan, level, level_word(translate, level), title, shop.name if shop else None)
        )
    return found


def scan_view(session: Session, actor: Actor, translate: Translator, scan: Scan) -> dict[str, Any]:
    """Everything the page of a scan draws."""
    verdict, elements = verdict_of_bytes(scan.verdict), _elements(scan)
    shop = registry.party(session, actor, scan.shop_id) if scan.shop_id else None
    product = registry.product(session, actor, scan.product_id) if scan.product_id else None
    return {
        "scan": scan,
        "verdict": verdict_view(translate, verdict, Audience.INSPECTOR),
        "elements": elements,
        "invoice": scanned_invoice(session, actor, scan.scan_data),
        "pairs": [(element["ai"], element["value"]) for element in elements],
        "record": _record(session, scan),
        "product": product,
        "photo": registry.photo(session, product.id or 0) if product else None,
        "registration_words": REGISTRATION_WORDS,
        "seen": _seen(session, scan),
        "shop": shop,
        "province": _area_names(session, [scan.area_code]) if scan.area_code else None,
        **_of_shop(session, translate, verdict, shop, product),
        "now": now(),
    }


def _elements(scan: Scan) -> list[dict[str, str]]:
    """The element strings of the code: AI, its data title, its value."""
    try:
        reading = gs1.read(scan.scan_data or "", scan.symbology_identifier)
    except Gs1Error:
        return []
    return [{"ai": e.ai, "title": e.title, "value": e.value} for e in reading.elements]


def _record(session: Session, scan: Scan) -> lookup.Record | None:
    if scan.product_id is None or scan.gtin is None:
        return None
    return lookup.find(execute_in(session), scan.gtin, scan.lot, scan.serial)


def _seen(session: Session, scan: Scan) -> dict[str, Any] | None:
    """Who else scanned this serial; None for a code without one."""
    if scan.serial is None or scan.product_id is None:
        return None
    others = repository.seen_elsewhere(session, scan.product_id, scan.serial, scan.id or 0)
    return {
        "public": others.public,
        "staff": others.staff,
        "provinces": _area_names(session, others.area_codes),
    }


def _area_names(session: Session, codes: Iterable[str]) -> str:
    """Names of provinces; a code of the past keeps the name that it had."""
    current = area_repository.list_areas(session, today(), level=AreaLevel.PROVINCE)
    names = {area.code: area.name for area in current}
    for code in codes:
        if code not in names:
            last = area_repository.last_area(session, code)
            names[code] = last.name if last else code
    return ", ".join(names[code] for code in codes)


def _of_shop(
    session: Session,
    translate: Translator,
    verdict: Verdict,
    shop: Party | None,
    product: Product | None,
) -> dict[str, Any]:
    if shop is None or product is None or not shop.tax_code:
        return {"balance": None, "balance_now": None, "chain": None}
    then = _balance_then(translate, verdict)
    current = balance_view(
        translate,
        ledger.balance(session, shop.tax_code, product.id or 0),
        then.counted if then else None,
    )
    return {
        "balance": then or current,
        # Invoices that came in after the scan change what is explained.
        "balance_now": current if then and _sums(then) != _sums(current) else None,
        "chain": path_view(session, translate, shop, product),
    }


def _sums(balance: BalanceView) -> tuple[Decimal, Decimal]:
    return (balance.opening or Decimal(0)) + balance.bought, balance.sold + balance.gone


def balance_view(
    translate: Translator, balance: ledger.Balance, counted: Decimal | None = None
) -> BalanceView:
    """The answer that a balance gives, in words."""
    code, unexplained = judge(balance, counted)
    word, level = _ANSWERS[code]
    return BalanceView(
        translate.text(word), level, balance.bought, balance.sold, balance.expected, counted,
        unexplained, balance.opening if balance.opening_on else None,
        balance.returned + balance.seized,
    )  # fmt: skip


def _balance_then(translate: Translator, verdict: Verdict) -> BalanceView | None:
    """The balance that the verdict was given on, from the arguments of its finding."""
    for finding in verdict.findings:
        if finding.code in INVOICE_CODES and finding.code in _ANSWERS:
            a = finding.arguments
            word, level = _ANSWERS[finding.code]
            unexplained = max((a["counted"] or Decimal(0)) - a["expected"], Decimal(0))
            return BalanceView(
                translate.text(word), level, a["bought"], a["sold"], a["expected"], a["counted"],
                unexplained, a.get("opening"), a.get("gone") or Decimal(0),
            )  # fmt: skip
    return None


def path_view(session: Session, translate: Translator, shop: Party, product: Product) -> PathView:
    """The invoices from the shop up to a rightful source of the product, or to where they end."""
    found = chain.path_to_producer(session, shop.tax_code or "", product)
    owner = registry.parties_by_id(session, [product.producer_id])[product.producer_id]
    reason = found.broken.reason if found.broken else None
    return PathView(
        stops=[
            _shop_stop(translate, shop, found),
            *(_seller_stop(session, translate, hop) for hop in found.hops),
        ],
        producer=owner.name,
        broken=chain_reason(translate, reason) if reason else None,
        household=reason is chain.BreakReason.HOUSEHOLD_WITHOUT_INVOICES,
        source_document=found.source.document_number if found.source else None,
        declaration=found.source.declaration_number if found.source else None,
    )


def _shop_stop(translate: Translator, shop: Party, found: chain.Chain) -> Stop:
    is_source = found.source is not None and not found.hops
    role = KIND_WORDS[shop.kind] if is_source else N_("This shop")
    return Stop(shop.name, shop.tax_code or "", shop.id, translate.text(role), None)


def _seller_stop(session: Session, translate: Translator, hop: chain.Hop) -> Stop:
    party = registry.party_with_tax_code(session, hop.seller_tax_code)
    return Stop(
        name=party.name if party else hop.seller_name,
        tax_code=hop.seller_tax_code,
        party_id=party.id if party else None,
        role=translate.text(KIND_WORDS[party.kind] if party else N_("Not in the register")),
        hop=hop,
    )
