import io

import pytest

from traceability.clock import now
from traceability.events.checking import check
from traceability.events.faults import EventsInvalidError
from traceability.events.xml_reading import read_xml
from traceability.events.xml_stream import XmlStream

ATTRIBUTES = 'schemaVersion="2.0" creationDate="2026-11-20T00:00:00Z"'


def document(
    events: str, version: int = 2, names: str = 'xmlns:vd="https://vidu.example/"'
) -> bytes:
    return (
        f'<e:EPCISDocument xmlns:e="urn:epcglobal:epcis:xsd:{version}" {names} {ATTRIBUTES}>'
        f"<EPCISBody><EventList>{events}</EventList></EPCISBody></e:EPCISDocument>"
    ).encode()


TIME = (
    "<eventTime>2026-11-20T08:00:00+07:00</eventTime>"
    "<eventTimeZoneOffset>+07:00</eventTimeZoneOffset>"
)
FULL = f"""<ObjectEvent>{TIME}
  <eventID>urn:vd:1</eventID>
  <errorDeclaration><declarationTime>2026-11-21T08:00:00Z</declarationTime>
    <reason>urn:epcglobal:cbv:er:incorrect_data</reason>
    <correctiveEventIDs><correctiveEventID>urn:vd:2</correctiveEventID></correctiveEventIDs>
  </errorDeclaration>
  <certificationInfo>https://vidu.example/c</certificationInfo>
  <epcList><epc>urn:epc:id:sgtin:952000.0123456.A1</epc></epcList>
  <action>ADD</action>
  <bizStep>urn:epcglobal:cbv:bizstep:commissioning</bizStep>
  <persistentDisposition><set>urn:epcglobal:cbv:disp:conformant</set></persistentDisposition>
  <readPoint><id>urn:epc:id:sgln:952000.000000.0</id><vd:gate>2</vd:gate></readPoint>
  <bizTransactionList><bizTransaction type="urn:epcglobal:cbv:btt:po">urn:vd:po</bizTransaction>
  </bizTransactionList>
  <quantityList><quantityElement><epcClass>urn:epc:class:lgtin:952000.0123456.L7</epcClass>
    <quantity>2.50</quantity><uom>KGM</uom></quantityElement></quantityList>
  <sourceList>
    <source type="urn:epcglobal:cbv:sdt:owning_party">urn:epc:id:pgln:952000.000000</source>
  </sourceList>
  <sensorElementList><sensorElement><sensorMetadata time="2026-11-20T00:00:00Z"/>
    <sensorReport type="gs1:Temperature" value="4.0" uom="CEL" booleanValue="true" vd:by="An"/>
  </sensorElement></sensorElementList>
  <ilmd><vd:grade>A</vd:grade></ilmd>
  <vd:truck plate="29C"><driver>An</driver><driver>Ba</driver></vd:truck>
</ObjectEvent>"""


def test_an_event_of_xml_is_the_event_of_json() -> None:
    read = read_xml(document(FULL)).events[0]
    assert read.body == {
        "type": "ObjectEvent", "eventTime": "2026-11-20T08:00:00+07:00",
        "eventTimeZoneOffset": "+07:00", "eventID": "urn:vd:1",
        "errorDeclaration": {
            "declarationTime": "2026-11-21T08:00:00Z", "reason": "incorrect_data",
            "correctiveEventIDs": ["urn:vd:2"],
        },
        "certificationInfo": ["https://vidu.example/c"],
        "epcList": ["urn:epc:id:sgtin:952000.0123456.A1"], "action": "ADD",
        "bizStep": "commissioning", "persistentDisposition": {"set": ["conformant"]},
        "readPoint": {"id": "urn:epc:id:sgln:952000.000000.0", "vd:gate": "2"},
        "bizTransactionList": [{"type": "po", "bizTransaction": "urn:vd:po"}],
        "quantityList": [
            {"epcClass": "urn:epc:class:lgtin:952000.0123456.L7", "quantity": 2.5, "uom": "KGM"}
        ],
        "sourceList": [{"type": "owning_party", "source": "urn:epc:id:pgln:952000.000000"}],
        "sensorElementList": [{
            "sensorMetadata": {"time": "2026-11-20T00:00:00Z"},
            "sensorReport": [{
                "type": "Temperature", "value": 4, "uom": "CEL", "booleanValue": True,
                "vd:by": "An",
            }],
        }],
        "ilmd": {"vd:grade": "A"},
        "vd:truck": {"plate": "29C", "driver": ["An", "Ba"]},
    }  # fmt: skip
    assert read.context == ({"vd": "https://vidu.example/"},)
    assert check(read, now()) == []


