"""Settings: from arguments or NGUON_… of the environment, checked before anything starts."""

import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pydantic import ValidationError

from app.settings import Settings


def test_without_a_database_address_there_is_one_in_the_data_folder(tmp_path: Path) -> None:
    assert Settings(data=tmp_path).database_address == f"sqlite:///{tmp_path / 'nguon.db'}"
    given = "postgresql+psycopg://nguon@db/nguon"
    assert Settings(data=tmp_path, database_url=given).database_address == given


def test_the_environment_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NGUON_SCANNER_WORKERS", "3")
    monkeypatch.setenv("NGUON_PUBLIC_URL", "https://tra-cuu.example")
    monkeypatch.setenv("NGUON_OFFICIAL_HOSTS", "a.example, b.example ,")
    settings = Settings()
    assert settings.scanner_workers == 3
    assert settings.official_hosts == ("a.example", "b.example")
    assert settings.hosts == {"tra-cuu.example", "a.example", "b.example", "id.gs1.org"}


def test_an_argument_goes_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NGUON_SESSION_HOURS", "1")
    assert Settings(session_hours=2).session_hours == 2


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SCANNER_WORKERS", "0"), ("SCANNER_WORKERS", "many"), ("SCANNER_DEADLINE_S", "0"),
        ("MAX_BODY_BYTES", "1"), ("SESSION_HOURS", "10000"), ("LOG_IN_ATTEMPTS", "-1"),
        ("TRUST_PROXY", "perhaps"), ("INVOICE_REGISTRY_URL", "http://registry.example"),
        ("INVOICE_REGISTRY_DEADLINE_S", "11"), ("INVOICE_REGISTRY_CA_FILE", "/nowhere.pem"),
    ],
)  # fmt: skip
def test_a_setting_out_of_bounds_is_refused(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"NGUON_{name}", value)
    with pytest.raises(ValidationError, match=name.lower()):
        Settings()


def test_the_secret_is_made_once_and_read_by_its_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    first = Settings(data=folder).secret
    assert len(first) == 32
    assert Settings(data=folder).secret == first
    assert stat.S_IMODE((folder / "secret").stat().st_mode) == 0o600
    assert [path.name for path in folder.iterdir()] == ["secret"]


def test_of_many_that_make_the_secret_at_once_all_use_the_same(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as threads:
        made = set(threads.map(lambda _: Settings(data=tmp_path).secret, range(32)))
    assert len(made) == 1


def test_the_token_of_the_registry_is_shown_nowhere() -> None:
    settings = Settings(
        invoice_registry_url="https://registry.example", invoice_registry_token="x7y8"
    )
    assert "x7y8" not in f"{settings!r} {settings}"


@pytest.mark.parametrize(
    ("address", "secure"), [("https://a.example", True), ("http://127.0.0.1:8000", False)]
)
def test_cookies_are_for_https_alone_where_the_service_is(address: str, secure: bool) -> None:
    assert Settings(public_url=address).secure_cookies is secure


def test_a_setting_that_is_wrong_ends_the_command_with_its_name(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "app", "db", "upgrade", "--data", str(tmp_path)],
        env={"NGUON_SESSION_HOURS": "never", "PATH": ""}, capture_output=True, text=True,
        cwd=Path(__file__).parents[2], check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "NGUON_SESSION_HOURS" in done.stderr
    assert "Traceback" not in done.stderr
