"""Where a product's code leads: what its owner sees, adds, ends and brings back."""

import re
from urllib.parse import quote

import pytest

from app.wording.link_types import LINK_TYPES as WORDS
from tests.app.web.conftest import GTIN, Goods, People, Visitor, text_of
from tests.app.web.shop.conftest import Neighbour
from traceability.actor import Role
from traceability.clock import today
from traceability.resolver.link_types import LINK_TYPES

PAGE = "/shop/products/1/links"
HREF = "https://maker.example/{gtin}?lo={lot}"


def add(member: Visitor, **fields: str) -> object:
    given = {"link_type": "pip", "href": HREF, "title": "Trang của chúng tôi", **fields}
    return member.send(PAGE, PAGE, **given)


def test_every_kind_of_link_has_a_name() -> None:
    assert set(WORDS) == LINK_TYPES


def test_without_links_the_code_leads_to_our_page(member: Visitor) -> None:
    page = text_of(member.get(PAGE))
    assert "Chưa có liên kết riêng" in page
    assert "Điện thoại tiếng Việt trang của hệ thống về sản phẩm này" in page
    assert f"https://nguon.example/01/{GTIN}" in page


def test_a_link_is_added_shown_as_answered_ended_and_brought_back(member: Visitor) -> None:
    answer = add(member, is_default="1", language="vi")
    assert answer.status_code == 303  # type: ignore[attr-defined]
    page = member.get(f"{PAGE}?done=added")
    assert "Điện thoại tiếng Việt https://maker.example/09521234500018?lo=" in text_of(page)
    assert "https://ref.gs1.org/voc/pip" in text_of(page)
    link = re.search(r'action="(/shop/products/1/links/\d+)"', page.text)
    assert link
    assert member.send(PAGE, link[1], step="end").status_code == 303
    ended = text_of(member.get(PAGE))
    assert "Đã chấm dứt" in ended
    assert "Điện thoại tiếng Việt trang của hệ thống" in ended
    member.send(PAGE, link[1], step="restore")
    assert "maker.example/0952" in text_of(member.get(PAGE))


def test_a_link_of_a_lot_is_answered_for_that_lot_alone(member: Visitor) -> None:
    add(member, is_default="1", lot="L1")
    assert "Lô L1" in text_of(member.get(PAGE))
    assert "Điện thoại tiếng Việt trang của hệ thống" in text_of(member.get(PAGE))
    assert "https://maker.example/09521234500018?lo=L1" in text_of(member.get(f"{PAGE}?lot=L1"))


def test_a_lot_is_named_as_it_is_printed(member: Visitor) -> None:
    add(member, lot="A/1")
    assert "Lô A/1" in text_of(member.get(PAGE))


def test_validity_is_in_days_of_vietnam(member: Visitor) -> None:
    add(member, first_day="2020-01-01", last_day="2020-01-31")
    page = text_of(member.get(PAGE))
    assert "từ 00:00 1/1/2020 đến 00:00 1/2/2020" in page
    assert "Đã hết hạn" in page
    wrong = add(member, first_day="1/2/2030", last_day=str(today()))
    assert 'id="last_day-error"' in wrong.text  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("field", "text"),
    [("href", "https://127.0.0.1/"), ("href", ""), ("title", ""), ("link_type", "x"),
     ("lot", "LÔ 1"), ("first_day", "hôm nay"), ("context", "a b")],
)  # fmt: skip
def test_what_is_wrong_is_said_beside_its_field_and_the_rest_is_kept(
    member: Visitor, field: str, text: str
) -> None:
    answer = add(member, **{field: text})
    assert answer.status_code == 422  # type: ignore[attr-defined]
    body = answer.text  # type: ignore[attr-defined]
    assert f'id="{field}-error"' in body
    assert "Trang của chúng tôi" in body or field == "title"


def test_a_second_default_is_refused(member: Visitor) -> None:
    add(member, is_default="1")
    assert add(member, is_default="1").status_code == 422  # type: ignore[attr-defined]


def test_nobody_manages_the_links_of_others(
    member: Visitor, neighbour: Neighbour, other_visitor: Visitor, people: People, goods: Goods
) -> None:
    assert member.get(f"/shop/products/{neighbour.product_id}/links").status_code == 404
    add(member)
    other = f"/shop/products/{neighbour.product_id}/links/1"
    assert member.send(PAGE, other, step="end").status_code == 404
    other_visitor.log_in(people[Role.INSPECTOR])
    assert other_visitor.get(PAGE).status_code == 403


def test_the_product_and_the_lot_lead_here(member: Visitor) -> None:
    assert PAGE in member.get("/shop/products/1").text
    assert f"{PAGE}?lot={quote('L1')}" in member.get("/shop/products/1/lots/1").text
