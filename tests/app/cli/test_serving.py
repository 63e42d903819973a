"""nguon serve, worker, demo, openapi: the processes themselves."""

import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path

import httpx
import pytest
from sqlmodel import select

from app.demo import goods
from app.security.keys import create_key
from app.settings import Settings
from tests.app.cli.conftest import ROOT, Nguon, command, environment
from traceability import jobs
from traceability.actor import Actor, Role
from traceability.db import Database
from traceability.invoices.models import Invoice
from traceability.registry import import_job
from traceability.registry.columns import Table


@contextmanager
def running(*arguments: str | Path, data: Path) -> Iterator["subprocess.Popen[str]"]:
    process = subprocess.Popen(
        command(*arguments, data=data), cwd=ROOT, env=environment(), text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    with process:
        try:
            yield process
        finally:
            process.kill()


def wait_for(address: str, process: "subprocess.Popen[str]") -> httpx.Response:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        assert process.poll() is None, process.communicate()
        try:
            answer = httpx.get(address, trust_env=False)
        except httpx.TransportError:
            time.sleep(0.1)
            continue
        if answer.status_code == 200:
            return answer
        time.sleep(0.1)
    pytest.fail(f"{address} did not answer")


def test_serve_answers_over_a_socket_and_ends_when_asked(
    demo: Path, tmp_path: Path, free_port: int
) -> None:
    shutil.copytree(demo, tmp_path, dirs_exist_ok=True)
    base = f"http://127.0.0.1:{free_port}"
    with running("serve", "--port", str(free_port), data=tmp_path) as process:
        assert wait_for(f"{base}/readyz", process).json()["ready"] is True
        verdict = httpx.get(f"{base}/api/v1/verify?code={goods.GINSENG}", trust_env=False)
        assert verdict.json()["level"] == "ok"
        assert "server" not in verdict.headers
        page = httpx.get(f"{base}/01/0{goods.GINSENG}", trust_env=False)
        assert page.status_code == 200
        process.send_signal(signal.SIGTERM)
        output, errors = process.communicate(timeout=20)
    assert process.returncode in (0, -signal.SIGTERM)
    assert (output, errors) == ("", "")
    secret = tmp_path / "secret"
    assert not secret.exists() or secret.stat().st_mode & 0o077 == 0


def test_serve_leaves_a_database_alone_that_is_not_up_to_date(here: Nguon, tmp_path: Path) -> None:
    done = here("serve", data=tmp_path)
    assert done.returncode == 1
    assert "nguon db upgrade" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_serve_does_queued_work_beside_the_requests(
    demo: Path, tmp_path: Path, free_port: int
) -> None:
    shutil.copytree(demo, tmp_path, dirs_exist_ok=True)
    number = queue(tmp_path)
    with running("serve", "--port", str(free_port), data=tmp_path) as process:
        wait_for(f"http://127.0.0.1:{free_port}/healthz", process)
        assert status(tmp_path, number) == "done"


def test_a_worker_takes_what_is_queued_and_ends_when_asked(demo: Path, tmp_path: Path) -> None:
    shutil.copytree(demo, tmp_path, dirs_exist_ok=True)
    number = queue(tmp_path)
    with running("worker", data=tmp_path) as process:
        assert status(tmp_path, number) == "done"
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == 0


def queue(data: Path) -> int:
    table = f"gtin,name,producer_id\n{goods.gtin_13('9521101', 78)},Trà,5\n".encode()
    database = Database(Settings(data=data).database_address)
    with database.writing() as session:
        operator = Actor(Role.ADMIN)
        job = import_job.enqueue_import(session, operator, Table.PRODUCTS, table, "a.csv")
    database.dispose()
    return job.id or 0


def status(data: Path, number: int) -> str:
    """How the job ends, waited for."""
    database = Database(Settings(data=data).database_address)
    deadline = time.monotonic() + 20
    found = "queued"
    while found not in ("done", "failed") and time.monotonic() < deadline:
        time.sleep(0.1)
        with database.reading() as session:
            found = session.get_one(jobs.Job, number).status
    database.dispose()
    return found


def test_demo_data_are_loaded_once_and_their_codes_and_log_ins_shown(
    nguon: Nguon, demo: Path
) -> None:
    before = (demo / "nguon.db").stat().st_size
    done = nguon("demo", "--port", "8123", data=demo)
    assert done.returncode == 0
    assert "http://127.0.0.1:8123/01/" in done.stdout
    assert "kiemsoat@vidu.example" in done.stdout
    assert (demo / "nguon.db").stat().st_size == before


def test_the_demonstration_runs_a_simulated_registry_that_can_be_made_to_fail(
    demo: Path, tmp_path: Path, free_port: int
) -> None:
    shutil.copytree(demo, tmp_path, dirs_exist_ok=True)
    database = Database(Settings(data=tmp_path).database_address)
    with database.reading() as session:
        invoice = session.get_one(Invoice, 1)
    database.dispose()
    base = f"http://127.0.0.1:{free_port}"
    asked = f"{base}/invoices/{invoice.seller_tax_code}/1/{invoice.symbol}/{invoice.number}"
    with running("simulator", "--port", str(free_port), data=tmp_path) as process:
        found = wait_for(asked, process).json()
        assert (found["status"], Decimal(found["total"])) == ("original", invoice.total)
        unknown = httpx.get(f"{base}/invoices/9999100017/1/C26XXX/1", trust_env=False)
        assert (unknown.status_code, unknown.json()["status"]) == (404, "unknown")
        httpx.put(f"{base}/fault/unavailable", trust_env=False)
        assert httpx.get(asked, trust_env=False).status_code == 503
        httpx.put(f"{base}/fault/none", trust_env=False)
        assert httpx.get(asked, trust_env=False).status_code == 200
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) in (0, -signal.SIGTERM)


def test_start_with_demo_data_asks_the_simulated_registry(
    demo: Path, tmp_path: Path, free_port: int
) -> None:
    shutil.copytree(demo, tmp_path, dirs_exist_ok=True)
    base = f"http://127.0.0.1:{free_port}"
    made = Database(Settings(data=tmp_path).database_address)
    with made.writing() as session:
        _, key = create_key(
            session, Actor(Role.ADMIN), name="x", role=Role.INSPECTOR, party_id=None
        )
        found = session.exec(select(Invoice.id).where(Invoice.number == 9)).one()
    made.dispose()
    bearer = {"Authorization": f"Bearer {key}"}
    with running("start", "--port", str(free_port), data=tmp_path) as process:
        wait_for(f"{base}/readyz", process)
        told = httpx.post(
            f"{base}/api/v1/invoices/{found}/outside", headers=bearer, trust_env=False, timeout=20
        ).json()
        assert (told["standing"], told["status"]) == ("differs", "cancelled")
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=20)


def test_the_description_of_the_api_is_printed_as_json(nguon: Nguon, tmp_path: Path) -> None:
    done = nguon("openapi", data=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    document = json.loads(done.stdout)
    assert document["openapi"].startswith("3.1")
    assert "/api/v1/verify" in document["paths"]
    assert os.listdir(tmp_path) == []  # noqa: PTH208 -- nothing is made by asking


def test_without_a_command_the_commands_are_listed(tmp_path: Path) -> None:
    done = subprocess.run(
        command(data=tmp_path)[:3], cwd=ROOT, env=environment(), capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    for name in ("serve", "worker", "db", "admin", "key", "demo", "import", "verify", "openapi"):
        assert name in done.stdout + done.stderr
