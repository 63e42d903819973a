"""Is this read borne out by the picture? Every linear read is asked; a check digit is no proof.

EAN and UPC: all numbers there are compete for the bar profile (`scanner.likelihood`). The read is
confirmed when it wins, refuted when another number wins clearly, and open otherwise. Other linear
codes, and what stays open, need a second read by another engine or of another view of the picture.
QR codes and Data Matrix carry error correction that fails rather than lies: they stand as read.

>>> import numpy as np
>>> from scanner.ean import modules
>>> from scanner.engines import Found
>>> bars = np.repeat([m == "1" for m in modules("EAN-13", "9520123456788")], 3)
>>> grey = np.tile(np.where(np.pad(bars, 40), 20, 230).astype(np.uint8), (60, 1))
>>> corners = ((40.0, 0.0), (325.0, 0.0), (325.0, 60.0), (40.0, 60.0))
>>> def read(digits):
...     return Found("zxing", "EAN-13", digits, digits.encode(), "]E0", corners)
>>> judge(grey, read("9520123456788")).outcome, judge(grey, read("9520123456689")).outcome
('confirmed', 'refuted')
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from scanner.alignment import agreeing, by_bars, by_guards
from scanner.cylinder import unrolled
from scanner.edges import by_edges
from scanner.engines.found import Found
from scanner.extent import extent
from scanner.image import Grey
from scanner.kinds import DATABAR_MODULES, MATRIX, SHORT
from scanner.likelihood import (
    PER_MODULE,
    STRUCTURES,
    Explanation,
    Structure,
    correlations,
    explain,
    fit,
    vouched,
)
from scanner.possible import has_height
from scanner.profile import Floats, darkness, sample
from scanner.quiet import WINDOW, ends, is_quiet
from scanner.reading import Position, as_position

Outcome = Literal["confirmed", "open", "refuted"]

_CLOSE = 16
"""Samples that are the surroundings of a place, instead of `WINDOW`, where light changes within a
digit: at the edge of a shadow, around a reflection. Seven modules in all hold a bar and a space,
and noise shows more."""

CLEAR_FIT, _CLEAR_MARGIN = 0.9, 0.15
"""A profile as good as this needs no second look."""

GOOD_FIT, _GOOD_MARGIN = 0.88, 0.03
_FAIR_FIT, _FAIR_MARGIN = 0.78, 0.12
"""What the winner needs when it is the number that was read: a poor fit needs a clear lead."""

_CLEAREST, _CAREFUL_MARGIN = 4, 0.3
"""How many lines count that agree best of many, laid straight in many ways, and what the winner
needs on them."""

_RECOVERED_FIT, _RECOVERED_MARGIN = 0.9, 0.1
"""What it needs to count as read although no engine read it."""

STRAIGHT = 0.01
"""Excess below which it has to stay then: the bars say it whether or not its check digit holds. In
a hard shadow two digits were found with 0.05 that made up for each other in the check digit."""

_OTHER_FIT, _OTHER_MARGIN = 0.86, 0.05
"""What the winner needs to refute the number that was read."""

_BENT = 0.05
"""Excess (`Explanation.excess`) from which a number holds only because its check digit has to: the
bars lie nearer to digits that make no number. Of the right reads of blurred photographs one in
fifty shows as much, so that it leaves the question open."""

_BROKEN = 0.3
"""Excess from which the symbol's check digit is simply wrong: a faulty print, or two symbols."""

_ALIKE = 0.9
"""Correlation of the outer lines with the mean of all from which all cross the same bars."""

_LEAST_HEIGHT = 0.02
"""Height of a short symbol, as a share of its length, below which it was read along one line."""

_BEYOND, _STEPS = 0.3, 4
"""Share of a symbol's length by which lines are looked for on either side of those that were read:
bars are about as long; and how many times `LINES` of them."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the picture says to a read."""

    outcome: Outcome
    confidence: float
    """0 to 1, `Symbol.confidence`."""

    explanation: Explanation | None = None
    """The number that explains the profile best, for EAN and UPC."""

    ends: tuple[float, float] = (0.0, 0.0)
    """How dark it is right beside both ends of a DataBar, the lightest space 0, the ink 1."""


