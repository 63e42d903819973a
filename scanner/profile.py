"""The bar profile: how dark the picture is along a line that crosses the bars of a symbol.

Lines are laid side by side across the symbol, and their mean is taken: noise averages out, bars do
not. Light is then measured against its own neighbourhood, so that a shadow over half of the symbol
does not matter.

>>> import numpy as np
>>> grey = np.tile(np.where(np.arange(100) // 10 % 2, 0, 255).astype(np.uint8), (20, 1))
>>> lines = sample(grey, ((0.0, 0.0), (100.0, 0.0), (100.0, 20.0), (0.0, 20.0)), count=50)
>>> lines.shape
(6, 70)
>>> darkness(lines.mean(axis=0), window=20)[10:20].round().astype(int).tolist()
[0, 0, 0, 0, 0, 1, 1, 1, 1, 1]
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scanner.image import Grey
from scanner.reading import Position

Floats = NDArray[np.floating[Any]]
"""Samples along one line, or lines by samples."""

REACH = 0.2
"""Share of the symbol's width that is sampled beyond each of its ends: the quiet zones."""

LINES = 6
_DOWN = np.linspace(0.12, 0.88, LINES, dtype=np.float32)
"""Where they lie, as shares of the height."""

_MIN_CONTRAST = 12.0
"""Grey levels between bars and spaces below which there is nothing to measure."""


def beyond(count: int) -> int:
    """Return how many samples are added on either side of so many between a symbol's ends."""
    return round(count * REACH)


def sample(grey: Grey, position: Position, count: int) -> Floats:
    """Return grey values along lines that cross the bars, from before the first to past the last.

    Args:
        grey: pixels.
        position: corners of the symbol in those pixels.
        count: samples between the symbol's ends; `REACH` times as many are added on both sides.

    Returns:
        `LINES` rows by (1 + 2 `REACH`) `count` columns.
    """
    corners = np.array(position, np.float32) - np.float32(0.5)
    x, y = corners.T @ _weights(count)
    return bilinear(grey, x.reshape(LINES, -1), y.reshape(LINES, -1))


def sample_ends(grey: Grey, position: Position, count: int, inside: int) -> Floats:
    """Return of the same lines what lies around both ends of the symbol, the farthest sample first.

    Args:
        grey: pixels.
        position: corners of the symbol in those pixels.
        count: samples between the symbol's ends.
        inside: how many of those belong to either end.

    Returns:
        Left and right end, by `LINES`, by `REACH` `count` + `inside`.
    """
    corners = np.array(position, np.float32) - np.float32(0.5)
    x, y = corners.T @ _weights_of_ends(count, inside)
    return bilinear(grey, x.reshape(2, LINES, -1), y.reshape(2, LINES, -1))


@lru_cache(maxsize=16)
def _weights_of_ends(count: int, inside: int) -> Floats:
    lines = _weights(count).reshape(4, LINES, -1)
    kept = slice(0, beyond(count) + inside)
    return np.stack([lines[..., kept], lines[..., ::-1][..., kept]], axis=1).reshape(4, -1)


@lru_cache(maxsize=16)
def _weights(count: int) -> Floats:
    """Return how much each corner of a symbol counts for the place of each sample."""
    extra = beyond(count)
    along = (np.arange(-extra, count + extra, dtype=np.float32) + 0.5) / count
    down = _DOWN[:, None]
    shares = ((1 - along) * (1 - down), along * (1 - down), along * down, (1 - along) * down)
    return np.stack([share.ravel() for share in shares])


def outside(grey: Grey, position: Position, count: int) -> NDArray[np.bool_]:
    """Return which samples of `sample` lie beyond the picture, where a quiet zone was cut off."""
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = position
    is_outside = np.zeros(count, np.bool_)
    axes = ((ax + dx, bx + cx, grey.shape[1]), (ay + dy, by + cy, grey.shape[0]))
    for start, end, side in axes:
        first, last = (((1 - share) * start + share * end) / 2 for share in (-REACH, 1 + REACH))
        if min(first, last) < 0 or max(first, last) > side:
            places = np.linspace(first, last, count)
            is_outside |= (places < 0) | (places > side)
    return is_outside


