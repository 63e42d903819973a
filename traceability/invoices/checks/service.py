"""All origin checks of one shop, for inspectors, the tax authority and the shop itself.

    report = service.check_shop(session, actor, party_id)
    for result in report.results:
        result.check, result.answer, result.observations, result.risk

Nothing of this reaches a public page or another shop: `check_shop` answers a member for its own
organisation alone, and then without what only an authority may know (paths beyond its own
suppliers, lists on its sellers, circles among others, claims of other shops).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from sqlmodel import Session

from traceability.actor import MEMBERS, Actor, Role
from traceability.clock import now, today
from traceability.errors import InvalidError, NotFoundError
from traceability.invoices import chain, ledger, ledger_repository
from traceability.invoices.checks import market, repository
from traceability.invoices.checks.answer import Answer, CheckCode, CheckResult
from traceability.invoices.checks.authentic import authentic
from traceability.invoices.checks.balance import mass_balance
from traceability.invoices.checks.circles import circular
from traceability.invoices.checks.claims import laundering
from traceability.invoices.checks.documents import duplicate, qr, replaced
from traceability.invoices.checks.facts import (
    InvoiceFact,
    LineFact,
    QrFact,
    RelationFact,
    ShopCase,
)
from traceability.invoices.checks.form import form
from traceability.invoices.checks.origin import owner, upstream
from traceability.invoices.checks.petrol import petrol
from traceability.invoices.checks.policy import POLICY, CheckPolicy
from traceability.invoices.checks.prices import price
from traceability.invoices.checks.sellers import seller_status
from traceability.invoices.checks.timing import after_the_fact, number_order, time_order
from traceability.invoices.qr import parse_qr
from traceability.invoices.qr_comparison import compare
from traceability.invoices.symbol import InvoiceKey
from traceability.registry import repository as registry
from traceability.registry.models import Party

Check = Callable[[ShopCase], CheckResult]

CHECKS: Mapping[CheckCode, Check] = MappingProxyType(
    {
        CheckCode.AUTHENTIC: authentic,
        CheckCode.FORMAT: form,
        CheckCode.QR: qr,
        CheckCode.DUPLICATE: duplicate,
        CheckCode.REPLACED: replaced,
        CheckCode.MASS_BALANCE: mass_balance,
        CheckCode.TIME_ORDER: time_order,
        CheckCode.AFTER_THE_FACT: after_the_fact,
        CheckCode.UPSTREAM: upstream,
        CheckCode.OWNER: owner,
        CheckCode.SELLER_STATUS: seller_status,
        CheckCode.PRICE: price,
        CheckCode.CIRCULAR: circular,
        CheckCode.LAUNDERING: laundering,
        CheckCode.NUMBER_ORDER: number_order,
        CheckCode.PETROL: petrol,
    }
)
"""Every check, in the order in which they are told."""

OF_MEMBERS = frozenset(
    {
        CheckCode.AUTHENTIC, CheckCode.FORMAT, CheckCode.QR, CheckCode.DUPLICATE,
        CheckCode.REPLACED, CheckCode.MASS_BALANCE, CheckCode.TIME_ORDER, CheckCode.PRICE,
        CheckCode.NUMBER_ORDER, CheckCode.PETROL,
    }
)  # fmt: skip
"""Checks that look at nothing but a shop's own documents and statements."""

_SEEING = frozenset({Role.ADMIN, Role.SUPERVISOR, Role.INSPECTOR, Role.AUDITOR, Role.TAX})
MAX_PATHS = 400
"""Products whose path is looked for, those bought last: a path costs several statements."""
_STEPS_BACK = 8
"""From an invoice to what it replaces, and on to what that replaces."""


@dataclass(frozen=True, slots=True)
class ShopReport:
    """What all checks answered about a shop, as of a day."""

    party_id: int
    tax_code: str
    as_of: date
    at: datetime
    policy_version: str
    results: tuple[CheckResult, ...]

    @property
    def answer(self) -> Answer:
        """The gravest of all that looked at something."""
        given = [result.answer for result in self.results if result.examined]
        for answer in (Answer.CONTRADICTORY, Answer.INSUFFICIENT):
            if answer in given or not given:
                return answer
        return Answer.CONSISTENT


def check_shop(
    session: Session,
    actor: Actor,
    party_id: int,
    as_of: date | None = None,
    policy: CheckPolicy = POLICY,
) -> ShopReport:
    """Run the checks that this actor may see on a shop.

    Raises:
        NotFoundError: `registry.party-unknown`, for the shops of others too.
        InvalidError: `invoices.stock-no-tax-code`, no invoice can name the shop.
    """
    is_member = actor.role in MEMBERS
    allowed = actor.owns(party_id) if is_member else actor.role in _SEEING
    party = session.get(Party, party_id) if allowed else None
    if party is None:
        raise NotFoundError("registry.party-unknown", party_id=party_id)
    if not party.tax_code:
        raise InvalidError.of("party_id", "invoices.stock-no-tax-code")
    day = as_of or today()
    case = read_case(session, party.tax_code, day, policy, market_too=not is_member)
    codes = [code for code in CHECKS if not is_member or code in OF_MEMBERS]
    results = tuple(CHECKS[code](case) for code in codes)
    return ShopReport(party_id, party.tax_code, day, now(), policy.version, results)


