"""The import of a table as queued work, for files that take longer than a request should.

The job is queued in the request's transaction with the file as its blob. The rows and the result
are written in one transaction: a job that is taken again after its worker died finds the result
and does nothing twice.
"""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from sqlmodel import Session

from traceability import jobs
from traceability.actor import Actor
from traceability.jobs import Job, Task
from traceability.registry.access import require_writer
from traceability.registry.columns import Table
from traceability.registry.importing import ImportMode, prepare, settle

KIND = "registry.import"


def enqueue_import(
    session: Session,
    actor: Actor,
    kind: Table,
    data: bytes,
    file_name: str,
    *,
    mode: ImportMode = ImportMode.ALL_OR_NOTHING,
    dry_run: bool = False,
) -> Job:
    """Queue the import of a file.

    Raises:
        ForbiddenError: `registry.role-may-not-write` (role).
    """
    require_writer(actor)
    payload = {
        "kind": kind.value,
        "file_name": file_name[:200],
        "mode": mode.value,
        "dry_run": dry_run,
        "actor": asdict(actor),
    }
    return jobs.enqueue(session, KIND, payload, blob=data, party_id=actor.party_id)


def handle(task: Task) -> Mapping[str, Any]:
    """Do the work of one job; the handler of `registry.import`.

    Raises:
        InvalidError: of the field `file`, as `importing.import_table`.
    """
    payload = task.payload
    actor = Actor.of_dict(payload["actor"])
    with task.database.reading() as session:
        job = session.get(Job, task.job_id)
        if job is not None and job.result is not None:
            return job.result
    prepared = prepare(
        actor, Table(payload["kind"]), task.blob or b"", payload["file_name"],
        progress=task.progress,
    )  # fmt: skip
    with task.database.writing() as session:
        mode, dry_run = ImportMode(payload["mode"]), bool(payload["dry_run"])
        result = settle(session, actor, prepared, mode=mode, dry_run=dry_run).as_json()
        job = session.get(Job, task.job_id)
        if job is not None:
            job.result = result
    return result
