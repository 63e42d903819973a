"""What makes an event good: each case breaks one rule, and the fault names its place."""

from datetime import timedelta
from typing import Any

import pytest

from tests.traceability.events.makers import KEY, LOT, PLACE, SSCC, an_event, read
from traceability.clock import now
from traceability.events.checking import check

REPORT = {"type": "Temperature", "value": 4.5, "uom": "CEL"}


def faults(event: dict[str, Any]) -> list[tuple[str, str]]:
    start = "/epcisBody/eventList/0"
    found = check(read(event).events[0], now())
    assert all(fault.event == 0 for fault in found)
    return [(fault.field.removeprefix(start), fault.code) for fault in found]


GOOD = {
    "instances": an_event(),
    "a class and its quantity": an_event(
        epcList=None, quantityList=[{"epcClass": LOT, "quantity": 2.5, "uom": "KGM"}]
    ),
    "the condition of a place": an_event(
        epcList=None, readPoint={"id": PLACE}, sensorElementList=[{"sensorReport": [REPORT]}]
    ),
    "a pallet": an_event(
        type="AggregationEvent", action="ADD", epcList=None, parentID=SSCC,
        childEPCs=[KEY.format(1)],
    ),
    "a pallet that is emptied": an_event(
        type="AggregationEvent", action="DELETE", epcList=None, parentID=SSCC
    ),
    "a process told in two events": an_event(
        type="TransformationEvent", action=None, epcList=None, inputEPCList=[KEY.format(1)],
        transformationID="urn:vd:process:7",
    ),
    "an order": an_event(
        type="TransactionEvent", action="ADD",
        bizTransactionList=[{"type": "po", "bizTransaction": "urn:vd:po:7"}],
    ),
    "a field of another namespace": an_event(**{"vd:truck": {"plate": "29C"}}),
    "a field named by its whole address": an_event(**{"https://x.example/a:b": 1, "urn:vd:b": 2}),
    "fields of GS1's own context": an_event(**{"dcterms:title": "x", "gs1:netWeight": 1}),
    "a field of a context that was not fetched": an_event(
        **{"@context": "https://x.example/context.jsonld", "x:a": 1}
    ),
    "linked data inside a field of another": an_event(**{"vd:a": {"x:b": 1}}),
    "an event on record declared to be in error": an_event(
        errorDeclaration={"declarationTime": "2026-11-21T08:00:00Z"}, **{"x:a": 1}
    ),
    "data of a lot": an_event(action="ADD", ilmd={"cbvmda:lotNumber": "L7"}),
    "a word as its web address": an_event(bizStep="https://ref.gs1.org/cbv/BizStep-shipping"),
    "a clock that runs some hours ahead": an_event(
        eventTime=(now() + timedelta(hours=20)).isoformat()
    ),
}  # fmt: skip


@pytest.mark.parametrize("event", GOOD.values(), ids=GOOD)
def test_good_events_have_no_fault(event: dict[str, Any]) -> None:
    assert faults(event) == []


