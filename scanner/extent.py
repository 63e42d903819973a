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

_STEP, _FARTHEST = 0.05, 1.2
"""How far the next line is and the farthest may be, as shares of the symbol's length."""

_LEAN = np.arange(-3, 4) * 0.01
"""Shares of the length by which the bars may have moved aside from one line to the next."""

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
    if not length and not own:
        return position  # all that zbar tells of what a single line crossed is one point
    down = np.array([-across[1], across[0]])
    if own >= _LEAST_HEIGHT * length:
        down = side * (length / own)
    bottom, top = (_followed(grey, left, across, way * down) for way in (1, -1))
    # Of what was read nothing is given up.
    top = top if (top - a) @ down < 0 else a
    bottom = bottom if (bottom - d) @ down > 0 else d
    first, second, third, fourth = (
        (float(x), float(y)) for x, y in (top, top + across, bottom + across, bottom)
    )
    return first, second, third, fourth


def _followed(
    grey: Grey, start: NDArray[Any], across: NDArray[Any], down: NDArray[Any]
) -> NDArray[Any]:
    """Return where the last line begins that crosses the bars of the line from `start`."""
    count = max(_LEAST_SAMPLES, round(float(np.hypot(*across))))
    wanted = _lines(grey, start[None], across, count)[0]
    for _ in range(round(_FARTHEST / _STEP)):
        middle = start + _STEP * down + across / 2
        if (middle < 0).any() or (middle > grey.shape[::-1]).any():
            break  # beyond the edge its pixels are repeated
        starts = start + _STEP * down + _LEAN[:, None] * across
        same = correlations(_lines(grey, starts, across, count), wanted)
        if same.max() < _SAME:
            break
        start = starts[same.argmax()]
    return start


def _lines(grey: Grey, starts: NDArray[Any], across: NDArray[Any], count: int) -> Floats:
    """Return grey values along lines of one direction, one from each start."""
    along = (np.arange(count) + 0.5) / count
    x = starts[:, :1] + across[0] * along
    y = starts[:, 1:] + across[1] * along
    return bilinear(grey, x - 0.5, y - 0.5)
