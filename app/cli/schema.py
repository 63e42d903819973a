"""nguon db upgrade | backup | restore."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from app.cli.shared import HERE, Data, console, database_of, fail, settings_of, terminal
from app.i18n import N_
from traceability.db import Database
from traceability.transparency.keys import forget_newest

group = typer.Typer(help="The database.", no_args_is_help=True)

PAGES_A_STEP = 4096


@group.command()
def upgrade(data: Data = HERE) -> None:
    """Bring the schema to the newest revision."""
    database_of(data).dispose()
    console.print(terminal().text(N_("The database is up to date.")))


@group.command()
def backup(
    file: Annotated[Path, typer.Argument(help="Where to write the copy.")], data: Data = HERE
) -> None:
    """Copy the embedded database to FILE while the service runs."""
    source = _embedded(data)
    if file.exists():
        fail("cli.file-exists", {"file": str(file)})
    if not source.exists():
        fail("cli.no-database", {"folder": str(data)})
    part = file.with_name(file.name + ".part")
    with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(part)) as copy:
        live.backup(copy, pages=PAGES_A_STEP)
    part.rename(file)
    console.print(terminal().text(N_("Backed up to {file}."), file=str(file)))


@group.command()
def restore(
    file: Annotated[Path, typer.Argument(help="A backup.", exists=True, dir_okay=False)],
    data: Data = HERE,
) -> None:
    """Replace the embedded database by FILE; stop the service first. The old one is kept."""
    target = _embedded(data)
    _check(file)
    data.mkdir(parents=True, exist_ok=True)
    part = target.with_name(target.name + ".part")
    with closing(sqlite3.connect(file)) as copy, closing(sqlite3.connect(part)) as restored:
        copy.backup(restored, pages=PAGES_A_STEP)
    if target.exists():
        _close_log(target)
        target.rename(target.with_name(target.name + ".before-restore"))
    part.rename(target)
    forget_newest(settings_of(data).data / "log-keys")
    database_of(data).dispose()
    console.print(terminal().text(N_("Restored from {file}."), file=str(file)))


def _embedded(data: Path) -> Path:
    database = Database(settings_of(data).database_address)
    if not database.is_sqlite:
        fail("cli.not-embedded", {})
    return Path(str(database.url.database))


def _check(file: Path) -> None:
    """Refuse what is no database of ours, or a damaged one, before anything is moved."""
    try:
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as copy:
            copy.execute("SELECT 1 FROM alembic_version").fetchone()
            if copy.execute("PRAGMA quick_check").fetchone() != ("ok",):
                _refuse(file)
    except sqlite3.DatabaseError:
        _refuse(file)


def _refuse(file: Path) -> NoReturn:
    fail("cli.not-a-backup", {"file": str(file)})


def _close_log(target: Path) -> None:
    """Fold the write-ahead log into the file, so that none is left beside the restored one."""
    with closing(sqlite3.connect(target)) as old:
        old.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        old.execute("PRAGMA journal_mode=DELETE")
