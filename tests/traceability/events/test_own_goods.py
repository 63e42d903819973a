"""What is offered to somebody who tells of an event, on both databases."""

from typing import Any

import pytest
from sqlmodel import Session

from tests.traceability.events.makers import SSCC, an_event, read
from tests.traceability.registry.makers import a_party, member
from traceability.actor import Actor
from traceability.events import event_repository, own_goods
from traceability.events.capture import Behaviour, capture, declare_in_error
from traceability.events.models import EpcRole
from traceability.events.names import place_names
from traceability.events.policy import Policy
from traceability.registry.models import Party

FARM, SHOP = "9520000000011", "9520000000028"
PLACE = f"https://id.gs1.org/414/{FARM}"


@pytest.fixture
def farm(session: Session) -> Party:
    return a_party(session, 1, gln=FARM)


@pytest.fixture
def shop(session: Session) -> Party:
    return a_party(session, 2, gln=SHOP)


def told(session: Session, actor: Actor, *events: dict[str, Any]) -> None:
    capture(session, actor, read(*events), Behaviour.ROLLBACK, Policy())


def shipped(**fields: Any) -> dict[str, Any]:
    return an_event(
        bizStep="shipping", epcList=[SSCC], bizLocation={"id": PLACE},
        sourceList=[{"type": "owning_party", "source": f"https://id.gs1.org/417/{FARM}"}],
        destinationList=[
            {"type": "owning_party", "destination": f"https://id.gs1.org/417/{SHOP}"}
        ],
        **fields,
    )  # fmt: skip


def test_what_is_on_its_way_is_offered_until_it_is_told_of(
    session: Session, farm: Party, shop: Party
) -> None:
    told(session, member(farm), shipped())
    shop_id, farm_id = shop.id or 0, farm.id or 0
    assert own_goods.on_their_way(session, shop_id, SHOP) == [SSCC]
    assert own_goods.on_their_way(session, farm_id, FARM) == []
    told(session, member(shop), an_event(bizStep="receiving", epcList=[SSCC]))
    assert own_goods.on_their_way(session, shop_id, SHOP) == []
    assert own_goods.handled(session, shop_id, [EpcRole.EPC]) == [SSCC]


def test_partners_are_those_dealt_with_and_nobody_else(
    session: Session, farm: Party, shop: Party
) -> None:
    assert own_goods.partners(session, farm.id or 0, FARM) == []
    told(session, member(farm), shipped())
    assert own_goods.partners(session, farm.id or 0, FARM) == [(SHOP, shop.name)]
    assert own_goods.partners(session, shop.id or 0, SHOP) == [(FARM, farm.name)]


def test_places_of_own_events_are_offered_and_named_by_the_registry(
    session: Session, farm: Party
) -> None:
    told(session, member(farm), shipped())
    assert own_goods.own_places(session, farm.id or 0) == [FARM]
    assert place_names(session, [PLACE]) == {PLACE: farm.name}


def test_own_events_come_newest_first_with_their_goods(session: Session, farm: Party) -> None:
    told(session, member(farm), shipped(eventID="urn:vd:1"), shipped(eventID="urn:vd:2"))
    newest, oldest = event_repository.own_events(session, farm.id or 0, before_id=None, limit=5)
    assert (newest.event_id, oldest.event_id) == ("urn:vd:2", "urn:vd:1")
    before = event_repository.own_events(session, farm.id or 0, before_id=newest.id, limit=5)
    assert [row.event_id for row in before] == ["urn:vd:1"]
    keys = event_repository.keys_of(session, [newest.id])
    assert [each["key"] for each in keys[newest.id]] == [SSCC]


def test_a_declared_error_keeps_what_was_told_with_its_own_words(
    session: Session, farm: Party
) -> None:
    told(session, member(farm), shipped(eventID="urn:vd:1", **{"vd:note": "Thùng ướt"}))
    declare_in_error(session, member(farm), "urn:vd:1", "incorrect_data", Policy())
    (row,) = event_repository.own_events(session, farm.id or 0, before_id=None, limit=5)
    assert row.in_error
    assert "Thùng ướt" in row.body
    assert own_goods.handled(session, farm.id or 0, [EpcRole.EPC]) == []
