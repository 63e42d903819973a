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
from scanner.profile import Floats
from scanner.reading import Position, as_position

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
    down, read = np.array([-across[1], across[0]]), 0.0
    if own >= _LEAST_HEIGHT * length:
        down, read = side * (length / own), own / 2 / max(length, 1.0)
    bottom, top = _followed(grey, left, across, down, read)
    # Of what was read nothing is given up.
    top = top if (top - a) @ down < 0 else a
    bottom = bottom if (bottom - d) @ down > 0 else d
    return as_position((top, top + across, bottom + across, bottom))


def _followed(
    grey: Grey, start: NDArray[Any], across: NDArray[Any], down: NDArray[Any], read: float
) -> NDArray[Any]:
    """Return where the last lines begin that cross the bars of the line from `start`.

    The farthest down, and the farthest up: both are followed at once, in half the calls. The lines
    that were read, a share of the length to either side, need not be.
    """
    count = max(_LEAST_SAMPLES, round(float(np.hypot(*across))))
    along = across[:, None] * ((np.arange(count) + 0.5) / count)
    wanted = _lines(grey, start[None], along)[0]
    ways, skipped = np.stack([down, -down]), int(read / _STEP)
    steps = _STEP * ways[:, None] + _LEAN[:, None] * across
    ends, going = start + skipped * _STEP * ways, np.arange(2)
    for _ in range(skipped, round(_FARTHEST / _STEP)):
        middles = ends[going] + _STEP * ways[going] + across / 2
        # Beyond the edge its pixels are repeated.
        going = going[((middles >= 0) & (middles <= grey.shape[::-1])).all(axis=1)]
        if len(going) == 0:
            break
        starts = ends[going, None] + steps[going]
        same = correlations(_lines(grey, starts.reshape(-1, 2), along), wanted)
        same = same.reshape(len(going), -1)
        follows = same.max(axis=1) >= _SAME
        going, best = going[follows], same.argmax(axis=1)[follows]
        ends[going] = starts[follows, best]
    return ends


def _lines(grey: Grey, starts: NDArray[Any], along: NDArray[Any]) -> Floats:
    """Return the grey values of the pixels that lines lie on, one from each start.

    Args:
        grey: pixels.
        starts: x and y of each line's first end.
        along: the way from there to each of its samples, in two rows.
    """
    height, width = grey.shape
    x, y = (starts[:, axis, None] + along[axis] for axis in (0, 1))
    places = y.clip(0, height - 1).astype(np.intp) * width + x.clip(0, width - 1).astype(np.intp)
    lines: Floats = grey.ravel().take(places).astype(np.float32)
    return lines
