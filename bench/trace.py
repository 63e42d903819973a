"""Events and traces over HTTP: capture, history, trace and recall, and the resolver's redirect.

    ./run bench trace [--json] [--quick] [--edges N] [--databases sqlite,postgresql]

The same questions are asked of a database of 50,000 edges and of one of 5,000,000: what they cost
should grow with the answer alone. Both databases sync every commit; PostgreSQL has been vacuumed
since the last capture when it is asked. The rows of past events are written past the services,
because only their number matters; captures go through them.
"""

import argparse
import json
import os
import random
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import orjson
import sqlalchemy as sa
from rich.console import Console
from rich.table import Table
from sqlmodel import Session

from app.schema import upgrade
from app.security import keys
from bench import bulk, load, supply
from bench.captures import EVENTS, Sender
from tests.postgres import fresh_database, running_postgres
from traceability.actor import Actor, Role
from traceability.db import Database
from traceability.registry.models import Party, Product, Registration
from traceability.resolver.models import Link

SMALL = 50_000
Figures = dict[str, float]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--edges", type=int, default=5_000_000, help="of the large database")
    parser.add_argument("--databases", default="sqlite,postgresql")
    parser.add_argument("--quick", action="store_true", help="500,000 edges, fewer requests")
    given = parser.parse_args()
    edges, share = (min(given.edges, 500_000), 4) if given.quick else (given.edges, 1)
    show = Console(stderr=given.json)
    found: dict[str, Any] = {"nodes_of_a_recall": supply.NODES, "load": os.getloadavg()[0]}
    for kind in given.databases.split(","):
        found[kind] = {}
        for size in (SMALL, edges):
            show.print(f"{kind}: {size:,} edges …")
            found[kind][str(size)] = _of_database(kind, size, share)
        _show(show, kind, found[kind])
    if given.json:
        print(json.dumps(found))


@contextmanager
def _database(kind: str, folder: Path) -> Iterator[str]:
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'nguon.db'}"
        return
    with running_postgres(durable=True) as server, fresh_database(server) as address:
        yield address


