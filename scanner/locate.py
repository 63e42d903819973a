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

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from scanner.image import Grey

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

    def scaled(self, factor: float) -> Region:
        """Return the region in pixels that are so many times smaller."""
        return replace(
            self,
            x=self.x * factor,
            y=self.y * factor,
            length=self.length * factor,
            height=self.height * factor,
        )


def locate(grey: Grey) -> list[Region]:
    """Return regions that may hold a symbol, the most promising first."""
    xx, yy, xy = _tensor(grey)
    energy = xx + yy
    spread = np.hypot(xx - yy, 2 * xy)
    coherence = spread / np.maximum(energy, 1e-6)
    floor = max(_LEAST_ENERGY, _NOISE_FACTOR * float(np.median(energy)))
    busy = energy > floor
    direction = np.stack([xx - yy, 2 * xy]) / np.maximum(spread, 1e-6)
    linear = busy & (coherence > _COHERENT)
    regions = [_region(cells, xx, yy, xy, is_linear=True) for cells in _grown(linear, direction)]
    mixed = busy & (coherence < _COHERENT + 0.2)
    regions += [_region(cells, xx, yy, xy, is_linear=False) for cells in _grown(mixed, None)]
    return sorted(filter(_is_plausible, regions), key=lambda r: -r.weight)[:_MAX_REGIONS]


def _tensor(grey: Grey) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    """Return the three products of the gradients, their mean over blocks and their neighbours."""
    pixels = grey.astype(np.int32)
    # Both gradients at the same, odd, places: half a step apart they would cancel on diagonals.
    right = pixels[1:-1:2, 2::2] - pixels[1:-1:2, :-2:2]
    down = pixels[2::2, 1:-1:2] - pixels[:-2:2, 1:-1:2]
    sides = zip(right.shape, down.shape, strict=True)
    rows, columns = (min(side) // _BLOCK * _BLOCK for side in sides)
    right, down = right[:rows, :columns], down[:rows, :columns]
    xx, yy, xy = (_blocks(product) for product in (right * right, down * down, right * down))
    return xx, yy, xy


def _blocks(product: NDArray[np.int32]) -> NDArray[np.float32]:
    rows, columns = product.shape
    tiles = product.reshape(rows // _BLOCK, _BLOCK, columns // _BLOCK, _BLOCK)
    means = np.pad(tiles.mean(axis=(1, 3), dtype=np.float32), 1, mode="edge")
    across = means[:, :-2] + means[:, 1:-1] + means[:, 2:]
    smooth: NDArray[np.float32] = (across[:-2] + across[1:-1] + across[2:]) / 9
    return smooth


def _grown(
    mask: NDArray[np.bool_], direction: NDArray[np.float32] | None
) -> Iterator[NDArray[np.intp]]:
    """Yield groups of neighbouring blocks, rows of (row, column), that share a direction."""
    waiting = {(int(row), int(column)) for row, column in zip(*np.nonzero(mask), strict=True)}
    while waiting:
        first = waiting.pop()
        group, border = [first], [first]
        while border:
            row, column = border.pop()
            for near in (
                (row - 1, column),
                (row + 1, column),
                (row, column - 1),
                (row, column + 1),
            ):
                if near in waiting and (
                    direction is None or _agree(direction, (row, column), near)
                ):
                    waiting.remove(near)
                    group.append(near)
                    border.append(near)
        if len(group) >= _MIN_BLOCKS:
            yield np.array(group)


def _agree(
    direction: NDArray[np.float32] | None, one: tuple[int, int], other: tuple[int, int]
) -> bool:
    if direction is None:
        return True
    cosine = direction[0][one] * direction[0][other] + direction[1][one] * direction[1][other]
    return bool(cosine > _SAME_DIRECTION)


def _region(
    cells: NDArray[np.intp],
    xx: NDArray[np.float32],
    yy: NDArray[np.float32],
    xy: NDArray[np.float32],
    *,
    is_linear: bool,
) -> Region:
    rows, columns = cells[:, 0], cells[:, 1]
    a, b, c = (float(product[rows, columns].sum()) for product in (xx, yy, xy))
    angle = 0.5 * float(np.arctan2(2 * c, a - b)) if is_linear else 0.0
    x, y = (columns + 0.5) * _STEP, (rows + 0.5) * _STEP
    across = x * np.cos(angle) + y * np.sin(angle)
    along = -x * np.sin(angle) + y * np.cos(angle)
    (u0, u1), (v0, v1) = (np.percentile(place, (2, 98)) for place in (across, along))
    u, v = (u0 + u1) / 2, (v0 + v1) / 2
    return Region(
        x=float(u * np.cos(angle) - v * np.sin(angle)),
        y=float(u * np.sin(angle) + v * np.cos(angle)),
        angle=angle,
        length=float(u1 - u0 + _STEP),
        height=float(v1 - v0 + _STEP),
        is_linear=is_linear,
        weight=float(np.sqrt(a + b)) * len(cells) ** 0.5,
    )


def _is_plausible(region: Region) -> bool:
    ratio = region.length / region.height
    return 0.5 < ratio < 15 if region.is_linear else 0.4 < ratio < 2.5