def test_what_epcis_1_keeps_in_extensions_stands_beside_the_rest() -> None:
    event = f"""<ObjectEvent>{TIME}<baseExtension><eventID>urn:vd:1</eventID></baseExtension>
      <epcList/><action>OBSERVE</action><extension><quantityList><quantityElement>
      <epcClass>urn:epc:class:lgtin:952000.0123456.L7</epcClass><quantity>1</quantity>
      </quantityElement></quantityList></extension></ObjectEvent>"""
    body = read_xml(document(event, version=1)).events[0].body
    assert body["eventID"] == "urn:vd:1"
    assert body["quantityList"][0]["quantity"] == 1


def test_a_transformation_of_epcis_1_is_found_in_its_wrapper() -> None:
    event = f"<extension><TransformationEvent>{TIME}</TransformationEvent></extension>"
    assert read_xml(document(event, version=1)).events[0].body["type"] == "TransformationEvent"


def test_a_quantity_event_of_epcis_1_is_an_observation_of_a_class() -> None:
    event = (
        f"<QuantityEvent>{TIME}<epcClass>urn:vd:c</epcClass><quantity>3</quantity></QuantityEvent>"
    )
    body = read_xml(document(event, version=1)).events[0].body
    assert (body["type"], body["action"]) == ("ObjectEvent", "OBSERVE")
    assert body["quantityList"] == [{"epcClass": "urn:vd:c", "quantity": 3}]


def test_one_prefix_for_two_namespaces_becomes_two() -> None:
    event = (
        f'<ObjectEvent>{TIME}<a:x xmlns:a="https://one.example/">1</a:x>'
        '<a:x xmlns:a="https://two.example/">2</a:x></ObjectEvent>'
    )
    read = read_xml(document(event)).events[0]
    assert read.context == ({"a": "https://one.example/", "a2": "https://two.example/"},)
    assert (read.body["a:x"], read.body["a2:x"]) == ("1", "2")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"<a>", "events.xml"),
        (b"<a/>", "events.document-type"),
        (document(FULL).replace(b">An<", b">\xe9<"), "events.xml-encoding"),
        (document("").decode().encode("utf-16")[:-1], "events.xml-encoding"),
        ('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'.encode("utf-16"), "events.xml-dtd"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]>' + document("&b;"), "events.xml-dtd"),
        (b'<!DOCTYPE a SYSTEM "file:///etc/hostname">' + document(""), "events.xml-dtd"),
        (document("").replace(b":xsd:2", b":xsd:7"), "events.document-type"),
    ],
)
def test_what_is_no_document_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(EventsInvalidError) as refused:
        read_xml(data)
    assert refused.value.code == code


def test_a_fault_of_the_root_hides_no_event() -> None:
    event = f"<ObjectEvent>{TIME}<action>ADD</action></ObjectEvent>"
    found = read_xml(document(event).replace(b"schemaVersion", b"version"))
    assert [(fault.field, fault.code) for fault in found.faults] == [
        ("/schemaVersion", "events.field-missing")
    ]
    assert found.events[0].body["action"] == "ADD"


def test_master_data_are_read_from_a_document_of_their_own() -> None:
    data = f"""<m:EPCISMasterDataDocument {ATTRIBUTES}
      xmlns:m="urn:epcglobal:epcis-masterdata:xsd:2">
      <EPCISBody><VocabularyList><Vocabulary type="urn:epcglobal:epcis:vtype:ReadPoint">
      <VocabularyElementList><VocabularyElement id="urn:vd:site"><attribute id="urn:vd:name">Kho
      </attribute><children><id>urn:vd:gate</id></children></VocabularyElement>
      </VocabularyElementList></Vocabulary></VocabularyList></EPCISBody>
      </m:EPCISMasterDataDocument>""".encode()
    assert read_xml(data).master_data == [{
        "type": "urn:epcglobal:epcis:vtype:ReadPoint",
        "vocabularyElementList": [{
            "id": "urn:vd:site", "attributes": [{"id": "urn:vd:name", "attribute": "Kho"}],
            "children": ["urn:vd:gate"],
        }],
    }]  # fmt: skip


CITY = f"<ObjectEvent>{TIME}<vd:city>Huế, thành phố</vd:city></ObjectEvent>"
PLAIN = f"<ObjectEvent>{TIME}<vd:city>Nîmes</vd:city></ObjectEvent>"


