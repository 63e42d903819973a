"""Who lives in the simulated district, and how they are entered."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from app.demo.invoice_maker import Issuer
from bench.dataset import gtin
from traceability.invoices.checks.answer import CheckCode
from traceability.registry.models import Party, Product

START = date(2023, 11, 1)


@dataclass
class Shop:
    """A shop as it really is."""

    number: int
    party_id: int
    issuer: Issuer
    supplier: Issuer
    products: list[int]
    stock: Counter[int]
    counted: bool
    """An inspector counted its opening stock."""
    household: int | None
    """A product that it partly buys from a household without invoices."""
    latest: dict[int, tuple[str, int, date, int]] = field(default_factory=dict)
    """The last purchase of a product: symbol, number, day, quantity."""


@dataclass(frozen=True)
class Fraud:
    kind: str
    check: CheckCode
    shops: tuple[int, ...]
    """Any of which may show it."""


def register(session, issuer: Issuer, kind: str) -> int:  # type: ignore[no-untyped-def]
    party = Party(name=issuer.name, kind=kind, tax_code=issuer.tax_code, address="Xã Ví Dụ")
    session.add(party)
    session.flush()
    return party.id or 0


def new_product(session, number: int, producer_id: int) -> int:  # type: ignore[no-untyped-def]
    product = Product(
        gtin=gtin(number), gtin_format="GTIN-13", name=f"Hàng {number}", producer_id=producer_id
    )
    session.add(product)
    session.flush()
    return product.id or 0


def nine(day: date) -> datetime:
    """Nine in the morning in Vietnam."""
    return datetime(day.year, day.month, day.day, 2, tzinfo=UTC)


def months_from_start(count: int) -> Iterator[date]:
    for number in range(count):
        years, month = divmod(START.month - 1 + number, 12)
        yield date(START.year + years, month + 1, 1)
