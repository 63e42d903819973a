"""Checks that look beyond the shop: sellers, circles, claims, paths, pumps."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlmodel import Session

from tests.traceability.invoices.checks.conftest import ADMIN, AUGUST, INSPECTOR, Story
from tests.traceability.invoices.files import DISTRIBUTOR, GTIN, PRODUCER, RIVAL, SHOP
from traceability.actor import Actor, Role
from traceability.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from traceability.invoices import chain, lists, stock
from traceability.invoices.checks import circles, market, service
from traceability.invoices.checks.answer import Answer, CheckCode
from traceability.invoices.checks.service import OF_MEMBERS, check_shop
from traceability.invoices.ledger_models import StockKind
from traceability.invoices.list_models import ListKind
from traceability.invoices.lists import ListFile

SEPTEMBER = datetime(2026, 9, 1, 3, tzinfo=UTC)


def listed(session: Session, kind: ListKind, source: str, text: str) -> None:
    file = ListFile(kind, source, date(2026, 7, 1), "list.csv", text.encode())
    lists.import_list(session, Actor(Role.TAX), file)


# -- Sellers on lists ----------------------------------------------------------------------------


def test_a_seller_whom_every_source_calls_inactive_contradicts_its_invoice(story: Story) -> None:
    story.bought(10, 1, "2026-08-10")
    rows = f"tax_code,valid_from,document\n{DISTRIBUTOR},2026-01-01,TB-1\n"
    listed(story.session, ListKind.INACTIVE, "Cục thuế ví dụ", rows)
    assert story.reasons(CheckCode.SELLER_STATUS) == ["contradictory:seller-inactive"]


def test_an_invoice_of_before_the_listed_day_is_not_touched(story: Story) -> None:
    story.bought(10, 1, "2026-08-10")
    rows = f"tax_code,valid_from\n{DISTRIBUTOR},2026-08-11\n"
    listed(story.session, ListKind.INACTIVE, "Cục thuế ví dụ", rows)
    assert story.check(CheckCode.SELLER_STATUS).answer is Answer.CONSISTENT


def test_sources_that_disagree_are_both_shown_and_prove_nothing(story: Story) -> None:
    story.bought(10, 1, "2026-08-10")
    listed(story.session, ListKind.INACTIVE, "Nguồn A", f"tax_code\n{DISTRIBUTOR}\n")
    listed(story.session, ListKind.INACTIVE, "Nguồn B", f"tax_code\n{RIVAL}\n")
    (seen,) = story.check(CheckCode.SELLER_STATUS).observations
    assert (seen.answer, seen.reason) == ("insufficient", "sources-disagree-inactive")
    assert (seen.arguments["naming"], seen.arguments["silent"]) == (["Nguồn A"], ["Nguồn B"])


def test_signs_of_violation_are_signs(story: Story) -> None:
    story.bought(10, 1, "2026-08-10")
    listed(story.session, ListKind.VIOLATION_SIGNS, "Nguồn A", f"tax_code\n{DISTRIBUTOR}\n")
    assert story.reasons(CheckCode.SELLER_STATUS) == ["insufficient:seller-violation-signs"]


def test_a_list_with_a_wrong_cell_is_refused_as_a_whole_and_the_cell_named(story: Story) -> None:
    with pytest.raises(InvalidError) as refused:
        listed(story.session, ListKind.INACTIVE, "A", f"tax_code\n{DISTRIBUTOR}\n9999100018\n")
    assert [fault.field for fault in refused.value.faults] == ["3.tax_code"]
    assert list(lists.lists(story.session, ADMIN)) == []


def test_the_same_list_twice_is_one(story: Story) -> None:
    for _ in range(2):
        listed(story.session, ListKind.INACTIVE, "A", f"tax_code\n{DISTRIBUTOR}\n")
    assert [found.rows for found in lists.lists(story.session, ADMIN)] == [1]


def test_a_shop_brings_and_reads_no_lists(story: Story) -> None:
    shop = Actor(Role.SHOP, party_id=story.market.shop.id)
    file = ListFile(ListKind.INACTIVE, "A", date(2026, 7, 1), "l.csv", b"tax_code\n9999100024\n")
    with pytest.raises(ForbiddenError):
        lists.import_list(story.session, shop, file)
    with pytest.raises(ForbiddenError):
        lists.lists(story.session, shop)


# -- Circles -------------------------------------------------------------------------------------


def test_goods_that_come_back_through_others_contradict(story: Story) -> None:
    story.bring_circle([SHOP, RIVAL, DISTRIBUTOR, SHOP], (100, 98, 97))
    (seen,) = story.check(CheckCode.CIRCULAR).observations
    assert (seen.answer, seen.reason) == ("contradictory", "sold-in-a-circle")
    assert len(seen.evidence) == 3


def test_goods_given_back_to_their_seller_are_no_circle(story: Story) -> None:
    story.bring_circle([DISTRIBUTOR, SHOP, DISTRIBUTOR], (100, 100))
    assert story.reasons(CheckCode.CIRCULAR) == ["insufficient:sold-back"]


def test_quantities_that_change_by_more_than_a_tenth_are_other_goods(story: Story) -> None:
    story.bring_circle([SHOP, RIVAL, DISTRIBUTOR, SHOP], (100, 80, 100))
    assert story.check(CheckCode.CIRCULAR).observations == ()


# -- A market too large to read --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("module", "bound"), [(market, "MAX_TRADES"), (market, "MAX_PARTIES"), (circles, "_STEPS")]
)
def test_a_circle_looked_for_in_a_part_of_the_market_is_no_agreement(
    story: Story, monkeypatch: pytest.MonkeyPatch, module: object, bound: str
) -> None:
    story.bring_circle([SHOP, RIVAL, DISTRIBUTOR, SHOP], (100, 80, 100))
    whole = story.check(CheckCode.CIRCULAR)
    assert (whole.answer, whole.partial) == (Answer.CONSISTENT, False)
    monkeypatch.setattr(module, bound, 1)
    part = story.check(CheckCode.CIRCULAR)
    assert (part.answer, part.partial) == (Answer.INSUFFICIENT, True)


def test_what_is_found_in_the_part_that_was_read_still_counts(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    story.bring_circle([SHOP, RIVAL, DISTRIBUTOR, SHOP], (100, 98, 97))
    monkeypatch.setattr(market, "MAX_TRADES", 3)
    monkeypatch.setattr(market, "MAX_PARTIES", 1)
    found = story.check(CheckCode.CIRCULAR)
    assert found.partial
    assert found.answer in (Answer.CONTRADICTORY, Answer.INSUFFICIENT)


def test_prices_of_a_part_of_the_others_are_said_to_be_a_part(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(1, 10):
        story.bought(1, number, "2026-08-10", buyer=RIVAL)
    story.bought(1, 20, "2026-08-10")
    assert not story.check(CheckCode.PRICE).partial
    monkeypatch.setattr(market, "MAX_PEERS", 2)
    assert story.check(CheckCode.PRICE).partial


def test_products_whose_path_was_not_looked_for_are_said_to_be_left(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    story.bought(10, 1, "2026-08-10")
    assert not story.check(CheckCode.UPSTREAM).partial
    monkeypatch.setattr(service, "MAX_PATHS", 0)
    for code in (CheckCode.UPSTREAM, CheckCode.OWNER):
        found = story.check(code)
        assert (found.answer, found.partial) == (Answer.INSUFFICIENT, True)


# -- Claims --------------------------------------------------------------------------------------


def test_one_invoice_shown_at_two_shops_for_more_than_it_holds_contradicts(story: Story) -> None:
    bought = story.bought(100, 1, "2026-07-10")
    story.claimed(bought, 80, AUGUST)
    assert story.check(CheckCode.LAUNDERING).answer is Answer.CONSISTENT
    story.claimed(bought, 60, SEPTEMBER, story.market.rival.id)
    (seen,) = story.check(CheckCode.LAUNDERING).observations
    assert (seen.answer, seen.arguments["claimed"]) == ("contradictory", Decimal(140))
    assert RIVAL not in repr(seen)


def test_the_same_goods_shown_again_at_the_next_inspection_are_no_second_claim(
    story: Story,
) -> None:
    bought = story.bought(100, 1, "2026-07-10")
    story.claimed(bought, 80, AUGUST)
    story.claimed(bought, 80, SEPTEMBER)
    assert story.check(CheckCode.LAUNDERING).answer is Answer.CONSISTENT


def test_one_shop_that_shows_many_times_the_quantity_has_another_unit_first(story: Story) -> None:
    bought = story.bought(4, 1, "2026-07-10")
    story.claimed(bought, 96, AUGUST)
    assert story.reasons(CheckCode.LAUNDERING) == ["insufficient:claims-in-another-unit"]


def test_an_invoice_made_long_after_the_inspection_it_was_shown_for_contradicts(
    story: Story,
) -> None:
    late = story.bought(100, 1, "2026-08-20")
    story.claimed(late, 80, AUGUST)
    assert story.reasons(CheckCode.AFTER_THE_FACT) == ["contradictory:made-after-inspection"]


def test_papers_of_goods_in_transit_may_follow_within_the_window(story: Story) -> None:
    late = story.bought(100, 1, "2026-08-03")
    story.claimed(late, 80, AUGUST)
    assert story.reasons(CheckCode.AFTER_THE_FACT) == ["insufficient:made-in-transit"]


def test_an_ordinary_purchase_after_an_inspection_is_nothing(story: Story) -> None:
    story.bought(100, 1, "2026-07-20")
    story.stated(StockKind.COUNTED, 50, AUGUST)
    story.bought(100, 2, "2026-08-20")
    assert story.check(CheckCode.AFTER_THE_FACT).answer is Answer.CONSISTENT


def test_a_statement_sent_twice_is_one_and_its_number_stands_for_no_other(story: Story) -> None:
    facts = (story.market.shop.id or 0, story.product_id, StockKind.COUNTED)
    first = stock.StockStatement(*facts, Decimal(5), AUGUST, nonce="same-nonce")
    assert stock.state(story.session, INSPECTOR, first).id == (
        stock.state(story.session, INSPECTOR, first).id
    )
    other = stock.StockStatement(*facts, Decimal(6), AUGUST, nonce="same-nonce")
    with pytest.raises(ConflictError):
        stock.state(story.session, INSPECTOR, other)


@pytest.mark.parametrize("kind", [StockKind.COUNTED, StockKind.SEIZED])
def test_a_shop_does_not_state_what_only_an_inspector_sees(story: Story, kind: StockKind) -> None:
    with pytest.raises(ForbiddenError):
        story.stated(kind, 5, actor=Actor(Role.SHOP, party_id=story.market.shop.id))


# -- Paths ---------------------------------------------------------------------------------------


def test_a_path_that_ends_at_a_distributor_is_told_with_where_and_why(story: Story) -> None:
    story.bought(10, 1, "2026-08-10")
    (seen,) = story.check(CheckCode.UPSTREAM).observations
    assert (seen.reason, seen.arguments["why"]) == ("chain-broken", "no-purchase")
    assert story.reasons(CheckCode.OWNER) == ["insufficient:head-not-owner"]


def test_an_importer_with_a_declaration_is_a_source(story: Story) -> None:
    story.bought(10, 1, "2026-08-10")
    rows = f"number,registered_on,importer_tax_code,gtin\nTK-1,2026-08-01,{DISTRIBUTOR},{GTIN}\n"
    listed(story.session, ListKind.DECLARATIONS, "Hải quan ví dụ", rows)
    assert story.check(CheckCode.UPSTREAM).answer is Answer.CONSISTENT
    found = chain.path_to_producer(story.session, SHOP, story.market.product)
    assert found.source is not None
    assert (found.source.tax_code, found.source.declaration_number) == (DISTRIBUTOR, "TK-1")


def test_an_importer_without_a_declaration_is_told(story: Story) -> None:
    story.market.producer.kind = "importer"
    story.bought(10, 1, "2026-08-10", seller=PRODUCER)
    assert story.reasons(CheckCode.OWNER) == ["insufficient:no-declaration"]


# -- Pumps ---------------------------------------------------------------------------------------


def pump_log(session: Session, sales: int, price: str = "20000") -> None:
    rows = [f"{SHOP},1,2026-08-10 08:{n:02}:00,{GTIN},10,{price}" for n in range(sales)]
    head = "tax_code,pump,sold_at,gtin,litres,unit_price\n"
    listed(session, ListKind.PUMP_LOG, "Trạm ví dụ", head + "\n".join(rows) + "\n")


def test_pump_sales_without_invoices_contradict(story: Story) -> None:
    for number in range(1, 5):
        story.sold(10, number, "2026-08-10")
    pump_log(story.session, 20)
    assert story.reasons(CheckCode.PETROL) == ["contradictory:pump-beyond-invoices"]


def test_a_test_of_the_pump_is_no_missing_invoice(story: Story) -> None:
    for number in range(1, 5):
        story.sold(10, number, "2026-08-10")
    pump_log(story.session, 6)
    assert story.check(CheckCode.PETROL).answer is Answer.CONSISTENT


def test_a_price_that_was_not_declared_contradicts(story: Story) -> None:
    pump_log(story.session, 2, price="21000")
    prices = f"gtin,valid_from,unit_price\n{GTIN},2026-08-01,20000\n"
    listed(story.session, ListKind.PRICES, "Sở ví dụ", prices)
    assert story.reasons(CheckCode.PETROL) == ["contradictory:price-not-declared"]


# -- Who sees it ---------------------------------------------------------------------------------


def test_a_shop_sees_the_checks_of_its_own_documents_and_of_no_other_shop(story: Story) -> None:
    story.bought(10, 1, "2026-08-10")
    own = Actor(Role.SHOP, party_id=story.market.shop.id)
    report = check_shop(story.session, own, story.market.shop.id or 0)
    assert {result.check for result in report.results} == OF_MEMBERS
    with pytest.raises(NotFoundError):
        check_shop(story.session, own, story.market.rival.id or 0)
    with pytest.raises(NotFoundError):
        check_shop(story.session, Actor(Role.ANONYMOUS), story.market.shop.id or 0)
