"""Where each module of a symbol lies in the lines that cross it.

Bottles, wrinkled bags and slanting cameras stretch a symbol here and squeeze it there. Two ways
lead from lines to modules. When a number was read, its bars are laid over every line elastically:
pieces of five modules may shift, neighbours by nearly as much. When none was, the guards alone have
to do: they are the same in every symbol.

>>> import numpy as np
>>> from scanner.ean import modules
>>> from scanner.likelihood import STRUCTURES, explain
>>> bars = np.repeat([m == "1" for m in modules("EAN-13", "9520123456788")], PER_MODULE)
>>> lines = np.pad(bars, 95).astype(np.float32)[None]
>>> explain(by_guards(lines[0], STRUCTURES["EAN-13"]), STRUCTURES["EAN-13"]).digits
'9520123456788'
>>> by_bars(lines, STRUCTURES["EAN-13"], "9520123456788").shape
(2, 475)
"""

from __future__ import annotations

from functools import cache, reduce

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from scanner.ean import modules
from scanner.likelihood import PER_MODULE, Structure, blurred, correlations
from scanner.profile import Floats, beyond, interpolated

_SHIFTS = np.arange(-8, 9, 2)
"""Samples by which either end of a symbol may lie elsewhere than an engine says, and its middle
elsewhere than half-way: more than a module and a half, on bottles and in wrinkles."""

_REACHED = -2 * int(_SHIFTS[0])
"""Samples by which its middle may lie elsewhere than an engine says: both together."""

_ENDS, _BOWS = np.linspace(-13, 13, 35), np.linspace(-1, 1, 3)
"""Modules by which either end, and the middle, may lie elsewhere than a region's outline says."""

_LIKELIEST, _LIKELIEST_OF_OUTLINE = 6, 20
"""How many alignments by guards are returned: those whose guards fit best."""

_PIECE = 5
"""Modules of a piece that shifts as a whole."""

_MAX_SHIFT = 8 * PER_MODULE
_MAX_STRETCH = 2
"""Samples by which neighbouring pieces may shift differently: 8 % of their length."""

_STRETCH_COST = 0.15
"""Cost of one sample of that, in squared darkness: bars win over smoothness when they are clear."""

_TEMPLATE_BLUR = 0.5


def by_bars(lines: Floats, structure: Structure, digits: str) -> Floats:
    """Return the symbol cut out of the lines, laid straight by the bars of a number.

    Args:
        lines: darkness, lines by samples, `REACH` of the symbol's length before and after it.
        structure: of the symbology.
        digits: the number that was read.

    Returns:
        Two rows: the mean of the lines that agree with each other best, and the best single line.
    """
    straight, agreement = agreeing(lines, structure, digits)
    order = np.argsort(-agreement)
    kept = order[agreement[order] > agreement[order[0]] - 0.1]
    return np.stack([straight[kept].mean(axis=0), straight[order[0]]])


def agreeing(lines: Floats, structure: Structure, digits: str) -> tuple[Floats, Floats]:
    """Return every line laid straight by the bars of a number, and its correlation with them."""
    wanted = blurred(modules(structure.name, digits), _TEMPLATE_BLUR)
    straight = _cut(lines, structure, _elastic(lines, structure, wanted))
    return straight, correlations(straight, wanted)


def _elastic(lines: Floats, structure: Structure, wanted: Floats) -> NDArray[np.intp]:
    """Return the shift of each piece of each line in samples: lines by pieces."""
    reach = 4 * PER_MODULE
    width = 2 * reach + 1
    middles = _middles(structure)
    margin = _MAX_SHIFT + reach
    padded = np.pad(lines, ((0, 0), (margin, margin)), mode="edge")
    sums = np.pad((padded**2).cumsum(axis=1), ((0, 0), (1, 0)))
    squares = sums[:, width:] - sums[:, :-width]
    windows = sliding_window_view(padded, width, axis=1)
    bars = np.pad(wanted, reach, mode="edge")
    costs = np.empty((len(lines), len(middles), 2 * _MAX_SHIFT + 1), np.float32)
    for piece, middle in enumerate(middles):
        # The squared distance of a piece from each place it may have shifted to, multiplied out.
        pattern = bars[middle : middle + width]
        first = middle + _offset(structure)
        places = slice(first, first + 2 * _MAX_SHIFT + 1)
        products = windows[:, places] @ pattern
        costs[:, piece] = squares[:, places] - 2 * products + (pattern**2).sum()
    return _smoothest(costs * (PER_MODULE / width))


def _smoothest(costs: Floats) -> NDArray[np.intp]:
    """Return the cheapest path through the shifts of the pieces, small steps only."""
    count, pieces, shifts = costs.shape
    steps = np.abs(np.arange(-_MAX_STRETCH, _MAX_STRETCH + 1))
    tolls = (_STRETCH_COST * steps).astype(np.float32)
    # The least cost of all ways to each shift; beyond the outermost ones there is none.
    totals = np.full((pieces, count, shifts + len(tolls) - 1), np.inf, np.float32)
    inner = slice(_MAX_STRETCH, -_MAX_STRETCH)
    totals[0, :, inner] = costs[:, 0]
    for piece in range(1, pieces):
        ways = [totals[piece - 1, :, n : n + shifts] + toll for n, toll in enumerate(tolls)]
        totals[piece, :, inner] = reduce(np.minimum, ways) + costs[:, piece]
    lines, near = np.arange(count)[:, None], np.arange(len(tolls))
    path = np.empty((count, pieces), np.intp)
    path[:, -1] = here = totals[-1, :, inner].argmin(axis=1)
    for piece in range(pieces - 2, -1, -1):
        options = totals[piece][lines, here[:, None] + near] + tolls
        path[:, piece] = here = here + options.argmin(axis=1) - _MAX_STRETCH
    return path - _MAX_SHIFT


