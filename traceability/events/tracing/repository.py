"""Reads that a trace needs beside the graph: events it may show, places, findings."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from traceability.actor import Actor
from traceability.events.identifiers import STEM
from traceability.events.models import EpcRole, Event, EventEpc
from traceability.events.tracing.models import Containment, ContentFinding, Membership
from traceability.events.visibility import readable
from traceability.registry.models import Party
from traceability.registry.repository import chunks

_EVENT: sa.Table = Event.__table__  # type: ignore[attr-defined]
_EPC: sa.Table = EventEpc.__table__  # type: ignore[attr-defined]
_CONTAINMENT: sa.Table = Containment.__table__  # type: ignore[attr-defined]
_FINDING: sa.Table = ContentFinding.__table__  # type: ignore[attr-defined]
_MEMBERSHIP: sa.Table = Membership.__table__  # type: ignore[attr-defined]
_PARTY: sa.Table = Party.__table__  # type: ignore[attr-defined]
_MOST_LEVELS = 10
"""Box, case, pallet, container, ship: nothing real is packed deeper."""
_MOST_STOPS = 200


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


def event_ids(session: Session, actor: Actor, events: Collection[int]) -> dict[int, str]:
    """The eventIDs of those events that the actor may see."""
    found: dict[int, str] = {}
    for part in chunks(sorted(events), 1000):
        rows = session.connection().execute(
            sa.select(_EVENT.c.id, _EVENT.c.event_id).where(
                _EVENT.c.id.in_(part), readable(actor)
            )
        )  # fmt: skip
        found.update((row.id, row.event_id) for row in rows)
    return found


def containers(session: Session, actor: Actor, keys: Iterable[str]) -> dict[str, list[str]]:
    """What each key is in now, the outermost last."""
    chains: dict[str, list[str]] = {key: [] for key in keys}
    ends = {key: key for key in chains}
    for _ in range(_MOST_LEVELS):
        parents = _parents(session, actor, set(ends.values()))
        ends = {
            key: parents[end] for key, end in ends.items()
            if end in parents and parents[end] not in (key, *chains[key])
        }  # fmt: skip
        for key, end in ends.items():
            chains[key].append(end)
        if not ends:
            break
    return chains


def _parents(session: Session, actor: Actor, keys: set[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for part in chunks(sorted(keys), 1000):
        rows = session.connection().execute(
            sa.select(_CONTAINMENT.c.child, _CONTAINMENT.c.parent)
            .join(_EVENT, _EVENT.c.id == _CONTAINMENT.c.event)
            .where(
                _CONTAINMENT.c.child.in_(part),
                _CONTAINMENT.c.until.is_(None),
                # Of a class, other parts may be anywhere.
                _CONTAINMENT.c.by_class.is_(False),
                readable(actor),
            )
            .order_by(_CONTAINMENT.c.since, _CONTAINMENT.c.event)
        )
        found.update((row.child, row.parent) for row in rows)
    return found


def last_places(session: Session, actor: Actor, keys: Iterable[str]) -> dict[str, Any]:
    """Of each key the last event with a place: key, place, time, event, event_id, reported_by."""
    place = sa.func.coalesce(_EVENT.c.biz_location, _EVENT.c.read_point)
    found: dict[str, Any] = {}
    for part in chunks(sorted(set(keys)), 1000):
        newest = sa.func.row_number().over(
            partition_by=_EPC.c.key, order_by=(_EPC.c.time.desc(), _EPC.c.event.desc())
        )
        ranked = (
            sa.select(_EPC.c.key, place.label("place"), _EPC.c.time, _EPC.c.event,
                      _EVENT.c.event_id, _PARTY.c.name.label("reported_by"),
                      newest.label("rank"))
            .join(_EVENT, _EVENT.c.id == _EPC.c.event)
            .outerjoin(_PARTY, _PARTY.c.id == _EVENT.c.party_id)
            .where(_EPC.c.key.in_(part), place.is_not(None), _EVENT.c.in_error.is_(False),
                   readable(actor))
            .subquery()
        )  # fmt: skip
        rows = session.connection().execute(sa.select(ranked).where(ranked.c.rank == 1))
        found.update((row.key, row) for row in rows)
    return found


def arrived(session: Session, actor: Actor, keys: Iterable[str], place: str) -> datetime | None:
    """Since when the newest events of these keys name this place without a break."""
    at = sa.func.coalesce(_EVENT.c.biz_location, _EVENT.c.read_point)
    rows = session.connection().execute(
        sa.select(_EPC.c.time, at.label("place"))
        .join(_EVENT, _EVENT.c.id == _EPC.c.event)
        .where(_EPC.c.key.in_(list(keys)), at.is_not(None), _EVENT.c.in_error.is_(False),
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
    found: list[Mapping[str, Any]] = []
    for part in chunks(sorted(set(keys)), 1000):
        rows = session.connection().execute(
            sa.select(_FINDING, _EVENT.c.event_id)
            .join(_EVENT, _EVENT.c.id == _FINDING.c.event)
            .where(_FINDING.c.parent.in_(part), readable(actor))
            .order_by(_FINDING.c.time, _FINDING.c.child)
            .limit(100)
        )
        found += [dict(row) for row in rows.mappings()]
    return found


def begun(session: Session, keys: Iterable[str]) -> set[str]:
    """Those of the keys of which an event tells the beginning: commissioned, or an output."""
    found: set[str] = set()
    for part in chunks(sorted(set(keys)), 1000):
        rows = session.connection().execute(
            sa.select(_EPC.c.key)
            .join(_EVENT, _EVENT.c.id == _EPC.c.event)
            .where(
                _EPC.c.key.in_(part),
                _EVENT.c.in_error.is_(False),
                sa.or_(
                    _EPC.c.role == EpcRole.OUTPUT,
                    sa.and_(_EPC.c.role == EpcRole.EPC, _EVENT.c.action == "ADD"),
                ),
            )
            .distinct()
        )
        found.update(rows.scalars())
    return found
