"""What the database holds, counted: to show that a refused request left nothing behind."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from app.schema import METADATA
from traceability.db import Database


def rows(database: Database) -> dict[str, int]:
    """Rows of every table, by its name."""
    with database.engine.connect() as connection:
        return {
            table.name: connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0
            for table in METADATA.sorted_tables
        }


@contextmanager
def nothing_stored(database: Database) -> Iterator[None]:
    """The block leaves every table with as many rows as it found."""
    before = rows(database)
    yield
    assert rows(database) == before


@contextmanager
def stored(database: Database, **added: int) -> Iterator[None]:
    """The block adds so many rows to these tables; the others are not looked at."""
    before = rows(database)
    yield
    after = rows(database)
    assert {name: after[name] - before[name] for name in added} == added


def nobody_holds_the_lock(database: Database) -> None:
    """SQLite's one writer could begin now.

    Raises:
        sqlite3.OperationalError: another transaction is writing.
    """
    connection = sqlite3.connect(database.url.database or "", timeout=0, isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("ROLLBACK")
    connection.close()
