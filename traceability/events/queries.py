"""Events that match a query, page by page, and the values that occur in them.

Pages follow one another by the last event's place in the order, so that an event captured in the
meantime neither repeats nor hides another.
"""

import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from traceability.actor import Actor
from traceability.events.master_data import with_descendants
from traceability.events.models import EpcRole, Event, EventEpc, EventValue
from traceability.events.query_parameters import (
    Pattern,
    Query,
    QueryInvalidError,
    QueryTooLargeError,
    Term,
)
from traceability.events.visibility import (
    NOTHING,
    Named,
    View,
    beyond_public,
    named_by,
    readable,
    view_of,
    ways,
)

_EVENT: sa.Table = Event.__table__  # type: ignore[attr-defined]
_EPC: sa.Table = EventEpc.__table__  # type: ignore[attr-defined]
_VALUE: sa.Table = EventValue.__table__  # type: ignore[attr-defined]
_DECLARED = _EVENT.alias("declared")

Condition = sa.ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page ended: the next begins behind it."""

    id: int
    time: datetime | None = None
    """The time that events are ordered by, if they are."""
    seen: int = 0
    """Events on this page and those before it."""


@dataclass(frozen=True, slots=True)
class Found:
    id: int
    body: str
    record_time: datetime
    event_id: str
    view: View
    """How much of it the asker sees."""
    named: Named = NOTHING
    """What the asker has named."""


@dataclass(frozen=True, slots=True)
class Page:
    events: Sequence[Found]
    next: Place | None


def find(
    session: Session, actor: Actor, query: Query, *, size: int, after: Place | None = None
) -> Page:
    """A page of the events that match and that the actor may see.

    Raises:
        QueryInvalidError: `events.public-parameter` (name), `events.public-needs-key`,
            `events.public-one-key`.
        QueryTooLargeError: `events.query-too-large` (maximum).
    """
    view, beyond = view_of(actor), beyond_public(query)
    if view is View.PUBLIC and beyond:
        raise QueryInvalidError([beyond])
    query = replace(query, order_by=query.order_by or _order_of(query))
    conditions = [_condition(session, term) for term in query.terms]
    if query.literal:
        conditions += [_spelt(term.texts) for term in query.terms if term.texts]
    condition = sa.and_(sa.true(), *conditions)
    # What everybody may ask is answered to a member, too; in full where it may see the event.
    visible = readable(actor) if beyond else sa.true()
    if query.maximum is not None and after is None:
        _check_size(session, sa.and_(visible, condition), query.maximum)
    seen = after.seen if after else 0
    wanted = size if query.limit is None else min(size, max(query.limit - seen, 0))
    # Where a key is asked for, there are few events to look at; else each way has its own index.
    few = any(term.name in _MATCHED or term.name == "EQ_eventID" for term in query.terms)
    conditions = [sa.and_(way, condition) for way in ([visible] if few else ways(actor))]
    in_full = sa.true() if beyond else readable(actor)
    page = _page(query, conditions, in_full, after, wanted + 1)
    rows = session.connection().execute(page).all()
    named = named_by(query)
    shown = [
        Found(row.id, row.body, row.record_time, row.event_id,
              view if row.in_full else View.PUBLIC, named)
        for row in rows[:wanted]
    ]  # fmt: skip
    more = len(rows) > wanted and (query.limit is None or seen + wanted < query.limit)
    if not (more and shown):
        return Page(shown, None)
    last = rows[wanted - 1]
    time = getattr(last, _COLUMN[query.order_by]) if query.order_by else None
    return Page(shown, Place(last.id, time, seen + len(shown)))


_COLUMN = {"eventTime": "event_time", "recordTime": "record_time"}


def _order_of(query: Query) -> str | None:
    """The order in which the index that finds the events has them; None for that of capture.

    In another one, the database would look through all events for the newest that match.
    """
    names = {term.name for term in query.terms}
    if query.oldest_first:
        return None
    if names & {"GE_recordTime", "LT_recordTime"}:
        return "recordTime"
    return "eventTime" if names & _IN_ORDER_OF_TIME else None


_IN_ORDER_OF_TIME = frozenset({
    "GE_eventTime", "LT_eventTime", "EQ_bizStep", "EQ_bizLocation", "EQ_readPoint",
    "WD_bizLocation", "WD_readPoint",
})  # fmt: skip


def _page(
    query: Query, conditions: Sequence[Condition], in_full: Condition, after: Place | None,
    size: int,
) -> sa.Select[Any]:  # fmt: skip
    """The first events behind a place that meet one of the conditions; no event meets two."""
    columns = [*(_EVENT.c[name] for name in _SHOWN), in_full.label("in_full")]
    found = [_slice(query, sa.select(*columns).where(each), _EVENT.c, after, size)
             for each in conditions]  # fmt: skip
    if len(found) == 1:
        return found[0]
    several = sa.union_all(*(sa.select(each.subquery()) for each in found)).subquery()
    return _slice(query, sa.select(several), several.c, after, size)


_SHOWN = ("id", "body", "event_time", "record_time", "event_id")


def _slice(
    query: Query, found: sa.Select[Any], columns: Any, after: Place | None, size: int
) -> sa.Select[Any]:
    if query.order_by is None:
        number = columns.id
        if after is not None:
            behind = number > after.id if query.oldest_first else number < after.id
            found = found.where(behind)
        return found.order_by(number if query.oldest_first else number.desc()).limit(size)
    column = columns[_COLUMN[query.order_by]]
    if after is not None:
        place, last = sa.tuple_(column, columns.id), sa.tuple_(
            sa.literal(after.time, column.type), sa.literal(after.id)
        )  # fmt: skip
        found = found.where(place < last if query.descending else place > last)
    order = (column, columns.id)
    if query.descending:
        return found.order_by(*(each.desc() for each in order)).limit(size)
    return found.order_by(*order).limit(size)


def _check_size(session: Session, condition: Condition, maximum: int) -> None:
    some = sa.select(_EVENT.c.id).where(condition).limit(maximum + 1).subquery()
    count = session.connection().scalar(sa.select(sa.func.count()).select_from(some)) or 0
    if count > maximum:
        raise QueryTooLargeError.of("maxEventCount", "events.query-too-large", maximum=maximum)


def _spelt(texts: Iterable[str]) -> Condition:
    """Whether an event has one of the texts as it stands."""
    return sa.or_(*(_EVENT.c.body.contains(f'"{text}"', autoescape=True) for text in texts))


def _condition(session: Session, term: Term) -> Condition:
    name, values = term.name, term.values
    if name in _COLUMNS:
        return _EVENT.c[_COLUMNS[name]].in_(values)
    if name in _COMPARED:
        compare, column = _COMPARED[name]
        compared: Condition = compare(_EVENT.c[column], values[0])
        return compared
    if name in _MATCHED:
        roles, by_class = _MATCHED[name]
        return _names(values, roles, by_class)
    if name[2:].startswith("_quantity"):
        return _of_quantity(name[:2], values, uom=name[12:])
    if name.startswith("WD_"):
        column = _COLUMNS["EQ_" + name[3:]]
        return _EVENT.c[column].in_(with_descendants(session, values))
    if name == "EXISTS_errorDeclaration":
        # Few of many: gathered from their own index, whatever the order.
        declared = sa.select(_DECLARED.c.id).where(_DECLARED.c.error_time.is_not(None))
        return _EVENT.c.id.in_(declared)
    if name == "EXISTS_ilmd":
        return _EVENT.c.body.contains('"ilmd":')
    if name == "EXISTS_sensorElementList":
        return _has_value("sensorElementList", ("",))
    return _has_value(name.removeprefix("EQ_"), values)


_COLUMNS = {
    "eventType": "type",
    "EQ_action": "action",
    "EQ_bizStep": "biz_step",
    "EQ_disposition": "disposition",
    "EQ_readPoint": "read_point",
    "EQ_bizLocation": "biz_location",
    "EQ_eventID": "event_id",
}
_COMPARED: Mapping[str, tuple[Callable[[Any, Any], Any], str]] = {
    "GE_eventTime": (operator.ge, "event_time"),
    "LT_eventTime": (operator.lt, "event_time"),
    "GE_recordTime": (operator.ge, "record_time"),
    "LT_recordTime": (operator.lt, "record_time"),
    "GE_errorDeclarationTime": (operator.ge, "error_time"),
    "LT_errorDeclarationTime": (operator.lt, "error_time"),
}
_GOODS = (EpcRole.EPC, EpcRole.CHILD)
_MATCHED: Mapping[str, tuple[tuple[EpcRole, ...], bool]] = {
    "MATCH_epc": (_GOODS, False),
    "MATCH_parentID": ((EpcRole.PARENT,), False),
    "MATCH_inputEPC": ((EpcRole.INPUT,), False),
    "MATCH_outputEPC": ((EpcRole.OUTPUT,), False),
    "MATCH_anyEPC": (tuple(EpcRole), False),
    "MATCH_epcClass": (_GOODS, True),
    "MATCH_inputEPCClass": ((EpcRole.INPUT,), True),
    "MATCH_outputEPCClass": ((EpcRole.OUTPUT,), True),
    "MATCH_anyEPCClass": (tuple(EpcRole), True),
}


def _names(values: Sequence[Any], roles: Sequence[EpcRole], by_class: bool) -> Condition:
    """Whether an event names one of the keys in one of the roles."""
    exact = [value for value in values if not isinstance(value, Pattern)]
    alike: list[Condition] = [_EPC.c.key.in_(exact)] if exact else []
    # A range that the index serves; no character of a key is beyond U+FFFF.
    alike += [
        _EPC.c.key.between(start, start + "\uffff")
        for value in values
        if isinstance(value, Pattern)
        for start in value.starts
    ]
    found = sa.select(_EPC.c.event).where(sa.or_(*alike), _EPC.c.by_class.is_(by_class))
    if len(roles) < len(EpcRole):
        found = found.where(_EPC.c.role.in_(roles))
    return _EVENT.c.id.in_(found)


def _of_quantity(comparison: str, values: Sequence[Decimal], uom: str) -> Condition:
    """Whether an event has such a quantity, in one unit where one is named."""
    compare: Callable[[Any, Any], Any] = {
        "EQ": operator.eq, "GT": operator.gt, "GE": operator.ge, "LT": operator.lt,
        "LE": operator.le,
    }[comparison]  # fmt: skip
    found = sa.select(_EPC.c.event).where(
        _EPC.c.by_class.is_(True), _EPC.c.quantity.is_not(None),
        compare(_EPC.c.quantity, values[0]),
    )  # fmt: skip
    if uom:
        found = found.where(_EPC.c.uom == uom)
    return _EVENT.c.id.in_(found)


def _has_value(name: str, values: Sequence[str]) -> Condition:
    found = sa.select(_VALUE.c.event).where(_VALUE.c.name == name, _VALUE.c.value.in_(values))
    return _EVENT.c.id.in_(found)


RESOURCES: Mapping[str, str] = {
    "eventTypes": "type",
    "bizSteps": "biz_step",
    "dispositions": "disposition",
    "readPoints": "read_point",
    "bizLocations": "biz_location",
    "epcs": "key",
}
"""Top-level resources, and the column whose values they list."""

PARAMETER_OF: Mapping[str, str] = {
    "eventTypes": "eventType",
    "bizSteps": "EQ_bizStep",
    "dispositions": "EQ_disposition",
    "readPoints": "EQ_readPoint",
    "bizLocations": "EQ_bizLocation",
    "epcs": "MATCH_anyEPC",
}
"""The parameter that asks for the events of one of them."""


def values_of(
    session: Session, actor: Actor, resource: str, *, size: int, after: str | None
) -> Sequence[str]:
    """The values that occur in events the actor may see, in their order, behind `after`.

    Raises:
        QueryInvalidError: `events.public-needs-key`: the public lists nothing.
    """
    if view_of(actor) is View.PUBLIC:
        raise QueryInvalidError.of("", "events.public-needs-key")
    column: sa.Column[Any] = _EPC.c.key if resource == "epcs" else _EVENT.c[RESOURCES[resource]]
    if view_of(actor) is View.FULL:
        return _leap(session, column, size, after)
    seen = sa.select(_EVENT.c.id).where(readable(actor))
    found = sa.select(column).distinct().where(column.is_not(None))
    found = found.where((_EPC.c.event if resource == "epcs" else _EVENT.c.id).in_(seen))
    if after is not None:
        found = found.where(column > after)
    return session.connection().execute(found.order_by(column).limit(size)).scalars().all()


def _leap(session: Session, column: sa.Column[Any], size: int, after: str | None) -> Sequence[str]:
    """The distinct values of an indexed column, each found from the one before.

    A DISTINCT would read every event; this reads the index once for each value that is told.
    """
    first = sa.select(sa.func.min(column).label("value"))
    if after is not None:
        first = first.where(column > after)
    leap = first.cte("leap", recursive=True)
    behind = sa.select(sa.func.min(column)).where(column > leap.c.value).scalar_subquery()
    leap = leap.union_all(sa.select(behind).where(leap.c.value.is_not(None)))
    rows = sa.select(leap.c.value).where(leap.c.value.is_not(None)).limit(size)
    return session.connection().execute(rows).scalars().all()
