"""Large imports as queued work: taken in batch by batch, with progress.

How far a job is, what came of it so far and each refused file are stored in the transaction that
stores the batch. A worker that is killed and a job that is taken twice therefore lose nothing and
count nothing twice. Files are read and checked before that transaction begins, so that a scan
at the counter never waits for them.

The job's input is an upload, stored with it (`queue_uploads`), or a path of this machine, which
only the command line may name (`queue_path`).
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, BinaryIO

from sqlmodel import Session

from traceability import jobs
from traceability.actor import Actor
from traceability.db import Database
from traceability.invoices.intake import BATCH_BYTES, read_files, store_files
from traceability.invoices.intake_results import Rejected
from traceability.invoices.sources import Folder, Marked, Source, Uploads, ZipOnDisk
from traceability.jobs import Job, JobPart, Task

KIND = "invoices.import"
BATCH = 200
MAX_REJECTED = 1000
"""Refused files that the result names; every one is in `refused_files`."""
_NOTHING_YET: Mapping[str, Any] = {
    "imported": 0, "duplicates": 0, "conflicts": 0, "refused": 0, "rejected": [],
}  # fmt: skip


def queue_uploads(session: Session, actor: Actor, files: Sequence[tuple[str, BinaryIO]]) -> Job:
    """Queue ZIPs and XML files, in the caller's transaction; they are stored piece by piece.

    Raises:
        InvoiceError: `invoices.zip`, `invoices.zip-too-large` for a single ZIP that cannot be
            taken in.
    """
    total = Uploads(files).total
    payload: dict[str, Any] = {"actor": asdict(actor), "file_name": _title(files)}
    job = jobs.enqueue(session, KIND, payload, party_id=actor.party_id)
    stored, first = [], 0
    for name, file in files:
        file.seek(0)
        size, after = jobs.add_input(session, job, file, first)
        stored.append({"name": name[-255:], "first": first, "size": size})
        first = after
    job.payload, job.total = {**payload, "files": stored}, total
    session.flush()
    return job


def _title(files: Sequence[tuple[str, BinaryIO]]) -> str:
    more = f" +{len(files) - 1}" if len(files) > 1 else ""
    return f"{files[0][0][-200:]}{more}"


def queue_path(session: Session, actor: Actor, path: Path) -> Job:
    """Queue a folder or a ZIP of this machine.

    Raises:
        InvoiceError: as `queue_uploads`, and `invoices.unreadable` (reason).
    """
    path = path.resolve()
    payload: dict[str, Any] = {
        "actor": asdict(actor), "file_name": path.name[-200:], "path": str(path), "state": "",
    }  # fmt: skip
    if not path.is_dir():
        opened = ZipOnDisk(path)
        payload["state"] = opened.state
        opened.close()
    return jobs.enqueue(session, KIND, payload, party_id=actor.party_id)


def import_job(task: Task) -> Mapping[str, Any]:
    """Take in what is left of the job's files; returns the counts and the first refused files."""
    source = _open(task)
    try:
        return _take_in_rest(task, source)
    finally:
        source.close()


def _open(task: Task) -> Source:
    payload = task.payload
    if "path" in payload:
        path = Path(payload["path"])
        return Folder(path) if path.is_dir() else ZipOnDisk(path, payload["state"])
    files = [(each["name"], task.input(each["first"], each["size"])) for each in payload["files"]]
    return Uploads(files)


def _take_in_rest(task: Task, source: Source) -> dict[str, Any]:
    with task.database.reading() as session:
        job = session.get_one(Job, task.job_id)
        done, mark = job.done, str(job.payload.get("mark", ""))
        result = dict(job.result or _NOTHING_YET)
    for batch in _batches(source.after(mark)):
        done += len(batch)
        result = _take_in(task, source, batch, done, result)
    return result


def _batches(files: Iterator[Marked]) -> Iterator[list[Marked]]:
    """Parts of at most `BATCH` files, and about as many bytes as are read at once elsewhere."""
    batch: list[Marked] = []
    size = 0
    for found in files:
        batch.append(found)
        size += len(found.member.content)
        if len(batch) >= BATCH or size >= BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _take_in(
    task: Task, source: Source, batch: list[Marked], done: int, so_far: Mapping[str, Any]
) -> dict[str, Any]:
    """Store one batch and how far the job is, in one transaction."""
    actor = Actor.of_dict(task.payload["actor"])
    members = [found.member for found in batch]
    good = [(member.name, member.content) for member in members if member.error is None]
    with task.database.reading() as session:
        read = read_files(session, actor, good)
    source.check()
    refused = [
        Rejected(member.name, member.error.code, member.error.arguments)
        for member in members
        if member.error is not None
    ]
    with task.database.writing() as session:
        # First of all: a worker that has lost the job writes nothing of the batch.
        task.advance(session, done=done, total=max(source.total, done))
        found = store_files(session, actor, read)
        rejected = [
            {"file": each.file, "code": each.code, "arguments": dict(each.arguments)}
            for each in [*refused, *found.rejected]
        ]
        conflicts = sum(not duplicate.same_content for duplicate in found.duplicates)
        result = {
            "imported": so_far["imported"] + len(found.imported),
            "duplicates": so_far["duplicates"] + len(found.duplicates),
            "conflicts": so_far["conflicts"] + conflicts,
            "refused": so_far["refused"] + len(rejected),
            "rejected": [*so_far["rejected"], *rejected][:MAX_REJECTED],
        }
        payload = {**task.payload, "mark": batch[-1].mark}
        task.advance(session, payload=payload, result=result)
        _keep_refused(session, task, done, rejected)
    return result


def _keep_refused(
    session: Session, task: Task, done: int, rejected: Sequence[Mapping[str, Any]]
) -> None:
    if rejected:
        number = jobs.next_part(session, task.job_id)
        content = json.dumps(rejected, ensure_ascii=False).encode()
        session.add(JobPart(job_id=task.job_id, number=number, done=done, content=content))


def refused_files(database: Database, job_id: int) -> Iterator[Mapping[str, Any]]:
    """Every file that a job refused: `file`, `code`, `arguments`, in the order of the import.

    They are kept as long as the parts of finished jobs are; a batch of them is in memory at once.
    """
    for part in jobs.parts_of(database, job_id):
        yield from json.loads(part)
