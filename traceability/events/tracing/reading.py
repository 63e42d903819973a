"""Rows that many keys name, by a statement whose text does not depend on their number.

All keys are one parameter, a JSON text that the database takes apart (`db.among`).
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from traceability.db import among, rows_in

Keys = Sequence[str] | Sequence[int]


def is_among(connection: Connection, column: sa.Column[Any], keys: Keys) -> sa.ColumnElement[bool]:
    """Whether a column has one of the keys."""
    listed = each_of(connection, keys)
    if connection.dialect.name == "sqlite":
        return column.in_(sa.select(listed.c.value))
    value = sa.cast(listed.c.value, column.type)
    # An array, and no join: it is made once, and the index is asked for each of its elements.
    array: sa.ColumnElement[Any] = sa.func.array(sa.select(value).scalar_subquery())
    return column == sa.any_(array)


def each_of(connection: Connection, keys: Keys) -> sa.TableValuedAlias:
    """The keys as a table of one column, `value`."""
    text = _json(keys)
    if connection.dialect.name == "sqlite":
        return sa.func.json_each(text).table_valued("value")
    elements = sa.func.json_array_elements_text(sa.cast(sa.literal(text, sa.Text), sa.JSON))
    return elements.table_valued("value").render_derived()


def plain_rows(
    connection: Connection, table: sa.Table, column: str, keys: Sequence[str], limit: int
) -> list[tuple[Any, ...]]:
    """Rows of a table of which a column has one of the keys, as the driver gives their values."""
    statement = _statement(table, column, connection.dialect.name == "sqlite")
    return rows_in(connection)(statement, {"keys": _json(keys), "limit": limit})


@lru_cache(maxsize=64)
def _statement(table: sa.Table, column: str, is_sqlite: bool) -> str:
    names = ", ".join(each.name for each in table.columns)
    where = f"{column} {among(is_sqlite)}"
    return f"SELECT {names} FROM {table.name} WHERE {where} LIMIT :limit"  # noqa: S608 -- names of our own


def _json(keys: Keys) -> str:
    return orjson.dumps(list(keys)).decode()
