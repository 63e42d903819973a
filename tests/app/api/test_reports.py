"""Reports: anybody may send one, its tracking code is the receipt, the authority decides."""

import pytest

from tests.app.client import Client
from tests.app.problem import fields, problem
from tests.app.rows import nothing_stored, stored
from traceability.db import Database

REPORTS = "/api/v1/reports"
GIVEN = {
    "reason": "label_differs", "code": "9521101000016", "text": "Hạn dùng khác nhau.",
    "place": "Chợ Ví Dụ", "contact": "0260 000 000",
}  # fmt: skip


def test_a_receipt_holds_a_tracking_code_and_nothing_that_was_sent(
    client: Client, sqlite_database: Database
) -> None:
    with stored(sqlite_database, report=1, audit_entry=1):
        answer = client.post(REPORTS, json=GIVEN)
    assert answer.status_code == 201
    assert answer.json().keys() == {"tracking_code", "status", "received_at"}
    assert len(answer.json()["tracking_code"]) == 14


def test_the_authority_reads_reports_without_the_sender_s_contact(
    client: Client, inspector: Client, shop: Client
) -> None:
    receipt = client.post(REPORTS, json=GIVEN).json()
    answer = inspector.get(REPORTS, params={"gtin": "09521101000016"})
    report = answer.json()["items"][0]
    assert (report["tracking_code"], report["text"]) == (receipt["tracking_code"], GIVEN["text"])
    assert "0260 000 000" not in answer.text
    problem(shop.get(REPORTS), 403, "web.role")


def test_a_decision_is_made_by_the_supervisor_and_not_by_the_inspector(
    client: Client, admin: Client, inspector: Client
) -> None:
    client.post(REPORTS, json=GIVEN)
    report = admin.get(REPORTS).json()["items"][0]
    path = f"{REPORTS}/{report['id']}"
    decision = {"status": "closed", "answer": "Đã kiểm tra (ví dụ)."}
    problem(inspector.patch(path, json=decision), 403, "web.role")
    closed = admin.patch(path, json=decision).json()
    assert (closed["status"], closed["answer"]) == ("closed", decision["answer"])
    assert closed["decided_at"]
    assert report["id"] not in [
        r["id"] for r in admin.get(f"{REPORTS}?status=received").json()["items"]
    ]
    problem(admin.patch(f"{REPORTS}/999999", json=decision), 404, "enforcement.report-unknown")


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        ({"reason": None}, {"reason": "web.field-choice"}),
        ({"reason": "envy"}, {"reason": "web.field-choice"}),
        ({"reason": "other", "text": ""}, {"text": "enforcement.report-empty"}),
        ({"text": "x" * 4001}, {"text": "web.field-too-long"}),
        ({"text": "a\u0001b"}, {"text": "input.control-character"}),
        ({"place": "\u0000"}, {"place": "input.control-character"}),
        ({"photo": "x"}, {"photo": "web.field-unknown"}),
    ],
)
def test_each_fault_of_a_report_is_named_and_nothing_is_stored(
    client: Client, sqlite_database: Database, wrong: dict[str, object], expected: dict[str, str]
) -> None:
    with nothing_stored(sqlite_database):
        answer = client.post(REPORTS, json={**GIVEN, **wrong})
        assert fields(problem(answer, 422)) == expected


def test_a_report_about_a_code_that_nobody_can_read_is_kept_too(
    client: Client, inspector: Client
) -> None:
    client.post(REPORTS, json={"reason": "code_not_found", "code": "mờ, không đọc được"})
    report = inspector.get(REPORTS).json()["items"][0]
    assert (report["gtin"], report["code_text"]) == (None, "mờ, không đọc được")


def test_reports_are_read_page_by_page(client: Client, inspector: Client) -> None:
    for number in range(3):
        client.post(REPORTS, json={**GIVEN, "text": f"Lần {number}"})
    whole = [r["id"] for r in inspector.get(REPORTS, params={"limit": 200}).json()["items"]]
    first = inspector.get(REPORTS, params={"limit": 2}).json()
    rest = inspector.get(REPORTS, params={"limit": 200, "cursor": first["next_cursor"]}).json()
    assert [r["id"] for r in first["items"] + rest["items"]] == whole
    assert rest["next_cursor"] is None
