"""A look-up and a scan, relative to an empty endpoint, in a small and a large register.

./run bench verify [--json] [--products N --serials N --scans N] [--keep DIR]
"""

import argparse
import json
import random
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from rich.console import Console
from rich.table import Table

from app.security import keys
from bench import dataset, load
from traceability.actor import Actor, Role
from traceability.db import Database

SMALL = 10_000
REQUESTS = 8000


@dataclass(frozen=True)
class Figures:
    products: int
    empty: load.Measured
    """An endpoint that does nothing, added behind the others."""
    first: load.Measured
    """The same, matched before all others."""
    verify: load.Measured
    scans: load.Measured
    service_mb: float
    worker_mb: float

    def as_dict(self) -> dict[str, Any]:
        base, first = self.empty.per_cpu_second, self.first.per_cpu_second
        return {
            "products": self.products,
            "empty_per_cpu_s": round(base),
            "first_empty_per_cpu_s": round(self.first.per_cpu_second),
            "verify_per_cpu_s": round(self.verify.per_cpu_second),
            "verify_ratio": round(self.verify.per_cpu_second / base, 3),
            "verify_ratio_to_first": round(self.verify.per_cpu_second / first, 3),
            "verify_p50_ms": round(self.verify.p50_ms, 2),
            "verify_p99_ms": round(self.verify.p99_ms, 2),
            "scans_per_cpu_s": round(self.scans.per_cpu_second),
            "scans_ratio": round(self.scans.per_cpu_second / base, 3),
            "scans_ratio_to_first": round(self.scans.per_cpu_second / first, 3),
            "scans_p99_ms": round(self.scans.p99_ms, 2),
            "idle_service_mb": round(self.service_mb),
            "scanner_worker_mb": round(self.worker_mb),
        }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--products", type=int, default=1_000_000)
    parser.add_argument("--serials", type=int, default=5_000_000)
    parser.add_argument("--scans", type=int, default=10_000_000)
    parser.add_argument("--keep", type=Path, help="Keep the databases here for the next run.")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="nguon-bench-") as temporary:
        folder = given.keep or Path(temporary)
        small = _figures(folder, SMALL, SMALL * 5, SMALL * 10)
        large = _figures(folder, given.products, given.serials, given.scans)
    result = {
        "small": small.as_dict(),
        "large": large.as_dict(),
        "p99_large_to_small": round(large.verify.p99_ms / small.verify.p99_ms, 2),
    }
    print(json.dumps(result)) if given.json else _print(result)


def _figures(folder: Path, products: int, serials: int, scans: int) -> Figures:
    Console(stderr=True).print(f"{products:,} products, {serials:,} serials, {scans:,} scans …")
    address = dataset.build(folder, products, serials, scans)
    secret = _key(address)
    chosen = random.Random(1)  # the same codes in every run
    headers = f"Authorization: Bearer {secret}\r\nContent-Type: application/json\r\n"

    def code() -> str:
        number = chosen.randrange(serials)
        gtin, serial = dataset.gtin(number % products), dataset.serial(number)
        return f"https://id.gs1.org/01/{gtin}/10/L1/21/{serial}"

    def verify(_: int) -> bytes:
        return load.request("GET", f"/api/v1/verify?code={quote(code(), safe='')}")

    def scan(_: int) -> bytes:
        return load.request(
            "POST", "/api/v1/scans", json.dumps({"scan_data": code()}).encode(), headers
        )

    with load.server(address, folder) as (pid, port):
        service_mb = load.resident_mb(pid)
        workers = [load.resident_mb(child) for child in load.children(pid)]
        return Figures(
            products,
            load.measure(pid, port, _get("/bench/empty"), REQUESTS * 2, 200),
            load.measure(pid, port, _get("/bench/first"), REQUESTS * 2, 200),
            load.measure(pid, port, verify, REQUESTS, 200),
            load.measure(pid, port, scan, REQUESTS // 4, 201),
            service_mb,
            max(workers, default=0),
        )


def _get(path: str) -> Callable[[int], bytes]:
    message = load.request("GET", path)
    return lambda _: message


def _key(address: str) -> str:
    database = Database(address)
    with database.writing() as session:
        _, secret = keys.create_key(
            session, Actor(Role.ADMIN), name="bench", role=Role.INSPECTOR, party_id=None
        )
    database.dispose()
    return secret


def _print(result: dict[str, Any]) -> None:
    table = Table("figure", "10,000 products", "all")
    for name, small in result["small"].items():
        table.add_row(name, f"{small:,}", f"{result['large'][name]:,}")
    table.add_row("p99 large / small", "", str(result["p99_large_to_small"]))
    Console().print(table)


if __name__ == "__main__":
    main()
