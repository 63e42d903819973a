"""Shapes of documents that other people's systems write, and that are understood or refused."""

import io
import json
from typing import Any

import pytest

from tests.traceability.events.makers import KEY, LOT, PARTY, PLACE, a_document, an_event
from traceability.clock import now
from traceability.events import hashing
from traceability.events.checking import check
from traceability.events.documents import Document, ReadEvent, read_json
from traceability.events.facts import facts_of
from traceability.events.names import bare_attributes
from traceability.events.namespaces import prefixes
from traceability.events.xml_reading import read_xml
from traceability.events.xml_stream import XmlStream

CERTIFICATE = "https://council.example/certificate/1"
GS1 = "https://gs1.org/voc/"
EVENT = f"""<eventTime>2026-11-20T08:00:00.017069617+07:00</eventTime>
    <eventTimeZoneOffset>+07:00</eventTimeZoneOffset>{{common}}
    <epcList><epc>{KEY.format(1)}</epc></epcList><action>OBSERVE</action>
    <bizStep>urn:epcglobal:cbv:bizstep:shipping</bizStep>{{more}}"""


def xml(
    inside: str, *, version: str = "2.0", header: str = "", root: str = "EPCISDocument",
    dated: str = 'creationDate="2026-11-20T09:00:00Z"',
) -> bytes:  # fmt: skip
    space = "epcis" if root == "EPCISDocument" else "epcis-query"
    body = f"<EventList>{inside}</EventList>"
    if root != "EPCISDocument":
        body = f"<QueryResults><resultsBody>{body}</resultsBody></QueryResults>"
    return f"""<e:{root} xmlns:e="urn:epcglobal:{space}:xsd:{version[0]}" {dated}
        xmlns:gs1="{GS1}" xmlns:vd="https://vidu.example/" schemaVersion="{version}">
        {header}<EPCISBody>{body}</EPCISBody></e:{root}>""".encode()


def an_xml_event(common: str = "", more: str = "") -> str:
    return f"<ObjectEvent>{EVENT.format(common=common, more=more)}</ObjectEvent>"


def faults(document: Document) -> list[tuple[str, str]]:
    return [(f.field, f.code) for each in document.events for f in check(each, now())]


def hashes(document: Document) -> list[str]:
    return [hashing.hash_id(each.body, prefixes(each.context)) for each in document.events]


@pytest.mark.parametrize("root", ["EPCISDocument", "ObjectEvent"])
def test_standard_elements_may_carry_the_prefix_of_epcis(root: str) -> None:
    plain = an_xml_event(more=f"<readPoint><id>{PLACE}</id></readPoint><vd:a>1</vd:a>")
    prefixed = plain.replace("</", "</e:").replace("<e", "<e:e").replace("<e:e:", "<e:")
    for name in ("ObjectEvent", "action", "bizStep", "readPoint", "id"):
        prefixed = prefixed.replace(f"<{name}>", f"<e:{name}>")
    prefixed = prefixed.replace("</e:vd:a>", "</vd:a>")
    if root == "ObjectEvent":
        names = 'xmlns:e="urn:epcglobal:epcis:xsd:2" xmlns:vd="https://vidu.example/"'
        found = read_xml(prefixed.replace("<e:ObjectEvent>", f"<e:ObjectEvent {names}>").encode())
    else:
        found = read_xml(xml(prefixed))
    assert faults(found) == []
    assert hashes(found) == hashes(read_xml(xml(plain)))


def test_certification_may_be_written_out_and_is_the_same_in_xml_and_json() -> None:
    details = {"gs1:CertificationDetails": {"gs1:certificationURI": CERTIFICATE}}
    event = an_event(eventTime="2026-11-20T08:00:00.017069617+07:00", bizStep="shipping")
    one, listed = (
        read_json(json.dumps(a_document({**event, "certificationInfo": given})).encode())
        for given in (details, [details])
    )
    inside = f"<gs1:certificationURI>{CERTIFICATE}</gs1:certificationURI>"
    inside = f"<gs1:CertificationDetails>{inside}</gs1:CertificationDetails>"
    written = read_xml(xml(an_xml_event(f"<certificationInfo>{inside}</certificationInfo>")))
    assert [faults(each) for each in (one, listed, written)] == [[], [], []]
    assert hashes(one) == hashes(listed) == hashes(written)
    plain = read_json(json.dumps(a_document({**event, "certificationInfo": CERTIFICATE})).encode())
    assert hashes(plain) != hashes(one)


@pytest.mark.parametrize("given", [42, {}, {"name": "x"}, [{}], ["no uri"], [None], True])
def test_certification_of_another_form_is_refused(given: Any) -> None:
    document = a_document(an_event(certificationInfo=given))
    assert faults(read_json(json.dumps(document).encode()))


