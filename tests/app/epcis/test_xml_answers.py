"""Events given out in XML: to whom, how, the same events as in JSON, and no more of them."""

from typing import Any

import pytest
from lxml import etree

from tests.app.client import Client, Members
from tests.app.epcis.test_capture import JSON, ROOT
from tests.app.epcis.test_round_trip import AS_SENT, KINDS, XML, whole
from tests.shared_material import needs_shared
from tests.traceability.events.makers import KEY, LOT, PARTY, PLACE, an_event, written
from tests.traceability.events.test_xml_writing import SCHEMA, documents, meant, stripped
from traceability.actor import Role
from traceability.events.documents import Document
from traceability.events.xml_reading import read_xml

ASK = {"Accept": "application/xml"}


@pytest.fixture
def producer(client: Client, members: Members) -> Client:
    """A producer who has told an event of every kind."""
    asking = client.acting(members.keys[Role.PRODUCER])
    answer = asking.post(
        f"{ROOT}/capture", content=written(*map(whole, KINDS)), headers=JSON
    )  # fmt: skip
    assert answer.status_code == 202, answer.text
    return asking


def in_xml(asking: Client, path: str, **headers: str) -> Document:
    answer = asking.get(f"{ROOT}{path}", headers={**ASK, **headers})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/xml"
    return read_xml(answer.content)


def in_json(asking: Client, path: str, **headers: str) -> list[dict[str, Any]]:
    body = asking.get(f"{ROOT}{path}", headers=headers).json()
    events: list[dict[str, Any]] = body["epcisBody"]["queryResults"]["resultsBody"]["eventList"]
    return events


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("*/*", "application/json"),
        ("application/*, text/xml;q=0.9", "application/json"),
        ("application/json, application/xml", "application/json"),
        ("application/xml, application/json", "application/json"),
        ("application/json, application/ld+json;q=0.5", "application/json"),
        ("application/ld+json", "application/ld+json"),
        ("application/xml;q=0.2, application/ld+json;q=0.3", "application/ld+json"),
        ("application/xml", "application/xml"),
        ("application/xml, application/*;q=0.1", "application/xml"),
        ("application/json; q=0.8 , Application/XML; charset=utf-8; q=0.9", "application/xml"),
        ("application/json;q=0, */*", "application/ld+json"),
        ("application/json;q=0, text/xml", "text/xml; charset=utf-8"),
    ],
)
def test_what_is_liked_best_is_given_and_json_where_it_is_the_same(
    producer: Client, accept: str, media_type: str
) -> None:
    answer = producer.get(f"{ROOT}/events", headers={"Accept": accept})
    assert (answer.status_code, answer.headers["content-type"]) == (200, media_type)


@pytest.mark.parametrize("accept", ["text/html", "application/*;q=0", "application/xml;q=0.0"])
def test_another_form_is_not_given(producer: Client, accept: str) -> None:
    answer = producer.get(f"{ROOT}/events", headers={"Accept": accept})
    assert answer.status_code == 406
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("path", ["/epcs", "/epcs/x"])
def test_what_holds_no_events_is_json_alone(producer: Client, path: str) -> None:
    either = {"Accept": "application/xml, application/json;q=0.1"}
    answer = producer.get(f"{ROOT}{path}", headers=either)
    assert answer.headers["content-type"] == "application/json"
    assert producer.get(f"{ROOT}{path}", headers=ASK).status_code == 406


def test_every_list_of_events_is_given_in_xml(producer: Client) -> None:
    named = {"name": "shown", "query": {"EQ_action": ["ADD"]}}
    assert producer.post(f"{ROOT}/queries", json=named).status_code == 201
    paths = ["/events", "/events?EQ_action=ADD", "/queries/shown/events",
             "/eventTypes/ObjectEvent/events", "/bizSteps/inspecting/events",
             "/dispositions/in_progress/events", f"/bizLocations/{PLACE}/events",
             f"/readPoints/{PLACE}/events", f"/epcs/{KEY.format(1)}/events"]  # fmt: skip
    for path in paths:
        told = [meant(each.body) for each in in_xml(producer, path).events]
        assert told == [meant(each) for each in in_json(producer, path)]
        assert told


