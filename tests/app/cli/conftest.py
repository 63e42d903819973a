"""The command line as a stranger uses it: `python -m app` in a process of its own."""

import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
Nguon = Callable[..., subprocess.CompletedProcess[str]]


def environment(**more: str) -> dict[str, str]:
    known = {name: text for name, text in os.environ.items() if not name.startswith("NGUON_")}
    return {**known, "LC_ALL": "en_GB.UTF-8", "PYTHONIOENCODING": "utf-8", "COLUMNS": "200", **more}


def command(*arguments: str | Path, data: Path) -> list[str]:
    return [sys.executable, "-m", "app", *map(str, arguments), "--data", str(data)]


@pytest.fixture(scope="session")
def nguon() -> Nguon:
    """Run a command to its end."""

    def run(
        *arguments: str | Path, data: Path, given: str = "", **settings: str
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command(*arguments, data=data), input=given, capture_output=True, text=True,
            encoding="utf-8", cwd=ROOT, env=environment(**settings), timeout=60, check=False,
        )  # fmt: skip

    return run


@pytest.fixture(scope="session")
def demo(nguon: Nguon, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the demonstration, not to be changed."""
    folder = tmp_path_factory.mktemp("demo")
    done = nguon("demo", data=folder)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
