"""The path of invoices up to the producer, and where it breaks."""

from datetime import date

import pytest
from sqlmodel import Session

from tests.traceability.invoices.conftest import ADMIN, Market, new_product
from tests.traceability.invoices.files import (
    DISTRIBUTOR,
    PRODUCER,
    RIVAL,
    SHOP,
    invoice,
    line,
    related,
)
from traceability.invoices import chain, service
from traceability.invoices.chain import BreakReason, Chain
from traceability.registry.models import CodeAuthorisation, Party

UNREGISTERED, HOUSEHOLD, WHOLESALER = "9999000012", "062099000002", "9999000051"


class Sales:
    """Sells the product along a path, each invoice with a number of its own."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.numbers: dict[str, int] = {}

    def sell(self, seller: str, buyer: str, day: str, quantity: object = 10, **more: str) -> int:
        number = self.numbers[seller] = self.numbers.get(seller, 0) + 1
        data = invoice(
            number, seller=seller, buyer=buyer, on=f"2026-{day}", lines=line(quantity), **more
        )
        [imported] = service.import_files(self.session, ADMIN, [("sale.xml", data)]).imported
        return imported.id


@pytest.fixture
def sales(session: Session, market: Market) -> Sales:
    return Sales(session)


def path(session: Session, market: Market, shop: str = SHOP) -> Chain:
    return chain.path_to_producer(session, shop, market.product)


def sellers(found: Chain) -> list[str]:
    return [hop.seller_tax_code for hop in found.hops]


def test_the_path_goes_from_the_shops_purchase_to_the_producers_sale(
    session: Session, market: Market, sales: Sales
) -> None:
    first = sales.sell(PRODUCER, DISTRIBUTOR, "08-03", 100)
    second = sales.sell(DISTRIBUTOR, SHOP, "08-10", 60)
    found = path(session, market)
    assert found.complete
    assert found.broken is None
    assert [(hop.invoice_id, hop.buyer_tax_code, hop.quantity) for hop in found.hops] == [
        (second, SHOP, 60),
        (first, DISTRIBUTOR, 100),
    ]
    assert found.hops[1].invoice_key == "1C26TAA 1"
    assert found.hops[1].issued_on == date(2026, 8, 3)
    assert found.source is not None
    assert (found.source.tax_code, found.source.kind) == (PRODUCER, "producer")


def test_the_producer_itself_needs_no_purchase(session: Session, market: Market) -> None:
    found = path(session, market, PRODUCER)
    assert (found.complete, found.hops) == (True, ())


def test_an_authorised_user_of_the_code_is_a_rightful_source(
    session: Session, market: Market, sales: Sales
) -> None:
    authorise(session, market, valid_to=None)
    sales.sell(DISTRIBUTOR, SHOP, "08-10")
    found = path(session, market)
    assert found.source is not None
    assert (found.source.tax_code, found.source.document_number) == (DISTRIBUTOR, "UQ-01")


@pytest.mark.parametrize("day", ["05-31", "08-11"])
def test_an_authorisation_holds_only_between_its_dates(
    session: Session, market: Market, sales: Sales, day: str
) -> None:
    authorise(session, market, valid_to=date(2026, 8, 10))
    sales.sell(DISTRIBUTOR, SHOP, day)
    assert not path(session, market).complete


def authorise(session: Session, market: Market, valid_to: date | None) -> None:
    session.add(
        CodeAuthorisation(
            product_id=market.product.id or 0,
            party_id=market.distributor.id or 0,
            document_number="UQ-01",
            document_date=date(2026, 6, 1),
            valid_to=valid_to,
        )
    )
    session.flush()


def test_of_several_paths_the_shops_newest_purchase_that_leads_up_is_taken(
    session: Session, market: Market, sales: Sales
) -> None:
    sales.sell(PRODUCER, DISTRIBUTOR, "08-01")
    sales.sell(DISTRIBUTOR, SHOP, "08-02")
    newest_whole = sales.sell(DISTRIBUTOR, SHOP, "08-05")
    sales.sell(UNREGISTERED, SHOP, "08-09")
    found = path(session, market)
    assert found.complete
    assert found.hops[0].invoice_id == newest_whole


def test_of_two_on_one_day_the_last_received_is_taken(
    session: Session, market: Market, sales: Sales
) -> None:
    sales.sell(PRODUCER, SHOP, "08-05")
    last = sales.sell(PRODUCER, SHOP, "08-05")
    assert path(session, market).hops[0].invoice_id == last


def test_without_a_whole_path_the_longest_is_shown(
    session: Session, market: Market, sales: Sales
) -> None:
    register(session, WHOLESALER)
    sales.sell(WHOLESALER, DISTRIBUTOR, "08-01")
    sales.sell(DISTRIBUTOR, SHOP, "08-02")
    sales.sell(UNREGISTERED, SHOP, "08-09")
    found = path(session, market)
    assert sellers(found) == [DISTRIBUTOR, WHOLESALER]
    assert found.broken is not None
    assert found.broken.tax_code == WHOLESALER
    assert found.broken.reason is BreakReason.NO_PURCHASE
    assert found.broken.sold_on == date(2026, 8, 1)


def register(session: Session, tax_code: str) -> None:
    session.add(Party(name="Bán buôn mẫu", kind="distributor", tax_code=tax_code))
    session.flush()


def test_a_shop_that_bought_nothing_breaks_at_the_shop(session: Session, market: Market) -> None:
    found = path(session, market, RIVAL)
    assert found.hops == ()
    assert found.broken is not None
    assert (found.broken.tax_code, found.broken.reason) == (RIVAL, BreakReason.NO_PURCHASE)


@pytest.mark.parametrize(
    ("seller", "reason"),
    [
        (DISTRIBUTOR, BreakReason.NO_PURCHASE),
        (UNREGISTERED, BreakReason.SELLER_UNKNOWN),
        (HOUSEHOLD, BreakReason.HOUSEHOLD_WITHOUT_INVOICES),
    ],
)
def test_the_reason_tells_what_kind_of_seller_has_no_purchase(
    session: Session, market: Market, sales: Sales, seller: str, reason: BreakReason
) -> None:
    sales.sell(seller, SHOP, "08-02")
    found = path(session, market)
    assert found.broken is not None
    assert (found.broken.tax_code, found.broken.reason) == (seller, reason)
    assert found.broken.name


def test_goods_cannot_be_sold_before_they_were_bought(
    session: Session, market: Market, sales: Sales
) -> None:
    sales.sell(DISTRIBUTOR, SHOP, "08-02")
    sales.sell(PRODUCER, DISTRIBUTOR, "08-03")
    found = path(session, market)
    assert found.broken is not None
    assert found.broken.reason is BreakReason.PURCHASE_AFTER_SALE


def test_bought_and_sold_on_one_day_is_in_order(
    session: Session, market: Market, sales: Sales
) -> None:
    sales.sell(DISTRIBUTOR, SHOP, "08-02")
    sales.sell(PRODUCER, DISTRIBUTOR, "08-02")
    assert path(session, market).complete


def test_a_circle_of_sellers_is_cut(session: Session, market: Market, sales: Sales) -> None:
    register(session, WHOLESALER)
    sales.sell(DISTRIBUTOR, WHOLESALER, "08-01")
    sales.sell(WHOLESALER, DISTRIBUTOR, "08-01")
    sales.sell(DISTRIBUTOR, SHOP, "08-02")
    found = path(session, market)
    assert sellers(found) == [DISTRIBUTOR, WHOLESALER]
    assert found.broken is not None
    assert found.broken.reason is BreakReason.LOOP


def test_a_path_through_a_party_that_another_path_met_first_is_not_a_circle(
    session: Session, market: Market, sales: Sales
) -> None:
    register(session, WHOLESALER)
    sales.sell(UNREGISTERED, DISTRIBUTOR, "08-01")
    sales.sell(DISTRIBUTOR, WHOLESALER, "08-02")
    sales.sell(WHOLESALER, RIVAL, "08-03")
    sales.sell(UNREGISTERED, RIVAL, "08-04")
    sales.sell(RIVAL, SHOP, "08-05")
    found = path(session, market)
    assert sellers(found) == [RIVAL, WHOLESALER, DISTRIBUTOR, UNREGISTERED]
    assert found.broken is not None
    assert found.broken.reason is BreakReason.SELLER_UNKNOWN


def test_an_ended_authorisation_still_holds_for_an_earlier_sale(
    session: Session, market: Market, sales: Sales
) -> None:
    register(session, WHOLESALER)
    authorise(session, market, valid_to=date(2026, 8, 3))
    sales.sell(DISTRIBUTOR, WHOLESALER, "08-02")
    sales.sell(WHOLESALER, RIVAL, "08-04")
    sales.sell(DISTRIBUTOR, RIVAL, "08-05")
    sales.sell(RIVAL, SHOP, "08-06")
    found = path(session, market)
    assert sellers(found) == [RIVAL, WHOLESALER, DISTRIBUTOR]
    assert found.complete


def test_a_party_whose_code_is_no_tax_code_is_only_unknown(
    session: Session, market: Market
) -> None:
    found = path(session, market, "not a tax code")
    assert found.broken is not None
    assert found.broken.reason is BreakReason.SELLER_UNKNOWN


def test_a_product_must_be_stored_to_be_followed(session: Session, market: Market) -> None:
    unsaved = new_product(market.producer, "09520123456771", "Chưa lưu")
    with pytest.raises(ValueError, match="not stored"):
        chain.path_to_producer(session, SHOP, unsaved)


def test_a_way_out_of_a_circle_is_found(session: Session, market: Market, sales: Sales) -> None:
    register(session, WHOLESALER)
    sales.sell(PRODUCER, DISTRIBUTOR, "07-01")
    sales.sell(DISTRIBUTOR, WHOLESALER, "08-01")
    sales.sell(WHOLESALER, DISTRIBUTOR, "08-01")
    sales.sell(SHOP, DISTRIBUTOR, "08-01")
    sales.sell(DISTRIBUTOR, SHOP, "08-02")
    assert sellers(path(session, market)) == [DISTRIBUTOR, PRODUCER]


def test_replaced_invoices_and_negative_quantities_lead_nowhere(
    session: Session, market: Market, sales: Sales
) -> None:
    sales.sell(PRODUCER, SHOP, "08-01", general=related(1, 99))
    sales.sell(PRODUCER, SHOP, "08-02", -5, general=related(1, 1))
    found = path(session, market)
    assert found.hops == ()


def test_the_bounds_of_the_search_are_told(
    session: Session, market: Market, sales: Sales, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chain, "MAX_DEPTH", 2)
    register(session, WHOLESALER)
    sales.sell(PRODUCER, WHOLESALER, "08-01")
    sales.sell(WHOLESALER, DISTRIBUTOR, "08-02")
    sales.sell(DISTRIBUTOR, SHOP, "08-03")
    found = path(session, market)
    assert found.truncated
    assert found.broken is not None
    assert found.broken.reason is BreakReason.TOO_DEEP


def test_a_wide_market_is_searched_within_bounds(
    session: Session, market: Market, sales: Sales, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chain, "MAX_PARTIES", 0)
    sales.sell(PRODUCER, DISTRIBUTOR, "08-02")
    sales.sell(DISTRIBUTOR, SHOP, "08-03")
    found = path(session, market)
    assert (found.complete, found.truncated) == (False, True)
    assert found.broken is not None
    assert found.broken.reason is BreakReason.TOO_DEEP


def test_only_the_newest_sellers_are_followed(
    session: Session, market: Market, sales: Sales, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chain, "MAX_SELLERS", 1)
    sales.sell(PRODUCER, SHOP, "08-02")
    sales.sell(UNREGISTERED, SHOP, "08-03")
    found = path(session, market)
    assert (sellers(found), found.truncated) == ([UNREGISTERED], True)