def test_a_single_event_is_the_only_one_of_a_document_of_results(producer: Client) -> None:
    (found,) = in_xml(producer, "/events/urn:vd:ObjectEvent", **AS_SENT).events
    assert found.body.pop("recordTime")
    assert found.body == whole("ObjectEvent")
    answer = producer.get(f"{ROOT}/events/urn:vd:ObjectEvent", headers=ASK)
    assert b"<queryName>events</queryName><resultsBody><EventList><ObjectEvent" in answer.content
    assert producer.get(f"{ROOT}/events/urn:vd:9", headers=ASK).status_code == 404


def test_keys_are_spelt_as_in_json(producer: Client) -> None:
    event = an_event(eventID="urn:vd:urn", epcList=["urn:epc:id:sgtin:952000.0123456.A7"])
    assert producer.post(f"{ROOT}/capture", content=written(event), headers=JSON).is_success
    (canonical,) = in_xml(producer, "/events/urn:vd:urn").events
    (sent,) = in_xml(producer, "/events/urn:vd:urn", **AS_SENT).events
    assert canonical.body["epcList"] == [KEY.format(7)]
    assert sent.body["epcList"] == event["epcList"]


@pytest.mark.parametrize(
    ("asked", "word"),
    [
        ("No_Preference", "https://ref.gs1.org/cbv/BizStep-inspecting"),
        ("Always_Web_URI", "https://ref.gs1.org/cbv/BizStep-inspecting"),
        ("Always_URN", "urn:epcglobal:cbv:bizstep:inspecting"),
    ],
)
def test_words_are_spelt_as_the_header_asks(producer: Client, asked: str, word: str) -> None:
    answer = producer.get(f"{ROOT}/events", headers={**ASK, "GS1-CBV-XML-Format": asked})
    assert f"<bizStep>{word}</bizStep>" in answer.text
    told = {"No_Preference": "Always_Web_URI"}.get(asked, asked)
    assert answer.headers["GS1-CBV-XML-Format"] == told


def test_the_spelling_that_words_were_sent_in_is_not_kept(producer: Client) -> None:
    never = {"GS1-CBV-XML-Format": "Never_Translates"}
    assert producer.get(f"{ROOT}/events", headers={**ASK, **never}).status_code == 406
    assert producer.get(f"{ROOT}/events", headers=never).status_code == 200
    told = producer.ask("OPTIONS", f"{ROOT}/events").headers["GS1-CBV-XML-Format"]
    assert told == "Always_Web_URI, Always_URN"


def test_pages_lead_on_as_in_json(producer: Client) -> None:
    path, seen = f"{ROOT}/events?perPage=2", []
    for _ in range(3):
        answers = [producer.get(path, headers=asked) for asked in (ASK, {})]
        xml, plain = (dict(each.headers) for each in answers)
        for own in ("content-type", "content-length", "gs1-cbv-xml-format", "date"):
            xml.pop(own, None), plain.pop(own, None)
        changing = {"gs1-next-page-token-expires", "x-request-id", "server-timing"}
        assert xml.keys() == plain.keys()
        for name in xml.keys() - changing:
            assert xml[name] == plain[name], name
        assert "Accept" in xml["vary"]
        seen += [each.body["eventID"] for each in read_xml(answers[0].content).events]
        path = xml.get("link", "<>").partition("<")[2].partition(">")[0]
    assert path == ""
    assert sorted(seen) == sorted(f"urn:vd:{kind}" for kind in KINDS)


def test_nothing_found_is_an_empty_list(producer: Client) -> None:
    found = in_xml(producer, "/events?EQ_bizStep=shipping")
    assert found.events == []


def test_who_sees_part_of_an_event_sees_that_part_in_xml(producer: Client, client: Client) -> None:
    path = f"/events?MATCH_anyEPC={KEY.format(1)}"
    text = client.get(f"{ROOT}{path}", headers=ASK).text
    for hidden in (LOT, PARTY, "vidu.example/r", "29C", "sensorElement", "ilmd", "urn:vd:po:1"):
        assert hidden not in text
    told = [meant(each.body) for each in read_xml(text.encode()).events]
    assert told == [meant(each) for each in in_json(client, path)]
    assert len(told) == len(KINDS)


