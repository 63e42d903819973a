"""Pages of recalls by trace: foreseen, opened, answered by who holds the goods, followed."""

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from sqlmodel import select

from tests.app.rows import nobody_holds_the_lock
from tests.app.web.conftest import GTIN, Goods, People, Visitor, text_of
from tests.app.web.office_visits import visiting
from tests.traceability.events.makers import read
from tests.traceability.events.tracing.test_trace import made, on
from traceability.actor import Actor, Role
from traceability.clock import today
from traceability.db import Database
from traceability.events import recalls
from traceability.events.capture import Behaviour, capture
from traceability.events.models import Recall, RecallScope
from traceability.events.policy import Policy
from traceability.events.recalling.models import RecallAnswer, RecallGoods, RecallHolder

STEM = "https://id.gs1.org"
LEAF = f"{STEM}/01/09521234500025/10/LEAF1"
TEA = f"{STEM}/01/{GTIN}"
LIST, OWN = "/office/recalls", "/shop/recalls"
NOTICE = {
    "notice_number": "12/TB-VIDU", "notice_date": today().isoformat(),
    "reason": "Độ ẩm cao hơn mức công bố.", "advice": "Mang trả nơi đã mua.",
}  # fmt: skip
FROM_LEAF = {**NOTICE, "made_from": "made-from", "inputs": f"{LEAF}\n"}


@pytest.fixture(autouse=True)
def tea_from_leaf(sqlite_database: Database, goods: Goods) -> None:
    """The organisation of `goods` has made tea of leaves, and one box of it has a serial."""
    maker = Actor(Role.PRODUCER, party_id=goods.party_id)
    document = read(
        made(2, inputQuantityList=[{"epcClass": LEAF, "quantity": 5, "uom": "KGM"}],
             outputQuantityList=[{"epcClass": f"{TEA}/10/L1", "quantity": 4, "uom": "KGM"}]),
        on(3, action="ADD", epcList=[f"{TEA}/21/SN1"], ilmd={"cbvmda:lotNumber": "L1"}),
    )  # fmt: skip
    with sqlite_database.writing() as session:
        capture(session, maker, document, Behaviour.ROLLBACK, Policy())


@pytest.fixture
def office(pages: FastAPI, people: People) -> Iterator[Visitor]:
    with visiting(pages, people[Role.SUPERVISOR]) as visitor:
        yield visitor


@pytest.fixture
def maker(pages: FastAPI, people: People) -> Iterator[Visitor]:
    with visiting(pages, people[Role.PRODUCER]) as visitor:
        yield visitor


def count(database: Database, table: type) -> int:
    with database.reading() as session:
        return len(session.exec(select(table)).all())


def opened(office: Visitor, **form: str) -> str:
    """The address of the recall."""
    answer = office.send(f"{LIST}?new=made-from", LIST, step="open", **{**FROM_LEAF, **form})
    assert answer.status_code == 303
    return answer.headers["location"].partition("?")[0]


def test_the_reach_is_shown_before_anything_is_opened(
    office: Visitor, sqlite_database: Database
) -> None:
    answer = office.send(f"{LIST}?new=made-from", LIST, step="check", **FROM_LEAF)
    text = text_of(answer)
    assert answer.status_code == 200
    assert "01/09521234500025/10/LEAF1" in text
    assert "Chắc chắn 3 mặt hàng" in text
    assert "Trà minh họa, hộp 20 gói, lô L1" in text
    assert "VÍ DỤ Trà Minh Họa" in text
    assert "0 trên 1 số sê-ri" in text
    assert "được làm từ đó" in text
    assert (count(sqlite_database, Recall), count(sqlite_database, RecallGoods)) == (0, 0)


