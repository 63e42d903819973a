"""Reads that a trace needs beside the graph: events it may show, places, findings."""

from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlmodel import Session

from traceability.actor import Actor
from traceability.events.identifiers import STEM
from traceability.events.models import EpcRole, Event, EventEpc
from traceability.events.tracing.models import ContentFinding, Membership
from traceability.events.tracing.reading import each_of, is_among
from traceability.events.visibility import readable
from traceability.registry.models import Party

_EVENT: sa.Table = Event.__table__  # type: ignore[attr-defined]
_EPC: sa.Table = EventEpc.__table__  # type: ignore[attr-defined]
_FINDING: sa.Table = ContentFinding.__table__  # type: ignore[attr-defined]
_MEMBERSHIP: sa.Table = Membership.__table__  # type: ignore[attr-defined]
_PARTY: sa.Table = Party.__table__  # type: ignore[attr-defined]
_MOST_STOPS = 200
_MOST_FINDINGS = 500


def is_known(session: Session, actor: Actor, key: str) -> bool:
    """Whether an event that the actor may see names the key, if only as the lot of its goods."""
    return any(
        session.connection().execute(
            sa.select(table.c.event)
            .join(_EVENT, _EVENT.c.id == table.c.event)
            .where(named == key, readable(actor))
            .limit(1)
        ).first()
        for table, named in ((_EPC, _EPC.c.key), (_MEMBERSHIP, _MEMBERSHIP.c.lot))
    )  # fmt: skip


class Evidence(NamedTuple):
    """The event that tells something."""

    event_id: str
    time: datetime
    """eventTime: when it happened, by those who recorded it."""


def evidence(session: Session, actor: Actor, events: Collection[int]) -> dict[int, Evidence]:
    """Of these events those that the actor may see."""
    connection = session.connection()
    rows = connection.execute(
        sa.select(_EVENT.c.id, _EVENT.c.event_id, _EVENT.c.event_time).where(
            is_among(connection, _EVENT.c.id, sorted(events)), readable(actor)
        )
    )
    return {number: Evidence(event_id, time) for number, event_id, time in rows.all()}


def shown_events(session: Session, actor: Actor, events: Set[int]) -> Set[int]:
    """Those of these events that the actor may see."""
    return events if actor.sees_everything else evidence(session, actor, events).keys()


_IN_FORCE = _EVENT.c.in_error.is_(False)
_PLACE = sa.func.coalesce(_EVENT.c.biz_location, _EVENT.c.read_point)


class LastEvent(NamedTuple):
    """The newest event of a key; of several the greatest is the newest."""

    time: datetime
    event: int
    place: str | None
    """bizLocation, else readPoint."""
    event_id: str
    party_id: int | None
    reported_by: str | None
    """The name of that party."""


def last_events(
    session: Session, actor: Actor, keys: Iterable[str], *, with_place: bool = False
) -> dict[str, LastEvent]:
    """Of each key the last event, or the last that names a place."""
    if with_place or not actor.sees_everything:
        needed = [readable(actor), *([_PLACE.is_not(None)] if with_place else [])]
        return _told(session, _newest(session, keys, _IN_FORCE, *needed))
    # Nearly always the newest event is in force, and the index of the keys alone tells which it is.
    newest = _newest(session, keys)
    found = _told(session, newest)
    if wrong := newest.keys() - found.keys():
        found |= _told(session, _newest(session, wrong, _IN_FORCE))
    return found


def _told(session: Session, newest: Mapping[str, int]) -> dict[str, LastEvent]:
    """What those of these events tell that are in force."""
    connection = session.connection()
    rows = connection.execute(
        sa.select(_EVENT.c.event_time, _EVENT.c.id, _PLACE, _EVENT.c.event_id, _EVENT.c.party_id,
                  _PARTY.c.name)
        .outerjoin(_PARTY, _PARTY.c.id == _EVENT.c.party_id)
        .where(is_among(connection, _EVENT.c.id, sorted(set(newest.values()))), _IN_FORCE)
    )  # fmt: skip
    told = {row[1]: LastEvent(*row) for row in rows.all()}
    return {key: told[event] for key, event in newest.items() if event in told}


