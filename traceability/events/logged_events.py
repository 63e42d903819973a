"""What the transparency log holds of events: that one was accepted, when, and a commitment to it.

The leaf says when it was recorded and whether it was declared to be in error. It commits to the
rest (`transparency.hiding`): the CBV event hash, which leaves out the eventID and who told it; the
digest of the event's text, from which all that is asked for was derived; and the capturer. Who
holds the event and the salt proves it; the public learns no quantity and no trade partner by
trying them.

The check reads events in parts, and derives anew from the text of each what stands beside it: a
step, a key or a quantity that was changed behind the text is found like a text that was changed.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import orjson
import sqlalchemy as sa
from sqlmodel import Session

from gs1.errors import Gs1Error
from traceability.events.documents import ReadEvent, beyond
from traceability.events.facts import Facts, facts_of
from traceability.events.models import Event, EventEpc, EventValue
from traceability.transparency import log
from traceability.transparency.hiding import Hidden
from traceability.transparency.models import LeafKind
from traceability.transparency.rows import numbers_of

_EVENT: sa.Table = Event.__table__  # type: ignore[attr-defined]
_EPC: sa.Table = EventEpc.__table__  # type: ignore[attr-defined]
_VALUE: sa.Table = EventValue.__table__  # type: ignore[attr-defined]
_AT_ONCE = 500
_SAME_MOMENT = timedelta(milliseconds=1)
"""The event hash knows times to the millisecond: a declaration may spell the rest otherwise."""
_NAME = "event"
_TORN: log.Facts = {}
"""Of an event whose columns are not those of its text: no entry has such facts."""


class Told(NamedTuple):
    """What an entry is made of."""

    id: int
    event_id: str
    hash: str
    record_time: datetime
    party_id: int | None
    in_error: bool
    body: str

    @property
    def subject(self) -> str:
        return f"{_NAME}:{self.id}"

    @property
    def facts(self) -> log.Facts:
        content = {"eventID": self.event_id, "hash": self.hash, "capturer": self.party_id}
        return {
            "recordTime": self.record_time.isoformat(),
            "inError": self.in_error,
            "event": Hidden(content),
            "bodySha256": Hidden(hashlib.sha256(self.body.encode()).hexdigest()),
        }


def enter(session: Session, told: Iterable[Told]) -> None:
    """Enter events as they now stand, in the caller's transaction."""
    log.enter(session, LeafKind.EVENT, ((each.subject, each.facts) for each in told))


class LoggedEvents:
    """The events as records that the log tells of."""

    final = frozenset({"recordTime", "event"})
    """A declaration of error adds to the text, and nothing else ever changes."""

    def subjects(self, session: Session) -> Iterator[Sequence[str]]:
        ids = session.connection().execute(
            sa.select(_EVENT.c.id).order_by(_EVENT.c.id),
            execution_options={"yield_per": _AT_ONCE},
        )
        for part in ids.scalars().partitions():
            yield [f"{_NAME}:{number}" for number in part]

    def facts(self, session: Session, subjects: Sequence[str]) -> Mapping[str, log.Facts]:
        found: dict[str, log.Facts] = {}
        for number, told, whole in _read(session, numbers_of(_NAME, subjects)):
            found[f"{_NAME}:{number}"] = told.facts if whole else _TORN
        return found

    def known(self, session: Session, subjects: Sequence[str]) -> set[str]:
        ids = numbers_of(_NAME, subjects)
        found = session.connection().execute(sa.select(_EVENT.c.id).where(_EVENT.c.id.in_(ids)))
        return {f"{_NAME}:{number}" for number in found.scalars()}


EVENTS = LoggedEvents()


def _read(session: Session, ids: Sequence[int]) -> Iterator[tuple[int, Told, bool]]:
    """Events, and whether what stands beside their text is what it says."""
    connection = session.connection()
    epcs, values = defaultdict(set), defaultdict(set)
    for row in connection.execute(sa.select(_EPC).where(_EPC.c.event.in_(ids))):
        epcs[row.event].add((row.key, row.role, row.by_class, row.quantity, row.uom, row.time))
    for row in connection.execute(sa.select(_VALUE).where(_VALUE.c.event.in_(ids))):
        values[row.event].add((row.name, row.value))
    for row in connection.execute(sa.select(_EVENT).where(_EVENT.c.id.in_(ids))):
        told = Told(
            row.id, row.event_id, row.hash, row.record_time, row.party_id, row.in_error, row.body
        )
        yield row.id, told, _is_whole(row, epcs[row.id], values[row.id])


def _is_whole(row: Any, epcs: set[tuple[Any, ...]], values: set[tuple[str, str]]) -> bool:
    try:
        derived = _derived(row.body)
    except (KeyError, TypeError, ValueError, AttributeError, Gs1Error):
        return False  # a text that no check has passed
    of_text = {(e.key, str(e.role), e.by_class, e.quantity, e.uom, row.event_time)
               for e in derived.epcs}  # fmt: skip
    return (
        _columns(derived) == _columns(row)
        and abs(derived.event_time - row.event_time) < _SAME_MOMENT
        and (derived.error_time is not None) == row.in_error
        and of_text == epcs
        and derived.values == values
    )


def _derived(body: str) -> Facts:
    event = orjson.loads(body)
    return facts_of(ReadEvent(event, beyond(event.get("@context"))))


def _columns(of: Any) -> tuple[Any, ...]:
    return (
        of.type, of.action, of.biz_step, of.disposition, of.read_point, of.biz_location,
        of.error_time,
    )  # fmt: skip
