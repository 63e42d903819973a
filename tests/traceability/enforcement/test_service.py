"""Reports: one for each form, decided by the authority, forgetful of who sent them."""

import pytest
from sqlmodel import Session, select

from traceability.actor import PUBLIC, Actor, Role
from traceability.audit import AuditEntry
from traceability.enforcement import service
from traceability.enforcement.models import Report, ReportReason, ReportStatus
from traceability.enforcement.schemas import ReportDecision, ReportIn
from traceability.errors import ForbiddenError, InvalidError, NotFoundError

SUPERVISOR = Actor(Role.SUPERVISOR, user_id=1)
GTIN = "09521234500018"


def report_in(**values: str) -> ReportIn:
    return ReportIn.of_form({"reason": "label_differs", "nonce": "n1", **values})


def make(session: Session, **values: str) -> Report:
    return service.create_report(session, PUBLIC, report_in(**values))


def test_the_gtin_of_the_code_is_found_whatever_way_it_is_written(session: Session) -> None:
    assert make(session, code=f"https://nguon.example/01/{GTIN}/10/L1").gtin == GTIN
    assert make(session, code=GTIN[1:]).gtin == GTIN


def test_a_report_about_an_unreadable_code_is_kept_too(session: Session) -> None:
    report = make(session, code="torn label")
    assert (report.gtin, report.code_text) == (None, "torn label")


def test_the_same_form_twice_is_one_report(session: Session) -> None:
    assert make(session).id == make(session).id


def test_without_a_nonce_each_report_is_its_own(session: Session) -> None:
    assert make(session, nonce="").id != make(session, nonce="").id


def test_closing_erases_the_contact_and_keeps_the_answer(session: Session) -> None:
    report = make(session, contact="0900 000 000")
    decision = ReportDecision(status=ReportStatus.CLOSED, answer="Đã kiểm tra.")
    service.decide_report(session, SUPERVISOR, report.id or 0, decision)
    assert (report.status, report.contact, report.answer) == ("closed", None, "Đã kiểm tra.")
    assert report.decided_at is not None


def test_a_report_in_review_keeps_its_contact(session: Session) -> None:
    report = make(session, contact="0900 000 000")
    decision = ReportDecision(status=ReportStatus.IN_REVIEW)
    service.decide_report(session, SUPERVISOR, report.id or 0, decision)
    assert report.contact == "0900 000 000"


@pytest.mark.parametrize("role", sorted(set(Role) - service.DECIDERS))
def test_only_supervisors_and_administrators_decide(session: Session, role: Role) -> None:
    report = make(session)
    with pytest.raises(ForbiddenError):
        service.decide_report(
            session, Actor(role), report.id or 0, ReportDecision(status=ReportStatus.CLOSED)
        )


@pytest.mark.parametrize("role", [Role.PRODUCER, Role.SHOP, Role.TAX, Role.ANONYMOUS])
def test_who_is_no_authority_sees_no_report(session: Session, role: Role) -> None:
    report = make(session)
    assert service.list_reports(session, Actor(role, party_id=1)) == []
    with pytest.raises(NotFoundError):
        service.get_report(session, Actor(role), report.id or 0)


def test_the_list_is_newest_first_and_walked_by_id(session: Session) -> None:
    reports = [make(session, text=str(number)) for number in range(3)]
    first = service.list_reports(session, SUPERVISOR, limit=2)
    rest = service.list_reports(session, SUPERVISOR, before_id=first[-1].id)
    assert [r.id for r in (*first, *rest)] == [r.id for r in reversed(reports)]


def test_the_audit_log_has_no_personal_data_of_a_report(session: Session) -> None:
    report = make(session, contact="0900 000 000", place="Chợ Ví Dụ", text="Nhãn lạ")
    (entry,) = session.exec(select(AuditEntry).where(AuditEntry.subject == f"report:{report.id}"))
    assert entry.detail == {"reason": "label_differs"}


@pytest.mark.parametrize(
    ("values", "field", "code"),
    [
        ({"reason": ""}, "reason", "web.field-missing"),
        ({"reason": "no such reason"}, "reason", "web.field-missing"),
        ({"reason": ReportReason.OTHER}, "text", "enforcement.report-empty"),
        ({"text": "x" * 4001}, "text", "web.field-too-long"),
        ({"place": "x" * 301}, "place", "web.field-too-long"),
        ({"text": "a\x00b"}, "text", "web.field-invalid"),
    ],
)
def test_what_is_wrong_with_a_report_is_said_by_field(
    values: dict[str, str], field: str, code: str
) -> None:
    with pytest.raises(InvalidError) as caught:
        report_in(**values)
    (fault,) = caught.value.faults
    assert (fault.field, fault.code) == (field, code)
