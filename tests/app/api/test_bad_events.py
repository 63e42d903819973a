"""What must be an answer, quickly, and leave nothing behind: documents that are too big, too deep,
too clever, or about things that cannot be."""

import json
import socket
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from sqlmodel import SQLModel, select

from app.background import Worker
from app.epcis import capture as endpoint
from tests.app.client import Client
from tests.app.epcis.test_capture import JSON, ROOT
from tests.traceability.events.makers import KEY, LOT, SSCC, a_document, an_event, written
from traceability.db import Database
from traceability.events.documents import CONTEXT
from traceability.events.streams import JsonStream
from traceability.transparency.models import LogEntry

XML = {"Content-Type": "application/xml"}
TABLES = ("event", "event_epc", "event_value", "capture_part", "containment", "master_data")


@pytest.fixture(autouse=True)
def nothing_half_stored(sqlite_database: Database) -> Iterator[None]:
    """No table of events has a row when the test is over."""
    yield
    with sqlite_database.reading() as session:
        rows = {name: session.execute(SQLModel.metadata.tables[name].select()).all()
                for name in TABLES}  # fmt: skip
        assert {name: found for name, found in rows.items() if found} == {}
        assert session.exec(select(LogEntry).where(LogEntry.kind == "event")).all() == []


@pytest.fixture(autouse=True)
def no_name_is_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a name was looked up")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)


def refused(producer: Client, body: Any, headers: dict[str, str] = JSON, status: int = 400) -> str:
    answer = producer.post(f"{ROOT}/capture", content=body, headers=headers)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    return str(answer.json()["code"])


def test_a_document_beyond_the_limit_is_cut_off_wherever_it_comes_from(
    producer: Client, application: FastAPI
) -> None:
    limit = application.state.services.settings.max_capture_bytes
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        """Without a length: only reading tells how long it is."""
        nonlocal sent
        while sent < 2 * limit:
            sent += 1_000_000
            yield b" " * 1_000_000

    assert refused(producer, endless(), status=413) == "web.body-too-large"
    assert sent <= limit + 2_000_000


def test_a_hundred_thousand_events_are_read_one_by_one() -> None:
    event = json.dumps(an_event()).encode()
    start, end = written(an_event()).split(event)

    def pieces() -> Iterator[bytes]:
        yield start
        for number in range(1000):
            yield (b"," if number else b"") + b",".join([event] * 100)
        yield end

    stream = JsonStream(pieces())
    held = [len(stream._buffer) for _ in stream]
    assert len(held) == 100_000
    assert max(held) < 100_000


def test_a_big_document_with_one_bad_event_at_its_end_keeps_nothing(
    producer: Client, sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(endpoint, "SMALL", 1000)
    events = [an_event(epcList=[KEY.format(number)]) for number in range(600)]
    answer = producer.post(
        f"{ROOT}/capture", content=written(*events, an_event(action="SHIP")), headers=JSON
    )
    assert answer.status_code == 202
    assert Worker(sqlite_database).step()
    job = producer.get(answer.headers["Location"]).json()
    assert (job["running"], job["success"], job["captured"]) == (False, False, 0)
    assert [each["event"] for each in job["errors"]] == [600]


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        (JSON, '{"@context":' * 10_000),
        (JSON, '{"a":' * 900 + "1" + "}" * 900),
        (JSON, json.dumps(a_document(an_event(**{"vd:x": json.loads("[" * 60 + "]" * 60)})))),
        (XML, "<a>" * 10_000),
        (XML, "<a>" * 500 + "</a>" * 500),
    ],
    ids=["endless json", "deep json", "deep extension", "endless xml", "deep xml"],
)
def test_deep_nesting_is_refused(producer: Client, headers: dict[str, str], body: str) -> None:
    assert refused(producer, body, headers)


