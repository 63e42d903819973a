"""Ask the outside registry about invoices on record, under one deadline, and keep what it says.

    invoices ──cache──▶ fresh answers ─────────────────────────┐
        └──due──▶ registry, several at once, one deadline ──▶ Consultation of each

An answer is good for a day. When the registry is down, the last answer is given with its date and
the reason why there is no newer one: whoever asked carries on with what there is. Never call
`consult` inside a transaction that writes: it waits for somebody else's machine.

What leaves this installation is the key of an invoice (seller's tax code, form, symbol, number)
and nothing else; each question is in the audit log. Nothing of it is for the public or for shops.
"""

import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlmodel import Session

from traceability import audit
from traceability.actor import Actor, Role
from traceability.audit import AuditAction
from traceability.clock import now
from traceability.db import Database
from traceability.errors import ForbiddenError
from traceability.invoices.models import Invoice
from traceability.invoices.outside import repository
from traceability.invoices.outside.answers import (
    InvoiceRegistry,
    InvoiceStatus,
    Outcome,
    Reason,
    RegistryAnswer,
    Unavailable,
)
from traceability.invoices.outside.comparing import Difference, differences
from traceability.invoices.outside.models import OutsideAnswer
from traceability.invoices.symbol import InvoiceKey

MOST_ASKED = 12
"""Invoices of one consultation: as many as a path to the producer has steps."""
_WORKERS = 4


@dataclass(frozen=True, slots=True)
class Freshness:
    """How long an answer is good for."""

    fresh: timedelta = timedelta(hours=24)
    """Younger ones are given without asking again."""
    unknown: timedelta = timedelta(hours=1)
    """The same for "unknown": the invoice may be on its way there."""
    shown: timedelta = timedelta(days=30)
    """Older ones are not given even when there is nothing else."""

    def is_due(self, row: OutsideAnswer, at: datetime) -> bool:
        """Whether the registry should be asked again."""
        if row.answered_at is None:
            return True
        is_unknown = row.status == InvoiceStatus.UNKNOWN
        return at - row.answered_at >= (min(self.unknown, self.fresh) if is_unknown else self.fresh)

    def is_shown(self, row: OutsideAnswer, at: datetime) -> bool:
        return row.answered_at is not None and at - row.answered_at < self.shown


class Standing(StrEnum):
    """What a consultation comes to."""

    AGREES = "agrees"
    DIFFERS = "differs"
    UNKNOWN = "unknown"
    UNAVAILABLE = "unavailable"
    NOT_ASKED = "not-asked"


@dataclass(frozen=True, slots=True)
class Consultation:
    """What the outside registry says of one invoice, as far as it is known here."""

    invoice_id: int
    written: str
    """The invoice as people write it: 1C26TAA 12."""
    source: str
    """Host of the registry."""
    answer: RegistryAnswer | None = None
    """The last one; old when `failure` is set."""
    answered_at: datetime | None = None
    failure: Reason | None = None
    """Why the last attempt brought no answer."""
    tried_at: datetime | None = None
    differences: tuple[Difference, ...] = ()

    @property
    def standing(self) -> Standing:
        if self.answer is None:
            return Standing.UNAVAILABLE if self.failure else Standing.NOT_ASKED
        if self.answer.status is InvoiceStatus.UNKNOWN:
            return Standing.UNKNOWN
        return Standing.DIFFERS if self.differences else Standing.AGREES


def may_consult(actor: Actor) -> bool:
    """The authorities and the tax authority's own feed; never a shop, never the public."""
    return actor.sees_everything or actor.role is Role.TAX


