"""Large imports in the background: progress, a kill in the middle, a second worker."""

import io
from pathlib import Path

import pytest
from sqlmodel import Session, select

from tests.traceability.invoices.conftest import ADMIN, open_market
from tests.traceability.invoices.files import RIVAL, invoice, line, zipped, zipped_as
from traceability import jobs
from traceability.actor import Actor
from traceability.db import Database
from traceability.invoices import importing
from traceability.invoices.errors import InvoiceError
from traceability.invoices.importing import (
    KIND,
    import_job,
    queue_path,
    queue_uploads,
    refused_files,
)
from traceability.invoices.models import Invoice
from traceability.jobs import Job, JobInput, JobLostError, JobStatus, Task


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "BATCH", 3)


def queued(database: Database, content: bytes, actor: Actor = ADMIN) -> Task:
    with database.writing() as session:
        queue_uploads(session, actor, [("all.zip", io.BytesIO(content))])
    return taken(database)


def taken(database: Database) -> Task:
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
    assert (job.status, job.done, job.total) == (JobStatus.DONE, 9, 9)
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
    real, calls = importing.store_files, []

    def killed_in_the_second_batch(*arguments: object) -> object:
        calls.append(arguments)
        result = real(*arguments)  # type: ignore[arg-type]
        if len(calls) == 2:
            raise KeyboardInterrupt
        return result

    monkeypatch.setattr(importing, "store_files", killed_in_the_second_batch)
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
    real = importing.read_files

    def slow(*arguments: object) -> object:
        monkeypatch.setattr(importing, "read_files", real)
        other = jobs.take_over(database, task.job_id)
        assert other is not None
        jobs.run(other, import_job)  # does all of it meanwhile
        return real(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(importing, "read_files", slow)
    with pytest.raises(JobLostError):
        import_job(task)
    result = the_job(database).result or {}
    assert (result["imported"], result["duplicates"]) == (8, 0)


def test_a_worker_that_lost_the_job_to_another_stores_nothing_more(database: Database) -> None:
    first = queued(database, eight())
    second = jobs.take_over(database, first.job_id)
    assert second is not None
    with pytest.raises(JobLostError):
        import_job(first)
    assert numbers(database) == []
    jobs.run(second, import_job)
    assert len(numbers(database)) == 8


def test_a_cancelled_import_stops_and_keeps_what_it_has_counted(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    task, real, calls = queued(database, eight()), importing.read_files, []

    def cancelled_at_the_second(*arguments: object) -> object:
        calls.append(arguments)
        if len(calls) == 2:
            with database.writing() as session:
                jobs.cancel(session, ADMIN, task.job_id)
        return real(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(importing, "read_files", cancelled_at_the_second)
    jobs.run(task, import_job)
    job = the_job(database)
    assert (job.status, (job.result or {})["imported"]) == (JobStatus.CANCELLED, 3)
    assert numbers(database) == [1, 2, 3]


def test_the_stored_upload_is_dropped_with_the_job(database: Database) -> None:
    task = queued(database, eight())
    with database.reading() as session:
        assert session.exec(select(JobInput)).all() != []
    jobs.run(task, import_job)
    with database.reading() as session:
        assert session.exec(select(JobInput)).all() == []


def test_an_upload_larger_than_a_piece_is_read_as_it_was_sent(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "PIECE_BYTES", 97)
    files = [("a.zip", io.BytesIO(eight())), ("b.xml", io.BytesIO(invoice(9)))]
    with database.writing() as session:
        queue_uploads(session, ADMIN, files)
    result = import_job(taken(database))
    assert (result["imported"], result["refused"]) == (9, 0)


def test_a_folder_of_this_machine_is_taken_in(database: Database, tmp_path: Path) -> None:
    folder = tmp_path / "invoices"
    folder.mkdir()
    for number in range(1, 9):
        (folder / f"{number}.xml").write_bytes(invoice(number))
    with database.writing() as session:
        queue_path(session, ADMIN, folder)
    result = import_job(taken(database))
    assert (result["imported"], the_job(database).done) == (8, 8)


def test_a_zip_that_another_one_was_put_in_place_of_ends_the_job(
    database: Database, tmp_path: Path
) -> None:
    path = tmp_path / "all.zip"
    path.write_bytes(eight())
    with database.writing() as session:
        queue_path(session, ADMIN, path)
    path.write_bytes(eight() + b" ")
    with pytest.raises(InvoiceError):
        jobs.run(taken(database), import_job)
    assert (the_job(database).status, the_job(database).error) == (
        JobStatus.FAILED, "invoices.changed",
    )  # fmt: skip


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
        queue_bad(session)
    assert refused.value.code == "invoices.zip"


def queue_bad(session: Session) -> None:
    queue_uploads(session, ADMIN, [("bad.zip", io.BytesIO(b"PK\x03\x04 and no more"))])


def test_the_result_names_the_first_refused_files_and_the_list_every_one(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "MAX_REJECTED", 2)
    task = queued(database, zipped_as({f"{n}.xml": b"x" for n in range(7)}))
    result = import_job(task)
    assert (result["refused"], len(result["rejected"])) == (7, 2)
    listed = list(refused_files(database, task.job_id))
    assert [each["file"] for each in listed] == [f"{n}.xml" for n in range(7)]
    assert {each["code"] for each in listed} == {"invoices.not-xml"}


def test_attempts_count_only_while_nothing_is_kept(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    count = importing.BATCH * (jobs.MAX_ATTEMPTS + 4)
    task = queued(database, zipped_as({f"{n}.xml": invoice(n) for n in range(1, count + 1)}))
    real = importing.store_files
    for _ in range(jobs.MAX_ATTEMPTS + 2):
        calls: list[object] = []

        def killed_after_one_batch(*arguments: object, calls: list[object] = calls) -> object:
            calls.append(arguments)
            if len(calls) == 2:
                raise KeyboardInterrupt
            return real(*arguments)  # type: ignore[arg-type]

        monkeypatch.setattr(importing, "store_files", killed_after_one_batch)
        with pytest.raises(KeyboardInterrupt):
            import_job(task)
        again = jobs.take_over(database, task.job_id)
        assert again is not None
        task = again
    monkeypatch.setattr(importing, "store_files", real)
    jobs.run(task, import_job)
    assert (the_job(database).status, len(numbers(database))) == (JobStatus.DONE, count)
