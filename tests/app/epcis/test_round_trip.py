"""Every kind of event with every standard field: what is captured, in JSON or XML, comes back."""

import json
from typing import Any
from xml.sax.saxutils import escape

import pytest

from tests.app.client import Client, Members
from tests.app.epcis.test_capture import JSON, ROOT
from tests.traceability.events.makers import KEY, LOT, PARTY, PLACE, SSCC, an_event, written
from traceability.actor import Role
from traceability.events.documents import CONTEXT

AS_SENT = {"GS1-EPC-Format": "Never_Translates"}
XML = {"Content-Type": "application/xml"}
QUANTITIES = [{"epcClass": LOT, "quantity": 7.5, "uom": "KGM"}]
SENSED = [{
    "sensorMetadata": {
        "time": "2026-11-20T08:00:00Z", "startTime": "2026-11-20T07:00:00Z",
        "endTime": "2026-11-20T08:00:00Z", "deviceID": "urn:vd:device:1",
        "deviceMetadata": "https://vidu.example/device", "rawData": "https://vidu.example/raw",
        "dataProcessingMethod": "https://vidu.example/method",
        "bizRules": "https://vidu.example/rules", "vd:more": "x",
    },
    "sensorReport": [
        {"type": "Temperature", "value": 26.5, "minValue": 26, "maxValue": 27, "meanValue": 26.4,
         "sDev": 0.1, "percRank": 50, "percValue": 26.5, "uom": "CEL", "vd:cv": "1"},
        {"type": "Length", "component": "northing", "value": -7.25, "uom": "MTR",
         "coordinateReferenceSystem": "http://www.opengis.net/def/crs/EPSG/0/4326"},
        {"type": "vd:Kind", "exception": "ALARM_CONDITION", "stringValue": "x",
         "booleanValue": True, "hexBinaryValue": "f0f0", "uriValue": "https://vidu.example/u",
         "microorganism": "https://vidu.example/m", "chemicalSubstance": "https://vidu.example/c"},
    ],
}]  # fmt: skip
COMMON: dict[str, Any] = {
    "certificationInfo": ["https://vidu.example/certificate/1"],
    "errorDeclaration": {
        "declarationTime": "2026-11-21T08:00:00Z", "reason": "incorrect_data",
        "correctiveEventIDs": ["urn:vd:9"],
    },
    "bizStep": "inspecting", "disposition": "in_progress",
    "persistentDisposition": {"set": ["completeness_verified"], "unset": ["damaged"]},
    "readPoint": {"id": PLACE, "vd:gate": "7"}, "bizLocation": {"id": PLACE},
    "bizTransactionList": [{"type": "po", "bizTransaction": "urn:vd:po:1"}],
    "sourceList": [{"type": "owning_party", "source": PARTY}],
    "destinationList": [{"type": "possessing_party", "destination": PARTY}],
    "sensorElementList": SENSED,
    "vd:truck": "29C", "vd:load": {"vd:part": ["1", "2"], "vd:deep": {"vd:er": "x"}},
}  # fmt: skip
KINDS: dict[str, dict[str, Any]] = {
    "ObjectEvent": {"action": "ADD", "epcList": [KEY.format(1)], "quantityList": QUANTITIES,
                    "ilmd": {"cbvmda:lotNumber": "L7", "vd:field": {"vd:row": "3"}}},
    "AggregationEvent": {"action": "OBSERVE", "parentID": SSCC, "childEPCs": [KEY.format(1)],
                         "childQuantityList": QUANTITIES},
    "AssociationEvent": {"action": "ADD", "parentID": SSCC, "childEPCs": [KEY.format(1)],
                         "childQuantityList": QUANTITIES},
    "TransactionEvent": {"action": "DELETE", "parentID": SSCC, "epcList": [KEY.format(1)],
                         "quantityList": QUANTITIES},
    "TransformationEvent": {"inputEPCList": [KEY.format(1)], "inputQuantityList": QUANTITIES,
                            "outputEPCList": [KEY.format(2)], "outputQuantityList": QUANTITIES,
                            "transformationID": "urn:vd:run:1", "ilmd": {"vd:field": "3"}},
}  # fmt: skip


@pytest.fixture
def producer(client: Client, members: Members) -> Client:
    return client.acting(members.keys[Role.PRODUCER])


def whole(kind: str) -> dict[str, Any]:
    """An event of a kind with every field that it may have."""
    event = {**an_event(epcList=None, action=None), "type": kind, "eventID": f"urn:vd:{kind}"}
    return {**event, **COMMON, **KINDS[kind]}


