"""Everything bad that may be handed in: a clear error each, nothing half stored, the rest goes on.

Each row goes the whole way, between two good files of one import. What a single reader does with
it is shown in the tests of that reader.
"""

import hashlib
import os
import tracemalloc
import unicodedata
import zipfile
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from threading import Barrier, Thread

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from tests.traceability.invoices.conftest import ADMIN, open_market
from tests.traceability.invoices.files import SHOP, invoice, line, related, zipped, zipped_as
from tests.traceability.invoices.signatures.signed import Desk
from traceability import jobs
from traceability.db import Database
from traceability.invoices import intake, ledger, service
from traceability.invoices.document import MAX_BYTES
from traceability.invoices.importing import KIND, import_job, queue_path, refused_files
from traceability.invoices.intake_results import ImportResult
from traceability.invoices.models import (
    Invoice,
    InvoiceDocument,
    InvoiceLine,
    InvoiceRelation,
    InvoiceSource,
)
from traceability.invoices.signatures.models import InvoiceSignature

TABLES = (
    Invoice, InvoiceDocument, InvoiceSource, InvoiceLine, InvoiceRelation, InvoiceSignature,
)  # fmt: skip
DOCTYPE = "<!DOCTYPE HDon [{}]>"
LAUGHS = '<!ENTITY l0 "ha">' + "".join(
    f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10)
)
XSLT = b"http://www.w3.org/TR/1999/REC-xslt-19991116"
XPATH = b"http://www.w3.org/TR/1999/REC-xpath-19991116"


def number(written: str) -> bytes:
    return invoice(lines=line(written))


def with_transform(data: bytes, name: bytes) -> bytes:
    transforms = b'<Transforms><Transform Algorithm="' + name + b'"/></Transforms>'
    return data.replace(b"<DigestMethod", transforms + b"<DigestMethod", 1)


SIGNED = Desk().invoice()

