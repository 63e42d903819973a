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

LIST, ALIASES = "/office/lines", "/office/aliases"


@pytest.fixture
def office(pages: FastAPI, people: dict[Role, str]) -> Iterator[Visitor]:
    with visiting(pages, people[Role.SUPERVISOR]) as visitor:
        yield visitor


@pytest.fixture
def colleague(pages: FastAPI, people: dict[Role, str]) -> Iterator[Visitor]:
    """Another person of the office."""
    with visiting(pages, people[Role.ADMIN]) as visitor:
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


def second(office: Visitor, colleague: Visitor) -> str:
    """Somebody else confirms what waits; where the page leads to."""
    waiting = f"{ALIASES}?state=awaiting_second"
    found = re.search(r'name="confirm" value="(\d+)"', colleague.get(waiting).text)
    assert found
    return colleague.send(waiting, ALIASES, confirm=found[1]).headers["location"]


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


def test_a_proposed_product_is_confirmed_with_its_factor_by_two_people(
    office: Visitor, colleague: Visitor, lines: None, goods: Goods, sqlite_database: Database
) -> None:
    shown_at = confirm(office, product=str(goods.product_id))
    assert quantities(sqlite_database) == []
    assert "chưa dòng nào được nối" in text_of(office.get(shown_at))
    seconded = second(office, colleague)
    assert quantities(sqlite_database) == [7 * 24, 2 * 24]
    text = text_of(office.get(seconded))
    assert "2 dòng hóa đơn được nối theo" in text
    assert "Hoàn tác" in text


def test_nobody_is_offered_to_second_what_they_confirmed(
    office: Visitor, lines: None, goods: Goods
) -> None:
    confirm(office, product=str(goods.product_id))
    page = office.get(f"{ALIASES}?state=awaiting_second")
    assert "Chờ người thứ hai" in text_of(page)
    assert 'name="confirm"' not in page.text
    answer = office.send(page.url.path, ALIASES, confirm="1")
    assert answer.status_code == 422
    assert "cần một người khác" in text_of(answer)


def test_a_single_piece_is_linked_by_one_person(
    office: Visitor, lines: None, goods: Goods, sqlite_database: Database
) -> None:
    confirm(office, product=str(goods.product_id), factor="1")
    assert quantities(sqlite_database) == [7, 2]


def test_a_link_from_a_day_on_leaves_earlier_invoices_alone(
    office: Visitor, lines: None, goods: Goods, sqlite_database: Database
) -> None:
    form = {"product": str(goods.product_id), "factor": "1"}
    confirm(office, **form, valid_from="04/08/2026")  # the invoices are of the third
    assert quantities(sqlite_database) == []
    confirm(office, **form, valid_from="03/08/2026")
    assert quantities(sqlite_database) == [7, 2]


def test_the_history_of_a_code_names_who_said_what(
    office: Visitor, colleague: Visitor, lines: None, goods: Goods
) -> None:
    confirm(office, product=str(goods.product_id))
    second(office, colleague)
    text = text_of(office.get(f"{ALIASES}?seller={DISTRIBUTOR}&code=TRA-24"))
    for words in ("Đang hiệu lực", "Người xác nhận:", "Người thứ hai:"):
        assert words in text


def test_a_table_of_links_is_checked_brought_in_and_taken_out(
    office: Visitor, lines: None, goods: Goods, sqlite_database: Database
) -> None:
    rows = f"MST;Mã hàng;ĐVT;GTIN;Hệ số\r\n{DISTRIBUTOR};TRA-24;Thùng;{GTIN[1:]};1\r\n".encode()
    sent = {"file": ("a.csv", rows)}
    checked = office.send(ALIASES, f"{ALIASES}/table", files=sent, mode="good_rows", dry_run="1")
    assert "Chưa lưu gì" in text_of(checked)
    assert quantities(sqlite_database) == []
    office.send(ALIASES, f"{ALIASES}/table", files=sent, mode="good_rows")
    assert quantities(sqlite_database) == [7, 2]
    assert office.get(f"{ALIASES}/table").content.startswith(b"PK")
    wrong = {"file": ("a.csv", rows.replace(b"TRA-24", b"TRA-25").replace(b";1\r", b";0\r"))}
    answer = office.send(ALIASES, f"{ALIASES}/table", files=wrong, mode="good_rows")
    assert "1 lỗi." in text_of(answer)


def test_a_table_that_is_none_is_a_fault_beside_the_field(office: Visitor) -> None:
    answer = office.send(ALIASES, f"{ALIASES}/table", files={"file": ("a.csv", b"x;y\r\n1;2")})
    assert answer.status_code == 422
    assert 'id="file-error"' in answer.text


def test_another_product_is_named_by_its_number_of_any_length(
    office: Visitor, lines: None, sqlite_database: Database
) -> None:
    confirm(office, product="other", gtin=GTIN[1:], factor="1")
    assert quantities(sqlite_database) == [7, 2]


def test_the_link_holds_for_every_unit_when_asked(
    office: Visitor, lines: None, goods: Goods, sqlite_database: Database
) -> None:
    confirm(office, product=str(goods.product_id), scope="any")
    with sqlite_database.reading() as session:
        assert session.exec(select(ItemAlias.unit)).all() == [""]


def test_what_was_just_confirmed_is_withdrawn(
    office: Visitor, lines: None, goods: Goods, sqlite_database: Database
) -> None:
    shown_at = confirm(office, product=str(goods.product_id), factor="1")
    alias_id = re.search(r'name="undo" value="(\d+)"', office.get(shown_at).text)
    assert alias_id
    answer = office.send(shown_at, LIST, undo=alias_id[1])
    assert quantities(sqlite_database) == []
    text = text_of(office.get(answer.headers["location"]))
    assert "2 dòng hóa đơn không còn nối" in text
    assert "Trà minh họa hộp 20 gói" in text
    office.send(shown_at, LIST, undo=alias_id[1])
    assert quantities(sqlite_database) == [7, 2]


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
