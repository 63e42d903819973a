"""A shop whose documents and statements a test writes down, and what the checks say of it."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlmodel import Session

from tests.traceability.invoices.conftest import Market, open_market
from tests.traceability.invoices.files import DISTRIBUTOR, SHOP, invoice, line
from traceability.actor import Actor, Role
from traceability.invoices import service, stock
from traceability.invoices.checks.answer import CheckCode, CheckResult
from traceability.invoices.checks.service import check_shop
from traceability.invoices.ledger_models import StockKind

INSPECTOR, ADMIN = Actor(Role.INSPECTOR, user_id=None), Actor(Role.ADMIN)
AUGUST = datetime(2026, 8, 1, 2, tzinfo=UTC)
END = date(2026, 11, 1)


class Story:
    """What happened around the shop of the market."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.market: Market = open_market(session)
        self.product_id = self.market.product.id or 0
        self._written = 0

    def bring(self, content: bytes) -> int:
        found = service.import_files(self.session, ADMIN, [("1.xml", content)])
        assert found.rejected == []
        return found.imported[0].id if found.imported else 0

    def bought(self, quantity: object, number: int, on: str, **facts: object) -> int:
        given: dict[str, object] = {
            "seller": DISTRIBUTOR, "buyer": SHOP, "on": on, "lines": line(quantity),
        }  # fmt: skip
        return self.bring(invoice(number, **{**given, **facts}))  # type: ignore[arg-type]

    def sold(self, quantity: object, number: int, on: str, **facts: object) -> int:
        given: dict[str, object] = {
            "seller": SHOP, "buyer": "", "symbol": "C26MYY", "form": "2", "on": on,
            "lines": line(quantity),
        }  # fmt: skip
        return self.bring(invoice(number, **{**given, **facts}))  # type: ignore[arg-type]

    def bring_circle(self, parties: list[str], quantities: tuple[int, ...]) -> None:
        """Sales from each party to the next, a few days apart."""
        steps = zip(parties[:-1], parties[1:], quantities, strict=True)
        for place, (seller, buyer, quantity) in enumerate(steps):
            self.bought(
                quantity, 100 + place, f"2026-08-{10 + 3 * place}", seller=seller, buyer=buyer
            )

    def stated(
        self, kind: StockKind, quantity: int, at: datetime = AUGUST, actor: Actor = INSPECTOR
    ) -> None:
        self._written += 1
        stock.state(
            self.session,
            actor,
            stock.StockStatement(
                self.market.shop.id or 0, self.product_id, kind, Decimal(quantity), at,
                nonce=f"nonce-{self._written}",
            ),
        )  # fmt: skip

    def claimed(
        self, invoice_id: int, quantity: int, at: datetime, party_id: int | None = None
    ) -> None:
        self._written += 1
        stock.claim(
            self.session,
            INSPECTOR,
            stock.ClaimStatement(
                party_id or self.market.shop.id or 0, self.product_id, invoice_id,
                Decimal(quantity), at, nonce=f"nonce-{self._written}",
            ),
        )  # fmt: skip

    def check(self, code: CheckCode) -> CheckResult:
        report = check_shop(self.session, INSPECTOR, self.market.shop.id or 0, END)
        return next(result for result in report.results if result.check is code)

    def reasons(self, code: CheckCode) -> list[str]:
        return [f"{seen.answer}:{seen.reason}" for seen in self.check(code).observations]


@pytest.fixture
def story(session: Session) -> Story:
    return Story(session)