def judge(grey: Grey, found: Found) -> Judgement:
    """Compare a read with the pixels it was read from."""
    if found.format in MATRIX:
        return Judgement(
            "confirmed", 1.0 if found.corrected is None else 0.9 + 0.1 * found.corrected
        )
    structure = STRUCTURES.get(found.format)
    if structure is None:
        modules = DATABAR_MODULES.get(found.format)
        beside = ends(grey, found.position, modules) if modules else (0.0, 0.0)
        return Judgement("open", 0.5, ends=beside)
    places = [
        (position, sample(grey, position, structure.length * PER_MODULE))
        for position in _positions(found)
    ]
    for place in places:
        if (confirmed := _at_a_glance(found, structure, *place)) is not None:
            return confirmed
    judgements = []
    for place in places:
        judgements.append(_weighed(found, structure, *place))
        if judgements[-1].outcome == "confirmed":
            return judgements[-1]
    best = max(judgements, key=lambda one: one.confidence)
    if any(judgement.outcome == "refuted" for judgement in judgements):
        return best
    return _with_care(grey, found, structure) or best


def _with_care(grey: Grey, found: Found, structure: Structure) -> Judgement | None:
    """Confirm a read where glare leaves few lines, or a can squeezes the bars at its sides.

    Of more lines, and of more ways to lay them straight, one agrees with a number more easily: its
    lead has to be larger, and edges that can be counted have to say the same.
    """
    count = structure.length * PER_MODULE
    for position in _positions(found):
        place = extent(grey, position) if structure.name in SHORT else position
        unrolls = unrolled(sample(grey, position, 2 * count).mean(axis=0)[None], count)
        for seen in (_farther(grey, position, count), unrolls[:, 0]):
            straight, agreement = agreeing(darkness(seen, _CLOSE), structure, found.text)
            order = np.argsort(-agreement)[:_CLEAREST]
            line = darkness(seen[order[0]], WINDOW)
            ways = (straight[order], by_edges(line, structure))
            explanations = (explain(way, structure) for way in ways if len(way))
            best = max(explanations, key=lambda one: one.fit)
            is_read = best.digits == found.text and _is_clear(best, found)
            is_read &= best.margin >= _CAREFUL_MARGIN
            if is_read and _is_whole(line, structure, place):
                return Judgement("confirmed", round(best.fit, 3), best)
    return None


def _farther(grey: Grey, position: Position, count: int) -> Floats:
    """Return lines across the bars among and beyond the lines that were read."""
    a, b, c, d = (np.asarray(corner) for corner in position)
    left, along = (a + d) / 2, (b + c - a - d) / 2
    length = max(float(np.hypot(*along)), 1.0)
    reach = float(np.hypot(*(d - a))) / 2 / length + _BEYOND
    down = np.array([-along[1], along[0]]) * (2 * reach / _STEPS)
    lines = []
    for step in np.arange(_STEPS) - _STEPS / 2:
        top, bottom = left + step * down, left + (step + 1) * down
        corners = as_position((top, top + along, bottom + along, bottom))
        lines.append(sample(grey, corners, count))
    return np.concatenate(lines)


def _at_a_glance(
    found: Found, structure: Structure, position: Position, seen: Floats
) -> Judgement | None:
    """Confirm a read by the mean of all lines, which is enough where the picture is good."""
    for line, straight in _glances(seen, structure):
        if len(straight) == 0:
            continue
        best = vouched(straight, structure, found.text)
        if _is_clear(best, found) and _is_whole(line, structure, position):
            return Judgement("confirmed", round(best.fit, 3), best)
    return None


def _glances(seen: Floats, structure: Structure) -> Iterator[tuple[Floats, Floats]]:
    """Yield a line of darkness and the symbol cut out of it, what takes least time first."""
    mean: Floats = seen.sum(axis=0) / len(seen)
    line = darkness(mean, WINDOW)
    yield line, by_edges(line, structure)
    if not _are_alike(seen, mean):
        middle = len(seen) // 2
        line = darkness(seen[middle - 1 : middle + 1].mean(axis=0), WINDOW)
        yield line, by_edges(line, structure)
    yield line, by_guards(line, structure)


