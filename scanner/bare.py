"""The picture without the bars that were read, for engines that look for other symbols.

A search for matrix symbols takes its time edge by edge, and nothing has as many edges as bars. What
was read for sure is painted over with its own paper: no other symbol lies between its bars.

>>> import numpy as np
>>> from scanner.view import scaling
>>> corners = ((10.0, 5.0), (90.0, 5.0), (90.0, 45.0), (10.0, 45.0))
>>> symbol = Symbol("EAN-13", "9520123456788", b"", "]E0", corners, 1.0, ())
>>> page = View("1/1", np.tile(np.arange(100, dtype=np.uint8) % 2 * 200, (50, 1)), scaling(1.0))
>>> without_bars(page, (symbol,)).grey[24, 8:14].tolist()
[0, 200, 200, 200, 200, 200]
>>> page.grey[24, 8:14].tolist()
[0, 200, 0, 200, 0, 200]
"""

from __future__ import annotations

from dataclasses import replace

from scanner.attempts import Engine, sees_bars
from scanner.kinds import MATRIX
from scanner.reading import Symbol
from scanner.view import View

_MATRIX = {*MATRIX, "Micro QR Code"}
"""What is itself of the kind that is looked for."""


def for_engine(view: View, engine: Engine, known: tuple[Symbol, ...]) -> View:
    """Return a view as an engine is to see it that looks for what was not read yet.

    Args:
        view: of the picture.
        engine: that will search it.
        known: what was read for sure.
    """
    linear = tuple(symbol for symbol in known if symbol.format not in _MATRIX)
    return without_bars(view, linear) if linear and not sees_bars(engine) else view


def without_bars(view: View, linear: tuple[Symbol, ...]) -> View:
    """Return the view with the bars of symbols painted over, where they stand about upright."""
    grey = view.grey.copy()
    for symbol in linear:
        (ax, ay), (bx, by), (cx, cy), (dx, dy) = view.from_original(symbol.position)
        # The largest upright rectangle within the corners: none if the symbol lies askew.
        sides = (max(ay, by), min(cy, dy), max(ax, dx), min(bx, cx))
        top, bottom, left, right = (max(int(side), 0) for side in sides)
        bars = grey[top:bottom, left:right]
        if bars.size:
            bars[:] = bars[len(bars) // 2].max()
    return replace(view, grey=grey)
