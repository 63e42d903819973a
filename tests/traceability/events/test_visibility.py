"""Who sees what: the table, role by role, against one chain of three organisations."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import orjson
import pytest
from sqlmodel import Session

from tests.traceability.events.makers import KEY, LOT, SSCC, an_event, read
from tests.traceability.registry.makers import ADMIN, a_party, member
from traceability.actor import PUBLIC, Actor, Role
from traceability.events.capture import Behaviour, capture
from traceability.events.policy import Policy
from traceability.events.queries import Found, find, values_of
from traceability.events.query_parameters import QueryInvalidError, read_query
from traceability.events.rendering import EpcFormat, shown, xml_document
from traceability.events.visibility import PUBLIC_FIELDS, VIEWS, View, view_of
from traceability.events.xml_writing import CbvFormat
from traceability.registry.models import Party

GLNS = {"farm": "9520000000011", "dealer": "9520000000028", "shop": "9520000000035"}
ONE, TWO, THREE = map(KEY.format, (1, 2, 3))
STRANGERS = [PUBLIC, Actor(Role.TAX), Actor(Role.PRODUCER), Actor(Role.SHOP)]
"""They have no part in the chain."""


def told(name: str, **fields: Any) -> dict[str, Any]:
    """An event of three serials; who sees its note sees all of it."""
    return an_event(eventID=f"urn:vd:{name}", **{"vd:note": "in full"}, **fields)


def moved(name: str, source: str, destination: str) -> dict[str, Any]:
    party = "https://id.gs1.org/417/{}".format
    return told(
        name, epcList=[ONE, TWO, THREE], readPoint={"id": f"https://id.gs1.org/414/{GLNS[source]}"},
        quantityList=[{"epcClass": LOT, "quantity": 4711, "uom": "KGM"}],
        sourceList=[{"type": "owning_party", "source": party(GLNS[source])}],
        destinationList=[{"type": "owning_party", "destination": party(GLNS[destination])}],
        bizTransactionList=[{"type": "po", "bizTransaction": "urn:vd:order"}],
    )  # fmt: skip


def of(name: str, kind: str, **fields: Any) -> dict[str, Any]:
    """An event of another type than that of a mere observation."""
    return told(name, type=kind, epcList=None, **fields)


PACKED = of(
    "packed", "AggregationEvent", action="ADD", parentID=SSCC, childEPCs=[ONE, TWO, THREE],
    bizLocation={"id": "https://id.gs1.org/414/9520000000011"},
    childQuantityList=[{"epcClass": LOT, "quantity": 4711}, {"epcClass": LOT, "quantity": 1}],
)  # fmt: skip
MADE = of(
    "mixed", "TransformationEvent", action=None, inputEPCList=[ONE, TWO], outputEPCList=[THREE],
    ilmd={"vd:field": "urn:vd:field-of-an"}, certificationInfo="https://vidu.example/c/1",
)  # fmt: skip


@pytest.fixture
def chain(session: Session) -> dict[str, Party]:
    """farm -> dealer -> shop: each tells of what it made, sold and bought."""
    parties = {
        name: a_party(session, number, gln=gln)
        for number, (name, gln) in enumerate(GLNS.items(), 1)
    }
    for teller, events in {
        "farm": [told("made", action="ADD"), moved("sold", "farm", "dealer")],
        "dealer": [moved("passed-on", "dealer", "shop")],
        "shop": [told("on-shelf")],
    }.items():
        capture(session, member(parties[teller]), read(*events), Behaviour.ROLLBACK, Policy())
    return parties


EVERYTHING = {"made", "sold", "passed-on", "on-shelf"}


def found(session: Session, actor: Actor, **query: str) -> Sequence[Found]:
    asked = read_query({name: [value] for name, value in query.items()})
    return find(session, actor, asked, size=100).events


def answers(session: Session, actor: Actor, **query: str) -> list[dict[str, Any]]:
    return [shown(each, EpcFormat.DIGITAL_LINK) for each in found(session, actor, **query)]


def names(events: Sequence[dict[str, Any]]) -> set[str]:
    return {event["eventID"].removeprefix("urn:vd:") for event in events}


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("farm", "made sold"),
        ("dealer", "sold passed-on"),
        ("shop", "passed-on on-shelf"),
    ],
)
def test_a_member_sees_its_own_and_one_step_up_and_down(
    session: Session, chain: dict[str, Party], who: str, expected: str
) -> None:
    of_all = answers(session, member(chain[who]), GE_eventTime="2026-11-01T00:00:00Z")
    of_goods = answers(session, member(chain[who]), MATCH_epc=ONE)
    # What it names it is told of as everybody is: never less than the public.
    assert names(of_goods) == EVERYTHING
    for events in (of_all, [event for event in of_goods if "vd:note" in event]):
        assert names(events) == set(expected.split())


@pytest.mark.parametrize("role", Role)
def test_every_role_has_its_view(session: Session, chain: dict[str, Party], role: Role) -> None:
    events = answers(session, Actor(role), MATCH_epc=ONE)
    assert names(events) == EVERYTHING
    assert {"vd:note" in event for event in events} == {VIEWS[role] is View.FULL}


def test_a_member_that_names_no_whole_key_is_told_of_its_own(
    session: Session, chain: dict[str, Party]
) -> None:
    farm = member(chain["farm"])
    for query in (
        {"MATCH_epc": "urn:epc:idpat:sgtin:952000.0123456.*"},
        {"MATCH_epc": ONE, "GE_quantity": "0"},
        {"MATCH_epc": ONE, "EQ_readPoint": f"https://id.gs1.org/414/{GLNS['dealer']}"},
    ):
        assert names(answers(session, farm, **query)) <= {"made", "sold"}


SHOWN = [
    ({"MATCH_epc": ONE}, "sold", {"epcList": [ONE]}),
    ({"MATCH_epc": f"{ONE}|{TWO}"}, "sold", {"epcList": [ONE, TWO]}),
    ({"MATCH_epcClass": LOT}, "sold", {"quantityList": [{"epcClass": LOT}]}),
    ({"EQ_eventID": "urn:vd:sold"}, "sold", {}),
    ({"EQ_eventID": "urn:vd:sold", "MATCH_anyEPC": TWO}, "sold", {"epcList": [TWO]}),
    ({"MATCH_anyEPC": ONE}, "packed", {"childEPCs": [ONE]}),
    ({"MATCH_anyEPC": "urn:epc:id:sgtin:952000.0123456.A1"}, "packed", {"childEPCs": [ONE]}),
    ({"MATCH_parentID": SSCC}, "packed", {"parentID": SSCC}),
    ({"MATCH_anyEPC": f"{ONE}|{SSCC}"}, "packed", {"parentID": SSCC, "childEPCs": [ONE]}),
    ({"MATCH_anyEPCClass": LOT}, "packed", {"childQuantityList": [{"epcClass": LOT}]}),
    ({"MATCH_inputEPC": ONE}, "mixed", {"inputEPCList": [ONE]}),
    ({"MATCH_outputEPC": THREE}, "mixed", {"outputEPCList": [THREE]}),
    ({"MATCH_anyEPC": THREE}, "mixed", {"outputEPCList": [THREE]}),
]  # fmt: skip
"""What is asked, an event that answers, and the goods that the public sees of it."""


@pytest.mark.parametrize("asker", STRANGERS, ids=lambda asker: asker.role)
@pytest.mark.parametrize(("query", "name", "goods"), SHOWN)
def test_the_public_sees_of_the_goods_what_it_named_and_nothing_beside(
    session: Session, asker: Actor, query: dict[str, str], name: str, goods: dict[str, Any]
) -> None:
    events = read(moved("sold", "farm", "dealer"), PACKED, MADE)
    capture(session, ADMIN, events, Behaviour.ROLLBACK, Policy())
    (event,) = [each for each in found(session, asker, **query) if each.event_id.endswith(name)]

    of_json = shown(event, EpcFormat.AS_SENT)
    assert {field: of_json[field] for field in of_json if field not in PUBLIC_FIELDS} == goods
    of_xml = xml_document([event], EpcFormat.AS_SENT, CbvFormat.WEB, "events")
    for text in (orjson.dumps(of_json), of_xml):
        for hidden in (*{ONE, TWO, THREE, SSCC, LOT}, *GLNS.values(), "4711", "order", "in full"):
            assert (hidden.encode() in text) is (hidden in str(goods)), hidden


def test_the_public_sees_that_an_event_was_declared_to_be_wrong(session: Session) -> None:
    wrong = {"declarationTime": "2026-11-21T00:00:00Z", "reason": "did_not_occur",
             "correctiveEventIDs": ["urn:vd:hidden"], "vd:by": "hidden"}  # fmt: skip
    capture(session, ADMIN, read(told("declared")), Behaviour.ROLLBACK, Policy())
    declared = read(told("declared", errorDeclaration=wrong))
    capture(session, ADMIN, declared, Behaviour.ROLLBACK, Policy())
    (event,) = answers(session, PUBLIC, EQ_eventID="urn:vd:declared")
    assert set(event["errorDeclaration"]) == {"declarationTime", "reason"}


REFUSED = [
    ({"eventType": "ObjectEvent"}, "", "events.public-needs-key"),
    ({"MATCH_epc": "urn:epc:idpat:sgtin:952000.*"}, "MATCH_epc", "events.public-needs-key"),
    ({"MATCH_anyEPC": "urn:epc:idpat:sgtin:952000.0123456.*"}, "MATCH_anyEPC",
     "events.public-needs-key"),
    ({"MATCH_anyEPC": f"{ONE}|urn:epc:idpat:sscc:952000.*"}, "MATCH_anyEPC",
     "events.public-needs-key"),
    ({"MATCH_anyEPCClass": f"{LOT}|https://id.gs1.org/01/09520001234569"}, "MATCH_anyEPCClass",
     "events.public-needs-key"),
    ({"MATCH_epcClass": "urn:epc:idpat:sgtin:952000.0123456.*"}, "MATCH_epcClass",
     "events.public-needs-key"),
    ({"MATCH_epcClass": "urn:epc:idpat:grai:952000.000000.*"}, "MATCH_epcClass",
     "events.public-needs-key"),
    ({"MATCH_epc": "urn:epc:idpat:sscc:952000.*", "EQ_eventID": "urn:vd:sold"}, "MATCH_epc",
     "events.public-needs-key"),
    ({"MATCH_anyEPC": ONE, "MATCH_parentID": SSCC}, "MATCH_parentID", "events.public-one-key"),
    ({"MATCH_epc": ONE, "GE_quantity": "1"}, "GE_quantity", "events.public-parameter"),
    ({"MATCH_epc": ONE, "EQ_readPoint": "urn:vd:1"}, "EQ_readPoint", "events.public-parameter"),
    ({"MATCH_epc": ONE, "EQ_bizLocation": "urn:vd:1"}, "EQ_bizLocation",
     "events.public-parameter"),
    ({"MATCH_epc": ONE, "EQ_source_owning_party": "urn:vd:1"}, "EQ_source_owning_party",
     "events.public-parameter"),
]  # fmt: skip


@pytest.mark.parametrize("asker", STRANGERS[:2], ids=lambda asker: asker.role)
@pytest.mark.parametrize(("query", "name", "code"), REFUSED)
def test_the_public_names_what_it_holds_and_asks_for_nothing_hidden(
    session: Session, asker: Actor, query: dict[str, str], name: str, code: str
) -> None:
    with pytest.raises(QueryInvalidError) as refused:
        found(session, asker, **query)
    assert [(fault.field, fault.code) for fault in refused.value.faults] == [(name, code)]


def test_the_public_does_not_ask_how_a_sender_spelt_a_key(session: Session) -> None:
    as_sent = replace(read_query({"MATCH_epc": [ONE]}), literal=True)
    with pytest.raises(QueryInvalidError, match="public-needs-key"):
        find(session, PUBLIC, as_sent, size=9)


def test_the_public_lists_no_values(session: Session) -> None:
    with pytest.raises(QueryInvalidError, match="public-needs-key"):
        values_of(session, Actor(Role.TAX), "epcs", size=9, after=None)


def test_a_member_lists_only_the_values_it_sees(session: Session, chain: dict[str, Party]) -> None:
    capture(session, member(chain["farm"]), read(an_event(epcList=[SSCC], bizStep="storing")),
            Behaviour.ROLLBACK, Policy())  # fmt: skip
    assert values_of(session, member(chain["shop"]), "bizSteps", size=9, after=None) == []
    assert SSCC not in values_of(session, member(chain["shop"]), "epcs", size=9, after=None)
    assert SSCC in values_of(session, member(chain["farm"]), "epcs", size=9, after=None)


def test_the_table_has_a_row_for_every_role() -> None:
    assert set(VIEWS) == set(Role)
    assert view_of(PUBLIC) is View.PUBLIC
