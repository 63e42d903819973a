"""Queries: each parameter finds what it says, pages follow one another, bad ones are named."""

from typing import Any

import pytest
from sqlmodel import Session

from tests.traceability.events.makers import KEY, LOT, PARTY, PLACE, SSCC, an_event, read
from tests.traceability.registry.makers import ADMIN
from traceability.actor import Actor
from traceability.events.capture import Behaviour, capture
from traceability.events.policy import Policy
from traceability.events.queries import Place, find, values_of
from traceability.events.query_parameters import (
    QueryInvalidError,
    QueryTooLargeError,
    given_of,
    read_query,
)
from traceability.events.rendering import EpcFormat, shown, xml_document
from traceability.events.xml_writing import CbvFormat

EVENTS = [
    an_event(eventID="urn:vd:made", action="ADD", bizStep="commissioning",
             eventTime="2026-11-20T08:00:00+07:00", ilmd={"vd:grade": "A"},
             persistentDisposition={"set": ["conformant"]}),
    an_event(eventID="urn:vd:packed", type="AggregationEvent", action="ADD", epcList=None,
             parentID=SSCC, childEPCs=[KEY.format(1)], eventTime="2026-11-20T09:00:00+07:00",
             readPoint={"id": "https://id.gs1.org/414/9520000000004/254/2"},
             childQuantityList=[{"epcClass": LOT, "quantity": 250, "uom": "KGM"}]),
    an_event(eventID="urn:vd:shipped", epcList=[SSCC], bizStep="shipping",
             disposition="in_transit", eventTime="2026-11-20T10:00:00+07:00",
             bizLocation={"id": PLACE},
             bizTransactionList=[{"type": "po", "bizTransaction": "urn:vd:po:7"}],
             destinationList=[{"type": "owning_party", "destination": PARTY}]),
    an_event(eventID="urn:vd:pressed", type="TransformationEvent", action=None, epcList=None,
             inputEPCList=[KEY.format(1)], outputEPCList=[KEY.format(2)],
             transformationID="urn:vd:press:1", eventTime="2026-11-20T11:00:00+07:00",
             errorDeclaration={"declarationTime": "2026-11-21T00:00:00Z",
                               "reason": "did_not_occur", "correctiveEventIDs": ["urn:vd:new"]}),
    an_event(eventID="urn:vd:sensed", epcList=["urn:epc:id:sgtin:952000.0123456.B1"],
             eventTime="2026-11-20T12:00:00+07:00",
             sensorElementList=[{"sensorReport": [{"type": "Temperature", "value": 4,
                                                   "deviceID": "urn:vd:device"}]}]),
]  # fmt: skip


@pytest.fixture
def told(session: Session) -> Session:
    capture(session, ADMIN, read(*EVENTS), Behaviour.ROLLBACK, Policy())
    return session


