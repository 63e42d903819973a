from datetime import UTC, datetime

from tests.traceability.invoices.checks.conftest import Story
from tests.traceability.invoices.files import line
from traceability.actor import Actor, Role
from traceability.invoices import ledger
from traceability.invoices.checks.answer import Answer, CheckCode
from traceability.invoices.ledger_models import StockKind

BALANCE = CheckCode.MASS_BALANCE
SEPTEMBER = datetime(2026, 9, 1, 3, tzinfo=UTC)


def test_what_was_bought_covers_what_was_sold(story: Story) -> None:
    story.bought(100, 1, "2026-08-10")
    story.sold(60, 1, "2026-08-20")
    assert story.check(BALANCE).answer is Answer.CONSISTENT


def test_sold_beyond_bought_is_not_enough_evidence_while_the_opening_stock_is_unknown(
    story: Story,
) -> None:
    story.bought(10, 1, "2026-08-10")
    story.sold(60, 1, "2026-08-20")
    assert story.reasons(BALANCE) == ["insufficient:opening-unknown"]
    assert story.check(BALANCE).observations[0].arguments["missing"] == 50


def test_sold_beyond_an_opening_that_an_inspector_counted_contradicts(story: Story) -> None:
    story.stated(StockKind.OPENING, 5)
    story.bought(10, 1, "2026-08-10")
    story.sold(60, 1, "2026-08-20")
    assert story.reasons(BALANCE) == ["contradictory:sold-beyond-stock"]


def test_an_opening_that_the_shop_states_itself_contradicts_nothing(story: Story) -> None:
    member = Actor(Role.SHOP, party_id=story.market.shop.id)
    story.stated(StockKind.OPENING, 5, actor=member)
    story.sold(60, 1, "2026-08-20")
    assert story.reasons(BALANCE) == ["insufficient:opening-unknown"]


def test_an_unlinked_line_keeps_a_gap_from_contradicting(story: Story) -> None:
    story.stated(StockKind.OPENING, 5)
    story.bought(1, 1, "2026-08-10", lines=line(100, code="UNKNOWN", name="Hàng khác"))
    story.sold(60, 1, "2026-08-20")
    assert story.reasons(BALANCE) == ["insufficient:lines-unlinked"]


def test_an_invoice_a_few_days_late_explains_the_gap(story: Story) -> None:
    story.stated(StockKind.OPENING, 5)
    story.sold(60, 1, "2026-08-20")
    story.bought(100, 1, "2026-08-25")
    assert story.reasons(BALANCE) == ["insufficient:invoice-late"]


def test_one_unusual_line_in_another_unit_explains_the_gap(story: Story) -> None:
    story.stated(StockKind.OPENING, 0)
    story.bought(20, 1, "2026-08-10")
    for number, quantity in enumerate((2, 2, 2, 24), 1):
        story.sold(quantity, number, f"2026-08-{10 + number}")
    assert story.reasons(BALANCE) == ["insufficient:unit-mistaken"]


def test_purchases_in_cartons_and_sales_in_boxes_without_a_factor_are_not_compared(
    story: Story,
) -> None:
    story.stated(StockKind.OPENING, 0)
    story.bought(1, 1, "2026-08-10", lines=line(2, unit="Thùng"))
    story.sold(40, 1, "2026-08-20")
    assert story.reasons(BALANCE) == ["insufficient:units-mixed"]


def test_more_on_the_shelf_than_the_balance_is_told_as_not_explained(story: Story) -> None:
    story.bought(10, 1, "2026-08-10")
    story.stated(StockKind.COUNTED, 25, SEPTEMBER)
    assert story.reasons(BALANCE) == ["insufficient:counted-beyond"]
    assert story.check(BALANCE).observations[0].arguments["missing"] == 15


def test_returned_and_seized_goods_leave_the_balance(story: Story) -> None:
    story.bought(100, 1, "2026-08-10")
    story.stated(StockKind.RETURNED, 10, SEPTEMBER)
    story.stated(StockKind.SEIZED, 15, SEPTEMBER)
    tax_code = story.market.shop.tax_code or ""
    assert ledger.balance(story.session, tax_code, story.product_id).expected == 75


def test_an_opening_count_begins_the_balance_anew(story: Story) -> None:
    story.bought(100, 1, "2026-08-10")
    story.stated(StockKind.OPENING, 7, SEPTEMBER)
    story.bought(5, 2, "2026-09-01")
    tax_code = story.market.shop.tax_code or ""
    found = ledger.balance(story.session, tax_code, story.product_id)
    assert (found.opening, found.bought, found.expected) == (7, 5, 12)
    assert ledger.balances(story.session, tax_code) == [found]


def test_a_product_that_the_party_makes_itself_was_not_bought(story: Story) -> None:
    story.market.product.producer_id = story.market.shop.id or 0
    story.sold(60, 1, "2026-08-20")
    assert story.check(BALANCE).observations == ()
