"""What of a region is left beside the symbols in it: labels that stand close look like one.

>>> both = Region(100, 50, 0.0, 200, 100, True, 1.0)
>>> upper = ((0.0, 0.0), (200.0, 0.0), (200.0, 40.0), (0.0, 40.0))
>>> [(part.y, part.height) for part in remainders(both, [upper], 2.0)]
[(70.0, 60.0)]
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from scanner.locate import Region
from scanner.reading import Position

_LEAST_LENGTH, _LEAST_HEIGHT = 50, 16
"""Modules of what may be bars of another symbol: digits below an EAN are lower."""


def remainders(region: Region, outlines: Iterable[Position], module: float) -> list[Region]:
    """Return what is left of a region above, below and to the sides of outlines.

    Args:
        region: a turned rectangle.
        outlines: of symbols, in the same pixels.
        module: pixels of a module, as fine as what is looked for may be.
    """
    parts = [region]
    for outline in outlines:
        parts = [
            each
            for part in parts
            for each in _without(part, outline)
            if each.length >= _LEAST_LENGTH * module and each.height >= _LEAST_HEIGHT * module
        ]
    return parts


def _without(region: Region, outline: Position) -> list[Region]:
    cos, sin = np.cos(region.angle), np.sin(region.angle)
    places = (np.asarray(outline) - (region.x, region.y)) @ [[cos, -sin], [sin, cos]]
    half = np.array([region.length, region.height]) / 2
    (left, top), (right, bottom) = (
        np.clip(each, -half, half) for each in (places.min(axis=0), places.max(axis=0))
    )
    if left == right or top == bottom:
        return [region]
    (least, first), (most, last) = -half, half
    return [
        _part(region, *sides)
        for sides in (
            (least, most, first, top),
            (least, most, bottom, last),
            (least, left, top, bottom),
            (right, most, top, bottom),
        )
    ]


def _part(region: Region, left: float, right: float, top: float, bottom: float) -> Region:
    cos, sin = float(np.cos(region.angle)), float(np.sin(region.angle))
    u, v = float(left + right) / 2, float(top + bottom) / 2
    return replace(
        region,
        x=region.x + u * cos - v * sin,
        y=region.y + u * sin + v * cos,
        length=float(right - left),
        height=float(bottom - top),
    )
