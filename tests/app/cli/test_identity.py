"""nguon admin create, nguon key create."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.app.cli.conftest import Nguon


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("identity")


def rows(data: Path, table: str) -> int:
    with closing(sqlite3.connect(data / "nguon.db")) as database:
        found: int = database.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
        return found


def test_an_administrator_is_made_with_the_password_of_standard_input(
    nguon: Nguon, here: Nguon, data: Path
) -> None:
    arguments = ("admin", "create", "--email", "Quan.Tri@example.vn", "--password-stdin")
    done = nguon(*arguments, data=data, given="a long enough password\n")
    assert (done.returncode, done.stderr) == (0, "")
    assert "a long enough password" not in done.stdout
    again = here(*arguments, data=data, given="a long enough password\n")
    assert again.returncode == 1
    assert "identity.email-taken" in again.stderr
    assert rows(data, "user_account") == 1


def test_a_short_password_makes_nobody(here: Nguon, data: Path) -> None:
    done = here("admin", "create", "--email", "x@example.vn", data=data, given="short\n")
    assert done.returncode == 1
    assert "identity.password-length" in done.stderr
    assert "12" in done.stderr


def test_a_key_is_printed_alone_for_scripts(nguon: Nguon, data: Path) -> None:
    done = nguon("key", "create", "--role", "inspector", "--days", "30", data=data)
    assert (done.returncode, done.stderr) == (0, "")
    assert re.fullmatch(r"nguon_[A-Za-z0-9_-]{43}\n", done.stdout)
    assert done.stdout.strip().encode() not in (data / "nguon.db").read_bytes()


def test_a_member_s_key_needs_an_organisation_that_exists(here: Nguon, data: Path) -> None:
    without = here("key", "create", "--role", "shop", data=data)
    unknown = here("key", "create", "--role", "shop", "--org", "99", data=data)
    for done, code in ((without, "organisation-needed"), (unknown, "party-unknown")):
        assert (done.returncode, done.stdout) == (1, "")
        assert code in done.stderr


def test_a_role_that_is_none_is_a_wrong_call(here: Nguon, data: Path) -> None:
    for role in ("king", ""):
        assert here("key", "create", "--role", role, data=data).returncode == 2
    assert here("key", "create", "--role", "anonymous", data=data).returncode == 1


def test_errors_are_in_vietnamese_unless_the_terminal_is_foreign(here: Nguon, data: Path) -> None:
    done = here("key", "create", "--role", "shop", data=data, LC_ALL="vi_VN.UTF-8")
    assert "tổ chức" in done.stderr
