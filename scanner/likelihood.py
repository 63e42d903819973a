"""Which EAN or UPC number explains a bar profile best, and how much better than any other.

An engine decides bar by bar, and one wrong bar in a blurred picture gives another digit that may
still pass the check digit. Here the whole symbol is compared with the profile at once: each of the
twelve places is compared with all patterns at several degrees of blur, and dynamic programming
finds the number, valid by its check digit and by the sets that spell its first digit, whose bars
lie nearest to what was seen.

>>> import numpy as np
>>> from scanner.ean import modules
>>> bars = np.repeat([m == "1" for m in modules("EAN-13", "9520123456788")], PER_MODULE)
>>> best = explain(bars[None].astype(np.float32), STRUCTURES["EAN-13"])
>>> best.digits, best.fit > 0.93, best.margin > 0.5
('9520123456788', True, True)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray

from scanner.ean import FIRST_DIGIT, UPC_E_PARITY, A, B, C, as_ean13, modules
from scanner.profile import Floats

PER_MODULE = 5
"""Samples a module in every profile that is compared."""

_BLURS = (0.25, 0.5, 0.75, 1.0, 1.3)
"""Standard deviations of the blur that is tried, in modules."""

_CANDIDATES = 4
"""Pairs of alignment and blur that are solved: those with the least cost."""

_LEAST_COST = 1.0
"""Squared distance below which a profile counts as perfect; keeps the margin finite."""


@dataclass(frozen=True, eq=False)
class Structure:
    """Where the digits of a symbology stand, and what they may be."""

    name: str
    length: int
    """Modules from the first bar to the last."""

    places: tuple[int, ...]
    """First module of each digit that is drawn."""

    guards: tuple[int, ...]
    """Modules that are the same in every symbol."""

    sets: NDArray[np.intp]
    """For each way to mix the sets: the set (0 A, 1 B, 2 C) at each place."""

    weights: tuple[int, ...]
    """Weight of each drawn digit in the sum that a check digit makes a multiple of ten."""

    spell: Callable[[int, str], str]
    """The whole number from the mix of sets and the drawn digits."""

    first_in_sum: bool = False
    """Whether the number of the mix is a digit of weight one in that sum."""


def _ean13() -> Structure:
    places = (*range(3, 45, 7), *range(50, 92, 7))
    guards = (*range(3), *range(45, 50), *range(92, 95))
    sets = np.array([[*("AB".index(s) for s in mix), *[2] * 6] for mix in FIRST_DIGIT])
    return Structure(
        "EAN-13", 95, places, guards, sets, (3, 1) * 6, lambda mix, drawn: f"{mix}{drawn}", True
    )


def _ean8() -> Structure:
    places = (*range(3, 31, 7), *range(36, 64, 7))
    guards = (*range(3), *range(31, 36), *range(64, 67))
    sets = np.array([[0] * 4 + [2] * 4])
    return Structure("EAN-8", 67, places, guards, sets, (3, 1) * 4, lambda _, drawn: drawn)


def _upc_e() -> Structure:
    # The check digit is one of the expanded number: it is not summed here but compared by the
    # caller, who knows the number that was read.
    sets = np.array([["AB".index(s) for s in mix] for mix in UPC_E_PARITY])
    guards = (*range(3), *range(45, 51))
    return Structure(
        "UPC-E", 51, tuple(range(3, 45, 7)), guards, sets, (0,) * 6,
        lambda mix, drawn: as_ean13(f"0{drawn}{mix}"),
    )  # fmt: skip


STRUCTURES = {"EAN-13": _ean13(), "EAN-8": _ean8(), "UPC-E": _upc_e()}


@dataclass(frozen=True, slots=True)
class Explanation:
    """The number that explains a profile best."""

    digits: str
    """All digits, check digit included."""

    fit: float
    """Correlation of its bars with the profile, at best 1."""

    margin: float
    """How much farther from the profile the next best number is: 1 is twice as far."""

    excess: float
    """How much farther the number itself is than the digits that come nearest whether or not their
    check digit holds: 0 where they are the same, 1 where it is twice as far."""


def explain(aligned: Floats, structure: Structure) -> Explanation:
    """Return the number that explains the profile best.

    Args:
        aligned: darkness 0 to 1 from the first bar to the last, `PER_MODULE` samples a module; one
            row for each alignment that is thought possible.
        structure: of the symbology.
    """
    costs = _costs(aligned, structure)
    order = np.argsort(_least(costs, structure))[:_CANDIDATES]
    explanations = []
    for candidate in order:
        digits, margin, excess = _solve(costs[candidate], structure)
        row = aligned[candidate // len(_BLURS)]
        explanations.append(Explanation(digits, fit(row, structure, digits), margin, excess))
    return max(explanations, key=lambda one: one.fit)


def vouched(aligned: Floats, structure: Structure, digits: str) -> Explanation:
    """Return how well a number of an EAN-13 explains the profile, without solving for all others.

    Every place is compared with all digits of all sets that may stand there. Two numbers differ in
    two places at least, so that the two least leads add up to no more than the margin; where a
    place says something else than the number, the margin is negative and the excess what is lost.
    """
    costs = _costs(aligned, structure)
    sets, drawn = structure.sets[int(digits[0])], np.array([int(digit) for digit in digits[1:]])
    places = np.arange(len(drawn))
    own = costs[:, places, sets, drawn]
    best = int(own.sum(axis=1).argmin())
    rivals = costs[best].copy()
    rivals[places, sets, drawn] = np.inf
    # The left half mixes sets A and B, the right half is of C.
    nearest = np.where(sets == 2, rivals[:, 2].min(-1), rivals[:, :2].min((-1, -2)))
    leads = np.sort(nearest - own[best])
    cost = max(float(own[best].sum()), _LEAST_COST)
    alignment, blur = divmod(best, len(_BLURS))
    bars = blurred(modules(structure.name, digits), _BLURS[blur])
    return Explanation(
        digits,
        fit=float(correlations(aligned[alignment][None], bars)[0]),
        margin=float(leads[0] + leads[1]) / cost,
        excess=float(-leads[leads < 0].sum()) / cost,
    )


def _costs(aligned: Floats, structure: Structure) -> Floats:
    """Return squared distances: alignments times blurs, by place, set and digit."""
    width = 7 * PER_MODULE
    starts = np.array(structure.places) * PER_MODULE
    parts = aligned[:, starts[:, None] + np.arange(width)]
    templates = _templates().reshape(-1, width)
    squares = (parts**2).sum(-1)[..., None] + (templates**2).sum(-1) - 2 * parts @ templates.T
    shape = (len(aligned), len(starts), len(_BLURS), 3, 10)
    by_blur: Floats = squares.reshape(shape).transpose(0, 2, 1, 3, 4)
    flat: Floats = by_blur.reshape(-1, len(starts), 3, 10)
    return flat


@cache
def _templates() -> Floats:
    """Return blurred digits: blurs, sets, digits, samples; the neighbours half bar, half space."""
    tables = []
    for blur in _BLURS:
        for patterns in (A, B, C):
            for pattern in patterns:
                contexts = [
                    blurred(before * 2 + pattern + after * 2, blur)
                    for before in "01"
                    for after in "01"
                ]
                tables.append(np.mean(contexts, axis=0)[2 * PER_MODULE : 9 * PER_MODULE])
    return np.array(tables, np.float32).reshape(len(_BLURS), 3, 10, 7 * PER_MODULE)


def _least(costs: Floats, structure: Structure) -> Floats:
    """Return the least cost of any valid number for each alignment and blur."""
    forward = _start(structure, len(costs))
    for place, weight in enumerate(structure.weights):
        forward = _step(forward, _by_mix(costs[:, place], structure, place), weight)
    least: Floats = forward[..., 0].min(axis=1)
    return least


def _solve(costs: Floats, structure: Structure) -> tuple[str, float, float]:
    """Return the best number for one alignment and blur, its margin before the next, its excess.

    The least cost of all numbers that have a given digit at a given place comes from a pass
    forwards and one backwards; the next best number differs from the best in some place.
    """
    steps = [
        (_by_mix(costs[None, place], structure, place), weight)
        for place, weight in enumerate(structure.weights)
    ]
    before = [_start(structure, 1)]
    for cost, weight in steps:
        before.append(_step(before[-1], cost, weight))
    after = np.full_like(before[0], np.inf)
    after[..., 0] = 0
    with_digit = np.empty((len(steps), len(structure.sets), 10), np.float32)
    for place in range(len(steps) - 1, -1, -1):
        cost, weight = steps[place]
        onward = cost[..., None, :] + after[..., _successors(weight)]
        with_digit[place] = (before[place][..., None] + onward).min(axis=-2)[0]
        after = onward.min(axis=-1)
    mix = int(with_digit[0].min(axis=-1).argmin())
    digits = with_digit[:, mix].argmin(axis=-1)
    best = float(with_digit[0, mix].min())
    others = with_digit.min(axis=1)
    others[np.arange(len(steps)), digits] = np.inf
    margin = (float(others.min()) - best) / max(best, _LEAST_COST)
    unbound = sum(cost[0].min(axis=-1) for cost, _ in steps).min()
    excess = (best - float(unbound)) / max(float(unbound), _LEAST_COST)
    return structure.spell(mix, "".join(map(str, digits))), margin, excess


def _start(structure: Structure, count: int) -> Floats:
    """Return the cost of each sum modulo ten before the first place: one is possible."""
    forward = np.full((count, len(structure.sets), 10), np.inf, np.float32)
    for mix in range(len(structure.sets)):
        forward[:, mix, mix if structure.first_in_sum else 0] = 0
    return forward


def _by_mix(costs: Floats, structure: Structure, place: int) -> Floats:
    """Return the costs of the digits at a place, the set as each mix has it there."""
    return costs[:, structure.sets[:, place]]


def _step(forward: Floats, cost: Floats, weight: int) -> Floats:
    onward: Floats = (forward[..., _predecessors(weight)] + cost[..., None, :]).min(axis=-1)
    return onward


@cache
def _predecessors(weight: int) -> NDArray[np.intp]:
    """Return, by sum and digit, the sum that the digit turned into this one."""
    table: NDArray[np.intp] = (np.arange(10)[:, None] - weight * np.arange(10)) % 10
    return table


@cache
def _successors(weight: int) -> NDArray[np.intp]:
    """Return, by sum and digit, the sum that the digit turns this one into."""
    table: NDArray[np.intp] = (np.arange(10)[:, None] + weight * np.arange(10)) % 10
    return table


def fit(aligned: Floats, structure: Structure, digits: str) -> float:
    """Return the best correlation of the number's bars, at any blur, with one aligned profile."""
    bars = modules(structure.name, digits)
    return max(float(correlations(aligned[None], blurred(bars, blur))[0]) for blur in _BLURS)


@lru_cache(maxsize=512)
def blurred(bars: str, blur: float) -> Floats:
    """Return modules as samples, blurred; the edge is repeated."""
    reach = int(3 * blur * PER_MODULE) + 1
    steps = np.arange(-reach, reach + 1) / (blur * PER_MODULE)
    kernel = np.exp(-(steps**2) / 2)
    samples = np.repeat([float(bar) for bar in bars], PER_MODULE)
    padded = np.pad(samples, reach, mode="edge")
    return np.convolve(padded, kernel / kernel.sum(), "valid").astype(np.float32)


def correlations(rows: Floats, pattern: Floats) -> Floats:
    """Return the correlation of each row with the pattern."""
    centred = rows - rows.mean(axis=1, keepdims=True)
    wanted = pattern - pattern.mean()
    scale = np.sqrt((centred**2).sum(axis=1) * (wanted**2).sum())
    found: Floats = (centred @ wanted) / np.maximum(scale, 1e-6)
    return found
