"""Working out what a recall reaches and whom it concerns, without writing anything.

It takes seconds where a recall reaches many goods, and the one writer of SQLite must not be kept
waiting for so long: who opens a recall, or works it out again, does this in a session that reads,
and keeps what was found (`keeping`) in one that writes. Events may come between the two: `newest`
and `marked` tell.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from traceability.events.models import Event, RecallScope
from traceability.events.recalling.holders import holders
from traceability.events.recalling.reach import EVERYTHING, Reach, reach
from traceability.events.tracing.whereabouts import last_seen


@dataclass(frozen=True, slots=True)
class Concerned:
    """A party that holds goods of a recall, or owns their product."""

    party_id: int
    goods: int
    """Kinds of goods that it holds."""
    last_time: datetime | None


@dataclass(frozen=True, slots=True)
class WorkedOut:
    """What a recall reaches by the events of one moment."""

    starts: Sequence[str]
    """The keys that it begins with."""
    reach: Reach
    concerned: Sequence[Concerned]
    newest: int
    """Id of the newest event that there was."""
    marked: datetime | None
    """Since when the recall was marked by events that name its goods."""


def worked_out(
    session: Session, scope: RecallScope, starts: Sequence[str], marked: datetime | None = None
) -> WorkedOut:
    """What a recall of these goods reaches, by events that whoever inspects may see."""
    newest = newest_event(session)
    found = reach(session, EVERYTHING, scope, starts)
    seen = last_seen(session, EVERYTHING, found.view, [each.key for each in found.goods])
    concerned = [
        Concerned(party.id or 0, len(holding.keys), holding.last_time)
        for party, holding in holders(session, EVERYTHING, found, seen)
    ]
    return WorkedOut(starts, found, concerned, newest, marked)


def newest_event(session: Session) -> int:
    """Id of the newest event on record; 0 without one."""
    return session.exec(select(sa.func.max(col(Event.id)))).one() or 0
