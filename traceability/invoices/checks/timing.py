"""Do the days of documents and goods follow each other?"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from typing import Any

from traceability.actor import MEMBERS
from traceability.clock import VIETNAM
from traceability.invoices.checks.answer import (
    CheckCode,
    CheckResult,
    Evidence,
    EvidenceKind,
    Observation,
    contradictory,
    insufficient,
)
from traceability.invoices.checks.balance import Shelf, shelves
from traceability.invoices.checks.facts import InvoiceFact, ShopCase
from traceability.invoices.ledger_models import OriginClaim, Side, StockRecord


def time_order(case: ShopCase) -> CheckResult:
    """Goods were bought, and made, before they were sold.

    Formula: first purchase <= first sale or count on the shelf, and first batch made <= first sale.

    Stock from before the first invoice is the usual reason. It contradicts only where an
    inspector had counted nothing, and the purchase came later than invoices may come late.
    """
    seen: list[Observation] = []
    examined = 0
    for shelf in shelves(case):
        shown = _first_shown(shelf)
        if shown is None:
            continue
        examined += 1
        seen.extend(_bought_late(case, shelf, shown))
        made = case.first_made.get(shelf.product_id)
        if made is not None and made > shown:
            lot = Evidence(EvidenceKind.LOT, str(made), on=made)
            seen.append(
                insufficient(
                    "made-after-sale", lot, product_id=shelf.product_id, made=made, shown=shown
                )
            )
    return CheckResult.of(CheckCode.TIME_ORDER, seen, examined)


def _first_shown(shelf: Shelf) -> date | None:
    sold = [flow.day for flow in shelf.flows if flow.side == Side.SOLD and flow.quantity > 0]
    counted = [r.observed_on for r in shelf.stock if r.kind == "counted" and r.quantity > 0]
    return min([*sold, *counted], default=None)


def _bought_late(case: ShopCase, shelf: Shelf, shown: date) -> Iterator[Observation]:
    bought = [flow.day for flow in shelf.flows if flow.side == Side.BOUGHT and flow.quantity > 0]
    stocked = shelf.opening is not None and shelf.opening.quantity > 0
    if not bought or stocked or min(bought) <= shown:
        return
    first = min(bought)
    evidence = Evidence(EvidenceKind.LEDGER, case.tax_code, shelf.product_id, first)
    arguments: dict[str, Any] = {"shown": shown, "bought": first, "product_id": shelf.product_id}
    counted_empty = shelf.opening is not None and shelf.opening.recorded_role not in MEMBERS
    if counted_empty and first - shown > case.policy.late_invoice and not case.unlinked_lines:
        yield contradictory("sold-before-bought", evidence, **arguments)
    else:
        yield insufficient("sold-before-bought", evidence, **arguments)


def after_the_fact(case: ShopCase) -> CheckResult:
    """No paper was made for goods after an inspection had begun.

    Formula: NLap or signing time of an invoice > begin of the inspection for whose goods it is
    shown, or NLap <= begin < signing time for goods that no other invoice explains.

    Papers of goods in transit may come within the window of the policy. An ordinary purchase
    after an inspection is none of this: only an invoice shown for counted goods is looked at.
    """
    seen: list[Observation] = []
    own = [claim for claim in case.claims if claim.tax_code == case.tax_code]
    for claim in own:
        invoice = case.claimed.get(claim.invoice_id)
        if invoice is not None:
            seen.extend(_shown_late(case, claim, invoice))
    by_product = {shelf.product_id: shelf for shelf in shelves(case)}
    for count in case.counts:
        if count.product_id in by_product:
            seen.extend(_dated_back(case, count, by_product[count.product_id]))
    return CheckResult.of(CheckCode.AFTER_THE_FACT, seen, len(own) + len(case.counts))


def _shown_late(case: ShopCase, claim: OriginClaim, invoice: InvoiceFact) -> Iterator[Observation]:
    began = claim.inspected_at
    made = max([_start_of(invoice.issued_on), *_signing_times(case, invoice.id)])
    if made <= began:
        return
    said = Evidence(EvidenceKind.CLAIM, invoice.written, claim.id, began.date())
    in_window = made <= began + case.policy.in_transit
    tell = insufficient if in_window else contradictory
    yield tell(
        "made-in-transit" if in_window else "made-after-inspection", said, invoice.evidence,
        product_id=claim.product_id, invoice=invoice.written, made=made, began=began,
    )  # fmt: skip


def _dated_back(case: ShopCase, count: StockRecord, shelf: Shelf) -> Iterator[Observation]:
    """Invoices of a day before the inspection that were signed only after it."""
    began = count.observed_at
    late = [
        (case.invoices[line.invoice_id], line.quantity)
        for line in case.lines
        if line.bought and line.product_id == count.product_id and line.on <= count.observed_on
        and any(at > began + case.policy.in_transit for at in _signing_times(case, line.invoice_id))
    ]  # fmt: skip
    if not late:
        return
    without = shelf.balance_on(count.observed_on) - sum((q for _, q in late), Decimal(0))
    if count.quantity <= max(without, Decimal(0)):
        return
    evidence = [invoice.evidence for invoice, _ in late[: case.policy.listed]]
    yield contradictory(
        "signed-after-inspection", *evidence, product_id=count.product_id,
        invoice=late[0][0].written, began=began,
        made=max(_signing_times(case, late[0][0].id)),
    )  # fmt: skip


def _signing_times(case: ShopCase, invoice_id: int) -> list[datetime]:
    found = case.signatures.get(invoice_id, ())
    return [s.signed_at for s in found if s.role == "seller" and s.signed_at is not None]


def _start_of(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=VIETNAM)


def number_order(case: ShopCase) -> CheckResult:
    """Higher numbers carry no earlier dates.

    Formula: within (seller, form, symbol): number(a) < number(b) implies NLap(a) <= NLap(b).

    Gaps only inform: numbers are spent on other buyers. The fewest invoices whose removal puts
    the series in order are told; days within the slack of the policy are no disorder.
    """
    seen: list[Observation] = []
    ordered = sorted(
        case.invoices.values(), key=lambda i: (i.seller_tax_code, i.form, i.symbol, i.number)
    )
    for _, part in groupby(ordered, key=lambda i: (i.seller_tax_code, i.form, i.symbol)):
        seen.extend(_out_of_order(case, list(part)))
    return CheckResult.of(CheckCode.NUMBER_ORDER, seen, len(ordered))


def _out_of_order(case: ShopCase, series: Sequence[InvoiceFact]) -> Iterator[Observation]:
    kept = _in_order([invoice.issued_on.toordinal() for invoice in series])
    for place, invoice in enumerate(series):
        if place in kept:
            continue
        before = max(
            (series[k] for k in kept if k < place), key=lambda i: i.issued_on, default=None
        )
        after = min((series[k] for k in kept if k > place), key=lambda i: i.issued_on, default=None)
        pairs = [(before, invoice), (invoice, after)]
        earlier, later, days = max(
            (
                (a, b, a.issued_on - b.issued_on)
                for a, b in pairs
                if a is not None and b is not None
            ),
            key=lambda pair: pair[2],
        )
        if days <= case.policy.number_slack:
            continue
        tell = contradictory if days > case.policy.late_invoice else insufficient
        yield tell(
            "number-order", earlier.evidence, later.evidence,
            invoice=invoice.written, earlier=earlier.written, later=later.written, days=days.days,
        )  # fmt: skip


def _in_order(days: Sequence[int]) -> set[int]:
    """Places of a longest part that never falls.

    >>> sorted(_in_order([1, 2, 9, 3, 4]))
    [0, 1, 3, 4]
    """
    ends: list[int] = []
    places: list[int] = []
    before: list[int | None] = []
    for place, day in enumerate(days):
        length = bisect_right(ends, day)
        before.append(places[length - 1] if length else None)
        if length == len(ends):
            ends.append(day)
            places.append(place)
        else:
            ends[length], places[length] = day, place
    kept: set[int] = set()
    step = places[-1] if places else None
    while step is not None:
        kept.add(step)
        step = before[step]
    return kept
