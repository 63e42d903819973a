"""Where records do not fit together: one rule a test, on events as they are captured."""

import random
from datetime import UTC, datetime
from itertools import permutations
from time import process_time
from typing import Any

import pytest
from sqlmodel import Session

from gs1.check_digit import compute
from tests.traceability.events.makers import SSCC, read
from tests.traceability.events.tracing.test_trace import (
    CRATE,
    FACTORY,
    FARM,
    fruit,
    jar,
    made,
    on,
    packed,
    some,
    told,
)
from tests.traceability.registry.makers import ADMIN, a_party, member
from traceability.db import read_all_in
from traceability.events.capture import Behaviour, capture
from traceability.events.policy import TRACE_POLICY, Policy
from traceability.events.tracing import gap_reading, upkeep
from traceability.events.tracing import trace as trace_module
from traceability.events.tracing.gap_reading import problems, problems_of_unit
from traceability.events.tracing.gaps import Problem
from traceability.events.tracing.schemas import Direction
from traceability.events.tracing.sightings import stories
from traceability.events.tracing.trace import trace

LATER = datetime(2026, 12, 31, tzinfo=UTC)
SOON = datetime(2026, 11, 8, tzinfo=UTC)
GTIN = "09520001234569"
PALLET = "https://id.gs1.org/00/395200000000000029"
HANOI, SAIGON = "geo:21.03,105.85", "geo:10.78,106.70"


def kinds(session: Session, *keys: str, at: datetime = LATER) -> list[str]:
    found = problems(read_all_in(session), keys, at, TRACE_POLICY)
    assert all(problem.events for problem in found)
    return [problem.kind for problem in found]


def shipped(day: int, *keys: str, to: str | None = None, **fields: Any) -> dict[str, Any]:
    return _handed(day, "shipping", *keys, to=to, **fields)


def received(day: int, *keys: str, to: str | None = None, **fields: Any) -> dict[str, Any]:
    return _handed(day, "receiving", *keys, to=to, **fields)


def _handed(day: int, step: str, *keys: str, to: str | None, **fields: Any) -> dict[str, Any]:
    if to is not None:
        party = f"https://id.gs1.org/417/{to}"
        fields["destinationList"] = [{"type": "owning_party", "destination": party}]
    return on(day, bizStep=step, epcList=list(keys), **fields)


def test_what_was_shipped_and_never_received_is_missing_after_some_days(session: Session) -> None:
    told(session, shipped(2, SSCC))
    assert kinds(session, SSCC) == ["not-received"]
    assert kinds(session, SSCC, at=SOON) == []


def test_a_receipt_closes_a_shipment_but_an_earlier_one_does_not(session: Session) -> None:
    told(session, shipped(2, SSCC), received(3, SSCC))
    assert kinds(session, SSCC) == []
    told(session, shipped(4, SSCC))
    assert kinds(session, SSCC) == ["not-received"]


def test_a_receipt_by_somebody_else_does_not_close_it(session: Session) -> None:
    told(
        session,
        shipped(2, SSCC, to="9520000000011"),
        received(3, SSCC, to="9520000000028"),
    )
    assert kinds(session, SSCC) == ["not-received", "not-shipped"]


def test_a_receipt_that_nobody_shipped_is_told(session: Session) -> None:
    told(session, received(3, SSCC))
    assert kinds(session, SSCC) == ["not-shipped"]


def test_what_the_box_tells_counts_for_what_is_in_it_and_in_a_box_in_it(session: Session) -> None:
    told(
        session,
        on(1, action="ADD", epcList=[jar("A")]),
        on(2, type="AggregationEvent", action="ADD", parentID=CRATE, childEPCs=[jar("A")]),
        on(2, type="AggregationEvent", action="ADD", parentID=SSCC, childEPCs=[CRATE]),
        shipped(3, SSCC),
    )
    assert kinds(session, jar("A")) == ["not-received"]
    told(session, received(4, jar("A")))
    assert kinds(session, jar("A")) == []
    assert kinds(session, SSCC) == [], "the jar was in it, and arrived"


