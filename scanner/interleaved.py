"""Whether an Interleaved 2 of 5 (ITF) is whole: nothing in its bars says how many digits there are.

A start and a stop stand for few bars, and a pair of digits in five begins as a stop does. An ITF
that is covered, torn or printed over at such a place, with white beside it, reads as a shorter one.
GS1 knows one length alone, the 14 digits of a carton with their check digit (General
Specifications, section 5.3.2.1); of any other it is asked that no bars go on beyond a white gap.

>>> from scanner.engines import Found
>>> place = ((0.0, 0.0), (300.0, 0.0), (300.0, 60.0), (0.0, 60.0))
>>> def read(digits):
...     return Found("zxing", "ITF", digits, digits.encode(), "]I0", place)
>>> paper = np.full((60, 300), 255, np.uint8)
>>> may_be_part(paper, read("19520123456785")), may_be_part(paper, read("19520123456780"))
(False, True)
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from scanner.engines.found import Found
from scanner.image import Grey
from scanner.kinds import CARTON_DIGITS, is_carton, itf_modules
from scanner.likelihood import PER_MODULE
from scanner.profile import Floats, outside, sample
from scanner.reading import Position, as_position

_STEP = 0.25
"""Share of the symbol's own contrast by which an edge is lighter or darker within a module: it may
go on from the light into a shadow."""

_LEAST_EDGES = 6
"""Edges beside a symbol that are bars: the frame of a label has two, a line beside it two more."""

_LEAST_LINES = 4
"""Of the lines across a symbol (`scanner.profile.LINES`) that have to cross them: print beside it
is lower than bars are."""

_ROUGH, _FARTHEST = 4, 40
"""Modules within which the end of a symbol is told, and as far beyond it as bars may be its own:
more than three quiet zones, with which its two parts may have been put side by side."""


def may_be_part(grey: Grey, found: Found) -> bool:
    """Return whether the digits of an ITF may be a part of more, or of two symbols.

    Args:
        grey: pixels of the whole picture.
        found: the read, its position in those pixels.
    """
    if len(found.text) == CARTON_DIGITS:
        return not is_carton(found.text)
    modules = itf_modules(len(found.text))
    own = sample(grey, found.position, modules * PER_MODULE).mean(axis=0)
    least = _STEP * float(np.ptp(own))
    for side in _beside(found.position, _FARTHEST / modules):
        edges = [_edges(line, least) for line in _lines(grey, side)]
        if sum(count >= _LEAST_EDGES for count in edges) >= _LEAST_LINES:
            return True
    return False


def _beside(position: Position, share: float) -> Iterator[Position]:
    """Yield the outlines to the left and right of one that have a share of its length."""
    a, b, c, d = (np.asarray(corner) for corner in position)
    upper, lower = share * (b - a), share * (c - d)
    yield as_position((a - upper, a, d, d - lower))
    yield as_position((b, b + upper, c + lower, c))


def _lines(grey: Grey, position: Position) -> Floats:
    """Return lines across an outline, as far as it lies within the picture."""
    lines = sample(grey, position, _FARTHEST * PER_MODULE)
    is_inside = ~outside(grey, position, lines.shape[1])
    # Beyond the outline lie the symbol's own bars, whose ends are told to a module or two.
    beyond = (lines.shape[1] - _FARTHEST * PER_MODULE) // 2 + _ROUGH * PER_MODULE
    inside: Floats = lines[:, beyond:-beyond][:, is_inside[beyond:-beyond]]
    return inside


def _edges(line: Floats, least: float) -> int:
    """Return how often a line changes from lighter to darker or back within a module."""
    steps = line[PER_MODULE:] - line[:-PER_MODULE]
    signs = np.sign(steps[np.abs(steps) >= least])
    return int(np.count_nonzero(np.diff(signs))) + 1 if len(signs) else 0
