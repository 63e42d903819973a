"""Questions are answered by an index: none of them looks through all events, or all edges."""

from typing import Any

import pytest
import sqlalchemy as sa

from tests.traceability.registry.makers import ADMIN
from traceability.actor import Actor, Role
from traceability.db import Database
from traceability.events import queries
from traceability.events.query_parameters import read_query
from traceability.events.tracing import repository
from traceability.events.tracing.view import View

KEY = "https://id.gs1.org/01/09520001234569/21/A1"
PLACE = "https://id.gs1.org/414/9520000000004"
DAY = "2026-11-20T00:00:00Z"
QUESTIONS: dict[str, dict[str, str]] = {
    "pk_event_epc": {"MATCH_anyEPC": KEY},
    "ix_event_step": {"EQ_bizStep": "shipping"},
    "ix_event_location": {"EQ_bizLocation": PLACE},
    "ix_event_read_point": {"EQ_readPoint": PLACE},
    "ix_event_disposition": {"EQ_disposition": "recalled"},
    "ix_event_event_time": {"GE_eventTime": DAY},
    "ix_event_record_time": {"GE_recordTime": DAY},
    "ix_event_error": {"EXISTS_errorDeclaration": "true"},
    "ix_event_epc_quantity": {"EQ_quantity": "7"},
    "pk_event_value": {"EQ_bizTransaction_po": "urn:vd:7"},
}
_LARGE = (
    "INSERT INTO event (event_id, hash, type, action, event_time, record_time, biz_step,"
    " disposition, read_point, biz_location, party_id, in_error, body)"
    " WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 20000)"
    " SELECT 'urn:vd:' || n, n, 'ObjectEvent', 'ADD', '2026-01-01', '2026-01-01', 's' || n % 9,"
    " 'd' || n % 9, 'r' || n % 99, 'l' || n % 99, NULL, false, '{}' FROM number"
)


@pytest.fixture
def asked(sqlite_database: Database) -> list[str]:
    """The plan of every statement that is run on a database of many events, step by step."""
    with sqlite_database.writing() as session:
        session.execute(sa.text(_LARGE))
        session.execute(sa.text("ANALYZE"))
    plans: list[str] = []

    def explain(
        connection: sa.Connection, _cursor: Any, statement: str, parameters: Any, *_: Any
    ) -> None:
        if statement.startswith("SELECT"):
            driver: Any = connection.connection.driver_connection
            rows = driver.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
            plans.extend(row[3] for row in rows)

    sa.event.listen(sqlite_database.engine, "before_cursor_execute", explain)
    return plans


def is_whole(step: str) -> bool:
    """Whether a step goes through a whole table of events or edges, in no useful order."""
    tables = ("event", "event_epc", "event_value", "containment", "derivation", "membership")
    return any(step == f"SCAN {table}" for table in tables)


@pytest.mark.parametrize("index", QUESTIONS)
def test_each_question_has_its_index(
    sqlite_database: Database, asked: list[str], index: str
) -> None:
    query = read_query({name: [value] for name, value in QUESTIONS[index].items()})
    with sqlite_database.reading() as session:
        queries.find(session, ADMIN, query, size=30)
    assert not [step for step in asked if is_whole(step)], asked
    if index.startswith("ix_"):
        assert any(index in step for step in asked), asked
    else:
        table = index.removeprefix("pk_")
        assert any(f"SEARCH {table} USING PRIMARY KEY" in step for step in asked), asked


def test_a_member_is_found_its_own_events_and_those_that_name_it(
    sqlite_database: Database, asked: list[str]
) -> None:
    with sqlite_database.reading() as session:
        queries.find(session, Actor(Role.PRODUCER, party_id=7), read_query({}), size=30)
    assert any("ix_event_party" in step for step in asked), asked
    assert any("SEARCH event_value USING PRIMARY KEY" in step for step in asked), asked
    assert not [step for step in asked if is_whole(step)], asked


def test_a_member_is_told_of_goods_it_names_by_their_key(
    sqlite_database: Database, asked: list[str]
) -> None:
    query = read_query({"MATCH_anyEPC": [KEY], "maxEventCount": ["9"]})
    with sqlite_database.reading() as session:
        queries.find(session, Actor(Role.PRODUCER, party_id=7), query, size=30)
    assert any("SEARCH event_epc USING PRIMARY KEY" in step for step in asked), asked
    assert not [step for step in asked if is_whole(step)], asked


@pytest.mark.parametrize("mirrored", [False, True])
def test_a_trace_asks_only_for_the_keys_it_has_reached(
    sqlite_database: Database, asked: list[str], mirrored: bool
) -> None:
    with sqlite_database.reading() as session:
        view = View(session.connection(), mirrored=mirrored, most_rows=100)
        view.read_goods([KEY])
        view.read_contents([KEY])
        view.read_members([KEY])
        repository.is_known(session, ADMIN, KEY)
        repository.event_ids(session, ADMIN, [7])
        view.read_parents([KEY])
        repository.last_events(session, ADMIN, [KEY], with_place=True)
        repository.content_findings(session, ADMIN, [KEY])
        repository.begun(session, [KEY])
    assert asked
    assert not [step for step in asked if is_whole(step)], asked