def found(session: Session, actor: Actor = ADMIN, **given: Any) -> set[str]:
    query = read_query({name: [str(value)] for name, value in given.items()})
    events = find(session, actor, query, size=100).events
    return {event.event_id.removeprefix("urn:vd:") for event in events}


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("eventType", "AggregationEvent", "packed"),
        ("eventType", "AggregationEvent|TransformationEvent", "packed pressed"),
        ("EQ_action", "ADD", "made packed"),
        ("EQ_bizStep", "shipping", "shipped"),
        ("EQ_bizStep", "https://ref.gs1.org/cbv/BizStep-shipping", "shipped"),
        ("EQ_disposition", "in_transit", "shipped"),
        ("EQ_persistentDisposition_set", "conformant", "made"),
        ("EQ_readPoint", "urn:epc:id:sgln:952000.000000.2", "packed"),
        ("EQ_bizLocation", PLACE, "shipped"),
        ("GE_eventTime", "2026-11-20T04:00:00Z", "pressed sensed"),
        ("LT_eventTime", "2026-11-20T02:00:00Z", "made"),
        ("MATCH_epc", KEY.format(1), "made packed"),
        ("MATCH_epc", "urn:epc:id:sgtin:952000.0123456.A1", "made packed"),
        ("MATCH_epc", "urn:epc:idpat:sgtin:952000.0123456.*", "made packed sensed"),
        ("MATCH_anyEPC", KEY.format(1), "made packed pressed"),
        ("MATCH_anyEPC", SSCC, "packed shipped"),
        ("MATCH_parentID", SSCC, "packed"),
        ("MATCH_inputEPC", KEY.format(1), "pressed"),
        ("MATCH_outputEPC", KEY.format(2), "pressed"),
        ("MATCH_anyEPCClass", "urn:epc:class:lgtin:952000.0123456.L7", "packed"),
        ("MATCH_epcClass", LOT, "packed"),
        ("MATCH_inputEPCClass", LOT, ""),
        ("GE_quantity", "250", "packed"),
        ("GT_quantity", "250", ""),
        ("GE_quantity_KGM", "250", "packed"),
        ("GE_quantity_LTR", "250", ""),
        ("EQ_eventID", "urn:vd:made|urn:vd:packed", "made packed"),
        ("EQ_transformationID", "urn:vd:press:1", "pressed"),
        ("EQ_bizTransaction_po", "urn:vd:po:7", "shipped"),
        ("EQ_bizTransaction_inv", "urn:vd:po:7", ""),
        ("EQ_destination_owning_party", PARTY, "shipped"),
        ("EXISTS_errorDeclaration", "", "pressed"),
        ("EQ_errorReason", "did_not_occur", "pressed"),
        ("EQ_correctiveEventID", "urn:vd:new", "pressed"),
        ("GE_errorDeclarationTime", "2026-11-21T00:00:00Z", "pressed"),
        ("GE_errorDeclaration_Time", "2026-11-21T00:00:00Z", "pressed"),
        ("EXISTS_ilmd", "true", "made"),
        ("EXISTS_sensorElementList", "", "sensed"),
        ("EQ_type", "Temperature", "sensed"),
        ("EQ_deviceID", "urn:vd:device", "sensed"),
        ("GE_recordTime", "2999-01-01T00:00:00Z", ""),
    ],
)
def test_a_parameter_finds_what_it_says(
    told: Session, name: str, value: str, expected: str
) -> None:
    assert found(told, **{name: value}) == set(expected.split())


@pytest.mark.parametrize(
    ("pattern", "alike", "other"),
    [
        ("sgtin:952000.0123456.*", "sgtin:952000.0123456.7", "sgtin:952000.0123457.7"),
        ("sgtin:952000.*.*", "sgtin:952000.5123456.7", "sgtin:952001.5123456.7"),
        ("sscc:952000.*", "sscc:952000.61234567890", "sscc:952001.61234567890"),
        ("grai:952000.000000.*", "grai:952000.000000.7", "grai:952000.000001.7"),
        ("grai:952000.*.*", "grai:952000.000001.7", "grai:952001.000000.7"),
        ("giai:952000.*", "giai:952000.A7", "giai:952001.A7"),
        ("gdti:952000.000000.*", "gdti:952000.000000.7", "gdti:952000.000001.7"),
        ("sgcn:952000.000000.*", "sgcn:952000.000000.7", "sgcn:952000.000001.7"),
        ("cpi:952000.PQ7.*", "cpi:952000.PQ7.1", "cpi:952000.PQ8.1"),
        ("gsrn:952000.*", "gsrn:952000.12345678901", "gsrn:952001.12345678901"),
    ],
)
def test_a_pattern_finds_what_is_alike(
    session: Session, pattern: str, alike: str, other: str
) -> None:
    events = (
        an_event(eventID=f"urn:vd:{name}", epcList=[f"urn:epc:id:{epc}"])
        for name, epc in (("alike", alike), ("other", other))
    )
    capture(session, ADMIN, read(*events), Behaviour.ROLLBACK, Policy())
    assert found(session, MATCH_epc=f"urn:epc:idpat:{pattern}") == {"alike"}


