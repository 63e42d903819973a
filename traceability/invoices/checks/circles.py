"""Do goods come back to where they were sold from?"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
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
from traceability.invoices.checks.facts import ShopCase, Trade

_RETURN = 2
"""A circle of two sales may be goods that were given back."""
_STEPS = 200_000
"""Sales looked at before the search gives up."""


def circular(case: ShopCase) -> CheckResult:
    """Goods do not come back to where they were sold from.

    Formula: sales e1 … ek of one product, buyer(ei) = seller(ei+1), buyer(ek) = seller(e1) and
    the shop among them, k <= 6, none earlier than the one before, all within 30 days, and each
    quantity within 10% of the first. Of a market too large to read, a part.

    Two sales may be goods given back, so only three or more contradict.
    """
    by_seller: dict[tuple[str, int], list[Trade]] = {}
    for trade in sorted(case.trades, key=lambda t: (t.on, t.invoice_id)):
        by_seller.setdefault((trade.seller, trade.product_id), []).append(trade)
    seen: list[Observation] = []
    told: set[frozenset[int]] = set()
    search = _Search(case, by_seller)
    for circle in search.circles():
        invoices = frozenset(trade.invoice_id for trade in circle)
        if invoices not in told:
            told.add(invoices)
            seen.append(_observation(circle))
    partial = case.trades_partial or search.gave_up
    return CheckResult.of(CheckCode.CIRCULAR, seen, len(case.trades), partial=partial)


class _Search:
    """Depth first from every sale, bounded by window, quantity, length and a number of steps."""

    def __init__(
        self, case: ShopCase, by_seller: Mapping[tuple[str, int], Sequence[Trade]]
    ) -> None:
        self._policy, self._shop = case.policy, case.tax_code
        self._by_seller = by_seller
        self._steps = 0

    @property
    def gave_up(self) -> bool:
        """Whether sales were left that no step was spent on."""
        return self._steps >= _STEPS

    def circles(self) -> Iterator[tuple[Trade, ...]]:
        for trades in self._by_seller.values():
            for first in trades:
                yield from self._onwards((first,))

    def _onwards(self, path: tuple[Trade, ...]) -> Iterator[tuple[Trade, ...]]:
        last = path[-1]
        if last.buyer == path[0].seller:
            if any(self._shop in {trade.seller, trade.buyer} for trade in path):
                yield path
            return
        if len(path) >= self._policy.circle_longest or self._steps >= _STEPS:
            return
        for trade in self._by_seller.get((last.buyer, last.product_id), ()):
            self._steps += 1
            if self._follows(path, trade):
                yield from self._onwards((*path, trade))

    def _follows(self, path: tuple[Trade, ...], trade: Trade) -> bool:
        first, last = path[0], path[-1]
        passed = {step.seller for step in path[1:]} | {last.buyer}
        near = abs(trade.quantity - first.quantity)
        return (
            last.on <= trade.on <= first.on + self._window
            and near <= self._policy.circle_tolerance * first.quantity
            and trade.invoice_id != last.invoice_id
            and trade.buyer not in passed
        )

    @property
    def _window(self) -> timedelta:
        return self._policy.circle_within


def _observation(circle: Sequence[Trade]) -> Observation:
    evidence = [Evidence(EvidenceKind.INVOICE, t.written, t.invoice_id, t.on) for t in circle]
    arguments: dict[str, Any] = {
        "parties": [trade.seller for trade in circle], "quantity": circle[0].quantity,
        "first": circle[0].on, "last": circle[-1].on,
    }  # fmt: skip
    product_id = circle[0].product_id
    if len(circle) <= _RETURN:
        return insufficient("sold-back", *evidence, product_id=product_id, **arguments)
    return contradictory("sold-in-a-circle", *evidence, product_id=product_id, **arguments)
