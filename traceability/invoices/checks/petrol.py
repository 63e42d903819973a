"""Has every sale of a pump its invoice, at the declared price?"""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from traceability.invoices.checks.answer import (
    CheckCode,
    CheckResult,
    Evidence,
    EvidenceKind,
    Observation,
    contradictory,
    insufficient,
)
from traceability.invoices.checks.facts import LineFact, PriceFact, PumpFact, ShopCase

_FEW = 3
"""Sales of a day that may lack an invoice whatever their share: tests of the pump."""


def petrol(case: ShopCase) -> CheckResult:
    """Every sale of a pump has its invoice, at the declared price.

    Formula: by fuel and day, number of sale lines = number of sales in the pump log, and every
    pump price = declared price of the day, both within the tolerance of the policy.

    Without a pump log nothing is said. Pumps are tested and logs are lost, so only more sales
    than invoices contradicts; more invoices than sales may be a log with a gap.
    """
    sold: dict[tuple[int, date], list[LineFact]] = {}
    for line in case.lines:
        if not line.bought:
            sold.setdefault((line.product_id, line.on), []).append(line)
    seen: list[Observation] = []
    for fact in case.pump:
        lines = sold.get((fact.product_id, fact.day), [])
        seen.extend(_sales(case, fact, lines))
        seen.extend(_price(case, fact))
    return CheckResult.of(CheckCode.PETROL, seen, len(case.pump))


def _sales(case: ShopCase, fact: PumpFact, lines: Sequence[LineFact]) -> Iterator[Observation]:
    missing = fact.sales - len(lines)
    if abs(missing) <= max(Decimal(_FEW), case.policy.petrol_sales * fact.sales):
        return
    evidence = Evidence(EvidenceKind.PUMP, str(fact.day), on=fact.day)
    arguments: dict[str, Any] = {
        "day": fact.day, "sales": fact.sales, "invoices": len(lines), "litres": fact.litres,
        "invoiced": sum((line.quantity for line in lines), Decimal(0)),
    }  # fmt: skip
    if missing > 0:
        yield contradictory(
            "pump-beyond-invoices", evidence, product_id=fact.product_id, **arguments
        )
    else:
        yield insufficient(
            "invoices-beyond-pump", evidence, product_id=fact.product_id, **arguments
        )


def _price(case: ShopCase, fact: PumpFact) -> Iterator[Observation]:
    """On a day of change the old price or the new one is right."""
    valid = _in_force(case.declared_prices, fact.product_id, fact.day)
    if not valid:
        return
    wrong = [
        price
        for price in (fact.lowest_price, fact.highest_price)
        if all(
            abs(price - declared.unit_price) > case.policy.petrol_price * declared.unit_price
            for declared in valid
        )
    ]
    if wrong:
        declared = valid[-1]
        evidence = Evidence(EvidenceKind.LIST, declared.source, on=declared.valid_from)
        yield contradictory(
            "price-not-declared", evidence, product_id=fact.product_id, day=fact.day,
            price=wrong[0], declared=declared.unit_price,
        )  # fmt: skip


def _in_force(prices: Sequence[PriceFact], product_id: int, day: date) -> list[PriceFact]:
    """The price of a day; of a day on which it changes, the one of before too."""
    own = sorted(
        (price for price in prices if price.product_id == product_id and price.valid_from <= day),
        key=lambda price: price.valid_from,
    )
    if not own:
        return []
    last = own[-1].valid_from
    before = [price for price in own if price.valid_from < last]
    current = [price for price in own if price.valid_from == last]
    return [*before[-1:], *current] if last == day else current