def test_parameters_narrow_one_another(told: Session) -> None:
    assert found(told, EQ_action="ADD", eventType="ObjectEvent") == {"made"}


def test_descendants_of_a_place_are_found_with_it(told: Session) -> None:
    elements = [{"id": "urn:vd:site", "children": [PLACE]}]
    vocabulary = {"type": "urn:vd:places", "vocabularyElementList": elements}
    header = {"epcisMasterData": {"vocabularyList": [vocabulary]}}
    capture(told, ADMIN, read(epcisHeader=header), Behaviour.ROLLBACK, Policy())
    assert found(told, EQ_bizLocation="urn:vd:site") == set()
    assert found(told, WD_bizLocation="urn:vd:site") == {"shipped"}


def test_a_literal_question_finds_the_spelling_it_asks_for(told: Session) -> None:
    from dataclasses import replace

    def spelt(key: str) -> int:
        query = replace(read_query({"MATCH_epc": [key]}), literal=True)
        return len(find(told, ADMIN, query, size=9).events)

    assert spelt("urn:epc:id:sgtin:952000.0123456.B1") == 1
    assert spelt("https://id.gs1.org/01/09520001234569/21/B1") == 0


LABEL = f"http://shop.example{LOT.removeprefix('https://id.gs1.org')}/21/A1?17=271231"


@pytest.mark.parametrize("asked", [KEY.format(1), LABEL, f"{LOT}/21/A1"])
def test_a_unit_is_found_by_its_key_and_by_the_address_of_its_label(
    told: Session, asked: str
) -> None:
    capture(
        told, ADMIN,
        read(
            an_event(eventID="urn:vd:scanned", epcList=[LABEL]),
            an_event(eventID="urn:vd:boxed", type="AggregationEvent", epcList=None, parentID=SSCC,
                     childEPCs=[LABEL]),
            an_event(eventID="urn:vd:mashed", type="TransformationEvent", action=None, epcList=None,
                     inputEPCList=[LABEL], outputEPCList=[f"{LOT}/21/A2"]),
        ),
        Behaviour.ROLLBACK, Policy(),
    )  # fmt: skip
    assert found(told, MATCH_epc=asked) == {"made", "scanned", "packed", "boxed"}
    assert found(told, MATCH_inputEPC=asked) == {"pressed", "mashed"}
    assert found(told, MATCH_outputEPC=asked.replace("/A1", "/A2")) == {"pressed", "mashed"}
    assert len(found(told, MATCH_anyEPC=asked)) == 6
    assert found(told, MATCH_anyEPCClass=LOT) == {"packed"}


@pytest.mark.parametrize(
    ("spelling", "expected"),
    [(EpcFormat.DIGITAL_LINK, KEY.format(1)), (EpcFormat.AS_SENT, LABEL)],
)
def test_answers_have_the_key_of_a_unit_or_the_text_that_was_sent(
    session: Session, spelling: EpcFormat, expected: str
) -> None:
    capture(session, ADMIN, read(an_event(epcList=[LABEL])), Behaviour.ROLLBACK, Policy())
    page = find(session, ADMIN, read_query({"MATCH_epc": [KEY.format(1)]}), size=9)
    assert shown(page.events[0], spelling)["epcList"] == [expected]
    in_xml = xml_document(page.events, spelling, CbvFormat.WEB, "")
    assert f"<epc>{expected}</epc>".encode() in in_xml