@pytest.mark.parametrize(
    ("declared", "encoding", "event", "city"),
    [
        ("UTF-16", "utf-16", CITY, "Huế, thành phố"),
        ("UTF-16", "utf-8", CITY, "Huế, thành phố"),  # transcoded on its way
        ("utf-8", "utf-8-sig", CITY, "Huế, thành phố"),
        ("ISO-8859-1", "latin-1", PLAIN, "Nîmes"),
        ("windows-1252", "cp1252", PLAIN, "Nîmes"),
    ],
)
def test_a_document_is_read_in_the_encoding_that_it_is_in(
    declared: str, encoding: str, event: str, city: str
) -> None:
    text = f'<?xml version="1.0" encoding="{declared}"?>{document(event).decode()}'
    (read,) = read_xml(text.encode(encoding)).events
    assert read.body["vd:city"] == city


def test_events_of_1_2_may_be_wrapped_under_any_prefix() -> None:
    inside = f"<e:extension><e:TransformationEvent>{TIME}</e:TransformationEvent></e:extension>"
    (read,) = read_xml(document(inside, version=1)).events
    assert read.body["type"] == "TransformationEvent"


@pytest.mark.parametrize(
    ("created", "codes"),
    [
        ("2026-11-20T00:00:00", []),
        ("2026-11-20T00:00:00.5+07:00", []),
        ("2026-11-20", ["events.time-format"]),
        ("2026-02-30T00:00:00", ["events.no-such-time"]),
        ("2026-02-30T00:00:00Z", ["events.no-such-time"]),
    ],
)
def test_the_date_of_a_document_may_lack_an_offset_as_its_schema_has_it(
    created: str, codes: list[str]
) -> None:
    told = document(FULL).replace(b"2026-11-20T00:00:00Z", created.encode(), 1)
    faults = read_xml(told).faults
    assert [each.code for each in faults] == codes


def test_a_bare_uuid_names_an_event_as_its_urn_does() -> None:
    uuid = "5d3f2a10-7c3b-4e55-9a41-0c5b8e1d2f30"
    told = FULL.replace("urn:vd:1", uuid).replace("urn:vd:2", uuid)
    (read,) = read_xml(document(told)).events
    assert read.body["eventID"] == f"urn:uuid:{uuid}"
    assert read.body["errorDeclaration"]["correctiveEventIDs"] == [f"urn:uuid:{uuid}"]
    assert check(read, now()) == []


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("xsd:integer", "7", 7),
        ("xsd:double", "0.5", 0.5),
        ("xsd:decimal", "2.50", 2.5),
        ("xsd:boolean", "false", False),
        ("xsd:string", "7", "7"),
        ("xsd:dateTime", "2026-11-20T00:00:00Z", "2026-11-20T00:00:00Z"),
        ("vd:integer", "7", "7"),  # not of XML Schema
        ("xsd:integer", "12345678901234567890", "12345678901234567890"),
        ("xsd:double", "0.12345678901234567890", "0.12345678901234567890"),
        ("xsd:double", "INF", "INF"),
        ("xsd:integer", "1_0", "1_0"),
        ("xsd:boolean", "yes", "yes"),
    ],
)
def test_a_declared_type_makes_a_number_of_what_json_can_hold(
    kind: str, text: str, value: object
) -> None:
    spaces = (
        'xmlns:vd="https://vidu.example/" xmlns:xsd="http://www.w3.org/2001/XMLSchema" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    )
    event = f'<ObjectEvent>{TIME}<vd:a xsi:type="{kind}">{text}</vd:a></ObjectEvent>'
    (read,) = read_xml(document(event, names=spaces)).events
    assert read.body["vd:a"] == value
    assert type(read.body["vd:a"]) is type(value)


@pytest.mark.parametrize("text", ["1_0", "nan", "١٢", "0x10", ""])
def test_what_python_alone_takes_for_a_number_is_none(text: str) -> None:
    (read,) = read_xml(document(FULL.replace("2.50", text))).events
    assert [each.field for each in check(read, now())] == [
        "/epcisBody/eventList/0/quantityList/0/quantity"
    ]


def test_a_document_sets_fields_aside_in_xml_as_in_json() -> None:
    said = "<vd:ignoreFields><vd:note/><vd:number/></vd:ignoreFields>"
    told = document(FULL).replace(b"<EPCISBody>", f"{said}<EPCISBody>".encode())
    assert read_xml(told).ignored == {"vd:note", "vd:number"}
    stream = XmlStream(io.BytesIO(told))
    assert list(stream) == list(read_xml(told).events)
    assert stream.ignored == {"vd:note", "vd:number"}
    inside = document(FULL.replace("<vd:truck", f"{said}<vd:truck", 1))  # that is the event's own
    assert read_xml(inside).ignored == frozenset()
