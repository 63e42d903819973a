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

from scanner.ean import FIRST_DIGIT, GUARDS, UPC_E_PARITY, A, B, C, as_ean13, as_upc_e, modules
from scanner.profile import Floats

PER_MODULE = 5
"""Samples a module in every profile that is compared."""

_BLURS = (0.25, 0.5, 0.75, 1.0, 1.3)
"""Standard deviations of the blur that is tried, in modules."""

_CANDIDATES = 4
"""Pairs of alignment and blur that are solved: those with the least cost."""

_NEAR = 16
"""Pairs for which the least cost of a valid number is found at all."""

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

    sets: NDArray[np.intp]
    """For each way to mix the sets: the set (0 A, 1 B, 2 C) at each place."""

    weights: tuple[int, ...]
    """Weight of each drawn digit in the sum that a check digit makes a multiple of ten."""

    spell: Callable[[int, str], str]
    """The whole number from the mix of sets and the drawn digits."""

    split: Callable[[str], tuple[int, str]]
    """The mix of sets and the drawn digits of a whole number."""

    first_in_sum: bool = False
    """Whether the number of the mix is a digit of weight one in that sum."""

    @property
    def guards(self) -> tuple[int, ...]:
        """Modules that are the same in every symbol."""
        return GUARDS[self.name]


def _ean13() -> Structure:
    places = (*range(3, 45, 7), *range(50, 92, 7))
    sets = np.array([[*("AB".index(s) for s in mix), *[2] * 6] for mix in FIRST_DIGIT])
    return Structure(
        "EAN-13", 95, places, sets, (3, 1) * 6, lambda mix, drawn: f"{mix}{drawn}",
        lambda digits: (int(digits[0]), digits[1:]), True,
    )  # fmt: skip


def _ean8() -> Structure:
    places = (*range(3, 31, 7), *range(36, 64, 7))
    sets = np.array([[0] * 4 + [2] * 4])
    return Structure(
        "EAN-8", 67, places, sets, (3, 1) * 4, lambda _, drawn: drawn,
        lambda digits: (0, digits),
    )  # fmt: skip


