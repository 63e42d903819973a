"""A producer who is logged in, another organisation, and invoices between the two."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest

from app.demo.invoice_maker import CONSUMER, Buyer, InvoiceMaker, Line
from tests.app.client import OPERATOR, make_party
from tests.app.web.conftest import Goods, People, Visitor
from traceability.actor import Role
from traceability.db import Database
from traceability.registry import products
from traceability.registry.schemas import ProductIn

OWN_TAX_CODE = "9999100017"
OTHER_TAX_CODE = "9999100024"
FREE_GTIN = "9521234500025"
OTHER_GTIN = "9521301000014"


@pytest.fixture
def member(visitor: Visitor, people: People) -> Visitor:
    """A member of the organisation that owns `goods`."""
    assert visitor.log_in(people[Role.PRODUCER]).status_code == 303
    return visitor


@dataclass(frozen=True)
class Neighbour:
    """Another organisation, with a product of its own."""

    party_id: int
    product_id: int


@pytest.fixture
def neighbour(sqlite_database: Database, goods: Goods) -> Neighbour:
    with sqlite_database.writing() as session:
        party_id = make_party(session, "producer", OTHER_TAX_CODE)
        given = ProductIn(gtin=OTHER_GTIN, name="VÍ DỤ Hàng của bên khác", producer_id=party_id)
        product = products.create_product(session, OPERATOR, given)
        return Neighbour(party_id, product.id or 0)


class Files:
    """Invoice files of the two organisations."""

    def __init__(self) -> None:
        self._maker = InvoiceMaker()
        self._issuers = {
            tax_code: self._maker.issuer(tax_code, f"VÍ DỤ {tax_code}")
            for tax_code in (OWN_TAX_CODE, OTHER_TAX_CODE)
        }

    def sold(self, number: int = 1, quantity: int = 5, code: str = FREE_GTIN) -> bytes:
        """The member's organisation sells to a consumer."""
        return self._invoice(OWN_TAX_CODE, None, number, quantity, code)

    def bought(self, number: int = 1, quantity: int = 5, code: str = OTHER_GTIN) -> bytes:
        """The member's organisation buys from the other one."""
        return self._invoice(OTHER_TAX_CODE, OWN_TAX_CODE, number, quantity, code)

    def of_others(self) -> bytes:
        return self._invoice(OTHER_TAX_CODE, None, 9, 1, OTHER_GTIN)

    def _invoice(
        self, seller: str, buyer: str | None, number: int, quantity: int, code: str
    ) -> bytes:
        to = Buyer(f"VÍ DỤ {buyer}", buyer, "Xã Ví Dụ") if buyer else CONSUMER
        line = Line("Hàng ví dụ", Decimal(quantity), Decimal(10_000), item_code=code)
        return self._maker.invoice(
            self._issuers[seller], to, [line], symbol="C26TVD", number=number,
            issued_on=date(2026, 10, 1),
        )  # fmt: skip


@pytest.fixture(scope="session")
def files() -> Files:
    return Files()
