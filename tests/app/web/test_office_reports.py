"""Reports from the public: list, photo, decision, and the contact that closing erases."""

import io
from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from PIL import Image

from app.security.headers import SecurityHeaders
from tests.app.web.conftest import GTIN, Goods, Visitor, text_of
from tests.app.web.office_visits import visiting
from traceability.actor import Actor, Role
from traceability.db import Database
from traceability.enforcement import service
from traceability.enforcement.models import Report
from traceability.enforcement.schemas import ReportIn

CONTACT = "0900 000 000"


@pytest.fixture
def office(pages: FastAPI, people: dict[Role, str]) -> Iterator[Visitor]:
    pages.add_middleware(SecurityHeaders, https=False)
    with visiting(pages, people[Role.SUPERVISOR]) as visitor:
        yield visitor


def report(database: Database, **values: object) -> int:
    given = {"reason": "label_differs", "code": f"(01){GTIN}", "contact": CONTACT, **values}
    with database.writing() as session:
        made = service.create_report(session, Actor(Role.ANONYMOUS), ReportIn.model_validate(given))
        return made.id or 0


def stored(database: Database, report_id: int) -> Report:
    with database.reading() as session:
        return session.get_one(Report, report_id)


def photograph() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(file, "JPEG")
    return file.getvalue()


def test_the_list_is_filtered_by_state_and_by_a_gtin_of_any_length(
    office: Visitor, sqlite_database: Database
) -> None:
    report(sqlite_database)
    report(sqlite_database, reason="code_not_found", code="8938505974194")
    found = text_of(office.get(f"/office/reports?gtin={GTIN[1:]}&status=received"))
    assert "Nhãn khác với dữ liệu" in found
    assert "Không tìm thấy mã" not in found.split("Nội dung")[1]
    assert "Không có phản ánh nào khớp bộ lọc" in text_of(
        office.get("/office/reports?status=closed")
    )


def test_a_wrong_gtin_in_the_filter_is_explained_and_kept(office: Visitor) -> None:
    answer = office.get(f"/office/reports?gtin={GTIN[1:-1]}0")
    assert answer.status_code == 422
    assert 'id="gtin-error"' in answer.text
    assert f'value="{GTIN[1:-1]}0"' in answer.text


def test_a_report_shows_what_was_sent(
    office: Visitor, goods: Goods, sqlite_database: Database
) -> None:
    number = report(sqlite_database, text="Hạn dùng <b>khác</b>", area_code="51", place="Chợ Ví Dụ")
    answer = office.get(f"/office/reports/{number}")
    text = text_of(answer)
    for piece in ("Trà minh họa, hộp 20 gói", "Hạn dùng <b>khác</b>", "Chợ Ví Dụ", CONTACT):
        assert piece in text
    assert "<b>khác</b>" not in answer.text


def test_the_photo_is_served_as_the_picture_it_is(
    office: Visitor, sqlite_database: Database
) -> None:
    number = report(sqlite_database, photo=photograph())
    answer = office.get(f"/office/reports/{number}/photo")
    assert answer.content == photograph()
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "no-store" in answer.headers["cache-control"]


def test_a_report_without_photo_has_none(office: Visitor, sqlite_database: Database) -> None:
    number = report(sqlite_database)
    assert office.get(f"/office/reports/{number}/photo").status_code == 404
    assert "/photo" not in office.get(f"/office/reports/{number}").text


def test_the_answer_reaches_whoever_has_the_tracking_code(
    office: Visitor, visitor: Visitor, sqlite_database: Database
) -> None:
    number = report(sqlite_database)
    page = f"/office/reports/{number}"
    answer = office.send(page, page, status="in_review", answer="Đang lấy mẫu.")
    assert answer.headers["location"] == f"{page}?done=1"
    code = stored(sqlite_database, number).tracking_code
    assert "Đang lấy mẫu." in text_of(visitor.get(f"/report/{code}"))


def test_closing_erases_the_contact_and_says_when(
    office: Visitor, sqlite_database: Database
) -> None:
    number = report(sqlite_database)
    page = f"/office/reports/{number}"
    office.send(page, page, status="closed", answer="Đã kiểm tra.")
    text = text_of(office.get(page))
    assert CONTACT not in text
    assert "Đã xóa khi kết thúc phản ánh, " in text
    assert stored(sqlite_database, number).contact is None


def test_a_report_opened_again_still_says_that_the_contact_was_erased(
    office: Visitor, sqlite_database: Database
) -> None:
    number = report(sqlite_database)
    page = f"/office/reports/{number}"
    office.send(page, page, status="closed")
    office.send(page, page, status="in_review")
    assert "Đã xóa khi kết thúc phản ánh, " in text_of(office.get(page))


def test_a_report_without_contact_says_that_none_was_given(
    office: Visitor, sqlite_database: Database
) -> None:
    number = report(sqlite_database, contact=None)
    assert "Không cung cấp" in text_of(office.get(f"/office/reports/{number}"))


@pytest.mark.parametrize(
    ("form", "field"),
    [({"status": "lost", "answer": "Giữ lại"}, "status"), ({"answer": "Giữ lại"}, "status"),
     ({"status": "in_review", "answer": "Giữ lại" * 300}, "answer")],
)  # fmt: skip
def test_a_decision_at_fault_changes_nothing_and_keeps_the_answer(
    office: Visitor, sqlite_database: Database, form: dict[str, str], field: str
) -> None:
    number = report(sqlite_database)
    page = f"/office/reports/{number}"
    answer = office.send(page, page, **form)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert "Giữ lại" in answer.text
    assert stored(sqlite_database, number).status == "received"


def test_an_unknown_report_is_not_decided(office: Visitor) -> None:
    assert office.send("/office", "/office/reports/99", status="closed").status_code == 404
