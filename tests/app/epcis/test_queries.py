"""Queries over HTTP: what is found, how it is spelt, where the next page is, who sees how much."""

import base64
import json
from typing import Any
from urllib.parse import quote

import pytest

from tests.app.client import Client, Members
from tests.app.epcis.test_capture import JSON, ROOT, stored
from tests.traceability.events.makers import KEY, LOT, PARTY, PLACE, an_event, written
from traceability.actor import Role
from traceability.events import named_queries
from traceability.events.documents import CONTEXT

AS_SENT = {"GS1-EPC-Format": "Never_Translates"}


@pytest.fixture
def producer(client: Client, members: Members) -> Client:
    """A producer who has told five events."""
    asking = client.acting(members.keys[Role.PRODUCER])
    events = [
        an_event(
            eventID=f"urn:vd:{number}", epcList=[f"urn:epc:id:sgtin:952000.0123456.A{number}"],
            eventTime=f"2026-11-20T0{number}:00:00Z", bizStep="shipping",
            readPoint={"id": PLACE}, bizLocation={"id": PLACE}, disposition="in_transit",
            quantityList=[{"epcClass": LOT, "quantity": number}],
            destinationList=[{"type": "owning_party", "destination": PARTY}],
            **{"vd:truck": "29C"},
        )
        for number in range(5)
    ]  # fmt: skip
    answer = asking.post(f"{ROOT}/capture", content=written(*events), headers=JSON)
    assert answer.status_code == 202, answer.text
    return asking


def test_answers_have_canonical_keys_unless_nothing_is_to_be_translated(producer: Client) -> None:
    query = {"EQ_eventID": "urn:vd:1"}
    assert stored(producer, **query)[0]["epcList"] == [KEY.format(1)]
    answer = producer.get(f"{ROOT}/events", params=query, headers=AS_SENT)
    assert "urn:epc:id:sgtin:952000.0123456.A1" in answer.text
    assert answer.headers["GS1-EPC-Format"] == "Never_Translates"


def test_urns_are_never_written(producer: Client) -> None:
    headers = {"GS1-EPC-Format": "Always_EPC_URN"}
    assert producer.get(f"{ROOT}/events", headers=headers).status_code == 406


@pytest.mark.parametrize(
    "place", [[1, "0001-01-01T00:00:00+14:00", 0], [2**63, None, 0], [-1, None, 0], [1, None, -1]]
)
def test_a_token_that_names_no_place_is_refused(producer: Client, place: list[Any]) -> None:
    given = producer.get(f"{ROOT}/events?perPage=1").headers["Link"]
    token = given.partition("nextPageToken=")[2].partition(">")[0]
    digest = json.loads(base64.urlsafe_b64decode(token + "=="))[0]
    forged = base64.urlsafe_b64encode(json.dumps([digest, *place]).encode()).decode().rstrip("=")
    answer = producer.get(f"{ROOT}/events", params={"nextPageToken": forged})
    assert (answer.status_code, answer.json()["code"]) == (400, "events.token")


def test_each_event_brings_its_own_context(producer: Client) -> None:
    document = producer.get(f"{ROOT}/events").json()
    assert document["@context"] == [
        "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"
    ]
    event = document["epcisBody"]["queryResults"]["resultsBody"]["eventList"][0]
    assert event["@context"] == [{"vd": "https://vidu.example/"}]
    assert event["vd:truck"] == "29C"


def test_links_walk_every_page_once(producer: Client) -> None:
    path, seen = f"{ROOT}/events?perPage=2&orderBy=eventTime&orderDirection=ASC", []
    for _ in range(3):
        answer = producer.get(path)
        body = answer.json()["epcisBody"]["queryResults"]["resultsBody"]
        seen += [event["eventID"] for event in body["eventList"]]
        path = answer.headers.get("Link", "").partition(">")[0].lstrip("<")
    assert seen == [f"urn:vd:{number}" for number in range(5)]
    assert path == ""


