"""Asked under one deadline, kept with its date, and given again when the registry is down."""

import threading
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlmodel import select

from traceability.actor import PUBLIC, Actor, Role
from traceability.audit import AuditAction, AuditEntry
from traceability.db import Database
from traceability.errors import ForbiddenError
from traceability.invoices.models import Invoice, InvoiceRelation
from traceability.invoices.outside import service
from traceability.invoices.outside.answers import (
    InvoiceStatus,
    Outcome,
    Reason,
    RegistryAnswer,
    Unavailable,
)
from traceability.invoices.outside.service import Freshness, OutsideRegistry, Standing
from traceability.invoices.symbol import InvoiceKey

INSPECTOR = Actor(Role.INSPECTOR, user_id=7)
START = datetime(2026, 11, 23, 8, tzinfo=UTC)


class Registry:
    """Says what the test puts into `says`, and counts."""

    source = "registry.example"

    def __init__(self) -> None:
        self.says: dict[int, Outcome] = {}
        self.status = InvoiceStatus.ORIGINAL
        self.asked: list[int] = []
        self.held = threading.Event()
        self.held.set()

    def look_up(self, key: InvoiceKey, within: float) -> Outcome:
        self.asked.append(key.number)
        self.held.wait(5)
        return self.says.get(key.number) or RegistryAnswer(
            key, self.status, START - timedelta(minutes=5), Decimal(1100)
        )

    def statistics(self) -> Mapping[str, int]:
        return {"answered": len(self.asked)}

    def close(self) -> None:
        self.held.set()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """The time of day, in a list of one."""
    at = [START]
    monkeypatch.setattr(service, "now", lambda: at[0])
    return at


@pytest.fixture
def registry() -> Registry:
    return Registry()


@pytest.fixture
def outside(database: Database, registry: Registry) -> Iterator[OutsideRegistry]:
    made = OutsideRegistry(database, registry, within_s=0.3)
    yield made
    made.close()


def invoices(database: Database, count: int = 1, **values: object) -> list[Invoice]:
    made = []
    with database.writing() as session:
        for number in range(1, count + 1):
            known = {
                "seller_tax_code": "9999100017", "form": "1", "symbol": "C26TAA", "number": number,
                "issued_on": date(2026, 8, 3), "format_version": "2.1.0", "seller_name": "VÍ DỤ",
                "total": Decimal(1100), "content_digest": "0" * 64,
            }  # fmt: skip
            made.append(Invoice(**{**known, **values}))
            session.add(made[-1])
    return made


def test_an_answer_is_kept_with_its_date_and_not_asked_for_again_while_it_is_fresh(
    database: Database, outside: OutsideRegistry, registry: Registry, clock: list[datetime]
) -> None:
    (invoice,) = invoices(database)
    (first,) = outside.consult(INSPECTOR, [invoice])
    clock[0] += timedelta(hours=23)
    (second,) = outside.consult(INSPECTOR, [invoice])
    assert first == second
    assert (second.standing, second.written) == (Standing.AGREES, "1C26TAA 1")
    assert second.answer is not None
    assert second.answer.as_of == START - timedelta(minutes=5)
    assert second.answered_at == START
    assert registry.asked == [1]
    clock[0] += timedelta(hours=1)
    outside.consult(INSPECTOR, [invoice])
    assert registry.asked == [1, 1]


def test_who_asks_again_on_purpose_gets_a_new_answer(
    database: Database, outside: OutsideRegistry, registry: Registry, clock: list[datetime]
) -> None:
    (invoice,) = invoices(database)
    outside.consult(INSPECTOR, [invoice])
    registry.status = InvoiceStatus.CANCELLED
    (told,) = outside.consult(INSPECTOR, [invoice], again=True)
    assert told.standing is Standing.DIFFERS
    assert [d.code for d in told.differences] == ["cancelled"]


def test_unknown_is_asked_for_again_after_an_hour_for_it_may_be_on_its_way(
    database: Database, outside: OutsideRegistry, registry: Registry, clock: list[datetime]
) -> None:
    (invoice,) = invoices(database)
    registry.status = InvoiceStatus.UNKNOWN
    assert outside.consult(INSPECTOR, [invoice])[0].standing is Standing.UNKNOWN
    registry.status = InvoiceStatus.ORIGINAL
    clock[0] += timedelta(minutes=59)
    assert outside.consult(INSPECTOR, [invoice])[0].standing is Standing.UNKNOWN
    clock[0] += timedelta(minutes=1)
    assert outside.consult(INSPECTOR, [invoice])[0].standing is Standing.AGREES


def test_when_it_is_down_the_last_answer_is_given_with_its_date_and_the_reason(
    database: Database, outside: OutsideRegistry, registry: Registry, clock: list[datetime]
) -> None:
    (invoice,) = invoices(database)
    outside.consult(INSPECTOR, [invoice])
    registry.says[1] = Unavailable(Reason.FAILING)
    clock[0] += timedelta(days=2)
    (told,) = outside.consult(INSPECTOR, [invoice])
    assert (told.standing, told.failure) == (Standing.AGREES, Reason.FAILING)
    assert (told.answered_at, told.tried_at) == (START, clock[0])
    clock[0] += timedelta(days=28)
    (told,) = outside.consult(INSPECTOR, [invoice])
    assert (told.standing, told.answer) == (Standing.UNAVAILABLE, None)
    del registry.says[1]
    (told,) = outside.consult(INSPECTOR, [invoice])
    assert (told.standing, told.failure, told.answered_at) == (Standing.AGREES, None, clock[0])


