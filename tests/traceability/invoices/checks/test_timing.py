from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from tests.traceability.invoices.checks.conftest import AUGUST, Story
from tests.traceability.invoices.checks.test_documents import SHOP, case, fact
from traceability.invoices.checks.answer import Answer, CheckCode
from traceability.invoices.checks.facts import LineFact, SignatureFact
from traceability.invoices.checks.timing import after_the_fact
from traceability.invoices.ledger_models import StockKind, StockRecord
from traceability.invoices.ledger_repository import DayFlow
from traceability.registry.models import Lot

TIME_ORDER = CheckCode.TIME_ORDER
BEGAN = datetime(2026, 8, 10, 2, tzinfo=UTC)


def counted(quantity: int) -> StockRecord:
    return StockRecord(
        id=1, tax_code=SHOP, product_id=7, kind=StockKind.COUNTED, quantity=Decimal(quantity),
        observed_on=BEGAN.date(), observed_at=BEGAN, recorded_role="inspector", nonce="n",
    )  # fmt: skip


def signed(at: datetime, held: int) -> list[str]:
    """What is seen of 100 bought by an invoice of 5 August that was signed at a time."""
    on = date(2026, 8, 5)
    found = after_the_fact(
        case(
            fact(1, on),
            lines=[LineFact(1, 7, True, on, Decimal(100), None)],
            days=[DayFlow(7, on, "bought", "hop", Decimal(100))],
            signatures={1: [SignatureFact("seller", "intact_trusted", at)]},
            stock=[counted(held)],
        )
    )
    return [f"{seen.answer}:{seen.reason}" for seen in found.observations]


def test_an_invoice_dated_back_over_an_inspection_contradicts_when_the_goods_need_it() -> None:
    late = BEGAN + timedelta(days=9)
    assert signed(late, held=80) == ["contradictory:signed-after-inspection"]
    assert signed(late, held=0) == []


def test_a_signature_within_the_window_of_goods_in_transit_is_nothing() -> None:
    assert signed(BEGAN + timedelta(hours=48), held=80) == []
    assert signed(BEGAN - timedelta(days=1), held=80) == []


def test_goods_bought_before_they_are_sold_are_in_order(story: Story) -> None:
    story.bought(10, 1, "2026-08-10")
    story.sold(5, 1, "2026-08-10")
    assert story.check(TIME_ORDER).answer is Answer.CONSISTENT


def test_sold_before_bought_is_not_enough_evidence_while_the_opening_is_unknown(
    story: Story,
) -> None:
    story.sold(5, 1, "2026-08-10")
    story.bought(10, 1, "2026-10-10")
    assert story.reasons(TIME_ORDER) == ["insufficient:sold-before-bought"]


def test_sold_long_before_bought_from_a_shelf_that_was_counted_empty_contradicts(
    story: Story,
) -> None:
    story.stated(StockKind.OPENING, 0)
    story.sold(5, 1, "2026-08-10")
    story.bought(10, 1, "2026-10-10")
    assert story.reasons(TIME_ORDER) == ["contradictory:sold-before-bought"]


def test_a_count_on_the_shelf_shows_goods_as_a_sale_does(story: Story) -> None:
    story.stated(StockKind.COUNTED, 3, AUGUST)
    story.bought(10, 1, "2026-10-10")
    assert story.reasons(TIME_ORDER) == ["insufficient:sold-before-bought"]


def test_goods_sold_before_the_first_batch_on_record_was_made_are_told(story: Story) -> None:
    story.bought(10, 1, "2026-08-10")
    story.sold(5, 1, "2026-08-20")
    lot = Lot(product_id=story.product_id, lot="L1", production_date=date(2026, 9, 1))
    story.session.add(lot)
    assert story.reasons(TIME_ORDER) == ["insufficient:made-after-sale"]
    story.session.add(Lot(product_id=story.product_id, lot="L0"))
    assert story.check(TIME_ORDER).answer is Answer.CONSISTENT
