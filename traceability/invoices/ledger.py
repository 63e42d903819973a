"""How many units of a product a shop's documents explain, as of any day.

    expected = opening + bought - sold - returned - seized

Purchases and sales are daily sums of invoice lines (`LedgerDay`): invoices that were replaced or
whose signature is refuted (`standing`) count nothing, adjustments their signed quantity, lines no
product is known for count nowhere.
The sums are made from documents alone, either all anew (`rebuild`) or by booking the difference
that new, replaced or newly linked documents make (`apply`); both give the same sums.

Opening counts, returns and seizures are statements (`stock`). An opening count begins the balance
anew on its day. Without one the balance says what documents explain, not what lies on the shelf:
a negative one is "not yet explained", never a verdict.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from sqlmodel import Session, col

from traceability.folding import fold
from traceability.invoices import ledger_repository, relation_repository, repository
from traceability.invoices.ledger_models import Side, StockKind, StockRecord
from traceability.invoices.ledger_repository import Amount, Cell, Flow, Posting
from traceability.invoices.models import InvoiceLine
from traceability.invoices.sums import micro_of, split

BOUGHT, SOLD = Side.BOUGHT, Side.SOLD


@dataclass(frozen=True, slots=True)
class Balance:
    """The balance of one product at one party, in the product's own unit."""

    tax_code: str
    product_id: int
    as_of: date | None
    """The last day counted; None for everything on record."""
    bought: Decimal = Decimal(0)
    sold: Decimal = Decimal(0)
    bought_lines: int = 0
    sold_lines: int = 0
    first_on: date | None = None
    """Day of the earliest line counted; None without lines."""
    last_on: date | None = None
    units: tuple[str, ...] = ()
    """Units of lines that no factor converts, folded; more than one makes the sum unsure."""
    opening: Decimal = Decimal(0)
    opening_on: date | None = None
    """Day of the count with which the balance begins; None where stock before is not known."""
    returned: Decimal = Decimal(0)
    seized: Decimal = Decimal(0)
    counted: Decimal | None = None
    """The last count on the shelf; None before the first."""
    counted_on: date | None = None

    @property
    def expected(self) -> Decimal:
        """What should be left by the documents."""
        return self.opening + self.bought - self.sold - self.returned - self.seized


def balance(session: Session, tax_code: str, product_id: int, as_of: date | None = None) -> Balance:
    """The balance of one party and product; zeros where there are no lines."""
    records = ledger_repository.stock_records(session, tax_code, product_id, as_of)
    found = ledger_repository.flows(session, tax_code, product_id, as_of, _openings(records))
    return _combined(Balance(tax_code, product_id, as_of), found, records)


def balances(session: Session, tax_code: str, as_of: date | None = None) -> list[Balance]:
    """The balance of each product the party bought, sold or holds, by product id."""
    records = ledger_repository.stock_records(session, tax_code, None, as_of)
    found = ledger_repository.flows(session, tax_code, None, as_of, _openings(records))
    flows = _by_product(found)
    stated = _by_product(records)
    return [
        _combined(Balance(tax_code, product_id, as_of), flows.get(product_id, []),
                  stated.get(product_id, []))
        for product_id in sorted(flows.keys() | stated.keys())
    ]  # fmt: skip


def unlinked_lines(session: Session, tax_code: str, as_of: date | None = None) -> int:
    """How many of the party's lines no balance knows of: evidence that a balance is unsure."""
    return ledger_repository.unlinked_lines(session, tax_code, as_of)


def apply(session: Session, invoice_ids: Collection[int]) -> None:
    """Book what these invoices change: new, replaced, or with lines linked to another product.

    Each line knows what the ledger counts of it, so booking the same invoice again changes
    nothing. Call it in the transaction that changed the invoices, under `repository.lock`.
    """
    for part in repository.chunks(sorted(invoice_ids)):
        _book(session, col(InvoiceLine.invoice_id).in_(part))


def apply_new(session: Session, lines: Iterable[Mapping[str, Any]]) -> None:
    """Book lines that are being stored and were never counted.

    They are stored with what is counted in `counted_product_id` and `counted_quantity` (see
    `counted`), so that nothing has to be read back. Should an invoice turn out to be replaced,
    `apply` it after.

    Args:
        session: the writing session.
        lines: rows of `invoice_line`.
    """
    sums: dict[Cell, Amount] = {}
    for line in lines:
        base = line["counted_quantity"]
        if base is not None:
            _enter(sums, _posting(line), (line["counted_product_id"], micro_of(base)), 1)
    ledger_repository.add(session, sums)


def counted(
    product_id: int | None, base_quantity: Decimal | None
) -> tuple[int | None, Decimal | None]:
    """What the ledger counts of a line whose invoice counts; nothing without a link."""
    if product_id is None or base_quantity is None:
        return None, None
    return product_id, base_quantity


def _posting(line: Mapping[str, Any]) -> Posting:
    quantity = line["quantity"]
    return Posting(
        line["seller_tax_code"], line["buyer_tax_code"], line["issued_on"], line["unit"],
        None if quantity is None else micro_of(quantity), True, None, None, None, None,
    )  # fmt: skip


def apply_lines(session: Session, line_ids: Collection[int]) -> None:
    """The same for single lines, whose link to a product has changed."""
    for part in repository.chunks(sorted(line_ids)):
        _book(session, col(InvoiceLine.id).in_(part))