BAD = {
    "external entity": (
        invoice(declaration=DOCTYPE.format('<!ENTITY x SYSTEM "file:///etc/hostname">')),
        "invoices.dtd",
    ),
    "external entity of the network": (
        invoice(declaration=DOCTYPE.format('<!ENTITY x SYSTEM "http://127.0.0.1:9/">')),
        "invoices.dtd",
    ),
    "parameter entity": (
        invoice(declaration=DOCTYPE.format('<!ENTITY % x SYSTEM "file:///etc/hostname">%x;')),
        "invoices.dtd",
    ),
    "external subset": (
        invoice(declaration='<!DOCTYPE HDon SYSTEM "http://127.0.0.1:9/a.dtd">'),
        "invoices.dtd",
    ),
    "billion laughs": (invoice(declaration=DOCTYPE.format(LAUGHS)), "invoices.dtd"),
    "undefined entity": (invoice(general="&nowhere;"), "invoices.not-xml"),
    "100 MB": (b"<HDon>" + b" " * 100_000_000, "invoices.too-large"),
    "a byte above the limit": (
        invoice().ljust(MAX_BYTES + 1),
        "invoices.too-large",
    ),
    "invalid UTF-8": (invoice().replace("Địa".encode(), b"\xff\xfe"), "invoices.encoding"),
    "overlong UTF-8": (invoice().replace(b"VND", b"\xc0\xaf"), "invoices.encoding"),
    "cut UTF-8": (invoice().replace("Địa".encode(), b"\xc4"), "invoices.encoding"),
    "UTF-16": (invoice().decode().encode("utf-16"), "invoices.encoding"),
    "UTF-16 without mark": (invoice().decode().encode("utf-16-be"), "invoices.encoding"),
    "UTF-32": (invoice().decode().encode("utf-32"), "invoices.encoding"),
    "windows-1258": (
        unicodedata.normalize("NFD", invoice().decode()).encode("cp1258", "replace"),
        "invoices.encoding",
    ),
    "NUL": (invoice(general="\x00"), "invoices.not-xml"),
    "22 digits": (number("1" * 22), "invoices.number"),
    "7 decimals": (number("1.1234567"), "invoices.number"),
    "more than a line can move": (number("1" * 13), "invoices.number"),
    "exponent": (number("1e9"), "invoices.number"),
    "exponent of thousands": (number("1E99999"), "invoices.number"),
    "infinity": (number("Infinity"), "invoices.number"),
    "not a number": (number("NaN"), "invoices.number"),
    "comma": (number("1,5"), "invoices.number"),
    "digits of another script": (number("١٢"), "invoices.number"),
    "hexadecimal": (number("0x10"), "invoices.number"),
    "two minuses": (number("--1"), "invoices.number"),
    "number 0": (invoice("0"), "invoices.number"),
    "negative number": (invoice("-5"), "invoices.number"),
    "number of nine digits": (invoice("123456789"), "invoices.number"),
    "year 10000": (invoice(on="10000-01-01"), "invoices.date"),
    "year 0": (invoice(on="0000-01-01"), "invoices.date"),
    "before e-invoices": (invoice(on="1999-12-31"), "invoices.date"),
    "after this century": (invoice(on="2100-01-01"), "invoices.date"),
    "30 February": (invoice(on="2026-02-30"), "invoices.date"),
    "date of another order": (invoice(on="03/08/2026"), "invoices.date"),
    "empty date": (invoice(on=""), "invoices.missing"),
    "day of the original out of range": (
        invoice(general=related(1, 9).replace("</TTH", "<NLHDCLQuan>9999-99-99</NLHDCLQuan></TTH")),
        "invoices.date",
    ),
    "damaged ZIP": (zipped(a=invoice())[:40], "invoices.zip"),
    "XSLT": (with_transform(SIGNED, XSLT), "invoices.signature-transform"),
    "XPath": (with_transform(SIGNED, XPATH), "invoices.signature-transform"),
    "external reference": (
        SIGNED.replace(b'URI="#HD-', b'URI="http://127.0.0.1:9/" Was="', 1),
        "invoices.signature-reference",
    ),
    "reference to a file": (
        SIGNED.replace(b'URI="#HD-', b'URI="file:///etc/hostname" Was="', 1),
        "invoices.signature-reference",
    ),
    "Id twice, content twice, none signed": (
        invoice().replace(b"</DLHDon>", b"</DLHDon><DLHDon Id='HD'/>"),
        "invoices.ambiguous",
    ),
    "too deep": (b"<HDon>" * 400 + b"</HDon>" * 400, "invoices.not-xml"),
    "2014 format": (b"<inv:invoice><inv:invoiceData/></inv:invoice>", "invoices.old-format"),
}


def counts(session: Session) -> list[int]:
    statement = sa.select(sa.func.count())
    return [session.execute(statement.select_from(t)).scalar_one() for t in TABLES]


def bring(session: Session, *files: tuple[str, bytes]) -> ImportResult:
    return service.import_files(session, ADMIN, files)


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_has_its_reason_and_leaves_nothing_and_the_good_ones_are_kept(
    session: Session, name: str
) -> None:
    bad, code = BAD[name]
    good = [("before.xml", invoice(801)), ("after.xml", invoice(802))]
    bring(session, *good[:1])
    before = counts(session)
    result = bring(session, ("bad.xml", bad))
    assert [(each.file, each.code) for each in result.rejected] == [("bad.xml", code)]
    assert (result.imported, result.duplicates, counts(session)) == ([], [], before)
    mixed = bring(session, ("bad.xml", bad), *good)
    assert (len(mixed.imported), len(mixed.duplicates), len(mixed.rejected)) == (1, 1, 1)
    kept = session.exec(select(InvoiceDocument).order_by(InvoiceDocument.id)).all()
    assert [document.content for document in kept] == [content for _, content in good]
    assert all(d.digest == hashlib.sha256(d.content).hexdigest() for d in kept)


def test_a_hundred_megabytes_are_refused_without_being_copied(session: Session) -> None:
    data = b"<HDon>" + b" " * 100_000_000
    tracemalloc.start()
    bring(session, ("big.xml", data))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20_000_000


@pytest.mark.parametrize("quantity", ["-5", "-0.000001", "0", "999999999999.999999"])
def test_a_negative_or_huge_quantity_within_the_format_is_kept_exactly(
    session: Session, quantity: str
) -> None:
    market = open_market(session)
    bring(session, ("1.xml", invoice(lines=line(quantity))))
    balance = ledger.balance(session, SHOP, market.product.id or 0)
    assert balance.bought == Decimal(quantity)
    assert session.exec(select(InvoiceLine.quantity)).one() == Decimal(quantity)


