import json
from typing import Any

import pytest

from tests.traceability.events.makers import a_document, an_event, read
from traceability.events.documents import CONTEXT, read_event, read_json
from traceability.events.faults import EventsInvalidError
from traceability.events.namespaces import prefixes


def faults(data: bytes) -> list[tuple[str, str]]:
    try:
        found = read_json(data)
    except EventsInvalidError as refused:
        return [(fault.field, fault.code) for fault in refused.faults]
    told = [*found.faults, *(fault for each in found.events for fault in each.faults)]
    return [(fault.field, fault.code) for fault in told]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"{", [("", "events.json")]),
        (b"[]", [("", "events.json-object")]),
        (b"[" * 100_000, [("", "events.depth")]),
        (b'{"type": "Letter"}', [("/type", "events.document-type")]),
        (b"\xff", [("", "events.json")]),
    ],
)
def test_what_is_no_document_is_refused(data: bytes, expected: list[tuple[str, str]]) -> None:
    assert faults(data) == expected


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"schemaVersion": "3.0"}, ("/schemaVersion", "events.version")),
        ({"creationDate": "yesterday"}, ("/creationDate", "events.time-format")),
        ({"@context": 7}, ("/@context", "events.context")),
        ({"epcisBody": {}}, ("/epcisBody/eventList", "events.field-missing")),
        ({"epcisBody": {"eventList": {}}}, ("/epcisBody/eventList", "events.type")),
        ({"epcisBody": {"eventList": [7]}}, ("/epcisBody/eventList/0", "events.type")),
        ({"colour": "red"}, ("/colour", "events.field-unknown")),
        ({"foo:bar": 1}, ("/foo:bar", "events.prefix-undeclared")),
        ({"epcisHeader": 7}, ("/epcisHeader", "events.type")),
    ],
)
def test_a_fault_of_the_frame_names_its_place(
    change: dict[str, Any], expected: tuple[str, str]
) -> None:
    assert expected in faults(json.dumps(a_document() | change).encode())


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_where_it_is_no_json_is_told_in_bytes(mark: bytes) -> None:
    data = mark + '{"type": "ồ", x}'.encode()
    with pytest.raises(EventsInvalidError) as refused:
        read_json(data)
    assert refused.value.faults[0].arguments == {"position": data.index(b"x")}


def test_an_entry_that_is_no_event_hides_nothing_of_the_others() -> None:
    document = json.dumps(a_document(an_event(), an_event()))
    events = json.loads(document)
    events["epcisBody"]["eventList"][1:1] = ["hello", None, 5, ["x"]]
    found = read_json(json.dumps(events).encode())
    assert [(each.index, bool(each.body)) for each in found.events] == [
        (0, True), (1, False), (2, False), (3, False), (4, False), (5, True)]  # fmt: skip
    assert [fault.field for each in found.events for fault in each.faults] == [
        f"/epcisBody/eventList/{index}" for index in (1, 2, 3, 4)
    ]


def test_a_context_at_an_address_is_kept_and_never_fetched() -> None:
    away = "http://127.0.0.1:9/context.jsonld"
    found = read(an_event(), **{"@context": [CONTEXT, away]}).events[0]
    assert found.context == (away,)


def test_an_event_has_the_context_of_its_document_and_its_own() -> None:
    own = {"b": "https://b.example/"}
    found = read(an_event(**{"@context": own})).events[0]
    assert found.context == ({"vd": "https://vidu.example/"}, own)
    assert prefixes(found.context)["b"] == "https://b.example/"


def test_the_events_of_a_query_document_are_read_too() -> None:
    body = {"queryResults": {"queryName": "q", "resultsBody": {"eventList": [an_event()]}}}
    document = {"@context": CONTEXT, "type": "EPCISQueryDocument", "epcisBody": body}
    assert len(read_json(json.dumps(document).encode()).events) == 1


def test_a_single_event_brings_its_context() -> None:
    alone = json.dumps(an_event()).encode()
    assert [each.code for each in read_event(alone).faults] == ["events.field-missing"]
    with_context = json.dumps({"@context": CONTEXT, **an_event()}).encode()
    assert read_event(with_context).body["action"] == "OBSERVE"


def test_a_document_of_master_data_needs_no_events() -> None:
    header = {"epcisMasterData": {"vocabularyList": [
        {"type": "urn:epcglobal:epcis:vtype:ReadPoint", "vocabularyElementList": [{"id": "x:1"}]}
    ]}}  # fmt: skip
    document = a_document(epcisHeader=header)
    document["epcisBody"] = {}
    assert read_json(json.dumps(document).encode()).master_data[0]["type"].endswith("ReadPoint")