def _upc_e() -> Structure:
    # The check digit is one of the expanded number: it is not summed here but compared by the
    # caller, who knows the number that was read.
    sets = np.array([["AB".index(s) for s in mix] for mix in UPC_E_PARITY])
    return Structure(
        "UPC-E", 51, tuple(range(3, 45, 7)), sets, (0,) * 6,
        lambda mix, drawn: as_ean13(f"0{drawn}{mix}"),
        lambda digits: (int(digits[-1]), as_upc_e(digits)[1:7]),
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
    paths = _by_mix(costs, structure)
    # What is far from the bars even without a check digit is not summed.
    free = paths.min(axis=1).sum(axis=0).min(axis=1)
    near = np.argsort(free)[:_NEAR]
    order = near[np.argsort(_least(paths[:, :, near], structure))[:_CANDIDATES]]
    solved = _solve(paths[:, :, order], structure)
    explanations = []
    for candidate, (digits, margin, excess) in zip(order, solved, strict=True):
        row = aligned[candidate // len(_BLURS)]
        explanations.append(Explanation(digits, fit(row, structure, digits), margin, excess))
    return max(explanations, key=lambda one: one.fit)


def vouched(aligned: Floats, structure: Structure, digits: str) -> Explanation:
    """Return how well a number explains the profile, without solving for all others.

    Every place is compared with all digits of all sets that may stand there. Where a check digit is
    summed, two numbers differ in two places at least, so that the two least leads add up to no more
    than the margin, and otherwise the least is none. Where a place says something else than the
    number, the margin is negative and the excess what is lost.
    """
    costs = _by_place(aligned, structure)
    mix, drawn = structure.split(digits)
    places = np.arange(len(drawn))
    patterns = 10 * structure.sets[mix] + np.array([int(digit) for digit in drawn])
    own = costs[:, places, :, patterns]
    alignment, blur = divmod(int(own.sum(axis=0).argmin()), len(_BLURS))
    own = own[:, alignment, blur]
    rivals = np.where(_may_stand(structure.name, mix), costs[alignment, :, blur], np.inf)
    rivals[places, patterns] = np.inf
    leads = sorted((rivals.min(axis=1) - own).tolist())
    cost = max(float(own.sum()), _LEAST_COST)
    bars = blurred(modules(structure.name, digits), _BLURS[blur])
    return Explanation(
        digits,
        fit=float(correlations(aligned[alignment][None], bars)[0]),
        margin=sum(leads[: 2 if any(structure.weights) else 1]) / cost,
        excess=-sum(lead for lead in leads if lead < 0) / cost,
    )


@cache
def _may_stand(name: str, mix: int) -> NDArray[np.bool_]:
    """Return, by place and pattern, what may stand there: A and B on the left, C on the right."""
    is_right = STRUCTURES[name].sets[mix][:, None] == 2
    allowed: NDArray[np.bool_] = is_right == (np.arange(30) >= 20)
    return allowed


def _costs(aligned: Floats, structure: Structure) -> Floats:
    """Return squared distances: alignments times blurs, by place, set and digit."""
    by_blur = _by_place(aligned, structure).transpose(0, 2, 1, 3)
    flat: Floats = by_blur.reshape(-1, by_blur.shape[2], 3, 10)
    return flat


def _by_place(aligned: Floats, structure: Structure) -> Floats:
    """Return the same as they are multiplied out: alignments, places, blurs, patterns of all sets.

    Patterns are counted through the sets: ten of A, of B, of C.
    """
    parts = aligned.take(_samples(structure.name), axis=1)
    # One product of two matrices: of three axes each alignment would be one of its own.
    costs = (parts.reshape(-1, parts.shape[2]) @ _doubled()).reshape(*parts.shape[:2], -1)
    np.subtract(_sizes(), costs, out=costs)
    costs += np.square(parts).sum(axis=-1, keepdims=True)
    by_blur: Floats = costs.reshape(*parts.shape[:2], len(_BLURS), -1)
    return by_blur


@cache
def _samples(name: str) -> NDArray[np.intp]:
    """Return the samples of each place."""
    starts = np.array(STRUCTURES[name].places) * PER_MODULE
    samples: NDArray[np.intp] = starts[:, None] + np.arange(7 * PER_MODULE)
    return samples


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


@cache
def _doubled() -> Floats:
    """Return twice the templates: samples by templates."""
    return np.ascontiguousarray(2 * _templates().reshape(-1, 7 * PER_MODULE).T)


@cache
def _sizes() -> Floats:
    """Return the sum of squares of each template."""
    sizes: Floats = np.square(_templates()).sum(axis=-1).ravel()
    return sizes


def _by_mix(costs: Floats, structure: Structure) -> Floats:
    """Return costs by place and digit, for each alignment and blur, the sets as each mix has them.

    The axes that are summed over come first: numpy is fastest along the last ones.
    """
    by_mix = costs[:, np.arange(len(structure.places)), structure.sets]
    return np.ascontiguousarray(by_mix.transpose(2, 3, 0, 1))


def _least(paths: Floats, structure: Structure) -> Floats:
    """Return the least cost of any valid number for each alignment and blur."""
    forward = _start(structure, paths.shape[2])
    for cost, weight in zip(paths, structure.weights, strict=True):
        forward = _step(forward, cost, weight)
    least: Floats = forward[0].min(axis=1)
    return least


def _solve(paths: Floats, structure: Structure) -> list[tuple[str, float, float]]:
    """Return for each alignment and blur the best number, its margin before the next, its excess.

    The least cost of all numbers that have a given digit at a given place comes from a pass
    forwards and one backwards; the next best number differs from the best in some place.
    """
    before = [_start(structure, paths.shape[2])]
    for cost, weight in zip(paths, structure.weights, strict=True):
        before.append(_step(before[-1], cost, weight))
    after = np.full_like(before[0], np.inf)
    after[0] = 0
    with_digit = np.empty_like(paths)
    for place in range(len(paths) - 1, -1, -1):
        onward = paths[place] + after[_successors(structure.weights[place])]
        with_digit[place] = (before[place][:, None] + onward).min(axis=0)
        after = onward.min(axis=1)
    free = paths.min(axis=1).sum(axis=0).min(axis=1)
    return [
        _best_of(with_digit[:, :, candidate], float(free[candidate]), structure)
        for candidate in range(paths.shape[2])
    ]


def _best_of(with_digit: Floats, free: float, structure: Structure) -> tuple[str, float, float]:
    """Return the same for one of them, from the least costs by place, digit and mix."""
    mix = int(with_digit[0].min(axis=0).argmin())
    digits = with_digit[:, :, mix].argmin(axis=1)
    best = float(with_digit[0, :, mix].min())
    others = with_digit.min(axis=2)
    others[np.arange(len(others)), digits] = np.inf
    margin = (float(others.min()) - best) / max(best, _LEAST_COST)
    excess = (best - free) / max(free, _LEAST_COST)
    return structure.spell(mix, "".join(map(str, digits))), margin, excess


def _start(structure: Structure, count: int) -> Floats:
    """Return the cost of each sum modulo ten before the first place: one is possible."""
    forward = np.full((10, count, len(structure.sets)), np.inf, np.float32)
    for mix in range(len(structure.sets)):
        forward[mix if structure.first_in_sum else 0, :, mix] = 0
    return forward


def _step(forward: Floats, cost: Floats, weight: int) -> Floats:
    onward: Floats = (forward[_predecessors(weight)] + cost[:, None]).min(axis=0)
    return onward


@cache
def _predecessors(weight: int) -> NDArray[np.intp]:
    """Return, by digit and sum, the sum that the digit turned into this one."""
    table: NDArray[np.intp] = (np.arange(10) - weight * np.arange(10)[:, None]) % 10
    return table


@cache
def _successors(weight: int) -> NDArray[np.intp]:
    """Return, by sum and digit, the sum that the digit turns this one into."""
    table: NDArray[np.intp] = (np.arange(10)[:, None] + weight * np.arange(10)) % 10
    return table


def fit(aligned: Floats, structure: Structure, digits: str) -> float:
    """Return the best correlation of the number's bars, at any blur, with one aligned profile."""
    return float(correlations(_patterns(structure.name, digits), aligned).max())


@lru_cache(maxsize=64)
def _patterns(name: str, digits: str) -> Floats:
    """Return the number's bars at each blur."""
    return np.stack([blurred(modules(name, digits), blur) for blur in _BLURS])


@lru_cache(maxsize=512)
def blurred(bars: str, blur: float) -> Floats:
    """Return modules as samples, blurred; the edge is repeated."""
    kernel = _kernel(blur)
    reach = len(kernel) // 2
    samples = np.repeat(np.frombuffer(bars.encode("ascii"), np.uint8) == ord("1"), PER_MODULE)
    padded = np.empty(len(samples) + 2 * reach)
    padded[:reach], padded[reach:-reach], padded[-reach:] = samples[0], samples, samples[-1]
    samples = np.convolve(padded, kernel, "valid")
    smooth: Floats = samples.astype(np.float32)
    return smooth


@cache
def _kernel(blur: float) -> Floats:
    reach = int(3 * blur * PER_MODULE) + 1
    steps = np.arange(-reach, reach + 1) / (blur * PER_MODULE)
    kernel = np.exp(-(steps**2) / 2)
    whole: Floats = kernel / kernel.sum()
    return whole


def correlations(rows: Floats, pattern: Floats) -> Floats:
    """Return the correlation of each row with the pattern."""
    count = rows.shape[1]
    # Centred before they are squared: of a line of one grey nothing but rounding would be left.
    centred = rows - rows.sum(axis=1, keepdims=True) / count
    wanted = pattern - pattern.sum() / count
    scale = np.sqrt(np.square(centred).sum(axis=1) * (wanted @ wanted))
    found: Floats = (centred @ wanted) / np.maximum(scale, 1e-6)
    return found
