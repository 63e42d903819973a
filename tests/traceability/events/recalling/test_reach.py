"""What a recall would reach: shown before, and nothing kept."""

from decimal import Decimal

import pytest
from sqlmodel import Session, select

from tests.traceability.events.recalling.chains import (
    GLNS,
    SSCC,
    STEM,
    Chain,
    a_chain,
    at,
    becomes,
    goods,
    jam_is_made,
    made,
    on,
    some,
    told,
)
from tests.traceability.registry.makers import SUPERVISOR, a_party, gtin, member
from traceability.actor import Actor
from traceability.errors import ForbiddenError, InvalidError
from traceability.events import recalls
from traceability.events.models import Recall, RecallScope
from traceability.events.recall_schemas import RecalledIn
from traceability.events.recalling.models import RecallGoods, RecallHolder
from traceability.events.recalling.reach import reach
from traceability.events.recalling.schemas import ReachOut


@pytest.fixture
def chain(session: Session) -> Chain:
    return a_chain(session)


def foreseen(session: Session, actor: Actor = SUPERVISOR, **given: object) -> ReachOut:
    return recalls.foresee(session, actor, RecalledIn.model_validate(given))


def certainties(found: ReachOut) -> dict[str, str]:
    return {each.key: str(each.certainty) for each in found.goods}


def test_what_was_made_from_an_input_is_reached_with_its_serials(
    session: Session, chain: Chain
) -> None:
    jam_is_made(session, chain)
    found = foreseen(session, inputs=[goods(1, "10/L1")])
    assert certainties(found) == {
        goods(1, "10/L1"): "certain", goods(2, "10/J1"): "certain", goods(2, "21/A1"): "certain",
    }  # fmt: skip
    assert (found.certain, found.possible, found.lots, found.serials) == (3, 0, 2, 1)
    assert not found.truncated


def test_what_was_mixed_on_the_way_is_possible(session: Session, chain: Chain) -> None:
    jam_is_made(session, chain, mixed=True)
    found = foreseen(session, inputs=[goods(1, "10/L1")])
    assert certainties(found) == {
        goods(1, "10/L1"): "certain", goods(2, "10/J1"): "possible",
        goods(2, "10/J2"): "possible", goods(2, "21/A1"): "possible",
    }  # fmt: skip
    assert (found.certain, found.possible) == (1, 3)


def test_a_recall_of_a_lot_stays_with_the_lot(session: Session, chain: Chain) -> None:
    jam_is_made(session, chain)
    assert set(certainties(foreseen(session, gtin=gtin(1), lot="L1"))) == {goods(1, "10/L1")}
    assert set(certainties(foreseen(session, gtin=gtin(2), lot="J1"))) == {
        goods(2, "10/J1"), goods(2, "21/A1"),
    }  # fmt: skip


def test_a_recall_of_a_product_reaches_every_lot_and_unit_that_events_name(
    session: Session, chain: Chain
) -> None:
    jam_is_made(session, chain, mixed=True)
    assert set(certainties(foreseen(session, gtin=gtin(2)))) == {
        goods(2), goods(2, "10/J1"), goods(2, "10/J2"), goods(2, "21/A1"),
    }  # fmt: skip


def test_several_serials_are_reached_and_no_others(session: Session, chain: Chain) -> None:
    jam_is_made(session, chain)
    found = foreseen(session, gtin=gtin(2), serials=["A1", "A9"])
    assert set(certainties(found)) == {goods(2, "21/A1"), goods(2, "21/A9")}


def test_a_unit_that_events_name_by_its_label_is_one_unit(session: Session, chain: Chain) -> None:
    jam_is_made(session, chain)
    label = goods(2, "10/J1/21/A1")
    told(session, on(5, bizStep="shipping", epcList=[label, goods(2, "10/J1/21/A7")]))
    one = foreseen(session, gtin=gtin(2), lot="J1", serial="A1")
    assert set(certainties(one)) == {goods(2, "21/A1")}
    assert one == foreseen(session, gtin=gtin(2), serials=["A1"])
    assert foreseen(session, inputs=[label]).serials == 1
    assert set(certainties(foreseen(session, gtin=gtin(2), lot="J1"))) == {
        goods(2, "10/J1"), goods(2, "21/A1"), goods(2, "21/A7"),
    }  # fmt: skip


