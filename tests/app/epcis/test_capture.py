"""Capture over HTTP: documents, single events, captures in the background, hash IDs."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI

from app.background import Worker
from app.epcis import capture as endpoint
from tests.app.client import Client, Members
from tests.traceability.events.makers import KEY, an_event, written
from traceability.actor import Role
from traceability.db import Database
from traceability.events.documents import CONTEXT

ROOT = "/epcis/v2"
JSON = {"Content-Type": "application/json"}


@pytest.fixture
def producer(client: Client, members: Members) -> Client:
    return client.acting(members.keys[Role.PRODUCER])


def stored(asking: Client, **query: str) -> list[dict[str, Any]]:
    answer = asking.get(f"{ROOT}/events", params=query)
    assert answer.status_code == 200, answer.text
    events: list[dict[str, Any]] = answer.json()["epcisBody"]["queryResults"]["resultsBody"][
        "eventList"
    ]
    return events


def test_a_document_is_captured_and_its_capture_can_be_looked_at(producer: Client) -> None:
    answer = producer.post(f"{ROOT}/capture", content=written(an_event()), headers=JSON)
    assert answer.status_code == 202
    job = producer.get(answer.headers["Location"]).json()
    assert (job["running"], job["success"], job["captured"]) == (False, True, 1)
    assert job["warnings"][0]["detail"]
    assert [each["captureID"] for each in producer.get(f"{ROOT}/capture").json()] == [
        job["captureID"]
    ]


def test_a_single_event_is_warned_of_what_a_document_is(producer: Client) -> None:
    gtin = "https://id.gs1.org/01/09520001234569"
    misplaced = {
        "epcList": [f"{gtin}/10/L7"],
        "quantityList": [{"epcClass": f"{gtin}/21/A1", "quantity": 1}],
    }
    event = an_event(**misplaced)
    of_document = producer.post(f"{ROOT}/capture", content=written(event), headers=JSON)
    job = producer.get(of_document.headers["Location"]).json()
    alone = {"@context": CONTEXT, **event, "eventID": "urn:vd:alone"}
    answer = producer.post(f"{ROOT}/events", content=json.dumps(alone), headers=JSON)
    assert (answer.status_code, answer.content) == (201, b"")
    told = answer.headers["Capture-Warnings"].split(", ")
    assert set(told) == {f'{each["code"]};value="{each["value"]}"' for each in job["warnings"]}
    assert f'events.class-in-epcs;value="{gtin}/10/L7"' in told
    assert f'events.instance-in-quantities;value="{gtin}/21/A1"' in told


def test_a_single_event_is_warned_of_as_much_as_fits_a_header(producer: Client) -> None:
    lots = [f"https://id.gs1.org/01/09520001234569/10/{number:020}" for number in range(200)]
    event = {"@context": CONTEXT, **an_event(epcList=lots)}
    answer = producer.post(f"{ROOT}/events", content=json.dumps(event), headers=JSON)
    assert answer.status_code == 201
    told = answer.headers["Capture-Warnings"]
    assert len(told) <= 4000
    assert told.endswith('"')


def test_the_capture_of_another_is_not_found(
    client: Client, members: Members, producer: Client
) -> None:
    answer = producer.post(f"{ROOT}/capture", content=written(an_event()), headers=JSON)
    other = client.acting(members.keys[Role.SHOP])
    assert other.get(answer.headers["Location"]).status_code == 404


def test_every_fault_comes_with_its_event_and_its_pointer(producer: Client) -> None:
    body = written(an_event(), an_event(action="SHIP"), an_event(eventTime="2999-01-01T00:00:00Z"))
    answer = producer.speaking("vi").post(f"{ROOT}/capture", content=body, headers=JSON)
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["type"] == "epcisException:ValidationException"
    assert [(each["event"], each["pointer"], each["code"]) for each in problem["errors"]] == [
        (1, "/epcisBody/eventList/1/action", "events.choice"),
        (2, "/epcisBody/eventList/2/eventTime", "events.future"),
    ]
    assert problem["errors"][1]["detail"] == "Thời gian này ở tương lai quá 24 giờ."
    assert stored(producer) == []


def test_proceed_keeps_the_good_events(producer: Client) -> None:
    headers = {**JSON, "GS1-Capture-Error-Behaviour": "proceed"}
    body = written(an_event(eventID="urn:vd:1"), an_event(action="SHIP"))
    answer = producer.post(f"{ROOT}/capture", content=body, headers=headers)
    assert answer.status_code == 202
    assert not producer.get(answer.headers["Location"]).json()["success"]
    assert [event["eventID"] for event in stored(producer)] == ["urn:vd:1"]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Content-Type": "text/csv"}, 415),
        ({}, 415),
        ({**JSON, "GS1-Capture-Error-Behaviour": "hope"}, 400),
        ({**JSON, "GS1-EPCIS-Min": "3.0"}, 406),
        ({**JSON, "GS1-EPCIS-Max": "1.2"}, 406),
        ({**JSON, "GS1-CBV-Max": "none"}, 406),
    ],
)
def test_what_is_not_spoken_is_refused(
    producer: Client, headers: dict[str, str], status: int
) -> None:
    answer = producer.post(f"{ROOT}/capture", content=written(an_event()), headers=headers)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "path",
    ["events", "capture", "queries", "eventTypes", "epcs", "capture/none", "nextPageToken/x"],
)
def test_a_version_that_is_not_spoken_is_refused_wherever_it_is_asked_for(
    producer: Client, path: str
) -> None:
    later = {"GS1-EPCIS-Min": "3.0"}
    assert producer.get(f"{ROOT}/{path}", headers=later).status_code == 406


@pytest.mark.parametrize("version", ["2", "2.0", "2.0.0", "2.1"])
def test_a_version_is_the_same_with_and_without_its_zeros(producer: Client, version: str) -> None:
    headers = {**JSON, "GS1-EPCIS-Min": "2.0", "GS1-EPCIS-Max": version}
    answer = producer.post(f"{ROOT}/capture", content=written(an_event()), headers=headers)
    assert answer.status_code == 202


def test_another_kind_of_file_is_told_what_is_read_here(producer: Client) -> None:
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    answer = producer.speaking("vi").post(f"{ROOT}/capture", content=b"x", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (415, "events.content-type")
    assert "XML" in answer.json()["detail"]


def test_what_is_compressed_is_refused_by_that_name(producer: Client) -> None:
    headers = {**JSON, "Content-Encoding": "gzip"}
    told = gzip.compress(written(an_event()))
    answer = producer.post(f"{ROOT}/capture", content=told, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (415, "events.content-encoding")
    assert answer.headers["Accept-Encoding"] == "identity"
    plain = {**JSON, "Content-Encoding": "identity"}
    assert producer.post(f"{ROOT}/capture", content=written(an_event()), headers=plain).is_success


@pytest.mark.parametrize("path", ["capture", "events", "eventHash"])
def test_nesting_beyond_all_bounds_is_told_as_that(producer: Client, path: str) -> None:
    deep = b"[" * 2000 + b"]" * 2000
    answer = producer.post(f"{ROOT}/{path}", content=deep, headers=JSON)
    assert (answer.status_code, answer.json()["code"]) == (400, "events.depth")


def test_the_hash_of_what_is_no_event_is_refused(producer: Client) -> None:
    body = json.dumps({**json.loads(written()), "epcisBody": {"eventList": [7]}}).encode()
    answer = producer.post(f"{ROOT}/eventHash", content=body, headers=JSON)
    assert (answer.status_code, answer.json()["code"]) == (400, "events.type")


@pytest.mark.parametrize("query", ["perPage=0", "perPage=x", "nextPageToken=none", "page=2"])
def test_a_page_of_captures_that_is_none_is_refused(producer: Client, query: str) -> None:
    answer = producer.get(f"{ROOT}/capture?{query}")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == query.partition("=")[0]


@pytest.mark.parametrize(
    ("method", "path", "headers", "kind"),
    [
        ("GET", "/events/urn:uuid:none", {}, "NoSuchResource"),
        ("GET", "/events/urn:uuid:none", {"Accept": "text/csv"}, "NotAcceptable"),
        ("POST", "/capture", {"Content-Type": "text/csv"}, "UnsupportedMediaType"),
        ("POST", "/capture", {"Authorization": "Bearer none"}, "Security"),
        ("GET", "/queries/none/events", {}, "NoSuchResource"),
    ],
)
def test_a_problem_has_the_type_that_the_standard_names(
    producer: Client, method: str, path: str, headers: dict[str, str], kind: str
) -> None:
    answer = producer.ask(method, f"{ROOT}{path}", content=b"x", headers=headers)
    assert answer.json()["type"] == f"epcisException:{kind}Exception"


def test_xml_with_an_entity_is_refused(producer: Client) -> None:
    bomb = b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]><a>&b;</a>'
    answer = producer.post(
        f"{ROOT}/capture", content=bomb, headers={"Content-Type": "application/xml"}
    )
    assert (answer.status_code, answer.json()["code"]) == (400, "events.xml-dtd")


def test_a_document_over_the_limit_is_refused_before_it_is_read(
    producer: Client, application: FastAPI
) -> None:
    limit = application.state.services.settings.max_capture_bytes
    headers = {**JSON, "Content-Length": str(limit + 1)}
    answer = producer.post(f"{ROOT}/capture", content=b"{}", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (413, "web.body-too-large")


def test_a_big_document_is_captured_in_the_background(
    producer: Client, sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(endpoint, "SMALL", 1000)
    body = written(*(an_event(epcList=[KEY.format(number)]) for number in range(20)))
    answer = producer.post(f"{ROOT}/capture", content=body, headers=JSON)
    assert answer.status_code == 202
    assert producer.get(answer.headers["Location"]).json()["running"]
    assert Worker(sqlite_database).step()
    job = producer.get(answer.headers["Location"]).json()
    assert (job["running"], job["success"], job["captured"]) == (False, True, 20)
    assert len(stored(producer)) == 20


def test_a_single_event_has_an_address(producer: Client) -> None:
    body = {"@context": CONTEXT, **an_event(eventID="urn:vd:1")}
    answer = producer.post(f"{ROOT}/events", json=body)
    assert answer.status_code == 201
    event = producer.get(answer.headers["Location"]).json()
    assert (event["eventID"], event["action"]) == ("urn:vd:1", "OBSERVE")
    assert producer.post(f"{ROOT}/events", json=body).status_code == 409
    assert producer.get(f"{ROOT}/events/urn:vd:2").status_code == 404


def test_a_key_may_come_in_the_header_of_epcis_clients(client: Client, members: Members) -> None:
    headers = {"X-API-Key": members.keys[Role.PRODUCER], **JSON}
    answer = client.post(f"{ROOT}/capture", content=written(an_event()), headers=headers)
    assert answer.status_code == 202


def test_the_hash_of_a_document_is_told_and_nothing_is_kept(
    client: Client, producer: Client
) -> None:
    answer = client.post(f"{ROOT}/eventHash", content=written(an_event()), headers=JSON)
    assert answer.status_code == 200
    assert answer.json()[0].startswith("ni:///sha-256;")
    assert stored(producer) == []


def test_deep_nesting_is_an_answer(producer: Client) -> None:
    deep = "{" + '"a":{' * 5000 + "}" * 5001
    for body in (deep, json.dumps({"@context": []}), "[" * 10_000):
        answer = producer.post(f"{ROOT}/capture", content=body, headers=JSON)
        assert answer.status_code == 400, Path(str(answer.url)).name


def test_an_event_that_is_sent_again_under_its_nonce_is_answered_as_before(
    producer: Client,
) -> None:
    body = json.dumps({"@context": [CONTEXT], **an_event()})
    first, again = (
        producer.post(f"{ROOT}/events", content=body, headers={**JSON, "Idempotency-Key": "n-1"})
        for _ in range(2)
    )
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.headers["Location"] == again.headers["Location"]
    assert len(stored(producer)) == 1
