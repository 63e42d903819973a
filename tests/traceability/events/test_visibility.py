"""Who sees what: the table, role by role, against one chain of three organisations."""

import pytest
from sqlmodel import Session

from tests.traceability.events.makers import KEY, LOT, SSCC, an_event, read
from tests.traceability.registry.makers import a_party, member
from traceability.actor import PUBLIC, Actor, Role
from traceability.events.capture import Behaviour, capture
from traceability.events.policy import Policy
from traceability.events.queries import find, values_of
from traceability.events.query_parameters import QueryInvalidError, read_query
from traceability.events.visibility import PUBLIC_FIELDS, VIEWS, View, projected, view_of
from traceability.registry.models import Party

GLNS = {"farm": "9520000000011", "dealer": "9520000000028", "shop": "9520000000035"}


def moved(name: str, source: str, destination: str) -> dict[str, object]:
    party = "https://id.gs1.org/417/{}".format
    return an_event(
        eventID=f"urn:vd:{name}", eventTime="2026-11-20T08:00:00Z",
        quantityList=[{"epcClass": LOT, "quantity": 7}],
        sourceList=[{"type": "owning_party", "source": party(GLNS[source])}],
        destinationList=[{"type": "owning_party", "destination": party(GLNS[destination])}],
    )  # fmt: skip


@pytest.fixture
def chain(session: Session) -> dict[str, Party]:
    """farm -> dealer -> shop: each tells of what it made, sold and bought."""
    parties = {
        name: a_party(session, number, gln=gln)
        for number, (name, gln) in enumerate(GLNS.items(), 1)
    }
    for teller, events in {
        "farm": [an_event(eventID="urn:vd:made", action="ADD"), moved("sold", "farm", "dealer")],
        "dealer": [moved("passed-on", "dealer", "shop")],
        "shop": [an_event(eventID="urn:vd:on-shelf")],
    }.items():
        capture(session, member(parties[teller]), read(*events), Behaviour.ROLLBACK, Policy())
    return parties


def seen(session: Session, actor: Actor) -> set[str]:
    query = read_query({"MATCH_epc": [KEY.format(1)]})
    events = find(session, actor, query, size=100).events
    return {event.event_id.removeprefix("urn:vd:") for event in events}


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
    assert seen(session, member(chain[who])) == set(expected.split())


@pytest.mark.parametrize("role", Role)
def test_every_role_has_its_view(session: Session, chain: dict[str, Party], role: Role) -> None:
    everything = {"made", "sold", "passed-on", "on-shelf"}
    nothing_of_its_own = Actor(role)
    expected = set() if VIEWS[role] is View.PARTNER else everything
    assert seen(session, nothing_of_its_own) == expected


def test_a_member_lists_only_the_values_it_sees(session: Session, chain: dict[str, Party]) -> None:
    capture(session, member(chain["farm"]), read(an_event(epcList=[SSCC], bizStep="storing")),
            Behaviour.ROLLBACK, Policy())  # fmt: skip
    assert values_of(session, member(chain["shop"]), "bizSteps", size=9, after=None) == []
    assert SSCC not in values_of(session, member(chain["shop"]), "epcs", size=9, after=None)
    assert SSCC in values_of(session, member(chain["farm"]), "epcs", size=9, after=None)


def test_the_public_names_what_it_holds_and_asks_for_nothing_hidden(session: Session) -> None:
    with pytest.raises(QueryInvalidError, match="public-needs-key"):
        find(session, PUBLIC, read_query({"eventType": ["ObjectEvent"]}), size=9)
    with pytest.raises(QueryInvalidError, match="public-parameter"):
        find(session, PUBLIC, read_query({"MATCH_epc": [SSCC], "GE_quantity": ["1"]}), size=9)


def test_the_public_sees_neither_quantities_nor_partners_nor_fields_of_others() -> None:
    event = {**moved("sold", "farm", "dealer"), "vd:price": 7, "ilmd": {"vd:field": 1},
             "readPoint": {"id": "urn:vd:gate", "vd:guard": "An"}}  # fmt: skip
    shown = projected(View.PUBLIC, event)
    assert set(shown) <= set(PUBLIC_FIELDS)
    assert shown["readPoint"] == {"id": "urn:vd:gate"}
    assert not {"quantityList", "sourceList", "destinationList", "bizTransactionList"} & set(shown)
    assert projected(View.FULL, event) == event


def test_the_table_has_a_row_for_every_role() -> None:
    assert set(VIEWS) == set(Role)
    assert view_of(PUBLIC) is View.PUBLIC
