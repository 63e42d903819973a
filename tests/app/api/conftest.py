"""One application for all tests of a module: they bring codes of their own and share the rest."""

import itertools
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI

from app.demo.goods import gtin_13
from app.main import create_app
from app.settings import Settings
from tests.app.client import Client, Members, make_members
from tests.app.no_scanner import NoScanner
from traceability.actor import Role
from traceability.db import Database
from traceability.registry import areas

_items = itertools.count(1)


@pytest.fixture
def new_gtin() -> Callable[[], str]:
    """GTIN-13s of the demonstration prefix that no other test uses."""
    return lambda: gtin_13("9521", next(_items))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="module")
def sqlite_database(migrated_sqlite: Path, folder: Path) -> Iterator[Database]:
    shutil.copy(migrated_sqlite, folder / "nguon.db")
    database = Database(f"sqlite:///{folder / 'nguon.db'}")
    with database.writing() as session:
        areas.seed_areas(session)
    yield database
    database.dispose()


@pytest.fixture(scope="module")
def settings(folder: Path) -> Settings:
    return Settings(
        data=folder,
        public_url="https://nguon.example",
        background_worker=False,
        trust_proxy=True,
        public_requests_a_minute=10_000,
    )


@pytest.fixture(scope="module")
def application(
    request: pytest.FixtureRequest, sqlite_database: Database, settings: Settings
) -> FastAPI:
    """With a scanner where the module says READS_PICTURES."""
    with pytest.MonkeyPatch.context() as patch:
        if not getattr(request.module, "READS_PICTURES", False):
            patch.setattr("app.main.Supervisor", NoScanner)
        return create_app(settings)


@pytest.fixture(scope="module")
def client(application: FastAPI) -> Iterator[Client]:
    with Client.serving(application) as asking:
        yield asking


@pytest.fixture(scope="module")
def members(sqlite_database: Database) -> Members:
    with sqlite_database.writing() as session:
        return make_members(session)


@pytest.fixture
def admin(client: Client, members: Members) -> Client:
    return client.acting(members.keys[Role.ADMIN])


@pytest.fixture
def producer(client: Client, members: Members) -> Client:
    return client.acting(members.keys[Role.PRODUCER])


@pytest.fixture
def shop(client: Client, members: Members) -> Client:
    return client.acting(members.keys[Role.SHOP])


@pytest.fixture
def inspector(client: Client, members: Members) -> Client:
    return client.acting(members.keys[Role.INSPECTOR])
