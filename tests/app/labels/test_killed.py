"""A worker that is sent SIGKILL in the middle of a job costs the file in hand and no more."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pypdfium2
import pytest
from sqlmodel import update

from app.background import Worker
from app.labels import sheets
from app.labels.choices import PaperName, SheetOrder
from app.settings import Settings
from scanner import papers
from scanner.sheet import sheet
from tests.app.client import OPERATOR, make_party
from traceability import jobs
from traceability.clock import now
from traceability.db import Database
from traceability.jobs import Job, JobStatus
from traceability.registry import products
from traceability.registry.schemas import ProductIn

ROOT = Path(__file__).parents[3]
FILES, LABELS_A_FILE = 4, 5
WORKER = f"""
from scanner import papers
papers.LABELS_A_FILE = {LABELS_A_FILE}
from app.cli import main
main()
"""


def queue(database: Database) -> int:
    with database.writing() as session:
        party_id = make_party(session, "producer", "9999100017")
        given = ProductIn(gtin="9521101000016", name="VÍ DỤ Trà", producer_id=party_id)
        product = products.create_product(session, OPERATOR, given)
        order = SheetOrder(kind="qr", paper=PaperName("roll-50x30"), count=FILES * LABELS_A_FILE)
        return sheets.enqueue_sheets(session, Settings(), OPERATOR, product, order).id or 0


def kept(database: Database, number: int) -> list[bytes]:
    return list(jobs.parts_of(database, number))


def test_after_a_kill_the_next_worker_makes_only_what_is_missing(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = queue(sqlite_database)
    folder = Path(str(sqlite_database.url.database)).parent
    worker = subprocess.Popen(
        [sys.executable, "-c", WORKER, "worker", "--data", str(folder)],
        cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    deadline = time.monotonic() + 60
    while not kept(sqlite_database, number) and time.monotonic() < deadline:
        time.sleep(0.05)
    os.kill(worker.pid, signal.SIGKILL)
    assert worker.wait(10) == -signal.SIGKILL
    first = kept(sqlite_database, number)
    assert 1 <= len(first) < FILES
    with sqlite_database.writing() as session:
        assert session.get_one(Job, number).status == JobStatus.RUNNING
        session.exec(update(Job).values(run_after=now() - timedelta(seconds=1)))
    monkeypatch.setattr(papers, "LABELS_A_FILE", LABELS_A_FILE)
    monkeypatch.setattr(sheets, "press", sheet)
    assert Worker(sqlite_database).step()
    made = kept(sqlite_database, number)
    assert made[: len(first)] == first
    assert [pages(each) for each in made] == [LABELS_A_FILE] * FILES


def pages(pdf: bytes) -> int:
    document = pypdfium2.PdfDocument(pdf)
    count = len(document)
    document.close()
    return count
