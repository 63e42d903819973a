"""Capture: whole or event by event, each event once, told in error by whoever told it."""

from typing import Any

import pytest
from sqlmodel import Session, select

from tests.traceability.events.makers import KEY, LOT, PARTY, SSCC, an_event, read, read_one
from tests.traceability.registry.makers import ADMIN, a_party, a_product, member
from traceability.actor import Actor
from traceability.errors import ConflictError
from traceability.events.capture import Behaviour, capture, capture_event
from traceability.events.faults import EventsInvalidError
from traceability.events.master_data import with_descendants
from traceability.events.models import Capture, Event, EventEpc, EventValue
from traceability.events.policy import Policy, Unknown
from traceability.transparency.models import LogEntry

LENIENT = Policy()
DECLARED = {"declarationTime": "2026-11-21T08:00:00Z", "reason": "incorrect_data"}


def kept(
    session: Session,
    *events: dict[str, Any],
    actor: Actor = ADMIN,
    behaviour: Behaviour = Behaviour.ROLLBACK,
    policy: Policy = LENIENT,
    **fields: Any,
) -> Capture:
    return capture(session, actor, read(*events, **fields), behaviour, policy)


def events(session: Session) -> list[Event]:
    return list(session.exec(select(Event).order_by(Event.id)))  # type: ignore[arg-type]


def test_an_event_is_kept_as_it_was_sent_beside_what_it_means(session: Session) -> None:
    kept(session, an_event(
        epcList=["urn:epc:id:sgtin:952000.0123456.A1"], bizStep="shipping",
        quantityList=[{"epcClass": LOT, "quantity": 2.5, "uom": "KGM"}],
        destinationList=[{"type": "owning_party", "destination": PARTY}],
    ))  # fmt: skip
    event = events(session)[0]
    assert '"urn:epc:id:sgtin:952000.0123456.A1"' in event.body
    assert '"vd":"https://vidu.example/"' in event.body
    assert (event.biz_step, event.event_time.isoformat()) == (
        "shipping", "2026-11-20T01:00:00+00:00")  # fmt: skip
    rows = session.exec(select(EventEpc).order_by(EventEpc.key)).all()
    assert [(row.key, row.role, row.by_class, str(row.quantity), row.uom) for row in rows] == [
        (LOT, "epc", True, "2.5", "KGM"),
        (KEY.format(1), "epc", False, "None", None),
    ]
    values = {(row.name, row.value) for row in session.exec(select(EventValue))}
    assert values == {("destination_owning_party", PARTY), ("party", "9520000000004")}


def test_an_event_without_id_is_known_by_its_hash(session: Session) -> None:
    kept(session, an_event())
    assert events(session)[0].event_id.startswith("ni:///sha-256;")


def test_a_document_sent_twice_adds_nothing(session: Session) -> None:
    first = kept(session, an_event(), an_event(eventID="urn:vd:1", action="ADD"))
    again = kept(session, an_event(), an_event(eventID="urn:vd:1", action="ADD"))
    assert (first.captured, again.captured, again.success) == (2, 0, True)
    assert len(events(session)) == 2


def test_one_event_twice_in_a_document_is_kept_once(session: Session) -> None:
    assert kept(session, an_event(), an_event()).captured == 1


def test_two_events_of_one_id_are_a_fault(session: Session) -> None:
    kept(session, an_event(eventID="urn:vd:1"))
    with pytest.raises(EventsInvalidError) as refused:
        kept(session, an_event(eventID="urn:vd:1", action="ADD"))
    assert [(fault.field, fault.code) for fault in refused.value.faults] == [
        ("/epcisBody/eventList/0/eventID", "events.id-taken")
    ]


def test_proceed_keeps_every_good_event_and_tells_of_the_others(session: Session) -> None:
    row = kept(session, an_event(), an_event(action="SHIP"), behaviour=Behaviour.PROCEED)
    assert (row.captured, row.success) == (1, False)
    assert [fault["event"] for fault in row.errors] == [1]


def test_the_faults_of_every_event_are_told_together(session: Session) -> None:
    with pytest.raises(EventsInvalidError) as refused:
        kept(session, an_event(action="SHIP"), an_event(), an_event(eventTime=None))
    assert [fault.event for fault in refused.value.faults] == [0, 2]


def test_the_faults_of_the_document_come_with_those_of_its_events(session: Session) -> None:
    wrong = read(an_event(action="SHIP"), schemaVersion="3.0", creationDate="today")
    for behaviour in Behaviour:
        with pytest.raises(EventsInvalidError) as refused:
            capture(session, ADMIN, wrong, behaviour, Policy())
        assert [fault.field for fault in refused.value.faults] == [
            "/schemaVersion", "/creationDate", "/epcisBody/eventList/0/action"]  # fmt: skip


def test_proceed_passes_over_what_is_no_event(session: Session) -> None:
    body = {"eventList": ["x", None, an_event(), an_event(action="SHIP")]}
    row = capture(session, ADMIN, read(epcisBody=body), Behaviour.PROCEED, Policy())
    assert (row.captured, row.success) == (1, False)
    assert [(each["field"], each["event"]) for each in row.errors] == [
        ("/epcisBody/eventList/0", 0), ("/epcisBody/eventList/1", 1),
        ("/epcisBody/eventList/3/action", 3)]  # fmt: skip


