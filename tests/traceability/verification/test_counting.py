"""A count typed beside a code is a statement about the stock of the shop, made once."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from tests.traceability.verification.test_inspector_verdict import (
    INSPECTOR,
    MIDDLE_MST,
    PRODUCER_MST,
    SHOP_MST,
    Case,
    goods,
)
from traceability.actor import Actor, Role
from traceability.clock import now, today
from traceability.db import Database
from traceability.invoices import ledger_repository, stock
from traceability.invoices.ledger_models import StockKind, StockRecord
from traceability.registry.models import Party
from traceability.verification import service
from traceability.verification.case import Context, Place
from traceability.verification.verdict import Verdict, verdict_of_bytes


@pytest.fixture
def shelf(database: Database) -> Case:
    """60 came to the shop by invoices, 20 were sold."""
    case = Case(database)
    case.sold(PRODUCER_MST, MIDDLE_MST, 100, date(2026, 8, 3))
    case.sold(MIDDLE_MST, SHOP_MST, 60, date(2026, 8, 10))
    case.sold(SHOP_MST, None, 20, date(2026, 8, 15))
    return case


def scanned(
    case: Case, counted: int | None, *, nonce: str = "one", actor: Actor = INSPECTOR,
    code: str = goods.GTIN, days_ago: int = 0,
) -> Verdict:  # fmt: skip
    place = Place(shop_id=case.shop, counted=None if counted is None else Decimal(counted))
    then = timedelta(days=days_ago)
    context = Context(actor, "user:7", place, at=now() - then, on=today() - then)
    with case.database.writing() as session:
        row = service.scan_once(session, service.Symbol(code), context, nonce)
        return verdict_of_bytes(row.verdict)


def records(case: Case) -> Sequence[StockRecord]:
    with case.database.reading() as session:
        return ledger_repository.stock_records(session, SHOP_MST)


def counted_in(verdict: Verdict, code: str) -> object:
    return next(f.arguments["counted"] for f in verdict.findings if f.code == code)


def test_a_count_of_a_scan_is_on_record_as_seen_on_the_shelf(shelf: Case) -> None:
    verdict = scanned(shelf, 45)
    assert counted_in(verdict, "INVOICE_UNEXPLAINED") == 45
    (record,) = records(shelf)
    assert (record.kind, record.quantity, record.observed_on) == ("counted", 45, today())


def test_the_same_scan_sent_again_counts_once(shelf: Case) -> None:
    for _ in range(2):
        scanned(shelf, 45)
    assert len(records(shelf)) == 1


def test_a_new_count_is_a_new_statement(shelf: Case) -> None:
    scanned(shelf, 45, nonce="first")
    scanned(shelf, 40, nonce="second")
    assert [record.quantity for record in records(shelf)] == [45, 40]


def test_a_later_scan_of_the_same_day_is_judged_by_the_count(shelf: Case) -> None:
    scanned(shelf, 45, nonce="first")
    assert counted_in(scanned(shelf, None, nonce="second"), "INVOICE_UNEXPLAINED") == 45


def test_a_count_of_another_day_is_not_taken_for_one_of_today(shelf: Case) -> None:
    scanned(shelf, 45, nonce="first", days_ago=3)
    assert counted_in(scanned(shelf, None, nonce="second"), "INVOICE_EXPLAINED") is None


def test_no_count_is_kept_of_a_code_that_no_product_has(shelf: Case) -> None:
    scanned(shelf, 45, code="8938505974194")
    assert records(shelf) == []


def test_no_count_is_kept_for_a_shop_that_no_invoice_can_name(shelf: Case) -> None:
    with shelf.database.writing() as session:
        session.get_one(Party, shelf.shop).tax_code = None
    scanned(shelf, 45)
    assert records(shelf) == []


def test_a_shop_counts_its_own_shelf_for_the_verdict_alone(shelf: Case) -> None:
    member = Actor(Role.SHOP, user_id=8, party_id=shelf.shop)
    assert counted_in(scanned(shelf, 45, actor=member), "INVOICE_UNEXPLAINED") == 45
    assert records(shelf) == []


def test_a_stated_opening_is_part_of_what_the_verdict_tells(shelf: Case) -> None:
    with shelf.database.writing() as session:
        began = datetime(2026, 8, 1, tzinfo=UTC)
        opening = stock.StockStatement(
            shelf.shop, shelf.product, StockKind.OPENING, Decimal(5), began, "opening-1"
        )
        stock.state(session, INSPECTOR, opening)
    (found,) = [f for f in scanned(shelf, 45).findings if f.code == "INVOICE_EXPLAINED"]
    assert (found.arguments["opening"], found.arguments["expected"]) == (5, 45)
