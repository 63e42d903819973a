"""Sheets of labels as a job: one label for each serial, in order, however often a worker dies."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pypdfium2
import pytest
from sqlmodel import select, update

from app.background import HANDLERS, Worker
from app.labels import sheets
from app.labels.choices import PaperName, SheetOrder
from app.labels.delivery import delivery
from app.settings import Settings
from scanner import papers
from scanner.sheet import sheet
from tests.app.client import OPERATOR, make_party
from traceability import jobs
from traceability.actor import Actor, Role
from traceability.clock import now
from traceability.db import Database
from traceability.errors import ConflictError, InvalidError, NotFoundError
from traceability.jobs import Job, JobPart, JobStatus
from traceability.registry import lots, products, serials
from traceability.registry.certificate_models import Exceeding
from traceability.registry.certificate_schemas import CertificateIn
from traceability.registry.certificates import register_certificate
from traceability.registry.models import Product, Serial, SerialStatus
from traceability.registry.schemas import LotIn, ProductIn, SerialsIn

GTIN = "9521101000016"
SETTINGS = Settings(public_url="https://nguon.example")
ROLL = PaperName("roll-100x50")
Queue = Callable[..., int]


@pytest.fixture(autouse=True)
def small_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two labels a file, made in this process: five labels are three files."""
    monkeypatch.setattr(papers, "LABELS_A_FILE", 2)
    monkeypatch.setattr(sheets, "press", sheet)


@pytest.fixture
def product_id(database: Database) -> int:
    """A product with a lot; S1 to S3 are of the lot, S4 to S6 of none, S6 is withdrawn."""
    with database.writing() as session:
        party_id = make_party(session, "producer", "9999100017")
        given = ProductIn(gtin=GTIN, name="VÍ DỤ Trà", producer_id=party_id)
        product = products.create_product(session, OPERATOR, given)
        lot = LotIn(gtin=GTIN, lot="L1", expiry_date=date(2027, 12, 31))
        lots.create_lot(session, OPERATOR, lot)
        for lot_text, texts in (("L1", ["S1", "S2", "S3"]), (None, ["S4", "S5", "S6"])):
            own = SerialsIn(gtin=GTIN, lot=lot_text, serials=texts)
            serials.register_serials(session, OPERATOR, own)
        session.exec(
            update(Serial).where(Serial.serial == "S6").values(status=SerialStatus.WITHDRAWN.value)  # type: ignore[arg-type]
        )
        return product.id or 0


@pytest.fixture
def queue(database: Database, product_id: int) -> Queue:
    def enqueue(actor: Actor = OPERATOR, **order: object) -> int:
        chosen = SheetOrder.model_validate({"kind": "qr", "paper": ROLL, **order})
        with database.writing() as session:
            product = session.get_one(Product, product_id)
            return sheets.enqueue_sheets(session, SETTINGS, actor, product, chosen).id or 0

    return enqueue


def job(database: Database, number: int) -> Job:
    with database.reading() as session:
        return session.get_one(Job, number)


def files(database: Database, number: int) -> Iterator[bytes]:
    return jobs.parts_of(database, number)


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    found = "\n".join(page.get_textpage().get_text_bounded() for page in document)
    document.close()
    return found


def printed(database: Database, number: int) -> list[str]:
    """The serials on the labels, in order."""
    words = " ".join(text_of(each) for each in files(database, number)).split()
    return [words[at + 1] for at, word in enumerate(words) if word == "(21)"]


def test_each_serial_gets_its_label_in_order_but_a_withdrawn_one(
    database: Database, queue: Queue
) -> None:
    number = queue(serials=True)
    assert Worker(database).step()
    done = job(database, number)
    assert (done.status, done.error) == (JobStatus.DONE, None)
    assert (done.done, done.total) == (5, 5)
    assert done.result == {"labels": 5, "files": 3, "pages": 5}
    assert printed(database, number) == ["S1", "S2", "S3", "S4", "S5"]