def withdraw(session: Session, invoice_ids: Collection[int]) -> None:
    """Take back what was counted of invoices whose lines are about to go."""
    for part in repository.chunks(sorted(invoice_ids)):
        sums: dict[Cell, Amount] = {}
        for line in ledger_repository.postings(session, col(InvoiceLine.invoice_id).in_(part)):
            _enter(sums, line, (line.counted_product_id, line.counted_quantity), -1)
        ledger_repository.add(
            session, {cell: amount for cell, amount in sums.items() if any(amount)}
        )


def _book(session: Session, condition: Any) -> None:
    postings = ledger_repository.postings(session, condition)
    changes = _changes(postings)
    if changes:
        ledger_repository.add(session, changes)
        ledger_repository.keep_counted(session, condition)


def rebuild(session: Session) -> int:
    """Make every daily sum anew from the invoices and their lines; how many sums there are.

    Which invoices are replaced is found anew too, by the policy of today (`standing`). One
    transaction, in which nobody else brings in invoices. The lines are summed by the database and
    streamed, so memory does not grow with their number.
    """
    repository.lock(session)
    relation_repository.set_replaced(session)
    ledger_repository.clear(session)
    for rows in ledger_repository.line_sums(session):
        sums: dict[Cell, Amount] = {}
        for side, tax_code, product_id, unit, converted, day, whole, part, lines in rows:
            cell = Cell(tax_code, product_id, side, "" if converted else unit_key(unit), day)
            _add(sums, cell, Amount(int(whole), int(part), int(lines)))
        ledger_repository.add(session, sums)
    ledger_repository.keep_counted(session, col(InvoiceLine.id) > 0)
    return ledger_repository.count_days(session)


@lru_cache(maxsize=4096)
def unit_key(unit: str | None) -> str:
    """A unit of measure as the ledger tells units apart.

    >>> unit_key(" Hộp "), unit_key(None)
    ('hop', '')
    """
    return " ".join(fold(unit or "").split())[:60]


def _changes(postings: Iterable[Posting]) -> dict[Cell, Amount]:
    """The differences between what is counted of the lines and what should be."""
    sums: dict[Cell, Amount] = {}
    for line in postings:
        counts = line.invoice_counts and line.product_id is not None
        due = (line.product_id, line.base_quantity) if counts else (None, None)
        if due[1] is None:
            due = (None, None)
        before = (line.counted_product_id, line.counted_quantity)
        if due != before:
            _enter(sums, line, before, -1)
            _enter(sums, line, due, 1)
    return {cell: amount for cell, amount in sums.items() if any(amount)}


def _enter(
    sums: dict[Cell, Amount], line: Posting, what: tuple[int | None, int | None], sign: int
) -> None:
    product_id, micro = what
    if product_id is None or micro is None:
        return
    unit = unit_key(line.unit) if micro == line.quantity else ""
    whole, part = split(micro * sign)
    for side, tax_code in ((BOUGHT, line.buyer_tax_code), (SOLD, line.seller_tax_code)):
        if tax_code is not None:
            cell = Cell(tax_code, product_id, side.value, unit, line.issued_on)
            _add(sums, cell, Amount(whole, part, sign))


def _add(sums: dict[Cell, Amount], cell: Cell, amount: Amount) -> None:
    before = sums.get(cell)
    if before is not None:
        whole, part, lines = before
        amount = Amount(whole + amount.whole, part + amount.part, lines + amount.lines)
    sums[cell] = amount


def _openings(records: Iterable[StockRecord]) -> dict[int, date]:
    """The day of the last opening count of each product."""
    return {
        record.product_id: record.observed_on
        for record in records
        if record.kind == StockKind.OPENING
    }


def _by_product(items: Iterable[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for item in items:
        found.setdefault(item.product_id, []).append(item)
    return found


def _combined(empty: Balance, flows: list[Flow], records: list[StockRecord]) -> Balance:
    bought = [flow for flow in flows if flow.side == BOUGHT]
    sold = [flow for flow in flows if flow.side == SOLD]
    return _with_records(
        replace(
            empty,
            bought=sum((flow.quantity for flow in bought), Decimal(0)),
            sold=sum((flow.quantity for flow in sold), Decimal(0)),
            bought_lines=sum(flow.lines for flow in bought),
            sold_lines=sum(flow.lines for flow in sold),
            first_on=min((flow.first_on for flow in flows), default=None),
            last_on=max((flow.last_on for flow in flows), default=None),
            units=tuple(sorted({flow.unit for flow in flows if flow.unit})),
        ),
        records,
    )


def _with_records(found: Balance, records: list[StockRecord]) -> Balance:
    """Opening, returns and seizures since it, and the last count; records in order of time."""
    openings = [record for record in records if record.kind == StockKind.OPENING]
    opening = openings[-1] if openings else None
    since = [r for r in records if opening is None or r.observed_on >= opening.observed_on]
    counts = [record for record in records if record.kind == StockKind.COUNTED]
    return replace(
        found,
        opening=opening.quantity if opening else Decimal(0),
        opening_on=opening.observed_on if opening else None,
        returned=_total(since, StockKind.RETURNED),
        seized=_total(since, StockKind.SEIZED),
        counted=counts[-1].quantity if counts else None,
        counted_on=counts[-1].observed_on if counts else None,
    )


def _total(records: Iterable[StockRecord], kind: StockKind) -> Decimal:
    return sum((record.quantity for record in records if record.kind == kind), Decimal(0))