@pytest.mark.parametrize(
    "query",
    [
        {"EQ_colour": "red"}, {"perPage": "0"}, {"perPage": "many"}, {"nextPageToken": "x"},
        {"nextPageToken": "WyJhIiwxXQ"}, {"orderBy": "colour"}, {"MATCH_epc": "no uri"},
        *({name: ["2", "2"]} for name in (
            "perPage", "nextPageToken", "eventCountLimit", "maxEventCount", "GE_quantity",
        )),
        {"orderBy": ["eventTime", "recordTime"]}, {"orderDirection": ["ASC", "DESC"]},
        {"GE_eventTime": ["2026-11-20T00:00:00Z", "2026-11-21T00:00:00Z"]},
        {"EXISTS_ilmd": ["true", "false"]},
    ],
)  # fmt: skip
def test_a_bad_parameter_is_a_problem_that_names_it(
    producer: Client, query: dict[str, str | list[str]]
) -> None:
    answer = producer.get(f"{ROOT}/events", params=query)
    assert answer.status_code == 400
    problem = answer.json()
    assert problem["type"] == "epcisException:QueryParameterException"
    assert problem["errors"][0]["field"] == next(iter(query))


def test_a_token_holds_nothing_that_could_be_released(client: Client) -> None:
    answer = client.ask("DELETE", f"{ROOT}/nextPageToken/abc")
    assert answer.status_code == 501
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == "epcisException:ImplementationException"
    options = client.ask("OPTIONS", f"{ROOT}/nextPageToken/abc")
    assert options.headers["Allow"] == "DELETE, OPTIONS"


def test_a_token_of_another_query_is_refused(producer: Client) -> None:
    link = producer.get(f"{ROOT}/events?perPage=2").headers["Link"]
    path = link.partition(">")[0].lstrip("<")
    assert producer.get(f"{path}&EQ_action=ADD").status_code == 400


def test_too_many_events_are_told(producer: Client) -> None:
    answer = producer.get(f"{ROOT}/events?maxEventCount=2")
    assert (answer.status_code, answer.json()["code"]) == (413, "events.query-too-large")


@pytest.mark.parametrize(
    ("resource", "value"),
    [
        ("eventTypes", "ObjectEvent"), ("bizSteps", "shipping"), ("dispositions", "in_transit"),
        ("readPoints", PLACE), ("bizLocations", PLACE), ("epcs", KEY.format(1)),
    ],
)  # fmt: skip
def test_a_top_level_resource_lists_its_values_and_their_events(
    producer: Client, resource: str, value: str
) -> None:
    assert value in producer.get(f"{ROOT}/{resource}").json()["member"]
    below = f"{ROOT}/{resource}/{quote(value, safe='')}"
    assert producer.get(below).json()["member"] == ["events"]
    found = producer.get(f"{below}/events").json()
    assert found["epcisBody"]["queryResults"]["resultsBody"]["eventList"]
    assert producer.get(f"{ROOT}/{resource}?colour=red").status_code == 400


def test_values_are_listed_page_by_page(producer: Client) -> None:
    answer = producer.get(f"{ROOT}/epcs?perPage=4")
    path = answer.headers["Link"].partition(">")[0].lstrip("<")
    rest = producer.get(path).json()["member"]
    assert len({*answer.json()["member"], *rest}) == 6


def test_an_unknown_resource_is_not_found(producer: Client) -> None:
    assert producer.get(f"{ROOT}/colours").status_code == 404


def test_a_named_query_is_made_run_and_forgotten(producer: Client) -> None:
    made = {"name": "late", "query": {"GE_eventTime": "2026-11-20T03:00:00Z"}}
    assert producer.post(f"{ROOT}/queries", json=made).status_code == 201
    assert producer.post(f"{ROOT}/queries", json=made).status_code == 409
    assert [each["name"] for each in producer.get(f"{ROOT}/queries").json()] == ["late"]
    body = producer.get(f"{ROOT}/queries/late/events?orderBy=eventTime").json()["epcisBody"]
    events = body["queryResults"]["resultsBody"]["eventList"]
    assert [event["eventID"] for event in events] == ["urn:vd:4", "urn:vd:3"]
    assert producer.ask("DELETE", f"{ROOT}/queries/late").status_code == 204
    assert producer.get(f"{ROOT}/queries/late/events").status_code == 404


