import pytest
from pydantic import ValidationError
from sqlmodel import Session, select

from tests.traceability.registry.makers import ADMIN, SUPERVISOR, a_party, member, tax_code
from traceability.actor import PUBLIC, Actor, Role
from traceability.audit import AuditEntry
from traceability.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from traceability.registry import parties, registrations, repository
from traceability.registry.registrations import RegistrationState
from traceability.registry.schemas import DecisionIn, PartyIn, PartyPatch


@pytest.mark.parametrize("actor", [ADMIN, SUPERVISOR])
def test_a_party_entered_by_the_authority_is_active(session: Session, actor: Actor) -> None:
    party = a_party(session, actor=actor)
    assert registrations.registration_state(session, party) is RegistrationState.ACTIVE


def test_a_party_entered_by_a_member_waits_for_the_decision(session: Session) -> None:
    own = a_party(session)
    other = a_party(session, 2, actor=member(own))
    assert registrations.registration_state(session, other) is RegistrationState.PENDING


@pytest.mark.parametrize("role", [Role.INSPECTOR, Role.AUDITOR, Role.TAX, Role.ANONYMOUS])
def test_roles_that_keep_no_records_enter_no_party(session: Session, role: Role) -> None:
    with pytest.raises(ForbiddenError) as refused:
        a_party(session, actor=Actor(role))
    assert refused.value.code == "registry.role-may-not-write"


@pytest.mark.parametrize("kind", ["agency", "tax"])
def test_a_member_cannot_enter_an_agency(session: Session, kind: str) -> None:
    own = a_party(session)
    with pytest.raises(ForbiddenError) as refused:
        a_party(session, 2, actor=member(own), kind=kind)
    assert (refused.value.code, refused.value.arguments) == (
        "registry.kind-by-authority", {"kind": kind},
    )  # fmt: skip


def test_an_agency_needs_no_tax_code_a_producer_does(session: Session) -> None:
    assert a_party(session, kind="agency", tax_code=None).tax_code is None
    with pytest.raises(InvalidError) as refused:
        a_party(session, tax_code=None)
    assert [(f.field, f.code) for f in refused.value.faults] == [
        ("tax_code", "registry.tax-code-missing")
    ]


def test_every_wrong_code_is_named_at_once(session: Session) -> None:
    wrong = tax_code(1)[:9] + str((int(tax_code(1)[9]) + 1) % 10)
    with pytest.raises(InvalidError) as refused:
        a_party(session, tax_code=wrong, gln="9520000000005")
    assert [(f.field, f.code) for f in refused.value.faults] == [
        ("tax_code", "registry.tax-code-check-digit"),
        ("gln", "gs1.check-digit"),
    ]
    assert refused.value.faults[1].arguments["expected"] == "4"


def test_a_tax_code_is_registered_once(session: Session) -> None:
    a_party(session)
    with pytest.raises(ConflictError) as refused:
        a_party(session, 1, name="Công ty khác", tax_code=" ".join(tax_code(1)))
    assert (refused.value.code, refused.value.arguments) == (
        "registry.tax-code-taken", {"tax_code": tax_code(1)},
    )  # fmt: skip


def test_a_gln_is_registered_once(session: Session) -> None:
    a_party(session, gln="9520000000004")
    with pytest.raises(ConflictError, match=r"registry\.gln-taken"):
        a_party(session, 2, gln="9520000000004")


def test_an_address_of_today_lies_in_an_area_of_today(session: Session) -> None:
    with pytest.raises(InvalidError) as refused:
        a_party(session, area_code="62")
    assert refused.value.faults[0].code == "registry.area-ended"
    assert refused.value.faults[0].arguments == {
        "code": "62",
        "name": "Kon Tum",
        "valid_to": "2025-06-30",
        "successor_code": "51",
        "successor_name": "Quảng Ngãi",
    }
    with pytest.raises(InvalidError, match=r"registry\.area-unknown"):
        a_party(session, area_code="99")


def test_a_party_is_seen_by_its_members_and_the_authorities_alone(session: Session) -> None:
    own, other = a_party(session), a_party(session, 2)
    seen = {
        role: [row.id for row in repository.list_parties(session, Actor(role, party_id=own.id))]
        for role in (Role.PRODUCER, Role.SHOP, Role.TAX, Role.INSPECTOR, Role.AUDITOR)
    }
    both = [own.id, other.id]
    assert seen == {
        Role.PRODUCER: [own.id],
        Role.SHOP: [own.id],
        Role.TAX: both,
        Role.INSPECTOR: both,
        Role.AUDITOR: both,
    }
    assert repository.list_parties(session, PUBLIC) == []


def test_a_members_patch_of_another_party_finds_nothing(session: Session) -> None:
    own, other = a_party(session), a_party(session, 2)
    with pytest.raises(NotFoundError) as refused:
        parties.change_party(session, member(own), other.id or 0, PartyPatch(address="Nơi khác"))
    assert refused.value.code == "registry.party-unknown"


def test_what_was_approved_is_changed_by_the_authority_alone(session: Session) -> None:
    own = a_party(session)
    change = parties.change_party
    assert change(session, member(own), own.id or 0, PartyPatch(phone="0900 000 000")).phone
    with pytest.raises(ForbiddenError) as refused:
        change(session, member(own), own.id or 0, PartyPatch(name="Tên khác"))
    assert refused.value.arguments == {"field": "name"}
    assert change(session, ADMIN, own.id or 0, PartyPatch(name="Tên khác")).name == "Tên khác"


