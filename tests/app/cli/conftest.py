"""The command line as a stranger uses it: `python -m app` in a process of its own."""

import io
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.cli import main

ROOT = Path(__file__).parents[3]
Nguon = Callable[..., "subprocess.CompletedProcess[str] | Done"]


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


@dataclass(frozen=True)
class Done:
    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Nguon:
    """The same within this process: quicker, where the process itself is not the matter."""

    def run(*arguments: str | Path, data: Path, given: str = "", **settings: str) -> Done:
        for name, text in {"LC_ALL": "en_GB.UTF-8", "COLUMNS": "200", **settings}.items():
            monkeypatch.setenv(name, text)
        monkeypatch.setattr("sys.argv", ["nguon", *map(str, arguments), "--data", str(data)])
        monkeypatch.setattr("sys.stdin", io.StringIO(given))
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        output, errors = capsys.readouterr()
        return Done(int(ended.value.code or 0), output, errors)

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
