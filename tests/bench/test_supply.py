"""The rows that the bench of traces is made of are those that the service would have written."""

import sqlalchemy as sa
from sqlmodel import Session

from bench import bulk, supply
from tests.traceability.registry.makers import ADMIN
from traceability.db import Database
from traceability.events.tracing import upkeep
from traceability.events.tracing.models import Containment, Derivation, Membership
from traceability.events.tracing.schemas import Direction
from traceability.events.tracing.trace import trace

EDGES = (Containment, Derivation, Membership)


def rows(session: Session) -> list[set[tuple[object, ...]]]:
    return [
        {tuple(row) for row in session.connection().execute(sa.select(table))}  # type: ignore[call-overload]
        for table in EDGES
    ]


def test_loaded_edges_equal_those_made_of_the_loaded_events(database: Database) -> None:
    bulk.load(database.url.render_as_string(hide_password=False), supply.chains(2))
    with database.writing() as session:
        loaded = rows(session)
        upkeep.rebuild(session)
        assert rows(session) == loaded
        assert sum(map(len, loaded)) == 2 * supply.EDGES


def test_a_recall_of_a_raw_lot_reaches_the_nodes_of_its_chain(sqlite_database: Database) -> None:
    bulk.load(sqlite_database.url.render_as_string(), supply.chains(2))
    with sqlite_database.reading() as session:
        found = trace(session, ADMIN, supply.raw_lot(1), Direction.DOWN).down
    assert found is not None
    assert (len(found.nodes), found.truncated) == (supply.NODES, False)
    assert {str(node.certainty) for node in found.nodes} == {"certain", "possible"}
