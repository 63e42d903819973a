"""An import whose worker is really killed, several times, and two uploads at the same moment."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

from sqlmodel import col, select

from tests.traceability.invoices.conftest import ADMIN
from tests.traceability.invoices.files import invoice, zipped_as
from traceability import jobs
from traceability.db import Database
from traceability.invoices import service
from traceability.invoices.importing import KIND, queue_path, refused_files
from traceability.invoices.models import Invoice, InvoiceDocument, InvoiceLine
from traceability.jobs import Job, JobStatus

FILES, BAD = 400, 7
_WORKER = """
import sys
from traceability import jobs
from traceability.db import Database
from traceability.invoices import importing

importing.BATCH = 5
database = Database(sys.argv[1])
task = jobs.take_over(database, int(sys.argv[2]))
jobs.run(task, importing.import_job)
"""


def start_worker(database: Database, job_id: int) -> subprocess.Popen[bytes]:
    address = database.url.render_as_string(hide_password=False)
    root = Path(__file__).parents[3]
    return subprocess.Popen(
        [sys.executable, "-c", _WORKER, address, str(job_id)],
        env={**os.environ, "PYTHONPATH": str(root)},
    )


def state(database: Database, job_id: int) -> Job:
    with database.reading() as session:
        return session.get_one(Job, job_id)


def kill_once_it_has_got_further(
    worker: subprocess.Popen[bytes], database: Database, job_id: int, done: int
) -> None:
    deadline = time.monotonic() + 60
    while state(database, job_id).done <= done:
        assert worker.poll() is None, "the worker ended by itself"
        assert time.monotonic() < deadline, "the worker does not get on"
        time.sleep(random.uniform(0.01, 0.05))
    worker.send_signal(signal.SIGKILL)
    assert worker.wait() == -signal.SIGKILL


def test_an_import_that_is_killed_again_and_again_loses_nothing_and_doubles_nothing(
    database: Database, tmp_path: Path
) -> None:
    files = {f"{n:04}.xml": invoice(n) for n in range(1, FILES + 1)}
    files |= {f"bad{n}.xml": b"no XML" for n in range(BAD)}
    (tmp_path / "all.zip").write_bytes(zipped_as(files))
    with database.writing() as session:
        job_id = queue_path(session, ADMIN, tmp_path / "all.zip").id or 0
    done = 0
    for _ in range(4):
        worker = start_worker(database, job_id)
        kill_once_it_has_got_further(worker, database, job_id, done)
        done = state(database, job_id).done
    assert 0 < done < FILES
    assert start_worker(database, job_id).wait() == 0
    job = state(database, job_id)
    assert (job.status, job.done) == (JobStatus.DONE, FILES + BAD)
    counts = {name: (job.result or {})[name] for name in ("imported", "duplicates", "refused")}
    assert counts == {"imported": FILES, "duplicates": 0, "refused": BAD}
    assert len(list(refused_files(database, job_id))) == BAD
    with database.reading() as session:
        assert sorted(session.exec(select(Invoice.number))) == list(range(1, FILES + 1))
        assert len(session.exec(select(InvoiceDocument.id)).all()) == FILES
        lines = Counter(session.exec(select(InvoiceLine.invoice_id)))
    assert set(lines.values()) == {1}


def test_two_uploads_of_the_same_invoices_at_the_same_moment_make_one_row_of_each(
    database: Database,
) -> None:
    files = [(f"{n}.xml", invoice(n)) for n in range(1, 31)]
    together, found = threading.Barrier(2), []

    def upload() -> None:
        together.wait()
        with database.writing() as session:
            result = service.import_files(session, ADMIN, files)
        found.append((len(result.imported), len(result.duplicates)))

    threads = [threading.Thread(target=upload) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [(0, 30), (30, 0)]
    with database.reading() as session:
        assert sorted(session.exec(select(Invoice.number))) == list(range(1, 31))


def test_two_jobs_with_the_same_invoices_at_the_same_moment_make_one_row_of_each(
    database: Database, tmp_path: Path
) -> None:
    archive = zipped_as({f"{n:04}.xml": invoice(n) for n in range(1, 61)})
    numbers = []
    for name in ("a.zip", "b.zip"):
        (tmp_path / name).write_bytes(archive)
        with database.writing() as session:
            numbers.append(queue_path(session, ADMIN, tmp_path / name).id or 0)
    workers = [start_worker(database, number) for number in numbers]
    assert [worker.wait() for worker in workers] == [0, 0]
    results = [state(database, number).result or {} for number in numbers]
    assert sum(result["imported"] for result in results) == 60
    assert sum(result["duplicates"] for result in results) == 60
    with database.reading() as session:
        stored = select(Invoice.number).order_by(col(Invoice.number))
        assert list(session.exec(stored)) == list(range(1, 61))
    assert jobs.take(database, (KIND,)) is None
