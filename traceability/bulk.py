r"""Many rows of one table at once: by COPY on PostgreSQL, by one prepared statement on SQLite.

A statement for each row costs the server more than the row does; COPY takes them as one stream.
Rows carry every column of the table but an id that the database gives; defaults that the models
compute are not applied.

>>> _text([None, "tab\there", Decimal("1.50"), date(2026, 8, 3), True, b"\x00\xff"])
'\\N\ttab\\there\t1.50\t2026-08-03\tt\t\\\\x00ff\n'
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, SQLModel

Row = Mapping[str, Any]
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
_BLOCK = 500
"""Rows handed over together."""


def insert(session: Session, table_name: str, rows: Sequence[Row]) -> None:
    """Insert rows, all with the same columns."""
    if not rows:
        return
    table = SQLModel.metadata.tables[table_name]
    if session.get_bind().dialect.name == "postgresql":
        _copy(session, table, rows)
    else:
        session.execute(sa.insert(table), list(rows))


def insert_with_ids(session: Session, table_name: str, rows: Sequence[Row]) -> list[int]:
    """Insert rows, all with the same columns; their new ids in the order of the rows."""
    if not rows:
        return []
    table = SQLModel.metadata.tables[table_name]
    if session.get_bind().dialect.name != "postgresql":
        statement = sa.insert(table).returning(table.c.id, sort_by_parameter_order=True)
        return list(session.execute(statement, list(rows)).scalars())
    ids = _new_ids(session, table, len(rows))
    _copy(session, table, [{"id": new, **row} for new, row in zip(ids, rows, strict=True)])
    return ids


def _new_ids(session: Session, table: sa.Table, count: int) -> list[int]:
    sequence = sa.func.pg_get_serial_sequence(table.name, "id")
    each = sa.func.generate_series(1, count).table_valued("n")
    return list(session.execute(sa.select(sa.func.nextval(sequence)).select_from(each)).scalars())


def _copy(session: Session, table: sa.Table, rows: Sequence[Row]) -> None:
    connection = session.connection()
    names = list(rows[0])
    convert = [_converter(table.c[name], connection.dialect) for name in names]
    quote = connection.dialect.identifier_preparer.quote
    columns = ", ".join(quote(name) for name in names)
    driver: Any = connection.connection.driver_connection
    with (
        driver.cursor() as cursor,
        cursor.copy(f"COPY {quote(table.name)} ({columns}) FROM STDIN") as stream,
    ):
        for block in _blocks(rows, names, convert):
            stream.write(block)


def _blocks(
    rows: Sequence[Row], names: list[str], convert: list[Callable[[Any], Any] | None]
) -> Iterator[str]:
    places = list(zip(names, convert, strict=True))
    for start in range(0, len(rows), _BLOCK):
        yield "".join(
            _text([to(row[name]) if to else row[name] for name, to in places])
            for row in rows[start : start + _BLOCK]
        )


def _converter(column: sa.Column[Any], dialect: sa.Dialect) -> Callable[[Any], Any] | None:
    """From a value of the model to one of the driver, where they differ."""
    # The driver's own wrappers are for parameters of statements.
    if isinstance(column.type, sa.LargeBinary):
        return None
    if isinstance(column.type, sa.JSON):
        return json.dumps
    return column.type.dialect_impl(dialect).bind_processor(dialect)


def _text(values: Sequence[Any]) -> str:
    """A row in PostgreSQL's text format of COPY."""
    return "\t".join([_field(value) for value in values]) + "\n"


def _field(value: Any) -> str:
    if value is None:
        return "\\N"
    if isinstance(value, str):
        return value.translate(_ESCAPES) if not value.isalnum() else value
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, date):  # a time too
        return value.isoformat()
    if isinstance(value, bytes):
        return f"\\\\x{value.hex()}"
    if isinstance(value, int | Decimal):
        return str(value)
    raise TypeError(f"COPY of {type(value).__name__}")
