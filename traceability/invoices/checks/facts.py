"""What the checks look at: the records of one shop, read once, without any database behind them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property

from traceability.invoices.chain import Chain
from traceability.invoices.checks.answer import Evidence, EvidenceKind
from traceability.invoices.checks.policy import POLICY, CheckPolicy
from traceability.invoices.ledger_models import OriginClaim, StockKind, StockRecord
from traceability.invoices.ledger_repository import DayFlow
from traceability.invoices.list_models import ListKind
from traceability.invoices.standing import POLICY as STANDING
from traceability.invoices.symbol import InvoiceKey


@dataclass(frozen=True, slots=True)
class InvoiceFact:
    """An invoice in which the shop buys or sells, or that it names."""

    id: int
    seller_tax_code: str
    seller_name: str
    buyer_tax_code: str | None
    form: str
    symbol: str
    number: int
    issued_on: date
    format_version: str
    replaced: bool
    seller_signature: str
    """State of the seller's signature; empty where it was never checked."""
    authority_code: str | None
    total: Decimal | None

    @property
    def key(self) -> InvoiceKey:
        return InvoiceKey(self.seller_tax_code, self.form, self.symbol, self.number)

    @property
    def written(self) -> str:
        return self.key.written

    @property
    def evidence(self) -> Evidence:
        return Evidence(EvidenceKind.INVOICE, self.written, self.id, self.issued_on)


@dataclass(frozen=True, slots=True)
class RelationFact:
    """What an invoice replaces or adjusts."""

    invoice_id: int
    nature: str
    """1 replaces, 2 adjusts."""
    named: InvoiceKey | None
    """None where a statement lists the invoices."""
    statement: str | None = None
    """Its number."""

    @property
    def replaces(self) -> bool:
        return self.nature == "1"


@dataclass(frozen=True, slots=True)
class LineFact:
    """A line of goods of a known product, of an invoice that counts."""

    invoice_id: int
    product_id: int
    bought: bool
    """By the shop; else it sold it."""
    on: date
    quantity: Decimal
    """In the product's own unit."""
    unit_price: float | None
    """Money for one of the product's own unit, in đồng; None where it cannot be told."""


@dataclass(frozen=True, slots=True)
class SignatureFact:
    """The best signature of one side of an invoice."""

    role: str
    state: str
    signed_at: datetime | None
    valid_from: datetime | None = None
    valid_to: datetime | None = None


@dataclass(frozen=True, slots=True)
class ListedFact:
    """A tax code on a list of a day."""

    kind: ListKind
    source: str
    dated_on: date
    tax_code: str
    valid_from: date | None
    valid_to: date | None
    document: str

    def holds_on(self, day: date) -> bool:
        """Whether the list says so of that day; one without a first day speaks from its own."""
        starts = self.valid_from or self.dated_on
        return starts <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Trade:
    """A sale of a product from one party to another: an edge of the market."""

    invoice_id: int
    written: str
    product_id: int
    seller: str
    buyer: str
    on: date
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class PumpFact:
    """What the pumps of a station recorded of one fuel on one day."""

    product_id: int
    day: date
    sales: int
    litres: Decimal
    lowest_price: Decimal
    highest_price: Decimal


@dataclass(frozen=True, slots=True)
class PriceFact:
    """A declared price, until the next one of the product."""

    product_id: int
    valid_from: date
    unit_price: Decimal
    source: str


@dataclass(frozen=True, slots=True)
class QrFact:
    """What the QR of an invoice says otherwise than its XML."""

    invoice_id: int
    tier: str
    """How it could be read: strict, tolerant …"""
    differing: tuple[str, ...]
    """Fields that differ."""


@dataclass(frozen=True)
class ShopCase:
    """Everything on record that the checks of one shop look at."""

    tax_code: str
    as_of: date
    policy: CheckPolicy = POLICY
    invoices: Mapping[int, InvoiceFact] = field(default_factory=dict)
    lines: Sequence[LineFact] = ()
    unlinked_lines: int = 0
    signatures: Mapping[int, Sequence[SignatureFact]] = field(default_factory=dict)
    conflicts: frozenset[int] = frozenset()
    """Invoices whose number another document claims too."""
    qr: Sequence[QrFact] = ()
    """Of invoices whose QR could be read."""
    relations: Mapping[int, Sequence[RelationFact]] = field(default_factory=dict)
    """What invoices replace or adjust, by invoice; of the shop's own and of those they name."""
    named: Mapping[InvoiceKey, InvoiceFact] = field(default_factory=dict)
    """Invoices on record that the shop's own name as replaced or adjusted."""
    vat_rates: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    """TSuat of the lines, by invoice."""
    days: Sequence[DayFlow] = ()
    stock: Sequence[StockRecord] = ()
    claims: Sequence[OriginClaim] = ()
    """Of this shop, and of others on the same invoices."""
    claimed: Mapping[int, InvoiceFact] = field(default_factory=dict)
    """The invoices of the claims."""
    claimed_quantities: Mapping[tuple[int, int], Decimal] = field(default_factory=dict)
    """What the claimed invoices hold, by invoice and product."""
    listed: Sequence[ListedFact] = ()
    asked_sources: Mapping[ListKind, Sequence[str]] = field(default_factory=dict)
    """Every source of a kind of list that there is, also those that name none of the sellers."""
    paths: Mapping[int, Chain] = field(default_factory=dict)
    """Path to a rightful source, by product bought."""
    paths_partial: bool = False
    """There are more products than paths were looked for."""
    trades: Sequence[Trade] = ()
    trades_partial: bool = False
    """The market holds more sales than were read."""
    first_made: Mapping[int, date] = field(default_factory=dict)
    """The earliest production date of a product's lots, where every lot states one."""
    pump: Sequence[PumpFact] = ()
    declared_prices: Sequence[PriceFact] = ()
    own_products: frozenset[int] = frozenset()
    """Products that the party makes or imports itself: what it sells of them it did not buy."""
    peer_prices: Mapping[tuple[int, bool, int], Sequence[float]] = field(default_factory=dict)
    """Logarithms of unit prices by product, bought or sold, and month, where the shop has few."""
    peer_prices_partial: bool = False
    """There are more prices of others than were read."""

    @cached_property
    def openings(self) -> Mapping[int, StockRecord]:
        """The last opening count of each product."""
        return {
            record.product_id: record for record in self.stock if record.kind == StockKind.OPENING
        }

    @cached_property
    def counts(self) -> Sequence[StockRecord]:
        """What inspectors saw on the shelf, in order of time."""
        return [record for record in self.stock if record.kind == StockKind.COUNTED]

    @cached_property
    def refuted(self) -> Sequence[InvoiceFact]:
        """Invoices that explain no goods, because their signature contradicts them."""
        return [i for i in self.invoices.values() if not STANDING.counts(i.seller_signature)]

    @cached_property
    def purchases(self) -> Sequence[InvoiceFact]:
        return [i for i in self.invoices.values() if i.buyer_tax_code == self.tax_code]


def month_of(day: date) -> int:
    """A month as one number, so that neighbouring months follow each other.

    >>> month_of(date(2026, 1, 31)) - month_of(date(2025, 12, 1))
    1
    """
    return day.year * 12 + day.month - 1
