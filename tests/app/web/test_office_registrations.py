"""Registrations: filtering, deciding on many, and taking a decision back by another one."""

import re
from collections.abc import Iterator

import pytest
from fastapi import FastAPI

from tests.app.web.conftest import Goods, Visitor, text_of
from tests.app.web.office_visits import actions, state_of, visiting, waiting_party
from traceability.actor import Role
from traceability.db import Database
from traceability.registry import repository

LIST = "/office/registrations"
PREFIX = "9521234"


@pytest.fixture
def office(pages: FastAPI, people: dict[Role, str]) -> Iterator[Visitor]:
    with visiting(pages, people[Role.SUPERVISOR]) as visitor:
        yield visitor


@pytest.fixture
def waiting(sqlite_database: Database) -> list[int]:
    """Two organisations that wait for a decision."""
    return [
        waiting_party(sqlite_database, "VÍ DỤ Mật ong", 1, PREFIX),
        waiting_party(sqlite_database, "VÍ DỤ Chè", 2),
    ]


def decide(office: Visitor, ids: object, decision: str, **form: str) -> str:
    answer = office.send(LIST, LIST, ids=ids, decision=decision, **form)  # type: ignore[arg-type]
    assert answer.status_code == 303
    return answer.headers["location"]


def undo(office: Visitor, shown_at: str) -> str:
    found = re.search(r'name="undo" value="([\d,]+)"', office.get(shown_at).text)
    assert found
    return office.send(LIST, LIST, undo=found[1]).headers["location"]


def test_the_list_is_filtered_by_status_kind_and_words(
    office: Visitor, waiting: list[int], goods: Goods
) -> None:
    assert "Trà Minh Họa" not in text_of(office.get(f"{LIST}?status=pending"))
    assert "Mật ong" not in text_of(office.get(f"{LIST}?kind=shop"))
    found = text_of(office.get(f"{LIST}?q=mat+ong"))
    assert "Mật ong" in found
    assert "VÍ DỤ Chè" not in found


def test_a_filter_that_finds_nothing_says_so(office: Visitor, waiting: list[int]) -> None:
    page = office.get(f"{LIST}?q=khongco")
    assert "Không có đơn vị nào khớp bộ lọc" in text_of(page)
    assert 'value="khongco"' in page.text


def test_the_list_is_walked_by_pages_that_keep_the_filter(
    office: Visitor, sqlite_database: Database
) -> None:
    for number in range(27):
        waiting_party(sqlite_database, f"VÍ DỤ Chờ {number}", number)
    first = office.get(f"{LIST}?status=pending")
    link = re.search(r'href="([^"]*after=\d+)"', first.text)
    assert link
    assert "status=pending" in link[1]
    second = office.get(link[1].replace("&amp;", "&"))
    assert (first.text.count('name="ids"'), second.text.count('name="ids"')) == (25, 2)


def test_all_rows_of_a_page_are_chosen_without_script(office: Visitor, waiting: list[int]) -> None:
    page = office.get(f"{LIST}?status=pending&pick=all").text
    assert len(re.findall(r'name="ids"[^>]* checked', page)) == 2


def test_many_are_approved_at_once(
    office: Visitor, waiting: list[int], sqlite_database: Database
) -> None:
    shown_at = decide(office, waiting, "active", decision_number="QĐ 1/2026")
    assert [state_of(sqlite_database, each) for each in waiting] == ["active", "active"]
    notice = text_of(office.get(shown_at))
    assert "Đã ghi nhận: Đang hiệu lực VÍ DỤ Mật ong; VÍ DỤ Chè" in notice


@pytest.mark.parametrize("decision", ["refused", "suspended", "revoked"])
def test_a_refusal_suspension_or_revocation_needs_a_reason(
    office: Visitor, waiting: list[int], sqlite_database: Database, decision: str
) -> None:
    answer = office.send(
        f"{LIST}?status=pending", f"{LIST}?status=pending", ids=waiting,  # type: ignore[arg-type]
        decision=decision, decision_number="QĐ 7",
    )  # fmt: skip
    assert answer.status_code == 422
    assert 'href="#reason"' in answer.text
    assert 'id="reason-error"' in answer.text
    assert 'value="QĐ 7"' in answer.text
    assert len(re.findall(r'name="ids"[^>]* checked', answer.text)) == 2
    assert re.search(rf'value="{decision}" checked', answer.text)
    assert [state_of(sqlite_database, each) for each in waiting] == ["pending", "pending"]


def test_a_decision_about_nobody_is_refused(office: Visitor, waiting: list[int]) -> None:
    answer = office.send(LIST, LIST, decision="active")
    assert answer.status_code == 422
    assert 'href="#ids"' in answer.text