def test_a_crate_that_travelled_before_does_not_count_for_what_is_in_it_later(
    session: Session,
) -> None:
    told(
        session,
        shipped(1, CRATE),
        on(2, action="ADD", epcList=[jar("A")]),
        on(3, type="AggregationEvent", action="ADD", parentID=CRATE, childEPCs=[jar("A")]),
    )
    assert kinds(session, jar("A")) == []


def boxed(day: int, parent: str, child: str, **fields: Any) -> dict[str, Any]:
    told = {"type": "AggregationEvent", "action": "ADD", "parentID": parent, "childEPCs": [child]}
    return on(day, **{**told, **fields})


def test_a_crate_in_what_is_inside_it_is_told_once_with_the_events(session: Session) -> None:
    told(
        session,
        boxed(2, CRATE, SSCC, eventID="urn:vd:1"),
        boxed(3, PALLET, CRATE, eventID="urn:vd:2"),
        boxed(4, CRATE, jar("A")),
    )
    assert kinds(session, SSCC, CRATE, PALLET) == []
    told(session, boxed(5, SSCC, PALLET, eventID="urn:vd:3"))
    for keys in ([SSCC], [CRATE], [PALLET], [SSCC, CRATE, PALLET]):
        (problem,) = problems(read_all_in(session), keys, LATER, TRACE_POLICY)
        assert (problem.kind, problem.time.day) == ("inside-itself", 5)
        assert problem.key in keys
        assert {each.event_id for each in problem.events} == {"urn:vd:1", "urn:vd:2", "urn:vd:3"}
    assert kinds(session, jar("A")) == [], "it is not itself what it is in"
    graph = trace(session, ADMIN, SSCC, Direction.DOWN).down
    assert graph is not None
    assert [gap.kind for gap in graph.gaps] == ["inside-itself"]
    assert SSCC in {edge.target for edge in graph.edges}, "the trace shows the ring, and ends"


@pytest.mark.parametrize("between", ["DELETE", "error"])
def test_a_crate_that_was_taken_out_before_is_not_inside_itself(
    session: Session, between: str
) -> None:
    first = boxed(2, CRATE, SSCC, eventID="urn:vd:1")
    error = {"declarationTime": "2026-11-06T08:00:00Z"}
    told(session, first, boxed(5, SSCC, CRATE))
    assert kinds(session, SSCC) == ["inside-itself"]
    if between == "DELETE":
        told(session, boxed(4, CRATE, SSCC, action="DELETE"))
    else:
        told(session, {**first, "errorDeclaration": error})
    assert kinds(session, SSCC) == []


def test_two_rings_are_two_gaps_and_a_ring_above_is_not_that_of_what_is_below(
    session: Session,
) -> None:
    told(
        session, boxed(2, CRATE, SSCC), boxed(3, SSCC, CRATE), boxed(4, PALLET, CRATE),
        boxed(5, CRATE, PALLET), boxed(2, SSCC, jar("B")),
    )  # fmt: skip
    assert kinds(session, CRATE) == ["inside-itself", "inside-itself"]
    assert kinds(session, jar("B")) == []


def test_two_containers_in_each_other_from_one_moment_on_are_a_ring(session: Session) -> None:
    told(session, boxed(2, CRATE, SSCC), boxed(2, SSCC, CRATE))
    for keys in ([SSCC], [CRATE], [SSCC, CRATE]):
        assert kinds(session, *keys) == ["inside-itself"]


def test_many_containers_in_each_other_are_judged_at_once(session: Session) -> None:
    pallets = [f"https://id.gs1.org/00/{body}{compute(body)}"
               for body in (f"3952000000000{n:04}" for n in range(12))]  # fmt: skip
    told(session, *(boxed(2, one, other) for one, other in permutations(pallets, 2)))
    started = process_time()
    assert set(kinds(session, *pallets)) == {"inside-itself"}
    assert process_time() - started < 5, "and does not follow every way around"