@pytest.mark.parametrize("total", ["9" * 21, "-" + "9" * 21, "999999999999999.999999"])
def test_21_digits_are_kept_to_the_last(session: Session, total: str) -> None:
    bring(session, ("1.xml", invoice(total=total)))
    session.expire_all()
    assert session.exec(select(Invoice.total)).one() == Decimal(total)


def test_a_hundred_huge_lines_are_summed_without_overflow(session: Session) -> None:
    market = open_market(session)
    lines = line("999999999999") * 100
    bring(session, ("1.xml", invoice(lines=lines)))
    assert ledger.balance(session, SHOP, market.product.id or 0).bought == 99_999_999_999_900
    ledger.rebuild(session)
    assert ledger.balance(session, SHOP, market.product.id or 0).bought == 99_999_999_999_900


def test_a_zip_in_a_zip_is_refused_and_its_neighbours_are_kept(session: Session) -> None:
    inner = zipped(a=invoice(1))
    outer = zipped_as({"inner.zip": inner, "hidden.xml": inner, "plain.xml": invoice(2)})
    result = bring(session, ("outer.zip", outer))
    assert [(r.file, r.code) for r in result.rejected] == [
        ("outer.zip/inner.zip", "invoices.zip-nested"),
        ("outer.zip/hidden.xml", "invoices.zip-nested"),
    ]
    assert [each.key.number for each in result.imported] == [2]


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "/etc/passwd", "..\\..\\boot.ini", "a\x00b.xml", "C:\\a.xml"]
)
def test_path_parts_of_a_name_lead_nowhere(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    inside = BytesIO()
    with zipfile.ZipFile(inside, "w") as archive:
        archive.writestr(name, invoice(1))
    result = bring(session, (name, invoice(2)), ("t.zip", inside.getvalue()))
    assert len(result.imported) == 2
    kept = session.exec(select(InvoiceDocument.file_name)).all()
    assert all(each.isprintable() and len(each) <= 255 for each in kept)
    assert list(here.rglob("*")) == []


def test_a_file_that_changes_while_it_is_read_is_refused_and_the_next_goes_on(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for n in (1, 2, 3):
        (folder / f"{n}.xml").write_bytes(invoice(n))
    looked_at: list[int] = []
    real = os.fstat

    def growing(number: int) -> os.stat_result:
        """Between the first and the second look at the second file somebody writes into it."""
        looked_at.append(number)
        if len(looked_at) == 4:
            with (folder / "2.xml").open("ab") as file:
                file.write(b" ")
        return real(number)

    with database.writing() as session:
        queue_path(session, ADMIN, folder)
    task = jobs.take(database, (KIND,))
    assert task is not None
    monkeypatch.setattr(os, "fstat", growing)
    result = import_job(task)
    assert (result["imported"], result["refused"]) == (2, 1)
    [refused] = refused_files(database, task.job_id)
    assert (refused["file"], refused["code"]) == ("2.xml", "invoices.changed")
    with database.reading() as session:
        assert sorted(session.exec(select(Invoice.number))) == [1, 3]


def test_two_uploads_of_one_invoice_at_the_same_time_are_one_invoice(database: Database) -> None:
    barrier = Barrier(2)
    results: list[ImportResult] = []

    def upload() -> None:
        barrier.wait()
        with database.writing() as session:
            results.append(bring(session, ("1.xml", invoice(1))))

    threads = [Thread(target=upload) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted((len(r.imported), len(r.duplicates)) for r in results) == [(0, 1), (1, 0)]
    with database.reading() as session:
        assert counts(session) == [1, 1, 1, 1, 0, 2]


def test_uploading_a_bad_file_in_a_batch_of_its_own_leaves_the_others(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "BATCH", 1)
    names = list(BAD)[:6]
    files = [(f"{n}.xml", BAD[name][0]) for n, name in enumerate(names)]
    result = bring(session, *files, ("good.xml", invoice(7)))
    assert len(result.rejected) == len(names)
    assert [each.file for each in result.imported] == ["good.xml"]
