"""How far a symbol is turned: its bars tell, the lines that an engine read it along do not.

An engine reads along the rows of a picture. Of a linear symbol that lies askew it tells the ends of
those lines, which lie level whatever the symbol does. The gradients within all point across the
bars: the direction of most of them is that of the symbol.

>>> import numpy as np
>>> x, y = np.meshgrid(np.arange(400), np.arange(200))
>>> turn = np.deg2rad(20)
>>> grey = (128 + 100 * np.sin((x * np.cos(turn) + y * np.sin(turn)) / 3)).astype(np.uint8)
>>> corners = ((60.0, 90.0), (340.0, 90.0), (340.0, 110.0), (60.0, 110.0))
>>> round(np.rad2deg(tilt(grey, corners)))
20
"""

from __future__ import annotations

import math

import numpy as np

from scanner.engines.found import Found
from scanner.image import Grey
from scanner.kinds import MATRIX
from scanner.locate import Region
from scanner.place import axes, height, middle
from scanner.profile import Floats
from scanner.reading import Position, Symbol, as_position
from scanner.view import View

_ASKEW = math.sin(2 * math.radians(8))
"""Sine of twice the angle to the nearest axis from which rows and columns cross flat bars one above
the other at once, so that an engine reads one of them, or neither."""

_LEAN, _LEAST_HEIGHT = math.sin(math.radians(8)), 0.15
"""Sine of the angle between lines and what lies across the bars from which they may leave a symbol,
and the share of its length from which lines so far apart would not all leave it at one digit. If
they lean less, lines less far apart would: per sine of the angle this is twice the bound."""

_LEAST_LENGTH = 1.5
"""Pixels below which lines have no direction."""

_LEAST_SIDE, _MOST_SIDES = 3, np.array([128, 32])
"""Pixels a side that have a gradient, and those around the middle that tell it as well as all."""


def is_askew(angle: float) -> bool:
    """Return whether what is turned so far, in radians, lies along neither rows nor columns."""
    return abs(math.sin(2 * angle)) > _ASKEW


def turn_of(view: View, symbol: Symbol) -> float | None:
    """Return the direction across a symbol's bars; of a matrix symbol the corners tell it.

    Lines far apart tell it well enough, too, where the bars stand upright, or lie level.
    """
    if symbol.format in MATRIX:
        return None
    position = view.from_original(symbol.position)
    _, (right, below) = axes(position)
    turn = math.atan2(-right, below)
    if height(position) >= _LEAST_HEIGHT and not is_askew(turn):
        return turn
    return tilt(view.grey, position)


def is_across(grey: Grey, found: Found) -> bool:
    """Return whether a linear symbol was read along few lines that cross its bars askew.

    Such a line may have come from one symbol into another that stands above or below it: in the
    digits of the one and the rest of the other a check digit holds one time in ten.
    """
    flat = height(found.position)
    if found.format in MATRIX or "Stacked" in found.format or flat >= _LEAST_HEIGHT:
        return False
    (right, below), _ = axes(found.position)
    if math.hypot(right, below) < _LEAST_LENGTH:
        return False  # all that zbar tells of what a single line crossed is one point
    along = math.atan2(below, right)
    lean = abs(math.sin(tilt(grey, found.position) - along))
    return lean > _LEAN or flat < _LEAST_HEIGHT * lean


def region_of(view: View, found: Found) -> Region:
    """Return the place of a linear read, turned as its bars are, in pixels of the original."""
    along, _ = axes(found.position)
    turn, length = tilt(view.grey, found.position), math.hypot(*along)
    lean = turn - math.atan2(along[1], along[0])
    right, below = view.to_upright[:, :2] @ (math.cos(turn), math.sin(turn))
    scale = math.hypot(right, below)
    x, y = middle(view.to_original(found.position))
    return Region(
        x=x,
        y=y,
        angle=math.atan2(below, right),
        length=abs(math.cos(lean)) * length * scale,
        height=(abs(math.sin(lean)) + height(found.position)) * length * scale,
        is_linear=True,
        weight=0.0,
    )


def boxed(grey: Grey, position: Position) -> Position:
    """Return the rectangle around the lines of a linear symbol that lies as its bars do.

    Level lines across an askew symbol make up a parallelogram, which leaves two of its corners out.
    """
    turn = tilt(grey, position)
    axes = np.array([(math.cos(turn), math.sin(turn)), (-math.sin(turn), math.cos(turn))])
    inner = np.asarray(position) @ axes.T
    (left, top), (right, bottom) = inner.min(axis=0), inner.max(axis=0)
    corners = np.array([(left, top), (right, top), (right, bottom), (left, bottom)]) @ axes
    return as_position(corners)


def tilt(grey: Grey, position: Position) -> float:
    """Return the direction across the bars of a linear symbol, in radians, from x towards y.

    Args:
        grey: pixels.
        position: corners of the lines that were read, in those pixels.
    """
    corners = np.asarray(position)
    rows, columns = grey.shape
    middle, reach = corners.mean(axis=0), np.ptp(corners, axis=0) / 2
    half = np.clip(reach, _LEAST_SIDE, _MOST_SIDES)
    left, top = np.clip(middle - half, 0, (columns - _LEAST_SIDE, rows - _LEAST_SIDE)).astype(int)
    right, bottom = np.ceil(middle + half).astype(int)
    pixels = grey[top:bottom, left:right].astype(np.float32)
    across, down = _smooth(pixels), _smooth(pixels.T).T
    x, y = (across[:, 2:] - across[:, :-2]).ravel(), (down[2:] - down[:-2]).ravel()
    return 0.5 * math.atan2(2 * float(x @ y), float(x @ x - y @ y))


def _smooth(pixels: Floats) -> Floats:
    """Return the mean of each row and its neighbours, weighed as Scharr does, but for a factor.

    Of bars two pixels wide, plain differences tell directions that are off by eight degrees.
    """
    mean = pixels[:-2] + pixels[2:]
    mean *= np.float32(0.3)
    mean += pixels[1:-1]
    return mean
