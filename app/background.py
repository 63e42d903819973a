"""The worker: takes queued jobs and does them, inside `serve` or as `nguon worker`."""

import logging
import threading
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from app.labels import delivery, sheets
from app.security import idempotency
from app.security.standing import check_standing
from traceability import jobs
from traceability.actor import Actor
from traceability.clock import now
from traceability.db import Database
from traceability.events import capture_job, subscriptions
from traceability.events.delivering import Outbox
from traceability.events.recalling import keeping, notices
from traceability.events.vault import Vault
from traceability.invoices import importing as invoice_import
from traceability.invoices.linking import link_registered
from traceability.jobs import Handler, Task
from traceability.registry import import_job as registry_import
from traceability.transparency import log as transparency
from traceability.transparency.keys import LogKeys

log = logging.getLogger(__name__)


def _import_table(task: Task) -> Mapping[str, Any]:
    result = registry_import.handle(task)
    with task.database.writing() as session:
        link_registered(session)
    return result


HANDLERS: Mapping[str, Handler] = {
    registry_import.KIND: _import_table,
    invoice_import.KIND: invoice_import.import_job,
    sheets.KIND: sheets.handle,
    capture_job.KIND: capture_job.capture_job,
}


def _in_the_name_of_who_queued_it(task: Task) -> Mapping[str, Any]:
    """Do a job, unless its account was closed or its key revoked in the meantime."""
    if "actor" in task.payload:
        with task.database.reading() as session:
            check_standing(session, Actor.of_dict(task.payload["actor"]))
    return HANDLERS[task.kind](task)


IDLE_S = 1.0
RETRY_S = 10.0
"""Wait after a failure of the database."""
CLEAN_EVERY = 3600
"""Rounds of idleness between two clean-ups: about an hour."""


class Worker:
    """Does one job after another until stopped."""

    def __init__(
        self, database: Database, log_keys: LogKeys | None = None, vault: Vault | None = None
    ) -> None:
        self._database, self._log_keys, self._vault = database, log_keys, vault
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self.run, name="nguon-worker", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def ask_to_stop(self) -> None:
        """End after the job in hand."""
        self._stop.set()

    def stop(self) -> None:
        """Let the job in hand come to its end for up to ten seconds; its lease does the rest."""
        self.ask_to_stop()
        if self._thread.is_alive():
            self._thread.join(timeout=10)

    def run(self) -> None:
        idle = 0
        while not self._stop.is_set():
            try:
                worked = self.step()
                if self._integrate() or self.deliver() or worked:
                    continue
                if idle % CLEAN_EVERY == 0:
                    self._clean_up()
            except SQLAlchemyError:
                # A database that is away for a while must not end the work for good.
                log.exception("the worker could not reach the database")
                self._stop.wait(RETRY_S)
            idle += 1
            self._stop.wait(IDLE_S)

    def _integrate(self) -> bool:
        """Give waiting entries of the transparency log their place; whether more may wait.

        What comes meanwhile is placed a second later, and not at once: each time the database
        waits for the disk, as the events that are captured do.
        """
        if self._log_keys is None:
            return False
        keys = self._log_keys
        remembered = keys.newest
        try:
            with self._database.writing() as session:
                point = transparency.integrate(session, keys.origin, [keys.signing], remembered)
        except IntegrityError:
            return False  # another worker was faster
        except transparency.RewrittenError:
            log.critical("the transparency log was rewritten: nothing is signed; nguon log verify")
            self._log_keys = None  # until somebody has looked and starts the service anew
            return False
        if point is None:
            return False
        keys.remember(point)
        return point.size - (remembered.size if remembered else 0) >= transparency.AT_ONCE

    def _clean_up(self) -> None:
        with self._database.writing() as session:
            idempotency.forget_old(session)
            jobs.forget_parts(session, now() - timedelta(days=delivery.KEPT_DAYS))

    def deliver(self) -> bool:
        """Work one recall out again, send one message; False when nothing was due."""
        again = keeping.work_out_due(self._database)
        if self._vault is None:
            return again
        outbox = Outbox(self._database, check_standing, self._vault)
        told, sent = notices.deliver_due(outbox), subscriptions.deliver_due(outbox)
        return again or told or sent

    def step(self) -> bool:
        """Do one job; False when none was due."""
        task = jobs.take(self._database, tuple(HANDLERS))
        if task is None:
            return False
        try:
            jobs.run(task, _in_the_name_of_who_queued_it)
        except Exception:
            # The failure is kept with the job; the worker goes on with the next one.
            log.exception("job %s (%s) failed", task.job_id, task.kind)
        return True