def test_fields_of_all_events_come_first_in_xml() -> None:
    moved = "<ObjectEvent><action>ADD</action>" + an_xml_event()[13:].replace(
        "<action>OBSERVE</action>", ""
    )
    told = [("/epcisBody/eventList/0/eventTime", "events.order")]
    assert faults(read_xml(xml(moved))) == told
    assert faults(read_xml(xml(moved, root="EPCISQueryDocument"))) == []
    swapped = an_xml_event(more="<eventID>urn:vd:1</eventID>")
    assert faults(read_xml(xml(swapped))) == [
        ("/epcisBody/eventList/0/eventID", "events.order")
    ]  # fmt: skip


def test_results_of_a_query_may_lack_their_date() -> None:
    assert not read_xml(xml(an_xml_event(), root="EPCISQueryDocument", dated="")).faults
    found = read_xml(xml(an_xml_event(), dated=""))
    assert [fault.field for fault in found.faults] == ["/creationDate"]


HEADER_OF_1_2 = f"""<EPCISHeader>
    <sbdh:StandardBusinessDocumentHeader
      xmlns:sbdh="http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader">
      <sbdh:HeaderVersion>1.0</sbdh:HeaderVersion></sbdh:StandardBusinessDocumentHeader>
    <extension><EPCISMasterData><VocabularyList>
      <Vocabulary type="urn:epcglobal:epcis:vtype:Location"><VocabularyElementList>
        <VocabularyElement id="{PLACE}">
          <attribute id="urn:epcglobal:cbv:mda#name">Kho Ví Dụ</attribute>
        </VocabularyElement></VocabularyElementList></Vocabulary>
    </VocabularyList></EPCISMasterData></extension>
    <vd:statement><vd:affirmed>true</vd:affirmed></vd:statement></EPCISHeader>"""
TRANSFORMATION_OF_1_2 = f"""<extension><TransformationEvent>
    <eventTime>2026-11-20T08:00:00Z</eventTime><eventTimeZoneOffset>+07:00</eventTimeZoneOffset>
    <baseExtension><eventID>urn:vd:1</eventID></baseExtension>
    <inputQuantityList><quantityElement><epcClass>{LOT}</epcClass><quantity>2</quantity>
      </quantityElement></inputQuantityList>
    <outputEPCList><epc>{KEY.format(1)}</epc></outputEPCList>
    <destinationList><destination type="urn:epcglobal:cbv:sdt:owning_party">{PARTY}</destination>
      </destinationList>
    <ilmd><vd:lot>7</vd:lot></ilmd>
    <extension><sensorElementList><sensorElement>
      <sensorMetadata time="2026-11-20T08:00:00Z" vd:more="x"/>
      <sensorReport type="gs1:Temperature" value="26.0" uom="CEL" component="vd:x"/>
      </sensorElement></sensorElementList></extension>
    </TransformationEvent></extension>"""


def test_a_document_of_1_2_with_everything_in_extensions_is_read() -> None:
    found = read_xml(xml(TRANSFORMATION_OF_1_2, version="1.2", header=HEADER_OF_1_2))
    assert faults(found) == []
    (event,) = found.events
    assert (event.body["eventID"], event.body["ilmd"]) == ("urn:vd:1", {"vd:lot": "7"})
    report = event.body["sensorElementList"][0]["sensorReport"][0]
    assert (report["type"], report["value"]) == ("Temperature", 26)
    (vocabulary,) = found.master_data
    (element,) = vocabulary["vocabularyElementList"]
    assert element["attributes"][0]["attribute"] == "Kho Ví Dụ"


def test_a_name_of_master_data_of_1_2_is_known_by_its_bare_word() -> None:
    found = read_xml(xml(TRANSFORMATION_OF_1_2, version="1.2", header=HEADER_OF_1_2))
    (element,) = found.master_data[0]["vocabularyElementList"]
    assert bare_attributes(element["attributes"]) == {"name": "Kho Ví Dụ"}


@pytest.mark.parametrize(
    ("element", "field"),
    [
        ({}, "id"), ({"id": 7}, "id"),
        ({"id": PLACE, "attributes": "x"}, "attributes"),
        ({"id": PLACE, "attributes": ["x"]}, "attributes"),
        ({"id": "urn:vd:\0"}, "id"), ({"id": PLACE, "children": ["urn:vd:\0"]}, "children"),
        ({"id": PLACE, "children": {}}, "children"), ({"id": PLACE, "children": [7]}, "children"),
    ],
)  # fmt: skip
def test_master_data_of_another_form_are_refused(element: dict[str, Any], field: str) -> None:
    header = {"epcisMasterData": {"vocabularyList": [
        {"type": "urn:epcglobal:epcis:vtype:Location", "vocabularyElementList": [element]},
    ]}}  # fmt: skip
    found = read_json(json.dumps(a_document(an_event(), epcisHeader=header)).encode())
    place = "/epcisHeader/epcisMasterData/vocabularyList/0/vocabularyElementList/0"
    assert [fault.field for fault in found.faults] == [f"{place}/{field}"]


