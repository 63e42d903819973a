"""Traces of small chains: what is reached, how sure, by whom it may be seen."""

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from tests.traceability.events.makers import SSCC, an_event, read
from tests.traceability.registry.makers import ADMIN, a_party, member
from traceability.actor import Actor
from traceability.errors import InvalidError, NotFoundError
from traceability.events.capture import Behaviour, capture
from traceability.events.models import EventEpc
from traceability.events.policy import Policy
from traceability.events.tracing import upkeep
from traceability.events.tracing.models import Membership
from traceability.events.tracing.schemas import Direction, Graph
from traceability.events.tracing.search import Search
from traceability.events.tracing.trace import key_of, trace
from traceability.events.tracing.view import View

STEM = "https://id.gs1.org"
CRATE = f"{STEM}/8003/09520000000011C1"
FARM, FACTORY = f"{STEM}/414/9520000000011", f"{STEM}/414/9520000000028"


def fruit(lot: str) -> str:
    return f"{STEM}/01/09520001234569/10/{lot}"


def jar(serial: str) -> str:
    return f"{STEM}/01/09520001234569/21/{serial}"


def some(lot: str, quantity: float | None = None) -> dict[str, Any]:
    amount = {} if quantity is None else {"quantity": quantity, "uom": "KGM"}
    return {"epcClass": fruit(lot), **amount}


def on(day: int, **fields: Any) -> dict[str, Any]:
    return an_event(eventTime=f"2026-11-{day:02}T08:00:00Z", **{"epcList": None, **fields})


def packed(day: int, parent: str, *lots: str, action: str = "ADD", **fields: Any) -> dict[str, Any]:
    return on(day, type="AggregationEvent", action=action, parentID=parent,
              childQuantityList=[some(lot) for lot in lots] or None, **fields)  # fmt: skip


def made(day: int, **fields: Any) -> dict[str, Any]:
    return on(day, type="TransformationEvent", action=None, **fields)


def told(session: Session, *events: dict[str, Any], actor: Actor = ADMIN) -> None:
    capture(session, actor, read(*events), Behaviour.ROLLBACK, Policy())


def down(session: Session, key: str, actor: Actor = ADMIN, **how: Any) -> Graph:
    graph = trace(session, actor, key, Direction.DOWN, **how).down
    assert graph is not None
    return graph


def up(session: Session, key: str, actor: Actor = ADMIN, **how: Any) -> Graph:
    graph = trace(session, actor, key, Direction.UP, **how).up
    assert graph is not None
    return graph


def keys(graph: Graph) -> dict[str, str]:
    return {node.key: str(node.certainty) for node in graph.nodes}


def test_a_recalled_lot_reaches_its_serials_and_what_was_made_of_it(session: Session) -> None:
    told(
        session,
        made(2, inputQuantityList=[some("L1")], outputQuantityList=[some("J1")]),
        on(3, action="ADD", epcList=[jar("A"), jar("B")], ilmd={"cbvmda:lotNumber": "J1"}),
    )
    assert set(keys(down(session, fruit("L1")))) == {
        fruit("L1"), fruit("J1"), jar("A"), jar("B"),
    }  # fmt: skip
    assert set(keys(up(session, jar("A")))) == {jar("A"), fruit("J1"), fruit("L1")}


def test_a_lot_that_only_its_serials_name_is_known(session: Session) -> None:
    told(session, on(3, action="ADD", epcList=[jar("A")], ilmd={"cbvmda:lotNumber": "J9"}))
    assert set(keys(down(session, fruit("J9")))) == {fruit("J9"), jar("A")}


def variant(name: str, lot: str) -> str:
    return f"{STEM}/01/09520001234569/22/{name}/10/{lot}"


