"""Recalls: nothing is opened before it was shown what it reaches; closing needs a decision."""

import html
import re
from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from sqlmodel import select

from tests.app.web.conftest import GTIN, Visitor, text_of
from tests.app.web.office_visits import visiting
from traceability.actor import Role
from traceability.clock import today
from traceability.db import Database
from traceability.events.models import Recall

LIST = "/office/recalls"
FORM = f"{LIST}?new=1"
NOTICE = {
    "gtin": GTIN[1:], "lot": "L1", "notice_number": "12/TB-VIDU",
    "notice_date": today().isoformat(), "reason": "Độ ẩm cao hơn mức công bố.",
    "advice": "Mang trả nơi đã mua.",
}  # fmt: skip


@pytest.fixture
def office(pages: FastAPI, people: dict[Role, str]) -> Iterator[Visitor]:
    with visiting(pages, people[Role.SUPERVISOR]) as visitor:
        yield visitor


def recalls(database: Database) -> list[Recall]:
    with database.reading() as session:
        return list(session.exec(select(Recall)).all())


def test_the_confirmation_says_what_is_reached_and_opens_nothing(
    office: Visitor, sqlite_database: Database
) -> None:
    answer = office.send(FORM, LIST, step="check", **NOTICE)
    text = text_of(answer)
    assert answer.status_code == 200
    assert "Trà minh họa, hộp 20 gói" in text
    assert "Số sê-ri đã đăng ký bị ảnh hưởng 1" in text
    assert "L1, hạn sử dụng" in text
    assert recalls(sqlite_database) == []


def test_a_confirmed_recall_is_open_and_public(
    office: Visitor, visitor: Visitor, sqlite_database: Database
) -> None:
    answer = office.send(FORM, LIST, step="open", **NOTICE)
    assert answer.status_code == 303
    assert "12/TB-VIDU đã mở" in text_of(office.get(answer.headers["location"]))
    (recall,) = recalls(sqlite_database)
    assert (recall.lot, recall.status) == ("L1", "active")
    assert "Dừng lại" in text_of(visitor.get(f"/01/{GTIN}/10/L1"))


def test_the_confirmation_carries_the_whole_form(office: Visitor) -> None:
    page = office.send(FORM, LIST, step="check", **NOTICE).text
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))
    assert {name: html.unescape(hidden[name]) for name in NOTICE} == NOTICE


def test_changing_goes_back_to_the_form_with_what_was_typed(
    office: Visitor, sqlite_database: Database
) -> None:
    answer = office.send(FORM, LIST, step="change", **NOTICE)
    assert 'value="12/TB-VIDU"' in answer.text
    assert "Mang trả nơi đã mua." in answer.text
    assert recalls(sqlite_database) == []


def test_a_lot_that_is_not_on_record_may_be_recalled_and_is_pointed_out(office: Visitor) -> None:
    answer = office.send(FORM, LIST, step="check", **{**NOTICE, "lot": "L9"})
    assert answer.status_code == 200
    assert "chưa có lô L9" in text_of(answer)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("gtin", GTIN[1:-1] + "0"),
        ("gtin", "8938505974194"),
        ("gtin", ""),
        ("lot", "LÔ 1"),
        ("serial", "x" * 21),
        ("notice_number", " "),
        ("notice_date", "2999-01-01"),
        ("notice_date", "yesterday"),
        ("reason", ""),
        ("advice", "x" * 1001),
        ("issuer_id", "999"),
    ],
)
def test_each_field_at_fault_is_named_and_the_rest_is_kept(
    office: Visitor, sqlite_database: Database, field: str, value: str
) -> None:
    answer = office.send(FORM, LIST, step="open", **{**NOTICE, field: value})
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert f'id="{field}-error"' in answer.text
    kept = "notice_number" if field == "gtin" else "gtin"
    assert f'value="{NOTICE[kept]}"' in answer.text
    assert recalls(sqlite_database) == []


def test_the_same_notice_for_the_same_goods_is_opened_once(
    office: Visitor, sqlite_database: Database
) -> None:
    office.send(FORM, LIST, step="open", **NOTICE)
    answer = office.send(FORM, LIST, step="open", **NOTICE)
    assert answer.status_code == 422
    assert 'id="notice_number-error"' in answer.text
    assert len(recalls(sqlite_database)) == 1


def test_a_recall_is_closed_by_a_decision(office: Visitor, sqlite_database: Database) -> None:
    office.send(FORM, LIST, step="open", **NOTICE)
    closing = f"{LIST}?closing=1"
    empty = office.send(closing, f"{LIST}/1/closing", closing_decision=" ")
    assert empty.status_code == 422
    assert 'id="closing_decision-error"' in empty.text
    done = office.send(closing, f"{LIST}/1/closing", closing_decision="QĐ 5/2026")
    assert done.status_code == 303
    (recall,) = recalls(sqlite_database)
    assert (recall.status, recall.closing_decision) == ("closed", "QĐ 5/2026")


def test_a_recall_is_closed_once(office: Visitor, sqlite_database: Database) -> None:
    office.send(FORM, LIST, step="open", **NOTICE)
    for decision in ("QĐ 5/2026", "QĐ 6/2026"):
        answer = office.send(LIST, f"{LIST}/1/closing", closing_decision=decision)
    assert answer.status_code == 422
    assert recalls(sqlite_database)[0].closing_decision == "QĐ 5/2026"


def test_an_unknown_recall_is_not_closed(office: Visitor) -> None:
    assert office.send(LIST, f"{LIST}/77/closing", closing_decision="QĐ 5").status_code == 404


def test_the_list_is_filtered_by_state_newest_first(office: Visitor) -> None:
    office.send(FORM, LIST, step="open", **NOTICE)
    office.send(FORM, LIST, step="open", **{**NOTICE, "notice_number": "13/TB-VIDU"})
    office.send(LIST, f"{LIST}/1/closing", closing_decision="QĐ 5")
    everything = text_of(office.get(LIST))
    assert everything.index("13/TB-VIDU") < everything.index("12/TB-VIDU")
    assert "12/TB-VIDU" not in text_of(office.get(f"{LIST}?status=active"))
    assert "13/TB-VIDU" not in text_of(office.get(f"{LIST}?status=closed"))
