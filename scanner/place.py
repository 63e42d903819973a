"""Whether two outlines are of one place, each seen along its own axes.

Labels lie askew in photographs, and the upright rectangle around a turned symbol holds what stands
above and below it as well. An engine tells the corners of the lines that it read: their direction
is one axis, and how the bars lean from the first to the last line is the other.

>>> above = ((0.0, 0.0), (200.0, 0.0), (200.0, 60.0), (0.0, 60.0))
>>> below = ((0.0, 70.0), (200.0, 70.0), (200.0, 130.0), (0.0, 130.0))
>>> overlap(above, below)
False
>>> line = ((0.0, 66.0), (200.0, 66.0), (200.0, 66.0), (0.0, 66.0))
>>> overlap(above, line), near(above, line)
(False, True)
"""

from __future__ import annotations

import math

from scanner.reading import Corner, Position

_LEAST_HEIGHT = 0.1
"""Share of the length from which the sides of an outline tell how the bars lean."""

_SLACK = 0.1
"""Share of the length around an outline that is near it: a symbol read along one line has no
height."""

_ROUNDING = 2.0
"""Pixels by which corners may be off."""


def axes(position: Position) -> tuple[Corner, Corner]:
    """Return the ways from the middle of the left side to that of the right, and from top to base.

    >>> axes(((10.0, 5.0), (90.0, 5.0), (90.0, 45.0), (10.0, 45.0)))
    ((80.0, 0.0), (0.0, 40.0))
    """
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = position
    along = ((bx + cx - ax - dx) / 2, (by + cy - ay - dy) / 2)
    down = ((dx + cx - ax - bx) / 2, (dy + cy - ay - by) / 2)
    return along, down


def middle(position: Position) -> Corner:
    """Return the mean of the corners."""
    # Asked for every pair of reads, so without a loop over four corners.
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = position
    return (ax + bx + cx + dx) / 4, (ay + by + cy + dy) / 4


def overlap(one: Position, other: Position) -> bool:
    """Return whether the middle of either outline lies within the other."""
    return _holds(one, middle(other), 0.0) or _holds(other, middle(one), 0.0)


def near(one: Position, other: Position) -> bool:
    """Return whether the middle of either outline lies within the other or little beside it."""
    return _holds(one, middle(other), _SLACK) or _holds(other, middle(one), _SLACK)


def height(position: Position) -> float:
    """Return the height of a symbol as a share of its length: 0 for a single scan line.

    It is measured across the length: scan lines may begin and end at different places.
    """
    (ax, ay), (bx, by), _, (dx, dy) = position
    area = abs((bx - ax) * (dy - ay) - (by - ay) * (dx - ax))
    return area / max((bx - ax) ** 2 + (by - ay) ** 2, 1.0)


def _holds(position: Position, point: Corner, slack: float) -> bool:
    """Return whether a point is at most a share of the length outside an outline."""
    along, down = axes(position)
    length = max(math.hypot(*along), 1.0)
    across = abs(along[0] * down[1] - along[1] * down[0]) / length
    if across < _LEAST_HEIGHT * length:
        down = (-along[1] / length, along[0] / length)
    (x, y), (left, top) = point, middle(position)
    x, y = x - left, y - top
    area = along[0] * down[1] - along[1] * down[0]
    if area == 0:
        return False
    right = abs(x * down[1] - y * down[0]) / abs(area) * length
    below = abs(along[0] * y - along[1] * x) / length
    margin = slack * max(length, across) + _ROUNDING
    return right <= length / 2 + margin and below <= across / 2 + margin
