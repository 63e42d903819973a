"""Fixtures of every test: a migrated database of its own, on SQLite and on PostgreSQL.

`database` runs a test on both; `sqlite_database` on the embedded one alone, for what does not
depend on the database. NGUON_TEST_DATABASES=sqlite leaves PostgreSQL out.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from sqlalchemy.engine import make_url
from sqlmodel import Session

from app.schema import upgrade
from app.security import passwords
from tests.postgres import fresh_database, running_postgres
from traceability.db import Database

KINDS = os.environ.get("NGUON_TEST_DATABASES", "sqlite,postgresql").split(",")


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of the machine reaches a test."""
    for name in [name for name in os.environ if name.startswith("NGUON_")]:
        if not name.startswith(("NGUON_TEST", "NGUON_SHARED")):
            monkeypatch.delenv(name)


@pytest.fixture(autouse=True)
def cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashes that take no second each: what a hash should cost is argon2's own affair."""
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "_hasher", cheap)


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated file to copy: migrating is done once, by the real migrations."""
    path = tmp_path_factory.mktemp("sqlite") / "migrated.db"
    upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def migrated_postgres() -> Iterator[str]:
    """The address of a migrated database to copy."""
    with running_postgres() as server, fresh_database(server) as address:
        upgrade(address)
        yield address


def _sqlite(migrated: Path, folder: Path) -> Iterator[Database]:
    shutil.copy(migrated, folder / "nguon.db")
    database = Database(f"sqlite:///{folder / 'nguon.db'}")
    yield database
    database.dispose()


def _postgres(template: str) -> Iterator[Database]:
    with fresh_database(template, template=str(make_url(template).database)) as address:
        database = Database(address)
        yield database
        database.dispose()


@pytest.fixture
def sqlite_database(migrated_sqlite: Path, tmp_path: Path) -> Iterator[Database]:
    yield from _sqlite(migrated_sqlite, tmp_path)


@pytest.fixture(params=KINDS)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    if request.param == "sqlite":
        yield from _sqlite(request.getfixturevalue("migrated_sqlite"), tmp_path)
    else:
        yield from _postgres(request.getfixturevalue("migrated_postgres"))


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """A writing session that the test ends as it likes; what is not committed is gone."""
    with database.write_session() as session:
        yield session