def test_a_lot_reaches_its_variants_and_a_variant_its_own_alone(session: Session) -> None:
    red, blue = variant("RED", "L1"), variant("BLUE", "L1")
    told(
        session,
        made(1, inputQuantityList=[some("L0")], outputQuantityList=[{"epcClass": red}]),
        made(2, inputQuantityList=[{"epcClass": red}], outputQuantityList=[some("J1")]),
        made(2, inputQuantityList=[{"epcClass": blue}], outputQuantityList=[some("J2")]),
    )
    lots = map(fruit, ("L1", "J1", "J2"))
    assert keys(down(session, fruit("L1"))) == dict.fromkeys([*lots, red, blue], "certain")
    assert set(keys(down(session, red))) == {red, fruit("J1")}
    assert set(keys(up(session, fruit("J1")))) == {fruit("J1"), red, fruit("L1"), fruit("L0")}
    before = down(session, fruit("L1"))
    upkeep.rebuild(session)
    assert down(session, fruit("L1")) == before


def test_a_lot_begins_where_its_variant_does(session: Session) -> None:
    red = variant("RED", "L1")
    told(session, on(1, epcList=[f"{variant('RED', 'L1')}/21/A"]))
    assert [gap.key for gap in up(session, red).gaps] == [fruit("L1")]
    told(session, on(1, action="ADD", quantityList=[{"epcClass": red}]))
    assert up(session, jar("A")).gaps == up(session, red).gaps == []


def test_a_lot_comes_from_where_its_variants_do_and_a_variant_not_from_where_others_do(
    session: Session,
) -> None:
    red, blue = variant("RED", "L1"), variant("BLUE", "L1")
    told(
        session,
        made(1, inputQuantityList=[some("R0")], outputQuantityList=[{"epcClass": red}]),
        made(1, inputQuantityList=[some("B0")], outputQuantityList=[{"epcClass": blue}]),
        made(1, inputQuantityList=[some("W0")], outputQuantityList=[some("L1")]),
        made(2, inputQuantityList=[some("L1")], outputQuantityList=[some("J1")]),
        on(3, epcList=[f"{red}/21/A"]),
        on(4, epcList=[f"{fruit('L1')}/21/A"]),
    )
    lots = {fruit("L1"), fruit("W0")}
    assert set(keys(up(session, fruit("J1")))) == {
        fruit("J1"), red, fruit("R0"), blue, fruit("B0"), *lots,
    }  # fmt: skip
    assert set(keys(up(session, red))) == {red, fruit("R0"), *lots}
    assert set(keys(up(session, jar("A")))) == {jar("A"), red, fruit("R0"), *lots}


def test_serials_that_begin_with_two_variants_of_one_lot_are_of_the_lot(session: Session) -> None:
    classes = [{"epcClass": variant(name, "L1")} for name in ("RED", "BLUE")]
    told(session, on(1, action="ADD", quantityList=classes, epcList=[jar("A")]))
    assert set(keys(down(session, variant("RED", "L1")))) == {variant("RED", "L1")}
    assert jar("A") in keys(down(session, fruit("L1")))


def test_a_crate_that_is_used_again_does_not_join_unrelated_fruit(session: Session) -> None:
    told(
        session,
        packed(1, CRATE, "L1"),
        packed(2, CRATE, action="DELETE"),
        packed(3, CRATE, "L2"),
        made(4, inputEPCList=[CRATE], outputQuantityList=[some("J1")]),
    )
    assert set(keys(down(session, fruit("L1")))) == {fruit("L1"), CRATE}
    assert fruit("J1") in keys(down(session, fruit("L2")))
    assert fruit("L1") not in keys(up(session, fruit("J1")))


def test_nothing_flows_back_in_time(session: Session) -> None:
    told(
        session,
        made(2, inputQuantityList=[some("L1")], outputQuantityList=[some("L2")]),
        made(1, inputQuantityList=[some("L2")], outputQuantityList=[some("L3")]),
    )
    assert fruit("L3") not in keys(down(session, fruit("L1")))
    assert keys(down(session, fruit("L2"))) == {fruit("L2"): "certain", fruit("L3"): "certain"}


def test_mixing_makes_it_possible_and_no_longer_certain(session: Session) -> None:
    told(session, made(
        1, inputQuantityList=[some("L1"), some("L2")], outputQuantityList=[some("J1"), some("J2")]
    ))  # fmt: skip
    assert keys(down(session, fruit("L1"))) == {
        fruit("L1"): "certain", fruit("J1"): "possible", fruit("J2"): "possible",
    }  # fmt: skip


