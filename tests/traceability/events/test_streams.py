"""Reading event by event gives what reading at once gives, wherever the pieces are cut."""

import io
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.traceability.events.makers import a_document
from traceability.events import xml_stream
from traceability.events.faults import EventsInvalidError
from traceability.events.streams import JsonStream
from traceability.events.xml_reading import read_xml
from traceability.events.xml_stream import XmlStream

texts = st.text(st.sampled_from('"\\{}[]:,aồ\n'), max_size=8)
values = st.recursive(
    st.none() | st.booleans() | st.integers(0, 9) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=10,
)
objects = st.dictionaries(texts, values, max_size=4)


def pieces(data: bytes, size: int) -> list[bytes]:
    return [data[start : start + size] for start in range(0, len(data), size)]


@settings(deadline=None)
@given(st.lists(objects | values, max_size=4), objects, st.sampled_from([1, 3, 17, 10_000]))
def test_the_pieces_of_a_document_give_the_same_events(
    events: list[object], other: dict[str, object], size: int
) -> None:
    body = {"epcisBody": {"eventList": events}}
    document = {"vd:other": other, **a_document(), **body, "vd:after": other}
    data = json.dumps(document, ensure_ascii=False).encode()
    stream = JsonStream(iter(pieces(data, size)))
    assert list(stream) == events
    assert stream.frame == {**document, "epcisBody": {"eventList": []}}


@pytest.mark.parametrize(
    "data",
    [
        b"", b"{", b"}", b"[]", b"[" * 1000, b'{"epcisBody": {"eventList": [{}',
        b'{"epcisBody": {"eventList": [{} 1]}}', b'{"epcisBody": {"eventList": [{} {}]}}',
        b'{"epcisBody": {"eventList": [1}}}', b'{"epcisBody": {"eventList": [{},,1]}}',
        b'{"epcisBody": {"eventList": [{"a}]}}', b'{"epcisBody": {"eventList": [{},]}}',
    ],
)  # fmt: skip
def test_what_is_no_json_is_refused_piece_by_piece_too(data: bytes) -> None:
    for size in (1, 1000):
        with pytest.raises(EventsInvalidError):
            list(JsonStream(iter(pieces(data, size))))


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ('{"epcisBody": {"eventList": [{"a": "ồ"}, {"b": x}]}}', "x"),
        ('{"epcisBody": {"eventList": [{"a": "ồ"}, x, {}]}}', "x"),
        ('{"a": "ồ", "epcisBody": {"eventList": [{"a": "ồ"}]}, x}', "x"),
        ('{"epcisBody": {"eventList": [{"a": "ồ"}, {"b": ', ""),
        ('{"epcisBody": {"eventList": [{"a": "ồ"}, {"b": "c', ""),
        ('{"epcisBody": {"eventList": [{"a": "ồ"}], "c": "d', ""),
    ],
)
def test_where_it_is_no_json_is_told_in_bytes_of_the_document(text: str, at: str) -> None:
    data = text.encode()
    place = data.index(at.encode()) if at else len(data)
    for size in (1, 7, 1000):
        with pytest.raises(EventsInvalidError) as refused:
            list(JsonStream(iter(pieces(data, size))))
        assert refused.value.faults[0].arguments == {"position": place}


def test_the_frame_is_there_with_the_first_entry_whatever_it_is() -> None:
    stream = JsonStream(iter([written(7, "x").encode()]))
    assert (next(iter(stream)), stream.frame["schemaVersion"]) == (7, "2.0")


def written(*entries: object) -> str:
    return json.dumps({**a_document(), "epcisBody": {"eventList": entries}})


def test_an_event_beyond_all_bounds_is_refused() -> None:
    endless = [b'{"epcisBody": {"eventList": [{"vd:x": "'] + [b"x" * 1_000_000] * 9
    with pytest.raises(EventsInvalidError, match="too-large"):
        list(JsonStream(iter(endless)))