BAD = {
    "no time": (an_event(eventTime=None), "/eventTime", "events.field-missing"),
    "a time without offset": (
        an_event(eventTime="2026-11-20T08:00:00"), "/eventTime", "events.time-format"),
    "a day that does not exist": (
        an_event(eventTime="2026-02-30T08:00:00Z"), "/eventTime", "events.no-such-time"),
    "a number as time": (an_event(eventTime=0), "/eventTime", "events.type"),
    "a time in the far future": (
        an_event(eventTime="2999-01-01T00:00:00Z"), "/eventTime", "events.future"),
    "an error that is yet to be declared": (
        an_event(errorDeclaration={"declarationTime": "2999-01-01T00:00:00Z"}),
        "/errorDeclaration/declarationTime", "events.future"),
    "a text that no database keeps": (
        an_event(sensorElementList=[{"sensorReport": [{"type": "vd:x", "stringValue": "a\0"}]}]),
        "/sensorElementList/0/sensorReport/0/stringValue", "events.format"),
    "an offset beyond the world": (
        an_event(eventTimeZoneOffset="+25:00"), "/eventTimeZoneOffset", "events.format"),
    "a time before the calendar": (
        an_event(eventTime="0001-01-01T00:00:00+14:00"), "/eventTime", "events.no-such-time"),
    "an unknown action": (an_event(action="SHIP"), "/action", "events.choice"),
    "an unknown kind": (an_event(type="MoveEvent"), "/type", "events.event-type"),
    "a bare name that is not EPCIS's": (an_event(colour="red"), "/colour", "events.field-unknown"),
    "a prefix that nothing declares": (
        an_event(**{"foo:bar": 1}), "/foo:bar", "events.prefix-undeclared"),
    "a prefix that nothing declares, inside": (
        an_event(action="ADD", ilmd={"foo:b/c": 1}), "/ilmd/foo:b~1c",
        "events.prefix-undeclared"),
    "a null": (an_event() | {"bizStep": None}, "/bizStep", "events.type"),
    "a word of XML": (
        an_event(bizStep="urn:epcglobal:cbv:bizstep:shipping"), "/bizStep", "events.word"),
    "a word of no vocabulary": (an_event(disposition="lost"), "/disposition", "events.word"),
    "a wrong check digit": (
        an_event(epcList=["https://id.gs1.org/01/09520001234560/21/A"]), "/epcList/0",
        "gs1.check-digit"),
    "not a URI": (an_event(epcList=["not a uri"]), "/epcList/0", "events.uri"),
    "one EPC twice": (an_event(epcList=[KEY.format(1)] * 2), "/epcList", "events.repeated"),
    "a negative quantity": (
        an_event(quantityList=[{"epcClass": LOT, "quantity": -1}]), "/quantityList/0/quantity",
        "events.negative"),
    "a quantity as text": (
        an_event(quantityList=[{"epcClass": LOT, "quantity": "1"}]), "/quantityList/0/quantity",
        "events.type"),
    "a read point without id": (an_event(readPoint={}), "/readPoint/id", "events.field-missing"),
    "nothing observed": (an_event(epcList=None), "", "events.nothing-observed"),
    "data of a lot that is only seen": (
        an_event(ilmd={"cbvmda:lotNumber": "L7"}), "/ilmd", "events.ilmd-only-add"),
    "children added to nothing": (
        an_event(type="AggregationEvent", action="ADD", epcList=None, childEPCs=[SSCC]),
        "/parentID", "events.parent-missing"),
    "a parent without children": (
        an_event(type="AssociationEvent", action="ADD", epcList=None, parentID=SSCC), "",
        "events.children-missing"),
    "a pallet inside itself": (
        an_event(type="AggregationEvent", action="ADD", epcList=None, parentID=SSCC,
                 childEPCs=["urn:epc:id:sscc:952000.30000000001"]),
        "/childEPCs", "events.own-parent"),
    "outputs out of nothing": (
        an_event(type="TransformationEvent", action=None, epcList=None,
                 outputEPCList=[KEY.format(1)]), "", "events.transformation-incomplete"),
    "an error without its time": (
        an_event(errorDeclaration={"reason": "did_not_occur"}),
        "/errorDeclaration/declarationTime", "events.field-missing"),
    "sensor data without a report": (
        an_event(sensorElementList=[{"sensorMetadata": {}}]),
        "/sensorElementList/0/sensorReport", "events.field-missing"),
    "two devices for one report": (
        an_event(sensorElementList=[{"sensorMetadata": {"deviceID": "urn:vd:1"},
                                     "sensorReport": [{**REPORT, "deviceID": "urn:vd:2"}]}]),
        "/sensorElementList/0/sensorReport/0/deviceID", "events.sensor-repeated"),
    "a certificate that is no URI": (
        an_event(certificationInfo="VietGAP"), "/certificationInfo/0", "events.uri"),
}  # fmt: skip


@pytest.mark.parametrize(("event", "place", "code"), BAD.values(), ids=BAD)
def test_a_fault_names_its_place_and_its_rule(event: dict[str, Any], place: str, code: str) -> None:
    assert (place, code) in faults(event)


def test_all_faults_are_told_at_once() -> None:
    event = an_event(eventTime=None, action="SHIP", colour="red", ilmd={"lot": "L7"})
    assert {place for place, _ in faults(event)} == {
        "/eventTime",
        "/action",
        "/colour",
        "/ilmd/lot",
    }


def test_nesting_is_bounded() -> None:
    deep: Any = "end"
    for _ in range(30):
        deep = {"vd:in": deep}
    assert faults(an_event(**{"vd:deep": deep})) == [("", "events.depth")]
