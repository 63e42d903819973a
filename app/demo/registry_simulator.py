"""A simulated outside invoice registry: a small server of its own that can be made to fail.

It answers in the agreed form (`traceability.invoices.outside.wire`) from a book of invoices, on
this machine only, and has no part in an installation for real. What is wrong with it is switched
by `Simulator.fault`, or over HTTP while it runs:

    PUT /fault/slow     none, slow, drip, unavailable, busy, garbage, wrong-type, huge, redirect,
                        reset

>>> simulator = Simulator({}.get)
>>> simulator.fault = Fault("garbage")
>>> [route.path for route in simulator.application().routes]
['/invoices/{seller}/{form}/{symbol}/{number}', '/fault/{fault}']
"""

import asyncio
import socket
import struct
import threading
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from pathlib import Path

import uvicorn
from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse, StreamingResponse
from sqlmodel import select
from uvicorn.protocols.http.h11_impl import H11Protocol

from traceability.clock import now
from traceability.db import Database
from traceability.invoices.models import Invoice
from traceability.invoices.outside.answers import InvoiceStatus
from traceability.invoices.symbol import InvoiceKey

_HUGE = 5_000_000
_START_S = 10
"""Seconds within which the server must be up."""


class Fault(StrEnum):
    NONE = "none"
    SLOW = "slow"
    """Answers after `slow_s` seconds."""
    DRIP = "drip"
    """Answers one byte at a time, without end."""
    UNAVAILABLE = "unavailable"
    """503."""
    BUSY = "busy"
    """503 with Retry-After: 20."""
    GARBAGE = "garbage"
    """JSON by its type, and then not."""
    WRONG_TYPE = "wrong-type"
    """A page of HTML, status 200."""
    HUGE = "huge"
    REDIRECT = "redirect"
    RESET = "reset"
    """The connection is torn down as soon as something was asked."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An invoice in the registry's book."""

    status: InvoiceStatus = InvoiceStatus.ORIGINAL
    total: Decimal | None = None
    currency: str = "VND"
    seller_name: str | None = None


Book = Callable[[InvoiceKey], Entry | None]


class Simulator:
    """The registry: its book, its fault of the moment, and what it was asked.

    Args:
        book: the entry of a key; None for an invoice that it does not know.
        token: the bearer token that it insists on; any caller without.
        slow_s: seconds that SLOW takes.
    """

    def __init__(self, book: Book, token: str | None = None, slow_s: float = 3.0) -> None:
        self.book, self.slow_s = book, slow_s
        self.fault = Fault.NONE
        self.asked: deque[str] = deque(maxlen=1000)
        """The requests received last, whole: their first line, headers and body."""
        self._token = token

    def application(self) -> FastAPI:
        app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
        app.get("/invoices/{seller}/{form}/{symbol}/{number}")(self._answer)
        app.put("/fault/{fault}")(self._switch)
        return app

    async def _switch(self, fault: Fault) -> dict[str, str]:
        self.fault = fault
        return {"fault": fault}

    async def _answer(
        self, request: Request, seller: str, form: str, symbol: str, number: int
    ) -> Response:
        if self._token and request.headers.get("authorization") != f"Bearer {self._token}":
            return JSONResponse({"detail": "token"}, 401)
        if self.fault is Fault.SLOW:
            await asyncio.sleep(self.slow_s)
        failing = _FAILURES.get(self.fault)
        return failing() if failing else self._entry(InvoiceKey(seller, form, symbol, number))

    def _entry(self, key: InvoiceKey) -> Response:
        entry = self.book(key)
        known = entry or Entry(InvoiceStatus.UNKNOWN)
        answer = {
            "seller_tax_code": key.seller_tax_code, "form": key.form, "symbol": key.symbol,
            "number": key.number, "status": known.status, "currency": known.currency,
            "total": None if known.total is None else f"{known.total:f}",
            "seller_name": known.seller_name, "as_of": now().isoformat(),
        }  # fmt: skip
        return JSONResponse(answer, 200 if entry else 404)


