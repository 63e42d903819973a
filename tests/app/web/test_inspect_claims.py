"""Which invoice a shop shows for its goods: kept once, held against what the invoice holds."""

import re

import httpx
import pytest

from tests.app.web.conftest import GTIN, Goods, People, Visitor, text_of
from tests.app.web.test_inspect import MIDDLE, PRODUCER, SHOP, Trade
from traceability.actor import Role
from traceability.db import Database
from traceability.invoices import ledger_repository
from traceability.invoices.ledger_models import OriginClaim


@pytest.fixture
def trade(sqlite_database: Database, goods: Goods) -> Trade:
    made = Trade(sqlite_database, goods)
    made.sold(PRODUCER, MIDDLE, 100, 3)
    made.sold(MIDDLE, SHOP, 60, 10)
    return made


@pytest.fixture
def inspector(visitor: Visitor, people: People) -> Visitor:
    visitor.log_in(people[Role.INSPECTOR])
    return visitor


def page_of(trade: Trade, query: str = "") -> str:
    return f"/inspect/shops/{trade.shop}/claims{query}"


def show(visitor: Visitor, trade: Trade, **form: str) -> httpx.Response:
    page = page_of(trade, f"?product={trade.product_id}")
    found = visitor.get(page).text
    nonce = re.search(r'name="nonce" value="([^"]+)"', found)
    bought = re.search(r'name="invoice" value="(\d+)"', found)
    assert nonce
    assert bought
    facts = {
        "product_id": str(trade.product_id), "invoice": bought[1], "quantity": "24",
        "nonce": nonce[1], **form,
    }  # fmt: skip
    return visitor.send(page, page_of(trade), **facts)


def claims(trade: Trade) -> list[OriginClaim]:
    with trade.database.reading() as session:
        return ledger_repository.claims_of(session, SHOP)


def test_the_purchases_of_a_product_are_offered_with_what_they_hold(
    inspector: Visitor, trade: Trade
) -> None:
    text = text_of(inspector.get(page_of(trade, f"?product={trade.product_id}")))
    assert "1C26TVD 2, ngày 10/8/2026" in text
    assert "ghi 60" in text
    assert "1C26TVD 1," not in text


def test_what_is_shown_is_kept_and_listed_beside_what_the_invoice_holds(
    inspector: Visitor, trade: Trade
) -> None:
    assert show(inspector, trade).status_code == 303
    (claim,) = claims(trade)
    assert (claim.quantity, claim.product_id) == (24, trade.product_id)
    page = inspector.get(page_of(trade)).text
    assert re.search(r'data-label="Trên hóa đơn"[^>]*>60<', page)
    assert re.search(r'data-label="Được trình"[^>]*>24<', page)


def test_the_same_form_sent_again_is_one_claim(inspector: Visitor, trade: Trade) -> None:
    for _ in range(2):
        show(inspector, trade, nonce="the-same-form")
    assert len(claims(trade)) == 1


def test_all_that_is_shown_at_one_visit_carries_one_time(inspector: Visitor, trade: Trade) -> None:
    show(inspector, trade, quantity="24")
    show(inspector, trade, quantity="40")
    assert len({claim.inspected_at for claim in claims(trade)}) == 1
    checked = text_of(inspector.get(f"/inspect/shops/{trade.shop}/checks"))
    assert "chỉ có 60, nhưng đã được trình cho 64" in checked


def test_an_invoice_of_another_buyer_is_found_by_its_number(
    inspector: Visitor, trade: Trade
) -> None:
    assert show(inspector, trade, invoice="other", number="1c26tvd 0001").status_code == 303
    assert "bên mua là đơn vị khác" in text_of(inspector.get(page_of(trade)))


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"quantity": "0"}, "quantity"),
        ({"quantity": "nhiều"}, "quantity"),
        ({"invoice": ""}, "invoice"),
        ({"invoice": "other", "number": "12"}, "number"),
        ({"invoice": "other", "number": "1C26TVD 99"}, "number"),
    ],
)
def test_what_cannot_be_kept_is_said_beside_its_field(
    inspector: Visitor, trade: Trade, wrong: dict[str, str], field: str
) -> None:
    answer = show(inspector, trade, **wrong)
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert claims(trade) == []


def test_an_invoice_that_is_not_there_is_not_found(inspector: Visitor, trade: Trade) -> None:
    assert show(inspector, trade, invoice="999").status_code == 404


def test_a_product_is_found_by_the_number_on_the_pack(inspector: Visitor, trade: Trade) -> None:
    assert "Trà minh họa" in text_of(inspector.get(page_of(trade, f"?gtin={GTIN[1:]}")))
    unknown = inspector.get(page_of(trade, "?gtin=8938505974194"))
    assert unknown.status_code == 422
    assert 'href="#gtin"' in unknown.text


@pytest.mark.parametrize("role", [Role.SHOP, Role.PRODUCER, Role.TAX, Role.AUDITOR])
def test_nobody_else_sees_or_records_what_was_shown(
    visitor: Visitor, people: People, trade: Trade, role: Role
) -> None:
    visitor.log_in(people[role])
    assert visitor.get(page_of(trade)).status_code == 403
