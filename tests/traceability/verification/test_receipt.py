"""Which records the receipt of a verdict names: those of the goods, at the time, for who asks."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from app.transparency import SOURCES
from tests.traceability.events.makers import an_event, read
from tests.traceability.registry.makers import ADMIN, SUPERVISOR
from tests.traceability.transparency.test_log import KEY, integrate
from tests.traceability.verification import goods
from traceability.clock import now
from traceability.db import Database, execute_in, read_all_in
from traceability.events import recalls
from traceability.events.capture import Behaviour, capture
from traceability.events.policy import Policy
from traceability.events.recall_schemas import RecallClosingIn, RecallIn
from traceability.registry.logged import REGISTRATIONS
from traceability.registry.models import Registration
from traceability.transparency import receipts
from traceability.verification import receipt, service
from traceability.verification.case import Context
from traceability.verification.receipt import Judged
from traceability.verification.verdict import Audience

UNIT = f"(01){goods.GTIN}(10)LOT1(21)SN1"
STEM = f"https://id.gs1.org/01/{goods.GTIN}"
NOTICE = {"gtin": goods.GTIN, "notice_date": "2026-11-01", "reason": "Ví dụ", "advice": "Trả lại"}


@pytest.fixture
def register(database: Database) -> Database:
    goods.stocked(database, goods.GTIN)
    with database.writing() as session:
        REGISTRATIONS.enter(session, *session.exec(select(Registration)))
    return database


def recall(session: Session, number: str, **given: Any) -> int:
    made = RecallIn.model_validate(NOTICE | {"notice_number": number} | given)
    return recalls.open_recall(session, SUPERVISOR, made).id or 0


def told(database: Database, *events: dict[str, Any]) -> None:
    with database.writing() as session:
        capture(session, ADMIN, read(*events), Behaviour.ROLLBACK, Policy())


def issued(
    database: Database,
    code: str = UNIT,
    audience: Audience = Audience.CONSUMER,
    at: datetime | None = None,
) -> dict[str, Any]:
    while integrate(database) is not None:
        pass
    with database.reading() as session:
        context = Context(at=at or now())
        verdict = service.public_verdict(execute_in(session), read_all_in(session), code, context)
        judged = Judged.of_look_up(verdict, code)
        return receipt.receipt(session, KEY, judged, audience, SOURCES)


def subjects(made: dict[str, Any]) -> list[str]:
    return list(receipts.verify(made, [KEY.public]).proved)


def test_it_rests_on_the_decision_and_on_the_recalls_that_reach_the_goods(
    register: Database,
) -> None:
    with register.writing() as session:
        reaching = [recall(session, "1"), recall(session, "2", lot="LOT1"),
                    recall(session, "3", serial="SN1")]  # fmt: skip
        recall(session, "4", lot="LOT2")
        recall(session, "5", serial="SN2")
        closed = recall(session, "6")
        end = RecallClosingIn(closing_decision="x")
        recalls.close_recall(session, SUPERVISOR, closed, end)
    assert subjects(issued(register))[1:] == [f"recall:{number}" for number in reaching]
    assert subjects(issued(register))[0].startswith("registration:")


def test_it_rests_on_the_recall_that_reaches_the_goods_by_their_trace(register: Database) -> None:
    fruit = {"epcClass": f"https://id.gs1.org/01/{goods.NOT_ALLOCATED}/10/F1"}
    told(register, an_event(
        type="TransformationEvent", action=None, epcList=None, inputQuantityList=[fruit],
        outputQuantityList=[{"epcClass": f"{STEM}/10/LOT1"}],
    ))  # fmt: skip
    with register.writing() as session:
        number = recall(session, "1", gtin=None, inputs=[fruit["epcClass"]])
    assert f"recall:{number}" in subjects(issued(register))
    assert f"recall:{number}" not in subjects(issued(register, f"(01){goods.GTIN}(10)LOT2"))


def test_it_rests_on_the_events_of_the_unit_and_of_its_lot(register: Database) -> None:
    told(
        register,
        an_event(epcList=[f"{STEM}/21/SN1"]),
        an_event(epcList=None, quantityList=[{"epcClass": f"{STEM}/10/LOT1", "quantity": 7}]),
        an_event(epcList=[f"{STEM}/10/LOT1/21/SN1"], bizStep="shipping"),
        an_event(epcList=[f"{STEM}/21/SN2"]),
    )
    found = [each for each in subjects(issued(register)) if each.startswith("event:")]
    assert len(found) == 3
    # The lot of a serial is known to the register, whether the code names it or not.
    assert len(subjects(issued(register, f"(01){goods.GTIN}(21)SN1"))) == 4


def test_the_newest_events_alone_are_named(register: Database) -> None:
    told(register, *(an_event(epcList=[f"{STEM}/21/SN1"], eventID=f"urn:vd:{number}")
                     for number in range(receipt.MOST_EVENTS + 5)))  # fmt: skip
    assert len(subjects(issued(register))) == receipt.MOST_EVENTS + 1


def test_what_happened_after_the_verdict_is_not_in_it(register: Database) -> None:
    with register.writing() as session:
        recall(session, "1")
    told(register, an_event(epcList=[f"{STEM}/21/SN1"]))
    assert subjects(issued(register, at=now() - timedelta(hours=1))) == []


def test_what_was_decided_since_is_proved_as_it_was(register: Database) -> None:
    with register.writing() as session:
        number = recall(session, "1")
    while integrate(register) is not None:
        pass
    at = now()
    with register.writing() as session:
        end = RecallClosingIn(closing_decision="x")
        recalls.close_recall(session, SUPERVISOR, number, end)
    made = issued(register, at=at)
    (told_then,) = [r for r in made["records"] if r["subject"] == f"recall:{number}"]
    assert told_then["facts"]["status"] == "active"


def test_only_the_authorities_get_what_is_hidden(register: Database) -> None:
    told(register, an_event(epcList=[f"{STEM}/21/SN1"], eventID="urn:vd:1"))
    for audience in Audience:
        text = str(issued(register, audience=audience))
        assert ("urn:vd:1" in text) is (audience is Audience.INSPECTOR)


@pytest.mark.parametrize("code", ["torn label", f"(01){goods.NOT_ALLOCATED}"])
def test_goods_without_a_record_have_a_receipt_without_records(
    register: Database, code: str
) -> None:
    made = issued(register, code)
    assert made["statement"]["records"] == []
    assert receipts.verify(made, [KEY.public]).statement == made["statement"]
