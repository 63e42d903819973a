"""Large uploads in the background: progress, a kill in the middle, a second worker."""

import pytest
from sqlmodel import select

from tests.traceability.invoices.conftest import ADMIN, open_market
from tests.traceability.invoices.files import RIVAL, invoice, line, zipped, zipped_as
from traceability import jobs
from traceability.actor import Actor
from traceability.db import Database
from traceability.errors import ConflictError
from traceability.invoices import importing
from traceability.invoices.errors import InvoiceError
from traceability.invoices.importing import KIND, import_job, queue_import
from traceability.invoices.models import Invoice
from traceability.jobs import Job, JobStatus, Task


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "BATCH", 3)


def queued(database: Database, content: bytes, actor: Actor = ADMIN) -> Task:
    with database.writing() as session:
        queue_import(session, actor, "all.zip", content)
    task = jobs.take(database, (KIND,))
    assert task is not None
    return task


def numbers(database: Database) -> list[int]:
    with database.reading() as session:
        return sorted(session.exec(select(Invoice.number)))


def the_job(database: Database) -> Job:
    with database.reading() as session:
        return session.exec(select(Job)).one()


def eight() -> bytes:
    return zipped_as({f"{n}.xml": invoice(n) for n in range(1, 9)})


def test_a_zip_is_taken_in_with_counts_and_refused_files(database: Database) -> None:
    files = {f"{n}.xml": invoice(n) for n in range(1, 6)}
    files |= {"bad.xml": b"no XML", "in.zip": zipped(a=invoice()), "again.xml": invoice(1)}
    files |= {"other.xml": invoice(2, lines=line(11))}
    task = queued(database, zipped_as(files))
    jobs.run(task, import_job)
    job = the_job(database)
    assert (job.status, job.done, job.total, job.blob) == (JobStatus.DONE, 9, 9, None)
    assert job.result == {
        "imported": 5,
        "duplicates": 2,
        "conflicts": 1,
        "refused": 2,
        "rejected": [
            {"file": "bad.xml", "code": "invoices.not-xml", "arguments": {"line": 1}},
            {"file": "in.zip", "code": "invoices.zip-nested", "arguments": {}},
        ],
    }
    assert numbers(database) == [1, 2, 3, 4, 5]


def test_a_single_document_is_a_job_too(database: Database) -> None:
    result = import_job(queued(database, invoice()))
    assert (result["imported"], the_job(database).done) == (1, 1)


def test_a_job_that_was_killed_goes_on_where_it_was(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = queued(database, eight())
    real, calls = importing.import_files, []

    def killed_in_the_second_batch(*arguments: object) -> object:
        calls.append(arguments)
        result = real(*arguments)  # type: ignore[arg-type]
        if len(calls) == 2:
            raise KeyboardInterrupt
        return result

    monkeypatch.setattr(importing, "import_files", killed_in_the_second_batch)
    with pytest.raises(KeyboardInterrupt):
        import_job(task)
    assert (numbers(database), the_job(database).done) == ([1, 2, 3], 3)
    result = import_job(task)
    assert numbers(database) == [1, 2, 3, 4, 5, 6, 7, 8]
    assert (result["imported"], result["duplicates"]) == (8, 0)


def test_a_job_that_is_run_twice_counts_nothing_twice(database: Database) -> None:
    task = queued(database, eight())
    assert import_job(task) == import_job(task)
    assert len(numbers(database)) == 8


def test_two_workers_on_one_job_store_no_batch_twice(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = queued(database, eight())
    real = importing._members

    def slow(*arguments: object) -> object:
        total, members = real(*arguments)  # type: ignore[arg-type]
        monkeypatch.setattr(importing, "_members", real)
        import_job(task)  # another worker does all of it meanwhile
        return total, members

    monkeypatch.setattr(importing, "_members", slow)
    with pytest.raises(ConflictError) as refused:
        import_job(task)
    assert refused.value.code == "jobs.taken-over"
    result = the_job(database).result or {}
    assert (result["imported"], result["duplicates"]) == (8, 0)


def test_a_job_acts_for_whoever_queued_it(database: Database) -> None:
    with database.writing() as session:
        market = open_market(session)
        member = market.member(market.shop)
    files = zipped(mine=invoice(1), others=invoice(2, buyer=RIVAL))
    result = import_job(queued(database, files, member))
    assert (result["imported"], result["rejected"][0]["code"]) == (1, "invoices.not-yours")
    assert the_job(database).party_id == member.party_id


def test_an_archive_that_cannot_be_taken_in_is_not_queued(database: Database) -> None:
    with database.writing() as session, pytest.raises(InvoiceError) as refused:
        queue_import(session, ADMIN, "bad.zip", b"PK\x03\x04 and no more")
    assert refused.value.code == "invoices.zip"


def test_the_list_of_refused_files_is_bounded_and_the_count_is_not(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "MAX_REJECTED", 2)
    result = import_job(queued(database, zipped_as({f"{n}.xml": b"x" for n in range(7)})))
    assert (result["refused"], len(result["rejected"])) == (7, 2)