HEAD = (
    '<e:EPCISDocument xmlns:e="urn:epcglobal:epcis:xsd:2" xmlns:vd="https://vidu.example/" '
    'schemaVersion="2.0" creationDate="2026-11-20T00:00:00Z"><EPCISBody><EventList>'
)
TAIL = "</EventList></EPCISBody></e:EPCISDocument>"
XML_EVENT = "<ObjectEvent><action>ADD</action><vd:x><vd:y>1</vd:y></vd:x></ObjectEvent>"


def test_an_xml_document_gives_the_same_events_one_by_one() -> None:
    data = (HEAD + XML_EVENT * 3 + TAIL).encode()
    assert list(XmlStream(io.BytesIO(data))) == list(read_xml(data).events)


@pytest.mark.parametrize(
    ("declared", "encoding"), [("UTF-16", "utf-16"), ("ISO-8859-1", "latin-1")]
)
def test_a_big_document_in_another_encoding_gives_the_same_events(
    declared: str, encoding: str
) -> None:
    text = HEAD + XML_EVENT.replace("<vd:y>1", "<vd:y>Nîmes") * 2_000 + TAIL
    data = f'<?xml version="1.0" encoding="{declared}"?>{text}'.encode(encoding)
    assert list(XmlStream(io.BytesIO(data))) == list(read_xml(text.encode()).events)
    cut = XmlStream(
        io.BytesIO("<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'>]><a/>".encode(encoding))
    )
    with pytest.raises(EventsInvalidError):
        list(cut)


@pytest.mark.parametrize(
    "data",
    [
        b"", b"<a>", b"<a/>", (HEAD + XML_EVENT).encode(),
        b'<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd"><a/>',
        f'<!DOCTYPE a [<!ENTITY b "c">]>{HEAD}&b;{TAIL}'.encode(),
    ],
)  # fmt: skip
def test_bad_xml_is_refused_one_by_one_too(data: bytes) -> None:
    with pytest.raises(EventsInvalidError):
        list(XmlStream(io.BytesIO(data)))


@pytest.mark.parametrize(
    "inside",
    [
        b"<ObjectEvnt/>",
        b"<extension><TransportEvent/></extension>",
        b"<foo/><ObjectEvent/>",
        b"<extension><AssociationEvent/></extension><foo/>",
    ],
)
def test_what_is_no_event_is_told_of_and_not_passed_over(inside: bytes) -> None:
    data = HEAD.encode() + inside + TAIL.encode()
    kinds = [read.body["type"] for read in XmlStream(io.BytesIO(data))]
    whole = [read.body["type"] for read in read_xml(data).events]
    assert len(kinds) == len(whole)
    assert set(kinds) - {"ObjectEvent", "AssociationEvent"}


@pytest.mark.parametrize(
    "declaration",
    [
        b'<!DOCTYPE x [<!ATTLIST ObjectEvent type CDATA "y">]>',
        b'<!DOCTYPE x [<!NOTATION n SYSTEM "x">]>',
        b'<!DOCTYPE x [<!ENTITY % a SYSTEM "file:///dev/null"> %a;]>',
        b'<!DOCTYPE x SYSTEM "http://127.0.0.1/x.dtd">',
    ],
)
def test_no_declaration_is_passed_over(declaration: bytes) -> None:
    data = declaration + (HEAD + XML_EVENT + TAIL).encode()
    with pytest.raises(EventsInvalidError, match="xml-dtd"):
        list(XmlStream(io.BytesIO(data)))
    with pytest.raises(EventsInvalidError, match="xml-dtd"):
        read_xml(data)


def test_an_event_of_too_many_elements_is_refused_before_it_is_held(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(xml_stream, "MAX_ELEMENTS", 20)
    event = b"<ObjectEvent><epcList>" + b"<epc/>" * 30 + b"</epcList></ObjectEvent>"
    data = HEAD.encode() + event + TAIL.encode()
    with pytest.raises(EventsInvalidError, match="too-many"):
        list(XmlStream(io.BytesIO(data)))


def test_the_context_is_known_with_the_first_event() -> None:
    stream = JsonStream(iter([json.dumps(a_document({"a": 1}, {"b": 2})).encode()]))
    next(iter(stream))
    assert stream.frame["@context"] == a_document()["@context"]
