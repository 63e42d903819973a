"""What stands right beside the ends of a symbol: nothing, where a quiet zone is asked for.

Parts of a symbol, and lines that come in through its upper edge, look like shorter symbols. The
bars that they leave out stand where the quiet zone of a shorter one should be. An ITF may go on
beyond a white gap, too: `scanner.interleaved` looks farther beside it.

>>> bars = np.repeat(np.random.default_rng(5).integers(0, 2, 95), 3)
>>> page = np.tile(np.where(np.pad(bars, 60), 20, 230).astype(np.uint8), (60, 1))
>>> runs_on(page, ((60.0, 5.0), (345.0, 5.0), (345.0, 55.0), (60.0, 55.0)), modules=95)
False
>>> runs_on(page, ((144.0, 5.0), (345.0, 5.0), (345.0, 55.0), (144.0, 55.0)), modules=67)
True
"""

from __future__ import annotations

import numpy as np

from scanner.extent import extent
from scanner.image import Grey
from scanner.likelihood import PER_MODULE
from scanner.profile import (
    LINES,
    Floats,
    beyond,
    darkness,
    outside,
    percentile,
    sample,
    sample_ends,
)
from scanner.reading import Position

WINDOW = 9 * PER_MODULE
"""Samples that are the surroundings of a place: two digits hold the widest bar and space."""

_FROM, _TO = 1.5, 7.0
"""Modules beside a short symbol that must be light: the bars of a longer one would be dark."""

_SHARE, _DARKNESS = 85, 0.5
"""Percentage of the quiet zone that must be lighter than this: one bar of a module is more."""

_BESIDE_FROM, _BESIDE_TO = 1.5, 4.0
"""Modules beside a DataBar, which needs no quiet zone: its first space and last bar show there."""

_A_BAR = 1.0
"""Sum of all changes of darkness from which a bar comes and goes: half as dark as any, there and
back. In photographs of ITF quiet zones have 0.2."""


def runs_on(grey: Grey, position: Position, modules: int) -> bool:
    """Return whether bars stand where the quiet zones should be, wherever a symbol is crossed.

    Args:
        grey: pixels.
        position: corners of the lines that were read, in those pixels.
        modules: of the symbol, from the first bar to the last.
    """
    count = modules * PER_MODULE
    # Darkness is measured against samples twice a window away, and no farther.
    inside = min(2 * WINDOW, count)
    read = sample_ends(grey, position, count, inside).sum(axis=1, keepdims=True) / LINES
    along = sample_ends(grey, extent(grey, position), count, inside)
    pairs = (along[:, ::2] + along[:, 1::2]) / 2
    lines = darkness(np.concatenate([read, pairs], axis=1), WINDOW)
    near, far = _zone(_FROM, _TO)
    offset = beyond(count)
    zones = lines[..., max(offset - far, 0) : offset - near]
    most = zones.max(axis=-1) - zones.min(axis=-1)
    total = np.abs(zones[..., 1:] - zones[..., :-1]).sum(axis=-1)
    return bool(((most > _A_BAR / 2) & (total > _A_BAR)).any())


def is_quiet(line: Floats, modules: int) -> bool:
    """Return whether both quiet zones are light on a line of darkness, as `sample` has them."""
    return max(_beside(line, modules, _zone(_FROM, _TO), _SHARE)) <= _DARKNESS


def ends(grey: Grey, position: Position, modules: int) -> tuple[float, float]:
    """Return how dark it is right beside both ends of a symbol; light outside the picture."""
    line = darkness(sample(grey, position, modules * PER_MODULE).mean(axis=0), WINDOW)
    line[outside(grey, position, len(line))] = 0
    return _beside(line, modules, _zone(_BESIDE_FROM, _BESIDE_TO), 50)


def _zone(nearest: float, farthest: float) -> tuple[int, int]:
    """Return the samples from a symbol's end that modules beside it are away."""
    return round(nearest * PER_MODULE), round(farthest * PER_MODULE)


def _beside(line: Floats, modules: int, zone: tuple[int, int], share: int) -> tuple[float, float]:
    """Return how dark a line is at most, but for the rest of a share in percent, at both ends."""
    offset = beyond(modules * PER_MODULE)
    near, far = zone
    before, after = line[offset - far : offset - near], line[len(line) - offset :][near:far]
    return percentile(before, share), percentile(after, share)
