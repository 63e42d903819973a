"""Queued work: rows written in the transaction that made the work needed.

A worker takes a due job with SKIP LOCKED (on SQLite its IMMEDIATE transaction serves), holds it
by a lease and reports progress. A worker that dies loses the lease, and the job is taken again:
handlers must stand being run twice. What a long job makes it keeps part by part, so that the next
worker goes on where the last one stopped; who asked for it may cancel it between two parts.

A small input is the job's `blob`, a large one is stored in pieces (`add_input`, `Task.input`).
"""

import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, BinaryIO

import sqlalchemy as sa
from sqlalchemy.exc import OperationalError
from sqlmodel import Field, Session, SQLModel, col, select

from traceability.actor import Actor, Role
from traceability.clock import now
from traceability.db import BigId, Database, UtcDateTime

LEASE = timedelta(minutes=5)
MAX_ATTEMPTS = 10
"""How often a job is taken without anything of it being kept before it is given up.

Each of these attempts is held twice as long as the one before, so that it takes three days: a
service that is killed for other reasons, again and again, must not make it lose what it accepted.
"""
PIECE_BYTES = 1 << 20
_SEE_EVERY_JOB = frozenset({Role.ADMIN, Role.SUPERVISOR})


class JobStatus(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


_UNFINISHED = (JobStatus.QUEUED, JobStatus.RUNNING)


class JobLostError(Exception):
    """The job was cancelled, or another worker has it: stop, and write nothing more of it."""


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
    """How often it was taken; tells the worker that holds it from those before."""
    stalled: int = 0
    """How often it was taken since something of it was kept last."""
    run_after: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    """Not before this time; while running, when the lease ends."""
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    finished_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    done: int = 0
    total: int = 0
    result: dict[str, Any] | None = Field(default=None, sa_type=sa.JSON)
    error: str | None = Field(default=None, max_length=120)


class JobInput(SQLModel, table=True):
    """A piece of a large input, dropped when the job is finished."""

    __tablename__ = "job_input"

    job_id: int = Field(primary_key=True, foreign_key="job.id", sa_type=BigId)
    number: int = Field(primary_key=True)
    """From 0; a file begins with a piece of its own, and all but its last are full."""
    content: bytes = Field(sa_type=sa.LargeBinary)


class JobPart(SQLModel, table=True):
    """A piece of what a job makes, in the transaction that says how far the job is."""

    __tablename__ = "job_part"

    job_id: int = Field(primary_key=True, foreign_key="job.id", sa_type=BigId)
    number: int = Field(primary_key=True)
    """From 1, without gaps."""
    done: int
    """Of the job's `total`, with this part and those before it."""
    mark: int = Field(default=0, sa_type=BigId)
    """Where the next part begins: of use to the handler alone."""
    content: bytes = Field(sa_type=sa.LargeBinary)


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


def add_input(session: Session, job: Job, file: BinaryIO, first: int = 0) -> tuple[int, int]:
    """Store a file in pieces; its size in bytes and the number of the piece after its last.

    Args:
        session: the writing session in which the job was queued.
        job: whose input it is.
        file: read from where it stands to its end.
        first: number of the first piece.
    """
    size, number = 0, first
    while piece := file.read(PIECE_BYTES):
        session.execute(sa.insert(JobInput), {"job_id": job.id, "number": number, "content": piece})
        size, number = size + len(piece), number + 1
    return size, number


class _InputFile(io.RawIOBase):
    """A stored input, read piece by piece."""

    def __init__(self, database: Database, job_id: int, first: int, size: int) -> None:
        self._database, self._job_id = database, job_id
        self._first, self._size, self._at = first, size, 0
        self._number, self._piece = -1, b""

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = base + offset
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: Any) -> int:
        if self._at >= self._size:
            return 0
        number, offset = divmod(self._at, PIECE_BYTES)
        piece = self._load(number)[offset : offset + len(buffer)]
        buffer[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)

    def _load(self, number: int) -> bytes:
        if number != self._number:
            with self._database.reading() as session:
                row = session.get(JobInput, (self._job_id, self._first + number))
            if row is None:  # the job was cancelled, which drops its input
                raise JobLostError
            self._number, self._piece = number, row.content
        return self._piece


