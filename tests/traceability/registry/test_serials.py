from datetime import date, timedelta

import pytest
from pydantic import ValidationError
from sqlmodel import Session, func, select

from tests.traceability.registry.makers import ADMIN, a_party, a_product, gtin, member
from tests.traceability.registry.test_lots import a_lot
from traceability.actor import PUBLIC, Actor
from traceability.audit import AuditEntry
from traceability.clock import today
from traceability.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from traceability.registry import goods_repository, serials
from traceability.registry.models import Party, Serial, SerialStatus
from traceability.registry.schemas import SerialPatch, SerialsIn, SerialsIssueIn, SerialsOut


@pytest.fixture
def own(session: Session) -> Party:
    """A producer with one product, whose GTIN is gtin(1)."""
    party = a_party(session)
    a_product(session, party)
    return party


def registered(session: Session, *texts: str, actor: Actor = ADMIN, **given: object) -> SerialsOut:
    values = {"gtin": gtin(1), "serials": list(texts)}
    return serials.register_serials(session, actor, SerialsIn.model_validate(values | given))


def test_the_first_serials_make_a_product_serialised(session: Session, own: Party) -> None:
    a_lot(session)
    made = registered(session, "A1", "A2", actor=member(own), lot="VD-1")
    assert (made.gtin, made.lot, made.count) == ("0" + gtin(1), "VD-1", 2)
    rows = goods_repository.list_serials(session, member(own))
    shown = serials.describe(session, rows)
    assert [(each.serial, each.lot, each.status) for each in shown] == [
        ("A1", "VD-1", "issued"),
        ("A2", "VD-1", "issued"),
    ]
    assert all(each.gtin == "0" + gtin(1) for each in shown)


def test_the_product_knows_that_its_units_carry_serials(session: Session, own: Party) -> None:
    product = a_product(session, own, 2)
    assert not product.serialised
    registered(session, "A1", gtin=gtin(2))
    session.refresh(product)
    assert product.serialised


def test_serials_repeated_in_a_request_are_named(session: Session, own: Party) -> None:
    with pytest.raises(InvalidError) as refused:
        registered(session, "A1", "A2", "A1")
    (fault,) = refused.value.faults
    assert (fault.field, fault.code, fault.arguments) == (
        "serials", "registry.serials-repeated", {"values": ["A1"], "count": 1},
    )  # fmt: skip


def test_one_taken_serial_refuses_all_and_is_named(session: Session, own: Party) -> None:
    registered(session, "A1", "A2")
    with pytest.raises(ConflictError) as refused:
        registered(session, "A2", "A3")
    assert (refused.value.code, refused.value.arguments) == (
        "registry.serials-taken", {"gtin": "0" + gtin(1), "values": ["A2"], "count": 1},
    )  # fmt: skip
    assert session.exec(select(func.count(Serial.id))).one() == 2


def test_one_serial_may_be_used_by_two_products(session: Session, own: Party) -> None:
    a_product(session, own, 2)
    registered(session, "A1")
    assert registered(session, "A1", gtin=gtin(2)).count == 1


def test_a_wrong_character_is_named_with_its_place(session: Session, own: Party) -> None:
    with pytest.raises(InvalidError) as refused:
        registered(session, "A1", "Số 2")
    (fault,) = refused.value.faults
    assert (fault.field, fault.code) == ("serials.1", "gs1.charset")
    assert (fault.arguments["position"], fault.arguments["character"]) == (1, "ố")


def test_serials_of_an_unknown_lot_are_refused(session: Session, own: Party) -> None:
    with pytest.raises(InvalidError) as refused:
        registered(session, "A1", lot="VD-9")
    assert [(f.field, f.code) for f in refused.value.faults] == [("lot", "registry.lot-unknown")]


