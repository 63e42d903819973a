"""What the inspection of a shop came to: balances, counts, checks, in words; for page and file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlmodel import Session

from app.i18n import N_, Translator
from app.wording.origin import CheckView, ObservationView, check_view
from traceability.actor import Actor
from traceability.clock import now
from traceability.invoices import ledger
from traceability.invoices.checks.answer import CheckResult
from traceability.invoices.checks.policy import POLICY
from traceability.invoices.checks.service import check_shop
from traceability.invoices.ledger import Balance
from traceability.registry import repository as registry
from traceability.registry.models import Party, Product
from traceability.verification.inspector_checks import judge

HEADINGS = (
    N_("Product"), N_("GTIN"), N_("Opening count"), N_("Bought"), N_("Sold"), N_("Returned"),
    N_("Seized"), N_("Expected here"), N_("Counted"), N_("Counted on"), N_("Expected that day"),
    N_("Not explained"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ShelfRow:
    """One product of the shop."""

    product: Product
    balance: Balance
    """As of today."""
    at_count: Balance | None
    """As of the day of the last count; None where nobody counted."""
    own: bool
    """Made or imported by the shop itself: what it sells of it was not bought."""

    @property
    def unexplained(self) -> Decimal:
        """What no document explains: counted beyond the balance of its day, else sold beyond it."""
        if self.own:
            return Decimal(0)
        if self.at_count is not None:
            return judge(self.at_count, self.at_count.counted)[1]
        return max(-self.balance.expected, Decimal(0))

    def cells(self) -> tuple[object, ...]:
        """In the order of HEADINGS."""
        b = self.balance
        return (
            self.product.name, self.product.gtin,
            b.opening if b.opening_on else None, b.bought, b.sold, b.returned, b.seized,
            b.expected, b.counted, b.counted_on,
            self.at_count.expected if self.at_count else None, self.unexplained,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class ShopResult:
    party: Party
    at: datetime
    policy_version: str
    rows: Sequence[ShelfRow]
    checks: Sequence[CheckView]
    products: Mapping[int, Product]
    """Those that a check says something of."""
    unlinked: int

    def goods_of(self, seen: ObservationView) -> str:
        """Name of the product that an observation is about; empty where it is about none."""
        product = self.products.get(seen.observation.product_id or 0)
        return product.name if product else ""


def shelf_rows(session: Session, party: Party) -> list[ShelfRow]:
    """The products of a shop, what is not explained first.

    The last count is held against the balance of its own day.
    """
    tax_code = party.tax_code or ""
    found = ledger.balances(session, tax_code)
    products = registry.products_by_id(session, [each.product_id for each in found])
    rows = [
        ShelfRow(
            products[b.product_id], b, _on_day_of_count(session, b),
            products[b.product_id].producer_id == party.id,
        )
        for b in found
        if b.product_id in products
    ]  # fmt: skip
    return sorted(rows, key=lambda row: (row.own, -row.unexplained, row.product.name))


def _on_day_of_count(session: Session, found: Balance) -> Balance | None:
    if found.counted_on is None:
        return None
    return ledger.balance(session, found.tax_code, found.product_id, found.counted_on)


def shop_result(session: Session, actor: Actor, translate: Translator, party: Party) -> ShopResult:
    """Balances and every check that the actor may see.

    Raises:
        InvalidError: `invoices.stock-no-tax-code`, no invoice can name the shop.
    """
    report = check_shop(session, actor, party.id or 0)
    names = _names(session, report.results)
    checks = [check_view(translate, result, POLICY.listed, names) for result in report.results]
    named = {each.observation.product_id for check in checks for each in check.observations}
    return ShopResult(
        party=party,
        at=now(),
        policy_version=report.policy_version,
        rows=shelf_rows(session, party),
        checks=checks,
        products=registry.products_by_id(session, [n for n in named if n is not None]),
        unlinked=ledger.unlinked_lines(session, party.tax_code or ""),
    )


def _names(session: Session, results: Sequence[CheckResult]) -> dict[str, str]:
    """Names of the registered parties that sentences speak of by tax code."""
    codes = {
        code
        for result in results
        for seen in result.observations[: POLICY.listed]
        for code in seen.arguments.get("parties", ())
    }
    found = {code: registry.party_with_tax_code(session, code) for code in sorted(codes)}
    return {code: f"{party.name} ({code})" for code, party in found.items() if party is not None}