def read_case(
    session: Session,
    tax_code: str,
    as_of: date,
    policy: CheckPolicy = POLICY,
    *,
    market_too: bool = True,
) -> ShopCase:
    """Read what the checks look at; without the market, only a shop's own documents."""
    invoices = {i.id: i for i in repository.invoices(session, tax_code, as_of)}
    lines = list(repository.lines(session, tax_code, as_of))
    days = [d for d in ledger_repository.days(session, tax_code, None) if d.day <= as_of]
    stock = ledger_repository.stock_records(session, tax_code, None, as_of)
    own = repository.own_products(session, tax_code)
    relations, named = _related(session, invoices)
    pump = repository.pump(session, tax_code, as_of)
    others = _of_market(session, tax_code, as_of, policy, invoices, lines) if market_too else {}
    return ShopCase(
        tax_code=tax_code,
        as_of=as_of,
        policy=policy,
        invoices=invoices,
        lines=lines,
        unlinked_lines=ledger.unlinked_lines(session, tax_code, as_of),
        signatures=repository.signatures(session, tax_code),
        conflicts=frozenset(repository.conflicts(session, tax_code)),
        qr=list(_printed(session, tax_code, as_of, invoices)),
        relations=relations,
        named=named,
        vat_rates=repository.vat_rates(session, tax_code, as_of),
        days=days,
        stock=stock,
        own_products=frozenset(own),
        first_made=repository.first_made(session, {d.product_id for d in days}),
        pump=pump,
        declared_prices=repository.declared_prices(session, {p.product_id for p in pump}),
        **others,
    )


def _printed(
    session: Session, tax_code: str, as_of: date, invoices: Mapping[int, InvoiceFact]
) -> Iterator[QrFact]:
    """What each QR that can be read says otherwise than its XML."""
    for invoice_id, text in repository.qr_texts(session, tax_code, as_of):
        found = parse_qr(text)
        if found is not None:
            invoice = invoices[invoice_id]
            fields = compare(found, invoice, invoice.key)
            differing = tuple(field.name for field in fields if field.agrees is False)
            yield QrFact(invoice_id, found.tier.value, differing)


def _related(
    session: Session, invoices: Mapping[int, InvoiceFact]
) -> tuple[dict[int, list[RelationFact]], dict[InvoiceKey, InvoiceFact]]:
    """What invoices replace or adjust, and the invoices so named, a few steps back."""
    relations = repository.relations(session, invoices)
    named: dict[InvoiceKey, InvoiceFact] = {}
    known = {invoice.key for invoice in invoices.values()}
    latest = relations
    for _ in range(_STEPS_BACK):
        wanted = {r.named for each in latest.values() for r in each if r.named is not None}
        more = {i.key: i for i in repository.invoices_by_key(session, wanted - known)}
        if not more:
            break
        named.update(more)
        known |= more.keys()
        latest = repository.relations(session, {invoice.id for invoice in more.values()})
        relations = {**relations, **latest}
    return relations, named


def _of_market(
    session: Session,
    tax_code: str,
    as_of: date,
    policy: CheckPolicy,
    invoices: Mapping[int, InvoiceFact],
    lines: Sequence[LineFact],
) -> dict[str, Any]:
    """What only an authority sees: claims, lists, paths, and sales among others."""
    claims = [c for c in repository.claims(session, tax_code) if c.inspected_at.date() <= as_of]
    claimed = {claim.invoice_id for claim in claims}
    sellers = {i.seller_tax_code for i in invoices.values() if i.buyer_tax_code == tax_code}
    trades, trades_partial = market.trades(session, tax_code, policy, invoices, lines)
    prices, prices_partial = market.peer_prices(session, tax_code, policy, invoices, lines)
    paths, paths_partial = _paths(session, tax_code, lines)
    return {
        "claims": claims,
        "claimed": {i.id: i for i in repository.invoices_by_id(session, claimed)},
        "claimed_quantities": repository.quantities(session, claimed),
        "listed": repository.listed(session, sellers, as_of),
        "asked_sources": repository.sources(session, as_of),
        "paths": paths,
        "paths_partial": paths_partial,
        "trades": trades,
        "trades_partial": trades_partial,
        "peer_prices": prices,
        "peer_prices_partial": prices_partial,
    }


def _paths(
    session: Session, tax_code: str, lines: Sequence[LineFact]
) -> tuple[dict[int, chain.Chain], bool]:
    """The path of each product bought, and whether there are more products than were followed."""
    latest: dict[int, date] = {}
    for line in lines:
        if line.bought:
            latest[line.product_id] = max(line.on, latest.get(line.product_id, date.min))
    chosen = sorted(latest, key=lambda product_id: latest[product_id], reverse=True)[:MAX_PATHS]
    products = registry.products_by_id(session, chosen)
    buyers = chain.Buyers(session)
    found = {
        product_id: chain.path_to_producer(session, tax_code, products[product_id], buyers)
        for product_id in chosen
        if product_id in products
    }
    return found, len(latest) > MAX_PATHS
