"""Bars round a narrow can, unrolled: the module that looks the camera in the eye is the widest.

Seen from the front, what lies at an angle round a cylinder is seen at the sine of that angle.
Towards the side of a can modules shrink to a third and less, more than pieces that may shift by a
twelfth of their length can follow (`scanner.alignment`). The angles at both ends of the symbol say
all there is to know; they are not known, so that lines are unrolled for a choice of both.

>>> angles = np.radians(np.linspace(-70, 70, 301))
>>> seen = np.interp(np.linspace(-1.4, 1.4, 421), np.sin(angles) / np.sin(angles[-1]), angles)
>>> rolled = unrolled(seen[None], 300)
>>> straight = rolled[WAYS.index((-70, 70)), 0]
>>> bool(np.ptp(np.diff(straight[65:-65])) < np.ptp(np.diff(seen[65:-65])) / 20)
True
"""

from __future__ import annotations

from functools import cache

import numpy as np

from scanner.profile import REACH, Floats, beyond

_ANGLES = (-15, 5, 25, 40, 55, 70, 80)
"""Degrees by which an end of the symbol is turned away from the camera."""

_LEAST_ARC = 50
"""Degrees between both ends below which pieces follow the bend by themselves."""

WAYS = tuple((-left, right) for left in _ANGLES for right in _ANGLES if left + right >= _LEAST_ARC)
"""Degrees at the first and the last bar."""


def unrolled(lines: Floats, count: int) -> Floats:
    """Return lines as they would be on paper: ways to unroll them by lines by samples.

    Args:
        lines: grey values, `REACH` of the symbol's length before and after it.
        count: samples wanted between its ends.
    """
    places = _places(count) * (lines.shape[1] / (1 + 2 * REACH))
    at = places + lines.shape[1] * REACH / (1 + 2 * REACH) - 0.5
    samples = np.arange(lines.shape[1])
    return np.array([[np.interp(way, samples, line) for line in lines] for way in at], np.float32)


@cache
def _places(count: int) -> Floats:
    """Return where each sample is seen, as a share of the symbol's length: ways by samples."""
    extra = beyond(count)
    along = (np.arange(-extra, count + extra) + 0.5) / count
    return np.array([_seen(along, *np.radians(way)) for way in WAYS])


def _seen(along: Floats, first: float, last: float) -> Floats:
    """Return where shares of an arc are seen, as shares of its chord; straight on beyond it."""
    arc, chord = last - first, np.sin(last) - np.sin(first)
    inside = np.sin(first + arc * np.clip(along, 0, 1)) - np.sin(first)
    before = np.minimum(along, 0) * arc * np.cos(first)
    after = np.maximum(along - 1, 0) * arc * np.cos(last)
    seen: Floats = (inside + before + after) / chord
    return seen