def record_done(
    session: Session,
    kind: str,
    payload: Mapping[str, Any],
    result: Mapping[str, Any],
    *,
    party_id: int | None = None,
) -> Job:
    """Work that was done at once, kept as a job so that its result can be looked at later."""
    job = enqueue(session, kind, payload, party_id=party_id)
    job.status, job.finished_at, job.result = JobStatus.DONE, now(), dict(result)
    job.done = job.total = 1
    session.flush()
    return job


def readable_job(session: Session, actor: Actor, job_id: int) -> Job | None:
    """A job of the actor's organisation; administrators and supervisors see every one."""
    job = session.get(Job, job_id)
    if job is None or not (actor.role in _SEE_EVERY_JOB or actor.owns(job.party_id)):
        return None
    return job


def cancel(session: Session, actor: Actor, job_id: int) -> Job | None:
    """Stop a job that is not finished, and drop what it has made; None where nobody may see it.

    What it has counted so far stays to be seen. A job that is done, failed or cancelled already
    stays as it is.
    """
    job = readable_job(session, actor, job_id)
    if job is not None and job.status in _UNFINISHED:
        _finish(session, job, JobStatus.CANCELLED, result=job.result)
        session.execute(sa.delete(JobPart).where(col(JobPart.job_id) == job_id))
        session.flush()
    return job


def parts_of(database: Database, job_id: int) -> Iterator[bytes]:
    """The parts of a job in order, one in memory at a time."""
    number = 1
    while True:
        with database.reading() as session:
            part = session.get(JobPart, (job_id, number))
        if part is None:
            return
        yield part.content
        number += 1


def next_part(session: Session, job_id: int) -> int:
    """The number of the part after the last."""
    last = sa.select(sa.func.max(JobPart.number)).where(col(JobPart.job_id) == job_id)
    return (session.execute(last).scalar() or 0) + 1


def unfinished(session: Session, kind: str, party_id: int | None) -> int:
    """How many jobs of a kind an organisation has waiting or at work."""
    wanted = sa.select(sa.func.count()).where(
        col(Job.kind) == kind, col(Job.party_id) == party_id, col(Job.status).in_(_UNFINISHED)
    )
    return int(session.execute(wanted).scalar_one())


def has_parts(session: Session, job_id: int) -> bool:
    """Whether what the job made is still kept."""
    found = sa.exists().where(col(JobPart.job_id) == job_id)
    return bool(session.execute(sa.select(found)).scalar())


def forget_parts(session: Session, before: datetime) -> None:
    """Drop what jobs made that were finished before a time; the jobs themselves stay."""
    old = sa.select(col(Job.id)).where(col(Job.finished_at) < before)
    session.execute(sa.delete(JobPart).where(col(JobPart.job_id).in_(old)))


@dataclass(frozen=True, slots=True)
class Task:
    """What a handler gets: the job's input and a way to tell how far it is."""

    database: Database
    job_id: int
    kind: str
    party_id: int | None
    payload: Mapping[str, Any]
    blob: bytes | None
    attempt: int = 1
    """How often the job was taken, this time included."""

    def progress(self, done: int, total: int) -> None:
        """Tell how far it is and renew the lease, in a transaction of its own.

        Raises:
            JobLostError: the job is no longer this worker's.
        """
        with self.database.writing() as session:
            self._advance(session, done=done, total=total)

    def input(self, first: int, size: int) -> BinaryIO:
        """A file that `add_input` has stored, to be read and sought like one on disk.

        Reading raises JobLostError once the job is finished, because its input is then dropped.

        Args:
            first: number of its first piece.
            size: in bytes.
        """
        return io.BufferedReader(_InputFile(self.database, self.job_id, first, size), 1 << 16)

    def keep(self, number: int, content: bytes, *, done: int, total: int, mark: int = 0) -> None:
        """Keep a part, tell how far it is and renew the lease, in one transaction.

        Raises:
            JobLostError: the job is no longer this worker's; the part is not kept.
        """
        with self.database.writing() as session:
            self.advance(session, done=done, total=total)
            session.add(
                JobPart(job_id=self.job_id, number=number, done=done, mark=mark, content=content)
            )

    def advance(self, session: Session, **values: Any) -> None:
        """Set columns of the job in the transaction that keeps a part of its work.

        It renews the lease, and the attempts so far no longer count against the job.

        Raises:
            JobLostError: the job is no longer this worker's.
        """
        self._advance(session, stalled=0, **values)

    def last_part(self) -> tuple[int, int, int]:
        """Number, `done` and `mark` of the last part that is kept; zeros before the first."""
        wanted = sa.select(col(JobPart.number), col(JobPart.done), col(JobPart.mark))
        with self.database.reading() as session:
            row = session.execute(
                wanted.where(col(JobPart.job_id) == self.job_id)
                .order_by(col(JobPart.number).desc())
                .limit(1)
            ).first()
        return (row[0], row[1], row[2]) if row else (0, 0, 0)

    def _advance(self, session: Session, **values: Any) -> None:
        changed = session.execute(
            sa.update(Job)
            .where(
                col(Job.id) == self.job_id,
                col(Job.status) == JobStatus.RUNNING,
                col(Job.attempts) == self.attempt,
            )
            .values(**values, run_after=now() + LEASE)
        )
        if not changed.rowcount:  # type: ignore[attr-defined]
            raise JobLostError


