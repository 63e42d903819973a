"""Prefixes are a sender's own choice: what counts is the namespace, in XML as in JSON-LD."""

import json
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from tests.traceability.events.makers import KEY, a_document, an_event
from tests.traceability.events.test_documents_of_others import faults, hashes
from traceability.events.documents import Document, read_json
from traceability.events.facts import facts_of
from traceability.events.namespaces import prefixes
from traceability.events.queries import Found
from traceability.events.rendering import EpcFormat, shown
from traceability.events.tracing.lots import memberships
from traceability.events.visibility import View
from traceability.events.xml_reading import read_xml

MDA = "urn:epcglobal:cbv:mda"
LOT_OF_KEY = "https://id.gs1.org/01/09520001234569/10/L7"


def of_xml(more: str, **spaces: str) -> Document:
    declared = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in spaces.items())
    return read_xml(
        f"""<ObjectEvent {declared}><eventTime>2026-11-20T08:00:00+07:00</eventTime>
        <eventTimeZoneOffset>+07:00</eventTimeZoneOffset><epcList><epc>{KEY.format(1)}</epc>
        </epcList><action>ADD</action>{more}</ObjectEvent>""".encode()
    )


def of_json(context: dict[str, str] | None = None, **fields: Any) -> Document:
    event = an_event(action="ADD", **fields)
    return read_json(json.dumps({"@context": context or {}, **event}).encode())


def lots(document: Document) -> set[str]:
    facts = facts_of(document.events[0])
    return {lot for _, lot in memberships(facts.type, facts.action, facts.epcs, facts.body)}


def given_out(document: Document) -> dict[str, Any]:
    body = facts_of(document.events[0]).body
    found = Found(1, body, datetime(2026, 11, 20, tzinfo=UTC), "urn:vd:1", View.FULL)
    return shown(found, EpcFormat.AS_SENT)


@pytest.mark.parametrize("uri", ["https://ref.gs1.org/voc/", "https://gs1.org/voc/"])
def test_gs1_s_own_fields_of_xml_are_those_that_json_has(uri: str) -> None:
    told = of_xml("<g:data><id>https://vidu.example/1</id></g:data>", g=uri)
    assert "@context" not in given_out(told)
    assert hashes(told) == hashes(of_json(**{"gs1:data": {"id": "https://vidu.example/1"}}))


def test_master_data_of_xml_go_out_under_the_prefix_of_gs1_s_context() -> None:
    event = given_out(of_xml("<ilmd><m:lotNumber>L7</m:lotNumber></ilmd>", m=MDA))
    assert event["ilmd"] == {"cbvmda:lotNumber": "L7"}
    assert "@context" not in event


def test_a_prefix_of_gs1_s_may_stand_for_something_else() -> None:
    own = "https://vidu.example/own/"
    told = of_xml("<gs1:a>1</gs1:a><g:b>2</g:b>", gs1=own, g="https://gs1.org/voc/")
    event = given_out(told)
    assert (event["gs1:a"], event["gs12:b"]) == ("1", "2")
    assert prefixes(event["@context"])["gs1"] == own


@pytest.mark.parametrize(
    "told",
    [
        of_xml("<ilmd><cbvmda:lotNumber>L7</cbvmda:lotNumber></ilmd>", cbvmda=MDA),
        of_xml("<ilmd><ns0:lotNumber>L7</ns0:lotNumber></ilmd>", ns0=MDA),
        of_xml("<ilmd><a:lotNumber>L7</a:lotNumber></ilmd>", a=f"{MDA}:"),
        of_xml('<ilmd><a:lotNumber x="1">L7</a:lotNumber></ilmd>', a=MDA),
        of_json(ilmd={"cbvmda:lotNumber": "L7"}),
        of_json({"mda": f"{MDA}:"}, ilmd={"mda:lotNumber": "L7"}),
        of_json(ilmd={f"{MDA}:lotNumber": "L7"}),
    ],
    ids=["usual", "generated", "colon", "attribute", "json", "own prefix", "written out"],
)
def test_the_lot_of_a_serial_is_known_under_any_prefix(told: Document) -> None:
    assert lots(told) == {LOT_OF_KEY}


def test_a_number_of_another_vocabulary_is_no_lot() -> None:
    other = {"cbvmda": "https://vidu.example/"}
    assert lots(of_json(other, ilmd={"cbvmda:lotNumber": "L7"})) == set()


def test_words_of_xml_keep_a_prefix_that_the_event_explains() -> None:
    told = of_xml(
        "<bizStep>vd:wrapping</bizStep><bizTransactionList>"
        '<bizTransaction type="g:x">urn:vd:1</bizTransaction></bizTransactionList>'
        '<sensorElementList><sensorElement><sensorReport type="g:Temperature" value="4" uom="CEL"'
        ' component="vd:core"/></sensorElement></sensorElementList>',
        vd="https://vidu.example/", g="https://gs1.org/voc/",
    )  # fmt: skip
    event = given_out(told)
    assert faults(told) == []
    assert event["bizStep"] == "vd:wrapping"
    assert event["bizTransactionList"][0]["type"] == "gs1:x"
    (report,) = event["sensorElementList"][0]["sensorReport"]
    assert (report["type"], report["component"]) == ("Temperature", "vd:core")
    assert event["@context"] == [{"vd": "https://vidu.example/"}]


def test_data_of_goods_may_be_written_without_the_prefix_of_gs1() -> None:
    data = [{"id": LOT_OF_KEY, "expirationDate": "2026-12-01"}]
    bare, prefixed = (
        read_json(json.dumps(a_document(an_event(**{name: data}))).encode())
        for name in ("masterDataAvailableFor", "gs1:masterDataAvailableFor")
    )
    assert faults(bare) == []
    assert hashes(bare) == hashes(prefixed) != hashes(of_json())
    assert orjson.loads(facts_of(bare.events[0]).body)["masterDataAvailableFor"] == data
    wrong = read_json(json.dumps(a_document(an_event(masterDataAvailableFor="x"))).encode())
    assert faults(wrong) == [("/epcisBody/eventList/0/masterDataAvailableFor", "events.type")]


def test_due_diligence_on_deforestation_is_told_in_words_of_gs1() -> None:
    fields = {"bizStep": "notifying", "persistentDisposition": {"set": ["subject_to_regulation"]}}
    assert faults(of_json(**fields)) == []
    told = of_xml("<bizStep>urn:epcglobal:cbv:bizstep:notifying</bizStep>")
    assert told.events[0].body["bizStep"] == "notifying"


@pytest.mark.parametrize(
    "uri", ["https://ref.gs1.org/voc/", "https://www.gs1.org/voc/", "http://gs1.org/voc/"]
)
def test_gs1_s_vocabulary_is_one_in_json_and_xml_however_it_is_spelt(uri: str) -> None:
    told = [
        of_json({"g": uri}, **{"g:netWeight": "1"}),
        of_json(**{"gs1:netWeight": "1"}),
        of_xml("<g:netWeight>1</g:netWeight>", g=uri),
    ]
    assert len({hash_ for each in told for hash_ in hashes(each)}) == 1


def test_master_data_have_one_hash_in_json_and_xml() -> None:
    told = [
        of_json(ilmd={"cbvmda:lotNumber": "L7"}),
        of_json({"m": MDA}, ilmd={"m:lotNumber": "L7"}),
        of_xml("<ilmd><m:lotNumber>L7</m:lotNumber></ilmd>", m=MDA),
        of_xml("<ilmd><m:lotNumber>L7</m:lotNumber></ilmd>", m=f"{MDA}:"),
    ]
    assert len({hash_ for each in told for hash_ in hashes(each)}) == 1