@pytest.mark.parametrize("shared", [False, True])
def test_goods_that_are_input_and_output_at_one_moment_are_made_of_themselves(
    session: Session, shared: bool
) -> None:
    process = {"transformationID": "urn:vd:process"} if shared else {}
    outputs = {"outputQuantityList": [some("L1", 4), some("L2", 4)]}
    if shared:
        told(session, made(2, inputQuantityList=[some("L1", 9)], eventID="urn:vd:1", **process),
             made(2, eventID="urn:vd:2", **outputs, **process))  # fmt: skip
    else:
        told(session, made(2, inputQuantityList=[some("L1", 9)], eventID="urn:vd:1", **outputs))
    (problem,) = problems(read_all_in(session), [fruit("L1")], LATER, TRACE_POLICY)
    assert (problem.kind, problem.time.day) == ("made-of-itself", 2)
    assert [each.event_id for each in problem.events] == ["urn:vd:1", "urn:vd:2"][: 1 + shared]
    assert kinds(session, fruit("L2")) == []


def test_a_ring_of_processes_at_one_moment_is_told_once_with_the_events(session: Session) -> None:
    for number, (source, target) in enumerate((("L1", "L2"), ("L2", "L3"), ("L3", "L1"))):
        told(
            session,
            made(2, inputQuantityList=[some(source)], outputQuantityList=[some(target)],
                 eventID=f"urn:vd:{number}"),
        )  # fmt: skip
    for lots in (["L1"], ["L2"], ["L3"], ["L1", "L2", "L3"]):
        found = problems(read_all_in(session), map(fruit, lots), LATER, TRACE_POLICY)
        assert [problem.kind for problem in found] == ["made-of-itself"]
        assert {told.event_id for told in found[0].events} == {f"urn:vd:{n}" for n in range(3)}


def test_processes_in_a_row_rework_and_refilled_crates_are_no_ring(session: Session) -> None:
    told(
        session,
        on(1, action="ADD", quantityList=[some("L1")]),
        made(2, inputQuantityList=[some("L1")], outputQuantityList=[some("L2")]),
        made(2, inputQuantityList=[some("L2")], outputQuantityList=[some("L3")]),
        made(3, inputQuantityList=[some("L3")], outputQuantityList=[some("L1")]),
        made(4, inputEPCList=[CRATE], outputEPCList=[CRATE]),
    )
    assert kinds(session, fruit("L1"), fruit("L2"), fruit("L3"), CRATE) == []


def labelled(lot: str, serial: str) -> str:
    return f"https://shop.example/01/{GTIN}/10/{lot}/21/{serial}"


def test_a_unit_of_two_lots_is_told_with_the_first_event_of_each(session: Session) -> None:
    told(
        session,
        on(1, action="ADD", epcList=[jar("A"), jar("B")], ilmd={"cbvmda:lotNumber": "L1"},
           eventID="urn:vd:1"),
        on(2, epcList=[labelled("L1", "A"), labelled("L1", "B")], eventID="urn:vd:2"),
    )  # fmt: skip
    assert kinds(session, jar("A"), jar("B")) == []
    for day in (3, 4):
        told(session, on(day, epcList=[labelled("L2", "A")], eventID=f"urn:vd:{day}"))
    (problem,) = problems(read_all_in(session), [jar("A"), jar("B")], LATER, TRACE_POLICY)
    assert (problem.kind, problem.key, problem.time.day) == ("two-lots", jar("A"), 3)
    assert [each.event_id for each in problem.events] == ["urn:vd:1", "urn:vd:3"]
    for lot in ("L1", "L2"):
        graph = trace(session, ADMIN, fruit(lot), Direction.DOWN).down
        assert graph is not None
        assert [gap.kind for gap in graph.gaps] == ["two-lots"], "it stays in both"
    found = problems_of_unit(read_all_in(session), GTIN, "L1", "A", LATER, TRACE_POLICY)
    assert "two-lots" in [each.kind for each in found]


def test_a_lot_with_and_without_its_variant_is_one_lot(session: Session) -> None:
    red, blue = (f"https://id.gs1.org/01/{GTIN}/22/{name}/10/L1/21/A" for name in ("RED", "BLUE"))
    told(session, on(1, epcList=[red]), on(2, epcList=[labelled("L1", "A")]), on(3, epcList=[blue]))
    assert kinds(session, jar("A")) == []


