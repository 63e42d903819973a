"""Settings come from the environment, and the secret is made once."""

import stat
from pathlib import Path

import pytest

from app.settings import Settings


def test_further_hosts_are_separated_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NGUON_OFFICIAL_HOSTS", "old.example, older.example,")
    monkeypatch.setenv("NGUON_PUBLIC_URL", "https://nguon.example")
    own = {"nguon.example", "id.gs1.org"}
    assert Settings().hosts == own | {"old.example", "older.example"}


def test_the_secret_is_made_once_and_read_by_its_owner_alone(tmp_path: Path) -> None:
    first = Settings(data=tmp_path).secret
    assert Settings(data=tmp_path).secret == first
    assert stat.S_IMODE((tmp_path / "secret").stat().st_mode) == 0o600


def test_cookies_are_secure_where_the_public_address_is() -> None:
    assert Settings(public_url="https://nguon.example").secure_cookies
    assert not Settings(public_url="http://127.0.0.1:8000").secure_cookies