def bilinear(grey: Grey, x: Floats, y: Floats) -> Floats:
    """Return grey values between pixels; x = 0 is the middle of the first. The edge is repeated."""
    height, width = grey.shape
    x = x.astype(np.float32, copy=False).clip(0, width - 1)
    y = y.astype(np.float32, copy=False).clip(0, height - 1)
    # The last pixel is the right one of a pair, with all of the share.
    column = np.minimum(x.astype(np.int32), max(width - 2, 0))
    row = np.minimum(y.astype(np.int32), max(height - 2, 0))
    across, down = x - column.astype(np.float32), y - row.astype(np.float32)
    # One index into the pixels in a row, and two steps from it, instead of four pairs.
    first, pixels = (row * width + column).astype(np.intp), grey.ravel()
    right, below = int(width > 1), width * int(height > 1)
    corners = (pixels[step:].take(first) for step in (0, right, below, below + right))
    one, other, third, fourth = (corner.astype(np.float32) for corner in corners)
    return _between(_between(one, other, across), _between(third, fourth, across), down)


def _between(one: Floats, other: Floats, share: Floats) -> Floats:
    """Return what lies between two arrays of values, at a share of the way; the other is lost."""
    other -= one
    other *= share
    other += one
    return other


def interpolated(line: Floats, places: Floats) -> Floats:
    """Return the values of a line between its samples; its ends are repeated.

    The same as `np.interp`, which looks each place up among the samples: that takes twice as long.
    """
    last = len(line) - 1
    places = places.clip(0, last)
    before = np.minimum(places.astype(np.intp), max(last - 1, 0))
    share = (places - before).astype(np.float32)
    return _between(line.take(before), line[int(last > 0) :].take(before), share)


def darkness(lines: Floats, window: int) -> Floats:
    """Return lines as 0 (as light as their surroundings get) to 1 (as dark as they get).

    Args:
        lines: grey values, the last axis along the line.
        window: samples on each side that are the surroundings: the widest bar and space and more.
    """
    # The darkest is the lightest of the negative: both in one go.
    light, dark = _smooth(_greatest(np.stack([lines, -lines]), window), window)
    dark_share: Floats = (light - lines) / np.maximum(light + dark, _MIN_CONTRAST)
    clipped: Floats = np.minimum(np.maximum(dark_share, 0), 1).astype(np.float32, copy=False)
    return clipped


def _greatest(lines: Floats, window: int) -> Floats:
    """Return the greatest of `window` samples to each side, by spans that double."""
    spans, span, whole = _padded(lines, window, window), 1, 2 * window + 1
    while 2 * span <= whole:
        spans = np.maximum(spans[..., :-span], spans[..., span:])
        span *= 2
    # Two spans that overlap make up the rest.
    rest = whole - span
    greatest: Floats = np.maximum(spans[..., : spans.shape[-1] - rest], spans[..., rest:])
    return greatest


def _smooth(values: Floats, window: int) -> Floats:
    """Return the running mean over `window` samples to each side."""
    total = _padded(values, window + 1, window).cumsum(axis=-1, dtype=np.float64)
    width = 2 * window + 1
    means: Floats = ((total[..., width:] - total[..., :-width]) / width).astype(np.float32)
    return means


def _padded(lines: Floats, before: int, after: int) -> Floats:
    """Return lines with their ends repeated: `np.pad` takes five times as long for it."""
    count = lines.shape[-1]
    padded = np.empty((*lines.shape[:-1], before + count + after), lines.dtype)
    padded[..., :before] = lines[..., :1]
    padded[..., before : before + count] = lines
    padded[..., before + count :] = lines[..., -1:]
    return padded


def percentile(values: Floats, share: float) -> float:
    """Return the same as `np.percentile`, in a tenth of the time."""
    place = share / 100 * (len(values) - 1)
    return float(np.interp(place, np.arange(len(values)), np.sort(values)))