def _cut(lines: Floats, structure: Structure, shifts: NDArray[np.intp]) -> Floats:
    """Return each line from first bar to last, its pieces moved back by their shifts."""
    samples = np.arange(structure.length * PER_MODULE)
    middles = _middles(structure)
    every = np.arange(lines.shape[1])
    return np.array([
        np.interp(samples + _offset(structure) + np.interp(samples, middles, shift), every, line)
        for line, shift in zip(lines, shifts, strict=True)
    ], np.float32)  # fmt: skip


def _middles(structure: Structure) -> NDArray[np.intp]:
    pieces = structure.length // _PIECE
    edges = np.linspace(0, structure.length * PER_MODULE, pieces + 1)
    return np.rint((edges[:-1] + edges[1:]) / 2).astype(np.intp)


def _offset(structure: Structure) -> int:
    return beyond(structure.length * PER_MODULE)


def by_guards(line: Floats, structure: Structure) -> Floats:
    """Return the symbol cut out of one line, once for each of the likeliest alignments.

    Args:
        line: darkness, `REACH` of the symbol's length before and after it, whose ends are where an
            engine says.
        structure: of the symbology.
    """
    left, *between, right = _distances(line, structure)
    bends, middles = _bends()
    ends = slice(_REACHED // 2, -_REACHED // 2, 2)
    costs = left[ends][:, None, None] + right[ends][:, None]
    # Without a guard in the middle nothing tells of a bend; straight is likeliest.
    costs = costs + (between[0][middles] if between else np.abs(_SHIFTS))
    best = np.argpartition(costs, _LIKELIEST, axis=None)[:_LIKELIEST]
    return _bent(line, bends[best], structure)


def _distances(line: Floats, structure: Structure) -> Floats:
    """Return how far the line is from each guard, for each shift of up to `_REACHED` samples."""
    samples, starts = _guards(structure)
    offset = _offset(structure)
    shifts = np.arange(offset - _REACHED, offset + _REACHED + 1)[:, None]
    apart = line[shifts + samples] - _usual(structure.name)[samples]
    return np.add.reduceat(np.square(apart), starts, axis=1).T


@cache
def _bends() -> tuple[Floats, NDArray[np.intp]]:
    """Return shifts of start, end and middle in modules, and the places of the middle's distances.

    The latter have an axis for each of the three.
    """
    grid = np.meshgrid(_SHIFTS, _SHIFTS, _SHIFTS, indexing="ij")
    start, end, bow = grid
    bends = np.stack([axis.ravel() for axis in grid], axis=1) / PER_MODULE
    return bends.astype(np.float32), (start + end) // 2 + bow + _REACHED


@cache
def _guards(structure: Structure) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the samples of all guards, and at which of those each guard begins."""
    guards = np.array(structure.guards)
    samples = (guards[:, None] * PER_MODULE + np.arange(PER_MODULE)).ravel()
    return samples, np.flatnonzero(np.diff(guards, prepend=-2) > 1) * PER_MODULE


def by_outline(line: Floats, structure: Structure) -> Floats:
    """Return the same where the ends are those of a region's outline, far from the symbol's own."""
    grid = np.meshgrid(_ENDS, _ENDS, _BOWS, indexing="ij")
    bends = np.stack([axis.ravel() for axis in grid], axis=1).astype(np.float32)
    in_guard, _ = _guards(structure)
    guards = _bent(line, bends, structure, in_guard)
    scores = correlations(guards, _usual(structure.name)[in_guard])
    best = np.argsort(-scores)[:_LIKELIEST_OF_OUTLINE]
    return _bent(line, bends[best], structure)


def _bent(
    line: Floats, bends: Floats, structure: Structure, samples: NDArray[np.intp] | None = None
) -> Floats:
    """Return the line, or some samples of the symbol in it, once for each way to shift and bend it.

    Args:
        line: darkness.
        bends: modules by which start, end and middle lie elsewhere, in rows.
        structure: of the symbology.
        samples: those that are wanted, counted from the first bar.
    """
    straight, ways = _along(structure)
    if samples is not None:
        straight, ways = straight[samples], ways[:, samples]
    return interpolated(line, straight + bends @ ways)


@cache
def _along(structure: Structure) -> tuple[Floats, Floats]:
    """Return where a line has the samples of a symbol, and how much each of three bends moves them.

    A shift of the start and one of the end fade out towards the other; that of the middle is a bow.
    """
    samples = np.arange(structure.length * PER_MODULE, dtype=np.float32)
    share = (samples + np.float32(0.5)) / (structure.length * PER_MODULE)
    ways = np.stack([1 - share, share, 4 * share * (1 - share)]) * PER_MODULE
    return samples + _offset(structure), ways


@cache
def _usual(name: str) -> Floats:
    """Return the mean of some symbols, slightly blurred: what guards look like among digits."""
    if name == "UPC-E":
        numbers = [f"0{digit}{digit}{digit}{digit}{digit}5{check}"
                   for digit in range(10) for check in (0, 5)]  # fmt: skip
    else:
        numbers = [str(digit) * (8 if name == "EAN-8" else 13) for digit in range(10)]
    symbols = [blurred(modules(name, number), 0.4) for number in numbers]
    usual: Floats = np.mean(symbols, axis=0).astype(np.float32)
    return usual