def test_only_the_own_queries_count_towards_the_most_that_one_may_name(
    producer: Client, client: Client, members: Members, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(named_queries, "MOST", 2)
    admin = client.acting(members.keys[Role.ADMIN])
    for asking, names in ((producer, "ab"), (admin, "cd")):
        made = [{"name": name, "query": {}} for name in (*names, "x")]
        answers = [asking.post(f"{ROOT}/queries", json=each).status_code for each in made]
        assert answers == [201, 201, 400]


@pytest.mark.parametrize(
    "made",
    [{}, {"name": "x"}, {"name": "a b", "query": {}}, {"name": "x", "query": {"EQ_colour": "red"}}],
)
def test_a_bad_query_is_not_named(producer: Client, made: dict[str, object]) -> None:
    assert producer.post(f"{ROOT}/queries", json=made).status_code == 400


@pytest.mark.parametrize("path", ["capture", "eventHash", "events", "queries"])
@pytest.mark.parametrize("levels", [70, 500, 1000])
def test_what_is_nested_too_deep_is_refused_wherever_it_is_sent(
    producer: Client, path: str, levels: int
) -> None:
    deep = '{"vd:a":' * levels + "1" + "}" * levels
    sent = {
        "capture": '{"epcisHeader": %s, "type": "EPCISDocument"}',
        "eventHash": '{"vd:deep": %s, "type": "ObjectEvent"}',
        "events": '{"vd:deep": %s, "type": "ObjectEvent"}',
        "queries": '{"name": "deep", "query": {"@context": %s}}',
    }
    answer = producer.post(f"{ROOT}/{path}", content=sent[path] % deep, headers=JSON)
    assert (answer.status_code, answer.json()["code"]) == (400, "events.depth")


def test_the_query_of_another_organisation_is_not_found(
    producer: Client, client: Client, members: Members
) -> None:
    producer.post(f"{ROOT}/queries", json={"name": "mine", "query": {}})
    other = client.acting(members.keys[Role.SHOP])
    assert other.get(f"{ROOT}/queries/mine").status_code == 404
    assert other.ask("DELETE", f"{ROOT}/queries/mine").status_code == 404


def test_the_public_sees_a_projection_of_what_it_holds(client: Client, producer: Client) -> None:
    event = stored(client, MATCH_epc=KEY.format(1))[0]
    assert event["epcList"] == [KEY.format(1)]
    hidden = {"quantityList", "destinationList", "readPoint", "bizLocation", "vd:truck", "@context"}
    assert not hidden & set(event)
    alone = client.get(f"{ROOT}/events/urn:vd:1").json()
    assert alone["bizStep"] == "shipping"
    assert not {"epcList", *hidden} & (set(alone) - {"@context"})
    assert client.get(f"{ROOT}/events").status_code == 400
    assert client.get(f"{ROOT}/epcs").status_code == 401


@pytest.mark.parametrize("role", [None, Role.TAX])
def test_below_a_resource_the_public_is_told_no_more(
    client: Client, producer: Client, members: Members, role: Role | None
) -> None:
    asking = client.acting(members.keys[role]) if role else client
    company = quote("urn:epc:idpat:sgtin:952000.*", safe="")
    one, place = quote(KEY.format(1), safe=""), quote(PLACE, safe="")
    answer = asking.get(f"{ROOT}/epcs/{one}/events", headers={"Accept": "application/xml"})
    assert "/21/A1<" in answer.text
    assert not [each for each in ("quantity", PLACE, PARTY, "29C") if each in answer.text]
    for refused, field in {
        f"epcs/{company}/events": "MATCH_anyEPC",
        f"epcs/{one}/events?MATCH_anyEPC={quote(KEY.format(2))}": "MATCH_anyEPC",
        f"epcs/{one}/events?EQ_readPoint={place}": "EQ_readPoint",
        f"bizLocations/{place}/events": "EQ_bizLocation",
        "eventTypes/ObjectEvent/events": "",
    }.items():
        answer = asking.get(f"{ROOT}/{refused}")
        assert answer.status_code == 400, refused
        assert answer.json()["errors"][0]["field"] == field
    as_sent = asking.get(f"{ROOT}/epcs/{one}/events", headers=AS_SENT)
    assert as_sent.status_code == 406


def test_a_query_that_another_named_asks_for_no_more_than_its_asker_may(
    producer: Client, client: Client, members: Members
) -> None:
    made = {"name": "all", "query": {"MATCH_anyEPC": "urn:epc:idpat:sgtin:952000.*"}}
    admin = client.acting(members.keys[Role.ADMIN])
    assert admin.post(f"{ROOT}/queries", json=made).status_code == 201
    shop, tax = (client.acting(members.keys[role]) for role in (Role.SHOP, Role.TAX))
    found = shop.get(f"{ROOT}/queries/all/events").json()["epcisBody"]["queryResults"]
    assert found["resultsBody"]["eventList"] == []
    assert tax.get(f"{ROOT}/queries/all/events").status_code == 403
    assert client.get(f"{ROOT}/queries/all/events").status_code == 401


def test_an_event_is_one_however_its_uuid_is_spelt(producer: Client) -> None:
    name = "urn:uuid:5D3F2A10-7C3B-4E55-9A41-0C5B8E1D2F30"
    event = {"@context": CONTEXT, **an_event(eventID=name)}
    made = producer.post(f"{ROOT}/events", json=event)
    assert (made.status_code, made.headers["Location"][-36:]) == (201, name[-36:].lower())
    for spelt in (name, name.lower(), name.upper()):
        assert producer.post(f"{ROOT}/events", json=event | {"eventID": spelt}).status_code == 409
        assert [each["eventID"] for each in stored(producer, EQ_eventID=spelt)] == [name]
        assert producer.get(f"{ROOT}/events/{spelt}").json()["eventID"] == name


def test_another_organisation_that_names_no_goods_sees_nothing_of_it(
    producer: Client, client: Client, members: Members
) -> None:
    assert stored(client.acting(members.keys[Role.SHOP])) == []


def test_options_tell_what_is_spoken(client: Client) -> None:
    answer = client.ask("OPTIONS", f"{ROOT}/events")
    assert answer.status_code == 204
    assert answer.headers["Allow"] == "GET, POST, HEAD, OPTIONS"
    assert answer.headers["GS1-EPCIS-Version"] == "2.0.0"
    assert "events" in client.get(ROOT).json()["member"]


@pytest.mark.parametrize(("token", "status"), [(None, 201), ("", 400), ("short", 400), (7, 400)])
def test_a_token_that_was_made_here_is_told(
    producer: Client, token: str | None, status: int
) -> None:
    producer.post(f"{ROOT}/queries", json={"name": "mine", "query": {}})
    wanted = {"dest": "https://receiver.example/hook", "stream": True, "signatureToken": token}
    made = producer.post(f"{ROOT}/queries/mine/subscriptions", json=wanted)
    assert made.status_code == status
    assert status != 201 or len(made.json()["signatureToken"]) == 64


def test_who_is_told_of_new_events_can_be_seen_and_ended(producer: Client) -> None:
    producer.post(f"{ROOT}/queries", json={"name": "mine", "query": {}})
    wanted = {"dest": "https://receiver.example/hook", "stream": True}
    made = producer.post(f"{ROOT}/queries/mine/subscriptions", json=wanted)
    assert made.status_code == 201
    assert len(made.json()["signatureToken"]) == 64
    listed = producer.get(f"{ROOT}/queries/mine/subscriptions").json()
    assert [each["dest"] for each in listed] == ["https://receiver.example/hook"]
    assert "signatureToken" not in listed[0]
    assert producer.get(made.headers["Location"]).json()["active"]
    assert producer.ask("DELETE", made.headers["Location"]).status_code == 204
    assert producer.get(made.headers["Location"]).status_code == 404
