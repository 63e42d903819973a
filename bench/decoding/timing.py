"""Ratios of times, each within one run, so that a busy machine slows all alike."""

import statistics
from collections.abc import Sequence

from bench.decoding.contest import Outcome, percentile
from bench.decoding.contestants import OURS, PYZBAR, ZXING

Figures = dict[str, tuple[float, float]]
"""Name: figure and the most it may be."""


def large(outcome: Outcome, deadline: float) -> Figures:
    """Simulated photographs of twelve megapixels."""
    ours, pyzbar = (outcome.tallies[name].ms for name in (OURS, PYZBAR))
    return {
        "12 MP: median of ours / median of pyzbar": (
            _rounded(statistics.median(ours) / statistics.median(pyzbar)), 0.10,
        ),
        "12 MP: p95 of ours in seconds": (_rounded(percentile(ours, 0.95) / 1000), deadline),
        **_at_once("12 MP", [outcome]),
    }  # fmt: skip


def small(outcomes: Sequence[Outcome]) -> Figures:
    """Photographs of the sets, most of them less than a megapixel."""
    return _at_once("photographs of the sets", outcomes)


def _at_once(name: str, outcomes: Sequence[Outcome]) -> Figures:
    """Ours to the fastest single engine that read the picture, where one did."""
    ratios = [
        outcome.tallies[OURS].ms[n] / min(singles)
        for outcome in outcomes
        for n, right in enumerate(outcome.rights)
        if (singles := [outcome.tallies[e].ms[n] for e in (PYZBAR, ZXING) if right[e]])
    ]
    if not ratios:
        return {}
    what = f"{name}: ours / fastest single engine that read it"
    return {
        f"{what}, median of {len(ratios)}": (_rounded(statistics.median(ratios)), 1.3),
        f"{what}, p90": (_rounded(percentile(ratios, 0.9)), 1.3),
    }


def _rounded(value: float) -> float:
    return round(value, 3)
