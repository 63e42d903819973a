"""Was there as much as was sold, and as much as stands on the shelf?"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby
from statistics import median

from traceability.actor import MEMBERS
from traceability.invoices.checks.answer import (
    CheckCode,
    CheckResult,
    Evidence,
    EvidenceKind,
    Observation,
    contradictory,
    insufficient,
)
from traceability.invoices.checks.facts import ShopCase
from traceability.invoices.ledger_models import Side, StockKind, StockRecord
from traceability.invoices.ledger_repository import DayFlow

_UNUSUAL = 3
"""A day's quantity this many times its usual one may be a mistaken unit."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """What is on record of one product: flows and statements since its opening count."""

    product_id: int
    flows: Sequence[DayFlow]
    opening: StockRecord | None
    stock: Sequence[StockRecord]

    @property
    def bought(self) -> Decimal:
        start = self.opening.quantity if self.opening else Decimal(0)
        return start + sum((f.quantity for f in self.flows if f.side == Side.BOUGHT), Decimal(0))

    @property
    def units(self) -> set[str]:
        return {flow.unit for flow in self.flows if flow.unit}

    def balance_on(self, day: date) -> Decimal:
        """At the end of a day."""
        return sum((amount for on, amount in self._steps(timedelta(0)) if on <= day), Decimal(0))

    def lowest(self, late: timedelta = timedelta(0)) -> tuple[Decimal, date | None]:
        """The lowest balance at the end of a day, and the day.

        Args:
            late: purchases are taken to have come this much before the day of their invoice.
        """
        balance, low, at = Decimal(0), Decimal(0), None
        for day, steps in groupby(sorted(self._steps(late)), key=lambda step: step[0]):
            balance += sum((amount for _, amount in steps), Decimal(0))
            if balance < low:
                low, at = balance, day
        return low, at

    def _steps(self, late: timedelta) -> Iterator[tuple[date, Decimal]]:
        if self.opening is not None:
            yield self.opening.observed_on, self.opening.quantity
        for flow in self.flows:
            bought = flow.side == Side.BOUGHT
            yield (flow.day - late, flow.quantity) if bought else (flow.day, -flow.quantity)
        for record in self.stock:
            if record.kind in {StockKind.RETURNED, StockKind.SEIZED}:
                yield record.observed_on, -record.quantity


def shelves(case: ShopCase) -> Iterator[Shelf]:
    """The products of a shop that it does not make itself."""
    flows = {key: list(part) for key, part in groupby(case.days, key=lambda f: f.product_id)}
    stock: dict[int, list[StockRecord]] = {}
    for record in case.stock:
        stock.setdefault(record.product_id, []).append(record)
    for product_id in sorted((flows.keys() | stock.keys()) - case.own_products):
        opening = case.openings.get(product_id)
        since = opening.observed_on if opening else date.min
        yield Shelf(
            product_id,
            [flow for flow in flows.get(product_id, ()) if flow.day >= since],
            opening,
            [record for record in stock.get(product_id, ()) if record.observed_on >= since],
        )


def mass_balance(case: ShopCase) -> CheckResult:
    """There was as much as was sold, and as much as stands on the shelf.

    Formula: opening + bought - sold - returned - seized >= 0 on every day,
    and counted on the shelf <= balance of that day.

    What is missing is "not explained yet". It contradicts only where an inspector counted the
    opening stock, every line is known in one unit, and neither invoices that came late nor one
    mistaken unit could explain it. Invoices whose signature contradicts them explain nothing
    (`standing`), and are named.
    """
    seen: list[Observation] = []
    examined = 0
    for shelf in shelves(case):
        examined += 1
        seen.extend(_oversold(case, shelf))
        seen.extend(_counted_beyond(case, shelf))
    seen.extend(_not_counted(case))
    return CheckResult.of(CheckCode.MASS_BALANCE, seen, examined)


def _not_counted(case: ShopCase) -> Iterator[Observation]:
    """Invoices of the shop that no balance counts, because of their signature."""
    if case.refuted:
        some = (invoice.evidence for invoice in case.refuted[: case.policy.listed])
        yield insufficient("invoices-not-counted", *some, count=len(case.refuted))


def _oversold(case: ShopCase, shelf: Shelf) -> Iterator[Observation]:
    low, day = shelf.lowest()
    if day is None or -low <= case.policy.quantity_tolerance * shelf.bought:
        return
    evidence = (
        Evidence(EvidenceKind.LEDGER, case.tax_code, shelf.product_id, day),
        *_openings(shelf),
    )
    reason = _excuse(case, shelf, -low)
    if reason is None:
        yield contradictory(
            "sold-beyond-stock", *evidence, product_id=shelf.product_id, missing=-low, day=day
        )
    else:
        yield insufficient(reason, *evidence, product_id=shelf.product_id, missing=-low, day=day)


def _excuse(case: ShopCase, shelf: Shelf, missing: Decimal) -> str | None:
    """The first innocent reason for missing goods; None where the records leave none."""
    if len(shelf.units) > 1:
        return "units-mixed"
    if shelf.opening is None or shelf.opening.recorded_role in MEMBERS:
        return "opening-unknown"
    if case.unlinked_lines:
        return "lines-unlinked"
    if -shelf.lowest(case.policy.late_invoice)[0] <= case.policy.quantity_tolerance * shelf.bought:
        return "invoice-late"
    if _unit_mistaken(case, shelf, missing):
        return "unit-mistaken"
    return None


def _unit_mistaken(case: ShopCase, shelf: Shelf, missing: Decimal) -> bool:
    """One unusually large sale or small purchase, taken in another unit, would explain it."""
    least, most = min(case.policy.pack_sizes), max(case.policy.pack_sizes)
    for side in Side:
        quantities = [
            flow.quantity for flow in shelf.flows if flow.side == side and flow.quantity > 0
        ]
        if not quantities:
            continue
        usual = median(quantities)
        for quantity in quantities:
            if side is Side.SOLD and quantity >= _UNUSUAL * usual:
                gained = quantity - quantity / least
            elif side is Side.BOUGHT and quantity * _UNUSUAL <= usual:
                gained = quantity * (most - 1)
            else:
                continue
            if gained >= missing:
                return True
    return False


def _counted_beyond(case: ShopCase, shelf: Shelf) -> Iterator[Observation]:
    """Of several counts the last: what was unexplained before may be explained since."""
    counts = [record for record in shelf.stock if record.kind == StockKind.COUNTED]
    if not counts:
        return
    count = counts[-1]
    surplus = count.quantity - max(shelf.balance_on(count.observed_on), Decimal(0))
    if surplus > case.policy.quantity_tolerance * shelf.bought:
        evidence = Evidence(
            EvidenceKind.STOCK, count.document or str(count.observed_on), count.id,
            count.observed_on,
        )  # fmt: skip
        yield insufficient(
            "counted-beyond", evidence, *_openings(shelf), product_id=shelf.product_id,
            missing=surplus, counted=count.quantity, day=count.observed_on,
        )  # fmt: skip


def _openings(shelf: Shelf) -> Iterable[Evidence]:
    opening = shelf.opening
    if opening is not None:
        reference = opening.document or str(opening.observed_on)
        yield Evidence(EvidenceKind.STOCK, reference, opening.id, opening.observed_on)
