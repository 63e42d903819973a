"""Millions of rows into a new database, past the services: indexes are made when all is in."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bench.supply import COLUMNS, Chain, Row

_TOGETHER = 20
"""Chains that are written at once."""


def load(address: str, chains: Iterable[Chain]) -> None:
    """Write chains, make the indexes, and ANALYZE: without it neither database knows its sizes."""
    engine = sa.create_engine(address, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    is_sqlite = engine.dialect.name == "sqlite"
    with engine.connect() as connection:
        write = _sqlite if is_sqlite else _postgres
        with _bare(connection, is_sqlite):
            for rows in _joined(chains):
                for table, columns in COLUMNS.items():
                    write(connection, table, columns, rows[table])
        connection.exec_driver_sql("ANALYZE")
        if not is_sqlite:
            number = "SELECT setval(pg_get_serial_sequence('event', 'id'), max(id)) FROM event"
            connection.exec_driver_sql(number)
            connection.exec_driver_sql("VACUUM")  # what a server does by itself after a while


def _joined(chains: Iterable[Chain]) -> Iterator[Mapping[str, list[Row]]]:
    rows: dict[str, list[Row]] = {name: [] for name in COLUMNS}
    for number, chain in enumerate(chains, 1):
        for name, more in chain.rows.items():
            rows[name] += more
        if number % _TOGETHER == 0:
            yield rows
            rows = {name: [] for name in COLUMNS}
    yield rows


@contextmanager
def _bare(connection: sa.Connection, is_sqlite: bool) -> Iterator[None]:
    """Without indexes and constraints meanwhile."""
    dropped = _drop_sqlite(connection) if is_sqlite else _drop_postgres(connection)
    if is_sqlite:
        for pragma in ("synchronous=OFF", "cache_size=-1000000"):
            connection.exec_driver_sql(f"PRAGMA {pragma}")
    else:
        connection.exec_driver_sql("SET maintenance_work_mem = '1GB'")
    yield
    for statement in dropped:
        connection.exec_driver_sql(statement)


def _drop_sqlite(connection: sa.Connection) -> list[str]:
    names = ", ".join(f"'{name}'" for name in COLUMNS)
    rows = connection.exec_driver_sql(
        "SELECT name, sql FROM sqlite_master"
        f" WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN ({names})"
    ).all()
    for name, _ in rows:
        connection.exec_driver_sql(f'DROP INDEX "{name}"')
    return [row.sql for row in rows]


def _drop_postgres(connection: sa.Connection) -> list[str]:
    made = []
    tables = f"ARRAY[{', '.join(repr(name) for name in COLUMNS)}]::regclass[]"
    constraints = connection.exec_driver_sql(
        "SELECT conrelid::regclass::text AS of, conname, pg_get_constraintdef(oid) AS told"
        f" FROM pg_constraint WHERE contype IN ('p', 'u', 'f') AND conrelid = ANY({tables})"
        " ORDER BY contype = 'f' DESC"
    ).all()
    for of, name, told in constraints:
        connection.exec_driver_sql(f"ALTER TABLE {of} DROP CONSTRAINT {name} CASCADE")
        made.insert(0, f"ALTER TABLE {of} ADD CONSTRAINT {name} {told}")
    indexes = connection.exec_driver_sql(
        f"SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index"
        f" WHERE indrelid = ANY({tables})"
    ).all()
    for name, told in indexes:
        connection.exec_driver_sql(f"DROP INDEX {name}")
        made.append(told)
    return made


def _sqlite(
    connection: sa.Connection, table: str, columns: Sequence[str], rows: Sequence[Row]
) -> None:
    marks = ", ".join("?" * len(columns))
    statement = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})"
    told = [tuple(_naive(value) if isinstance(value, datetime) else value for value in row)
            for row in rows]  # fmt: skip
    connection.exec_driver_sql("BEGIN")
    connection.exec_driver_sql(statement, told)
    connection.exec_driver_sql("COMMIT")


def _naive(time: datetime) -> str:
    return time.strftime("%Y-%m-%d %H:%M:%S.%f")


def _postgres(
    connection: sa.Connection, table: str, columns: Sequence[str], rows: Sequence[Row]
) -> None:
    driver: Any = connection.connection.driver_connection
    copy = f"COPY {table} ({', '.join(columns)}) FROM STDIN"
    with driver.cursor() as cursor, cursor.copy(copy) as stream:
        stream.write("".join("\t".join(map(_copied, row)) + "\n" for row in rows))


def _copied(value: object) -> str:
    if value is None:
        return "\\N"
    return str(value).replace("\\", "\\\\")
