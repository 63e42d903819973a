"""The whole application on a database of its own, asked over HTTP without a socket."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI

from app.main import create_app
from app.settings import Settings
from tests.app.client import Client, Members, make_members
from traceability.db import Database
from traceability.registry import areas


@pytest.fixture
def settings(sqlite_database: Database, tmp_path: Path) -> Settings:
    return Settings(
        data=tmp_path,
        database_url=sqlite_database.url.render_as_string(hide_password=False),
        public_url="https://nguon.example",
        background_worker=False,
        trust_proxy=True,
        public_requests_a_minute=10_000,
    )


@pytest.fixture
def application(sqlite_database: Database, settings: Settings) -> FastAPI:
    with sqlite_database.writing() as session:
        areas.seed_areas(session)
    return create_app(settings)


@pytest.fixture
def client(application: FastAPI) -> Iterator[Client]:
    """The public; `client.acting(key)` is somebody."""
    with Client.serving(application) as asking:
        yield asking


@pytest.fixture
def members(sqlite_database: Database) -> Members:
    """A key of each role, and the organisations that they act for."""
    with sqlite_database.writing() as session:
        return make_members(session)