def test_a_single_event_that_is_known_is_a_conflict(session: Session) -> None:
    capture_event(session, ADMIN, read_one(eventID="urn:vd:1"), Policy())
    with pytest.raises(ConflictError, match=r"events\.known"):
        capture_event(session, ADMIN, read_one(eventID="urn:vd:1"), Policy())
    with pytest.raises(ConflictError, match=r"events\.known"):
        capture_event(session, ADMIN, read_one(eventID="urn:vd:1", action="ADD"), Policy())


def test_who_told_an_event_declares_it_to_be_in_error(session: Session) -> None:
    own = member(a_party(session))
    kept(session, an_event(eventID="urn:vd:1"), actor=own)
    kept(session, an_event(eventID="urn:vd:1", errorDeclaration=DECLARED), actor=own)
    event = events(session)[0]
    assert event.in_error
    assert '"errorDeclaration"' in event.body


def test_an_event_and_the_declaration_of_its_error_may_come_in_one_document(
    session: Session,
) -> None:
    event = an_event(eventID="urn:vd:1")
    row = kept(session, event, event | {"errorDeclaration": DECLARED})
    assert (row.captured, [each.in_error for each in events(session)]) == (1, [True])


def test_nobody_declares_the_event_of_another_to_be_in_error(session: Session) -> None:
    own, other = member(a_party(session, 1)), member(a_party(session, 2))
    kept(session, an_event(eventID="urn:vd:1"), actor=own)
    with pytest.raises(EventsInvalidError, match=r"events\.not-yours"):
        kept(session, an_event(eventID="urn:vd:1", errorDeclaration=DECLARED), actor=other)
    assert not events(session)[0].in_error


def test_what_the_registry_does_not_know_is_said_or_refused(session: Session) -> None:
    row = kept(session, an_event(readPoint={"id": PARTY.replace("417", "414")}))
    assert {(each["code"], each["value"]) for each in row.warnings} == {
        ("events.product-unknown", "09520001234569"), ("events.party-unknown", "9520000000004")
    }  # fmt: skip
    strict = Policy(unknown_products=Unknown.REFUSE)
    with pytest.raises(EventsInvalidError, match=r"events\.product-unknown"):
        kept(session, an_event(action="ADD"), policy=strict)


def test_what_is_refused_is_not_warned_of_as_well(session: Session) -> None:
    strict = Policy(unknown_products=Unknown.REFUSE)
    row = kept(session, an_event(), behaviour=Behaviour.PROCEED, policy=strict)
    assert (row.captured, [each["code"] for each in row.warnings]) == (0, [])


SERIAL = KEY.format(1)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"epcList": [LOT]}, ("events.class-in-epcs", LOT)),
        ({"epcList": ["urn:epc:idpat:sgtin:952000.0123456.*"]},
         ("events.class-in-epcs", "https://id.gs1.org/01/09520001234569")),
        ({"epcList": [], "quantityList": [{"epcClass": SERIAL, "quantity": 1}]},
         ("events.instance-in-quantities", SERIAL)),
        ({"epcList": [], "quantityList": [{"epcClass": SSCC}]},
         ("events.instance-in-quantities", SSCC)),
    ],
)  # fmt: skip
def test_what_stands_in_the_wrong_list_is_kept_with_a_warning(
    session: Session, fields: dict[str, Any], told: tuple[str, str]
) -> None:
    row = kept(session, an_event(**fields))
    assert row.captured == 1
    assert told in [(each["code"], each["value"]) for each in row.warnings]


def test_what_stands_in_its_list_brings_no_warning(session: Session) -> None:
    row = kept(session, an_event(
        epcList=[SERIAL, SSCC, "https://id.gs1.org/8003/09520001234569A1", "urn:vd:7"],
        quantityList=[{"epcClass": LOT}, {"epcClass": "https://id.gs1.org/8003/09520001234569"}],
    ))  # fmt: skip
    assert {each["code"] for each in row.warnings} == {"events.product-unknown"}


def test_registered_goods_are_kept_without_a_warning(session: Session) -> None:
    product = a_product(session, a_party(session))
    row = kept(
        session, an_event(epcList=[f"https://id.gs1.org/01/{product.gtin}/21/1"]),
        policy=Policy(Unknown.REFUSE, Unknown.REFUSE),
    )  # fmt: skip
    assert row.warnings == []


def test_an_event_and_a_declared_error_are_entered_in_the_log(session: Session) -> None:
    kept(session, an_event(eventID="urn:vd:1"))
    kept(session, an_event(eventID="urn:vd:1", errorDeclaration=DECLARED))
    entries = session.exec(select(LogEntry).order_by(LogEntry.id)).all()  # type: ignore[arg-type]
    (event,) = session.exec(select(Event))
    assert [(each.subject, each.facts["inError"]) for each in entries] == [
        (f"event:{event.id}", False), (f"event:{event.id}", True)
    ]  # fmt: skip
    assert "urn:vd:1" not in str(entries[0].facts)


def test_master_data_say_what_lies_inside_a_place(session: Session) -> None:
    vocabulary = {"type": "urn:epcglobal:epcis:vtype:ReadPoint", "vocabularyElementList": [
        {"id": "urn:vd:site", "children": ["urn:vd:house"]},
        {"id": "urn:vd:house", "children": ["urn:vd:gate"]},
    ]}  # fmt: skip
    kept(session, epcisHeader={"epcisMasterData": {"vocabularyList": [vocabulary]}})
    found = with_descendants(session, ["urn:vd:site"])
    assert found == {"urn:vd:site", "urn:vd:house", "urn:vd:gate"}