def test_a_unit_is_of_one_lot_again_when_an_event_is_declared_wrong(session: Session) -> None:
    wrong = on(3, epcList=[labelled("L2", "A")], eventID="urn:vd:wrong")
    told(session, on(2, epcList=[labelled("L1", "A")]), wrong)
    assert kinds(session, jar("A")) == ["two-lots"]
    declared = {"declarationTime": "2026-11-09T08:00:00Z"}
    told(session, {**wrong, "errorDeclaration": declared})
    assert kinds(session, jar("A")) == []


def test_one_event_that_tells_two_lots_of_a_unit_is_one_event(session: Session) -> None:
    told(session, on(2, epcList=[labelled("L1", "A"), labelled("L2", "A")], eventID="urn:vd:1"))
    (problem,) = problems(read_all_in(session), [jar("A")], LATER, TRACE_POLICY)
    assert (problem.kind, [each.event_id for each in problem.events]) == ("two-lots", ["urn:vd:1"])


def test_a_lot_that_its_pieces_tell_of_is_not_judged_by_itself(session: Session) -> None:
    told(
        session,
        on(1, action="ADD", epcList=[jar("A")], ilmd={"cbvmda:lotNumber": "L1"}),
        on(2, bizStep="receiving", quantityList=[some("L1", 5)]),
    )
    assert kinds(session, fruit("L1")) == []


def test_nothing_happens_to_goods_before_they_begin(session: Session) -> None:
    told(session, on(2, epcList=[jar("A")]), on(5, action="ADD", epcList=[jar("A")]))
    (problem,) = problems(read_all_in(session), [jar("A")], LATER, TRACE_POLICY)
    assert (problem.kind, problem.time.day, len(problem.events)) == ("before-origin", 2, 2)


def test_nothing_happens_to_goods_after_they_were_destroyed(session: Session) -> None:
    told(
        session,
        on(1, action="ADD", epcList=[jar("A")]),
        on(2, action="DELETE", bizStep="destroying", epcList=[jar("A")]),
        on(3, action="DELETE", bizStep="decommissioning", epcList=[jar("A")]),
    )
    assert kinds(session, jar("A")) == []
    told(session, on(4, epcList=[jar("A")]))
    assert kinds(session, jar("A")) == ["after-end"]


def test_a_crate_may_be_seen_before_it_is_filled(session: Session) -> None:
    told(
        session,
        on(1, epcList=[CRATE]),
        made(2, inputQuantityList=[some("L1")], outputEPCList=[CRATE]),
    )
    assert kinds(session, CRATE) == []


@pytest.mark.parametrize(
    ("taken", "made_of_it", "expected"),
    [
        ((10, "KGM"), (10.1, "KGM"), []),
        ((10, "KGM"), (10.3, "KGM"), ["balance"]),
        ((10, "KGM"), (11_000, "GRM"), ["balance"]),
        ((0.01, "TNE"), (9, "KGM"), []),
        ((1, None), (50, None), []),
        ((None, None), (50, "KGM"), []),
    ],
)
def test_a_process_makes_no_more_than_it_took(
    session: Session, taken: tuple[Any, Any], made_of_it: tuple[Any, Any], expected: list[str]
) -> None:
    amounts = [
        {"epcClass": fruit(lot), **({} if much is None else {"quantity": much}),
         **({} if uom is None else {"uom": uom})}
        for lot, (much, uom) in (("L1", taken), ("J1", made_of_it))
    ]  # fmt: skip
    told(session, made(2, inputQuantityList=amounts[:1], outputQuantityList=amounts[1:]))
    assert kinds(session, fruit("J1")) == expected


def test_one_thing_is_not_at_two_ends_of_the_country_within_an_hour(session: Session) -> None:
    told(session, on(2, epcList=[jar("A"), jar("B")], readPoint={"id": HANOI}))
    told(
        session,
        {
            **on(2, epcList=[jar("A")], readPoint={"id": SAIGON}),
            "eventTime": "2026-11-02T08:40:00Z",
        },
        on(3, epcList=[jar("B")], readPoint={"id": SAIGON}),
    )
    assert kinds(session, jar("A"), jar("B")) == ["travel"]