Handler = Callable[[Task], Mapping[str, Any]]
"""Does the work in its own transactions; what it returns is kept as the job's result."""


def take(database: Database, kinds: tuple[str, ...]) -> Task | None:
    """Take the oldest due job of these kinds, or None."""
    return _take(database, col(Job.kind).in_(kinds), col(Job.run_after) <= now())


def take_over(database: Database, job_id: int) -> Task | None:
    """Take this job whoever holds it, or None when it is finished.

    Another worker that still does it ends at its next part, of which nothing is kept: for a
    person who knows that the one before was killed, and does not wait for its lease to end.
    """
    return _take(database, col(Job.id) == job_id)


def _take(database: Database, *conditions: Any) -> Task | None:
    with database.writing() as session:
        job = session.exec(
            select(Job)
            .where(col(Job.status).in_(_UNFINISHED), *conditions)
            .order_by(col(Job.id))
            .limit(1)
            .with_for_update(skip_locked=True)
        ).first()
        if job is None or job.id is None:
            return None
        if job.stalled >= MAX_ATTEMPTS:
            error = "jobs.too-many-attempts"
            _finish(session, job, JobStatus.FAILED, result=job.result, error=error)
            return None
        return start(database, job)


def start(database: Database, job: Job) -> Task:
    """Take a job in the caller's transaction, so that no other worker does."""
    job.status, job.run_after = JobStatus.RUNNING, now() + LEASE * 2**job.stalled
    job.attempts, job.stalled = job.attempts + 1, job.stalled + 1
    return Task(database, job.id or 0, job.kind, job.party_id, job.payload, job.blob, job.attempts)


def run(task: Task, handler: Handler) -> None:
    """Run one taken job and keep its result; an exception is kept as a failure and raised.

    Not that of a database which is away or busy: it says nothing of the job, which is taken again
    when its lease has ended.
    """
    try:
        result = handler(task)
    except JobLostError:
        return
    except OperationalError:
        raise
    except Exception as error:
        _settle(task, JobStatus.FAILED, error=getattr(error, "code", type(error).__name__))
        raise
    _settle(task, JobStatus.DONE, result=dict(result))


def _settle(
    task: Task, status: JobStatus, result: Mapping[str, Any] | None = None, error: str | None = None
) -> None:
    with task.database.writing() as session:
        job = session.get(Job, task.job_id)
        if job is not None and (job.status, job.attempts) == (JobStatus.RUNNING, task.attempt):
            _finish(session, job, status, result or job.result, error)


def _finish(
    session: Session,
    job: Job,
    status: JobStatus,
    result: Mapping[str, Any] | None = None,
    error: str | None = None,
) -> None:
    job.status, job.finished_at, job.blob = status, now(), None
    job.result, job.error = None if result is None else dict(result), error
    session.execute(sa.delete(JobInput).where(col(JobInput.job_id) == job.id))
