"""What is reached is kept: verdicts say so at once, and later events make it more."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from tests.traceability.events.recalling.chains import (
    GLNS,
    SSCC,
    STEM,
    Chain,
    a_chain,
    a_recall,
    at,
    becomes,
    goods,
    jam_is_made,
    made,
    on,
    some,
    told,
)
from tests.traceability.registry.makers import ADMIN, SUPERVISOR, a_product, gtin, member
from traceability.actor import PUBLIC
from traceability.audit import AuditEntry
from traceability.clock import now
from traceability.db import Database, execute_in
from traceability.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from traceability.events import recalls
from traceability.events.logged import RECALLS
from traceability.events.models import Recall
from traceability.events.recall_schemas import RecallClosingIn
from traceability.events.recalling import keeping, repository
from traceability.events.recalling.models import RecallGoods
from traceability.registry import lots, serials
from traceability.registry.schemas import LotIn, SerialsIn
from traceability.transparency.hiding import committed
from traceability.transparency.models import LogEntry
from traceability.verification import lookup

CLOSING = RecallClosingIn(closing_decision="20/QĐ-VD")


@pytest.fixture
def chain(session: Session) -> Chain:
    return a_chain(session)


def verdict(
    session: Session, number: int, lot: str | None = None, serial: str | None = None
) -> str | None:
    """How sure it is that these goods are recalled; None where they are not."""
    record = lookup.find(execute_in(session), f"0{gtin(number)}", lot, serial)
    assert record is not None
    return record.recall.certainty if record.recall else None


def kept(session: Session, recall: Recall) -> dict[str, tuple[str, bool]]:
    rows = repository.known_goods(session, recall.id or 0)
    return {key: (row.certainty, row.in_force) for key, row in rows.items()}


def test_what_was_made_from_an_input_is_recalled_at_once(session: Session, chain: Chain) -> None:
    jam_is_made(session, chain)
    assert verdict(session, 2, "J1") is None
    a_recall(session, inputs=[goods(1, "10/L1")])
    assert verdict(session, 1, "L1") == "certain"
    assert verdict(session, 2, "J1") == "certain"
    assert verdict(session, 2, serial="A1") == "certain"
    assert verdict(session, 2, "J9") is None
    assert verdict(session, 2, serial="A9") is None
    assert verdict(session, 2) is None


def test_goods_that_were_mixed_are_recalled_and_said_to_be_possible(
    session: Session, chain: Chain
) -> None:
    jam_is_made(session, chain, mixed=True)
    a_recall(session, inputs=[goods(1, "10/L1")])
    assert verdict(session, 2, "J2") == "possible"
    a_recall(session, gtin=gtin(2), lot="J2", notice_number="16/TB-VD")
    assert verdict(session, 2, "J2") == "certain"


def test_a_look_up_asks_once_and_of_a_recalled_product_twice(
    session: Session, chain: Chain
) -> None:
    jam_is_made(session, chain)
    asked: list[str] = []

    def counted(statement: str, keys: Mapping[str, Any]) -> tuple[Any, ...] | None:
        asked.append(statement)
        return execute_in(session)(statement, keys)

    lookup.find(counted, f"0{gtin(2)}", "J1", None)
    assert len(asked) == 1
    a_recall(session, inputs=[goods(1, "10/L1")])
    lookup.find(counted, f"0{gtin(2)}", "J1", None)
    assert len(asked) == 3


def test_a_serial_issued_in_a_reached_lot_is_recalled(session: Session, chain: Chain) -> None:
    jam_is_made(session, chain)
    lots.create_lot(session, ADMIN, LotIn(gtin=gtin(2), lot="J1"))
    serials.register_serials(session, ADMIN, SerialsIn(gtin=gtin(2), lot="J1", serials=["B7"]))
    a_recall(session, inputs=[goods(1, "10/L1")])
    assert verdict(session, 2, serial="B7") == "certain"


def test_several_serials_are_recalled_and_their_product_is_not(
    session: Session, chain: Chain
) -> None:
    recall = a_recall(session, gtin=gtin(2), serials=["A1", "A2"])
    assert [verdict(session, 2, serial=serial) for serial in ("A1", "A2", "A3")] == [
        "certain", "certain", None,
    ]  # fmt: skip
    assert verdict(session, 2) is None
    (shown,) = recalls.describe(session, [recall])
    assert (shown.gtin, shown.scope, shown.lot) == ("0" + gtin(2), "serials", None)


def test_a_serial_that_only_events_put_into_a_lot_is_recalled_with_it(
    session: Session, chain: Chain
) -> None:
    jam_is_made(session, chain)
    a_recall(session, gtin=gtin(2), lot="J1")
    assert verdict(session, 2, serial="A1") == "certain"


def test_a_lot_that_is_told_with_its_variant_alone_is_recalled_by_its_number(
    session: Session, chain: Chain
) -> None:
    told(session, on(1, action="ADD", epcList=[goods(2, "22/RED/10/J1/21/A1")]))
    recall = a_recall(session, gtin=gtin(2), lot="J1")
    assert verdict(session, 2, "J1") == verdict(session, 2, serial="A1") == "certain"
    told(session, on(2, quantityList=[some(2, "22/BLUE/10/J1", 3)]))
    assert stale(session, recall)
    recalls.work_out_again(session, SUPERVISOR, recall.id or 0)
    assert goods(2, "22/BLUE/10/J1") in kept(session, recall)


def test_after_the_closing_verdicts_go_back_and_what_was_reached_stays(
    session: Session, chain: Chain
) -> None:
    jam_is_made(session, chain)
    recall = a_recall(session, inputs=[goods(1, "10/L1")])
    recalls.close_recall(session, ADMIN, recall.id or 0, CLOSING)
    assert verdict(session, 2, "J1") is None
    assert set(kept(session, recall)) == {
        goods(1, "10/L1"), goods(2, "10/J1"), goods(2, "21/A1"),
    }  # fmt: skip
    with pytest.raises(ConflictError, match=r"events\.recall-closed"):
        recalls.work_out_again(session, ADMIN, recall.id or 0)


def test_the_same_notice_for_the_same_inputs_is_in_force_once(
    session: Session, chain: Chain
) -> None:
    jam_is_made(session, chain)
    a_recall(session, inputs=[goods(1, "10/L1")])
    with pytest.raises(ConflictError, match=r"events\.recall-open"):
        a_recall(session, inputs=[goods(1, "10/L1")])


def test_those_who_hold_or_own_the_goods_are_concerned(session: Session, chain: Chain) -> None:
    jam_is_made(session, chain)
    recall = a_recall(session, inputs=[goods(1, "10/L1")])
    concerned = {row.party_id: row.goods for row in repository.holders(session, recall.id or 0)}
    assert concerned == {chain.farm.id: 1, chain.factory.id: 2, chain.shop.id: 1}
    for party in (chain.farm, chain.factory, chain.shop):
        assert repository.recalls_held(session, party.id or 0) == [recall]


# An owner's recall


def test_an_owner_recalls_its_own_and_not_what_others_made_of_it(
    session: Session, chain: Chain
) -> None:
    jam_is_made(session, chain)
    recall = a_recall(session, member(chain.farm), inputs=[goods(1, "10/L1")])
    assert verdict(session, 1, "L1") == "certain"
    assert verdict(session, 2, "J1") is None
    assert {row.party_id for row in repository.holders(session, recall.id or 0)} == {
        chain.farm.id, chain.factory.id, chain.shop.id,
    }  # fmt: skip
    recalls.confirm_recall(session, SUPERVISOR, recall.id or 0)
    assert verdict(session, 2, "J1") == verdict(session, 2, serial="A1") == "certain"
    with pytest.raises(ConflictError, match=r"events\.recall-confirmed"):
        recalls.confirm_recall(session, SUPERVISOR, recall.id or 0)


def test_only_an_authority_confirms(session: Session, chain: Chain) -> None:
    recall = a_recall(session, member(chain.farm), gtin=gtin(1), lot="L1")
    with pytest.raises(ForbiddenError, match=r"registry\.authority-only"):
        recalls.confirm_recall(session, member(chain.farm), recall.id or 0)


def test_a_maker_recalls_what_it_made_of_anothers_goods(session: Session, chain: Chain) -> None:
    jam_is_made(session, chain)
    a_recall(session, member(chain.factory), inputs=[goods(1, "10/L1")])
    assert verdict(session, 2, "J1") == "certain"
    assert verdict(session, 1, "L1") is None


def test_an_owner_opens_no_recall_that_touches_others_alone(session: Session, chain: Chain) -> None:
    jam_is_made(session, chain)
    with pytest.raises(InvalidError, match=r"events\.recall-nothing-own"):
        a_recall(session, member(chain.shop), inputs=[goods(2, "21/A1")])


# Later events


def stale(session: Session, recall: Recall) -> bool:
    session.refresh(recall)
    return recall.stale_since is not None and recall.stale_since <= now()


def test_a_late_event_makes_the_recall_reach_more(session: Session, chain: Chain) -> None:
    jam_is_made(session, chain)
    recall = a_recall(session, inputs=[goods(1, "10/L1")])
    told(session, becomes("L1", 2, "10/J7"))
    assert stale(session, recall)
    assert recalls.work_out_again(session, SUPERVISOR, recall.id or 0) == 1
    assert verdict(session, 2, "J7") == "certain"
    assert not stale(session, recall)
    assert recalls.work_out_again(session, SUPERVISOR, recall.id or 0) == 0


@pytest.mark.parametrize(
    "event",
    [
        on(9, action="ADD", epcList=[goods(2, "21/A9")], ilmd={"cbvmda:lotNumber": "J1"}),
        on(9, bizStep="receiving", epcList=[goods(2, "10/J1/21/A9")]),
    ],
    ids=["commissioned", "label"],
)
def test_a_late_event_that_puts_a_unit_into_a_recalled_lot_is_noticed(
    session: Session, chain: Chain, event: dict[str, Any]
) -> None:
    jam_is_made(session, chain)
    recall = a_recall(session, gtin=gtin(2), lot="J1")
    told(session, event)
    assert stale(session, recall)
    assert recalls.work_out_again(session, SUPERVISOR, recall.id or 0) == 1
    assert verdict(session, 2, serial="A9") == "certain"


@pytest.mark.parametrize("given", [{"gtin": gtin(2)}, {"inputs": [goods(2)]}])
def test_a_late_event_of_a_new_unit_or_lot_of_a_recalled_product_is_noticed(
    session: Session, chain: Chain, given: dict[str, Any]
) -> None:
    jam_is_made(session, chain)
    recall = a_recall(session, **given)
    for path in ("21/NEW", "10/NEW", "22/RED/10/NEW"):
        told(session, on(9, quantityList=[some(2, path)]))
        assert stale(session, recall)
        recalls.work_out_again(session, SUPERVISOR, recall.id or 0)
        assert goods(2, path) in kept(session, recall)
    told(session, on(9, quantityList=[some(1, "10/NEW")]))
    assert not stale(session, recall)


def test_a_product_that_came_out_without_a_lot_is_not_recalled_whole(
    session: Session, chain: Chain
) -> None:
    told(session, becomes("L1", 2, ""))
    recall = a_recall(session, inputs=[goods(1, "10/L1")])
    assert goods(2) in kept(session, recall)
    told(session, on(9, epcList=[goods(2, "21/NEW")]))
    assert not stale(session, recall)


def test_an_event_of_other_goods_leaves_the_recall_alone(session: Session, chain: Chain) -> None:
    jam_is_made(session, chain)
    recall = a_recall(session, inputs=[goods(1, "10/L1")])
    told(session, becomes("L8", 2, "10/J8"))
    assert not stale(session, recall)


def test_outputs_that_are_told_later_of_the_same_process_are_noticed(
    session: Session, chain: Chain
) -> None:
    process = "urn:vd:process:1"
    told(session, made(2, inputQuantityList=[some(1, "10/L1")], transformationID=process))
    recall = a_recall(session, inputs=[goods(1, "10/L1")])
    told(session, made(3, outputQuantityList=[some(2, "10/J7")], transformationID=process))
    assert stale(session, recall)


def test_news_of_what_carries_the_goods_is_noticed(session: Session, chain: Chain) -> None:
    told(session, on(1, type="AggregationEvent", action="ADD", parentID=SSCC,
                     childQuantityList=[some(1, "10/L1")]))  # fmt: skip
    recall = a_recall(session, inputs=[goods(1, "10/L1")])
    told(session, on(2, bizStep="receiving", epcList=[SSCC], bizLocation=at(GLNS[2])))
    assert stale(session, recall)


def test_an_event_declared_in_error_takes_no_goods_out_of_a_recall(
    session: Session, chain: Chain
) -> None:
    event_id = "urn:uuid:00000000-0000-4000-8000-000000000001"
    wrong = {**becomes("L1", 2, "10/J1"), "eventID": event_id}
    told(session, wrong)
    recall = a_recall(session, inputs=[goods(1, "10/L1")])
    told(session, {**wrong, "errorDeclaration": {"declarationTime": "2026-11-20T00:00:00Z"}})
    recalls.work_out_again(session, SUPERVISOR, recall.id or 0)
    assert verdict(session, 2, "J1") == "certain"


def test_what_was_possible_may_become_certain(session: Session, chain: Chain) -> None:
    jam_is_made(session, chain, mixed=True)
    recall = a_recall(session, inputs=[goods(1, "10/L1")])
    assert kept(session, recall)[goods(2, "10/J2")] == ("possible", True)
    told(session, becomes("L1", 2, "10/J2"))
    recalls.work_out_again(session, SUPERVISOR, recall.id or 0)
    assert kept(session, recall)[goods(2, "10/J2")] == ("certain", True)
    assert verdict(session, 2, "J2") == "certain"


def test_goods_whose_product_is_registered_later_are_recalled_then(
    session: Session, chain: Chain
) -> None:
    told(session, becomes("L1", 5, "10/N1"))
    recall = a_recall(session, inputs=[goods(1, "10/L1")])
    assert kept(session, recall)[goods(5, "10/N1")] == ("certain", False)
    a_product(session, chain.factory, 5)
    recalls.work_out_again(session, SUPERVISOR, recall.id or 0)
    assert verdict(session, 5, "N1") == "certain"


def test_a_recall_is_worked_out_once_more_when_captures_beside_its_opening_have_ended(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "_SETTLED", timedelta(0))
    with database.writing() as session:
        jam_is_made(session, a_chain(session))
        a_recall(session, inputs=[goods(1, "10/L1")])
    assert keeping.work_out_due(database)
    assert not keeping.work_out_due(database)


def test_the_worker_works_a_marked_recall_out_again(database: Database) -> None:
    with database.writing() as session:
        chain = a_chain(session)
        jam_is_made(session, chain)
        a_recall(session, inputs=[goods(1, "10/L1")])
    assert not keeping.work_out_due(database)
    with database.writing() as session:
        told(session, becomes("L1", 2, "10/J7"))
    assert keeping.work_out_due(database)
    assert not keeping.work_out_due(database)
    with database.reading() as session:
        assert verdict(session, 2, "J7") == "certain"


# Who may know


def test_another_member_knows_nothing_of_the_reach(session: Session, chain: Chain) -> None:
    jam_is_made(session, chain)
    recall = a_recall(session, member(chain.farm), inputs=[goods(1, "10/L1")])
    assert recalls.reach_of(session, SUPERVISOR, recall.id or 0).certain == 3
    assert recalls.reach_of(session, member(chain.farm), recall.id or 0).certain == 1
    for actor in (member(chain.shop), PUBLIC):
        with pytest.raises(NotFoundError, match=r"events\.recall-unknown"):
            recalls.reach_of(session, actor, recall.id or 0)


def test_a_member_is_shown_the_goods_that_its_events_name(session: Session, chain: Chain) -> None:
    jam_is_made(session, chain)
    number = a_recall(session, inputs=[goods(1, "10/L1")]).id or 0
    known = repository.goods_known_to(session, member(chain.shop), number, 50)
    assert [row.key for row in known] == [goods(2, "21/A1")]
    assert STEM in known[0].key


# What is recorded


def test_each_step_is_audited_and_entered_in_the_log(session: Session, chain: Chain) -> None:
    jam_is_made(session, chain)
    recall = a_recall(session, member(chain.farm), inputs=[goods(1, "10/L1")])
    recalls.confirm_recall(session, SUPERVISOR, recall.id or 0)
    told(session, becomes("L1", 2, "10/J7"))
    recalls.work_out_again(session, SUPERVISOR, recall.id or 0)
    recalls.close_recall(session, ADMIN, recall.id or 0, CLOSING)
    subject = f"recall:{recall.id}"
    audited = session.exec(select(AuditEntry.action).where(AuditEntry.subject == subject)).all()
    assert list(audited) == [
        "events:recall:opened", "events:recall:confirmed", "events:recall:extended",
        "events:recall:closed",
    ]  # fmt: skip
    entered = session.exec(select(LogEntry).where(LogEntry.subject == subject)).all()
    assert [each.facts["reached"] for each in entered] == [3, 3, 4, 4]
    assert len({each.facts["goods_sha256"]["salted_sha256"] for each in entered}) == 4


def test_the_log_says_what_is_on_record_also_where_only_a_carrier_or_a_certainty_is_new(
    session: Session, chain: Chain
) -> None:
    jam_is_made(session, chain, mixed=True)
    recall = a_recall(session, inputs=[goods(1, "10/L1")])
    packing = on(5, type="AggregationEvent", action="ADD", parentID=SSCC,
                 childQuantityList=[some(2, "10/J1")])  # fmt: skip
    for news in (packing, becomes("L1", 2, "10/J2")):
        told(session, news)
        assert recalls.work_out_again(session, SUPERVISOR, recall.id or 0) == 0
        subject = f"recall:{recall.id}"
        entered = session.exec(select(LogEntry).where(LogEntry.subject == subject)).all()
        facts = RECALLS.facts(session, [subject])[subject]
        assert entered[-1].facts == committed(facts, entered[-1].salt)
    assert len(entered) == 3


def test_no_trade_partner_is_named_in_the_public_log(session: Session, chain: Chain) -> None:
    jam_is_made(session, chain)
    recall = a_recall(session, inputs=[goods(1, "10/L1")])
    (entry,) = session.exec(select(LogEntry).where(LogEntry.subject == f"recall:{recall.id}")).all()
    assert goods(1, "10/L1") not in str(entry.facts)
    assert session.exec(select(RecallGoods)).all()


def test_goods_of_which_more_is_known_are_entered_though_none_are_added(
    session: Session, chain: Chain
) -> None:
    jam_is_made(session, chain)
    recall = a_recall(session, inputs=[goods(1, "10/L1")])
    subject = f"recall:{recall.id}"
    row = next(each for each in session.exec(select(RecallGoods)) if each.product_id)
    product_id, row.product_id = row.product_id, None
    session.add(row)
    session.flush()
    RECALLS.enter(session, recall)
    assert recalls.work_out_again(session, ADMIN, recall.id or 0) == 0
    session.refresh(row)
    assert row.product_id == product_id
    entered = session.exec(select(LogEntry).where(LogEntry.subject == subject)).all()
    assert len(entered) == 3
