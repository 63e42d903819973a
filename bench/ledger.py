"""How fast the ledger answers: one shop with a million invoice lines.

    python -m bench.ledger [--lines 1000000] [--products 1000] [--address ...]
    python -m bench.ledger --checks --lines 100000 --products 500

Rows are written past the services, because only their number matters; then the ledger is made of
them, and asked as of days spread over three years.
"""

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from app.schema import upgrade
from bench.dataset import gtin
from traceability.actor import Actor, Role
from traceability.clock import now
from traceability.db import Database
from traceability.invoices import ledger
from traceability.invoices.checks.service import check_shop
from traceability.invoices.sums import MILLION
from traceability.registry.models import Party, Product

SHOP, SUPPLIERS = "9999100024", [f"99991{number:05d}" for number in range(50)]
FIRST = date(2024, 1, 1)
DAYS = 3 * 365
PER_INVOICE = 20
EVERY_SALE = 3
"""Of three invoices one is a purchase, two are sales."""
TOGETHER = 2500
"""Invoices of one transaction."""
_RECEIVED = "2026-01-01 00:00:00"


def fill(database: Database, lines: int, products: int) -> None:
    """A shop's invoices over three years, in random order of days as they arrive."""
    rng = random.Random(1450)
    with database.writing() as session:
        session.execute(sa.insert(Party), [{"id": 1, "name": "Bench", "kind": "producer"}])
        session.execute(sa.insert(Product), [_product(n) for n in range(1, products + 1)])
    count = lines // PER_INVOICE
    for start in range(1, count + 1, TOGETHER):
        with database.writing() as session:
            numbers = range(start, min(start + TOGETHER, count + 1))
            invoices = [_invoice(rng, number) for number in numbers]
            _insert(session, "invoice", invoices)
            _insert(
                session, "invoice_line", [r for i in invoices for r in _lines(rng, i, products)]
            )


def _insert(session: Session, table: str, rows: list[dict[str, Any]]) -> None:
    """Rows as the driver takes them: past the models, whose types would look at each value."""
    connection, names = session.connection(), ", ".join(rows[0])
    if connection.dialect.name == "sqlite":
        marks = ", ".join("?" * len(rows[0]))
        statement = f"INSERT INTO {table} ({names}) VALUES ({marks})"
        connection.exec_driver_sql(statement, [tuple(row.values()) for row in rows])
        return
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(f"COPY {table} ({names}) FROM STDIN") as stream:
        stream.write("".join("\t".join(map(_copied, row.values())) + "\n" for row in rows))


def _copied(value: object) -> str:
    return "\\N" if value is None else str(value)


def _product(number: int) -> dict[str, Any]:
    return {
        "id": number, "gtin": gtin(number), "gtin_format": "GTIN-13", "name": f"Goods {number}",
        "risk_class": "low", "producer_id": 1, "confirmed": True, "serialised": False,
        "display_sample": False, "created_at": now(), "changed_at": now(),
    }  # fmt: skip


def _invoice(rng: random.Random, number: int) -> dict[str, Any]:
    bought = number % EVERY_SALE == 0
    seller, buyer = (rng.choice(SUPPLIERS), SHOP) if bought else (SHOP, None)
    return {
        "id": number, "seller_tax_code": seller, "form": "1", "symbol": "C26TAA",
        "number": number, "issued_on": str(FIRST + timedelta(days=rng.randrange(DAYS))),
        "format_version": "2.1.0", "seller_name": seller, "seller_address": "",
        "buyer_tax_code": buyer, "currency": "VND", "replaced": 0, "seller_signature": "",
        "content_digest": f"{number:064d}", "received_at": _RECEIVED,
    }  # fmt: skip


def _lines(rng: random.Random, invoice: dict[str, Any], products: int) -> Iterator[dict[str, Any]]:
    bought = invoice["buyer_tax_code"] is not None
    least, most = (10, 50) if bought else (1, 12)
    same = {
        "invoice_id": invoice["id"], "nature": "1", "name": "Goods", "unit": "Hộp",
        "seller_tax_code": invoice["seller_tax_code"], "issued_on": invoice["issued_on"],
        "buyer_tax_code": invoice["buyer_tax_code"],
    }  # fmt: skip
    for position in range(1, PER_INVOICE + 1):
        micro = int(least + rng.random() * (most - least)) * MILLION
        yield {
            **same, "position": position, "quantity": micro, "base_quantity": micro,
            "product_id": 1 + int(rng.random() * products),
            "unit_price": 9_500 + int(rng.random() * 1000),
        }  # fmt: skip


def timed(work: Callable[[], object], times: int) -> tuple[float, float]:
    """Median and 95th percentile, in milliseconds."""
    spent = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        spent.append((time.perf_counter() - start) * 1000)
    return statistics.median(spent), sorted(spent)[int(len(spent) * 0.95)]


def measure(database: Database, products: int) -> None:
    rng = random.Random(7)

    def one() -> None:
        with database.reading() as session:
            on = FIRST + timedelta(days=rng.randrange(DAYS))
            ledger.balance(session, SHOP, rng.randrange(1, products + 1), on)

    def whole() -> None:
        with database.reading() as session:
            ledger.balances(session, SHOP, FIRST + timedelta(days=rng.randrange(DAYS)))

    for name, work, times in (("one product", one, 300), ("whole shop", whole, 10)):
        median, p95 = timed(work, times)
        print(f"{name}: median {median:.1f} ms, p95 {p95:.1f} ms")


def measure_checks(database: Database) -> None:
    with database.writing() as session:
        session.add(Party(id=2, name="Bench shop", kind="shop", tax_code=SHOP))
    start = time.perf_counter()
    with database.reading() as session:
        report = check_shop(session, Actor(Role.INSPECTOR), 2)
    print(f"{len(report.results)} checks: {time.perf_counter() - start:.1f} s")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--lines", type=int, default=1_000_000)
    parser.add_argument("--products", type=int, default=1000)
    parser.add_argument("--checks", action="store_true", help="every origin check on the shop")
    parser.add_argument("--address", help="an empty database; one in a folder of its own without")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        address = asked.address or f"sqlite:///{Path(folder) / 'nguon.db'}"
        upgrade(address)
        database = Database(address)
        try:
            fill(database, asked.lines, asked.products)
            start = time.perf_counter()
            with database.writing() as session:
                days = ledger.rebuild(session)
            print(f"rebuild: {days} daily sums in {time.perf_counter() - start:.1f} s")
            measure(database, asked.products)
            if asked.checks:
                measure_checks(database)
        finally:
            database.dispose()


if __name__ == "__main__":
    main()
