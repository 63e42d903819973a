"""E-invoices: reading and signatures, import through the API, balances, checks of a shop.

    ./run bench invoices [--json] [--invoices N] [--lines N] [--databases sqlite,postgresql]

Signed invoices of 20 lines are brought in twice over the API of a running server: as ZIPs of 500
that are answered at once, and as a single ZIP that becomes a job. The ledger is asked in a shop
of a million lines, all checks run on one of a hundred thousand. PostgreSQL is the one of the
tests, which gives durability away; SQLite syncs every commit.
"""

import argparse
import io
import json
import random
import tempfile
import time
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import sqlalchemy as sa
from rich.console import Console
from rich.table import Table

from app.demo.invoice_maker import Buyer, InvoiceMaker, Line, fictional_tax_code
from app.schema import upgrade
from app.security import keys
from bench import invoice_reading, ledger, load
from tests.postgres import fresh_database, running_postgres
from traceability.actor import Actor, Role
from traceability.db import Database
from traceability.invoices.checks.service import check_shop
from traceability.invoices.ledger import balance, balances, rebuild
from traceability.registry.models import Party

ADMIN = Actor(Role.ADMIN)
LINES_OF_AN_INVOICE = 20
AT_ONCE = 500
SELLERS, BUYERS, GOODS = 20, 50, 2000
PRODUCTS = 1000
CHECKED_LINES = 100_000
CHECKED_SHOP = 2
ASKED, ASKED_WHOLE = 300, 20


@dataclass(frozen=True, slots=True)
class Import:
    """One way of bringing the invoices in."""

    per_second: float
    peak_mb: float
    """Of the server, from its start."""


@dataclass(frozen=True, slots=True)
class Answers:
    """Milliseconds of the ledger in a shop of many lines."""

    lines: int
    product_p50_ms: float
    product_p95_ms: float
    shop_p50_ms: float
    shop_p95_ms: float
    rebuild_s: float


def say(text: str) -> None:
    Console(stderr=True).print(text)


def archives(count: int, each: int) -> Iterator[bytes]:
    """ZIPs of signed invoices, the same at every run but for their signatures."""
    maker, rng = InvoiceMaker(), random.Random(1450)
    sellers = [maker.issuer(fictional_tax_code(n + 1), f"CÔNG TY MẪU {n}") for n in range(SELLERS)]
    buyers = [Buyer(f"Cửa hàng mẫu {n}", fictional_tax_code(100 + n)) for n in range(BUYERS)]
    for first in range(0, count, each):
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for number in range(first + 1, min(first + each, count) + 1):
                content = maker.invoice(
                    rng.choice(sellers), rng.choice(buyers), _lines(rng), symbol="C26TAA",
                    number=number, issued_on=date(2026, 1, 1) + timedelta(days=number % 300),
                )  # fmt: skip
                archive.writestr(f"{number:06}.xml", content)
        yield file.getvalue()


def _lines(rng: random.Random) -> list[Line]:
    kinds = rng.sample(range(GOODS), LINES_OF_AN_INVOICE)
    return [
        Line(
            f"Hàng mẫu {n} 500g", Decimal(rng.randrange(1, 50)), Decimal(90000), item_code=f"H-{n}"
        )
        for n in kinds
    ]


