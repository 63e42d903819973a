from datetime import date

import pytest
from sqlmodel import Session

from tests.traceability.registry.makers import ADMIN, a_party, member
from traceability.errors import ForbiddenError
from traceability.registry import registrations, repository, undoing
from traceability.registry.models import Registration
from traceability.registry.schemas import DecisionIn


def decided(session: Session, party_id: int, status: str, **given: object) -> Registration:
    values = {"status": status, "reason": "Ví dụ", **given}
    return registrations.decide_registration(
        session, ADMIN, party_id, DecisionIn.model_validate(values)
    )


def statuses(session: Session, party_id: int) -> list[str]:
    """The newest first."""
    return [row.status for row in repository.registrations(session, [party_id])[party_id]]


def test_what_held_before_is_entered_again_with_its_days_and_number(session: Session) -> None:
    party_id = a_party(session).id or 0
    first = decided(
        session, party_id, "active", decision_number="QĐ 1", valid_from="2026-01-01",
        valid_to="2030-12-31",
    )  # fmt: skip
    second = decided(session, party_id, "revoked")
    (again,) = undoing.undo_decisions(session, ADMIN, [second.id or 0])
    assert again.id not in (first.id, second.id)
    assert (again.status, again.decision_number) == ("active", "QĐ 1")
    assert (again.valid_from, again.valid_to) == (date(2026, 1, 1), date(2030, 12, 31))


def test_an_approval_taken_back_leaves_the_party_waiting(session: Session) -> None:
    shop = a_party(session)
    party_id = a_party(session, 2, actor=member(shop)).id or 0
    approval = decided(session, party_id, "active")
    (again,) = undoing.undo_decisions(session, ADMIN, [approval.id or 0])
    assert again.decided_at is None
    assert statuses(session, party_id) == ["pending", "active", "pending"]


def test_taking_back_can_itself_be_taken_back(session: Session) -> None:
    party_id = a_party(session).id or 0
    row = decided(session, party_id, "suspended")
    (back,) = undoing.undo_decisions(session, ADMIN, [row.id or 0])
    undoing.undo_decisions(session, ADMIN, [back.id or 0])
    assert statuses(session, party_id)[:3] == ["suspended", "active", "suspended"]


def test_an_older_decision_and_a_first_row_are_passed_over(session: Session) -> None:
    party_id = a_party(session).id or 0
    first = repository.registrations(session, [party_id])[party_id][0]
    assert undoing.undo_decisions(session, ADMIN, [first.id or 0, 999]) == []
    older = decided(session, party_id, "suspended")
    decided(session, party_id, "revoked")
    assert undoing.undo_decisions(session, ADMIN, [older.id or 0]) == []


def test_only_the_authority_takes_decisions_back(session: Session) -> None:
    with pytest.raises(ForbiddenError, match="authority-only"):
        undoing.undo_decisions(session, member(a_party(session)), [])