def test_places_may_tell_their_position_by_master_data(session: Session) -> None:
    elements = [
        {"id": place, "attributes": [
            {"id": "cbvmda:latitude", "attribute": latitude},
            {"id": "cbvmda:longitude", "attribute": longitude},
        ]}
        for place, latitude, longitude in (
            (FARM, "21.03", "105.85"), (FACTORY, "10.78", "106.70"),
        )
    ]  # fmt: skip
    vocabulary = {"type": "urn:epcglobal:epcis:vtype:ReadPoint", "vocabularyElementList": elements}
    header = {"epcisMasterData": {"vocabularyList": [vocabulary]}}
    events = [
        on(2, epcList=[jar("A")], readPoint={"id": FARM}),
        on(2, epcList=[jar("A")], readPoint={"id": FACTORY}, bizStep="storing"),
    ]
    capture(session, ADMIN, read(*events, epcisHeader=header), Behaviour.ROLLBACK, Policy())
    assert kinds(session, jar("A")) == ["travel"]


def test_goods_that_travel_together_are_judged_as_each_alone(session: Session) -> None:
    alike = 0
    for seed in range(40):
        source = random.Random(seed)
        told(session, *(_anything(source) for _ in range(14)))
        keys = [*_JARS, *map(fruit, _LOTS), *_BOXES]
        ask = read_all_in(session)
        alone = [each for key in keys for each in problems(ask, [key], LATER, TRACE_POLICY)]
        together = problems(ask, keys, LATER, TRACE_POLICY)
        assert sorted(filter(_of_one, together)) == sorted(filter(_of_one, alone)), seed
        alike += len(keys) - len(stories(ask, keys))
        session.rollback()
    assert alike > 20, "there were goods with one story"


_JARS = [jar(name) for name in "ABCDEF"]
_LOTS = ("L1", "L2")
_BOXES = (SSCC, PALLET, CRATE)


def _of_one(problem: Problem) -> bool:
    """A ring is told once for all of its keys."""
    return problem.kind != "inside-itself"


def _anything(source: random.Random) -> dict[str, Any]:
    day, jars = source.randrange(1, 23), source.sample(_JARS, source.choice((2, 3, 6)))
    box, other = source.sample(_BOXES, 2)
    taken = source.choice(([], jars))
    classes = [some(lot, source.choice((1, 2))) for lot in source.sample(_LOTS, 2)]
    return source.choice((
        on(day, action="ADD", epcList=jars),
        on(day, action="DELETE", bizStep="destroying", epcList=jars[:1]),
        on(day, epcList=jars, readPoint={"id": source.choice((HANOI, SAIGON))}),
        on(day, type="AggregationEvent", action="ADD", parentID=box, childEPCs=jars),
        on(day, type="AggregationEvent", action="ADD", parentID=box, childQuantityList=classes),
        on(day, type="AggregationEvent", action="ADD", parentID=box, childEPCs=[other]),
        on(day, type="AggregationEvent", action="DELETE", parentID=box, childEPCs=taken or None),
        on(day, type="AggregationEvent", action="DELETE", parentID=box,
           childQuantityList=[some("L1", 1), some("L2", 1)]),
        shipped(day, source.choice((box, jars[0]))),
        received(day, source.choice((box, jars[0]))),
    ))  # fmt: skip


def test_of_two_lots_told_alike_the_one_of_which_some_is_left_in_the_box_is_shipped(
    session: Session,
) -> None:
    lots = [some("L1", 1), some("L2", 2)]
    out = [some("L1", 1), some("L2", 1)]
    told(
        session,
        on(1, type="AggregationEvent", action="ADD", parentID=SSCC, childQuantityList=lots),
        on(2, type="AggregationEvent", action="DELETE", parentID=SSCC, childQuantityList=out),
        shipped(3, SSCC),
    )
    found = problems(read_all_in(session), [fruit("L1"), fruit("L2")], LATER, TRACE_POLICY)
    assert [(each.kind, each.key) for each in found] == [("not-received", fruit("L2"))]


def test_an_event_in_error_makes_no_gap_and_a_late_one_mends_one(session: Session) -> None:
    wrong = on(2, eventID="urn:vd:wrong", epcList=[jar("A")])
    told(session, wrong, on(5, action="ADD", epcList=[jar("A")]), received(6, jar("A")))
    assert kinds(session, jar("A")) == ["before-origin", "not-shipped"]
    declared = {"declarationTime": "2026-11-09T08:00:00Z"}
    told(session, {**wrong, "errorDeclaration": declared}, shipped(5, jar("A")))
    assert kinds(session, jar("A")) == []