def test_one_output_surely_has_something_of_each_input(session: Session) -> None:
    told(session, made(
        1, inputQuantityList=[some("L1"), some("L2")], outputQuantityList=[some("J1")]
    ))  # fmt: skip
    assert keys(up(session, fruit("J1")))[fruit("L2")] == "certain"


def test_events_of_one_transformation_are_one_process_with_one_balance(session: Session) -> None:
    told(
        session,
        made(1, transformationID="urn:vd:batch", inputQuantityList=[some("L1", 10)]),
        made(2, transformationID="urn:vd:batch", outputQuantityList=[some("J1", 7.5)]),
        made(3, transformationID="urn:vd:batch", outputEPCList=[jar("A")]),
    )
    graph = down(session, fruit("L1"))
    assert set(keys(graph)) == {fruit("L1"), fruit("J1"), jar("A")}
    (balance,) = graph.processes
    assert [(a.uom, str(a.taken), str(a.made)) for a in balance.amounts] == [("KGM", "10", "7.5")]
    assert balance.unknown == 1


def test_an_event_in_error_no_longer_counts_and_a_corrective_one_does(session: Session) -> None:
    wrong = made(1, eventID="urn:vd:wrong", inputQuantityList=[some("L1")],
                 outputQuantityList=[some("J1")])  # fmt: skip
    told(session, wrong)
    assert fruit("J1") in keys(down(session, fruit("L1")))
    declared = {"declarationTime": "2026-11-09T08:00:00Z", "reason": "incorrect_data",
                "correctiveEventIDs": ["urn:vd:right"]}  # fmt: skip
    right = made(1, eventID="urn:vd:right", inputQuantityList=[some("L1")],
                 outputQuantityList=[some("J2")])  # fmt: skip
    told(session, {**wrong, "errorDeclaration": declared}, right)
    assert set(keys(down(session, fruit("L1")))) == {fruit("L1"), fruit("J2")}


@pytest.mark.parametrize("direction", [Direction.UP, Direction.DOWN])
def test_goods_are_where_the_container_is_that_they_are_in(
    session: Session, direction: Direction
) -> None:
    told(
        session,
        on(1, action="ADD", epcList=[jar("A")], bizLocation={"id": FARM}),
        on(2, type="AggregationEvent", action="ADD", parentID=CRATE, childEPCs=[jar("A")]),
        on(3, type="AggregationEvent", action="ADD", parentID=SSCC, childEPCs=[CRATE]),
        on(4, epcList=[SSCC], bizLocation={"id": FACTORY}),
    )
    seen = trace(session, ADMIN, jar("A"), direction).last_seen
    assert seen is not None
    assert (seen.place, seen.time.day, list(seen.containers)) == (FACTORY, 4, [CRATE, SSCC])


def test_at_a_moment_only_what_was_then_inside_is_meant(session: Session) -> None:
    told(session, packed(1, CRATE, "L1"), packed(2, CRATE, action="DELETE"), packed(3, CRATE, "L2"))
    at = trace(session, ADMIN, CRATE).down
    assert at is not None
    assert set(keys(at)) == {CRATE, fruit("L1"), fruit("L2")}
    third = next(node.bound for node in at.nodes if node.key == fruit("L2"))
    assert set(keys(down(session, CRATE, at=third))) == {CRATE, fruit("L2")}


def test_an_edge_has_the_time_of_its_event_and_a_node_the_bound_of_what_matters(
    session: Session,
) -> None:
    told(
        session,
        on(1, action="ADD", epcList=[jar("A")], ilmd={"cbvmda:lotNumber": "J1"}),
        on(2, type="AggregationEvent", action="ADD", parentID=SSCC, childEPCs=[jar("A")]),
        on(4, type="AggregationEvent", action="DELETE", parentID=SSCC),
    )
    morning = partial(datetime, 2026, 11, hour=8, tzinfo=UTC)
    for at in (None, morning(day=3)):
        graph = up(session, SSCC, at=at)
        times = {edge.kind: edge.time for edge in graph.edges}
        packing = morning(day=2)
        assert times == {"content": packing, "container": packing, "lot": morning(day=1)}
        until = at or morning(day=4) - timedelta(microseconds=1)
        assert [node.bound for node in graph.nodes] == [at, until, until]
    assert {edge.time for edge in down(session, SSCC, at=morning(day=3)).edges} == {packing}


