"""Where in a large picture something looks like bars, and how they are turned.

Bars are many edges of one direction; a matrix symbol is many edges of two. Both show in the
structure tensor, the mean of the products of the gradients in a small block: its size says how many
edges there are, its coherence (0 to 1) whether they agree. Blocks that agree with their neighbours
grow into regions, and the region's own direction says how to turn it upright.

>>> import numpy as np
>>> grey = np.full((400, 600), 200, np.uint8)
>>> bars = np.random.default_rng(5).integers(0, 2, 60).repeat(4) * 180
>>> grey[150:250, 180:420] = bars.astype(np.uint8)
>>> region = locate(grey)[0]
>>> region.is_linear, round(abs(np.degrees(region.angle))) % 180
(True, 0)
>>> abs(region.x - 300) < 16, abs(region.y - 200) < 16
(True, True)
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scanner.image import Grey
from scanner.profile import percentile

_BLOCK = 4
"""Gradients a side of a block; gradients are taken at every second pixel."""

_STEP = 2 * _BLOCK
"""Pixels a side of a block."""

_MAX_REGIONS = 6

_MIN_BLOCKS = 8
_COHERENT = 0.45
_SAME_DIRECTION = 0.88
"""Least cosine of twice the angle between neighbours of one linear region: about 14 degrees."""

_NOISE_FACTOR = 3.0
_LEAST_ENERGY = 60.0
"""Squared grey levels below which there are no edges, and the multiple of the picture's median."""


@dataclass(frozen=True, slots=True)
class Region:
    """A turned rectangle, in pixels of the picture that was searched."""

    x: float
    """Middle, to the right."""

    y: float
    """Middle, downwards."""

    angle: float
    """Direction across the bars in radians, from the x axis towards the y axis."""

    length: float
    """Extent across the bars, in that direction."""

    height: float
    """Extent along the bars."""

    is_linear: bool
    """Whether the edges agree in one direction."""

    weight: float
    """How much there is to see: regions are tried in this order."""

    @property
    def density(self) -> float:
        """How much there is to see for its size."""
        return self.weight / (self.length * self.height)

    def scaled(self, factor: float) -> Region:
        """Return the region in pixels that are so many times smaller."""
        return replace(
            self,
            x=self.x * factor,
            y=self.y * factor,
            length=self.length * factor,
            height=self.height * factor,
        )

    def resembles(self, other: Region) -> bool:
        """Return whether both outline much the same, so that looking at one is enough."""
        near = math.hypot(self.x - other.x, self.y - other.y) < 0.2 * other.length
        alike = 0.75 < self.length / other.length < 1.35 and 0.6 < self.height / other.height < 1.7
        turned = abs(math.sin(self.angle - other.angle)) < 0.1
        return near and alike and turned and self.is_linear == other.is_linear


def locate(grey: Grey) -> list[Region]:
    """Return regions that may hold a symbol, the most promising first."""
    xx, yy, xy = _tensor(grey)
    energy = xx + yy
    spread = np.hypot(xx - yy, 2 * xy)
    coherence = spread / np.maximum(energy, 1e-6)
    floor = max(_LEAST_ENERGY, _NOISE_FACTOR * float(np.median(energy)))
    busy = energy > floor
    direction = np.stack([xx - yy, 2 * xy]) / np.maximum(spread, 1e-6)
    linear = _grown(busy & (coherence > _COHERENT), direction)
    mixed = _grown(busy & (coherence < _COHERENT + 0.2), None)
    groups = [(_weight(cells, energy), cells, True) for cells in linear]
    groups += [(_weight(cells, energy), cells, False) for cells in mixed]
    groups.sort(key=lambda group: -group[0])
    # Outlines are taken only of as many groups as are wanted: clutter makes hundreds.
    regions = (
        _region(cells, xx, yy, xy, weight, is_linear=is_linear)
        for weight, cells, is_linear in groups
    )
    return list(islice(filter(_is_plausible, regions), _MAX_REGIONS))