async def _drops() -> AsyncIterator[bytes]:
    while True:
        yield b" "
        await asyncio.sleep(0.02)


_FAILURES: dict[Fault, Callable[[], Response]] = {
    Fault.DRIP: lambda: StreamingResponse(_drops(), media_type="application/json"),
    Fault.UNAVAILABLE: lambda: JSONResponse({"detail": "down"}, 503),
    Fault.BUSY: lambda: JSONResponse({"detail": "later"}, 503, headers={"Retry-After": "20"}),
    Fault.GARBAGE: lambda: Response(b'{"status": "origin\xff', media_type="application/json"),
    Fault.WRONG_TYPE: lambda: Response("<h1>Welcome</h1>", media_type="text/html"),
    Fault.HUGE: lambda: Response(b" " * _HUGE, media_type="application/json"),
    Fault.REDIRECT: lambda: RedirectResponse("/invoices/1/1/C26TAA/1"),
}


def _protocol(simulator: Simulator) -> type[H11Protocol]:
    class Watched(H11Protocol):
        """Sees the bytes before HTTP does: a reset is nothing that HTTP could express."""

        def data_received(self, data: bytes) -> None:
            simulator.asked.append(data.decode("latin-1"))
            if simulator.fault is Fault.RESET and data.startswith(b"GET "):
                raw = self.transport.get_extra_info("socket")
                # A linger of zero makes the kernel send RST instead of an orderly end.
                raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.transport.abort()
                return
            super().data_received(data)

    return Watched


@dataclass(frozen=True, slots=True)
class Certificate:
    """PEM files, for a simulator that speaks TLS."""

    certificate: Path
    key: Path


class Server(uvicorn.Server):
    """Says when it is up."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.up.set()


def server_of(simulator: Simulator, certificate: Certificate | None = None) -> Server:
    config = uvicorn.Config(
        simulator.application(), loop="asyncio", http=_protocol(simulator), lifespan="off",
        log_config=None, access_log=False, timeout_graceful_shutdown=1,
        ssl_certfile=certificate.certificate if certificate else None,
        ssl_keyfile=certificate.key if certificate else None,
    )  # fmt: skip
    return Server(config)


@contextmanager
def served(
    simulator: Simulator, port: int = 0, certificate: Certificate | None = None
) -> Iterator[str]:
    """Its address while it is served on this machine; port 0 takes any that is free.

    Raises:
        OSError: the port is taken.
    """
    with socket.create_server(("127.0.0.1", port)) as listener:
        server = server_of(simulator, certificate)
        thread = threading.Thread(
            target=server.run, args=([listener],), name="registry-simulator", daemon=True
        )
        thread.start()
        if not server.up.wait(_START_S):
            raise TimeoutError("the simulated registry did not start")
        scheme = "https" if certificate else "http"
        try:
            yield f"{scheme}://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(_START_S)


PLANTED = {
    9: Entry(InvoiceStatus.CANCELLED),
    11: None,
    13: Entry(InvoiceStatus.ORIGINAL, Decimal(1_000)),
}
"""By number, what the demonstration's registry says otherwise than the demonstration's records:
the second shop's milk is cancelled, its coffee from a household unknown, a total differs."""
_PLANTED_IN = "C26TVD"
"""Symbol of the demonstration's invoices."""


def book_of(database: Database) -> Book:
    """A registry that knows what this database knows, except for what is planted."""

    def entry(key: InvoiceKey) -> Entry | None:
        if key.symbol == _PLANTED_IN and key.number in PLANTED:
            return PLANTED[key.number]
        with database.reading() as session:
            found = session.exec(
                select(Invoice).where(
                    Invoice.seller_tax_code == key.seller_tax_code, Invoice.form == key.form,
                    Invoice.symbol == key.symbol, Invoice.number == key.number,
                )
            ).first()  # fmt: skip
        if found is None:
            return None
        status = InvoiceStatus.REPLACED if found.replaced else InvoiceStatus.ORIGINAL
        return Entry(status, found.total, found.currency, found.seller_name)

    return entry