def test_what_xml_has_no_place_for_is_named_and_not_left_out(producer: Client) -> None:
    event = an_event(eventID="urn:vd:odd", **{"vd:about": {"@value": LOT}})
    assert producer.post(f"{ROOT}/capture", content=written(event), headers=JSON).is_success
    for path in ("/events", "/events/urn:vd:odd"):
        answer = producer.get(f"{ROOT}{path}", headers={**ASK, "Accept-Language": "en"})
        problem = answer.json()
        assert (answer.status_code, problem["code"]) == (406, "events.not-in-xml")
        assert problem["type"] == "epcisException:NotAcceptableException"
        assert "vd:about" in problem["detail"]
        assert "urn:vd:odd" in problem["detail"]
    assert producer.get(f"{ROOT}/events/urn:vd:odd").status_code == 200
    assert in_xml(producer, "/events?EQ_action=ADD").events


def test_one_event_that_xml_has_no_place_for_does_not_hide_those_around_it(
    producer: Client,
) -> None:
    for number in range(4):
        odd = {"vd:about": {"@value": LOT}} if number == 2 else {}
        event = an_event(eventID=f"urn:vd:n{number}", eventTime=f"2026-11-1{number}T08:00:00Z")
        told = written({**event, **odd})
        assert producer.post(f"{ROOT}/capture", content=told, headers=JSON).is_success
    ask = f"{ROOT}/events?LT_eventTime=2026-11-15T00:00:00Z&orderBy=eventTime&orderDirection=ASC"
    path, seen = ask, []
    while path:
        answer = producer.get(path, headers=ASK)
        refused = answer.status_code == 406
        seen.append(
            answer.json()["code"]
            if refused
            else [each.body["eventID"] for each in read_xml(answer.content).events]
        )
        path = answer.headers.get("link", "<>").partition("<")[2].partition(">")[0]
    assert seen == [["urn:vd:n0", "urn:vd:n1"], "events.not-in-xml", ["urn:vd:n3"]]


def test_what_was_given_out_is_taken_again_and_adds_nothing(producer: Client) -> None:
    for spelling in ("Always_GS1_Digital_Link", "Never_Translates"):
        headers = {**ASK, "GS1-EPC-Format": spelling}
        told = producer.get(f"{ROOT}/events", headers=headers).content
        answer = producer.post(f"{ROOT}/capture", content=told, headers=XML)
        assert answer.status_code == 202, answer.text
        job = producer.get(answer.headers["Location"]).json()
        assert (job["success"], job["captured"], job["errors"]) == (True, 0, [])


@needs_shared
def test_published_documents_given_out_in_xml_are_the_events_on_record(
    client: Client, members: Members
) -> None:
    admin = client.acting(members.keys[Role.ADMIN])
    proceed = {"GS1-Capture-Error-Behaviour": "proceed"}
    for path in documents():
        if b"ignoreFields" in path.read_bytes():
            continue  # told once, a field that its document sets aside counts the next time
        kind = "application/xml" if path.suffix == ".xml" else "application/json"
        headers = {"Content-Type": kind, **proceed}
        admin.post(f"{ROOT}/capture", content=path.read_bytes(), headers=headers)
    schema = etree.XMLSchema(file=str(SCHEMA.with_name("EPCglobal-epcis-query-2_0.xsd")))
    path, seen = "/events?perPage=50", 0
    while path:
        answer = admin.get(f"{ROOT}{path}", headers={**ASK, **AS_SENT})
        assert answer.status_code == 200, answer.text
        assert schema.validate(etree.fromstring(answer.content)), schema.error_log
        told = [meant(each.body) for each in read_xml(answer.content).events]
        expected = [meant(stripped(each)) for each in in_json(admin, path, **AS_SENT)]
        assert told == expected
        again = admin.post(f"{ROOT}/capture", content=answer.content, headers={**XML, **proceed})
        job = admin.get(again.headers["Location"]).json()
        assert (job["captured"], job["errors"]) == (0, [])
        seen += len(told)
        link = answer.headers.get("Link", "")
        path = link.partition("<")[2].partition(">")[0].removeprefix(ROOT)
    assert seen > 100


def test_json_says_nothing_of_the_spelling_of_words(producer: Client) -> None:
    answer = producer.get(f"{ROOT}/events")
    assert "GS1-CBV-XML-Format" not in answer.headers