@pytest.mark.parametrize("step", ["check", "open"])
def test_others_write_while_what_it_reaches_is_worked_out(
    office: Visitor, sqlite_database: Database, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    for name in ("worked_out", "reach"):
        work = getattr(recalls, name)

        def watched(*given: Any, work: Any = work) -> Any:
            nobody_holds_the_lock(sqlite_database)
            return work(*given)

        monkeypatch.setattr(recalls, name, watched)
    answer = office.send(f"{LIST}?new=made-from", LIST, step=step, **FROM_LEAF)
    assert answer.status_code == (200 if step == "check" else 303)


def test_the_confirmed_recall_is_followed_on_a_page_of_its_own(
    office: Visitor, visitor: Visitor, sqlite_database: Database
) -> None:
    path = opened(office)
    text = text_of(office.get(f"{path}?done=opened"))
    assert "12/TB-VIDU đã mở" in text
    assert "0 trên 1 đơn vị đã báo cáo" in text
    assert "Dừng lại" in text_of(visitor.get(f"/01/{GTIN}/10/L1"))
    listed = office.get(LIST)
    assert f'href="{path}"' in listed.text
    assert "Mọi hàng làm từ nguyên liệu đầu vào" in text_of(listed)


@pytest.mark.parametrize(
    "inputs", ["", "01/09521234500025/10/LEAF9", "01/09521234500020/10/X", f"{LEAF}\n\u0001"]
)
def test_an_input_at_fault_is_named_and_kept(
    office: Visitor, sqlite_database: Database, inputs: str
) -> None:
    form = {**FROM_LEAF, "inputs": inputs}
    answer = office.send(f"{LIST}?new=made-from", LIST, step="open", **form)
    assert answer.status_code == 422
    assert 'id="inputs-error"' in answer.text
    assert 'value="12/TB-VIDU"' in answer.text
    assert count(sqlite_database, Recall) == 0


def test_several_serial_numbers_are_recalled_from_one_field(
    office: Visitor, sqlite_database: Database
) -> None:
    form = {**NOTICE, "gtin": GTIN[1:], "serial": "SN1\nSN2, SN3"}
    assert office.send(f"{LIST}?new=1", LIST, step="open", **form).status_code == 303
    with sqlite_database.reading() as session:
        recall = session.exec(select(Recall)).one()
        parts = set(session.exec(select(RecallGoods.part)).all())
    assert (recall.scope, recall.product_id) == (RecallScope.SERIALS, None)
    assert parts == {"21/SN1", "21/SN2", "21/SN3"}
    assert GTIN[1:] in text_of(office.get(LIST)).replace(" ", "")


def test_who_holds_the_goods_is_asked_first_of_all_and_answers(
    office: Visitor, maker: Visitor, sqlite_database: Database
) -> None:
    number = opened(office).rpartition("/")[2]
    todo = text_of(maker.get("/shop"))
    assert "1 đợt thu hồi liên quan đến hàng bạn giữ hoặc sở hữu" in todo
    page = maker.get(f"{OWN}/{number}")
    assert "Trà minh họa, hộp 20 gói, số sê-ri SN1" in text_of(page)
    given = {"found": "12", "returned": "10,5", "destroyed": "1", "unit": "hộp", "note": "Ở kho"}
    answer = maker.send(f"{OWN}/{number}", f"{OWN}/{number}", **given)
    assert answer.status_code == 303
    assert "tìm thấy 12, trả lại 10,5, hủy 1 hộp" in text_of(maker.get(f"{OWN}/{number}"))
    assert "đợt thu hồi liên quan" not in text_of(maker.get("/shop"))
    seen = text_of(office.get(f"{LIST}/{number}"))
    assert "1 trên 1 đơn vị đã báo cáo" in seen
    assert "12 hộp" in seen


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("found", {"found": ""}),
        ("found", {"found": "-1"}),
        ("found", {"found": "nhiều"}),
        ("found", {"found": "1", "returned": "1", "destroyed": "1"}),
        ("returned", {"found": "1", "returned": "x"}),
        ("unit", {"found": "1", "unit": "x" * 41}),
        ("note", {"found": "1", "note": "x" * 1001}),
    ],
)
def test_an_answer_at_fault_is_named_and_not_kept(
    office: Visitor, maker: Visitor, sqlite_database: Database, field: str, given: dict[str, str]
) -> None:
    path = f"{OWN}/{opened(office).rpartition('/')[2]}"
    answer = maker.send(path, path, **given)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert count(sqlite_database, RecallAnswer) == 0