def test_only_the_serials_of_the_lot_that_was_named(database: Database, queue: Queue) -> None:
    number = queue(serials=True, lot="L1", count=2)
    Worker(database).step()
    assert printed(database, number) == ["S1", "S2"]


def test_a_label_says_lot_and_date_in_the_language_that_was_chosen(
    database: Database, queue: Queue
) -> None:
    for language, words in (("vi", "HSD: 31/12/2027"), ("en", "Best before: 31 December 2027")):
        number = queue(lot="L1", language=language)
        Worker(database).step()
        (pdf,) = files(database, number)
        assert words in text_of(pdf)
        assert "(10) L1" in text_of(pdf)


def test_serials_that_come_later_are_not_of_the_job(
    database: Database, product_id: int, queue: Queue
) -> None:
    number = queue(serials=True)
    with database.writing() as session:
        serials.register_serials(session, OPERATOR, SerialsIn(gtin=GTIN, serials=["S7"]))
    Worker(database).step()
    assert "S7" not in printed(database, number)


def test_a_worker_goes_on_where_a_killed_one_stopped(database: Database, queue: Queue) -> None:
    number = queue(serials=True)
    task = jobs.take(database, tuple(HANDLERS))
    assert task is not None

    def killed(_: int) -> None:
        raise SystemExit

    with pytest.raises(SystemExit):
        sheets.handle(task, tell=killed)
    first = list(files(database, number))
    assert (len(first), job(database, number).done) == (1, 2)
    with database.writing() as session:
        session.exec(update(Job).values(run_after=now() - timedelta(seconds=1)))
    Worker(database).step()
    assert list(files(database, number))[:1] == first
    assert printed(database, number) == ["S1", "S2", "S3", "S4", "S5"]


def test_a_worker_that_lost_the_job_writes_nothing_more(database: Database, queue: Queue) -> None:
    number = queue(serials=True)
    late = jobs.take(database, tuple(HANDLERS))
    assert late is not None
    with database.writing() as session:
        session.exec(update(Job).values(run_after=now() - timedelta(seconds=1)))
    Worker(database).step()
    before = list(files(database, number))
    jobs.run(late, sheets.handle)
    with pytest.raises(jobs.JobLostError):
        late.keep(4, b"x", done=9, total=9)
    assert list(files(database, number)) == before
    assert job(database, number).done == 5


def test_a_cancelled_job_stops_after_the_file_in_hand_and_keeps_none(
    database: Database, queue: Queue
) -> None:
    number = queue(serials=True)
    task = jobs.take(database, tuple(HANDLERS))
    assert task is not None

    def cancel(_: int) -> None:
        with database.writing() as session:
            jobs.cancel(session, OPERATOR, number)

    jobs.run(task, lambda task: sheets.handle(task, tell=cancel))
    assert job(database, number).status == JobStatus.CANCELLED
    assert list(files(database, number)) == []
    assert Worker(database).step() is False


def test_a_job_that_is_done_is_not_cancelled(database: Database, queue: Queue) -> None:
    number = queue()
    Worker(database).step()
    with database.writing() as session:
        jobs.cancel(session, OPERATOR, number)
    assert job(database, number).status == JobStatus.DONE
    assert len(list(files(database, number))) == 1


def test_nobody_cancels_a_job_of_others(database: Database, queue: Queue) -> None:
    number = queue()
    with database.writing() as session:
        stranger = Actor(Role.PRODUCER, party_id=999)
        assert jobs.cancel(session, stranger, number) is None
    assert job(database, number).status == JobStatus.QUEUED


def test_who_may_no_longer_use_the_code_gets_no_labels(
    database: Database, product_id: int, queue: Queue
) -> None:
    with database.writing() as session:
        owner = session.get_one(Product, product_id).producer_id
    number = queue(actor=Actor(Role.PRODUCER, party_id=owner))
    with database.writing() as session:
        other = make_party(session, "producer", "9999100024")
        session.exec(update(Product).values(producer_id=other))
    Worker(database).step()
    failed = job(database, number)
    assert (failed.status, failed.error) == (JobStatus.FAILED, "registry.product-unknown")
    assert list(files(database, number)) == []


