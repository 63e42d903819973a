"""Messages that wait to be posted: taken one at a time, tried again later and later, given up.

A row that waits says not before when (`next_at`) and how often it failed. Whoever takes it holds it
for as long as sending may take (`LEASE`), so that two workers never post the same one, and one that
dies in the middle of it is followed by another.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlmodel import Session, col, select

from traceability.actor import Actor
from traceability.clock import now
from traceability.db import Database
from traceability.events.models import Subscription
from traceability.events.recalling.models import RecallNotice
from traceability.events.sending import Sender, SendingError
from traceability.events.vault import Vault

LEASE = timedelta(minutes=2)
BACK_OFF = (10, 30, 120, 600, 1800, 3600, 7200, 14_400, 28_800)
"""Seconds before the next attempt, after each failure; after the last it is given up."""

Waiting = TypeVar("Waiting", Subscription, RecallNotice)


@dataclass(frozen=True, slots=True)
class Outbox:
    """Where messages wait, and all that it takes to send them."""

    database: Database
    """Read and written in short transactions, none of them open while sending."""
    check: Callable[[Session, Actor], None]
    """Raises a TraceabilityError when an actor may no longer act."""
    vault: Vault
    """Opens the receivers' tokens."""
    sender: Sender = field(default_factory=Sender)

    def take(self, table: type[Waiting]) -> Waiting | None:
        """The row that has waited longest, held until it is settled; None when none is due."""
        with self.database.reading() as session:
            if _due(session, table) is None:
                return None
        with self.database.writing() as session:
            row = _due(session, table)
            if row is not None:
                row.next_at = now() + LEASE
            return row

    def post(
        self, row: Waiting, dest: str, token: str, body: bytes, *, again: bool = True
    ) -> bool:  # fmt: skip
        """Whether the message was taken; else it is put off, or given up if not tried `again`."""
        try:
            self.sender.post(dest, body, token)
        except SendingError as error:
            failures = row.failures + 1
            wait = BACK_OFF[failures - 1] if again and failures <= len(BACK_OFF) else None
            next_at = None if wait is None else now() + timedelta(seconds=wait)
            self.settle(row, failures=failures, last_error=str(error)[:200], next_at=next_at)
            return False
        return True

    def give_up(self, row: Waiting, why: str) -> None:
        """Nothing is posted for this row any more."""
        self.settle(row, next_at=None, last_error=why)

    def settle(self, row: Waiting, **values: Any) -> None:
        """Write down what came of a row that was taken."""
        table = type(row)
        with self.database.writing() as session:
            session.execute(sa.update(table).where(col(table.id) == row.id).values(**values))


def _due(session: Session, table: type[Waiting]) -> Waiting | None:
    return session.exec(
        select(table)
        .where(col(table.next_at) <= now())
        .order_by(col(table.next_at))
        .limit(1)
        .with_for_update(skip_locked=True)
    ).first()
