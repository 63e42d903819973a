"""Lines find their products: by GTIN, by alias, never by likeness alone."""

from decimal import Decimal

import pytest
from sqlmodel import Session, select

from tests.traceability.invoices.alias_statements import carton, state
from tests.traceability.invoices.conftest import ADMIN, Market, new_product
from tests.traceability.invoices.files import DISTRIBUTOR, GTIN, RIVAL, invoice, line
from traceability.folding import words
from traceability.invoices import linking, service
from traceability.invoices.models import InvoiceLine
from traceability.invoices.suggesting import similarity
from traceability.registry.models import Product, ProductTerm

OTHER_GTIN = "09520123456771"


def bring(session: Session, *contents: bytes) -> None:
    files = [(f"{place}.xml", content) for place, content in enumerate(contents, 1)]
    assert service.import_files(session, ADMIN, files).rejected == []


def links(session: Session) -> list[tuple[int | None, Decimal | None]]:
    session.expire_all()
    lines = session.exec(select(InvoiceLine).order_by(InvoiceLine.id))
    return [(found.product_id, found.base_quantity) for found in lines]


def sold(unit: str, quantity: object = 2, code: str = "SUA-400", number: int = 1) -> bytes:
    return invoice(number, seller=DISTRIBUTOR, lines=line(quantity, code=code, unit=unit))


def test_a_registered_gtin_links_the_line(session: Session, market: Market) -> None:
    bring(session, invoice(lines=line("2.5")))
    assert links(session) == [(market.product.id, Decimal("2.5"))]


def test_a_gtin_nobody_registered_links_nothing(session: Session, market: Market) -> None:
    bring(session, invoice(lines=line(code=OTHER_GTIN[1:])))
    assert links(session) == [(None, None)]


def test_lines_are_linked_when_their_product_is_registered_later(
    session: Session, market: Market
) -> None:
    bring(session, invoice(lines=line(7, code=OTHER_GTIN[1:])))
    product = new_product(market.producer, OTHER_GTIN, "Cà phê mẫu")
    session.add(product)
    session.flush()
    assert service.link_new_product(session, product) == 1
    assert links(session) == [(product.id, Decimal(7))]
    assert service.link_new_product(session, product) == 0


def test_after_an_imported_table_every_registered_gtin_is_linked(
    session: Session, market: Market
) -> None:
    bring(session, invoice(lines=line(7, code=OTHER_GTIN[1:]) + line(code="4006381333931")))
    product = new_product(market.producer, OTHER_GTIN, "Cà phê mẫu")
    session.add(product)
    session.flush()
    assert linking.link_registered(session) == 1
    assert links(session) == [(product.id, Decimal(7)), (None, None)]


def test_a_line_without_any_code_stays_unlinked(session: Session, market: Market) -> None:
    bring(session, invoice(lines=line(code="")))
    assert links(session) == [(None, None)]
    [proposal] = service.unlinked(session, ADMIN)
    assert proposal.item.item_code is None


@pytest.mark.parametrize("nature", ["3", "4"])
def test_discounts_and_notes_link_to_nothing(session: Session, market: Market, nature: str) -> None:
    bring(session, invoice(lines=line(nature=nature)))
    assert links(session) == [(None, None)]


def test_an_alias_counts_in_the_units_of_the_product(session: Session, market: Market) -> None:
    state(session, carton(market))
    bring(session, sold("THÙNG"), sold("Hộp", number=2), sold("Thùng", code="SUA-900", number=3))
    assert links(session) == [(market.product.id, Decimal(48)), (None, None), (None, None)]


def test_an_alias_for_any_unit_yields_to_one_for_this_unit(
    session: Session, market: Market
) -> None:
    state(session, carton(market, unit="", factor=Decimal(1)))
    state(session, carton(market))
    bring(session, sold("thùng"), sold("Hộp", number=2))
    assert links(session) == [(market.product.id, Decimal(48)), (market.product.id, Decimal(2))]


def test_an_alias_of_one_seller_says_nothing_about_anothers_codes(
    session: Session, market: Market
) -> None:
    state(session, carton(market, seller_tax_code=RIVAL))
    bring(session, sold("Thùng"))
    assert links(session) == [(None, None)]


def test_a_gtin_in_the_line_goes_before_an_alias_but_takes_its_factor(
    session: Session, market: Market
) -> None:
    state(session, carton(market, item_code=GTIN[1:]))
    bring(session, sold("Thùng", code=GTIN[1:]), sold("Hộp", code=GTIN[1:], number=2))
    assert links(session) == [(market.product.id, Decimal(48)), (market.product.id, Decimal(2))]


def test_a_factor_that_makes_the_quantity_uncountable_links_nothing(
    session: Session, market: Market
) -> None:
    state(session, carton(market, factor=Decimal(1_000_000)))
    bring(session, sold("Thùng", 99_999_999_999))
    assert links(session) == [(None, None)]


def test_the_work_list_begins_with_what_a_link_would_explain_most(
    session: Session, market: Market
) -> None:
    bring(
        session,
        invoice(1, lines=line(5, code="A") + line(11, code="B") + line(900, nature="4", code="N")),
        invoice(2, lines=line(-4, code="A") + line(3)),
    )
    found = [proposal.item for proposal in service.unlinked(session, ADMIN)]
    assert [(item.item_code, item.lines, item.quantity) for item in found] == [
        ("A", 2, Decimal(9)),  # 18
        ("B", 1, Decimal(11)),  # 11
    ]


def test_the_work_list_shows_a_member_its_own_invoices_only(
    session: Session, market: Market
) -> None:
    bring(session, invoice(1, lines=line(code="A")), invoice(2, buyer=RIVAL, lines=line(code="B")))
    found = service.unlinked(session, market.member(market.shop))
    assert [proposal.item.item_code for proposal in found] == ["A"]
    assert service.unlinked(session, ADMIN, seller_tax_code=DISTRIBUTOR) == []


def test_a_like_name_is_proposed_and_links_nothing(session: Session, market: Market) -> None:
    other = new_product(market.producer, OTHER_GTIN, "Cà phê rang xay")
    session.add(other)
    session.flush()
    for product in (market.product, other):
        session.add_all(index_entries(product))
    bring(session, invoice(lines=line(code="X1", name="SUA BOT MAU 400g (lon)")))
    [proposal] = service.unlinked(session, ADMIN)
    assert [s.gtin for s in proposal.suggestions] == [GTIN]
    assert proposal.suggestions[0].similarity > 0.8
    assert links(session) == [(None, None)]


def index_entries(product: Product) -> list[ProductTerm]:
    return [ProductTerm(term=word, product_id=product.id or 0) for word in words(product.name)]


def test_a_name_without_words_is_like_nothing(session: Session) -> None:
    assert service.suggestions(session, "---") == []
    assert similarity("", "Sữa") == 0.0