class OutsideRegistry:
    """The registry with its cache; lives as long as the process.

    Args:
        database: where answers are kept.
        registry: whom to ask.
        freshness: how long answers are good for.
        within_s: seconds that one consultation takes at most, whatever the number of invoices.
    """

    def __init__(
        self,
        database: Database,
        registry: InvoiceRegistry,
        freshness: Freshness | None = None,
        within_s: float = 2.0,
    ) -> None:
        self._database, self._registry = database, registry
        self._freshness, self._within_s = freshness or Freshness(), within_s
        self._pool = ThreadPoolExecutor(_WORKERS, thread_name_prefix="nguon-outside")

    @property
    def source(self) -> str:
        return self._registry.source

    def on_record(self, session: Session, invoices: Sequence[Invoice]) -> list[Consultation]:
        """What it said of these before; nobody is asked."""
        at = now()
        rows = repository.answers_of(session, self.source, [i.id or 0 for i in invoices])
        adjusted = repository.adjusted_on_record(session, invoices)
        return [
            self._consultation(invoice, rows.get(invoice.id or 0), at, invoice.id in adjusted)
            for invoice in invoices
        ]

    def consult(
        self, actor: Actor, invoices: Sequence[Invoice], *, again: bool = False
    ) -> list[Consultation]:
        """Ask about those of which no fresh answer is kept; at most the first twelve.

        Args:
            actor: who wants to know.
            invoices: of the records that this actor may see.
            again: ask even where a fresh answer is kept.

        Raises:
            ForbiddenError: `invoices.outside-forbidden` (role).
        """
        if not may_consult(actor):
            raise ForbiddenError("invoices.outside-forbidden", role=str(actor.role))
        invoices = invoices[:MOST_ASKED]
        with self._database.reading() as session:
            rows = repository.answers_of(session, self.source, [i.id or 0 for i in invoices])
        at = now()
        due = [i for i in invoices if again or self._is_due(rows.get(i.id or 0), at)]
        if due:
            self._keep(actor, self._ask(due))
        with self._database.reading() as session:
            return self.on_record(session, invoices)

    def _is_due(self, row: OutsideAnswer | None, at: datetime) -> bool:
        return row is None or self._freshness.is_due(row, at)

    def _ask(self, invoices: Sequence[Invoice]) -> dict[int, Outcome]:
        """All at once; whoever is not back when the time is over counts as timed out.

        The thread that still waits comes back by the client's own time-outs; what it brings then
        is given up.
        """
        deadline = time.monotonic() + self._within_s
        asked = {
            invoice.id or 0: self._pool.submit(self._look_up, key_of(invoice), deadline)
            for invoice in invoices
        }
        wait(asked.values(), timeout=self._within_s)
        return {
            invoice_id: Unavailable(Reason.TIMEOUT)
            if future.cancel() or not future.done()
            else future.result()
            for invoice_id, future in asked.items()
        }

    def _look_up(self, key: InvoiceKey, deadline: float) -> Outcome:
        left = deadline - time.monotonic()
        return self._registry.look_up(key, left) if left > 0 else Unavailable(Reason.TIMEOUT)

    def _keep(self, actor: Actor, outcomes: Mapping[int, Outcome]) -> None:
        at = now()
        with self._database.writing() as session:
            repository.forget_other_sources(session, self.source, list(outcomes))
            for invoice_id, outcome in outcomes.items():
                repository.keep(session, self.source, invoice_id, outcome, at)
                audit.record(
                    session, actor, AuditAction.OUTSIDE_ASKED, f"invoice:{invoice_id}",
                    source=self.source, outcome=_name_of(outcome),
                )  # fmt: skip

    def _consultation(
        self, invoice: Invoice, row: OutsideAnswer | None, at: datetime, adjusted_here: bool
    ) -> Consultation:
        key = key_of(invoice)
        blank = Consultation(invoice.id or 0, key.written, self.source)
        if row is None:
            return blank
        answer = _answer_of(row, key) if self._freshness.is_shown(row, at) else None
        return Consultation(
            blank.invoice_id,
            blank.written,
            blank.source,
            answer,
            row.answered_at if answer else None,
            Reason(row.failure) if row.failure else None,
            row.tried_at,
            differences(invoice, answer, adjusted_here=adjusted_here) if answer else (),
        )

    def statistics(self) -> Mapping[str, int]:
        return self._registry.statistics()

    def close(self) -> None:
        """Let go of it; questions that are under way come to their own end."""
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._registry.close()


def key_of(invoice: Invoice) -> InvoiceKey:
    return InvoiceKey(invoice.seller_tax_code, invoice.form, invoice.symbol, invoice.number)


def _name_of(outcome: Outcome) -> str:
    return outcome.reason if isinstance(outcome, Unavailable) else outcome.status


def _answer_of(row: OutsideAnswer, key: InvoiceKey) -> RegistryAnswer | None:
    if row.status is None or row.as_of is None:
        return None
    return RegistryAnswer(
        key, InvoiceStatus(row.status), row.as_of, row.total, row.currency, row.seller_name
    )
