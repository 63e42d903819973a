"""Does a unit price stand out among those of its product and month?"""

import math
from collections.abc import Sequence
from statistics import median
from typing import Any

from traceability.invoices.checks.answer import (
    CheckCode,
    CheckResult,
    Evidence,
    EvidenceKind,
    Observation,
    insufficient,
)
from traceability.invoices.checks.facts import LineFact, ShopCase, month_of

_NORMAL = 0.6745
"""Makes the median of distances as wide as a standard deviation."""


def price(case: ShopCase) -> CheckResult:
    """No unit price stands out among those of its product and month.

    Formula: z = 0.6745 (x - median) / MAD of x = ln(unit price) by product, side and month;
    it stands out from |z| > 4 with n >= 8. A ratio near 6, 10, 12, 24 … is a unit first.

    A price is no document, so one that stands out never contradicts.
    """
    groups: dict[tuple[int, bool, int], list[LineFact]] = {}
    for line in case.lines:
        if line.unit_price:
            groups.setdefault((line.product_id, line.bought, month_of(line.on)), []).append(line)
    seen: list[Observation] = []
    examined = 0
    for key, lines in groups.items():
        logs = [math.log(line.unit_price) for line in lines if line.unit_price]
        population = [*logs, *case.peer_prices.get(key, ())]
        if len(population) < case.policy.price_least:
            continue
        examined += len(lines)
        seen.extend(_outliers(case, lines, logs, population))
    return CheckResult.of(CheckCode.PRICE, seen, examined, partial=case.peer_prices_partial)


def _outliers(
    case: ShopCase, lines: Sequence[LineFact], logs: Sequence[float], population: Sequence[float]
) -> list[Observation]:
    middle = median(population)
    spread = max(median([abs(x - middle) for x in population]), case.policy.price_spread * _NORMAL)
    found = []
    for line, x in zip(lines, logs, strict=True):
        z = _NORMAL * (x - middle) / spread
        if abs(z) > case.policy.price_z:
            found.append(_observation(case, line, math.exp(x - middle), z))
    return found


def _observation(case: ShopCase, line: LineFact, ratio: float, z: float) -> Observation:
    invoice = case.invoices[line.invoice_id]
    evidence = Evidence(EvidenceKind.INVOICE, invoice.written, invoice.id, line.on)
    pack = pack_of(case.policy.pack_sizes, case.policy.pack_tolerance, ratio)
    arguments: dict[str, Any] = {
        "invoice": invoice.written,
        "ratio": round(ratio, 2),
        "z": round(z, 1),
    }
    if pack is not None:
        return insufficient(
            "price-of-another-unit", evidence, product_id=line.product_id, pack=pack, **arguments
        )
    return insufficient("price-stands-out", evidence, product_id=line.product_id, **arguments)


def pack_of(sizes: Sequence[int], tolerance: float, ratio: float) -> int | None:
    """The pack size that a ratio is near to, or that its inverse is near to.

    >>> pack_of((12, 24), 0.15, 23.1), pack_of((12, 24), 0.15, 1 / 12), pack_of((12,), 0.15, 2)
    (24, 12, None)
    """
    times = ratio if ratio >= 1 else 1 / ratio
    near = min(sizes, key=lambda size: abs(times - size) / size)
    return near if abs(times - near) / near <= tolerance else None
