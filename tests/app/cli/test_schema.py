"""nguon db: bring up to date, copy while the service runs, put a copy back."""

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.app.cli.conftest import Nguon


def count(data: Path, table: str = "product") -> int:
    with closing(sqlite3.connect(data / "nguon.db")) as database:
        found: int = database.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
        return found


@pytest.fixture
def copy(demo: Path, tmp_path: Path) -> Path:
    """A copy of the demonstration that a test may change."""
    shutil.copytree(demo, tmp_path / "copy")
    return tmp_path / "copy"


def test_upgrading_makes_the_database_and_does_nothing_the_second_time(
    nguon: Nguon, tmp_path: Path
) -> None:
    data = tmp_path / "new" / "folder"
    for _ in range(2):
        done = nguon("db", "upgrade", data=data)
        assert (done.returncode, done.stderr) == (0, "")
        assert "up to date" in done.stdout
    assert count(data) == 0


def test_a_backup_is_put_back_and_the_replaced_database_is_kept(
    nguon: Nguon, copy: Path, tmp_path: Path
) -> None:
    file = tmp_path / "backup.db"
    writer = sqlite3.connect(copy / "nguon.db", isolation_level=None)
    with closing(writer):  # the service goes on writing meanwhile
        writer.execute("PRAGMA journal_mode=WAL")
        writer.execute("BEGIN IMMEDIATE")
        done = nguon("db", "backup", file, data=copy)
        writer.execute("ROLLBACK")
    assert (done.returncode, done.stderr) == (0, "")
    before = count(copy)
    with closing(sqlite3.connect(copy / "nguon.db")) as database, database:
        database.execute("DELETE FROM serial_activity")
    done = nguon("db", "restore", file, data=copy)
    assert (done.returncode, done.stderr) == (0, "")
    assert (count(copy), count(copy, "serial_activity")) == (before, 1)
    assert (copy / "nguon.db.before-restore").is_file()
    assert not list(copy.glob("*.part"))


def test_a_backup_overwrites_nothing(here: Nguon, demo: Path, tmp_path: Path) -> None:
    file = tmp_path / "precious"
    file.write_text("mine")
    done = here("db", "backup", file, data=demo)
    assert done.returncode == 1
    assert "cli.file-exists" in done.stderr
    assert file.read_text() == "mine"


def test_where_there_is_no_database_there_is_no_backup(here: Nguon, tmp_path: Path) -> None:
    done = here("db", "backup", tmp_path / "b.db", data=tmp_path / "none")
    assert done.returncode == 1
    assert "cli.no-database" in done.stderr
    assert not (tmp_path / "b.db").exists()


def test_only_a_backup_is_put_back(here: Nguon, copy: Path, tmp_path: Path) -> None:
    text, other, damaged = (tmp_path / name for name in ("text", "other.db", "damaged.db"))
    text.write_text("no database")
    with closing(sqlite3.connect(other)) as database:
        database.execute("CREATE TABLE x (y)")
    whole = (copy / "nguon.db").read_bytes()
    damaged.write_bytes(
        whole[:4096] + os.urandom(len(whole) // 2) + whole[4096 + len(whole) // 2 :]
    )
    before = count(copy)
    for file in (text, other, damaged):
        done = here("db", "restore", file, data=copy)
        assert done.returncode == 1
        assert "cli.not-a-backup" in done.stderr
    assert count(copy) == before
    assert here("db", "restore", tmp_path / "missing", data=copy).returncode == 2


def test_a_database_on_a_server_is_not_copied_by_this_command(here: Nguon, tmp_path: Path) -> None:
    settings = {"NGUON_DATABASE_URL": "postgresql+psycopg://nobody@127.0.0.1:9/none"}
    done = here("db", "backup", tmp_path / "b.db", data=tmp_path, **settings)
    assert done.returncode == 1
    assert "cli.not-embedded" in done.stderr
