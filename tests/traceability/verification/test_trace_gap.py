"""TRACE_GAP: what a verdict says of units whose events do not fit together."""

from collections.abc import Mapping
from typing import Any

from tests.traceability.events.makers import an_event, read
from tests.traceability.registry.makers import ADMIN
from tests.traceability.verification import goods
from tests.traceability.verification.test_public_verdict import codes, unit, verdict
from traceability.db import Database, ReadAll
from traceability.events.capture import Behaviour, capture
from traceability.events.policy import Policy
from traceability.verification import service
from traceability.verification.case import Context

STEM = f"https://id.gs1.org/01/{goods.GTIN}"


def told(database: Database, *events: dict[str, Any]) -> None:
    with database.writing() as session:
        capture(session, ADMIN, read(*events), Behaviour.ROLLBACK, Policy())


def on(day: int, **fields: Any) -> dict[str, Any]:
    time = f"2026-10-{day:02}T08:00:00Z"
    return an_event(eventTime=time, **{"epcList": [f"{STEM}/21/SN1"], **fields})


def test_a_unit_whose_records_lack_a_step_is_told_with_its_events(database: Database) -> None:
    goods.stocked(database)
    told(
        database,
        on(1, action="ADD", bizStep="commissioning"),
        on(2, bizStep="receiving", eventID="urn:vd:received"),
    )
    found = next(each for each in verdict(database, unit()).findings if each.code == "TRACE_GAP")
    assert (found.level, found.arguments) == ("info", {"kinds": ["not-shipped"]})
    assert [(piece.kind, piece.reference) for piece in found.evidence] == [
        ("event", "urn:vd:received")
    ]


def test_a_unit_that_is_told_to_be_of_two_lots_is_told_so(database: Database) -> None:
    goods.stocked(database)
    label = f"https://shop.example/01/{goods.GTIN}/10/LOT2/21/SN1"
    told(
        database,
        on(1, action="ADD", ilmd={"cbvmda:lotNumber": "LOT1"}, eventID="urn:vd:1"),
        on(2, epcList=[label], eventID="urn:vd:2"),
    )
    found = next(each for each in verdict(database, unit()).findings if each.code == "TRACE_GAP")
    assert found.arguments == {"kinds": ["two-lots"]}
    assert [piece.reference for piece in found.evidence] == ["urn:vd:1", "urn:vd:2"]


def test_it_goes_before_what_matches_and_behind_what_warns(database: Database) -> None:
    goods.stocked(database)
    told(database, on(1, bizStep="storing"))
    assert codes(database, unit()) == ["TRACE_GAP", "MATCH_FIRST"]
    assert codes(database, unit(lot="OTHER"))[0] == "DATA_MISMATCH"


def test_records_that_fit_together_are_not_mentioned(database: Database) -> None:
    goods.stocked(database)
    told(database, on(1, action="ADD"), on(2, bizStep="shipping"), on(3, bizStep="receiving"))
    assert codes(database, unit()) == ["MATCH_FIRST"]


def test_the_product_alone_is_not_judged_and_neither_is_another_lot(database: Database) -> None:
    goods.stocked(database)
    told(database, on(1, bizStep="storing"))
    assert codes(database, f"(01){goods.GTIN}") == ["MATCH_PRODUCT"]
    with database.writing() as session:
        goods.lot(session, 1, "LOT2")
    assert codes(database, f"(01){goods.GTIN}(10)LOT2") == ["MATCH_LOT"]


def test_the_lot_that_the_register_knows_of_a_unit_counts_for_it(database: Database) -> None:
    goods.stocked(database)
    told(database, on(1, epcList=None, quantityList=[{"epcClass": f"{STEM}/10/LOT1"}]))
    assert codes(database, f"(01){goods.GTIN}(21)SN1") == ["TRACE_GAP", "MATCH_FIRST"]


def test_a_product_of_which_no_event_tells_costs_no_statement_more(database: Database) -> None:
    goods.stocked(database)
    asked: list[str] = []

    def counting(statement: str, parameters: Mapping[str, Any]) -> Any:
        asked.append(statement)
        return database.look_up_all(statement, parameters)

    read = ReadAll(database.is_sqlite, counting)
    service.public_verdict(database.look_up, read, unit(), Context())
    assert asked == []
    told(database, on(1, action="ADD"))
    service.public_verdict(database.look_up, read, unit(), Context())
    assert 1 <= len(asked) <= 4


def test_a_kept_verdict_is_read_back_as_it_was_given(database: Database) -> None:
    goods.stocked(database)
    told(database, on(1, bizStep="storing"))
    with database.writing() as session:
        row, given = service.scan(session, service.Symbol(unit()), Context())
    from traceability.verification.verdict import verdict_of_bytes

    assert verdict_of_bytes(row.verdict).findings == given.findings