def test_what_cannot_be_printed_is_refused_before_it_is_queued(
    database: Database, queue: Queue
) -> None:
    from scanner import ScannerError

    for order, error, code in (
        ({"paper": "roll-40x30", "kind": "label"}, ScannerError, "scanner.label-too-small"),
        ({"x_dimension": 0.2}, ScannerError, "scanner.size-below-standard"),
        ({"lot": "L9"}, NotFoundError, "registry.lot-unknown"),
        ({"serial": "S9"}, NotFoundError, "registry.serial-unknown"),
    ):
        with pytest.raises(error) as caught:
            queue(**order)
        assert caught.value.code == code
    with database.reading() as session:
        assert session.exec(select(Job)).all() == []


def test_an_organisation_has_a_few_orders_at_a_time(database: Database, queue: Queue) -> None:
    numbers = [queue() for _ in range(sheets.MOST_WAITING)]
    with pytest.raises(ConflictError) as caught:
        queue()
    assert caught.value.code == "labels.too-many-jobs"
    with database.writing() as session:
        jobs.cancel(session, OPERATOR, numbers[0])
    queue()


def test_a_product_without_serials_has_none_to_print(database: Database, queue: Queue) -> None:
    with database.writing() as session:
        session.exec(update(Serial).values(status=SerialStatus.WITHDRAWN.value))
    with pytest.raises(InvalidError) as caught:
        queue(serials=True)
    assert [fault.code for fault in caught.value.faults] == ["labels.no-serials"]


def test_one_file_is_a_pdf_and_several_are_a_zip(database: Database, queue: Queue) -> None:
    import io
    import zipfile

    one, many = queue(), queue(serials=True)
    worker = Worker(database)
    assert worker.step()
    assert worker.step()
    with database.reading() as session:
        single = delivery(session, database, session.get_one(Job, one))
        several = delivery(session, database, session.get_one(Job, many))
    assert single.name.endswith(".pdf")
    assert b"".join(single.pieces).startswith(b"%PDF-")
    archive = zipfile.ZipFile(io.BytesIO(b"".join(several.pieces)))
    assert archive.testzip() is None
    assert [archive.read(name) for name in archive.namelist()] == list(files(database, many))


def test_files_are_dropped_a_week_after_the_job_was_done(database: Database, queue: Queue) -> None:
    number = queue()
    Worker(database).step()
    for days, left in ((6, 1), (8, 0)):
        with database.writing() as session:
            session.exec(update(Job).values(finished_at=now() - timedelta(days=days)))
        Worker(database)._clean_up()
        with database.reading() as session:
            assert len(session.exec(select(JobPart)).all()) == left
    with database.reading() as session, pytest.raises(NotFoundError) as caught:
        delivery(session, database, job(database, number))
    assert caught.value.code == "jobs.no-file"


def test_copies_beyond_the_certificate_of_the_goods_are_not_printed(
    database: Database, product_id: int
) -> None:
    with database.writing() as session:
        product = session.get_one(Product, product_id)
        given = CertificateIn.model_validate(
            {
                "number": "01/GCN-VD",
                "issuer": "Sở Ví Dụ",
                "party_id": product.producer_id,
                "gtins": [GTIN],
                "quantity": "10",
                "unit": "hộp",
                "valid_from": "2026-01-01",
            }
        )
        register_certificate(session, OPERATOR, given, Exceeding.REFUSE)
    with database.writing() as session:
        product = session.get_one(Product, product_id)
        ten, more = SheetOrder(paper=ROLL, count=10), SheetOrder(paper=ROLL, count=11)
        sheets.enqueue_sheets(session, SETTINGS, OPERATOR, product, ten)
        with pytest.raises(InvalidError) as refused:
            sheets.enqueue_sheets(session, SETTINGS, OPERATOR, product, more)
    assert refused.value.code == "labels.beyond-certificate"
    assert refused.value.arguments == {"number": "01/GCN-VD", "limit": 10}