def joined(parts: Sequence[bytes]) -> bytes:
    """All members of some ZIPs in one."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as whole:
        for part in parts:
            with zipfile.ZipFile(io.BytesIO(part)) as archive:
                for name in archive.namelist():
                    whole.writestr(name, archive.read(name))
    return file.getvalue()


@contextmanager
def databases(kind: str, folder: Path) -> Iterator[str]:
    """The address of an empty database with the schema of today."""
    if kind == "sqlite":
        address = f"sqlite:///{folder / 'nguon.db'}"
        upgrade(address)
        yield address
        return
    with running_postgres() as server, fresh_database(server) as address:
        upgrade(address)
        yield address


@contextmanager
def serving(kind: str) -> Iterator[tuple[int, httpx.Client]]:
    """A fresh server, its process id, and a client with the key of an administrator."""
    with (
        tempfile.TemporaryDirectory(prefix="nguon-bench-") as folder,
        databases(kind, Path(folder)) as address,
    ):
        database = Database(address)
        with database.writing() as session:
            _, secret = keys.create_key(
                session, ADMIN, name="bench", role=Role.ADMIN, party_id=None
            )
        database.dispose()
        settings = {"NGUON_BACKGROUND_WORKER": "true", "NGUON_MAX_BODY_BYTES": "1000000000"}
        with (
            load.server(address, Path(folder), **settings) as (pid, port),
            httpx.Client(
                base_url=f"http://127.0.0.1:{port}/api/v1", timeout=300,
                headers={"Authorization": f"Bearer {secret}"},
            ) as client,
        ):  # fmt: skip
            yield pid, client


def at_once(kind: str, parts: Sequence[bytes], count: int) -> Import:
    """One request after the other, each answered 201 when its invoices are stored."""
    with serving(kind) as (pid, client):
        started = time.perf_counter()
        for part in parts:
            answer = client.post("/invoices", files={"file": ("some.zip", part)})
            assert answer.status_code == 201, answer.text[:300]
        taken = time.perf_counter() - started
        return Import(round(count / taken, 1), round(load.peak_mb(pid), 1))


def as_job(kind: str, whole: bytes, count: int) -> Import:
    """A single upload, answered 202, until its job is done."""
    with serving(kind) as (pid, client):
        started = time.perf_counter()
        answer = client.post("/invoices", files={"file": ("all.zip", whole)})
        assert answer.status_code == 202, answer.text[:300]
        place = answer.headers["location"].removeprefix("/api/v1")
        while (job := client.get(place).json())["status"] in ("queued", "running"):
            time.sleep(0.2)
        taken = time.perf_counter() - started
        assert job["result"]["imported"] == count, job
        return Import(round(count / taken, 1), round(load.peak_mb(pid), 1))


def ask_the_ledger(database: Database, lines: int) -> Answers:
    """Balances as of days spread over three years."""
    ledger.fill(database, lines, PRODUCTS)
    started = time.perf_counter()
    with database.writing() as session:
        rebuild(session)
    rebuilt = time.perf_counter() - started
    rng = random.Random(7)

    def day() -> date:
        return ledger.FIRST + timedelta(days=rng.randrange(ledger.DAYS))

    def product() -> None:
        with database.reading() as session:
            balance(session, ledger.SHOP, rng.randrange(1, PRODUCTS + 1), day())

    def shop() -> None:
        with database.reading() as session:
            balances(session, ledger.SHOP, day())

    one, whole = ledger.timed(product, ASKED), ledger.timed(shop, ASKED_WHOLE)
    figures = [round(each, 2) for each in (*one, *whole)]
    return Answers(lines, *figures, rebuild_s=round(rebuilt, 1))


def check(database: Database, lines: int) -> float:
    """Seconds that all checks of one shop take."""
    ledger.fill(database, lines, PRODUCTS)
    with database.writing() as session:
        session.add(Party(id=CHECKED_SHOP, name="Bench", kind="shop", tax_code=ledger.SHOP))
        rebuild(session)
        if not database.is_sqlite:
            session.execute(sa.text("ANALYZE"))
    started = time.perf_counter()
    with database.reading() as session:
        report = check_shop(session, ADMIN, CHECKED_SHOP)
    assert report.results
    return round(time.perf_counter() - started, 2)


def _on_empty(kind: str, work: Any, *arguments: Any) -> Any:
    with (
        tempfile.TemporaryDirectory(prefix="nguon-bench-") as folder,
        databases(kind, Path(folder)) as address,
    ):
        database = Database(address)
        try:
            return work(database, *arguments)
        finally:
            database.dispose()


def run(kinds: Sequence[str], invoices: int, lines: int, show: Console) -> dict[str, Any]:
    """Measure one database after the other, and show the figures of each as soon as they are there.

    Args:
        kinds: sqlite, postgresql.
        invoices: how many are brought in.
        lines: of the ledger's shop.
        show: where figures go before all are there: a run that is stopped has said what it found.
    """
    say("reading and signatures …")
    found: dict[str, Any] = {"reading": asdict(invoice_reading.measure())}
    _show(show, "one core", {"reading": found["reading"]})
    say(f"signing {invoices:,} invoices of {LINES_OF_AN_INVOICE} lines …")
    parts = list(archives(invoices, AT_ONCE))
    whole = joined(parts)
    found["invoices"], found["zip_mb"] = invoices, round(len(whole) / 1e6, 1)
    for kind in kinds:
        found[kind] = _of_database(kind, parts, whole, invoices, lines)
        _show(show, kind, found[kind])
    return found


def _of_database(
    kind: str, parts: Sequence[bytes], whole: bytes, invoices: int, lines: int
) -> dict[str, Any]:
    say(f"{kind}: import at once, import as a job …")
    found: dict[str, Any] = {"import": asdict(at_once(kind, parts, invoices))}
    found["job"] = asdict(as_job(kind, whole, invoices))
    say(f"{kind}: {lines:,} lines in the ledger …")
    found["ledger"] = asdict(_on_empty(kind, ask_the_ledger, lines))
    checked = min(CHECKED_LINES, lines)
    say(f"{kind}: all checks of {checked:,} lines …")
    found["checks"] = {"lines": checked, "seconds": _on_empty(kind, check, checked)}
    return found


def _show(show: Console, title: str, figures: dict[str, dict[str, float]]) -> None:
    table = Table("figure", title)
    for part, named in figures.items():
        for name, value in named.items():
            table.add_row(f"{part}: {name}", f"{round(value, 2):,}")
    show.print(table)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--invoices", type=int, default=10_000)
    parser.add_argument("--lines", type=int, default=1_000_000, help="of the ledger's shop")
    parser.add_argument("--databases", default="sqlite,postgresql")
    given = parser.parse_args()
    show = Console(stderr=given.json)
    found = run(given.databases.split(","), given.invoices, given.lines, show)
    if given.json:
        print(json.dumps(found))


if __name__ == "__main__":
    main()
