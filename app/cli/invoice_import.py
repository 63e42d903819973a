"""nguon import invoices: XML files at once, folders and ZIPs as work that can be killed.

A folder or ZIP becomes a job that this command does itself. If it is killed, the same command
goes on where it stopped; a worker of the service does too, once the lease has ended.
"""

import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from rich.progress import Progress
from sqlmodel import col, select

from app.cli.shared import OPERATOR, console, errors, terminal
from app.i18n import N_
from app.wording.errors import sentence
from app.wording.refused import refused_csv
from traceability import jobs
from traceability.db import Database
from traceability.invoices.errors import InvoiceError
from traceability.invoices.importing import KIND, import_job, queue_path, refused_files
from traceability.invoices.service import import_files
from traceability.invoices.sources import Folder, zips_in
from traceability.jobs import Job, JobStatus, Task

_POLL_S = 0.2


def import_invoices(database: Database, paths: list[Path], refused_list: Path | None) -> int:
    """Import files, ZIPs and folders; how many files were refused."""
    jobs_done, refused = [], 0
    with Progress(console=errors, transient=True) as bar:
        for path in _apart(paths):
            if path.is_dir() or path.suffix.lower() == ".zip":
                try:
                    job = _do(database, path, bar)
                except InvoiceError as error:
                    errors.print(f"{path.name} {sentence(terminal(), error.code, error.arguments)}")
                    refused += 1
                    continue
                jobs_done.append(job.id or 0)
                refused += _tell(database, path, job)
            else:
                refused += _import_file(database, path)
    if refused_list is not None:
        _write(database, jobs_done, refused_list)
    return refused


def _apart(paths: list[Path]) -> Iterator[Path]:
    """The paths, and the ZIPs within folders as imports of their own."""
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        if Folder(path).total:
            yield path
        yield from zips_in(path)


def _do(database: Database, path: Path, bar: Progress) -> Job:
    """Do the job of a path to its end; what is on the screen follows the database."""
    task = _task(database, path)
    shown = bar.add_task(path.name, total=None)
    work = threading.Thread(target=_run, args=(task,), daemon=True)
    work.start()
    while work.is_alive():
        work.join(_POLL_S)
        with database.reading() as session:
            job = session.get_one(Job, task.job_id)
        bar.update(shown, completed=job.done, total=job.total or None)
    with database.reading() as session:
        return session.get_one(Job, task.job_id)


def _run(task: Task) -> None:
    with suppress(InvoiceError):  # kept with the job, and told when it has ended
        jobs.run(task, import_job)


def _task(database: Database, path: Path) -> Task:
    """The job of this path that was killed, or a new one."""
    with database.writing() as session:
        before = _unfinished(database, path)
        if before is None:
            return jobs.start(database, queue_path(session, OPERATOR, path))
    task = jobs.take_over(database, before)
    if task is None:  # it has just come to its end
        return _task(database, path)
    text = N_("{file}: going on where the import stopped")
    errors.print(terminal().text(text, file=path.name))
    return task


def _unfinished(database: Database, path: Path) -> int | None:
    wanted = select(Job).where(
        Job.kind == KIND, col(Job.status).in_([JobStatus.QUEUED, JobStatus.RUNNING])
    )
    with database.reading() as session:
        for job in session.exec(wanted.order_by(col(Job.id))):
            if job.payload.get("path") == str(path.resolve()):
                return job.id
    return None


def _tell(database: Database, path: Path, job: Job) -> int:
    """Print what came of a job; how many files it refused."""
    translate, counts = terminal(), job.result or {}
    for each in refused_files(database, job.id or 0):
        errors.print(f"{each['file']} {sentence(translate, each['code'], each['arguments'])}")
    _print_counts(
        path, counts.get("imported", 0), counts.get("duplicates", 0), counts.get("refused", 0)
    )
    failed = 0
    if job.status != JobStatus.DONE:
        failed = 1
        errors.print(f"{path.name} {sentence(translate, job.error or 'jobs.unknown', {})}")
    return int(counts.get("refused", 0)) + failed


def _print_counts(path: Path, imported: int, duplicates: int, refused: int) -> None:
    text = terminal().text(
        N_("{file}: {imported} imported, {duplicates} known already, {rejected} refused"),
        file=path.name, imported=imported, duplicates=duplicates, rejected=refused,
    )  # fmt: skip
    console.print(text)


def _import_file(database: Database, file: Path) -> int:
    with database.writing() as session:
        result = import_files(session, OPERATOR, [(file.name, file.read_bytes())])
    for rejected in result.rejected:
        errors.print(f"{rejected.file} {sentence(terminal(), rejected.code, rejected.arguments)}")
    _print_counts(file, len(result.imported), len(result.duplicates), len(result.rejected))
    return len(result.rejected)


def _write(database: Database, job_ids: list[int], target: Path) -> None:
    files = (each for job_id in job_ids for each in refused_files(database, job_id))
    with target.open("wb") as file:
        file.writelines(refused_csv(terminal(), files))
