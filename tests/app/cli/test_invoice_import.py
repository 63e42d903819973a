"""nguon import invoices: folders and ZIPs, progress, a kill in the middle, the list of refused."""

import os
import random
import signal
import subprocess
import time
from pathlib import Path

from sqlmodel import select

from tests.app.cli.conftest import ROOT, Nguon, command, environment
from tests.traceability.invoices.files import invoice, zipped_as
from traceability.db import Database
from traceability.invoices.models import Invoice
from traceability.jobs import Job

INVOICES = 1200


def filled(folder: Path, count: int, first: int = 1) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(first, first + count):
        (folder / f"{number:05}.xml").write_bytes(invoice(number))
    return folder


def test_a_folder_is_taken_in_with_the_zips_in_it_and_every_refused_file_is_named(
    here: Nguon, tmp_path: Path
) -> None:
    folder = filled(tmp_path / "in" / "2026", 5)
    (folder / "bad.xml").write_bytes(b"no XML")
    (folder / "more.zip").write_bytes(zipped_as({"x.xml": invoice(99), "y.xml": invoice(1)}))
    listed = tmp_path / "refused.csv"
    done = here("import", "invoices", folder, "--refused", listed, data=tmp_path)
    assert done.returncode == 1
    assert "2026: 5 imported, 0 known already, 1 refused" in done.stdout
    assert "more.zip: 1 imported, 1 known already, 0 refused" in done.stdout
    assert "bad.xml The file is not XML." in done.stderr
    assert listed.read_text(encoding="utf-8-sig").splitlines()[1].startswith("bad.xml,")
    again = here("import", "invoices", folder, data=tmp_path)
    assert "2026: 0 imported, 5 known already, 1 refused" in again.stdout


def test_a_zip_that_is_none_is_refused_and_the_next_file_is_taken_in(
    here: Nguon, tmp_path: Path
) -> None:
    (tmp_path / "bad.zip").write_bytes(b"PK\x03\x04 and no more")
    (tmp_path / "good.xml").write_bytes(invoice(1))
    done = here("import", "invoices", tmp_path / "bad.zip", tmp_path / "good.xml", data=tmp_path)
    assert done.returncode == 1
    assert "bad.zip The ZIP file is damaged." in done.stderr
    assert "good.xml: 1 imported" in done.stdout


def test_a_folder_is_no_table(here: Nguon, tmp_path: Path) -> None:
    done = here("import", "products", filled(tmp_path / "in", 0), data=tmp_path)
    assert (done.returncode, "registry.file-type" in done.stderr) == (2, True)


def test_a_command_that_is_killed_goes_on_when_it_is_given_again(
    nguon: Nguon, tmp_path: Path
) -> None:
    folder = filled(tmp_path / "in", INVOICES)
    nguon("db", "upgrade", data=tmp_path)
    arguments = ("import", "invoices", folder)
    database, done = Database(f"sqlite:///{tmp_path / 'nguon.db'}"), 0
    for _ in range(3):
        work = subprocess.Popen(
            command(*arguments, data=tmp_path), cwd=ROOT, env=environment(),
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        deadline = time.monotonic() + 60
        while stored(database) <= done and time.monotonic() < deadline:
            time.sleep(random.uniform(0.01, 0.05))
        os.kill(work.pid, signal.SIGKILL)
        work.wait()
        done = stored(database)
        if done >= INVOICES // 2:
            break  # on a busy machine much is taken in between two looks
    assert 0 < done < INVOICES
    last = nguon(*arguments, data=tmp_path)
    assert last.returncode == 0, last.stderr
    assert "going on where the import stopped" in last.stderr
    assert f"in: {INVOICES:,} imported, 0 known already, 0 refused" in last.stdout
    with database.reading() as session:
        assert sorted(session.exec(select(Invoice.number))) == list(range(1, INVOICES + 1))
        assert len(session.exec(select(Job.id)).all()) == 1
    database.dispose()


def stored(database: Database) -> int:
    with database.reading() as session:
        return len(session.exec(select(Invoice.id)).all())
