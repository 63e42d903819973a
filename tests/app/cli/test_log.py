"""nguon log verify, keys, rotate, export."""

import json
import shutil
from pathlib import Path

import pytest

from app.background import Worker
from app.cli.shared import settings_of
from app.transparency import SOURCES
from tests.app.cli.conftest import Nguon
from traceability.clock import now
from traceability.db import Database
from traceability.transparency import log, merkle, receipts
from traceability.transparency.models import LeafKind
from traceability.transparency.note import Checkpoint, Note

RECALL = [(LeafKind.RECALL, "recall:1")]


@pytest.fixture
def data(demo: Path, tmp_path: Path) -> Path:
    """A copy of the demonstration whose entries have their places."""
    folder = tmp_path / "data"
    shutil.copytree(demo, folder)
    database = Database(f"sqlite:///{folder / 'nguon.db'}")
    worker = Worker(database, settings_of(folder).log_keys)
    while worker._integrate():
        pass
    database.dispose()
    return folder


@pytest.fixture
def kept(data: Path, tmp_path: Path) -> tuple[Path, Path]:
    """A receipt and the public keys, in files of their own."""
    keys = settings_of(data).log_keys
    database = Database(f"sqlite:///{data / 'nguon.db'}")
    statement = {"level": "stop", "code": "x", "at": "2026-11-23", "findings": []}
    with database.reading() as session:
        made = receipts.issue(session, keys.signing, statement, RECALL, now(), SOURCES)
    database.dispose()
    receipt, key = tmp_path / "receipt.json", tmp_path / "keys.txt"
    receipt.write_text(json.dumps(made))
    key.write_text("\n".join(map(str, keys.public)))
    return receipt, key


def test_the_log_of_the_demonstration_holds(here: Nguon, data: Path) -> None:
    done = here("log", "verify", data=data)
    assert (done.returncode, done.stderr) == (0, "")
    assert "entries holds." in done.stdout


def test_a_record_changed_behind_its_back_makes_the_exit_status_1(here: Nguon, data: Path) -> None:
    database = Database(f"sqlite:///{data / 'nguon.db'}")
    with database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE recall SET advice = 'x' WHERE id = 1")
    database.dispose()
    done = here("log", "verify", data=data)
    assert (done.returncode, done.stdout) == (1, "record-changed\trecall:1\n")
    assert "1 faults were found" in done.stderr


def test_a_log_that_was_cut_back_is_shorter_than_the_service_remembers(
    here: Nguon, data: Path
) -> None:
    database = Database(f"sqlite:///{data / 'nguon.db'}")
    with database.engine.begin() as connection:
        for table in ("log_entry", "log_tile", "log_checkpoint"):
            connection.exec_driver_sql(f"DELETE FROM {table}")
    keys = settings_of(data).log_keys
    assert keys.newest is not None
    done = here("log", "verify", data=data)
    assert (done.returncode, "entry-missing\t0\n" in done.stdout) == (1, True)
    with database.writing() as session:
        log.enter(session, LeafKind.RECALL, [("recall:1", {})])
    Worker(database, keys)._integrate()  # nothing is signed over it
    with database.reading() as session:
        assert log.newest_checkpoint(session) is None
    database.dispose()


def test_a_backup_that_is_restored_on_purpose_is_gone_on_from(
    here: Nguon, data: Path, tmp_path: Path
) -> None:
    assert here("db", "backup", tmp_path / "copy.db", data=data).returncode == 0
    database = Database(f"sqlite:///{data / 'nguon.db'}")
    keys = settings_of(data).log_keys

    def enter_and_sign(subject: str) -> bool:
        with database.writing() as session:
            log.enter(session, LeafKind.RECALL, [(subject, {})])
        before = keys.newest
        Worker(database, keys)._integrate()
        return keys.newest != before

    assert enter_and_sign("recall:1")
    database.dispose()
    assert here("db", "restore", tmp_path / "copy.db", data=data).returncode == 0
    assert enter_and_sign("recall:2")
    database.dispose()


def test_a_receipt_is_checked_without_the_database(
    here: Nguon, kept: tuple[Path, Path], tmp_path: Path
) -> None:
    receipt, key = kept
    empty = tmp_path / "elsewhere"
    done = here("log", "verify", "--receipt", receipt, "--key", key, data=empty)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[:2] == ["verdict\tstop\t\tx\t2026-11-23", "proved\trecall:1"]
    assert not empty.exists()


def test_a_receipt_that_was_changed_is_refused(here: Nguon, kept: tuple[Path, Path]) -> None:
    receipt, key = kept
    receipt.write_text(receipt.read_text().replace('"stop"', '"ok"'))
    done = here("log", "verify", "--receipt", receipt, "--key", key, data=receipt.parent)
    assert done.returncode == 1
    assert "transparency.receipt-statement" in done.stderr


@pytest.mark.parametrize("text", ["", "no key", "\x00", "a+b+c"])
def test_a_file_without_a_key_is_refused(here: Nguon, kept: tuple[Path, Path], text: str) -> None:
    receipt, key = kept
    key.write_text(text)
    done = here("log", "verify", "--receipt", receipt, "--key", key, data=receipt.parent)
    assert (done.returncode, "transparency.key-file" in done.stderr) == (1, True)


def test_a_receipt_needs_its_key(here: Nguon, kept: tuple[Path, Path]) -> None:
    done = here("log", "verify", "--receipt", kept[0], data=kept[0].parent)
    assert (done.returncode, "transparency.key-needed" in done.stderr) == (2, True)


def test_after_a_rotation_old_and_new_checkpoints_and_receipts_hold(
    here: Nguon, data: Path, kept: tuple[Path, Path]
) -> None:
    before = here("log", "keys", data=data).stdout
    new = here("log", "rotate", data=data).stdout
    after = here("log", "keys", data=data).stdout
    assert after == before + new
    assert here("log", "verify", data=data).returncode == 0
    receipt, key = kept
    key.write_text(after)
    done = here("log", "verify", "--receipt", receipt, "--key", key, data=data)
    assert done.returncode == 0, done.stderr


def test_the_static_files_are_the_tree(here: Nguon, data: Path, tmp_path: Path) -> None:
    folder = tmp_path / "files"
    assert here("log", "export", folder, data=data).returncode == 0
    note = (folder / "checkpoint").read_text()
    point = Checkpoint.of_text(Note.parse(note).text)
    hashes = b"".join(path.read_bytes() for path in sorted((folder / "tile" / "0").rglob("*"))
                      if path.is_file())  # fmt: skip
    leaves = [hashes[at : at + 32] for at in range(0, len(hashes), 32)]
    assert merkle.root(merkle.Leaves(leaves), point.size) == point.root
    assert here("log", "verify", folder / "checkpoint", data=data).returncode == 0


def test_a_checkpoint_of_a_past_that_never_was_is_found(
    here: Nguon, data: Path, tmp_path: Path
) -> None:
    keys = settings_of(data).log_keys
    text = Checkpoint(keys.origin, 3, bytes(32)).text
    kept = tmp_path / "kept"
    kept.write_text(f"{text}\n{keys.signing.line(text)}")
    done = here("log", "verify", kept, data=data)
    assert (done.returncode, done.stdout) == (1, "history-differs\t3\n")
