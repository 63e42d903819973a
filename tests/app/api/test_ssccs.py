"""Numbers of boxes over HTTP."""

import pytest

from gs1.sscc import Sscc
from tests.app.client import Client, Members
from tests.app.problem import problem
from traceability.actor import Role
from traceability.db import Database
from traceability.registry.models import CompanyPrefix

PATH = "/api/v1/ssccs"


@pytest.fixture(scope="module", autouse=True)
def prefix(sqlite_database: Database, members: Members) -> None:
    with sqlite_database.writing() as session:
        party_id = members.parties[Role.PRODUCER]
        session.add(CompanyPrefix(prefix="9521777", party_id=party_id))


def test_a_number_is_taken_listed_and_drawn(producer: Client) -> None:
    made = producer.post(PATH)
    assert made.status_code == 201
    number = Sscc(made.json()["sscc"])
    assert made.json()["digital_link"] == number.as_digital_link()
    assert producer.get(PATH, params={"unused": True}).json()[0] == made.json()
    label = producer.get(f"{PATH}/{number}/label", params={"format": "png", "dpi": 203})
    assert label.content.startswith(b"\x89PNG")


def test_a_request_that_is_sent_again_takes_no_second_number(producer: Client) -> None:
    headers = {"Idempotency-Key": "box-1"}
    first, again = (producer.post(PATH, headers=headers).json() for _ in range(2))
    assert first == again


def test_numbers_of_others_are_not_found(producer: Client, shop: Client) -> None:
    number = producer.post(PATH).json()["sscc"]
    problem(shop.get(f"{PATH}/{number}/label"), 404, "events.sscc-unknown")
    problem(shop.post(PATH), 409, "events.sscc-no-prefix")
    problem(producer.get(f"{PATH}/{'1' * 18}/label"), 422)