def test_a_cycle_ends_and_a_graph_that_is_too_large_says_so(session: Session) -> None:
    told(
        session,
        made(1, inputQuantityList=[some("L1")], outputQuantityList=[some("L2")]),
        made(1, inputQuantityList=[some("L2")], outputQuantityList=[some("L1"), some("L3")]),
    )
    whole, part = down(session, fruit("L1")), down(session, fruit("L1"), most_keys=2)
    assert (len(whole.nodes), whole.truncated) == (3, False)
    assert (len(part.nodes), part.truncated) == (2, True)


def test_of_a_large_process_not_every_pair_is_a_step_and_everything_is_reached(
    session: Session,
) -> None:
    many = [some(f"A{n}") for n in range(40)]
    told(
        session,
        made(2, inputQuantityList=[some("L1")], outputQuantityList=many),
        made(3, inputQuantityList=many, outputQuantityList=[some(f"B{n}") for n in range(40)]),
    )
    view = View(session.connection(), mirrored=False, most_rows=10_000)
    search = Search(view, fruit("L1"), most_keys=81)
    whole = search.run(None)
    assert (len(whole.arrivals), whole.truncated, whole.steps_left_out) == (81, False, False)
    search = Search(view, fruit("L1"), most_keys=81)
    search.most_steps = 100
    cut = search.run(None)
    assert (cut.arrivals, cut.truncated, cut.steps_left_out) == (whole.arrivals, False, True)
    assert len(cut.steps) < 200 < len(whole.steps)


def test_an_observation_that_contradicts_is_a_gap_and_so_is_a_missing_origin(
    session: Session,
) -> None:
    told(session, packed(1, CRATE, "L1"), packed(2, CRATE, "L2", action="OBSERVE"))
    gaps = up(session, CRATE).gaps
    assert [(gap.kind, gap.key) for gap in gaps] == [
        ("unseen", fruit("L1")), ("unexpected", fruit("L2")),
        ("no-origin", fruit("L1")), ("no-origin", fruit("L2")),
    ]  # fmt: skip


def test_a_member_sees_one_step_and_an_authority_all(session: Session) -> None:
    farm, factory, other = (
        a_party(session, number, gln=gln)
        for number, gln in enumerate(("9520000000011", "9520000000028", "9520000000035"), 1)
    )
    told(
        session,
        made(1, inputQuantityList=[some("L1")], outputQuantityList=[some("L2")],
             bizLocation={"id": FACTORY}),
        actor=member(farm),
    )  # fmt: skip
    told(
        session,
        made(2, inputQuantityList=[some("L2")], outputQuantityList=[some("L3")]),
        actor=member(factory),
    )
    told(
        session,
        made(3, inputQuantityList=[some("L3")], outputQuantityList=[some("L4")]),
        actor=member(other),
    )
    seen = {name: set(keys(down(session, fruit("L1"), actor))) for name, actor in {
        "authority": ADMIN, "farm": member(farm), "factory": member(factory),
    }.items()}  # fmt: skip
    assert seen["authority"] == {fruit(f"L{n}") for n in (1, 2, 3, 4)}
    assert seen["farm"] == {fruit("L1"), fruit("L2")}
    assert seen["factory"] == {fruit(f"L{n}") for n in (1, 2, 3)}
    with pytest.raises(NotFoundError, match=r"trace\.unknown"):
        trace(session, member(other), fruit("L1"))


def labelled(lot: str, serial: str) -> str:
    """The address on a label, as events may name the unit."""
    return f"http://shop.example/01/09520001234569/10/{lot}/21/{serial}?17=271231"


