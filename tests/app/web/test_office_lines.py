"""Invoice lines without a product: the work list, confirming a link, and withdrawing it."""

import html
import re
from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from sqlmodel import select

from tests.app.web.conftest import GTIN, UNKNOWN_GTIN, Goods, Visitor, text_of
from tests.app.web.office_visits import ADMIN, visiting
from tests.traceability.invoices.files import DISTRIBUTOR, RIVAL, invoice, line
from traceability.actor import Role
from traceability.db import Database
from traceability.invoices.models import InvoiceLine, ItemAlias
from traceability.invoices.service import import_files
from traceability.registry import repository, search

LIST = "/office/lines"


@pytest.fixture
def office(pages: FastAPI, people: dict[Role, str]) -> Iterator[Visitor]:
    with visiting(pages, people[Role.SUPERVISOR]) as visitor:
        yield visitor


def cartons(quantity: int) -> str:
    return line(quantity, code="TRA-24", name="Trà minh họa hộp 20 gói", unit="Thùng")


@pytest.fixture
def lines(sqlite_database: Database, goods: Goods) -> None:
    """Cartons of the tea, some cups, and a code of another seller."""
    files = [
        invoice(1, seller=DISTRIBUTOR, lines=line(5, code="COC", name="Cốc giấy", unit="Cái")),
        invoice(
            2,
            seller=DISTRIBUTOR,
            lines=cartons(7),
        ),
        invoice(
            3,
            seller=DISTRIBUTOR,
            lines=cartons(2),
        ),
        invoice(4, seller=RIVAL, lines=line(3, code="X1", name="Bút chì", unit="Cái")),
    ]
    with sqlite_database.writing() as session:
        product = repository.products_by_id(session, [goods.product_id])[goods.product_id]
        search.index_product(session, product)
        named = [(f"{place}.xml", content) for place, content in enumerate(files)]
        assert import_files(session, ADMIN, named).rejected == []


def page_of(office: Visitor, name: str) -> str:
    """The address of the page on which this code of goods is linked."""
    found = re.search(rf'href="([^"]+)">{name}</a>', office.get(LIST).text)
    assert found
    return html.unescape(found[1])


def confirm(office: Visitor, **form: str) -> str:
    page = page_of(office, "Trà minh họa hộp 20 gói")
    given = {"seller": DISTRIBUTOR, "code": "TRA-24", "unit": "Thùng", "factor": "24", **form}
    answer = office.send(page, LIST, **given)
    assert answer.status_code == 303
    return answer.headers["location"]


def quantities(database: Database) -> list[int]:
    """Base quantities of the linked lines."""
    with database.reading() as session:
        rows = session.exec(select(InvoiceLine).order_by(InvoiceLine.id))
        return [int(row.base_quantity) for row in rows if row.base_quantity is not None]


def test_what_would_explain_most_stands_first(office: Visitor, lines: None) -> None:
    text = text_of(office.get(LIST))
    places = [text.index(name) for name in ("Trà minh họa hộp", "Cốc giấy", "Bút chì")]
    assert places == sorted(places)
    assert "9 Thùng 2 dòng" in text
    assert "Có thể là: Trà minh họa, hộp 20 gói" in text


def test_the_list_is_filtered_by_seller(office: Visitor, lines: None) -> None:
    text = text_of(office.get(f"{LIST}?seller={RIVAL}"))
    assert "Bút chì" in text
    assert "Cốc giấy" not in text


def test_a_proposed_product_is_confirmed_with_its_factor(
    office: Visitor, lines: None, goods: Goods, sqlite_database: Database
) -> None:
    shown_at = confirm(office, product=str(goods.product_id))
    assert quantities(sqlite_database) == [7 * 24, 2 * 24]
    text = text_of(office.get(shown_at))
    assert "2 dòng hóa đơn được nối theo" in text
    assert "Hoàn tác" in text


def test_another_product_is_named_by_its_number_of_any_length(
    office: Visitor, lines: None, sqlite_database: Database
) -> None:
    confirm(office, product="other", gtin=GTIN[1:])
    assert quantities(sqlite_database) == [168, 48]


def test_the_link_holds_for_every_unit_when_asked(
    office: Visitor, lines: None, goods: Goods, sqlite_database: Database
) -> None:
    confirm(office, product=str(goods.product_id), scope="any")
    with sqlite_database.reading() as session:
        assert session.exec(select(ItemAlias.unit)).all() == [""]


def test_what_was_just_confirmed_is_withdrawn(
    office: Visitor, lines: None, goods: Goods, sqlite_database: Database
) -> None:
    shown_at = confirm(office, product=str(goods.product_id))
    alias_id = re.search(r'name="withdraw" value="(\d+)"', office.get(shown_at).text)
    assert alias_id
    answer = office.send(shown_at, LIST, withdraw=alias_id[1])
    assert quantities(sqlite_database) == []
    text = text_of(office.get(answer.headers["location"]))
    assert "2 dòng hóa đơn không còn nối" in text
    assert "Trà minh họa hộp 20 gói" in text


def test_products_are_searched_for_by_name(office: Visitor, lines: None, goods: Goods) -> None:
    page = page_of(office, "Cốc giấy")
    offered = f'name="product" value="{goods.product_id}"'
    assert offered not in office.get(page).text
    assert offered in office.get(f"{page}&q=tra+minh").text


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({}, "product"),
        ({"product": "other"}, "gtin"),
        ({"product": "other", "gtin": GTIN[:-1] + "0"}, "gtin"),
        ({"product": "other", "gtin": UNKNOWN_GTIN}, "gtin"),
        ({"product": "other", "gtin": GTIN, "factor": "0"}, "factor"),
        ({"product": "other", "gtin": GTIN, "factor": "many"}, "factor"),
        ({"product": "other", "gtin": GTIN, "factor": "1e400"}, "factor"),
        ({"product": "other", "gtin": GTIN, "factor": "0,0000001"}, "factor"),
    ],
)
def test_each_field_at_fault_is_named_and_the_rest_is_kept(
    office: Visitor, lines: None, sqlite_database: Database, form: dict[str, str], field: str
) -> None:
    page = page_of(office, "Trà minh họa hộp 20 gói")
    given = {"seller": DISTRIBUTOR, "code": "TRA-24", "unit": "Thùng", "factor": "12", **form}
    answer = office.send(page, LIST, **given)
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert f'id="{field}-error"' in answer.text
    assert f'value="{given["factor"]}"' in answer.text
    assert quantities(sqlite_database) == []


def test_an_unknown_link_is_not_withdrawn(office: Visitor) -> None:
    assert office.send(LIST, LIST, withdraw="77").status_code == 404


def test_an_unknown_product_is_a_page_of_404(office: Visitor, lines: None) -> None:
    page = page_of(office, "Cốc giấy")
    form = {"seller": DISTRIBUTOR, "code": "COC", "unit": "Cái", "product": "99"}
    assert office.send(page, LIST, **form).status_code == 404


def test_lines_without_a_code_of_goods_are_shown_and_not_linked(
    office: Visitor, sqlite_database: Database
) -> None:
    content = invoice(9, lines=line(4, code="", name="Hàng không mã"))
    with sqlite_database.writing() as session:
        import_files(session, ADMIN, [("x.xml", content)])
    page = office.get(LIST).text
    assert "Hàng không mã" in page
    assert "code=&" not in page
