"""What an inspector's pages rest on: one scan a form, who else scanned, where one scanned last."""

import threading
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlmodel import Session, func, select

from tests.traceability.verification import goods
from traceability.actor import PUBLIC, Actor, Role
from traceability.clock import now
from traceability.db import Database
from traceability.invoices.ledger import Balance
from traceability.verification import repository, service
from traceability.verification.case import Context, Place
from traceability.verification.findings import FindingCode
from traceability.verification.inspector_checks import judge
from traceability.verification.models import Scan

INSPECTOR = Actor(Role.INSPECTOR, user_id=7)
CODE = f"(01){goods.GTIN}(10)LOT1(21)SN1"


def context(actor: Actor = INSPECTOR, device: str = "user:7", **place: object) -> Context:
    return Context(actor, device, Place(**place))  # type: ignore[arg-type]


def count(session: Session) -> int:
    return session.exec(select(func.count()).select_from(Scan)).one()


def test_one_nonce_is_one_scan(session: Session) -> None:
    symbol = service.Symbol(goods.GTIN)
    first = service.scan_once(session, symbol, context(), "n")
    assert service.scan_once(session, symbol, context(), "n").id == first.id
    assert service.scan_once(session, symbol, context(), "m").id != first.id
    assert count(session) == 2


def test_of_two_same_requests_at_once_both_get_the_one_scan(database: Database) -> None:
    symbol, found = service.Symbol(goods.GTIN), []

    def send() -> None:
        with database.writing() as session:
            found.append(service.scan_once(session, symbol, context(), "n").id)

    with database.writing() as session:
        ours = service.scan_once(session, symbol, context(), "n").id
        other = threading.Thread(target=send)
        other.start()
        other.join(timeout=0.3)  # it waits for our transaction to end
        assert found == []
    other.join(timeout=20)
    assert found == [ours]
    with database.reading() as session:
        assert count(session) == 1


def test_other_scans_of_a_serial_are_summed_up_by_who_made_them(database: Database) -> None:
    goods.stocked(database)
    symbol = service.Symbol(CODE)
    start = now() - timedelta(days=5)
    with database.writing() as session:
        for number, (device, area) in enumerate([("a", "51"), ("b", "48"), ("a", "51")]):
            at = start + timedelta(days=number)
            service.scan(session, symbol, Context(PUBLIC, device, Place(area_code=area), at=at))
        service.scan(session, symbol, context(device="user:8", area_code="79"))
        own, _ = service.scan(session, symbol, context())
        seen = repository.seen_elsewhere(session, own.product_id or 0, "SN1", own.id or 0)
    assert (seen.public.scans, seen.public.devices) == (3, 2)
    assert seen.public.first_at == start
    assert seen.staff.scans == 1
    assert seen.area_codes == ("48", "51", "79")


def test_a_serial_nobody_else_scanned_has_no_sightings(database: Database) -> None:
    goods.stocked(database)
    with database.writing() as session:
        own, _ = service.scan(session, service.Symbol(CODE), context())
        seen = repository.seen_elsewhere(session, own.product_id or 0, "SN1", own.id or 0)
    assert (seen.public.scans, seen.staff.scans, seen.area_codes) == (0, 0, ())


def test_the_shop_scanned_at_last_comes_first(session: Session) -> None:
    shops = [goods.party(session, name=f"VÍ DỤ {n}", kind="shop") for n in range(3)]
    for shop in (shops[0], shops[1], shops[2], shops[0]):
        service.scan(session, service.Symbol(goods.GTIN), context(shop_id=shop))
    service.scan(session, service.Symbol(goods.GTIN), context())
    assert list(repository.recent_shops(session, 7, 2)) == [shops[0], shops[2]]
    assert list(repository.recent_shops(session, 8, 2)) == []


@pytest.mark.parametrize(
    ("bought", "sold", "counted", "code", "unexplained"),
    [
        (60, 20, None, FindingCode.INVOICE_EXPLAINED, 0),
        (60, 20, 40, FindingCode.INVOICE_EXPLAINED, 0),
        (60, 20, 45, FindingCode.INVOICE_UNEXPLAINED, 5),
        (0, 0, None, FindingCode.INVOICE_UNEXPLAINED, 0),
        (0, 0, 8, FindingCode.INVOICE_UNEXPLAINED, 8),
        (20, 35, None, FindingCode.INVOICE_OVERSOLD, 15),
        (20, 35, 10, FindingCode.INVOICE_OVERSOLD, 25),
    ],
)
def test_a_balance_explains_a_shelf_or_says_by_how_much_it_does_not(
    bought: int, sold: int, counted: int | None, code: FindingCode, unexplained: int
) -> None:
    balance = Balance("9999100017", 1, None, bought=Decimal(bought), sold=Decimal(sold))
    shelf = None if counted is None else Decimal(counted)
    assert judge(balance, shelf) == (code, unexplained)
