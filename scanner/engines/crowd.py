"""Whether a picture shows more finder patterns of QR codes than an engine can look for in time.

zxing-cpp holds every line through a finder pattern against all patterns found so far. Of a hundred
thousand patterns that is ten seconds in one call, which nothing can interrupt; no photograph shows
a hundredth of them. Pairs of neighbouring rows, drawn by lot so that no picture can be made around
them, tell how long it would take. In noise a row looks like a pattern, too, but not its neighbour.

>>> import numpy as np
>>> finder = np.array([[1] * 7, [1, 0, 0, 0, 0, 0, 1], *[[1, 0, 1, 1, 1, 0, 1]] * 3,
...                    [1, 0, 0, 0, 0, 0, 1], [1] * 7])
>>> grid = np.where(np.tile(np.pad(finder, 1), (200, 200)), 0, 255).astype(np.uint8)
>>> is_crowded(grid), is_crowded(grid[:900, :900])
(True, False)
"""

from __future__ import annotations

import secrets

import numpy as np
from numpy.typing import NDArray

from scanner.image import Grey

_LEAST_PIXELS = 1_000_000
"""In fewer there is no room for too many patterns."""

_STEP = 16
"""Rows of which two are looked at."""

_BLOCK = 64
"""Pixels of a row that share a threshold."""

_LEAST_CONTRAST = 24
"""Grey levels between dark and light in a block; below, zxing-cpp sees one colour."""

_FINDER = np.array([1, 1, 3, 1, 1], np.float32)
"""Widths of the runs across the middle of a finder pattern, in modules (ISO/IEC 18004, 6.3.3)."""

_MOST = 3e8
"""Lines through patterns times patterns that are looked for: a tenth of a second."""


def is_crowded(grey: Grey) -> bool:
    """Return whether to look for finder patterns would take too long."""
    if grey.size < _LEAST_PIXELS or min(grey.shape) < _STEP:
        return False
    tops = [top + secrets.randbelow(_STEP - 1) for top in range(0, len(grey) - _STEP + 1, _STEP)]
    places, modules = _hits(grey[tops])
    below, _ = _hits(grey[[top + 1 for top in tops]])
    modules = modules[np.isin(places, np.concatenate((below - 1, below, below + 1)))]
    # Three modules of rows cross the middle of a pattern, one less with the next row doing so, too.
    patterns = _STEP / (3 * modules - 1)
    lines = 3 * modules * patterns
    return float(lines.sum()) * float(patterns.sum()) > _MOST


def _hits(rows: Grey) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
    """Return where five runs of pixels are as those of a finder pattern, and its module in pixels.

    The place counts pixels from the first row on, to where the first run begins.
    """
    line = _dark(rows).ravel()
    ends = np.flatnonzero(line[1:] != line[:-1])
    runs = np.diff(ends).astype(np.float32)
    if runs.size < _FINDER.size:
        return ends[:0], runs[:0]
    first = int(not line[ends[0] + 1])  # a dark run
    five = np.lib.stride_tricks.sliding_window_view(runs, _FINDER.size)[first::2]
    modules: NDArray[np.float32] = five.sum(axis=1, keepdims=True) / _FINDER.sum()
    fits = np.flatnonzero((np.abs(five - modules * _FINDER) < modules * _FINDER / 2).all(axis=1))
    return ends[first::2][fits], modules[fits, 0]


def _dark(rows: Grey) -> NDArray[np.bool_]:
    """Return which pixels are dark, against those around them in their row."""
    count, width = rows.shape
    blocks = np.pad(rows, ((0, 0), (0, -width % _BLOCK)), mode="edge").reshape(count, -1, _BLOCK)
    low, high = blocks.min(axis=2, keepdims=True), blocks.max(axis=2, keepdims=True)
    middle = np.where(high - low < _LEAST_CONTRAST, 0, low // 2 + high // 2 + 1)
    dark: NDArray[np.bool_] = np.less(blocks, middle).reshape(count, -1)
    return dark
