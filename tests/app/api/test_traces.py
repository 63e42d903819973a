"""GET /api/v1/trace/{key}."""

from urllib.parse import quote

from tests.app.client import Client, Members
from tests.traceability.events.makers import KEY, LOT, PLACE, an_event, written
from traceability.actor import Role

JSON = {"Content-Type": "application/json"}


def captured(asking: Client) -> None:
    body = written(
        an_event(action="ADD", quantityList=[{"epcClass": LOT}], bizLocation={"id": PLACE}),
        an_event(type="TransformationEvent", action=None, epcList=None,
                 inputEPCList=[KEY.format(1)], outputEPCList=[KEY.format(2)]),
    )  # fmt: skip
    assert asking.post("/epcis/v2/capture", content=body, headers=JSON).status_code == 202


def test_goods_are_traced_up_and_down(client: Client, members: Members) -> None:
    producer = client.acting(members.keys[Role.PRODUCER])
    captured(producer)
    answer = producer.get("/api/v1/trace/01/09520001234569/21/A1").json()
    assert answer["last_seen"]["place"] == PLACE
    assert [node["key"] for node in answer["up"]["nodes"]] == [KEY.format(1), LOT]
    (edge,) = answer["down"]["edges"]
    assert (edge["source"], edge["target"], edge["kind"]) == (
        KEY.format(1), KEY.format(2), "process",
    )  # fmt: skip


def test_one_direction_and_a_moment_may_be_asked_for(client: Client, members: Members) -> None:
    inspector = client.acting(members.keys[Role.INSPECTOR])
    captured(client.acting(members.keys[Role.PRODUCER]))
    path = "/api/v1/trace/" + quote("urn:epc:id:sgtin:952000.0123456.A1")
    asked = {"direction": "down", "at": "2026-11-21T00:00:00Z"}
    answer = inspector.get(path, params=asked).json()
    assert answer["up"] is None
    assert [node["key"] for node in answer["down"]["nodes"]] == [KEY.format(1)]


def test_what_nobody_named_is_not_found_and_a_wrong_key_is_not_valid(
    client: Client, members: Members
) -> None:
    shop = client.acting(members.keys[Role.SHOP])
    captured(client.acting(members.keys[Role.PRODUCER]))
    for key, status, code in (
        ("01/09520001234569/21/A1", 404, "trace.unknown"),
        ("01/09520001234560/21/A1", 422, "gs1.check-digit"),
        ("01/09520001234569/21/" + "A" * 21, 422, "gs1.length"),
        ("(99999)1", 422, "trace.key"),
    ):
        answer = shop.get(f"/api/v1/trace/{key}")
        assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_a_slash_in_a_lot_stays_escaped_as_its_digital_link_has_it(
    client: Client, members: Members
) -> None:
    producer = client.acting(members.keys[Role.PRODUCER])
    lot = "https://id.gs1.org/01/09520001234569/10/A%2FB"
    body = written(an_event(epcList=None, action="ADD", quantityList=[{"epcClass": lot}]))
    assert producer.post("/epcis/v2/capture", content=body, headers=JSON).status_code == 202
    path = "01/09520001234569/10/A%2FB"
    whole = quote(path, safe="")
    for sent in (path, whole, lot, quote(lot, safe=""), "(01)09520001234569(10)A%2FB"):
        answer = producer.get(f"/api/v1/trace/{sent}")
        assert (answer.status_code, answer.json().get("key")) == (200, lot), sent
    assert producer.get("/api/v1/trace/01/09520001234569/10/A%252FB").status_code == 404


def test_gaps_may_be_left_out(client: Client, members: Members) -> None:
    producer = client.acting(members.keys[Role.PRODUCER])
    shipped = an_event(eventTime="2026-01-05T08:00:00Z", bizStep="shipping")
    body = written(an_event(eventTime="2026-01-04T08:00:00Z", action="ADD"), shipped)
    assert producer.post("/epcis/v2/capture", content=body, headers=JSON).status_code == 202
    address = "/api/v1/trace/01/09520001234569/21/A1?direction=down"
    (gap,) = producer.get(address).json()["down"]["gaps"]
    assert gap["kind"] == "not-received"
    assert producer.get(f"{address}&gaps=false").json()["down"]["gaps"] == []