def _weighed(found: Found, structure: Structure, position: Position, seen: Floats) -> Judgement:
    """Compare a read with all that the lines say."""
    lines = darkness(seen, WINDOW)
    straight = by_bars(lines, structure, found.text)
    is_whole = _is_whole(lines.mean(axis=0), structure, position)
    best = vouched(straight, structure, found.text)
    if _is_clear(best, found) and is_whole:
        return Judgement("confirmed", round(best.fit, 3), best)
    best = explain(straight, structure)
    if best.digits != found.text or not _is_clear(best, found):
        middle = darkness(seen[len(seen) // 3 : -len(seen) // 3].mean(axis=0), WINDOW)
        ways = (by_edges(middle, structure), by_guards(middle, structure))
        others = (explain(way, structure) for way in ways if len(way))
        best = max(best, *others, key=lambda one: one.fit)
    broken = is_broken(best)
    if best.digits == found.text and not broken:
        certain = _is_certain(best, found) and is_whole
        return Judgement("confirmed" if certain else "open", round(best.fit, 3), best)
    beaten = best.fit >= _OTHER_FIT and best.margin >= _OTHER_MARGIN
    own = max(fit(row, structure, found.text) for row in straight)
    return Judgement("refuted" if beaten or broken else "open", round(own, 3), best)


def _are_alike(seen: Floats, mean: Floats) -> bool:
    """Return whether the mean of all lines is of the same bars as the outer two.

    A symbol that leans or tapers is crossed elsewhere by each line.
    """
    return bool(correlations(seen[:: len(seen) - 1], mean).min() >= _ALIKE)


def _is_clear(best: Explanation, found: Found) -> bool:
    sure = best.fit >= CLEAR_FIT and best.margin >= _CLEAR_MARGIN
    return sure and best.excess < _most_excess(found)


def _most_excess(found: Found) -> float:
    """Return how much may speak for other digits: what zbar reads has to be straight.

    It is asked of bars that zxing-cpp does not read, and reads 1 and 7 one for the other there.
    """
    return STRAIGHT if found.engine == "zbar" else _BENT


def _is_certain(best: Explanation, found: Found) -> bool:
    good = best.fit >= GOOD_FIT and best.margin >= _GOOD_MARGIN
    fair = best.fit >= _FAIR_FIT and best.margin >= _FAIR_MARGIN
    return best.excess < _most_excess(found) and (good or fair)


def is_broken(best: Explanation) -> bool:
    """Return whether the bars are clear and spell digits whose check digit is wrong."""
    return best.fit >= _OTHER_FIT and best.excess >= _BROKEN


def recovered(found: Found, judgement: Judgement) -> tuple[Found, Judgement] | None:
    """Return the number that refuted a read, where the bars say it clearly enough to stand."""
    best = judgement.explanation
    if judgement.outcome != "refuted" or best is None or found.format != "EAN-13":
        return None
    if best.fit < _RECOVERED_FIT or best.margin < _RECOVERED_MARGIN or best.excess >= STRAIGHT:
        return None
    data = best.digits.encode("ascii")
    read = replace(found, engine="profile", text=best.digits, data=data)
    return read, Judgement("confirmed", round(best.fit, 3), best)


def _is_whole(line: Floats, structure: Structure, position: Position) -> bool:
    """Return whether a short symbol is one: they appear inside longer ones, and along one line."""
    if structure.name not in SHORT:
        return True
    return has_height(position, _LEAST_HEIGHT) and is_quiet(line, structure.length)


def _positions(found: Found) -> Iterator[Position]:
    """Return where the symbol may lie: zbar often marks one half only."""
    yield found.position
    if found.engine == "zbar" and found.format != "UPC-E":
        a, b, c, d = (np.asarray(corner) for corner in found.position)
        yield as_position((a, 2 * b - a, 2 * c - d, d))
        yield as_position((2 * a - b, b, c, 2 * d - c))
