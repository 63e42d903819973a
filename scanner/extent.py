"""How far the bars of a symbol reach: an engine tells where its scan lines were, not their ends.

What stands beside a symbol is looked for in the rest of the picture, so that the rest has to be
known. Bars run on from line to line: beyond the lines that an engine read, further ones are
followed for as long as they show the same bars.

>>> bars = np.repeat(np.random.default_rng(5).integers(0, 2, 95), 3) * 200
>>> page = np.full((200, 485), 220, np.uint8)
>>> page[40:160, 100:385] = bars
>>> read = ((100.0, 90.0), (385.0, 90.0), (385.0, 94.0), (100.0, 94.0))
>>> (_, top), _, (_, bottom), _ = extent(page, read)
>>> abs(top - 40) < 15, abs(bottom - 160) < 15
(True, True)
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from scanner.image import Grey
from scanner.likelihood import correlations
from scanner.profile import Floats, bilinear
from scanner.reading import Position

_STEPS = 24
"""Lines to each side that are compared."""

_FARTHEST = 1.2
"""How far they go, as a share of the symbol's length."""

_SAME = 0.5
"""Correlation from which lines cross the same bars. Those of two symbols have less than half."""

_LEAST_HEIGHT = 0.1
"""Share of the length from which the outline's own sides tell how the bars lean."""

_LEAST_SAMPLES = 64


def extent(grey: Grey, position: Position) -> Position:
    """Return the corners of all lines around a linear symbol's that cross the same bars.

    Args:
        grey: pixels.
        position: corners of the lines that were read, in those pixels.
    """
    a, b, c, d = (np.asarray(corner) for corner in position)
    left, across = (a + d) / 2, (b + c - a - d) / 2
    length, side = float(np.hypot(*across)), (c + d - a - b) / 2
    own = float(np.hypot(*side))
    down = np.array([-across[1], across[0]])
    if own >= _LEAST_HEIGHT * length:
        down = side * (length / own)
    reach = np.arange(-_STEPS, _STEPS + 1) * (_FARTHEST / _STEPS)
    lines = _lines(grey, left + reach[:, None] * down, across, max(_LEAST_SAMPLES, round(length)))
    same = correlations(lines, lines[_STEPS]) >= _SAME
    least = own / max(length, 1.0) / 2
    above, below = (
        max(least, (_run(same[_STEPS::way]) - 1) * _FARTHEST / _STEPS) for way in (-1, 1)
    )
    top, bottom = left - above * down, left + below * down
    first, second, third, fourth = (
        (float(x), float(y)) for x, y in (top, top + across, bottom + across, bottom)
    )
    return first, second, third, fourth


def _lines(grey: Grey, starts: NDArray[Any], across: NDArray[Any], count: int) -> Floats:
    """Return grey values along lines of one direction, one from each start."""
    along = (np.arange(count) + 0.5) / count
    x = starts[:, :1] + across[0] * along
    y = starts[:, 1:] + across[1] * along
    return bilinear(grey, x - 0.5, y - 0.5)


def _run(same: NDArray[np.bool_]) -> int:
    """Return how many come before the first that is not."""
    return int(np.argmin(np.append(same, False)))
