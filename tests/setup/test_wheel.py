"""A wheel built from the tree serves on its own: code, tables, pages, words and migrations inside.

The environment is fresh but for the dependencies, which it borrows from the one of the tests, so
that nothing is fetched.
"""

import os
import signal
import socket
import subprocess
import sys
import sysconfig
import time
import venv
import zipfile
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

import pytest

ROOT = Path(__file__).resolve().parents[2]
START_S = 60


def run(*words: str | Path, cwd: Path) -> None:
    result = subprocess.run(words, cwd=cwd, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, cwd=ROOT)
    (file,) = folder.glob("nguon-*.whl")
    return file


@pytest.fixture(scope="module")
def nguon(wheel, tmp_path_factory) -> Path:
    """The command `nguon` of an environment that has never seen the tree."""
    folder = tmp_path_factory.mktemp("fresh")
    venv.create(folder / "env", with_pip=False)
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    borrowed = folder / "env" / "lib" / version / "site-packages" / "borrowed.pth"
    borrowed.write_text(sysconfig.get_path("purelib"))
    python = folder / "env" / "bin" / "python"
    pip = (sys.executable, "-m", "pip", "--python", python, "install", "--no-index", "--no-deps")
    run(*pip, wheel, cwd=folder)
    return folder / "env" / "bin" / "nguon"


def test_the_wheel_holds_what_serving_needs_and_nothing_else(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {name.split("/")[0] for name in names} == {
        *("app", "gs1", "scanner", "traceability"),
        next(name.split("/")[0] for name in names if name.endswith(".dist-info/METADATA")),
    }
    for needed in ("gs1/data/", "app/templates/", "app/static/", "app/locale/vi/"):
        assert any(name.startswith(needed) for name in names), needed
    assert "app/_alembic/env.py" in names
    assert any(name.startswith("app/_alembic/versions/") for name in names)
    assert any(name.endswith("licenses/LICENSE") for name in names)


def test_an_installed_wheel_migrates_loads_the_demo_and_serves_pages_in_vietnamese(
    nguon, tmp_path, monkeypatch
):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("NGUON_", "PYTHONPA"))}
    words = [nguon, "start", "--port", str(port), "--data", tmp_path / "data"]
    log = tmp_path / "log"
    with (
        log.open("w") as output,
        subprocess.Popen(
            words, cwd=tmp_path, env=environment, stdout=output, stderr=subprocess.STDOUT
        ) as server,
    ):
        try:
            wait_until_it_answers(f"http://127.0.0.1:{port}/healthz", server, log)
            page = fetch(f"http://127.0.0.1:{port}/", "vi")
            assert '<html lang="vi"' in page
            assert '<html lang="en"' in fetch(f"http://127.0.0.1:{port}/", "en")
        finally:
            server.send_signal(signal.SIGTERM)
    assert (tmp_path / "data" / "nguon.db").stat().st_size > 0


def wait_until_it_answers(url: str, server: subprocess.Popen, log: Path) -> None:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline and server.poll() is None:
        try:
            fetch(url)
        except URLError:
            time.sleep(0.1)
        else:
            return
    pytest.fail(log.read_text())


def fetch(url: str, language: str = "en") -> str:
    with urlopen(Request(url, headers={"Accept-Language": language}), timeout=5) as answer:
        return answer.read().decode()