def test_a_unit_and_its_label_are_one(session: Session) -> None:
    told(
        session,
        on(1, action="ADD", epcList=[jar("A1")], bizLocation={"id": FARM}),
        on(2, epcList=[jar("A1")], bizStep="shipping", bizLocation={"id": FARM}),
        on(3, epcList=[labelled("L7", "A1")], bizStep="receiving", bizLocation={"id": FACTORY}),
        on(4, type="AggregationEvent", action="ADD", parentID=SSCC,
           childEPCs=[labelled("L7", "A1")]),
    )  # fmt: skip
    found = [trace(session, ADMIN, key_of(spelt)) for spelt in (jar("A1"), labelled("L7", "A1"))]
    assert found[0] == found[1]
    assert found[0].key == jar("A1")
    assert found[0].last_seen is not None
    assert found[0].last_seen.place == FACTORY
    assert found[0].up is not None
    assert keys(found[0].up) == {jar("A1"): "certain", fruit("L7"): "certain", SSCC: "certain"}
    assert [gap.kind for gap in found[0].up.gaps if gap.key == jar("A1")] == []
    assert set(keys(down(session, fruit("L7")))) == {fruit("L7"), jar("A1"), SSCC}


def test_lots_that_two_events_tell_of_a_unit_are_both_kept(session: Session) -> None:
    told(
        session,
        on(1, action="ADD", epcList=[jar("A1")], ilmd={"cbvmda:lotNumber": "L1"}),
        on(2, epcList=[labelled("L2", "A1")]),
    )
    assert set(keys(up(session, jar("A1")))) == {jar("A1"), fruit("L1"), fruit("L2")}


def test_the_lot_on_the_label_is_told_before_the_lot_of_the_event(session: Session) -> None:
    told(
        session,
        on(1, action="ADD", epcList=[labelled("L1", "A1"), jar("A2")],
           ilmd={"cbvmda:lotNumber": "L2"}),
    )  # fmt: skip
    assert set(keys(up(session, jar("A1")))) == {jar("A1"), fruit("L1")}
    assert set(keys(up(session, jar("A2")))) == {jar("A2"), fruit("L2")}


def test_a_rebuild_names_alike_what_was_recorded_under_the_label(session: Session) -> None:
    told(
        session,
        on(1, epcList=[labelled("L1", "A1"), labelled("L2", "A1"), labelled("L1", "A2")]),
        on(2, epcList=[jar("A1")]),
    )
    before = state(session)
    column = EventEpc.__table__.c  # type: ignore[attr-defined]
    first = session.execute(sa.select(sa.func.min(column.event))).scalar_one()
    session.execute(
        sa.update(EventEpc)
        .where(column.event == first, column.key == jar("A1"))
        .values(key=f"{fruit('L1')}/21/A1")
    )
    session.execute(
        sa.insert(EventEpc).from_select(
            list(column.keys()),
            sa.select(*(
                sa.literal(f"{fruit('L2')}/21/A1") if each.name == "key" else each
                for each in column
            )).where(column.key == f"{fruit('L1')}/21/A1"),
        )
    )  # fmt: skip
    session.execute(sa.delete(Membership))
    assert state(session) != before
    upkeep.rebuild(session)
    assert state(session) == before


def state(session: Session) -> list[Any]:
    """What is kept beside the events' texts."""
    tables = (EventEpc.__table__, Membership.__table__)  # type: ignore[attr-defined]
    return [sorted(session.execute(sa.select(table)).all(), key=str) for table in tables]


def test_a_key_is_named_in_any_of_its_spellings() -> None:
    expected = f"{STEM}/01/09520001234569/21/A7"
    assert key_of("01/09520001234569/21/A7") == expected
    assert key_of("urn:epc:id:sgtin:952000.0123456.A7") == expected
    assert key_of("01/09520001234569/10/L7/21/A7") == expected
    assert key_of("(01)09520001234569(10)L7(21)A7") == expected
    with pytest.raises(InvalidError, match="check-digit"):
        key_of("01/09520001234560/21/A7")
    with pytest.raises(InvalidError, match=r"trace\.key"):
        key_of("(99999)1")