@pytest.mark.parametrize(
    "given",
    [{"serials": []}, {"serials": ["x" * 21]}, {"serials": [""]}, {"serials": ["x"] * 10_001}],
)
def test_the_input_of_serials_is_bounded(given: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        SerialsIn.model_validate({"gtin": gtin(1), "serials": ["A1"]} | given)


def test_issued_serials_are_distinct_and_cannot_be_guessed(session: Session, own: Party) -> None:
    wanted = SerialsIssueIn(gtin=gtin(1), count=10_000)
    made = serials.issue_serials(session, member(own), wanted)
    assert len(set(made.serials)) == made.count == 10_000
    # 13 signs of 32 are 65 bits: among 10^4 issued, a guess hits one in 3 × 10^15
    assert {len(text) for text in made.serials} == {13}
    assert len({text[:4] for text in made.serials}) > 9_000
    assert session.exec(select(func.count(Serial.id))).one() == 10_000


def test_a_request_leaves_one_audit_row(session: Session, own: Party) -> None:
    registered(session, "A1", "A2", "A3")
    rows = session.exec(
        select(AuditEntry).where(AuditEntry.action == "registry:serials:issued")
    ).all()
    assert [row.detail["count"] for row in rows] == [3]


def _only_serial(session: Session) -> int:
    return session.exec(select(Serial)).one().id or 0


def test_a_serial_is_sold_and_withdrawn_with_day_and_reason(session: Session, own: Party) -> None:
    registered(session, "A1")
    number = _only_serial(session)
    sold = serials.change_serial(
        session, member(own), number, SerialPatch(status=SerialStatus.SUPPLIED)
    )
    assert (sold.status, sold.status_on) == ("supplied", today())
    given = {"status": "withdrawn", "status_on": "2026-11-01", "status_reason": "bị hủy"}
    gone = serials.change_serial(session, member(own), number, SerialPatch.model_validate(given))
    assert (gone.status, gone.status_on, gone.status_reason) == (
        "withdrawn", date(2026, 11, 1), "bị hủy",
    )  # fmt: skip


def test_a_withdrawn_serial_comes_back_by_the_authority_alone(session: Session, own: Party) -> None:
    registered(session, "A1")
    number = _only_serial(session)
    gone = SerialPatch(status=SerialStatus.WITHDRAWN, status_reason="mẫu")
    serials.change_serial(session, member(own), number, gone)
    back = SerialPatch(status=SerialStatus.ISSUED)
    with pytest.raises(ForbiddenError, match=r"registry\.serial-withdrawn"):
        serials.change_serial(session, member(own), number, back)
    assert serials.change_serial(session, ADMIN, number, back).status == "issued"


@pytest.mark.parametrize(
    ("given", "field", "code"),
    [
        ({"status": "withdrawn"}, "status_reason", "registry.reason-missing"),
        (
            {"status": "supplied", "status_on": (today() + timedelta(days=2)).isoformat()},
            "status_on",
            "registry.date-in-future",
        ),
    ],
)
def test_a_change_of_a_serial_makes_sense(
    session: Session, own: Party, given: dict[str, str], field: str, code: str
) -> None:
    registered(session, "A1")
    with pytest.raises(InvalidError) as refused:
        serials.change_serial(
            session, ADMIN, _only_serial(session), SerialPatch.model_validate(given)
        )
    assert [(f.field, f.code) for f in refused.value.faults] == [(field, code)]


def test_serials_of_others_are_not_found(session: Session, own: Party) -> None:
    registered(session, "A1")
    patch = SerialPatch(status=SerialStatus.SUPPLIED)
    for actor in (member(a_party(session, 2)), Actor(member(own).role)):
        with pytest.raises(NotFoundError, match=r"registry\.serial-unknown"):
            serials.change_serial(session, actor, _only_serial(session), patch)
    assert goods_repository.list_serials(session, PUBLIC) == []


def test_serials_are_listed_by_product_lot_and_status(session: Session, own: Party) -> None:
    a_lot(session)
    a_product(session, own, 2)
    registered(session, "A1", lot="VD-1")
    registered(session, "A2")
    registered(session, "A3", gtin=gtin(2))

    def listed(**filters: object) -> list[str]:
        return [row.serial for row in goods_repository.list_serials(session, ADMIN, **filters)]  # type: ignore[arg-type]

    assert listed(gtin="0" + gtin(1)) == ["A1", "A2"]
    assert listed(lot="VD-1") == ["A1"]
    assert listed(gtin="0" + gtin(2), lot="VD-1") == []
    assert listed(status="supplied") == []
