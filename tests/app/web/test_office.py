"""The first page of the authorities, the access of an auditor, and the audit log."""

import csv
import io
import re
from collections.abc import Iterator

import pytest
from fastapi import FastAPI

from app.security.access import WEB
from tests.app.web.conftest import GTIN, Goods, Visitor, text_of
from tests.app.web.office_visits import ADMIN, visiting, waiting_party
from traceability import audit
from traceability.actor import Actor, Role
from traceability.audit import AuditAction
from traceability.clock import today
from traceability.db import Database
from traceability.enforcement import service as reports
from traceability.enforcement.schemas import ReportIn


@pytest.fixture
def admin(pages: FastAPI, people: dict[Role, str]) -> Iterator[Visitor]:
    with visiting(pages, people[Role.ADMIN]) as visitor:
        yield visitor


@pytest.fixture
def auditor(pages: FastAPI, people: dict[Role, str]) -> Iterator[Visitor]:
    with visiting(pages, people[Role.AUDITOR]) as visitor:
        yield visitor


def test_nothing_waits_in_a_new_office(admin: Visitor) -> None:
    assert "Không có việc nào đang chờ" in text_of(admin.get("/office"))


def test_each_number_leads_to_as_many_rows(admin: Visitor, sqlite_database: Database) -> None:
    for number in range(2):
        waiting_party(sqlite_database, f"VÍ DỤ Chờ {number}", number)
    with sqlite_database.writing() as session:
        reports.create_report(session, Actor(Role.ANONYMOUS), ReportIn(reason="other", text="x"))
    page = admin.get("/office").text
    cards = dict(re.findall(r'number-card" href="([^"]+)"><strong>(\d+)<', page))
    assert cards == {
        "/office/registrations?status=pending": "2", "/office/reports?status=received": "1",
        "/office/codes": "0", "/office/lines": "0", "/office/recalls?status=active": "0",
        "/office/certificates?status=pending": "0",
    }  # fmt: skip
    assert (
        len(re.findall(r'name="ids"', admin.get("/office/registrations?status=pending").text)) == 2
    )
    assert (
        len(
            re.findall(
                r'href="/office/reports/\d', admin.get("/office/reports?status=received").text
            )
        )
        == 1
    )


def test_an_auditor_sees_every_page_and_no_form(auditor: Visitor, goods: Goods) -> None:
    pages = [
        row.removeprefix("GET ")
        for row, rule in WEB.items()
        if row.startswith("GET /office") and "{" not in row and Role.AUDITOR in rule.roles
    ]
    for path in [*pages, f"/office/parties/{goods.party_id}", "/office/users?user=1"]:
        answer = auditor.get(path)
        assert answer.status_code == 200, path
        if not answer.headers["content-type"].startswith("text/html"):
            continue  # a table to keep
        main = answer.text[answer.text.index("<main") : answer.text.index("</main>")]
        assert 'method="post"' not in main, path


def test_an_auditor_s_forms_are_refused(auditor: Visitor) -> None:
    for row in WEB:
        if row.startswith("POST /office"):
            path = re.sub(r"\{\w+\}", "1", row.removeprefix("POST "))
            assert auditor.send("/office", path).status_code == 403, path


def test_an_auditor_is_not_led_to_the_form_of_a_recall(auditor: Visitor) -> None:
    assert 'name="notice_number"' not in auditor.get("/office/recalls?new=1").text
    assert 'name="password"' not in auditor.get("/office/users?new=1").text


@pytest.mark.parametrize(
    "path",
    ["/office/parties/999", "/office/parties/x", "/office/reports/999", "/office/reports/999/photo",
     "/office/users?user=999", "/office/recalls?closing=999", "/office/lines?seller=1&code=x"],
)  # fmt: skip
def test_an_unknown_record_is_a_page_of_404(admin: Visitor, path: str) -> None:
    answer = admin.get(path)
    assert answer.status_code == 404
    assert "<h1>" in answer.text


# The audit log


def logged(database: Database, action: AuditAction, subject: str, **detail: object) -> None:
    with database.writing() as session:
        audit.record(session, ADMIN, action, subject, **detail)


def test_the_log_is_shown_newest_first(admin: Visitor, sqlite_database: Database) -> None:
    logged(sqlite_database, AuditAction.PARTY_CREATED, "party:71")
    logged(sqlite_database, AuditAction.PARTY_CHANGED, "party:72")
    text = text_of(admin.get("/office/audit"))
    assert text.index("party:72") < text.index("party:71")


def test_subject_and_action_filter_the_log(admin: Visitor, sqlite_database: Database) -> None:
    logged(sqlite_database, AuditAction.PARTY_CREATED, "party:71")
    logged(sqlite_database, AuditAction.PARTY_CHANGED, "party:71")
    logged(sqlite_database, AuditAction.PARTY_CHANGED, "party:72")
    page = text_of(admin.get("/office/audit?subject=party:71&action=registry:party:changed"))
    assert page.count("party:71") == 1
    assert "party:72" not in page


def test_the_log_is_walked_by_pages_that_keep_the_filter(
    admin: Visitor, sqlite_database: Database
) -> None:
    for number in range(30):
        logged(sqlite_database, AuditAction.SCAN_RECORDED, "scan:7", n=number)
    first = admin.get("/office/audit?subject=scan:7")
    address = re.search(r'href="(/office/audit\?[^"]*before=\d+)"', first.text)
    assert address
    second = admin.get(address[1].replace("&amp;", "&"))
    assert "n=29" in first.text
    assert "n=0<" in second.text
    assert "subject=scan%3A7" in address[1]


def test_the_table_holds_what_is_filtered_and_no_formula(
    admin: Visitor, sqlite_database: Database
) -> None:
    logged(sqlite_database, AuditAction.REPORT_DECIDED, '=HYPERLINK("x")', status="closed")
    logged(sqlite_database, AuditAction.PARTY_CREATED, "party:71")
    answer = admin.get("/office/audit?action=enforcement:report:decided&format=csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    name = f"nguon-audit-{today():%Y%m%d}.csv"
    assert answer.headers["content-disposition"] == f'attachment; filename="{name}"'
    assert answer.content.startswith(b"\xef\xbb\xbf")
    headings, *rows = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert headings[0] == "Thời gian"
    assert [row[4] for row in rows] == ['\'=HYPERLINK("x")']


def test_the_log_names_who_acted(admin: Visitor) -> None:
    assert "VÍ DỤ admin" in text_of(admin.get("/office/audit?action=identity:session:opened"))


def test_pages_of_the_office_name_no_violator(admin: Visitor, goods: Goods) -> None:
    for path in ("/office", "/office/registrations", f"/office/parties/{goods.party_id}"):
        text = text_of(admin.get(path)).lower()
        assert "vi phạm" not in text
        assert "hàng giả." not in text.replace("không kết luận hàng thật hay hàng giả.", "")


def test_the_photo_and_contact_of_a_report_are_not_public(
    visitor: Visitor, sqlite_database: Database
) -> None:
    with sqlite_database.writing() as session:
        report = reports.create_report(
            session, Actor(Role.ANONYMOUS), ReportIn(reason="other", text="x", code=f"(01){GTIN}")
        )
        report_id = report.id
    for path in (f"/office/reports/{report_id}", f"/office/reports/{report_id}/photo"):
        answer = visitor.get(path)
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/login")
