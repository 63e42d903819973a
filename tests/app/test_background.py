"""Queued work: done once, taken again from a worker that died, its failure kept."""

import io
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError
from sqlmodel import SQLModel, select, update

from app import background
from app.background import HANDLERS, Worker
from app.demo.goods import gtin_13
from app.security import keys, users
from app.security.models import User
from tests.app.client import OPERATOR, make_party
from tests.traceability.events.makers import an_event, written
from tests.traceability.invoices.files import invoice, line, zipped
from traceability import jobs
from traceability.actor import Actor, Role
from traceability.clock import now
from traceability.db import Database
from traceability.events import capture_job
from traceability.events.capture import Behaviour
from traceability.events.policy import Policy
from traceability.invoices import importing
from traceability.invoices.models import Invoice, InvoiceLine
from traceability.jobs import LEASE, MAX_ATTEMPTS, Job, JobStatus, Task
from traceability.registry import import_job
from traceability.registry.columns import Table
from traceability.registry.models import Product
from traceability.transparency import log as transparency
from traceability.transparency.keys import log_keys
from traceability.transparency.models import LeafKind

GTIN = gtin_13("9521101", 1)
TABLE = f"gtin,name,producer_id\n{GTIN},Trà,1\n".encode()


def queue_table(database: Database, table: bytes = TABLE) -> int:
    with database.writing() as session:
        make_party(session, "producer", "9999100017")
        job = import_job.enqueue_import(session, OPERATOR, Table.PRODUCTS, table, "a.csv")
        return job.id or 0


def queue_capture(database: Database) -> int:
    document = io.BytesIO(written(an_event()))
    with database.writing() as session:
        row = capture_job.queue(
            session, OPERATOR, document, kind="json", behaviour=Behaviour.ROLLBACK, policy=Policy()
        )
        return row.job_id or 0


def job(database: Database, number: int) -> Job:
    with database.reading() as session:
        return session.get_one(Job, number)


def count(database: Database, table: type[SQLModel]) -> int:
    with database.reading() as session:
        return len(session.exec(select(table)).all())


def lose_the_lease(database: Database) -> None:
    """As if five minutes had passed since a worker was killed."""
    with database.writing() as session:
        session.exec(update(Job).values(run_after=now() - timedelta(seconds=1)))


def test_a_job_is_done_its_result_kept_and_its_file_dropped(database: Database) -> None:
    number = queue_table(database)
    worker = Worker(database)
    assert worker.step() is True
    done = job(database, number)
    assert (done.status, done.attempts, done.blob) == (JobStatus.DONE, 1, None)
    assert done.result is not None
    assert done.result["imported"] == 1
    assert done.finished_at
    assert worker.step() is False


def test_invoice_lines_that_waited_for_a_product_are_linked_by_its_import(
    database: Database,
) -> None:
    with database.writing() as session:
        archive = zipped(a=invoice(lines=line(code=GTIN)))
        importing.queue_uploads(session, Actor(Role.TAX), [("a.zip", io.BytesIO(archive))])
    worker = Worker(database)
    assert worker.step()
    assert count(database, Invoice) == 1
    queue_table(database)
    assert worker.step()
    with database.reading() as session:
        linked = session.exec(select(InvoiceLine)).one()
        assert linked.product_id == session.exec(select(Product)).one().id


def test_a_killed_worker_s_job_is_taken_again_when_its_lease_ends(database: Database) -> None:
    number = queue_table(database)
    task = jobs.take(database, tuple(HANDLERS))
    assert task is not None  # and here the worker dies
    assert job(database, number).status == JobStatus.RUNNING
    assert Worker(database).step() is False
    lose_the_lease(database)
    assert Worker(database).step() is True
    done = job(database, number)
    assert (done.status, done.attempts) == (JobStatus.DONE, 2)
    assert count(database, Product) == 1


def test_a_worker_that_died_after_its_work_has_done_it_once(database: Database) -> None:
    number = queue_table(database)
    task = jobs.take(database, tuple(HANDLERS))
    assert task is not None
    import_job.handle(task)  # and dies before it says so
    lose_the_lease(database)
    assert Worker(database).step() is True
    done = job(database, number)
    assert (done.status, (done.result or {})["imported"]) == (JobStatus.DONE, 1)
    assert count(database, Product) == 1


def test_a_job_that_kills_every_worker_is_given_up_and_holds_no_other_up(
    database: Database,
) -> None:
    deadly = queue_table(database)
    for _ in range(MAX_ATTEMPTS):
        assert jobs.take(database, tuple(HANDLERS)) is not None
        lose_the_lease(database)
    with database.writing() as session:
        other = import_job.enqueue_import(session, OPERATOR, Table.PRODUCTS, TABLE, "b.csv")
    worker = Worker(database)
    worker.step()
    worker.step()
    given_up = job(database, deadly)
    assert (given_up.status, given_up.error) == (JobStatus.FAILED, "jobs.too-many-attempts")
    assert job(database, other.id or 0).status == JobStatus.DONE


def test_a_job_is_held_twice_as_long_each_time_nothing_of_it_is_kept(database: Database) -> None:
    number = queue_table(database)
    held = []
    for _ in range(MAX_ATTEMPTS):
        lose_the_lease(database)
        begun = now()
        assert jobs.take(database, tuple(HANDLERS)) is not None
        held.append(round((job(database, number).run_after - begun) / LEASE))
    assert held == [2**place for place in range(MAX_ATTEMPTS)]
    assert sum(held) * LEASE > timedelta(days=3)


