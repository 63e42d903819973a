import pytest
from sqlmodel import func, select

from tests.traceability.registry.makers import a_party, gtin, member
from traceability import jobs
from traceability.actor import Actor, Role
from traceability.db import Database
from traceability.errors import ForbiddenError, InvalidError
from traceability.jobs import Job, JobStatus
from traceability.registry import import_job
from traceability.registry.columns import Table
from traceability.registry.models import Product


def _queued(database: Database, data: bytes) -> Actor:
    with database.writing() as session:
        actor = member(a_party(session))
        import_job.enqueue_import(session, actor, Table.PRODUCTS, data, "table.csv")
    return actor


def _products(database: Database) -> int:
    with database.reading() as session:
        return session.exec(select(func.count(Product.id))).one()


def _job(database: Database) -> Job:
    with database.reading() as session:
        return session.exec(select(Job)).one()


def test_a_queued_table_is_imported_and_its_result_kept(database: Database) -> None:
    actor = _queued(database, f"gtin,name\n{gtin(1)},Trà\n".encode())
    task = jobs.take(database, (import_job.KIND,))
    assert task is not None
    jobs.run(task, import_job.handle)
    job = _job(database)
    assert (job.status, job.party_id, job.blob) == (JobStatus.DONE, actor.party_id, None)
    assert job.result is not None
    assert (job.result["imported"], job.result["errors"]) == (1, [])
    assert _products(database) == 1


def test_a_job_that_is_run_twice_imports_once_and_tells_the_same(database: Database) -> None:
    _queued(database, f"gtin,name\n{gtin(1)},Trà\n".encode())
    task = jobs.take(database, (import_job.KIND,))
    assert task is not None
    first = import_job.handle(task)
    assert import_job.handle(task) == first
    assert first["imported"] == 1
    assert _products(database) == 1


def test_progress_of_a_long_table_is_seen_while_it_is_read(database: Database) -> None:
    rows = "".join(f"{gtin(number)},Trà\n" for number in range(2500))
    _queued(database, f"gtin,name\n{rows}".encode())
    task = jobs.take(database, (import_job.KIND,))
    assert task is not None
    import_job.handle(task)
    job = _job(database)
    assert (job.done, job.total) == (2001, 2502)


def test_a_file_that_is_no_table_fails_the_job_with_its_code(database: Database) -> None:
    _queued(database, b"PK\x03\x04 no archive")
    task = jobs.take(database, (import_job.KIND,))
    assert task is not None
    with pytest.raises(InvalidError):
        jobs.run(task, import_job.handle)
    job = _job(database)
    assert (job.status, job.error) == (JobStatus.FAILED, "registry.workbook-damaged")


def test_who_keeps_no_records_queues_nothing(database: Database) -> None:
    actor = Actor(Role.INSPECTOR)
    with database.writing() as session:  # noqa: SIM117 - the refusal alone is expected to raise
        with pytest.raises(ForbiddenError, match=r"registry\.role-may-not-write"):
            import_job.enqueue_import(session, actor, Table.PRODUCTS, b"x", "table.csv")
