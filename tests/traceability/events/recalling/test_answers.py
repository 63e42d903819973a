"""How far a recall has come: found, returned, destroyed, told by those whom it concerns."""

from decimal import Decimal

import pytest
from pydantic import ValidationError
from sqlmodel import Session, select

from tests.traceability.events.recalling.chains import Chain, a_chain, a_recall, goods, jam_is_made
from tests.traceability.registry.makers import ADMIN, SUPERVISOR, a_party, member
from traceability.actor import PUBLIC, Actor, Role
from traceability.audit import AuditEntry
from traceability.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from traceability.events import recalls
from traceability.events.models import Recall
from traceability.events.recall_schemas import RecallClosingIn
from traceability.events.recalling import answers, repository
from traceability.events.recalling.models import RecallAnswer
from traceability.events.recalling.schemas import ProgressOut, RecallAnswerIn
from traceability.transparency.models import LogEntry


@pytest.fixture
def chain(session: Session) -> Chain:
    chain = a_chain(session)
    jam_is_made(session, chain)
    return chain


@pytest.fixture
def recall(session: Session, chain: Chain) -> Recall:
    """Opened by the farm; it concerns farm, factory and shop."""
    return a_recall(session, member(chain.farm), inputs=[goods(1, "10/L1")])


def told(session: Session, actor: Actor, recall: Recall, **given: object) -> RecallAnswer:
    answer_in = RecallAnswerIn.model_validate({"found": 0, **given})
    return answers.answer(session, actor, recall.id or 0, answer_in)


def lines(progress: ProgressOut) -> dict[str, Decimal | None]:
    return {row.name: row.answer.found if row.answer else None for row in progress.parties}


def test_the_newest_answer_of_a_party_stands_and_all_are_kept(
    session: Session, chain: Chain, recall: Recall
) -> None:
    shop = member(chain.shop, Role.SHOP)
    told(session, shop, recall, found=2)
    told(session, shop, recall, found="3.5", returned=1, destroyed="2.5", unit="kg", note="Ở kho")
    seen = answers.progress(session, SUPERVISOR, recall)
    assert lines(seen) == {
        chain.factory.name: None, chain.farm.name: None, chain.shop.name: Decimal("3.5"),
    }  # fmt: skip
    assert (seen.reached, seen.answered) == (3, 1)
    assert [x.model_dump() for x in seen.sums] == [
        {"unit": "kg", "found": Decimal("3.5"), "returned": Decimal(1), "destroyed": Decimal("2.5")}
    ]
    assert len(repository.answers(session, recall.id or 0)) == 2


def test_amounts_are_summed_by_unit(session: Session, chain: Chain, recall: Recall) -> None:
    told(session, member(chain.farm), recall, found=5, unit="kg")
    told(session, member(chain.factory), recall, found=7, returned=2, unit="kg")
    told(session, member(chain.shop), recall, found=1)
    sums = {x.unit: (x.found, x.returned) for x in answers.progress(session, ADMIN, recall).sums}
    assert sums == {"": (1, 0), "kg": (12, 2)}


def test_a_member_sees_its_own_line_and_who_opened_it_the_sums(
    session: Session, chain: Chain, recall: Recall
) -> None:
    told(session, member(chain.shop), recall, found=4)
    shop = answers.progress(session, member(chain.shop), recall)
    assert (lines(shop), shop.reached) == ({chain.shop.name: Decimal(4)}, 1)
    factory = answers.progress(session, member(chain.factory), recall)
    assert (lines(factory), factory.sums) == ({chain.factory.name: None}, [])
    farm = answers.progress(session, member(chain.farm), recall)
    assert lines(farm) == {chain.farm.name: None}
    assert (farm.reached, farm.answered, farm.sums[0].found) == (3, 1, 4)


def test_nobody_answers_for_another_party_but_an_authority(
    session: Session, chain: Chain, recall: Recall
) -> None:
    with pytest.raises(NotFoundError, match=r"events\.recall-not-held"):
        told(session, member(chain.farm), recall, found=1, party_id=chain.shop.id)
    told(session, SUPERVISOR, recall, found=1, party_id=chain.shop.id)
    assert lines(answers.progress(session, ADMIN, recall))[chain.shop.name] == 1


def test_whom_the_recall_does_not_concern_has_nothing_to_answer(
    session: Session, recall: Recall
) -> None:
    with pytest.raises(NotFoundError, match=r"events\.recall-not-held"):
        told(session, member(a_party(session, 4)), recall, found=1)
    with pytest.raises(ForbiddenError, match=r"registry\.no-party"):
        told(session, ADMIN, recall, found=1)
    for role in (Role.INSPECTOR, Role.ANONYMOUS):
        with pytest.raises(ForbiddenError, match=r"registry\.role-may-not-write"):
            told(session, Actor(role), recall, found=1)


def test_a_closed_recall_takes_no_answers_and_keeps_those_it_has(
    session: Session, chain: Chain, recall: Recall
) -> None:
    told(session, member(chain.shop), recall, found=4)
    recalls.close_recall(session, ADMIN, recall.id or 0, RecallClosingIn(closing_decision="1/QĐ"))
    with pytest.raises(ConflictError, match=r"events\.recall-closed"):
        told(session, member(chain.shop), recall, found=5)
    assert lines(answers.progress(session, ADMIN, recall))[chain.shop.name] == 4


def test_no_more_is_returned_and_destroyed_than_was_found(
    session: Session, chain: Chain, recall: Recall
) -> None:
    with pytest.raises(InvalidError, match=r"events\.recall-answer-sum"):
        told(session, member(chain.shop), recall, found=2, returned=1, destroyed="1.000001")
    assert repository.answers(session, recall.id or 0) == []


@pytest.mark.parametrize("found", [-1, "-0.000001", 10**12 + 1, "1.0000001", "NaN", True, None])
def test_an_amount_is_a_bounded_number(found: object) -> None:
    with pytest.raises(ValidationError):
        RecallAnswerIn.model_validate({"found": found})


def test_an_answer_is_audited_and_entered_in_the_log(
    session: Session, chain: Chain, recall: Recall
) -> None:
    told(session, member(chain.shop), recall, found=4, note="Anh Ví Dụ nhận")
    subject = f"recall:{recall.id}"
    audited = session.exec(select(AuditEntry).where(AuditEntry.subject == subject)).all()
    assert [each.action for each in audited][-1] == "events:recall:answered"
    assert "Ví Dụ" not in str(audited[-1].detail)
    before, after = session.exec(select(LogEntry).where(LogEntry.subject == subject)).all()
    assert before.facts["answers_sha256"] != after.facts["answers_sha256"]


def test_the_public_sees_no_progress(session: Session, recall: Recall) -> None:
    seen = answers.progress(session, PUBLIC, recall)
    assert (seen.parties, seen.sums, seen.reached) == ([], [], 0)
