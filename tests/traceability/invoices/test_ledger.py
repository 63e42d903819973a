from datetime import date
from decimal import Decimal

import sqlalchemy as sa
from sqlmodel import Session

from tests.traceability.invoices.conftest import ADMIN, Market, new_product
from tests.traceability.invoices.files import (
    DISTRIBUTOR,
    GTIN,
    RIVAL,
    SHOP,
    invoice,
    line,
    related,
)
from traceability.invoices import ledger, service
from traceability.invoices.ledger import Balance

OTHER_GTIN = "09520123456771"


def bring(session: Session, *contents: bytes) -> None:
    files = [(f"{place}.xml", content) for place, content in enumerate(contents, 1)]
    assert service.import_files(session, ADMIN, files).rejected == []


def bought(quantity: object, number: int = 1, **changes: object) -> bytes:
    facts: dict[str, object] = {"seller": DISTRIBUTOR, "buyer": SHOP, "lines": line(quantity)}
    return invoice(number, **{**facts, **changes})  # type: ignore[arg-type]


def sold(quantity: object, number: int = 1, **changes: object) -> bytes:
    facts: dict[str, object] = {
        "seller": SHOP, "buyer": "", "symbol": "C26MYY", "form": "2", "lines": line(quantity),
    }  # fmt: skip
    return invoice(number, **{**facts, **changes})  # type: ignore[arg-type]


def test_what_is_left_is_what_was_bought_less_what_was_sold(
    session: Session, market: Market
) -> None:
    bring(
        session,
        bought(60, 1, on="2026-08-10"),
        bought("10.5", 2, on="2026-08-12"),
        sold(2, on="2026-08-15"),
    )
    found = ledger.balance(session, SHOP, market.product.id or 0)
    assert found == Balance(
        SHOP,
        market.product.id or 0,
        None,
        bought=Decimal("70.5"),
        sold=Decimal(2),
        bought_lines=2,
        sold_lines=1,
        first_on=date(2026, 8, 10),
        last_on=date(2026, 8, 15),
        units=("hop",),
    )
    assert found.expected == Decimal("68.5")


def test_a_shop_without_invoices_has_a_balance_of_nothing(session: Session, market: Market) -> None:
    found = ledger.balance(session, SHOP, market.product.id or 0)
    assert (found.bought, found.sold, found.expected, found.first_on) == (0, 0, 0, None)


def test_more_sold_than_bought_is_negative(session: Session, market: Market) -> None:
    bring(session, bought(1), sold(3))
    assert ledger.balance(session, SHOP, market.product.id or 0).expected == -2


def test_an_adjustment_counts_its_signed_quantity(session: Session, market: Market) -> None:
    bring(session, bought(60, 7), bought(-5, 8, general=related(2, 7)))
    assert ledger.balance(session, SHOP, market.product.id or 0).bought == 55


def test_a_replaced_invoice_counts_nothing(session: Session, market: Market) -> None:
    bring(session, bought(60, 7), bought(40, 8, general=related(1, 7)))
    found = ledger.balance(session, SHOP, market.product.id or 0)
    assert (found.bought, found.bought_lines) == (40, 1)


def test_a_conflicting_document_counts_nothing(session: Session, market: Market) -> None:
    bring(session, bought(60, 7), bought(6000, 7))
    assert ledger.balance(session, SHOP, market.product.id or 0).bought == 60


def test_the_day_asked_for_is_counted_and_the_next_is_not(session: Session, market: Market) -> None:
    bring(session, bought(1, 1, on="2026-08-10"), bought(10, 2, on="2026-08-11"))
    product_id = market.product.id or 0
    assert ledger.balance(session, SHOP, product_id, date(2026, 8, 9)).bought == 0
    assert ledger.balance(session, SHOP, product_id, date(2026, 8, 10)).bought == 1
    assert ledger.balance(session, SHOP, product_id, date(2026, 8, 11)).bought == 11


def test_goods_given_as_promotion_count_and_discounts_do_not(
    session: Session, market: Market
) -> None:
    lines = line(10) + line(1, nature="2") + line(10, nature="3")
    bring(session, bought(0, lines=lines))
    assert ledger.balance(session, SHOP, market.product.id or 0).bought == 11


def test_a_return_to_the_seller_goes_out(session: Session, market: Market) -> None:
    bring(session, bought(10), sold(4, buyer=DISTRIBUTOR))
    assert ledger.balance(session, SHOP, market.product.id or 0).expected == 6


def test_all_products_of_a_shop_come_in_two_statements(session: Session, market: Market) -> None:
    other = new_product(market.producer, OTHER_GTIN, "Cà phê mẫu")
    session.add(other)
    session.flush()
    lines = line(10) + line(7, code=OTHER_GTIN[1:]) + line(3, code="unknown")
    bring(session, bought(0, lines=lines), sold(4), bought(99, 2, buyer=RIVAL))
    seen: list[str] = []
    sa.event.listen(session.connection(), "before_cursor_execute", lambda *a: seen.append(a[2]))
    found = ledger.balances(session, SHOP)
    assert len(seen) == 2
    assert [(b.product_id, b.bought, b.sold) for b in found] == [
        (market.product.id, Decimal(10), Decimal(4)),
        (other.id, Decimal(7), Decimal(0)),
    ]


def test_sums_stay_exact_beyond_64_bits_of_millionths(session: Session, market: Market) -> None:
    most = "999999999999.999999"
    bring(session, bought(0, lines=line(most) * 12))
    found = ledger.balance(session, SHOP, market.product.id or 0)
    assert found.bought == Decimal(most) * 12


def test_lines_no_balance_knows_of_are_counted(session: Session, market: Market) -> None:
    lines = line(1) + line(1, code="unknown") + line(1, code="unknown", nature="4")
    bring(session, bought(0, lines=lines), sold(1, lines=line(code="other"), on="2026-09-01"))
    assert ledger.unlinked_lines(session, SHOP) == 2
    assert ledger.unlinked_lines(session, SHOP, date(2026, 8, 31)) == 1
    assert ledger.unlinked_lines(session, RIVAL) == 0


def test_the_gtin_of_the_market_is_the_product_of_the_lines(market: Market) -> None:
    assert market.product.gtin == GTIN
