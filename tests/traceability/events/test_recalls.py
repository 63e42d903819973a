import pytest
from sqlmodel import Session, select

from tests.traceability.registry.makers import ADMIN, SUPERVISOR, a_party, a_product, gtin, member
from traceability.actor import PUBLIC, Actor, Role
from traceability.audit import AuditEntry
from traceability.db import execute_in
from traceability.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from traceability.events import recall_repository as repository
from traceability.events import recalls
from traceability.events.models import Recall
from traceability.events.recall_schemas import RecallClosingIn, RecallIn
from traceability.registry.models import Party
from traceability.verification import lookup

CLOSING = RecallClosingIn(closing_decision="20/QĐ-VD")


@pytest.fixture
def own(session: Session) -> Party:
    """A producer with one product, whose GTIN is gtin(1)."""
    party = a_party(session)
    a_product(session, party)
    return party


def a_recall(session: Session, actor: Actor = SUPERVISOR, **given: object) -> Recall:
    values = {
        "gtin": gtin(1), "notice_number": "15/TB-VD", "notice_date": "2026-11-01",
        "reason": "Ví dụ", "advice": "Trả lại nơi bán",
    }  # fmt: skip
    return recalls.open_recall(session, actor, RecallIn.model_validate(values | given))


def notice_on(session: Session, lot: str | None, serial: str | None) -> str | None:
    """The notice of the recall that a look-up of these goods is told of."""
    found = lookup.find(execute_in(session), "0" + gtin(1), lot, serial)
    assert found is not None
    return found.recall.notice_number if found.recall else None


@pytest.mark.parametrize(
    ("recalled", "lot", "serial", "is_reached"),
    [
        ({}, None, None, True),
        ({}, "VD-1", "A1", True),
        ({"lot": "VD-1"}, "VD-1", None, True),
        ({"lot": "VD-1"}, "VD-1", "A1", True),
        ({"lot": "VD-1"}, "VD-2", "A1", False),
        ({"lot": "VD-1"}, None, None, False),
        ({"serial": "A1"}, None, "A1", True),
        ({"serial": "A1"}, "VD-1", "A2", False),
        ({"lot": "VD-1", "serial": "A1"}, "VD-1", "A1", True),
        ({"lot": "VD-1", "serial": "A1"}, "VD-1", None, False),
    ],
)
def test_a_recall_reaches_the_goods_it_names(
    session: Session, own: Party, recalled: dict[str, str], lot: str | None, serial: str | None,
    is_reached: bool,
) -> None:  # fmt: skip
    recall = a_recall(session, **recalled)
    assert notice_on(session, lot, serial) == (recall.notice_number if is_reached else None)


def test_of_several_recalls_that_reach_goods_the_newest_is_told(
    session: Session, own: Party
) -> None:
    a_recall(session)
    a_recall(session, lot="VD-1", notice_number="16/TB-VD")
    assert notice_on(session, "VD-1", "A1") == "16/TB-VD"


def test_a_closed_recall_reaches_nothing_and_stays_on_record(session: Session, own: Party) -> None:
    recall = a_recall(session)
    recalls.close_recall(session, ADMIN, recall.id or 0, CLOSING)
    assert notice_on(session, None, None) is None
    (shown,) = recalls.describe(session, repository.list_recalls(session, PUBLIC))
    assert (shown.gtin, shown.status, shown.closing_decision) == (
        "0" + gtin(1), "closed", "20/QĐ-VD",
    )  # fmt: skip
    with pytest.raises(ConflictError, match=r"events\.recall-closed"):
        recalls.close_recall(session, ADMIN, recall.id or 0, CLOSING)


@pytest.mark.parametrize("role", [Role.INSPECTOR, Role.AUDITOR, Role.TAX, Role.ANONYMOUS])
def test_who_only_looks_opens_no_recall(session: Session, own: Party, role: Role) -> None:
    with pytest.raises(ForbiddenError, match=r"registry\.role-may-not-write"):
        a_recall(session, Actor(role, party_id=own.id))


