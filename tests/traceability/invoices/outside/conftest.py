"""A simulated registry as a real server, and a client of it whose time is the test's."""

from collections.abc import Callable, Iterator
from decimal import Decimal

import pytest

from app.demo.registry_simulator import Entry, Simulator, served
from traceability.invoices.outside.answers import InvoiceStatus
from traceability.invoices.outside.breaker import CircuitBreaker
from traceability.invoices.outside.http import Endpoint, HttpInvoiceRegistry
from traceability.invoices.symbol import InvoiceKey

KEY = InvoiceKey("9999100017", "1", "C26TAA", 12)
CANCELLED = InvoiceKey("9999100017", "1", "C26TAA", 13)
NOWHERE = InvoiceKey("9999100017", "1", "C26TAA", 99)
TOKEN = "chỉ-để-thử".encode().hex()
BOOK = {
    KEY: Entry(total=Decimal(1100000), seller_name="CÔNG TY VÍ DỤ"),
    CANCELLED: Entry(InvoiceStatus.CANCELLED, Decimal(1100000)),
}


class Time:
    """A clock that goes forward by pauses alone, and remembers them."""

    def __init__(self) -> None:
        self.at = 1000.0
        self.pauses: list[float] = []

    def clock(self) -> float:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.at += seconds


@pytest.fixture(scope="session")
def _served() -> Iterator[tuple[Simulator, str]]:
    simulator = Simulator(BOOK.get, TOKEN, slow_s=0.6)
    with served(simulator) as address:
        yield simulator, address


@pytest.fixture
def simulator(_served: tuple[Simulator, str]) -> Simulator:
    """Whole again, and with no memory of the test before."""
    from app.demo.registry_simulator import Fault

    _served[0].fault = Fault.NONE
    _served[0].asked.clear()
    return _served[0]


@pytest.fixture
def address(_served: tuple[Simulator, str]) -> str:
    return _served[1]


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def client(
    simulator: Simulator, address: str, time: Time
) -> Iterator[Callable[..., HttpInvoiceRegistry]]:
    """Makes clients; those of a test are closed after it."""
    made = []

    def make(url: str = address, *, failures: int = 5, **how: object) -> HttpInvoiceRegistry:
        endpoint = Endpoint(url, **{"token": TOKEN, "connect_s": 0.3, "read_s": 0.3, **how})  # type: ignore[arg-type]
        breaker = CircuitBreaker(failures, rest_s=30, clock=time.clock)
        registry = HttpInvoiceRegistry(
            endpoint, breaker, clock=time.clock, sleep=time.sleep, draw=lambda _low, high: high
        )
        made.append(registry)
        return registry

    yield make
    for registry in made:
        registry.close()
