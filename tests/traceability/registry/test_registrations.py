from datetime import date

import pytest
from sqlmodel import Session

from tests.traceability.registry.makers import ADMIN, a_party, member
from traceability.actor import Actor, Role
from traceability.errors import ForbiddenError, InvalidError, NotFoundError
from traceability.registry import registrations, repository
from traceability.registry.models import Party, Registration
from traceability.registry.registrations import RegistrationState, standing_of
from traceability.registry.schemas import DecisionIn

DAY = date(2026, 11, 1)


def _row(status: str, first: str, last: str | None = None) -> Registration:
    valid_to = date.fromisoformat(last) if last else None
    return Registration(
        party_id=1, status=status, valid_from=date.fromisoformat(first), valid_to=valid_to
    )


@pytest.mark.parametrize(
    ("newest_first", "state", "since"),
    [
        ([], "pending", None),
        ([_row("pending", "2026-01-01")], "pending", "2026-01-01"),
        ([_row("active", "2026-01-01")], "active", "2026-01-01"),
        ([_row("active", "2026-01-01", "2026-11-01")], "active", "2026-01-01"),
        ([_row("active", "2026-01-01", "2026-10-31")], "expired", "2026-11-01"),
        ([_row("active", "2026-12-01"), _row("pending", "2026-01-01")], "pending", "2026-01-01"),
        ([_row("suspended", "2026-06-01"), _row("active", "2026-01-01")], "suspended",
         "2026-06-01"),
        (
            [_row("suspended", "2026-06-01", "2026-07-01"), _row("active", "2026-01-01")],
            "active",
            "2026-01-01",
        ),
        ([_row("revoked", "2026-06-01"), _row("active", "2026-01-01")], "revoked", "2026-06-01"),
        ([_row("refused", "2026-06-01")], "refused", "2026-06-01"),
    ],
)  # fmt: skip
def test_the_newest_decision_in_force_counts(
    newest_first: list[Registration], state: str, since: str | None
) -> None:
    found = standing_of(Party(name="Ví dụ", kind="shop"), newest_first, DAY)
    assert (found.state, str(found.since) if found.since else None) == (state, since)


def test_a_party_that_has_ended_is_dissolved_whatever_was_decided() -> None:
    party = Party(name="Ví dụ", kind="agency", valid_to=date(2025, 6, 30))
    found = standing_of(party, [_row("active", "2020-01-01")], DAY)
    assert (found.state, found.since) == (RegistrationState.DISSOLVED, date(2025, 7, 1))
    assert standing_of(party, [_row("active", "2020-01-01")], date(2025, 6, 30)).is_active


def test_a_decision_is_added_and_none_is_changed(session: Session) -> None:
    own = a_party(session)
    decision = {"status": "suspended", "reason": "Ví dụ", "decision_number": "12/QĐ-VD"}
    registrations.decide_registration(
        session, ADMIN, own.id or 0, DecisionIn.model_validate(decision)
    )
    rows = repository.registrations(session, [own.id or 0])[own.id or 0]
    assert [row.status for row in rows] == ["suspended", "active"]
    found = registrations.standing(session, own)
    assert (found.state, found.decision_number) == (RegistrationState.SUSPENDED, "12/QĐ-VD")


@pytest.mark.parametrize("role", [Role.PRODUCER, Role.SHOP, Role.INSPECTOR, Role.AUDITOR])
def test_only_administrators_and_supervisors_decide(session: Session, role: Role) -> None:
    own = a_party(session)
    approval = DecisionIn.model_validate({"status": "active"})
    with pytest.raises(ForbiddenError, match=r"registry\.authority-only"):
        registrations.decide_registration(
            session, Actor(role, party_id=own.id), own.id or 0, approval
        )


@pytest.mark.parametrize(
    ("decision", "field", "code"),
    [
        ({"status": "pending"}, "status", "registry.decision-pending"),
        ({"status": "revoked"}, "reason", "registry.reason-missing"),
        (
            {"status": "active", "valid_from": "2026-02-01", "valid_to": "2026-01-31"},
            "valid_to",
            "registry.period-reversed",
        ),
    ],
)
def test_a_decision_makes_sense(
    session: Session, decision: dict[str, str], field: str, code: str
) -> None:
    own = a_party(session)
    with pytest.raises(InvalidError) as refused:
        registrations.decide_registration(
            session, ADMIN, own.id or 0, DecisionIn.model_validate(decision)
        )
    assert [(f.field, f.code) for f in refused.value.faults] == [(field, code)]


def test_a_decision_needs_its_party(session: Session) -> None:
    approval = DecisionIn.model_validate({"status": "active"})
    with pytest.raises(NotFoundError, match=r"registry\.party-unknown"):
        registrations.decide_registration(session, ADMIN, 999, approval)


def test_a_refused_party_keeps_no_claim_on_a_company_prefix(session: Session) -> None:
    own = a_party(session)
    claiming = a_party(session, 2, actor=member(own), company_prefixes=["8934588"])
    refusal = DecisionIn.model_validate({"status": "refused", "reason": "Ví dụ"})
    registrations.decide_registration(session, ADMIN, claiming.id or 0, refusal)
    assert repository.prefixes_of(session, [claiming.id or 0]) == []
