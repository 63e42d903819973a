"""One serial number: its state, its history, and what its owner says became of it."""

import pytest

from tests.app.web.conftest import GTIN, Goods, Visitor, text_of
from tests.app.web.shop.conftest import Neighbour
from traceability.actor import Actor, Role
from traceability.clock import today
from traceability.db import Database
from traceability.registry import serials
from traceability.registry.models import Serial
from traceability.registry.schemas import SerialPatch

ADMIN = Actor(Role.ADMIN, name="test")


@pytest.fixture
def page(goods: Goods) -> str:
    return f"/shop/products/{goods.product_id}/serials/1"


def stored(database: Database) -> Serial:
    with database.reading() as session:
        return session.get_one(Serial, 1)


def test_the_list_leads_to_the_page_of_each_number(
    member: Visitor, goods: Goods, page: str
) -> None:
    assert f'href="{page}"' in member.get(f"/shop/products/{goods.product_id}/serials").text
    shown = text_of(member.get(page))
    assert "Số sê-ri SN1" in shown
    assert "Chưa có thay đổi nào từ khi cấp" in shown


def test_a_sale_is_recorded_at_once_and_stands_in_the_history(
    member: Visitor, page: str, sqlite_database: Database
) -> None:
    answer = member.send(page, page, status="supplied", status_on="2026-11-01")
    assert answer.headers["location"] == f"{page}?done=1"
    assert stored(sqlite_database).status == "supplied"
    shown = text_of(member.get(page))
    assert "Đã bán hoặc đã dùng ngày 1/11/2026" in shown
    assert "Nhà sản xuất" in shown


def test_a_withdrawal_is_asked_about_before_it_is_recorded(
    member: Visitor, page: str, sqlite_database: Database
) -> None:
    given = {"status": "withdrawn", "status_reason": "Bị mất cắp"}
    question = member.send(page, page, **given)
    assert question.status_code == 200
    assert "Rút số sê-ri này khỏi lưu thông?" in question.text
    assert "Bị mất cắp" in text_of(question)
    assert stored(sqlite_database).status == "issued"
    member.send(page, page, **given, step="confirm")
    found = stored(sqlite_database)
    assert (found.status, found.status_reason) == ("withdrawn", "Bị mất cắp")
    assert found.status_on == today()


def test_going_back_from_the_question_keeps_what_was_typed(
    member: Visitor, page: str, sqlite_database: Database
) -> None:
    answer = member.send(page, page, status="withdrawn", status_reason="Vỡ", step="change")
    assert 'value="Vỡ"' in answer.text
    assert stored(sqlite_database).status == "issued"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({}, "status"),
        ({"status": "eaten"}, "status"),
        ({"status": "withdrawn"}, "status_reason"),
        ({"status": "supplied", "status_on": "2099-01-01"}, "status_on"),
        ({"status": "supplied", "status_on": "hôm qua"}, "status_on"),
        ({"status": "withdrawn", "status_reason": "x" * 201}, "status_reason"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(
    member: Visitor, page: str, sqlite_database: Database, given: dict[str, str], field: str
) -> None:
    answer = member.send(page, page, **given)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert stored(sqlite_database).status == "issued"


def test_a_withdrawn_number_offers_no_change_and_refuses_one(
    member: Visitor, page: str, sqlite_database: Database
) -> None:
    with sqlite_database.writing() as session:
        gone = SerialPatch(status="withdrawn", status_reason="Vỡ")  # type: ignore[arg-type]
        serials.change_serial(session, ADMIN, 1, gone)
    shown = member.get(page)
    assert 'name="status"' not in shown.text
    assert member.send("/account", page, status="issued").status_code == 403


def test_the_history_tells_each_change_with_its_reason_the_newest_first(
    member: Visitor, page: str, sqlite_database: Database
) -> None:
    member.send(page, page, status="supplied", status_reason="Bán lẻ")
    member.send(page, page, status="issued", status_reason="Khách trả lại")
    shown = text_of(member.get(page))
    assert shown.index("Khách trả lại") < shown.index("Bán lẻ")


def test_the_public_reads_the_day_and_not_the_reason(
    member: Visitor, page: str, other_visitor: Visitor
) -> None:
    member.send(page, page, status="withdrawn", status_reason="Đã tiêu hủy", step="confirm")
    shown = text_of(other_visitor.get(f"/01/{GTIN}/10/L1/21/SN1"))
    assert f"ngừng lưu hành (ngày {today():%d/%m/%Y})" in shown
    assert "Đã tiêu hủy" not in shown


def test_another_s_number_is_like_one_that_does_not_exist(
    member: Visitor, goods: Goods, neighbour: Neighbour
) -> None:
    for path in (
        f"/shop/products/{neighbour.product_id}/serials/1",
        f"/shop/products/{goods.product_id}/serials/999",
    ):
        assert member.get(path).status_code == 404
        assert member.send("/account", path, status="supplied").status_code == 404