def found(asking: Client, kind: str) -> dict[str, Any]:
    answer = asking.get(f"{ROOT}/events", params={"EQ_eventID": f"urn:vd:{kind}"}, headers=AS_SENT)
    (event,) = answer.json()["epcisBody"]["queryResults"]["resultsBody"]["eventList"]
    assert event.pop("recordTime")
    return dict(event)


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_of_json_comes_back_under_its_context(producer: Client, kind: str) -> None:
    answer = producer.post(f"{ROOT}/capture", content=written(whole(kind)), headers=JSON)
    assert answer.status_code == 202, answer.text
    event = found(producer, kind)
    assert event.pop("@context") == [{"vd": "https://vidu.example/"}]
    assert event == whole(kind)


_ORDER = (
    "eventTime", "eventTimeZoneOffset", "eventID", "errorDeclaration", "certificationInfo",
    "parentID", "inputEPCList", "inputQuantityList", "outputEPCList", "outputQuantityList",
    "transformationID", "epcList", "childEPCs", "action", "bizStep", "disposition", "readPoint",
    "bizLocation", "bizTransactionList", "quantityList", "childQuantityList", "sourceList",
    "destinationList", "sensorElementList", "persistentDisposition", "ilmd",
)  # fmt: skip
_ATTRIBUTES = {"sensorMetadata", "sensorReport"}
_LISTED = {"epcList": "epc", "childEPCs": "epc", "inputEPCList": "epc", "outputEPCList": "epc",
           "correctiveEventIDs": "correctiveEventID", "sensorElementList": "sensorElement",
           "quantityList": "quantityElement", "childQuantityList": "quantityElement",
           "inputQuantityList": "quantityElement",
           "outputQuantityList": "quantityElement"}  # fmt: skip
_WORDS = {"bizStep": "bizstep", "disposition": "disp", "reason": "er", "set": "disp",
          "unset": "disp"}  # fmt: skip


def element(name: str, value: Any) -> str:
    """A field as XML writes it, small and independent of the reader."""
    if name in _LISTED:
        inside = "".join(element(_LISTED[name], each) for each in value)
        return f"<{name}>{inside}</{name}>"
    if name.endswith("List"):
        entry = name.removesuffix("List")
        kind = {"bizTransaction": "btt"}.get(entry, "sdt")
        return f"<{name}>" + "".join(
            f'<{entry} type="urn:epcglobal:cbv:{kind}:{each["type"]}">{each[entry]}</{entry}>'
            for each in value
        ) + f"</{name}>"  # fmt: skip
    if isinstance(value, list):
        return "".join(element(name, each) for each in value)
    if name in _ATTRIBUTES:
        return f"<{name} " + " ".join(f'{n}="{attribute(n, v)}"' for n, v in value.items()) + "/>"
    if isinstance(value, dict):
        return f"<{name}>" + "".join(element(n, v) for n, v in value.items()) + f"</{name}>"
    text = f"urn:epcglobal:cbv:{_WORDS[name]}:{value}" if name in _WORDS else str(value)
    return f"<{name}>{escape(text)}</{name}>"


def attribute(name: str, value: Any) -> str:
    if name in ("type", "exception") and ":" not in value:
        return f"gs1:{value}"
    return f"cbv:Comp-{value}" if name == "component" else json.dumps(value).strip('"')


def as_xml(event: dict[str, Any]) -> str:
    names = [n for n in _ORDER if n in event] + [n for n in event if ":" in n]
    return f"<{event['type']}>{''.join(element(n, event[n]) for n in names)}</{event['type']}>"


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_of_xml_comes_back_as_json(producer: Client, kind: str) -> None:
    body = f"""<e:EPCISDocument xmlns:e="urn:epcglobal:epcis:xsd:2" schemaVersion="2.0"
        xmlns:vd="https://vidu.example/" xmlns:cbvmda="urn:epcglobal:cbv:mda:"
        creationDate="2026-11-20T09:00:00Z"><EPCISBody><EventList>{as_xml(whole(kind))}
        </EventList></EPCISBody></e:EPCISDocument>"""
    answer = producer.post(f"{ROOT}/capture", content=body.encode(), headers=XML)
    assert answer.status_code == 202, answer.text
    event = found(producer, kind)
    names = {name: uri for each in event.pop("@context") for name, uri in each.items()}
    assert names["vd"] == "https://vidu.example/"
    assert event == whole(kind)


def test_the_same_event_in_xml_and_json_is_one_event(producer: Client) -> None:
    event = whole("ObjectEvent")
    del event["eventID"]
    alone = as_xml(event).replace("<ObjectEvent>", '<ObjectEvent xmlns:vd="https://vidu.example/" '
                                  'xmlns:cbvmda="urn:epcglobal:cbv:mda:">')  # fmt: skip
    assert producer.post(f"{ROOT}/events", content=alone.encode(), headers=XML).status_code == 201
    body = {"@context": [CONTEXT, {"vd": "https://vidu.example/"}], **event}
    assert producer.post(f"{ROOT}/events", json=body).status_code == 409
