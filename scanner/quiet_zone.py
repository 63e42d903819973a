"""The quiet zones of a linear symbol: where bars stand in them, it is a part of a longer one.

>>> page = np.full((60, 400), 255, np.uint8)
>>> page[:, 100:300:8] = page[:, 101:300:8] = page[:, 102:300:8] = page[:, 103:300:8] = 0
>>> def ends_at(right):
...     return (100.0, 10.0), (right, 10.0), (right, 50.0), (100.0, 50.0)
>>> runs_on(page, ends_at(300.0), 50), runs_on(page, ends_at(260.0), 40)
(False, True)
"""

from __future__ import annotations

import numpy as np

from scanner.extent import extent
from scanner.image import Grey
from scanner.likelihood import PER_MODULE
from scanner.profile import REACH, Floats, darkness, sample
from scanner.reading import Position

_WINDOW = 9 * PER_MODULE
"""Samples that are the surroundings of a place: two digits hold the widest bar and space."""

QUIET_FROM, QUIET_TO = 1.5, 7.0
"""Modules beside a short symbol that must be light: the bars of a longer one would be dark."""

_A_BAR = 1.0
"""Sum of all changes of darkness from which a bar comes and goes: half as dark as any, there and
back. In photographs of ITF quiet zones have 0.2."""


def runs_on(grey: Grey, position: Position, modules: int) -> bool:
    """Return whether bars stand where the quiet zones should be, wherever a symbol is crossed.

    Args:
        grey: pixels.
        position: corners of the lines that were read, in those pixels.
        modules: of the length of the symbol.
    """
    count = modules * PER_MODULE
    read = sample(grey, position, count).mean(axis=0)
    along = sample(grey, extent(grey, position), count)
    lines = [read, *along.reshape(-1, 2, along.shape[1]).mean(axis=1)]
    return any(_is_followed(darkness(line, _WINDOW), count) for line in lines)


def _is_followed(line: Floats, count: int) -> bool:
    near, far = (round(modules * PER_MODULE) for modules in (QUIET_FROM, QUIET_TO))
    offset = round(count * REACH)
    before, after = line[max(offset - far, 0) : offset - near], line[-offset:][near:far]
    changes = ((np.ptp(zone), np.abs(np.diff(zone)).sum()) for zone in (before, after))
    return any(most > _A_BAR / 2 and total > _A_BAR for most, total in changes)
