"""A scanner that is never asked: an application without it starts and stops at once."""

from collections.abc import Mapping

import pytest


class NoScanner:
    ready = True

    def __init__(self, **_settings: object) -> None:
        pass

    def start(self) -> None:
        pass

    def stop(self) -> None:
        pass

    def statistics(self) -> Mapping[str, float]:
        return {}

    def seconds_by_stage(self) -> Mapping[str, float]:
        return {}

    def reads(self) -> Mapping[tuple[str, str], int]:
        return {}


@pytest.fixture
def no_scanner(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.main.Supervisor", NoScanner)