def test_a_recall_that_does_not_concern_one_is_not_found(
    office: Visitor, pages: FastAPI, people: People, sqlite_database: Database
) -> None:
    number = opened(office).rpartition("/")[2]
    with sqlite_database.writing() as session:
        session.execute(sa.delete(RecallHolder))
    with visiting(pages, people[Role.SHOP]) as shop:
        assert shop.get(f"{OWN}/{number}").status_code == 404
        assert shop.get(f"{OWN}/77").status_code == 404
        assert "Không có đợt thu hồi nào" in text_of(shop.get(OWN))


def test_an_owner_opens_a_recall_which_the_office_confirms(
    office: Visitor, maker: Visitor, visitor: Visitor
) -> None:
    assert "issuer_id" not in maker.get(f"{OWN}?new=made-from").text
    shown = maker.send(f"{OWN}?new=made-from", OWN, step="check", **FROM_LEAF)
    assert "Trà minh họa" in text_of(shown)
    answer = maker.send(f"{OWN}?new=made-from", OWN, step="open", **FROM_LEAF)
    assert answer.status_code == 303
    path = answer.headers["location"].partition("?")[0]
    assert "Phạm vi trong phần bạn được xem" in text_of(maker.get(path))
    assert "Dừng lại" in text_of(visitor.get(f"/01/{GTIN}/10/L1"))
    number = path.rpartition("/")[2]
    page = f"{LIST}/{number}"
    assert "VÍ DỤ Trà Minh Họa đã mở đợt thu hồi này" in text_of(office.get(page))
    assert office.send(page, f"{page}/confirmation").status_code == 303
    assert "đã mở đợt thu hồi này" not in text_of(office.get(page))
    assert office.send(page, f"{page}/confirmation").status_code == 422


def test_later_events_are_taken_in_by_a_button(
    office: Visitor, visitor: Visitor, sqlite_database: Database, goods: Goods
) -> None:
    path = opened(office)
    later = read(made(4, inputQuantityList=[{"epcClass": LEAF}],
                      outputQuantityList=[{"epcClass": f"{TEA}/10/L7"}]))  # fmt: skip
    maker = Actor(Role.PRODUCER, party_id=goods.party_id)
    with sqlite_database.writing() as session:
        capture(session, maker, later, Behaviour.ROLLBACK, Policy())
    assert "Có sự kiện mới đến sau" in text_of(office.get(path))
    assert office.send(path, f"{path}/reach").headers["location"] == f"{path}?done=more"
    assert office.send(path, f"{path}/reach").headers["location"] == f"{path}?done=same"
    assert "Dừng lại" in text_of(visitor.get(f"/01/{GTIN}/10/L7"))


def test_a_closed_recall_keeps_what_was_answered_and_asks_for_nothing_more(
    office: Visitor, maker: Visitor
) -> None:
    path = opened(office)
    number = path.rpartition("/")[2]
    maker.send(f"{OWN}/{number}", f"{OWN}/{number}", found="3")
    closing = f"{LIST}?closing={number}"
    assert "Mọi hàng làm từ nguyên liệu đầu vào" in text_of(office.get(closing))
    office.send(closing, f"{path}/closing", closing_decision="QĐ 5/2026")
    page = office.get(path)
    assert "1 trên 1 đơn vị đã báo cáo" in text_of(page)
    assert "/reach" not in page.text
    own = maker.get(f"{OWN}/{number}")
    assert 'name="found"' not in own.text


def test_answers_and_goods_are_files_too(office: Visitor, maker: Visitor) -> None:
    path = opened(office)
    number = path.rpartition("/")[2]
    maker.send(f"{OWN}/{number}", f"{OWN}/{number}", found="3", note="=1+1")
    table = office.get(f"{path}?format=csv")
    assert table.headers["content-type"].startswith("text/csv")
    lines = table.text.splitlines()
    assert lines[0].startswith("\ufeffĐơn vị")
    assert "VÍ DỤ Trà Minh Họa" in lines[1]
    assert "'=1+1" in lines[1]
    listed = office.get(f"{path}?format=goods").text.splitlines()
    assert len(listed) == 4
    assert any(line.startswith(f'"Trà minh họa, hộp 20 gói",{GTIN},L1,,') for line in listed)