def test_a_registry_that_hangs_holds_nobody_longer_than_the_deadline(
    database: Database, outside: OutsideRegistry, registry: Registry
) -> None:
    many = invoices(database, 12)
    registry.held.clear()
    began = time.monotonic()
    told = outside.consult(INSPECTOR, many)
    assert time.monotonic() - began < 2
    assert {each.failure for each in told} == {Reason.TIMEOUT}
    assert len(registry.asked) <= 4


def test_one_that_fails_does_not_take_the_others_with_it(
    database: Database, outside: OutsideRegistry, registry: Registry
) -> None:
    registry.says[2] = Unavailable(Reason.MALFORMED)
    told = outside.consult(INSPECTOR, invoices(database, 3))
    assert [each.standing for each in told] == ["agrees", "unavailable", "agrees"]


def test_at_most_twelve_are_asked_about_at_once(
    database: Database, outside: OutsideRegistry, registry: Registry
) -> None:
    assert len(outside.consult(INSPECTOR, invoices(database, 15))) == 12


def test_what_is_on_record_is_told_without_asking(
    database: Database, outside: OutsideRegistry, registry: Registry
) -> None:
    known, other = invoices(database, 2)
    outside.consult(INSPECTOR, [known])
    with database.reading() as session:
        told = outside.on_record(session, [known, other])
    assert [each.standing for each in told] == ["agrees", "not-asked"]
    assert registry.asked == [1]


def test_what_another_registry_said_is_not_this_one_s_word(
    database: Database, outside: OutsideRegistry, registry: Registry
) -> None:
    (invoice,) = invoices(database)
    outside.consult(INSPECTOR, [invoice])
    registry.source = "other.example"
    with database.reading() as session:
        assert outside.on_record(session, [invoice])[0].standing is Standing.NOT_ASKED
    registry.says[1] = Unavailable(Reason.TIMEOUT)
    (told,) = outside.consult(INSPECTOR, [invoice])
    assert (told.standing, told.source) == (Standing.UNAVAILABLE, "other.example")


def test_an_adjustment_that_is_on_record_explains_the_registry_s_word(
    database: Database, outside: OutsideRegistry, registry: Registry
) -> None:
    registry.status = InvoiceStatus.ADJUSTED
    (invoice,) = invoices(database)
    assert outside.consult(INSPECTOR, [invoice])[0].standing is Standing.DIFFERS
    (adjusting,) = invoices(database, 1, symbol="C26TAB", relation="2")
    with database.writing() as session:
        named = {"seller_tax_code": invoice.seller_tax_code, "symbol": "C26TAA", "number": 1}
        session.add(InvoiceRelation(
            invoice_id=adjusting.id, position=1, nature="2", form="1", **named
        ))  # fmt: skip
    assert outside.consult(INSPECTOR, [invoice])[0].standing is Standing.AGREES


def test_two_who_ask_at_once_both_get_an_answer_and_one_row_is_kept(
    database: Database, outside: OutsideRegistry, registry: Registry
) -> None:
    (invoice,) = invoices(database)
    registry.held.clear()
    told: list[Standing] = []
    asking = [
        threading.Thread(
            target=lambda: told.extend(x.standing for x in outside.consult(INSPECTOR, [invoice]))
        )
        for _ in range(2)
    ]
    for thread in asking:
        thread.start()
    registry.held.set()
    for thread in asking:
        thread.join()
    assert told == [Standing.AGREES, Standing.AGREES]


def test_each_question_is_in_the_audit_log_without_tax_data(
    database: Database, outside: OutsideRegistry
) -> None:
    (invoice,) = invoices(database)
    outside.consult(INSPECTOR, [invoice])
    outside.consult(INSPECTOR, [invoice])  # from the cache: nobody was asked
    with database.reading() as session:
        (entry,) = session.exec(
            select(AuditEntry).where(AuditEntry.action == AuditAction.OUTSIDE_ASKED)
        )
    assert (entry.subject, entry.user_id) == (f"invoice:{invoice.id}", 7)
    assert entry.detail == {"source": "registry.example", "outcome": "original"}


@pytest.mark.parametrize("actor", [PUBLIC, Actor(Role.SHOP, 3), Actor(Role.PRODUCER, 3)])
def test_neither_the_public_nor_a_shop_makes_anybody_ask(
    database: Database, outside: OutsideRegistry, registry: Registry, actor: Actor
) -> None:
    with pytest.raises(ForbiddenError, match="outside-forbidden"):
        outside.consult(actor, invoices(database))
    assert registry.asked == []


def test_how_long_an_answer_is_good_for_is_a_setting(
    database: Database, registry: Registry, clock: list[datetime]
) -> None:
    (invoice,) = invoices(database)
    outside = OutsideRegistry(database, registry, Freshness(fresh=timedelta(0)))
    outside.consult(INSPECTOR, [invoice])
    outside.consult(INSPECTOR, [invoice])
    outside.close()
    assert registry.asked == [1, 1]
