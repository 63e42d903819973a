"""The database: engine, sessions, column types. One schema for SQLite and PostgreSQL.

A request or a job is one transaction: services flush, only the boundary (`Database.writing`)
commits. On SQLite writers begin with BEGIN IMMEDIATE, so two of them queue instead of failing,
and synchronous=FULL, because scans, invoices and audit rows are evidence.
"""

import re
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import orjson
import psycopg
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Connection, Dialect, Engine
from sqlalchemy.exc import DontWrapMixin
from sqlmodel import Session, SQLModel

from traceability.errors import NotFoundError

# Named constraints, so that a migration can drop what another one made.
SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}

_MAX_ID = 2**63 - 1
_MICRO = Decimal(1_000_000)


class NoSuchIdError(NotFoundError, DontWrapMixin):
    """A number that no id can be: whoever asks for it gets the answer of an unknown one."""


class BigId(sa.TypeDecorator[int]):
    """An id of 64 bits; a number beyond them is `db.no-such-id`, not a failure of the driver."""

    impl = sa.BigInteger
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        # INTEGER PRIMARY KEY is SQLite's row id; PostgreSQL needs 64 bits for a country's scans.
        return dialect.type_descriptor(
            sa.Integer() if dialect.name == "sqlite" else sa.BigInteger()
        )

    def process_bind_param(self, value: int | None, dialect: Dialect) -> int | None:
        if value is not None and not -_MAX_ID <= value <= _MAX_ID:
            raise NoSuchIdError("db.no-such-id", id=str(value)[:40])
        return value


class UtcDateTime(sa.TypeDecorator[datetime]):
    """A point in time with zone; refuses one without, and always gives back UTC."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            msg = f"a time without zone: {value!r}"
            raise ValueError(msg)
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Quantity(sa.TypeDecorator[Decimal]):
    """A quantity of goods, exact to the sixth decimal, kept as a whole number of millionths.

    Sums in SQL are then exact on both databases; the range is ±9.2 × 10^12.
    """

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        return None if value is None else int((value * _MICRO).to_integral_value())

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        return None if value is None else from_micro(value)


def from_micro(value: int) -> Decimal:
    """Millionths, as a sum over a `Quantity` column gives them, back to a quantity.

    >>> from_micro(2_500_000), from_micro(-3_000_000)
    (Decimal('2.5'), Decimal('-3'))
    """
    whole = Decimal(value) / _MICRO
    return whole.quantize(Decimal(1)) if whole == whole.to_integral_value() else whole.normalize()


class Money(sa.TypeDecorator[Decimal]):
    """An amount of money, exact: text on SQLite, which would make a float of it."""

    impl = sa.Numeric(27, 6)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        if dialect.name == "sqlite":
            return dialect.type_descriptor(sa.String(32))
        return dialect.type_descriptor(sa.Numeric(27, 6))

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Any:
        return str(value) if value is not None and dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        if value is None:
            return None
        exact = Decimal(value)
        return (
            exact.quantize(Decimal(1)) if exact == exact.to_integral_value() else exact.normalize()
        )


Execute = Callable[[str, Mapping[str, Any]], tuple[Any, ...] | None]
"""Runs a statement with named parameters and gives its first row: `Database.look_up`, or
`execute_in` a session where the answer must be seen inside its transaction."""
Rows = Callable[[str, Mapping[str, Any]], list[tuple[Any, ...]]]
"""The same with every row."""


def among(is_sqlite: bool, type_: str = "text") -> str:
    """SQL, to follow a column: whether it has one of the values of a JSON array, `:keys`.

    An IN list has a parameter for each key: to write, read and plan a statement of a thousand takes
    longer than its answer. On PostgreSQL an array, and no join: it is made once, and the index is
    asked for each of its elements.
    """
    if is_sqlite:
        return "IN (SELECT value FROM json_each(:keys))"
    return f"= ANY(ARRAY(SELECT CAST(json_array_elements_text(CAST(:keys AS json)) AS {type_})))"


@dataclass(frozen=True, slots=True)
class ReadAll:
    """The same with every row: `Database.look_up_all`, or `read_all_in` a session."""

    is_sqlite: bool
    _rows: Rows

    def __call__(self, statement: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        return self._rows(statement, parameters)

    def of_keys(
        self, statement: str, keys: Iterable[str], **parameters: Any
    ) -> list[tuple[Any, ...]]:
        """The rows for any number of keys; the statement says `IN (:keys)`."""
        return self._among("text", statement, list(keys), parameters)

    def of_ids(self, statement: str, ids: Iterable[int]) -> list[tuple[Any, ...]]:
        """The same for ids."""
        return self._among("bigint", statement, list(ids), {})

    def _among(
        self, type_: str, statement: str, keys: Sequence[Any], parameters: Mapping[str, Any]
    ) -> list[tuple[Any, ...]]:
        if not keys:
            return []
        statement = statement.replace("IN (:keys)", among(self.is_sqlite, type_))
        return self._rows(statement, {"keys": orjson.dumps(keys).decode(), **parameters})


def execute_in(session: Session) -> Execute:
    """Look-ups that see what this session's transaction has locked and written."""
    read = rows_in(session.connection())

    def execute(statement: str, parameters: Mapping[str, Any]) -> tuple[Any, ...] | None:
        rows = read(statement, parameters)
        return rows[0] if rows else None

    return execute