def _of_database(kind: str, edges: int, share: int) -> Figures:
    with (
        tempfile.TemporaryDirectory(prefix="nguon-bench-") as folder,
        _database(kind, Path(folder)) as address,
    ):
        chains = max(1, edges // supply.EDGES)
        upgrade(address)
        bulk.load(address, supply.chains(chains))
        secret = _set_up(address)
        with load.server(address, Path(folder), NGUON_BACKGROUND_WORKER="true") as (pid, port):
            return _figures(_Asking(pid, port, secret, chains, share), address)


class _Asking:
    """A server, and the questions for it."""

    def __init__(self, pid: int, port: int, secret: str, chains: int, share: int) -> None:
        self._pid, self._port, self._chains, self._share = pid, port, chains, share
        self._chosen = random.Random(1)  # the same keys in every run
        self._headers = f"Authorization: Bearer {secret}\r\n"
        self.sender = Sender(secret)

    def measured(
        self,
        make: Callable[[int], bytes],
        requests: int,
        status: int,
        connections: int = 1,
        *,
        awake: bool = False,
    ) -> load.Measured:
        number = max(20, requests // self._share)
        return load.measure(self._pid, self._port, make, number, status, connections, awake=awake)

    def get(self, path: str) -> bytes:
        return load.request("GET", path, headers=self._headers)

    def history(self, _: int) -> bytes:
        of = self._chosen.randrange
        key = supply.jar(of(self._chains), of(supply.LOTS), of(supply.JARS))
        return self.get(f"/epcis/v2/events?MATCH_anyEPC={quote(key, safe='')}")

    def trace(self, _: int) -> bytes:
        key = supply.raw_lot(self._chosen.randrange(self._chains)).removeprefix(f"{supply.STEM}/")
        return self.get(f"/api/v1/trace/{key}?direction=down")

    def reach(self, _: int) -> bytes:
        body = orjson.dumps({"inputs": [supply.raw_lot(self._chosen.randrange(self._chains))]})
        headers = f"{self._headers}Content-Type: application/json\r\n"
        return load.request("POST", "/api/v1/recalls/reach", body, headers)

    def redirect(self, _: int) -> bytes:
        number = self._chosen.randrange(10**6)
        return load.request("GET", f"/01/{supply.JAM}/10/J{number}/21/{number}")


def _figures(asking: _Asking, address: str) -> Figures:
    documents = asking.measured(asking.sender.document, 200, 202, 2)
    one = asking.measured(asking.sender.single, 1000, 201)
    four = asking.measured(asking.sender.single, 2000, 201, 4)
    _settle(address)
    history = asking.measured(asking.history, 2000, 200)
    trace = asking.measured(asking.trace, 100, 200)
    reach = asking.measured(asking.reach, 100, 200)
    empty = asking.measured(lambda _: load.request("GET", "/bench/empty"), 8000, 200, 4, awake=True)
    first = asking.measured(lambda _: load.request("GET", "/bench/first"), 8000, 200, 4, awake=True)
    redirect = asking.measured(asking.redirect, 8000, 307, 4, awake=True)
    return {
        "documents, events a second": documents.per_second * EVENTS,
        "documents, events a CPU-second of the service": documents.per_cpu_second * EVENTS,
        "single events a second, 1 client": one.per_second,
        "single events a second, 4 clients": four.per_second,
        "single events a CPU-second of the service": four.per_cpu_second,
        "history of a serial p50 ms": history.p50_ms,
        "history of a serial p95 ms": history.p95_ms,
        "trace of 2,000 nodes p50 ms": trace.p50_ms,
        "trace of 2,000 nodes p95 ms": trace.p95_ms,
        "trace of 2,000 nodes, CPU ms of the service": 1000 / trace.per_cpu_second,
        "dry run of its recall p50 ms": reach.p50_ms,
        "dry run of its recall p95 ms": reach.p95_ms,
        "dry run of its recall, CPU ms of the service": 1000 / reach.per_cpu_second,
        "redirects a CPU-second": redirect.per_cpu_second,
        "redirect to the empty endpoint behind the others": (
            redirect.per_cpu_second / empty.per_cpu_second
        ),
        "redirect to the empty endpoint before all others": (
            redirect.per_cpu_second / first.per_cpu_second
        ),
    }


def _settle(address: str) -> None:
    """What PostgreSQL's own worker does some minutes after so many rows have come in."""
    database = Database(address)
    if not database.is_sqlite:
        with database.engine.connect().execution_options(
            isolation_level="AUTOCOMMIT"
        ) as connection:
            connection.execute(sa.text("VACUUM (ANALYZE)"))
    database.dispose()


def _set_up(address: str) -> str:
    """A registered product with a link; returns the key of an administrator."""
    database = Database(address)
    with database.writing() as session:
        _register(session)
        _, secret = keys.create_key(
            session, Actor(Role.ADMIN), name="bench", role=Role.ADMIN, party_id=None
        )
    database.dispose()
    return secret


def _register(session: Session) -> None:
    party = Party(name="Công ty Ví Dụ", kind="producer", gln=supply.GLNS[1])
    session.add(party)
    session.flush()
    session.add(Registration(party_id=party.id, status="active", valid_from=supply.FIRST.date()))
    product = Product(
        gtin=supply.JAM, gtin_format="GTIN-13", name="Mứt Ví Dụ", producer_id=party.id,
        serialised=True, confirmed=True,
    )  # fmt: skip
    session.add(product)
    session.flush()
    session.add(
        Link(
            anchor=f"/01/{supply.JAM}", product_id=product.id, link_type="pip", is_default=True,
            href="https://vidu.example/mut?lot={lot}", title="Mứt Ví Dụ",
        )
    )  # fmt: skip


def _show(show: Console, kind: str, found: dict[str, Figures]) -> None:
    table = Table(kind, *(f"{int(size):,} edges" for size in found))
    columns: Sequence[Figures] = list(found.values())
    for name in columns[0]:
        table.add_row(name, *(_rounded(column[name]) for column in columns))
    show.print(table)


def _rounded(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


if __name__ == "__main__":
    main()
