"""Writes of events, and reads of single ones. Bulk statements, past the ORM."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
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
    """Add events with their keys and values; their ids, in the order of the facts.

    Raises:
        IntegrityError: another writer has just added one of the eventIDs.
    """
    if not facts:
        return []
    connection = session.connection()
    rows = [_row(each, party_id, capture_id, record_time) for each in facts]
    statement = sa.insert(_EVENT).returning(_EVENT.c.id, sort_by_parameter_order=True)
    ids = [row.id for row in connection.execute(statement, rows)]
    epcs = [
        (epc.key, each.event_time, number, str(epc.role), epc.by_class, epc.quantity, epc.uom)
        for number, each in zip(ids, facts, strict=True)
        for epc in each.epcs
    ]
    values = [
        (name, value, number)
        for number, each in zip(ids, facts, strict=True)
        for name, value in each.values
    ]
    insert_rows(connection, _EPC, epcs)
    insert_rows(connection, _VALUE, values)
    return ids


def insert_rows(
    connection: sa.Connection, table: sa.Table, rows: Sequence[tuple[Any, ...]]
) -> None:
    """Insert rows of all columns of a table, in their order.

    PostgreSQL takes them as one array a column, in one statement: executemany would run one
    statement a row.
    """
    if not rows:
        return
    columns = list(table.columns)
    if connection.dialect.name != "postgresql":
        names = [column.name for column in columns]
        connection.execute(
            sa.insert(table), [dict(zip(names, row, strict=True)) for row in rows]
        )  # fmt: skip
        return
    statement = _UNNESTED.get(table.name)
    if statement is None:
        arrays = [sa.bindparam(column.name, type_=ARRAY(column.type)) for column in columns]
        unnested = (
            sa.func.unnest(*arrays)
            .table_valued(*(column.name for column in columns))
            .render_derived()
        )
        statement = sa.insert(table).from_select(
            [column.name for column in columns], sa.select(*unnested.c)
        )
        _UNNESTED[table.name] = statement
    connection.execute(statement, _by_column(columns, rows))


_UNNESTED: dict[str, Any] = {}
"""Statements that insert arrays, by the name of the table: made once."""


def _by_column(
    columns: Sequence[sa.Column[Any]], rows: Sequence[tuple[Any, ...]]
) -> dict[str, list[Any]]:
    return {
        column.name: list(values)
        for column, values in zip(columns, zip(*rows, strict=True), strict=True)
    }


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


def keys_of_all(session: Session, events: Sequence[int]) -> dict[int, list[Mapping[str, Any]]]:
    """The keys of several events, by their rows."""
    found: dict[int, list[Mapping[str, Any]]] = {event: [] for event in events}
    rows = session.connection().execute(sa.select(_EPC).where(_EPC.c.event.in_(list(events))))
    for row in rows.mappings():
        found[row["event"]].append(dict(row))
    return found


def keys_of(session: Session, event: int) -> Sequence[Mapping[str, Any]]:
    """The keys of one event, with their roles and quantities."""
    rows = session.connection().execute(sa.select(_EPC).where(_EPC.c.event == event))
    return [dict(row) for row in rows.mappings()]