def test_who_entered_a_party_corrects_it_until_it_is_approved(session: Session) -> None:
    own = a_party(session)
    other = a_party(session, 2, actor=member(own))
    patch = PartyPatch(name="Hợp tác xã Ví dụ")
    assert parties.change_party(session, member(own), other.id or 0, patch).name == patch.name
    approval = DecisionIn.model_validate({"status": "active", "decision_number": "1/QĐ-VD"})
    registrations.decide_registration(session, ADMIN, other.id or 0, approval)
    with pytest.raises(ForbiddenError, match=r"registry\.party-approved"):
        parties.change_party(session, member(own), other.id or 0, patch)


def test_a_required_field_cannot_be_emptied(session: Session) -> None:
    own = a_party(session)
    with pytest.raises(InvalidError) as refused:
        parties.change_party(session, ADMIN, own.id or 0, PartyPatch(name=None, gln=None))
    assert [(f.field, f.code) for f in refused.value.faults] == [("name", "input.null")]


def test_a_party_cannot_end_before_it_begins_nor_succeed_itself(session: Session) -> None:
    own = a_party(session, kind="agency")
    reversed_period = {"valid_from": "2025-07-01", "valid_to": "2025-06-30"}
    with pytest.raises(InvalidError, match=r"registry\.period-reversed"):
        parties.change_party(
            session, ADMIN, own.id or 0, PartyPatch.model_validate(reversed_period)
        )
    with pytest.raises(InvalidError, match=r"registry\.party-unknown"):
        parties.change_party(session, ADMIN, own.id or 0, PartyPatch(successor_id=own.id))


def test_company_prefixes_of_two_parties_do_not_overlap(session: Session) -> None:
    own = a_party(session, company_prefixes=["8934588", {"prefix": "8935001", "document": "VD-1"}])
    for overlapping in ("8934588", "893458", "89345889"):
        with pytest.raises(ConflictError) as refused:
            a_party(session, 2, company_prefixes=[overlapping])
        assert (refused.value.code, refused.value.arguments) == (
            "registry.prefix-taken", {"prefix": overlapping},
        )  # fmt: skip
        session.rollback()
        own = a_party(session, company_prefixes=["8934588"])
    (shown,) = parties.describe(session, [own])
    assert [each.prefix for each in shown.company_prefixes] == ["8934588"]


def test_prefixes_are_replaced_as_a_whole(session: Session) -> None:
    own = a_party(session, company_prefixes=["8934588", "8935001"])
    patch = PartyPatch.model_validate({"company_prefixes": ["8935001", "8935002"]})
    parties.change_party(session, ADMIN, own.id or 0, patch)
    assert [row.prefix for row in repository.prefixes_of(session, [own.id or 0])] == [
        "8935001",
        "8935002",
    ]
    twice = PartyPatch.model_validate({"company_prefixes": ["8935003", "8935003"]})
    with pytest.raises(InvalidError, match=r"registry\.prefix-repeated"):
        parties.change_party(session, ADMIN, own.id or 0, twice)


def test_each_write_leaves_an_audit_row_without_personal_data(session: Session) -> None:
    own = a_party(session)
    parties.change_party(session, ADMIN, own.id or 0, PartyPatch(phone="0900 000 000"))
    entries = session.exec(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [(each.action, each.subject) for each in entries] == [
        ("registry:party:created", f"party:{own.id}"),
        ("registry:party:changed", f"party:{own.id}"),
    ]
    assert "0900" not in str([each.detail for each in entries])


def test_pages_follow_the_ids(session: Session) -> None:
    ids = [a_party(session, number).id or 0 for number in range(1, 6)]
    first = repository.list_parties(session, ADMIN, limit=2)
    second = repository.list_parties(session, ADMIN, after_id=first[-1].id or 0, limit=2)
    assert [row.id for row in [*first, *second]] == ids[:4]


def test_parties_are_listed_by_their_newest_registration(session: Session) -> None:
    own = a_party(session)
    waiting = a_party(session, 2, actor=member(own))
    found = repository.list_parties(session, ADMIN, status="pending")
    assert [row.id for row in found] == [waiting.id]


@pytest.mark.parametrize(
    ("given", "field", "rule"),
    [
        ({"name": ""}, "name", "too_short"),
        ({"name": "x" * 301}, "name", "too_long"),
        ({"name": "a\x00b"}, "name", "control_character"),
        ({"name": "\ud800"}, "name", "string_unicode"),
        ({"name": 5}, "name", "string_type"),
        ({"kind": "pirate"}, "kind", "enum"),
        ({"area_code": "5"}, "area_code", "string_pattern_mismatch"),
        ({"colour": "red"}, "colour", "extra_forbidden"),
        ({"company_prefixes": ["12"]}, "company_prefixes.0.prefix", "string_pattern_mismatch"),
    ],
)
def test_an_input_out_of_bounds_is_refused(given: dict[str, object], field: str, rule: str) -> None:
    values = {"name": "Ví dụ", "kind": "shop", "tax_code": "1", "address": "Ví dụ"}
    with pytest.raises(ValidationError) as refused:
        PartyIn.model_validate(values | given)
    (error,) = refused.value.errors()
    assert (".".join(map(str, error["loc"])), error["type"]) == (field, rule)


def test_who_comes_second_in_a_race_is_told_and_the_transaction_goes_on(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_party(session)
    monkeypatch.setattr(repository, "party_with_tax_code", lambda _session, _tax_code: None)
    with pytest.raises(ConflictError) as refused:
        a_party(session, 1, name="Công ty khác")
    assert refused.value.code == "registry.taken-meanwhile"
    assert a_party(session, 2).id