def test_an_owner_recalls_its_own_goods_and_no_others(session: Session, own: Party) -> None:
    recall = a_recall(session, member(own), lot="VD-1")
    assert (recall.owner_id, recall.issuer_id) == (own.id, own.id)
    other = member(a_party(session, 2))
    with pytest.raises(ForbiddenError, match=r"registry\.not-your-product"):
        a_recall(session, other, lot="VD-2")
    with pytest.raises(ForbiddenError, match=r"registry\.not-your-party"):
        a_recall(session, member(own), issuer_id=other.party_id)


@pytest.mark.parametrize("role", [Role.PRODUCER, Role.SHOP, Role.INSPECTOR, Role.ANONYMOUS])
def test_every_recall_is_closed_by_the_authority(session: Session, own: Party, role: Role) -> None:
    recall = a_recall(session, member(own))
    with pytest.raises(ForbiddenError, match=r"registry\.authority-only"):
        recalls.close_recall(session, Actor(role, party_id=own.id), recall.id or 0, CLOSING)


@pytest.mark.parametrize(
    ("given", "field", "code"),
    [
        ({"gtin": gtin(9)}, "gtin", "registry.gtin-unknown"),
        ({"gtin": "9520000000104"}, "gtin", "gs1.check-digit"),
        ({"lot": "LÔ"}, "lot", "gs1.charset"),
        ({"issuer_id": 999}, "issuer_id", "registry.party-unknown"),
        ({"notice_date": "2199-01-01"}, "notice_date", "registry.date-in-future"),
    ],
)
def test_a_wrong_recall_is_named_by_field(
    session: Session, own: Party, given: dict[str, object], field: str, code: str
) -> None:
    with pytest.raises(InvalidError) as refused:
        a_recall(session, **given)
    assert [(f.field, f.code) for f in refused.value.faults] == [(field, code)]


def test_one_notice_recalls_the_same_goods_once(session: Session, own: Party) -> None:
    first = a_recall(session, lot="VD-1")
    with pytest.raises(ConflictError) as refused:
        a_recall(session, lot="VD-1")
    assert refused.value.arguments == {"recall_id": first.id, "notice_number": "15/TB-VD"}
    assert a_recall(session, lot="VD-2").id != first.id


def test_the_issuer_is_the_own_agency_unless_named(session: Session, own: Party) -> None:
    agency = a_party(session, 2, kind="agency", name="Cơ quan Ví dụ", tax_code=None)
    supervisor = Actor(Role.SUPERVISOR, party_id=agency.id)
    (shown,) = recalls.describe(session, [a_recall(session, supervisor)])
    assert shown.issuer_name == "Cơ quan Ví dụ"
    (shown,) = recalls.describe(session, [a_recall(session, lot="VD-1")])
    assert shown.issuer_name is None


def test_an_unknown_recall_is_not_found(session: Session) -> None:
    with pytest.raises(NotFoundError, match=r"events\.recall-unknown"):
        recalls.get_recall(session, PUBLIC, 999)


def test_opening_and_closing_are_audited(session: Session, own: Party) -> None:
    recall = a_recall(session)
    recalls.close_recall(session, ADMIN, recall.id or 0, CLOSING)
    subject = f"recall:{recall.id}"
    entries = session.exec(select(AuditEntry).where(AuditEntry.subject == subject)).all()
    assert [entry.action for entry in entries] == ["events:recall:opened", "events:recall:closed"]


def test_recalls_are_listed_by_product_and_status(session: Session, own: Party) -> None:
    other = a_product(session, own, 2)
    first, second = a_recall(session), a_recall(session, gtin=gtin(2))
    recalls.close_recall(session, ADMIN, first.id or 0, CLOSING)
    assert repository.list_recalls(session, PUBLIC, product_id=other.id) == [second]
    assert repository.list_recalls(session, member(own), status="closed") == [first]
    assert repository.list_recalls(session, PUBLIC) == [second, first]
    assert repository.list_recalls(session, PUBLIC, before_id=second.id) == [first]