def test_a_rebuild_leaves_the_gaps_as_they_were(session: Session) -> None:
    told(
        session,
        packed(1, SSCC, "L1"),
        shipped(2, SSCC),
        on(3, action="ADD", quantityList=[some("L1", 5)]),
        made(4, inputQuantityList=[some("L1", 5)], outputQuantityList=[some("J1", 9)]),
    )
    keys = (SSCC, fruit("L1"), fruit("J1"))
    before = problems(read_all_in(session), keys, LATER, TRACE_POLICY)
    assert {problem.kind for problem in before} == {"not-received", "before-origin", "balance"}
    upkeep.rebuild(session)
    assert problems(read_all_in(session), keys, LATER, TRACE_POLICY) == before


def test_a_unit_is_judged_with_its_lot_by_either_of_its_names(session: Session) -> None:
    told(
        session,
        on(3, action="ADD", epcList=[jar("A")], ilmd={"cbvmda:lotNumber": "L1"}),
        on(2, quantityList=[some("L1", 5)]),
        on(4, action="ADD", quantityList=[some("L1", 5)]),
    )
    for lot, serial in (("L1", None), ("L1", "A"), (None, "A")):
        found = problems_of_unit(read_all_in(session), GTIN, lot, serial, LATER, TRACE_POLICY)
        assert [problem.kind for problem in found] == ["before-origin"], (lot, serial)


def test_goods_of_which_nobody_told_the_beginning_lack_a_step(session: Session) -> None:
    told(session, on(3, epcList=[jar("A")]))
    ask = read_all_in(session)
    assert [each.kind for each in problems_of_unit(ask, GTIN, None, "A", LATER, TRACE_POLICY)] == [
        "no-origin"
    ]
    assert problems_of_unit(ask, GTIN, None, "B", LATER, TRACE_POLICY) == []


def test_a_trace_names_the_events_of_each_gap(session: Session) -> None:
    told(
        session,
        on(2, eventID="urn:vd:seen", epcList=[jar("A")]),
        on(5, eventID="urn:vd:begun", action="ADD", epcList=[jar("A")]),
    )
    graph = trace(session, ADMIN, jar("A"), Direction.DOWN).down
    assert graph is not None
    (gap,) = graph.gaps
    assert (gap.kind, list(gap.events)) == ("before-origin", ["urn:vd:seen", "urn:vd:begun"])


def test_an_answer_says_of_how_many_nodes_gaps_were_looked_for(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    told(session, packed(1, SSCC, "L1", "L2"), received(2, fruit("L2")))
    graph = trace(session, ADMIN, SSCC, Direction.DOWN).down
    assert graph is not None
    assert (graph.judged, [gap.kind for gap in graph.gaps]) == (3, ["not-shipped"])
    for module in (gap_reading, trace_module):
        monkeypatch.setattr(module, "MOST_JUDGED", 2)
    few = trace(session, ADMIN, SSCC, Direction.DOWN).down
    assert few is not None
    assert (few.judged, len(few.nodes), few.gaps) == (2, 3, [])
    none = trace(session, ADMIN, SSCC, Direction.DOWN, with_gaps=False).down
    assert none is not None
    assert (none.judged, none.gaps) == (0, [])


def test_what_a_member_may_not_see_is_neither_shown_nor_a_gap_to_it(session: Session) -> None:
    farm, shop = (
        a_party(session, number, gln=gln)
        for number, gln in enumerate(("9520000000011", "9520000000028"), 1)
    )
    told(session, {**on(1, action="ADD", epcList=[jar("A")]), "bizStep": "commissioning"},
         shipped(2, jar("A")), actor=member(farm))  # fmt: skip
    told(session, received(3, jar("A")), actor=member(shop))
    for party in (farm, shop):
        graph = trace(session, member(party), jar("A"), Direction.DOWN).down
        assert graph is not None
        assert [gap.kind for gap in graph.gaps] == []