@pytest.mark.parametrize(
    "xml",
    [
        '<!DOCTYPE a [<!ENTITY b "x">]><a>&b;</a>',
        '<!DOCTYPE a [<!ENTITY a "x"><!ENTITY b "&a;&a;&a;&a;">]><a>&b;</a>',
        '<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd"><a/>',
        '<!DOCTYPE a [<!ENTITY % p SYSTEM "file:///etc/hostname"> %p;]><a/>',
        '<?xml version="1.0" encoding="utf-16"?><a/>',
        '<a xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="/etc/hostname"/></a>',
    ],
)
def test_entities_and_outside_parts_of_xml_are_refused(producer: Client, xml: str) -> None:
    assert refused(producer, xml, XML).startswith("events.")
    assert refused(producer, xml.encode("utf-16"), XML).startswith("events.")


@pytest.mark.parametrize(
    "context",
    [
        "http://127.0.0.1:9/context.jsonld",
        "https://context.example/a.jsonld",
        "file:///etc/hostname",
    ],
)
def test_a_context_that_points_elsewhere_is_never_fetched(producer: Client, context: str) -> None:
    body = a_document(an_event(action="SHIP"), **{"@context": [CONTEXT, context]})
    assert refused(producer, json.dumps(body)) == "events.choice"
    hashes = producer.post(f"{ROOT}/eventHash", json=a_document(an_event(), **{"@context": [
        CONTEXT, context]}))  # fmt: skip
    assert hashes.status_code == 200


@pytest.mark.parametrize(
    "fields",
    [
        {"eventTime": "2999-01-01T00:00:00Z"},
        {"eventTime": "2026-11-20T08:00:00"},
        {"eventTime": "0000-01-01T00:00:00Z"},
        {"eventTimeZoneOffset": "07:00"},
        {"quantityList": [{"epcClass": LOT, "quantity": -1}]},
        {"quantityList": [{"epcClass": LOT, "quantity": 1e300}]},
        {"epcList": [KEY.format(1)] * 20_001},
        {"type": "AggregationEvent", "action": "ADD", "epcList": None, "parentID": SSCC,
         "childEPCs": ["https://other.example/00/395200000000000012"]},
        {"eventID": "x" * 5000},
        {"eventID": "urn:vd:\u0000"},
        {"epcList": [None]},
        {"epcList": {"0": KEY.format(1)}},
        {"sensorElementList": [7]},
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(producer: Client, fields: dict[str, Any]) -> None:
    assert refused(producer, written(an_event(), an_event(**fields)))


def test_infinity_is_no_number(producer: Client) -> None:
    body = written(an_event(quantityList=[{"epcClass": LOT, "quantity": 7}]))
    for number in (b"1e999", b"NaN", b"Infinity", b"-Infinity"):
        assert refused(producer, body.replace(b'"quantity": 7', b'"quantity": ' + number))


@pytest.mark.parametrize(
    "body", [b"", b"\x00", b"\xff\xfe", b"[]", b"null", b"7", b'"x"', b"{}", b'{"type": []}',
             b'{"type": "EPCISDocument", "epcisBody": 7}', b"<", b"<a", b"<a/><b/>"],
)  # fmt: skip
def test_what_is_no_document_is_refused(producer: Client, body: bytes) -> None:
    for headers in (JSON, XML):
        refused(producer, body, headers)
        answer = producer.post(f"{ROOT}/events", content=body, headers=headers)
        assert answer.status_code == 400


@pytest.mark.parametrize(
    "dest",
    [
        "http://127.0.0.1/", "http://localhost/", "http://[::1]/", "http://10.0.0.1/",
        "http://169.254.169.254/latest/meta-data", "http://192.168.1.1:8080/", "ftp://a.example/",
        "http://0/", "http://2130706433/", "http://127.1/", "http://0x7f.1/", "//a.example", "", 7,
        "https://user:pw@a.example/", "http://a.example:22/",
    ],
)  # fmt: skip
def test_a_webhook_into_a_private_network_is_refused(producer: Client, dest: object) -> None:
    producer.post(f"{ROOT}/queries", json={"name": "mine", "query": {}})
    answer = producer.post(
        f"{ROOT}/queries/mine/subscriptions", json={"dest": dest, "stream": True}
    )
    assert answer.status_code == 400
    assert answer.json()["code"].startswith("events.webhook")
    assert producer.get(f"{ROOT}/queries/mine/subscriptions").json() == []