def read_all_in(session: Session) -> ReadAll:
    """Every row, as this session's transaction sees them."""
    connection = session.connection()
    return ReadAll(connection.dialect.name == "sqlite", rows_in(connection))


def rows_in(connection: Connection) -> Rows:
    """Statements in this connection's transaction whose rows are as the driver gives them.

    SQLAlchemy describes the columns of a textual statement anew each time it is executed, and
    makes an object of each row: for a short look-up that takes longer than the look-up.
    """
    driver: Any = connection.connection.driver_connection
    if connection.dialect.name == "sqlite":
        return lambda statement, parameters: driver.execute(statement, parameters).fetchall()

    def rows(statement: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        try:
            found: list[tuple[Any, ...]] = driver.execute(
                _in_psycopg(statement), parameters
            ).fetchall()
        except psycopg.Error as error:
            raise sa.exc.DBAPIError.instance(
                statement, None, error, psycopg.Error, hide_parameters=True
            ) from error
        return found

    return rows


@lru_cache(maxsize=64)
def _in_psycopg(statement: str) -> str:
    """Parameters as psycopg names them.

    >>> _in_psycopg("SELECT a % 2 FROM t WHERE b = :b")
    'SELECT a %% 2 FROM t WHERE b = %(b)s'
    """
    return re.sub(r"(?<!:):([a-z_][a-z_0-9]*)", r"%(\1)s", statement.replace("%", "%%"))


class Database:
    """Sessions of one database.

    Args:
        url: an SQLAlchemy address, `sqlite:////var/lib/nguon/nguon.db` or
            `postgresql+psycopg://user@host/name`.
    """

    def __init__(self, url: str) -> None:
        self.url = sa.make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.engine = self._engine()
        # The same pool; the option only tells the begin event which kind of transaction it is.
        self._writer = self.engine.execution_options(write=True)
        # Of PostgreSQL's look-ups: a single read needs no transaction.
        self._reader = (
            self.engine if self.is_sqlite else self._postgres(isolation_level="AUTOCOMMIT")
        )
        self._look_up = threading.local()
        self.look_up_all = ReadAll(self.is_sqlite, self._look_up_all)
        """Every row, as `look_up` gives the first."""

    def _engine(self) -> Engine:
        if not self.is_sqlite:
            return self._postgres(pool_pre_ping=True, max_overflow=20)
        engine = sa.create_engine(self.url, connect_args={"timeout": 30})
        event.listen(engine, "connect", _configure_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine

    def _postgres(self, **options: Any) -> Engine:
        # prepare_threshold=None: prepared statements do not survive pgbouncer.
        arguments = {"prepare_threshold": None}
        return sa.create_engine(self.url, pool_size=10, connect_args=arguments, **options)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session whose work is thrown away at the end."""
        with Session(self.engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """One transaction: committed when the block ends, rolled back when it raises."""
        with self.write_session() as session:
            yield session
            session.commit()

    def write_session(self) -> Session:
        """A session that begins as a writer at its first statement; the caller commits."""
        return Session(self._writer, expire_on_commit=False)

    def look_up(self, statement: str, parameters: Mapping[str, Any]) -> tuple[Any, ...] | None:
        """The first row of one read-only statement, past the ORM, for the path of a public scan.

        Parameters are named `:name`. SQLite answers from a connection of this thread that
        holds no transaction open; PostgreSQL from the pool.
        """
        if self.is_sqlite:
            row: tuple[Any, ...] | None = (
                self._read_connection().execute(statement, parameters).fetchone()
            )
            return row
        rows = self._rows(statement, parameters)
        return rows[0] if rows else None

    def _look_up_all(self, statement: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        if self.is_sqlite:
            return self._read_connection().execute(statement, parameters).fetchall()
        return self._rows(statement, parameters)

    def _rows(self, statement: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """From PostgreSQL, past SQLAlchemy, at a third of the cost.

        There is no ping before, either: a look-up that finds its connection dead is asked again.
        """
        for is_last in (False, True):
            pooled = self._reader.raw_connection()
            try:
                found = pooled.driver_connection.execute(_in_psycopg(statement), parameters)  # type: ignore[union-attr]
                return list(found.fetchall())
            except psycopg.OperationalError as error:
                pooled.invalidate()
                if is_last:
                    raise sa.exc.OperationalError(statement, None, error) from error
                self._reader.dispose()  # the server was away: the others are dead as well
            finally:
                pooled.close()
        raise AssertionError

    def _read_connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._look_up, "connection", None)
        if connection is None:
            path = Path(self.url.database or "").resolve()
            connection = sqlite3.connect(
                f"{path.as_uri()}?mode=ro", uri=True, isolation_level=None, timeout=30,
                cached_statements=32,
            )  # fmt: skip
            # Pages are read where the kernel has them: a look-up in a large register is a third
            # shorter than with copies in a cache of our own.
            connection.execute(f"PRAGMA mmap_size={8 << 30}")
            self._look_up.connection = connection
        return connection

    def dispose(self) -> None:
        connection: sqlite3.Connection | None = getattr(self._look_up, "connection", None)
        if connection is not None:
            connection.close()
            del self._look_up.connection
        self._reader.dispose()
        self.engine.dispose()


def _configure_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # SQLAlchemy's begin event decides, not the driver
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: sa.Connection) -> None:
    write = connection.get_execution_options().get("write")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")