def test_a_form_without_a_decision_says_so_beside_the_choice(
    office: Visitor, waiting: list[int]
) -> None:
    answer = office.send(LIST, LIST, ids=str(waiting[0]))
    assert answer.status_code == 422
    assert 'id="decision-error"' in answer.text


def test_an_unknown_party_stops_the_whole_decision(
    office: Visitor, waiting: list[int], sqlite_database: Database
) -> None:
    ids = [waiting[0], 99999]
    answer = office.send(LIST, LIST, ids=ids, decision="active")  # type: ignore[arg-type]
    assert answer.status_code == 404
    assert state_of(sqlite_database, waiting[0]) == "pending"


def test_an_approval_is_taken_back_by_a_further_decision(
    office: Visitor, waiting: list[int], sqlite_database: Database
) -> None:
    shown_at = decide(office, waiting, "active")
    undo(office, shown_at)
    assert [state_of(sqlite_database, each) for each in waiting] == ["pending", "pending"]
    with sqlite_database.reading() as session:
        rows = repository.registrations(session, waiting[:1])[waiting[0]]
    assert [row.status for row in rows] == ["pending", "active", "pending"]
    assert actions(sqlite_database, f"party:{waiting[0]}")[1:] == [
        "registry:registration:decided", "registry:registration:decided",
    ]  # fmt: skip


def test_what_held_before_holds_again_with_its_number(
    office: Visitor, waiting: list[int], sqlite_database: Database
) -> None:
    party_id = waiting[0]
    decide(office, party_id, "active", decision_number="QĐ 1", valid_to="2030-12-31")
    shown_at = decide(office, party_id, "suspended", reason="Ví dụ")
    assert state_of(sqlite_database, party_id) == "suspended"
    undo(office, shown_at)
    with sqlite_database.reading() as session:
        newest = repository.registrations(session, [party_id])[party_id][0]
    assert (newest.status, newest.decision_number, str(newest.valid_to)) == (
        "active", "QĐ 1", "2030-12-31",
    )  # fmt: skip


def test_a_decision_that_was_followed_by_another_is_not_taken_back(
    office: Visitor, waiting: list[int], sqlite_database: Database
) -> None:
    shown_at = decide(office, waiting[0], "active")
    decide(office, waiting[0], "revoked", reason="Ví dụ")
    answer = undo(office, shown_at)
    assert "đã có quyết định khác" in text_of(office.get(answer))
    assert state_of(sqlite_database, waiting[0]) == "revoked"


def test_after_a_refusal_it_is_said_that_prefixes_are_not_given_back(
    office: Visitor, waiting: list[int]
) -> None:
    shown_at = decide(office, waiting[0], "refused", reason="Ví dụ")
    assert "cần nhập lại" in text_of(office.get(shown_at))


def test_a_suspension_keeps_its_last_day(
    office: Visitor, waiting: list[int], sqlite_database: Database
) -> None:
    decide(office, waiting[0], "suspended", reason="Ví dụ", valid_to="31/12/2099")
    with sqlite_database.reading() as session:
        newest = repository.registrations(session, waiting[:1])[waiting[0]][0]
    assert str(newest.valid_to) == "2099-12-31"


def test_the_page_of_a_party_shows_history_prefixes_and_products(
    office: Visitor, waiting: list[int], goods: Goods
) -> None:
    decide(office, waiting[0], "suspended", reason="Thiếu giấy tờ", decision_number="QĐ 9")
    page = text_of(office.get(f"/office/parties/{waiting[0]}"))
    assert PREFIX in page
    assert "Thiếu giấy tờ" in page
    assert "Quyết định số QĐ 9" in page
    assert "Trà minh họa, hộp 20 gói" in text_of(office.get(f"/office/parties/{goods.party_id}"))


def test_a_decision_on_the_page_of_a_party_comes_back_to_it(
    office: Visitor, waiting: list[int]
) -> None:
    page = f"/office/parties/{waiting[0]}"
    form = {"ids": str(waiting[0]), "at": str(waiting[0])}
    answer = office.send(page, LIST, decision="active", **form)
    assert answer.headers["location"].startswith(f"{page}?done=")
    refused = office.send(page, LIST, decision="revoked", decision_number="QĐ 5", **form)
    assert refused.status_code == 422
    assert "VÍ DỤ Mật ong</h1>" in refused.text
    assert 'value="QĐ 5"' in refused.text


def test_an_inspector_has_no_office(pages: FastAPI, people: dict[Role, str]) -> None:
    with visiting(pages, people[Role.INSPECTOR]) as inspector:
        assert inspector.get(LIST).status_code == 403
