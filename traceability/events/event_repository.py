"""Writes of events, and reads of single ones. Bulk statements, past the ORM."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Session

from traceability.actor import Actor
from traceability.events.event_ids import event_id as compared
from traceability.events.facts import Facts
from traceability.events.models import Event, EventEpc, EventValue
from traceability.events.visibility import readable
from traceability.registry.models import Party, Product
from traceability.registry.repository import chunks

_EVENT: sa.Table = Event.__table__  # type: ignore[attr-defined]
_EPC: sa.Table = EventEpc.__table__  # type: ignore[attr-defined]
_VALUE: sa.Table = EventValue.__table__  # type: ignore[attr-defined]
_PRODUCT: sa.Table = Product.__table__  # type: ignore[attr-defined]
_PARTY: sa.Table = Party.__table__  # type: ignore[attr-defined]


def known(session: Session, event_ids: Iterable[str]) -> dict[str, Any]:
    """Rows (id, event_id, hash, party_id, in_error, record_time) that have these eventIDs."""
    names = ("id", "event_id", "hash", "party_id", "in_error", "record_time")
    columns = [_EVENT.c[name] for name in names]
    found: dict[str, Any] = {}
    for part in chunks(list(event_ids), 5000):
        rows = session.connection().execute(sa.select(*columns).where(_EVENT.c.event_id.in_(part)))
        found.update({row.event_id: row for row in rows})
    return found


def insert(
    session: Session,
    facts: Sequence[Facts],
    *,
    party_id: int | None,
    capture_id: str | None,
    record_time: datetime,
) -> list[int]:
    """Add events, without what `rows_of` gives of them; their ids, in the order of the facts.

    Raises:
        IntegrityError: another writer has just added one of the eventIDs.
    """
    if not facts:
        return []
    connection = session.connection()
    rows = [_row(each, party_id, capture_id, record_time) for each in facts]
    statement = sa.insert(_EVENT).returning(_EVENT.c.id, sort_by_parameter_order=True)
    return [row.id for row in connection.execute(statement, rows)]


Rows = Mapping[sa.Table, Sequence[tuple[Any, ...]]]
"""Rows by their table, each with all of its columns, in their order."""


def rows_of(facts: Sequence[Facts], ids: Sequence[int]) -> Rows:
    """The keys and values of events that have these ids."""
    told = list(zip(ids, facts, strict=True))
    return {
        _EPC: [
            (epc.key, each.event_time, number, str(epc.role), epc.by_class, epc.quantity, epc.uom)
            for number, each in told
            for epc in each.epcs
        ],
        _VALUE: [(name, value, number) for number, each in told for name, value in each.values],
    }


def insert_rows(connection: sa.Connection, rows: Rows) -> None:
    """Insert rows into one or more tables that do not name each other.

    PostgreSQL takes them all in one statement, as an array a column: executemany would run a
    statement a row, and each statement waits for the way to the database and back.
    """
    rows = {table: found for table, found in rows.items() if found}
    if connection.dialect.name != "postgresql":
        for table, found in rows.items():
            names = table.columns.keys()
            told = [dict(zip(names, row, strict=True)) for row in found]
            connection.execute(sa.insert(table), told)
    elif rows:
        given = {
            f"{table.name}_{column.name}": list(values)
            for table, found in rows.items()
            for column, values in zip(table.columns, zip(*found, strict=True), strict=True)
        }
        connection.execute(_from_arrays(tuple(rows)), given)


@lru_cache(maxsize=64)
def _from_arrays(tables: tuple[sa.Table, ...]) -> sa.Insert:
    """The last of the tables is inserted into; the others as parts of that statement (WITH)."""
    *others, last = (_from_arrays_of(table) for table in tables)
    return last.add_cte(*(insert.cte(f"into_{insert.table.name}") for insert in others))


def _from_arrays_of(table: sa.Table) -> sa.Insert:
    names = table.columns.keys()
    arrays = [
        sa.bindparam(f"{table.name}_{column.name}", type_=ARRAY(column.type))
        for column in table.columns
    ]
    unnested = sa.func.unnest(*arrays).table_valued(*names).render_derived()
    return sa.insert(table).from_select(names, sa.select(*unnested.c))


def _row(
    facts: Facts, party_id: int | None, capture_id: str | None, record_time: datetime
) -> dict[str, Any]:
    return {
        "event_id": facts.event_id, "hash": facts.hash, "type": facts.type,
        "action": facts.action, "event_time": facts.event_time, "record_time": record_time,
        "biz_step": facts.biz_step, "disposition": facts.disposition,
        "read_point": facts.read_point, "biz_location": facts.biz_location,
        "party_id": party_id, "capture_id": capture_id, "in_error": facts.error_time is not None,
        "error_time": facts.error_time, "body": facts.body,
    }  # fmt: skip


def declare_error(session: Session, event: int, facts: Facts) -> None:
    """Keep the declaration that an event on record was in error."""
    connection = session.connection()
    connection.execute(
        sa.update(_EVENT)
        .where(_EVENT.c.id == event)
        .values(in_error=True, error_time=facts.error_time, body=facts.body)
    )
    told = [
        {"name": name, "value": value, "event": event}
        for name, value in facts.values
        if name in ("errorReason", "correctiveEventID")
    ]
    if told:
        connection.execute(sa.insert(_VALUE), told)


def unknown(session: Session, gtins: set[str], glns: set[str]) -> tuple[set[str], set[str]]:
    """The GTINs that no registered product has, and the GLNs that no registered party has."""
    found: set[tuple[bool, str]] = set()
    asked = [(True, gtin) for gtin in gtins] + [(False, gln) for gln in glns]
    for part in chunks(asked, 5000):
        products = [number for is_gtin, number in part if is_gtin]
        parties = [number for is_gtin, number in part if not is_gtin]
        # One question for both: the way to the database and back costs more than the answer.
        rows = session.connection().execute(
            sa.select(sa.literal(1), _PRODUCT.c.gtin)
            .where(_PRODUCT.c.gtin.in_(products))
            .union_all(sa.select(sa.literal(0), _PARTY.c.gln).where(_PARTY.c.gln.in_(parties)))
        )
        found.update((bool(row[0]), row[1]) for row in rows)
    return (
        {gtin for gtin in gtins if (True, gtin) not in found},
        {gln for gln in glns if (False, gln) not in found},
    )


def readable_event(session: Session, actor: Actor, event_id: str) -> Any | None:
    """The row of an event that the actor may see, with the name of who reported it."""
    return (
        session.connection()
        .execute(
            sa.select(_EVENT, _PARTY.c.name.label("reported_by"))
            .outerjoin(_PARTY, _PARTY.c.id == _EVENT.c.party_id)
            .where(_EVENT.c.event_id == compared(event_id), readable(actor))
        )
        .first()
    )


def own_events(
    session: Session, party_id: int, *, before_id: int | None, limit: int
) -> Sequence[Any]:
    """The events that an organisation captured, newest first."""
    found = sa.select(_EVENT).where(_EVENT.c.party_id == party_id)
    if before_id is not None:
        found = found.where(_EVENT.c.id < before_id)
    return session.connection().execute(found.order_by(_EVENT.c.id.desc()).limit(limit)).all()


def keys_of(session: Session, events: Sequence[int]) -> dict[int, list[Mapping[str, Any]]]:
    """The keys of several events, by their rows."""
    found: dict[int, list[Mapping[str, Any]]] = {event: [] for event in events}
    rows = session.connection().execute(sa.select(_EPC).where(_EPC.c.event.in_(list(events))))
    for row in rows.mappings():
        found[row["event"]].append(dict(row))
    return found