def test_a_recall_of_a_lot_reaches_its_variants_with_their_serials(
    session: Session, chain: Chain
) -> None:
    red, blue = (goods(2, f"22/{variant}/10/J1") for variant in ("RED", "BLUE"))
    told(
        session,
        on(1, action="ADD", quantityList=[some(2, "22/RED/10/J1", 5)],
           epcList=[goods(2, "22/RED/21/A1")]),
        on(2, action="ADD", quantityList=[some(2, "22/BLUE/10/J1", 7), some(2, "22/RED/10/J2")]),
        on(3, epcList=[goods(2, "22/BLUE/10/J1/21/A2")], bizLocation=at(GLNS[2])),
        actor=member(chain.factory),
    )  # fmt: skip
    found = foreseen(session, gtin=gtin(2), lot="J1")
    assert set(certainties(found)) == {
        goods(2, "10/J1"), red, blue, goods(2, "21/A1"), goods(2, "21/A2"),
    }  # fmt: skip
    assert [(each.uom, each.begun) for each in found.amounts] == [("KGM", Decimal(12))]
    assert {each.party_id for each in found.holders} == {chain.factory.id, chain.shop.id}
    assert set(certainties(foreseen(session, inputs=[red]))) == {red, goods(2, "21/A1")}


def test_the_mass_balance_says_what_may_still_be_somewhere(session: Session, chain: Chain) -> None:
    jam_is_made(session, chain)
    found = foreseen(session, inputs=[goods(1, "10/L1")])
    (amount,) = found.amounts
    assert amount.model_dump() == {
        "uom": "KGM", "begun": Decimal(170), "used": Decimal(80), "ended": Decimal(0),
        "left": Decimal(90),
    }  # fmt: skip
    assert found.unknown == 1  # the jar, which has no quantity
    (balance,) = found.processes
    assert [(x.taken, x.made) for x in balance.amounts] == [(Decimal(80), Decimal(70))]


def test_a_unit_that_is_told_with_a_quantity_counts(session: Session, chain: Chain) -> None:
    told(session, on(1, action="ADD", quantityList=[some(1, "21/B1", 1.5)]),
         actor=member(chain.farm))  # fmt: skip
    found = foreseen(session, gtin=gtin(1), serial="B1")
    assert [(each.uom, each.begun) for each in found.amounts] == [("KGM", Decimal("1.5"))]
    assert found.unknown == 0


def test_places_holders_and_paths_stand_in_the_answer(session: Session, chain: Chain) -> None:
    jam_is_made(session, chain)
    found = foreseen(session, inputs=[goods(1, "10/L1")])
    assert {each.place: (each.party_name, each.goods) for each in found.places} == {
        f"{STEM}/414/{GLNS[1]}": (chain.factory.name, 2),
        f"{STEM}/414/{GLNS[2]}": (chain.shop.name, 1),
    }
    assert {each.name: each.goods for each in found.holders} == {
        chain.factory.name: 2, chain.farm.name: 1, chain.shop.name: 1,
    }  # fmt: skip
    assert found.last_time is not None
    assert found.last_time.day == 4
    assert {(x.source, x.target, x.kind) for x in found.paths} == {
        (goods(1, "10/L1"), goods(2, "10/J1"), "process"),
        (goods(2, "10/J1"), goods(2, "21/A1"), "lot"),
    }
    assert found.steps == 2
    assert all(each.event_id for each in found.paths)


def test_who_received_a_container_holds_what_is_in_it(session: Session, chain: Chain) -> None:
    told(
        session,
        on(1, type="AggregationEvent", action="ADD", parentID=SSCC, childEPCs=[goods(2, "21/A1")]),
        on(2, bizStep="receiving", epcList=[SSCC], bizLocation=at(GLNS[2])),
    )
    found = foreseen(session, gtin=gtin(2), serial="A1")
    assert [(x.name, x.goods) for x in found.holders] == [
        (chain.shop.name, 1), (chain.factory.name, 0),
    ]  # fmt: skip
    assert list(found.carriers) == [SSCC]