def _tensor(grey: Grey) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    """Return the three products of the gradients, their mean over blocks and their neighbours."""
    pixels = grey.astype(np.int16)
    # Both gradients at the same, odd, places: half a step apart they would cancel on diagonals.
    right = pixels[1:-1:2, 2::2] - pixels[1:-1:2, :-2:2]
    down = pixels[2::2, 1:-1:2] - pixels[:-2:2, 1:-1:2]
    sides = zip(right.shape, down.shape, strict=True)
    rows, columns = (min(side) // _BLOCK * _BLOCK for side in sides)
    right = right[:rows, :columns].astype(np.float32)
    down = down[:rows, :columns].astype(np.float32)
    xx, yy, xy = (_blocks(product) for product in (right * right, down * down, right * down))
    return xx, yy, xy


def _blocks(product: NDArray[np.float32]) -> NDArray[np.float32]:
    # Whole rows are added first, in the order in which they lie in memory: five times as fast as
    # a mean over two axes.
    down = sum((product[i::_BLOCK] for i in range(1, _BLOCK)), start=product[::_BLOCK])
    tiles = sum((down[:, i::_BLOCK] for i in range(1, _BLOCK)), start=down[:, ::_BLOCK])
    means: NDArray[Any] = np.pad(tiles / _BLOCK**2, 1, mode="edge")
    across = means[:, :-2] + means[:, 1:-1] + means[:, 2:]
    smooth: NDArray[np.float32] = (across[:-2] + across[1:-1] + across[2:]) / 9
    return smooth


def _grown(
    mask: NDArray[np.bool_], direction: NDArray[np.float32] | None
) -> list[NDArray[np.intp]]:
    """Return groups of neighbouring blocks, rows of (row, column), that share a direction."""
    label = np.arange(mask.size).reshape(mask.shape)
    pairs = [
        _joined(
            mask, direction, label, (slice(None), slice(None, -1)), (slice(None), slice(1, None))
        ),
        _joined(
            mask, direction, label, (slice(None, -1), slice(None)), (slice(1, None), slice(None))
        ),
    ]
    one, other = np.concatenate(pairs, axis=1)
    root = _least_of_each(mask.size, one, other)[mask.ravel()]
    places = np.argwhere(mask)
    order = np.argsort(root, kind="stable")
    places = places[order]
    starts = np.append(np.flatnonzero(np.diff(root[order], prepend=-1)), len(places))
    large = np.flatnonzero(np.diff(starts) >= _MIN_BLOCKS)
    return [places[starts[group] : starts[group + 1]] for group in large]


def _joined(
    mask: NDArray[np.bool_],
    direction: NDArray[np.float32] | None,
    label: NDArray[np.intp],
    here: tuple[slice, slice],
    there: tuple[slice, slice],
) -> NDArray[np.intp]:
    """Return the labels of neighbours that belong together, in two rows."""
    both = mask[here] & mask[there]
    if direction is not None:
        cosine = (direction[:, *here] * direction[:, *there]).sum(axis=0)
        both &= cosine > _SAME_DIRECTION
    return np.stack([label[here][both], label[there][both]])


def _least_of_each(size: int, one: NDArray[np.intp], other: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return for each of so many labels the least one that pairs connect it with."""
    root = np.arange(size)
    while True:
        a, b = root[one], root[other]
        if np.array_equal(a, b):
            return root
        least = np.minimum(a, b)
        np.minimum.at(root, np.maximum(a, b), least)
        # Two steps of following: chains of labels halve with each.
        root = root[root][root]


def _weight(cells: NDArray[np.intp], energy: NDArray[np.float32]) -> float:
    total = float(energy[cells[:, 0], cells[:, 1]].sum())
    return math.sqrt(total * len(cells))


def _region(
    cells: NDArray[np.intp],
    xx: NDArray[np.float32],
    yy: NDArray[np.float32],
    xy: NDArray[np.float32],
    weight: float,
    *,
    is_linear: bool,
) -> Region:
    rows, columns = cells[:, 0], cells[:, 1]
    a, b, c = (float(product[rows, columns].sum()) for product in (xx, yy, xy))
    angle = 0.5 * float(np.arctan2(2 * c, a - b)) if is_linear else 0.0
    x, y = (columns + 0.5) * _STEP, (rows + 0.5) * _STEP
    across = x * np.cos(angle) + y * np.sin(angle)
    along = -x * np.sin(angle) + y * np.cos(angle)
    u0, u1, v0, v1 = (percentile(place, share) for place in (across, along) for share in (2, 98))
    u, v = (u0 + u1) / 2, (v0 + v1) / 2
    return Region(
        x=float(u * np.cos(angle) - v * np.sin(angle)),
        y=float(u * np.sin(angle) + v * np.cos(angle)),
        angle=angle,
        length=float(u1 - u0 + _STEP),
        height=float(v1 - v0 + _STEP),
        is_linear=is_linear,
        weight=weight,
    )


def _is_plausible(region: Region) -> bool:
    ratio = region.length / region.height
    return 0.5 < ratio < 15 if region.is_linear else 0.4 < ratio < 2.5
