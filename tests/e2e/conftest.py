"""A real server with the demonstration, and a real browser at phone size.

Screenshots go to the folder that NGUON_SCREENSHOTS names, else to a temporary one.
"""

import ctypes
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from app.demo.people import LOG_INS
from traceability.actor import Role

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 800}
ARGUMENTS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

pytestmark = pytest.mark.e2e


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.e2e)


@dataclass(frozen=True)
class Site:
    address: str
    data: Path

    def nguon(self, *arguments: str) -> str:
        """A command of the command line on the same data."""
        command = [sys.executable, "-m", "app", *arguments, "--data", str(self.data)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        return done.stdout.strip()

    def key(self, role: Role, party_id: int | None = None) -> httpx.Client:
        """The API as somebody with a new key."""
        acting_for = ["--org", str(party_id)] if party_id else []
        secret = self.nguon("key", "create", "--role", str(role), *acting_for)
        headers = {"Authorization": f"Bearer {secret}"}
        return httpx.Client(base_url=f"{self.address}/api/v1", headers=headers, timeout=30)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    data = tmp_path_factory.mktemp("site")
    port = _free_port()
    command = [sys.executable, "-m", "app", "start", "--port", str(port), "--data", str(data)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(f"{address}/readyz", process)
        yield Site(address, data)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        assert process.poll() is None, "the server ended"
        try:
            if httpx.get(address).status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise TimeoutError(address)


def _driver_starts() -> bool:
    """Playwright's driver is a node that needs libatomic, which a bare Debian has not."""
    try:
        return sys.platform != "linux" or bool(ctypes.CDLL("libatomic.so.1"))
    except OSError:
        return False


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None or not _driver_starts():
        pytest.skip("no browser to drive: apt install chromium libatomic1")
    arguments = [*ARGUMENTS, "--no-sandbox"] if os.geteuid() == 0 else ARGUMENTS
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield browser
        browser.close()


@pytest.fixture
def visitor(browser: Browser, site: Site) -> Iterator[BrowserContext]:
    """A phone that speaks Vietnamese and runs no script, unless a test asks for another."""
    context = browser.new_context(base_url=site.address, viewport=PHONE, locale="vi-VN")  # type: ignore[arg-type]
    yield context
    context.close()


@pytest.fixture
def page(visitor: BrowserContext) -> Page:
    return visitor.new_page()


def log_in(page: Page, role: Role) -> None:
    """Log in as the demonstration's person of a role."""
    person = next(one for one in LOG_INS if one.role is role)
    page.goto("/login")
    page.fill("input[name=email]", person.email)
    page.fill("input[name=password]", person.password)
    page.click("main button[type=submit]")
    page.wait_for_load_state()


@pytest.fixture(scope="session")
def screenshots(tmp_path_factory: pytest.TempPathFactory) -> Path:
    named = os.environ.get("NGUON_SCREENSHOTS")
    folder = Path(named) if named else tmp_path_factory.mktemp("screenshots")
    folder.mkdir(parents=True, exist_ok=True)
    return folder