def test_a_crate_that_is_used_again_recalls_nothing_else(session: Session, chain: Chain) -> None:
    crate = f"{STEM}/8003/09520000000011C1"
    told(
        session,
        *(
            on(
                day,
                type="AggregationEvent",
                action=action,
                parentID=crate,
                childQuantityList=[some(1, f"10/{lot}")],
            )
            for day, action, lot in ((1, "ADD", "L1"), (2, "DELETE", "L1"), (3, "ADD", "L2"))
        ),
    )
    assert set(certainties(foreseen(session, inputs=[goods(1, "10/L1")]))) == {goods(1, "10/L1")}


def test_a_product_without_a_lot_that_comes_out_of_a_process_is_never_certain(
    session: Session, chain: Chain
) -> None:
    told(session, becomes("L1", 2, ""))
    found = foreseen(session, inputs=[goods(1, "10/L1")])
    assert certainties(found)[goods(2)] == "possible"


def test_a_reach_that_is_too_large_says_so(session: Session, chain: Chain) -> None:
    told(session, on(1, action="ADD", epcList=[goods(2, f"21/S{n}") for n in range(20)],
                     ilmd={"cbvmda:lotNumber": "J1"}))  # fmt: skip
    found = reach(session, SUPERVISOR, RecallScope.GOODS, [goods(2, "10/J1")], most_keys=10)
    assert (len(found.reached), found.truncated) == (10, True)


def test_looking_ahead_keeps_nothing(session: Session, chain: Chain) -> None:
    jam_is_made(session, chain)
    foreseen(session, inputs=[goods(1, "10/L1")])
    for table in (Recall, RecallGoods, RecallHolder):
        assert session.exec(select(table)).all() == []


def test_an_owner_sees_as_much_of_the_reach_as_its_traces_tell(
    session: Session, chain: Chain
) -> None:
    jam_is_made(session, chain)
    used = made(5, inputQuantityList=[some(2, "10/J1")], outputQuantityList=[some(2, "10/K1")])
    told(session, used, actor=member(chain.shop))
    farm = member(chain.farm)
    assert set(certainties(foreseen(session, farm, inputs=[goods(1, "10/L1")]))) == {
        goods(1, "10/L1")
    }
    factory = foreseen(session, member(chain.factory), inputs=[goods(1, "10/L1")])
    assert set(certainties(factory)) == {goods(1, "10/L1"), goods(2, "10/J1"), goods(2, "21/A1")}
    assert {each.key: each.in_force for each in factory.goods} == {
        goods(1, "10/L1"): False, goods(2, "10/J1"): True, goods(2, "21/A1"): True,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("given", "field", "code"),
    [
        ({"inputs": [goods(1, "10/L9")]}, "inputs.0", "events.recall-input-unknown"),
        (
            {"inputs": [goods(1, "10/L1"), f"{STEM}/00/395200000000000013"]},
            "inputs.1",
            "gs1.check-digit",
        ),
        ({"inputs": [goods(1, "10/L1")], "gtin": gtin(1)}, "inputs", "events.recall-scope"),
        ({"gtin": gtin(1), "serials": ["A"], "lot": "L1"}, "serials", "events.recall-scope"),
        ({"gtin": gtin(1), "serials": ["A", "Ô"]}, "serials.1", "gs1.charset"),
        ({"lot": "L1"}, "gtin", "input.missing"),
        ({}, "gtin", "input.missing"),
    ],
)
def test_what_cannot_be_recalled_is_named_by_field(
    session: Session, chain: Chain, given: dict[str, object], field: str, code: str
) -> None:
    jam_is_made(session, chain)
    with pytest.raises(InvalidError) as refused:
        foreseen(session, **given)
    assert [(fault.field, fault.code) for fault in refused.value.faults] == [(field, code)]


def test_an_input_that_is_not_ones_own_is_refused(session: Session, chain: Chain) -> None:
    jam_is_made(session, chain)
    sent = on(5, bizStep="shipping", quantityList=[some(2, "10/J1")], bizLocation=at(GLNS[0]))
    told(session, sent, actor=member(chain.factory))
    with pytest.raises(InvalidError, match=r"events\.recall-input-not-own"):
        foreseen(session, member(chain.farm), inputs=[goods(2, "10/J1")])
    with pytest.raises(InvalidError, match=r"events\.recall-input-unknown"):
        foreseen(session, member(a_party(session, 4)), inputs=[goods(2, "10/J1")])
    with pytest.raises(ForbiddenError, match=r"registry\.not-your-product"):
        foreseen(session, member(chain.farm), gtin=gtin(2))
