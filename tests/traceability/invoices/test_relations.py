"""Invoices that replace and adjust others, one or many, in whatever order they come."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import permutations

import pytest
from sqlmodel import Session, select

from tests.traceability.invoices.conftest import ADMIN, Market
from tests.traceability.invoices.files import SHOP, invoice, line, related
from traceability.actor import Actor, Role
from traceability.invoices import ledger, relation_repository, service
from traceability.invoices.models import Invoice, InvoiceRelation


def bring(session: Session, *contents: bytes) -> list[int]:
    files = [(f"{place}.xml", content) for place, content in enumerate(contents, 1)]
    result = service.import_files(session, ADMIN, files)
    assert result.rejected == []
    session.expire_all()
    return [imported.id for imported in result.imported]


def bought(session: Session, market: Market) -> Decimal:
    return ledger.balance(session, SHOP, market.product.id or 0).bought


def replaced(session: Session) -> set[int]:
    return {i.number for i in session.exec(select(Invoice).where(Invoice.replaced))}


ONE, TWO = invoice(1, lines=line(10)), invoice(2, lines=line(20))
NEW = invoice(3, lines=line(25), general=related(1, 1) + related(1, 2))
LESS = invoice(4, lines=line(-3), general=related(2, 3) + related(2, 9))


@pytest.mark.parametrize("order", list(permutations((ONE, TWO, NEW, LESS))))
def test_one_invoice_replaces_many_and_one_adjusts_many_in_whatever_order(
    session: Session, market: Market, order: Sequence[bytes]
) -> None:
    for content in order:
        bring(session, content)
    assert replaced(session) == {1, 2}
    assert bought(session, market) == 25 - 3


def test_all_that_an_invoice_names_is_stored_in_the_order_of_the_file(session: Session) -> None:
    statement = (
        "<TTHDLQuan><TCHDon>1</TCHDon><SBKCLQuan>BK 07</SBKCLQuan>"
        "<NBKCLQuan>2026-08-02</NBKCLQuan></TTHDLQuan>"
    )
    [invoice_id] = bring(session, invoice(5, general=related(2, 7) + statement + related(1, 6)))
    found = relation_repository.of_invoices(session, [invoice_id])
    assert [(r.position, r.nature, r.number, r.statement) for r in found] == [
        (1, "2", 7, None),
        (2, "1", None, "BK 07"),
        (3, "1", 6, None),
    ]
    row = session.get_one(Invoice, invoice_id)
    assert (row.relation, row.related_number) == ("2", 7)


def test_a_statement_of_many_replaces_none_that_it_does_not_name(
    session: Session, market: Market
) -> None:
    listed = "<TTHDLQuan><TCHDon>1</TCHDon><SBKCLQuan>BK 07</SBKCLQuan></TTHDLQuan>"
    bring(session, ONE, invoice(3, general=listed, lines=line(5)))
    assert replaced(session) == set()
    assert bought(session, market) == 15


def test_a_thousand_relations_are_stored_at_once(session: Session, market: Market) -> None:
    many = "".join(related(1, number) for number in range(100, 1100))
    bring(session, invoice(150, lines=line(1)), invoice(1, general=many, lines=line(2)))
    assert len(session.exec(select(InvoiceRelation)).all()) == 1000
    assert replaced(session) == {150}


def test_who_may_not_see_a_named_invoice_is_not_told_its_id(
    session: Session, market: Market
) -> None:
    original, new = bring(session, invoice(1, buyer="9999000037"), NEW)
    [first, second] = service.relations_of(session, ADMIN, new)
    assert (first.id, second.id) == (original, None)
    shop = Actor(Role.SHOP, party_id=market.shop.id)
    assert [named.id for named in service.relations_of(session, shop, new)] == [None, None]


def test_the_rate_of_foreign_money_is_stored(session: Session) -> None:
    data = invoice(1).replace(b"<DVTTe>VND<", b"<TGia>25410.5</TGia><DVTTe>USD<")
    [invoice_id] = bring(session, data)
    row = session.get_one(Invoice, invoice_id)
    assert (row.currency, row.exchange_rate) == ("USD", Decimal("25410.5"))
