"""Queued work: rows written in the transaction that made the work needed.

A worker takes a due job with SKIP LOCKED (on SQLite its IMMEDIATE transaction serves), holds it
by a lease and reports progress. A worker that dies loses the lease, and the job is taken again:
handlers must stand being run twice.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, Session, SQLModel, col, select

from traceability.actor import Actor, Role
from traceability.clock import now
from traceability.db import BigId, Database, UtcDateTime

LEASE = timedelta(minutes=5)
MAX_ATTEMPTS = 3
_SEE_EVERY_JOB = frozenset({Role.ADMIN, Role.SUPERVISOR})


class JobStatus(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Job(SQLModel, table=True):
    __tablename__ = "job"
    __table_args__ = (sa.Index("ix_job_due", "status", "run_after"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    kind: str = Field(max_length=60)
    party_id: int | None = Field(default=None, sa_type=BigId, index=True)
    """Whose job it is; None for the installation's own."""
    payload: dict[str, Any] = Field(default_factory=dict, sa_type=sa.JSON)
    blob: bytes | None = Field(default=None, sa_type=sa.LargeBinary)
    """The file to work on, dropped when the job is done."""
    status: str = Field(default=JobStatus.QUEUED, max_length=10)
    attempts: int = 0
    run_after: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    """Not before this time; while running, when the lease ends."""
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    finished_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    done: int = 0
    total: int = 0
    result: dict[str, Any] | None = Field(default=None, sa_type=sa.JSON)
    error: str | None = Field(default=None, max_length=120)


def enqueue(
    session: Session,
    kind: str,
    payload: Mapping[str, Any],
    *,
    blob: bytes | None = None,
    party_id: int | None = None,
) -> Job:
    """Queue work in the caller's transaction."""
    job = Job(kind=kind, payload=dict(payload), blob=blob, party_id=party_id)
    session.add(job)
    session.flush()
    return job


def readable_job(session: Session, actor: Actor, job_id: int) -> Job | None:
    """A job of the actor's organisation; administrators and supervisors see every one."""
    job = session.get(Job, job_id)
    if job is None or not (actor.role in _SEE_EVERY_JOB or actor.owns(job.party_id)):
        return None
    return job


@dataclass(frozen=True, slots=True)
class Task:
    """What a handler gets: the job's input and a way to tell how far it is."""

    database: Database
    job_id: int
    kind: str
    party_id: int | None
    payload: Mapping[str, Any]
    blob: bytes | None

    def progress(self, done: int, total: int) -> None:
        """Tell how far it is and renew the lease, in a transaction of its own."""
        with self.database.writing() as session:
            session.execute(
                sa.update(Job)
                .where(col(Job.id) == self.job_id)
                .values(done=done, total=total, run_after=now() + LEASE)
            )


Handler = Callable[[Task], Mapping[str, Any]]
"""Does the work in its own transactions; what it returns is kept as the job's result."""


def take(database: Database, kinds: tuple[str, ...]) -> Task | None:
    """Take the oldest due job of these kinds, or None."""
    with database.writing() as session:
        job = session.exec(
            select(Job)
            .where(
                col(Job.kind).in_(kinds),
                col(Job.status).in_([JobStatus.QUEUED, JobStatus.RUNNING]),
                col(Job.run_after) <= now(),
            )
            .order_by(col(Job.id))
            .limit(1)
            .with_for_update(skip_locked=True)
        ).first()
        if job is None or job.id is None:
            return None
        if job.attempts >= MAX_ATTEMPTS:
            _finish(job, JobStatus.FAILED, error="jobs.too-many-attempts")
            return None
        job.status, job.attempts, job.run_after = JobStatus.RUNNING, job.attempts + 1, now() + LEASE
        return Task(database, job.id, job.kind, job.party_id, job.payload, job.blob)


def run(task: Task, handler: Handler) -> None:
    """Run one taken job and keep its result; an exception is kept as a failure and raised."""
    try:
        result = handler(task)
    except Exception as error:
        _settle(task, JobStatus.FAILED, error=getattr(error, "code", type(error).__name__))
        raise
    _settle(task, JobStatus.DONE, result=dict(result))


def _settle(task: Task, status: JobStatus, **values: Any) -> None:
    with task.database.writing() as session:
        job = session.get(Job, task.job_id)
        if job is not None:
            _finish(job, status, **values)


def _finish(job: Job, status: JobStatus, **values: Any) -> None:
    job.status, job.finished_at, job.blob = status, now(), None
    job.result, job.error = values.get("result"), values.get("error")