@pytest.mark.parametrize(
    "given",
    [
        {"EQ_colour": "red"}, {"EQ_action": "SHIP"}, {"eventType": "MoveEvent"},
        {"GE_eventTime": "yesterday"}, {"GE_eventTime": "2026-11-20T08:00:00"},
        {"orderBy": "colour"}, {"orderDirection": "UP"}, {"eventCountLimit": "0"},
        {"maxEventCount": "-1"}, {"MATCH_epc": "not a uri"}, {"GE_quantity": "many"},
        {"MATCH_epc": "https://id.gs1.org/01/09520001234560/21/A"}, {"EQ_bizStep": "flying"},
        {"MATCH_epc": "urn:epc:idpat:sgtin:*.*.*"}, {"GE_eventTime": "a|b"},
        {"MATCH_epc": "urn:epc:idpat:sgtin:952000.*.A1"}, {"GE_quantity_KGM": "1|2"},
        {"MATCH_epc": "urn:epc:idpat:sscc:95%.*"}, {"GE_quantity_kilogram": "1"},
        {"EQ_stringValue": "a\0b"}, {"EQ_eventID": "a\0b"},
        {"EXISTS_ilmd": "maybe"}, {"EQ_eventID": ""}, {"EQ_bizTransaction_": "x"},
    ],
)  # fmt: skip
def test_a_bad_parameter_is_named(given: dict[str, str]) -> None:
    with pytest.raises(QueryInvalidError) as refused:
        read_query({name: [value] for name, value in given.items()})
    assert refused.value.faults[0].field == next(iter(given))


def test_two_limits_exclude_each_other() -> None:
    with pytest.raises(QueryInvalidError, match="exclude"):
        read_query({"eventCountLimit": ["5"], "maxEventCount": ["5"]})


def test_more_than_the_maximum_is_refused(told: Session) -> None:
    with pytest.raises(QueryTooLargeError):
        find(told, ADMIN, read_query({"maxEventCount": ["4"]}), size=2)
    assert len(find(told, ADMIN, read_query({"maxEventCount": ["5"]}), size=9).events) == 5


@pytest.mark.parametrize("direction", ["ASC", "DESC"])
@pytest.mark.parametrize("order", ["eventTime", "recordTime", None])
def test_pages_follow_one_another(told: Session, order: str | None, direction: str) -> None:
    given = {"orderBy": [order], "orderDirection": [direction]} if order else {}
    query = read_query(given)
    names: list[str] = []
    after: Place | None = None
    for _ in range(3):
        page = find(told, ADMIN, query, size=2, after=after)
        names += [event.event_id for event in page.events]
        after = page.next
    assert after is None
    expected = [event["eventID"] for event in EVENTS]
    newest_first = order is None or direction == "DESC"
    assert names == (expected[::-1] if newest_first else expected)


def test_the_first_so_many_are_all_there_is(told: Session) -> None:
    query = read_query({"eventCountLimit": ["3"], "orderBy": ["eventTime"]})
    first = find(told, ADMIN, query, size=2)
    second = find(told, ADMIN, query, size=2, after=first.next)
    assert (len(first.events), len(second.events), second.next) == (2, 1, None)


def test_behind_the_first_so_many_there_is_nothing_whatever_place_is_named(told: Session) -> None:
    query = read_query({"eventCountLimit": ["1"]})
    beyond = Place(10**6, seen=4)  # a token is not signed: anybody may write one
    page = find(told, ADMIN, query, size=2, after=beyond)
    assert (page.events, page.next) == ([], None)


def test_the_values_that_occur_are_listed_page_by_page(told: Session) -> None:
    assert values_of(told, ADMIN, "bizSteps", size=9, after=None) == ["commissioning", "shipping"]
    assert values_of(told, ADMIN, "bizSteps", size=9, after="commissioning") == ["shipping"]
    assert SSCC in values_of(told, ADMIN, "epcs", size=9, after=None)


def test_a_query_in_json_is_the_query_of_an_address() -> None:
    given = given_of({"@context": "x:y", "eventType": ["ObjectEvent"], "GE_quantity": 5})
    assert given == {"eventType": ["ObjectEvent"], "GE_quantity": ["5"]}
    with pytest.raises(QueryInvalidError):
        given_of({"EQ_action": {"is": "ADD"}})