def _newest(
    session: Session, keys: Iterable[str], *conditions: sa.ColumnElement[bool]
) -> dict[str, int]:
    """The last event of each key that has one of which the conditions hold.

    Found from the end of the key's history: of a pallet in use for years, one event is read.
    """
    wanted = sorted(set(keys))
    if not wanted:
        return {}
    connection = session.connection()
    each = each_of(connection, wanted)
    newest = (
        sa.select(_EPC.c.event)
        .select_from(_EPC.join(_EVENT, _EVENT.c.id == _EPC.c.event) if conditions else _EPC)
        .where(_EPC.c.key == each.c.value, *conditions)
        .order_by(_EPC.c.time.desc(), _EPC.c.event.desc())
        .limit(1)
        .correlate(each)
        .scalar_subquery()
    )
    rows = connection.execute(sa.select(each.c.value, newest)).all()
    return {key: event for key, event in rows if event is not None}


def arrived(session: Session, actor: Actor, keys: Iterable[str], place: str) -> datetime | None:
    """Since when the newest events of these keys name this place without a break."""
    rows = session.connection().execute(
        sa.select(_EPC.c.time, _PLACE.label("place"))
        .join(_EVENT, _EVENT.c.id == _EPC.c.event)
        .where(_EPC.c.key.in_(list(keys)), _PLACE.is_not(None), _IN_FORCE,
               readable(actor))
        .order_by(_EPC.c.time.desc(), _EPC.c.event.desc())
        .limit(_MOST_STOPS)
    )  # fmt: skip
    since = None
    for row in rows:
        if row.place != place:
            break
        since = row.time
    return since


def named_under(session: Session, actor: Actor, gtin: str, most: int) -> Sequence[str]:
    """Lots and serials of a product that events name which the actor may see."""
    stem = f"{STEM}/01/{gtin}/"
    found = session.connection().execute(
        sa.select(_EPC.c.key)
        .join(_EVENT, _EVENT.c.id == _EPC.c.event)
        # "0" follows "/": all that begin with the stem, by the primary key.
        .where(_EPC.c.key >= stem, _EPC.c.key < f"{stem[:-1]}0", readable(actor))
        .distinct()
        .order_by(_EPC.c.key)
        .limit(most)
    )
    return list(found.scalars())


def content_findings(
    session: Session, actor: Actor, keys: Iterable[str]
) -> Sequence[Mapping[str, Any]]:
    """What observations of these containers contradict, oldest first."""
    connection = session.connection()
    rows = connection.execute(
        sa.select(_FINDING, _EVENT.c.event_id)
        .join(_EVENT, _EVENT.c.id == _FINDING.c.event)
        .where(is_among(connection, _FINDING.c.parent, sorted(set(keys))), readable(actor))
        .order_by(_FINDING.c.time, _FINDING.c.child)
        .limit(_MOST_FINDINGS)
    )
    return [dict(row) for row in rows.mappings()]


def begun(session: Session, keys: Iterable[str]) -> set[str]:
    """Those of the keys of which an event tells the beginning: commissioned, or an output."""
    connection = session.connection()
    rows = connection.execute(
        sa.select(_EPC.c.key)
        .join(_EVENT, _EVENT.c.id == _EPC.c.event)
        .where(
            is_among(connection, _EPC.c.key, sorted(set(keys))),
            _IN_FORCE,
            sa.or_(
                _EPC.c.role == EpcRole.OUTPUT,
                sa.and_(_EPC.c.role == EpcRole.EPC, _EVENT.c.action == "ADD"),
            ),
        )
        .distinct()
    )
    return set(rows.scalars())