@pytest.mark.parametrize(
    "fields",
    [
        {"sensorElementList": ["x"]}, {"sensorElementList": [{"sensorReport": [7]}]},
        {"ilmd": ["x"]}, {"vd:a": "http://[::1"}, {"epcList": ["http://[::1"]},
    ],
)  # fmt: skip
def test_the_hash_of_anything_can_be_asked_for(fields: dict[str, Any]) -> None:
    event = an_event(**fields)
    assert len(hashes(Document([ReadEvent(event)]))) == 1


def test_what_a_sensor_says_need_not_be_a_key_that_is_whole() -> None:
    report = {"type": "vd:Seen", "uriValue": "https://id.gs1.org/01/"}
    document = a_document(an_event(sensorElementList=[{"sensorReport": [report]}]))
    found = read_json(json.dumps(document).encode())
    assert faults(found) == []
    assert ("uriValue", "https://id.gs1.org/01/") in facts_of(found.events[0]).values


def test_a_transformation_that_is_named_by_a_broken_key_is_refused_with_its_place() -> None:
    event = an_event(
        type="TransformationEvent", action=None, epcList=None, inputEPCList=[KEY.format(1)],
        transformationID="https://id.gs1.org/01/",
    )  # fmt: skip
    told = faults(read_json(json.dumps(a_document(event)).encode()))
    assert [place for place, _ in told] == ["/epcisBody/eventList/0/transformationID"]


def test_an_element_that_sensor_data_do_not_have_is_named() -> None:
    inside = '<sensorReport type="gs1:Temperature" value="4" uom="CEL"/><colour>red</colour>'
    listed = f"<sensorElementList><sensorElement>{inside}</sensorElement></sensorElementList>"
    place = "/epcisBody/eventList/0/sensorElementList/0/colour"
    assert faults(read_xml(xml(an_xml_event(more=listed)))) == [(place, "events.field-unknown")]


def test_an_epc_that_stands_twice_in_xml_is_one() -> None:
    twice = an_xml_event().replace("</epcList>", f"<epc>{KEY.format(1)}</epc></epcList>")
    found = read_xml(xml(twice))
    assert faults(found) == []
    assert hashes(found) == hashes(read_xml(xml(an_xml_event())))


def test_linked_data_inside_fields_of_others_is_kept_as_it_is() -> None:
    told = [{"@id": LOT, "@type": "gs1:Product", "expirationDate": "2026-12-01",
             "schema:about": {"schema:name": "Ví Dụ", "schema:open": False}}]  # fmt: skip
    document = a_document(an_event(**{"gs1:masterDataAvailableFor": told}))
    found = read_json(json.dumps(document).encode())
    assert faults(found) == []
    assert found.events[0].body["gs1:masterDataAvailableFor"] == told


@pytest.mark.parametrize(
    "fields",
    [
        {"bizStep": "transforming"}, {"disposition": "in_transport"}, {"action": "OBSERV"},
        {"sourceList": [{"type": "place", "source": PLACE}]}, {"ilmd": {"materialType": "soil"}},
        {"eventTime": "22-07-2026"}, {"madeUpField": "x"}, {"epcList": None},
        {"quantityList": [{"epcClass": LOT, "quantity": "7"}]},
        {"quantityList": [{"epcClass": LOT, "colour": "red"}]},
        {"type": "QuantityEvent"}, {"eventTimeZoneOffset": None},
    ],
)  # fmt: skip
def test_near_misses_are_refused(fields: dict[str, Any]) -> None:
    assert faults(read_json(json.dumps(a_document(an_event(**fields))).encode()))


@pytest.mark.parametrize(
    "fields",
    [
        {"bizStep": "https://shop.example/steps/inspecting"}, {"bizStep": "vd:wrapping"},
        {"destinationList": [{"type": "cbv:my_own_party", "destination": PARTY}]},
        {"bizTransactionList": [{"bizTransaction": "urn:epcglobal:cbv:bt:9520000000004:1"}]},
        {"epcList": [], "quantityList": [{"epcClass": LOT, "quantity": 2.5, "uom": "KGM"}]},
        {"rdfs:comment": "Ví dụ"}, {"recordTime": "2026-11-20T08:00:00.000Z"},
    ],
)  # fmt: skip
def test_words_and_fields_of_others_are_accepted(fields: dict[str, Any]) -> None:
    assert faults(read_json(json.dumps(a_document(an_event(**fields))).encode())) == []


@pytest.mark.parametrize(
    "document",
    [
        xml(an_xml_event(more="<eventID>urn:vd:1</eventID>")),
        xml(an_xml_event(), root="EPCISQueryDocument", dated=""),
        xml(TRANSFORMATION_OF_1_2, version="1.2", header=HEADER_OF_1_2),
        xml(an_xml_event().replace("ObjectEvent>", "e:ObjectEvent>")),
    ],
    ids=["out of order", "undated results", "1.2", "prefixed"],
)  # fmt: skip
def test_read_in_pieces_they_are_the_same(document: bytes) -> None:
    whole, stream = read_xml(document), XmlStream(io.BytesIO(document))
    assert list(stream) == list(whole.events)
    assert stream.master_data == list(whole.master_data)
