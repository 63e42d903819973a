"""The goods of the demonstration have a story that traces, gaps and recalls can show."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import select

from app.demo import journeys
from app.demo.goods import FRESH_ROOTS, GINSENG, MILK, MILK_BASE
from app.demo.loading import CODES, load_once
from app.demo.people import ORGANISATIONS
from gs1.gln import Gln
from traceability.actor import Actor, Role
from traceability.db import Database
from traceability.events import recalls
from traceability.events.models import Capture, Event
from traceability.events.recall_schemas import RecalledIn
from traceability.events.tracing import upkeep
from traceability.events.tracing.models import Containment, ContentFinding, Derivation, Membership
from traceability.events.tracing.schemas import TraceOut
from traceability.events.tracing.trace import key_of, trace
from traceability.verification import service
from traceability.verification.case import Context

INSPECTOR = Actor(Role.INSPECTOR, user_id=1)
SUPERVISOR = Actor(Role.SUPERVISOR, user_id=2)
TABLES = [
    model.__table__  # type: ignore[attr-defined]
    for model in (Containment, ContentFinding, Derivation, Membership)
]


def key(gtin: str, lot: str) -> str:
    return key_of(f"(01)0{gtin}(10){lot}")


@pytest.fixture
def loaded(sqlite_database: Database) -> Database:
    assert load_once(sqlite_database)
    return sqlite_database


def traced(database: Database, asked: str) -> TraceOut:
    with database.reading() as session:
        return trace(session, INSPECTOR, asked)


def gaps(found: TraceOut) -> set[tuple[str, str]]:
    assert found.up is not None
    assert found.down is not None
    return {(gap.kind, gap.key) for graph in (found.up, found.down) for gap in graph.gaps}


def reached(found: TraceOut) -> tuple[set[str], set[str]]:
    assert found.up is not None
    assert found.down is not None
    return {node.key for node in found.up.nodes}, {node.key for node in found.down.nodes}


def test_the_ginseng_leads_back_to_its_harvest_and_on_to_the_box_and_its_roots(
    loaded: Database,
) -> None:
    found = traced(loaded, key(GINSENG, "SAM2610"))
    up, down = reached(found)
    assert key(FRESH_ROOTS, journeys.FRESH_LOT) in up
    assert {
        key_of(journeys.BOX),
        *(key_of(f"(01)0{GINSENG}(21){n}") for n in journeys.BOXED),
    } < down
    assert gaps(found) == set()


def test_a_root_was_last_seen_where_it_was_sold(loaded: Database) -> None:
    found = traced(loaded, key_of(f"(01)0{GINSENG}(21){journeys.SOLD}"))
    shop = next(each for each in ORGANISATIONS if each.key == "shop")
    assert found.last_seen is not None
    assert found.last_seen.place == f"https://id.gs1.org/414/{shop.gln}"
    assert gaps(found) == set()


def test_a_lot_that_nobody_received_is_the_only_gap(loaded: Database) -> None:
    base = traced(loaded, key(MILK_BASE, journeys.BASE_LOT))
    assert gaps(base) == {("not-received", key(MILK, journeys.LOST_LOT))}


def test_a_recall_of_what_was_made_from_a_lot_is_certain_of_some_and_not_of_others(
    loaded: Database,
) -> None:
    with loaded.reading() as session:
        given = RecalledIn.model_validate({"inputs": [key(MILK_BASE, journeys.BASE_LOT)]})
        found = recalls.foresee(session, SUPERVISOR, given)
    assert {each.key: str(each.certainty) for each in found.goods} == {
        key(MILK_BASE, journeys.BASE_LOT): "certain", key(MILK, "SB2607"): "certain",
        key(MILK, "SB2608"): "possible", key(MILK, journeys.LOST_LOT): "possible",
    }  # fmt: skip


def test_the_traces_that_the_readme_opens_show_a_way(loaded: Database) -> None:
    readme = (Path(__file__).parents[3] / "README.md").read_text("utf-8")
    named = re.findall(r"/trace\?key=([^)]+)\)|`(https://id\.gs1\.org/\S+)`", readme)
    assert len(named) == 3
    for link, whole in named:
        up, down = reached(traced(loaded, key_of(link or whole)))
        assert len(up | down) > 1


def test_the_codes_to_try_say_nothing_of_gaps(loaded: Database) -> None:
    for code in CODES:
        link = f"https://id.gs1.org{code.path}"
        verdict = service.public_verdict(loaded.look_up, loaded.look_up_all, link, Context())
        assert "TRACE_GAP" not in {each.code for each in verdict.findings}, code
        assert verdict.level == code.shows, code


def test_the_field_is_all_that_the_events_name_and_the_registry_does_not(loaded: Database) -> None:
    assert all(Gln.parse(each.gln) for each in ORGANISATIONS if each.gln)
    with loaded.reading() as session:
        captured = session.exec(select(Capture)).all()
    assert sum(row.captured for row in captured) == 19
    unknown = {"code": "events.party-unknown", "value": journeys.FIELD}
    assert [each for row in captured for each in (*row.warnings, *row.errors)] == [unknown]


def test_the_tables_of_tracing_are_the_same_when_they_are_made_anew(loaded: Database) -> None:
    def rows() -> list[set[tuple[object, ...]]]:
        with loaded.reading() as session:
            return [set(map(tuple, session.connection().execute(sa.select(t)))) for t in TABLES]

    before = rows()
    with loaded.writing() as session:
        assert upkeep.rebuild(session) == 19
    assert rows() == before


def test_on_a_clock_that_is_behind_it_happened_earlier(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    behind = datetime(2026, 1, 5, tzinfo=UTC)
    monkeypatch.setattr(journeys, "now", lambda: behind)
    assert load_once(sqlite_database)
    with sqlite_database.reading() as session:
        assert max(session.exec(select(Event.event_time))) < behind
