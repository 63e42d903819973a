"""Large uploads as queued work: a ZIP is taken in by batches, with progress.

How far it is, and what came of it so far, is stored in the transaction that stores the batch. A
worker that is killed and a job that is taken twice therefore lose nothing and count nothing
twice.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from itertools import islice
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from traceability import jobs
from traceability.actor import Actor
from traceability.clock import now
from traceability.errors import ConflictError
from traceability.invoices.archive import Archive, Member, is_archive
from traceability.invoices.intake import Rejected, import_files
from traceability.jobs import Job, Task

KIND = "invoices.import"
BATCH = 200
MAX_REJECTED = 1000
"""Refused files listed in the result; the rest is counted."""


def queue_import(session: Session, actor: Actor, file_name: str, content: bytes) -> Job:
    """Queue a ZIP or an XML file, in the caller's transaction.

    Raises:
        InvoiceError: `invoices.zip`, `invoices.zip-too-large` for a ZIP that cannot be taken in.
    """
    if is_archive(content):
        Archive(content)
    return jobs.enqueue(
        session,
        KIND,
        {"actor": asdict(actor), "file_name": file_name},
        blob=content,
        party_id=actor.party_id,
    )


def import_job(task: Task) -> Mapping[str, Any]:
    """Take in what is left of the job's file; returns the counts and the refused files."""
    actor = Actor.of_dict(task.payload["actor"])
    done, result = _state(task)
    total, members = _members(task, done)
    while batch := list(islice(members, BATCH)):
        result = _take_in(task, actor, batch, done, total, result)
        done += len(batch)
    return result


def _state(task: Task) -> tuple[int, dict[str, Any]]:
    with task.database.reading() as session:
        job = session.get_one(Job, task.job_id)
        fresh = {"imported": 0, "duplicates": 0, "conflicts": 0, "refused": 0, "rejected": []}
        return job.done, dict(job.result or fresh)


def _members(task: Task, start: int) -> tuple[int, Iterator[Member]]:
    content = task.blob or b""
    if is_archive(content):
        archive = Archive(content)
        return len(archive), archive.members(start)
    return 1, iter([Member(task.payload["file_name"], content)][start:])


def _take_in(
    task: Task,
    actor: Actor,
    batch: list[Member],
    done: int,
    total: int,
    so_far: Mapping[str, Any],
) -> dict[str, Any]:
    """Store one batch and how far the job is, in one transaction."""
    with task.database.writing() as session:
        readable = [(member.name, member.content) for member in batch if member.error is None]
        found = import_files(session, actor, readable)
        unreadable = [
            Rejected(member.name, member.error.code, member.error.arguments)
            for member in batch
            if member.error is not None
        ]
        rejected = [
            {"file": r.file, "code": r.code, "arguments": dict(r.arguments)}
            for r in [*unreadable, *found.rejected]
        ]
        conflicts = sum(not duplicate.same_content for duplicate in found.duplicates)
        result = {
            "imported": so_far["imported"] + len(found.imported),
            "duplicates": so_far["duplicates"] + len(found.duplicates),
            "conflicts": so_far["conflicts"] + conflicts,
            "refused": so_far["refused"] + len(rejected),
            "rejected": [*so_far["rejected"], *rejected][:MAX_REJECTED],
        }
        _keep_state(session, task.job_id, done, done + len(batch), total, result)
        return result


def _keep_state(
    session: Session, job_id: int, before: int, after: int, total: int, result: dict[str, Any]
) -> None:
    """Raises ConflictError when another worker, to whom the lease fell, is further."""
    kept = session.execute(
        sa.update(Job)
        .where(col(Job.id) == job_id, col(Job.done) == before)
        .values(done=after, total=total, result=result, run_after=now() + jobs.LEASE)
        .returning(col(Job.id))
    )
    if kept.first() is None:
        raise ConflictError("jobs.taken-over")