@pytest.mark.parametrize("kind", [import_job.KIND, capture_job.KIND])
def test_a_database_that_is_away_for_a_while_fails_no_job(
    database: Database, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    number = queue_table(database) if kind == import_job.KIND else queue_capture(database)
    real = database.writing

    def away() -> object:
        raise OperationalError("", {}, ConnectionError())

    task = jobs.take(database, (kind,))
    assert task is not None
    monkeypatch.setattr(database, "writing", away)
    with pytest.raises(OperationalError):
        jobs.run(task, HANDLERS[kind])
    monkeypatch.setattr(database, "writing", real)
    assert job(database, number).status == JobStatus.RUNNING
    lose_the_lease(database)
    assert Worker(database).step() is True
    assert job(database, number).status == JobStatus.DONE


def test_a_failure_is_kept_by_its_code_and_the_worker_goes_on(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    number = queue_table(database, b"\x00 no table")
    worker = Worker(database)
    assert worker.step() is True
    failed = job(database, number)
    assert (failed.status, failed.error) == (JobStatus.FAILED, "registry.file-type")
    assert failed.blob is None
    assert f"job {number}" in caplog.text
    assert worker.step() is False


def queue_as(database: Database, actor: Actor) -> int:
    with database.writing() as session:
        table = b"gtin,name\n" + GTIN.encode() + ",Trà\n".encode()
        job = import_job.enqueue_import(session, actor, Table.PRODUCTS, table, "a.csv")
        return job.id or 0


@pytest.mark.parametrize("end", ["revoke the key", "close the account", "change the role"])
def test_what_was_queued_is_not_done_for_an_account_or_key_that_has_ended(
    database: Database, end: str
) -> None:
    with database.writing() as session:
        party = make_party(session, "producer", "9999100017")
        user = users.create_user(
            session, OPERATOR, email="an@example.vn", name="An",
            password="a long enough password", role=Role.PRODUCER, party_id=party,
        )  # fmt: skip
        key, _ = keys.create_key(session, OPERATOR, name="a", role=Role.PRODUCER, party_id=party)
        as_key = Actor(Role.PRODUCER, party, key_id=key.id)
        as_user = Actor(Role.PRODUCER, party, user_id=user.id)
    number = queue_as(database, as_key if end == "revoke the key" else as_user)
    with database.writing() as session:
        match end:
            case "revoke the key":
                keys.revoke_key(session, OPERATOR, key.id or 0)
            case "close the account":
                users.set_active(session, OPERATOR, user.id or 0, active=False)
            case _:
                session.get_one(User, user.id).role = Role.SHOP
    Worker(database).step()
    assert job(database, number).error == "identity.rights-ended"
    assert count(database, Product) == 0


def test_an_unexpected_failure_is_kept_by_its_name(
    database: Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(task: Task) -> Mapping[str, Any]:
        raise ZeroDivisionError

    number = queue_table(database)
    monkeypatch.setattr(background, "HANDLERS", {import_job.KIND: broken})
    Worker(database).step()
    assert job(database, number).error == "ZeroDivisionError"


def test_progress_is_seen_while_it_is_made_and_renews_the_lease(database: Database) -> None:
    number = queue_table(database)
    task = jobs.take(database, tuple(HANDLERS))
    assert task is not None
    lose_the_lease(database)
    task.progress(3, 10)
    seen = job(database, number)
    assert (seen.done, seen.total) == (3, 10)
    assert seen.run_after > now() + LEASE / 2
    assert Worker(database).step() is False


def test_two_workers_take_two_jobs_and_never_the_same(database: Database) -> None:
    queue_table(database)
    with database.writing() as session:
        import_job.enqueue_import(session, OPERATOR, Table.PRODUCTS, TABLE, "b.csv")
    tasks = [jobs.take(database, tuple(HANDLERS)) for _ in range(3)]
    assert len({task.job_id for task in tasks if task}) == 2
    assert tasks[2] is None


def test_a_job_queued_in_a_transaction_that_fails_was_never_queued(database: Database) -> None:
    with database.write_session() as session:
        import_job.enqueue_import(session, OPERATOR, Table.PRODUCTS, TABLE, "a.csv")
        session.rollback()
    assert Worker(database).step() is False


def test_a_database_that_is_away_for_a_while_does_not_end_the_worker(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    number = queue_table(sqlite_database)
    take, calls = jobs.take, []

    def away_at_first(database: Database, kinds: tuple[str, ...]) -> Task | None:
        calls.append(kinds)
        if len(calls) == 1:
            raise OperationalError("SELECT", {}, Exception("database is locked"))
        return take(database, kinds)

    monkeypatch.setattr(jobs, "take", away_at_first)
    monkeypatch.setattr(background, "RETRY_S", 0.01)
    monkeypatch.setattr(background, "IDLE_S", 0.01)
    worker = Worker(sqlite_database)
    worker.start()
    while len(calls) < 4:
        worker._stop.wait(0.01)
    worker.stop()
    assert job(sqlite_database, number).status == JobStatus.DONE
    assert "could not reach the database" in caplog.text


def test_entries_of_the_log_are_placed_in_batches(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only a full batch is followed by the next at once."""
    monkeypatch.setattr(transparency, "AT_ONCE", 2)
    worker = Worker(database, log_keys(tmp_path, "nguon.example"))

    def enter(*subjects: str) -> None:
        with database.writing() as session:
            transparency.enter(session, LeafKind.RECALL, [(each, {}) for each in subjects])

    assert not worker._integrate()  # nothing waits
    enter("recall:1", "recall:2", "recall:3")
    assert worker._integrate()
    assert not worker._integrate()  # one was left
    enter("recall:4")
    assert not worker._integrate()
    with database.reading() as session:
        newest = transparency.newest_checkpoint(session)
    assert newest is not None
    assert newest.size == 4
