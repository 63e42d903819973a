"""A server under load: its CPU seconds for each request, and the time to an answer."""

import asyncio
import os
import signal
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Measured:
    requests: int
    cpu_s: float
    """Of the server's process."""
    clock_s: float
    p50_ms: float
    p95_ms: float
    p99_ms: float

    @property
    def per_cpu_second(self) -> float:
        return self.requests / self.cpu_s

    @property
    def per_second(self) -> float:
        return self.requests / self.clock_s


def cpu_seconds(pid: int) -> float:
    """User and system time of one process, its children not included."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def resident_mb(pid: int) -> float:
    """Proportional set size: memory shared with a parent counts once."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    return 0.0


def peak_mb(pid: int) -> float:
    """The most memory that was resident at any moment."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    return 0.0


def children(parent: int) -> list[int]:
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it ended while we looked
        if int(fields[1]) == parent:
            found.append(int(status.parent.name))
    return found


@contextmanager
def server(address: str, data: Path, **settings: str) -> Iterator[tuple[int, int]]:
    """The application with an empty endpoint beside its own; yields its process id and port.

    Args:
        address: of its database.
        data: its folder.
        settings: further ones, by the names of their variables of the environment.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    environment = {
        **os.environ,
        "NGUON_DATABASE_URL": address,
        "NGUON_DATA": str(data),
        "NGUON_PUBLIC_REQUESTS_A_MINUTE": "1000000000",
        "NGUON_BACKGROUND_WORKER": "false",
        **settings,
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.server", str(port)], env=environment, start_new_session=True
    )
    try:
        _wait(port)
        yield process.pid, port
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=20)


def _wait(port: int) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            asyncio.run(_ask(port, request("GET", "/readyz")))
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError


async def _ask(port: int, message: bytes) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(message)
    await writer.drain()
    await _answer(reader)
    writer.close()


def request(method: str, path: str, body: bytes = b"", headers: str = "") -> bytes:
    head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{headers}"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


async def _answer(reader: asyncio.StreamReader) -> int:
    head = await reader.readuntil(b"\r\n\r\n")
    length = next(
        int(line[15:])
        for line in head.lower().split(b"\r\n")
        if line.startswith(b"content-length:")
    )
    await reader.readexactly(length)
    return int(head[9:12])


def measure(
    pid: int,
    port: int,
    make: Callable[[int], bytes],
    requests: int,
    status: int,
    connections: int = 4,
    *,
    awake: bool = True,
) -> Measured:
    """Send `requests` over a few kept-alive connections; each must be answered with `status`.

    A client that stays awake is what processor time is compared with: to wake a sleeping one costs
    the server, and more of it for a slow endpoint than for a fast one that never lets it sleep.
    Where time by the clock counts and a database server needs a processor, too, it sleeps: on two
    cores a client that spins makes one of the others wait for a turn of the scheduler, 4 ms.
    """
    asyncio.run(_drive(port, make, requests // 10, status, connections, [], awake))
    times: list[float] = []
    before, started = cpu_seconds(pid), time.perf_counter()
    asyncio.run(_drive(port, make, requests, status, connections, times, awake))
    taken, used = time.perf_counter() - started, cpu_seconds(pid) - before
    cuts = [cut * 1000 for cut in statistics.quantiles(times, n=100)]
    return Measured(requests, used, taken, cuts[49], cuts[94], cuts[98])


async def _drive(
    port: int, make: Callable[[int], bytes], requests: int, status: int, connections: int,
    times: list[float], awake: bool,
) -> None:  # fmt: skip
    numbers = iter(range(requests))

    async def one() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for number in numbers:
            message = make(number)
            started = time.perf_counter()
            writer.write(message)
            got = await _answer(reader)
            times.append(time.perf_counter() - started)
            if got != status:
                message_text = f"status {got} instead of {status}: {message[:200]!r}"
                raise AssertionError(message_text)
        writer.close()

    async def spin() -> None:
        while awake:
            await asyncio.sleep(0)

    spinning = asyncio.create_task(spin())
    await asyncio.gather(*(one() for _ in range(connections)))
    spinning.cancel()
