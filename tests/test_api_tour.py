"""The tour of docs/api.md, run as it is written, against a served demonstration."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from app.demo.invoice_maker import Buyer, InvoiceMaker, Line
from tests.test_docs import ROOT, blocks

pytestmark = pytest.mark.skipif(
    not (shutil.which("curl") and shutil.which("bash")), reason="needs bash and curl"
)

NGUON = [sys.executable, "-m", "app"]
STATUS = re.compile(r"^status (\d+) (.+)$", re.MULTILINE)
# What was asked and answered goes to standard error, apart from the answers.
CURL = "curl() { command curl -sS -w '%{stderr}status %{http_code} %{method} %{url}\\n' \"$@\"; }\n"


def environment(folder: Path) -> dict[str, str]:
    ours = {"PYTHONPATH": str(ROOT), "NGUON_DATA": str(folder / "data"), "LANG": "C.UTF-8"}
    return {**os.environ, **ours}


def answers(address: str) -> bool:
    try:
        return bool(urllib.request.urlopen(address, timeout=1).status == 200)
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """A server with the demo data, at a port of its own."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [*NGUON, "start", "--port", str(port)], cwd=tmp_path, env=environment(tmp_path),
        stdout=subprocess.DEVNULL,
    )  # fmt: skip
    found = f"http://127.0.0.1:{port}"
    try:
        until = time.monotonic() + 60
        while not answers(f"{found}/readyz"):
            assert server.poll() is None, "the server ended"
            assert time.monotonic() < until, "the server does not answer"
            time.sleep(0.1)
        yield found
    finally:
        server.terminate()
        server.wait(timeout=20)


def write_invoices(folder: Path) -> None:
    """The files that the tour sends: one invoice, and a ZIP with another."""
    maker = InvoiceMaker()
    seller = maker.issuer("9999001111", "Hợp tác xã Sâm Ví Dụ")
    buyer = Buyer("Cửa hàng Ví Dụ Một", "9999001168", "Phường Kon Tum")
    lines = [Line("Trà sâm thùng", Decimal(2), Decimal(1_100_000), unit="Thùng", item_code="TS-T")]
    files = [
        maker.invoice(
            seller, buyer, lines, symbol="C26TVD", number=number, issued_on=date(2026, 11, 3)
        )
        for number in (901, 902)
    ]
    (folder / "hoa-don-1.xml").write_bytes(files[0])
    with zipfile.ZipFile(folder / "thang-11.zip", "w") as archive:
        archive.writestr("hoa-don-2.xml", files[1])


def test_every_call_of_the_tour_is_answered_as_it_says(address: str, tmp_path: Path) -> None:
    write_invoices(tmp_path)
    script = CURL + "\n".join(blocks("docs/api.md", "sh"))
    script = script.replace("http://127.0.0.1:8000", address)
    script = script.replace("./run nguon", " ".join(NGUON))
    done = subprocess.run(
        ["bash", "-euc", script], cwd=tmp_path, env=environment(tmp_path), capture_output=True,
        text=True, timeout=180, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    asked = STATUS.findall(done.stderr)
    assert len(asked) > 20
    # The one that is refused is the example of an error.
    refused = [(status, what) for status, what in asked if int(status) >= 300]
    assert refused == [("422", f"POST {address}/api/v1/products")], done.stdout
    for said in ("RECALLED", "INVOICE_OVERSOLD", "gs1.check-digit"):
        assert said in done.stdout
