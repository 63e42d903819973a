"""Events written in XML: what is read again is the same event, and the schema's order is kept."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from tests.app.epcis.test_round_trip import KINDS, whole
from tests.shared_material import SHARED, needs_shared
from tests.traceability.events.makers import LOT, PARTY, PLACE, an_event, read
from traceability.clock import now
from traceability.events import hashing
from traceability.events.checking import check
from traceability.events.documents import ReadEvent, read_json
from traceability.events.faults import EventsInvalidError, NotInXmlError
from traceability.events.namespaces import prefixes
from traceability.events.vocabulary import XML_MDA
from traceability.events.xml_parsing import parse
from traceability.events.xml_reading import read_xml
from traceability.events.xml_table import INSIDE, ORDER
from traceability.events.xml_writing import CbvFormat, event_xml

CORPUS = SHARED / "corpora" / "epcis"
SCHEMA = CORPUS / "gs1-epcis" / "xsd" / "EPCglobal-epcis-2_0.xsd"
XS = "{http://www.w3.org/2001/XMLSchema}"
NAMES = {**prefixes(()), "vd": "https://vidu.example/"}


def again(event: dict[str, Any], names: dict[str, str] = NAMES) -> ReadEvent:
    """The event that a reader finds in what is written."""
    (found,) = read_xml(event_xml(event, names)).events
    return found


def hashed(event: dict[str, Any], context: Any) -> str:
    return hashing.hash_id(event, prefixes(context))


def meant(value: Any) -> Any:
    """A value as JSON-LD means it: a list of one is its value, an empty one nothing.

    Numbers of other namespaces are read from XML as their text, compact words as bare ones.
    """
    if isinstance(value, dict):
        fields = {name: meant(each) for name, each in value.items() if name != "@context"}
        return {name: each for name, each in fields.items() if each is not None}
    if isinstance(value, list):
        told = [meant(each) for each in value if each is not None]
        return told if len(told) > 1 else told[0] if told else None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value.removeprefix("cbv:Comp-")
    return hashing.number_text(value) if isinstance(value, int | float) else value


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_of_every_kind_is_read_again(kind: str) -> None:
    event = whole(kind)
    found = again(event)
    assert found.body == event
    assert hashed(found.body, found.context) == hashed(event, [NAMES])


@pytest.mark.parametrize(
    "fields",
    [
        {"vd:count": 7, "vd:share": 0.25, "vd:small": 1e-9, "vd:open": False, "vd:none": ""},
        {"vd:parts": ["1", {"vd:deep": {"plain": "2", "vd:x": ["3", "4"]}}, 5]},
        {"ilmd": {"cbvmda:netWeight": {"#text": "3.5", "measurementUnitCode": "KGM"}},
         "action": "ADD"},
        {"ilmd": {}, "action": "ADD"},
        {"epcList": []},
        {"certificationInfo": "https://vidu.example/1"},
        {"certificationInfo": [{"gs1:certificationDetails": {"gs1:certificationURI": PLACE}}]},
        {"certificationInfo": ["https://vidu.example/1", "https://vidu.example/2"]},
        {"quantityList": [{"epcClass": LOT}, {"epcClass": LOT, "quantity": 2},
                          {"epcClass": LOT, "uom": "KGM"},
                          {"epcClass": LOT, "quantity": 0.0000001, "uom": "KGM"}]},
        {"bizTransactionList": [{"bizTransaction": "urn:vd:1"}], "sourceList": []},
        {"bizStep": "vd:wrapping", "disposition": "https://vidu.example/d"},
        {"sourceList": [{"type": "vd:side", "source": PARTY}]},
        {"readPoint": {"id": PLACE, "vd:gate": {"vd:number": "7"}}},
        {"errorDeclaration": {"declarationTime": "2026-11-21T08:00:00Z", "correctiveEventIDs": [],
                              "vd:by": "x"}},
        {"persistentDisposition": {"unset": ["damaged"]}},
        {"sensorElementList": [{"sensorReport": [{"type": "gs1:MT-X", "stringValue": ' "<&\t '}],
                                "vd:more": {"vd:x": "1"}}]},
        {"rdfs:comment": "Vải thiều"},
        {"vd:about": [{"@id": LOT, "@type": "gs1:Product", "expirationDate": "2026-12-01",
                       "schema": {"@id": "https://vidu.example/"}}, {"@id": LOT}]},
        {"vd:text": "<a>&amp;]]></a> \r\n ế"},
    ],
)  # fmt: skip
def test_what_is_written_is_the_same_event(fields: dict[str, Any]) -> None:
    event = an_event(**fields)
    assert not list(check(read(event).events[0], now()))
    found = again(event)
    assert hashed(found.body, found.context) == hashed(event, [NAMES])
    assert meant(found.body) == meant(stripped(event))


def stripped(value: Any) -> Any:
    """White space at the ends of a text says nothing to a reader, nor to the hash."""
    if isinstance(value, dict):
        return {name: stripped(each) for name, each in value.items()}
    if isinstance(value, list):
        return [stripped(each) for each in value]
    return value.strip() if isinstance(value, str) else value


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"zz:truck": "29C"}, "zz:truck"),
        ({"https://vidu.example/truck": "29C"}, "https://vidu.example/truck"),
        ({"vd:a/b": "1"}, "vd:a/b"),
        ({"vd:1": "1"}, "vd:1"),
        ({"own:field": "1"}, "own:field"),
        ({"vd:load": {}}, "vd:load"),
        ({"vd:load": {"vd:part": [None]}}, "vd:load"),
        ({"vd:load": {"two words": "1"}}, "vd:load"),
        ({"vd:load": {"#text": None, "vd:a": "1"}}, "vd:load"),
        ({"vd:about": {"@value": "7", "@type": "vd:Number"}}, "vd:about"),
        ({"vd:about": {"@type": ["vd:A", "vd:B"]}}, "vd:about"),
        ({"vd:about": {"@context": {"x": "urn:x:"}, "vd:a": "1"}}, "vd:about"),
        ({"masterDataAvailableFor": [{"@graph": LOT}]}, "masterDataAvailableFor"),
        ({"vd:bell": "\a"}, "vd:bell"),
        ({"readPoint": {"id": PLACE, "zz:gate": "7"}}, "readPoint"),
        ({"sensorElementList": [{"sensorReport": [{"type": "Mass", "vd:x": {"vd:y": "1"}}]}]},
         "sensorElementList"),
        ({"sensorElementList": [{"sensorReport": [{"type": "Mass", "vd:x": [{"vd:y": "1"}]}]}]},
         "sensorElementList"),
        ({"sensorElementList": [{"sensorReport": [{"type": "Mass", "vd:x": ["1", "2"]}]}]},
         "sensorElementList"),
        ({"sensorElementList": [{"sensorReport": [{"type": "Mass", "vd:x": "1", "v:x": "2"}]}]},
         "sensorElementList"),
    ],
)  # fmt: skip
def test_what_xml_has_no_place_for_is_refused_by_name(fields: dict[str, Any], field: str) -> None:
    event = an_event(eventID="urn:vd:1", **fields)
    names = {**NAMES, "own": "urn:epcglobal:epcis:xsd:2", "v": "https://vidu.example/"}
    with pytest.raises(NotInXmlError) as refused:
        event_xml(event, names)
    assert refused.value.arguments == {"event_id": "urn:vd:1", "field": field}


def test_data_of_lots_are_written_under_the_vocabulary_of_gs1() -> None:
    told = {"@id": LOT, "@type": "gs1:Product", "gs1:expirationDate": "2026-12-01"}
    event = an_event(masterDataAvailableFor=[told])
    found = again(event)
    assert found.body["gs1:masterDataAvailableFor"] == told
    assert hashed(found.body, found.context) == hashed(event, [NAMES])


def test_a_namespace_that_is_none_is_refused() -> None:
    for space in ("not a namespace", ""):
        with pytest.raises(NotInXmlError):
            event_xml(an_event(**{"vd:x": "1"}), {"vd": space})
        assert event_xml(an_event(), {"vd": space})


def test_a_number_of_another_namespace_says_that_it_is_one() -> None:
    names = {"xsd": "https://vidu.example/"}  # not that of XML Schema: it may stand for anything
    root = parse(event_xml(an_event(**{"xsd:x": [7, 0.5, True, "7"]}), names))
    found = root.findall("{https://vidu.example/}x")
    kinds = [each.get("{http://www.w3.org/2001/XMLSchema-instance}type") for each in found]
    assert kinds == ["xsd:integer", "xsd:double", "xsd:boolean", None]
    assert {each.nsmap["xsd"] for each in found[:3]} == {"http://www.w3.org/2001/XMLSchema"}
    assert [each.text for each in found] == ["7", "0.5", "true", "7"]


def test_an_event_keeps_the_namespace_of_master_data_that_its_hash_has() -> None:
    event = an_event(action="ADD", ilmd={"cbvmda:lotNumber": "L7"})
    for context in ((), ({"cbvmda": XML_MDA},)):
        found = again(event, dict(prefixes(context)))
        assert hashed(found.body, found.context) == hashed(event, context)


def test_words_are_spelt_as_they_are_asked_for() -> None:
    event = whole("ObjectEvent")
    told = {form: event_xml(event, NAMES, form).decode() for form in CbvFormat}
    assert "https://ref.gs1.org/cbv/BizStep-inspecting" in told[CbvFormat.WEB]
    assert "urn:epcglobal:cbv:bizstep:inspecting" in told[CbvFormat.URN]
    assert "urn:epcglobal:cbv" not in told[CbvFormat.WEB].replace("urn:epcglobal:cbv:mda", "")
    for text in told.values():
        (found,) = read_xml(text.encode()).events
        assert found.body == event


def test_times_are_written_as_the_schema_has_them() -> None:
    event = an_event(eventTime="2026-11-20t08:00:00z")
    assert "<eventTime>2026-11-20T08:00:00Z</eventTime>" in event_xml(event, {}).decode()


_NAMES = st.sampled_from(["vd:a", "vd:b", "cbvmda:c", "plain", "zz:d", "@id", "#text"])
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=8)
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_NAMES, inner, max_size=3),
    max_leaves=8,
)  # fmt: skip


@given(_VALUES)
def test_a_field_of_others_is_written_whole_or_not_at_all(value: Any) -> None:
    event = an_event(**{"vd:field": value}) if value is not None else an_event()
    try:
        found = again(event)
    except NotInXmlError:
        return
    assert hashed(found.body, found.context) == hashed(event, [NAMES])


def documents() -> Iterator[Path]:
    return (
        each for each in sorted(CORPUS.rglob("*")) if each.suffix in (".json", ".jsonld", ".xml")
    )


def events_of(path: Path) -> list[ReadEvent]:
    """The good events of a published document; none of what is no document of events."""
    try:
        data = path.read_bytes()
        document = read_xml(data) if path.suffix == ".xml" else read_json(data)
    except EventsInvalidError:
        return []
    return [each for each in document.events if not list(check(each, now()))]


@needs_shared
def test_every_event_of_the_published_documents_is_read_again() -> None:
    seen = 0
    for path in documents():
        for number, each in enumerate(events_of(path)):
            names = prefixes(each.context)
            (found,) = read_xml(event_xml(each.body, names)).events
            here = f"{path.name} {number}"
            assert hashed(found.body, found.context) == hashing.hash_id(each.body, names), here
            assert meant(found.body) == meant(stripped(each.body)), here
            seen += 1
    assert seen > 150


@needs_shared
def test_what_is_written_is_valid_by_the_schema_of_epcis() -> None:
    schema = etree.XMLSchema(file=str(SCHEMA))
    events = [(kind, whole(kind), NAMES) for kind in KINDS]
    events += [(path.name, each.body, dict(prefixes(each.context)))
               for path in documents() for each in events_of(path)]  # fmt: skip
    for name, event, names in events:
        for cbv in CbvFormat:
            listed = event_xml(event, names, cbv).decode()
            document = f"""<e:EPCISDocument xmlns:e="urn:epcglobal:epcis:xsd:2" schemaVersion="2.0"
                creationDate="2026-11-23T08:00:00Z"><EPCISBody><EventList>{listed}</EventList>
                </EPCISBody></e:EPCISDocument>"""
            assert schema.validate(etree.fromstring(document)), f"{name}: {schema.error_log}"


@needs_shared
def test_the_order_of_fields_is_that_of_the_schema() -> None:
    schema = etree.parse(SCHEMA).getroot()

    def sequence(name: str) -> tuple[str, ...]:
        found = schema.iterfind(f"{XS}complexType[@name='{name}']//{XS}element")
        names = (str(each.get("name")) for each in found)
        return tuple(name for name in names if name not in ("extension", "baseExtension"))

    common = sequence("EPCISEventType")
    assert {kind: common + sequence(f"{kind}Type") for kind in ORDER} == dict(ORDER)
    inside = {"readPoint": "ReadPoint", "bizLocation": "BusinessLocation", "ilmd": "ILMD",
              "persistentDisposition": "PersistentDisposition", "sensorElement": "SensorElement",
              "errorDeclaration": "ErrorDeclaration"}  # fmt: skip
    assert {name: sequence(f"{each}Type") for name, each in inside.items()} == dict(INSIDE)
