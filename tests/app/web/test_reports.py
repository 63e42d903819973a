"""Reports from the public: what is kept, what is shown, and to whom."""

import io
import re

from PIL import Image
from sqlmodel import select

from tests.app.web.conftest import GTIN, Visitor, text_of
from traceability.db import Database
from traceability.enforcement.models import Report

FILLED = {
    "reason": "label_differs",
    "code": f"(01){GTIN}",
    "contact": "0900 000 000",
    "nonce": "n1",
}


def reports(database: Database) -> list[Report]:
    with database.reading() as session:
        return list(session.exec(select(Report)).all())


def test_the_form_knows_the_code_it_was_opened_for(visitor: Visitor) -> None:
    answer = visitor.get(f"/report?code=(01){GTIN}&reason=code_not_found")
    assert f'value="(01){GTIN}"' in answer.text
    assert re.search(r'value="code_not_found" checked', answer.text)


def test_an_accepted_report_leads_to_its_receipt(
    visitor: Visitor, sqlite_database: Database
) -> None:
    answer = visitor.send("/report", "/report", **FILLED)
    assert answer.status_code == 303
    assert re.fullmatch(r"/report/[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", answer.headers["location"])
    (report,) = reports(sqlite_database)
    assert (report.reason, report.gtin, report.status) == ("label_differs", GTIN, "received")


def test_the_receipt_tells_nothing_of_the_sender(visitor: Visitor) -> None:
    address = visitor.send("/report", "/report", **FILLED, place="Chợ Ví Dụ").headers["location"]
    text = text_of(visitor.get(address))
    assert "Đã nhận phản ánh của bạn" in text
    assert "0900" not in text
    assert "Chợ Ví Dụ" not in text


def test_a_tracking_code_is_found_as_people_type_it(visitor: Visitor) -> None:
    address = visitor.send("/report", "/report", **FILLED).headers["location"]
    code = address.removeprefix("/report/")
    assert visitor.get("/report/" + code.replace("-", "").lower()).status_code == 200


def test_an_unknown_tracking_code_is_not_found(visitor: Visitor) -> None:
    assert visitor.get("/report/0000-0000-0000").status_code == 404


def test_a_form_that_is_sent_twice_is_one_report(
    visitor: Visitor, sqlite_database: Database
) -> None:
    first = visitor.send("/report", "/report", **FILLED)
    second = visitor.send("/report", "/report", **FILLED)
    assert first.headers["location"] == second.headers["location"]
    assert len(reports(sqlite_database)) == 1


def test_a_form_that_was_changed_before_it_was_sent_again_is_a_second_report(
    visitor: Visitor, sqlite_database: Database
) -> None:
    visitor.send("/report", "/report", **FILLED)
    visitor.send("/report", "/report", **FILLED, text="Nhãn bị dán đè.")
    assert len(reports(sqlite_database)) == 2


def test_a_refused_report_says_why_and_keeps_what_was_typed(
    visitor: Visitor, sqlite_database: Database
) -> None:
    answer = visitor.send("/report", "/report", reason="", text="Nhãn lạ", place="Chợ")
    assert answer.status_code == 422
    assert 'href="#reason"' in answer.text
    assert "Nhãn lạ</textarea>" in answer.text
    assert 'value="Chợ"' in answer.text
    assert reports(sqlite_database) == []


def test_another_reason_needs_a_few_words(visitor: Visitor) -> None:
    answer = visitor.send("/report", "/report", reason="other")
    assert answer.status_code == 422
    assert 'href="#text"' in answer.text


def test_a_text_over_the_limit_is_refused_beside_its_field(visitor: Visitor) -> None:
    answer = visitor.send("/report", "/report", reason="other", text="x" * 4001)
    assert "Tối đa 4.000 ký tự hoặc mục." in text_of(answer)


def test_a_photo_is_kept_without_where_and_with_what_it_was_taken(
    visitor: Visitor, sqlite_database: Database
) -> None:
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = "Camera maker", 6
    file = io.BytesIO()
    Image.new("RGB", (400, 200), "red").save(file, "JPEG", exif=exif)
    visitor.send("/report", "/report", {"photo": ("a.jpg", file.getvalue())}, **FILLED)
    (report,) = reports(sqlite_database)
    with Image.open(io.BytesIO(report.photo or b"")) as kept:
        assert (kept.format, kept.size, dict(kept.getexif())) == ("JPEG", (200, 400), {})


def test_a_photo_that_is_none_is_refused_beside_its_field(
    visitor: Visitor, sqlite_database: Database
) -> None:
    answer = visitor.send("/report", "/report", {"photo": ("a.jpg", b"%!PS-Adobe")}, **FILLED)
    assert answer.status_code == 422
    assert 'id="photo-error"' in answer.text
    assert reports(sqlite_database) == []
