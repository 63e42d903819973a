"""What stands beside a symbol that was read: a label often carries several.

In a large picture the first symbol is found at a quarter of the size, where finer bars or modules
beside it are one grey. Labels are printed with modules of about one size, so that a symbol says how
far its surroundings reach. They are looked at in more detail if they show anything that is as solid
as a symbol: bars and modules fill a square of sixteen modules with edges, a line of text does not.

>>> corners = ((1000.0, 500.0), (1380.0, 500.0), (1380.0, 700.0), (1000.0, 700.0))
>>> symbol = Symbol("EAN-13", "9520123456788", b"", "]E0", corners, 1.0, ())
>>> window = around(symbol)
>>> window.x, window.y, round(window.length), round(window.height)
(1190.0, 600.0, 2220, 840)
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from scanner.engines import Found
from scanner.extent import extent
from scanner.image import Grey, Picture
from scanner.kinds import MATRIX, code_39_modules, code_128_modules, itf_modules
from scanner.likelihood import STRUCTURES
from scanner.locate import Region, locate
from scanner.place import axes, middle, overlap
from scanner.reading import Position, Symbol
from scanner.region import outline, straightened
from scanner.tilt import boxed
from scanner.view import View, cropped, halved

_MODULES = {True: 25, False: 100}
"""Modules of the length of a matrix symbol, and of a linear one that is no EAN or UPC: about."""

_BESIDE, _ABOVE = 230, 80
"""Modules to each side, and above and below a linear symbol, that are looked at: few symbols are
longer, and of bars a part is enough."""

_MARGIN = 0.6
"""Share of its length that is looked at around a read that is not sure: zbar tells a half of some.
"""

_MOST_PIXELS = 3_500_000
"""Of the surroundings in the size that is looked at: less than a third of a phone's picture."""

_BLOCK, _PIXELS = 4, (4, 8)
"""Modules a side of the blocks whose edges are measured, and the pixels that may be."""

_SOLID = ((4, 4, 1.0), (3, 16, 0.8))
"""Rows and columns of blocks, along the bars and across, and the share of them that has to be full
of edges: a square, or low bars as long as an EAN-8. A line of print fills two rows."""

_LEAST_MODULE = {True: 1.5, False: 1.0}
"""Pixels of a module of a matrix symbol, and of another, from which what is printed beside it shows
edges: bars are finer than the modules of the rest."""

_SHARE = 0.5
"""Share of the edges of the symbol that was read from which a block is full of them: what was not
read at this size is paler."""

_RIVAL_WEIGHT, _RIVAL_DENSITY = {True: 0.1, False: 0.3}, {True: 0.15, False: 0.5}
"""Shares of what the region of a symbol that was read has to show, from which another that is
linear, or not, may be a symbol as well: print and edges of things are larger and emptier. So many
edges in one direction are seldom anything but bars, which may lie in shadow, or out of focus."""

_LEAST_SIDE = 32
"""Pixels of a side from which half a view is enough to be searched for regions."""

LEAST_ROOM = 24
"""Pixels beside a symbol that another takes at least: a Data Matrix of ten modules with little more
than two pixels each."""

LIKE_ROOM = 0.8
"""Share of a symbol's length beside it from which it is worth the time to search a small picture
for one that the engine passed over."""


def around(symbol: Symbol, angle: float | None = None) -> Region:
    """Return the rectangle around a symbol that may hold others, turned as the symbol is.

    Args:
        symbol: its position in pixels of the upright original, as the rectangle is.
        angle: of its bars, in radians (`scanner.tilt`), if it is not that of its position.
    """
    along, down = axes(symbol.position)
    x, y = middle(symbol.position)
    module, above = _module(symbol), _BESIDE if symbol.format in MATRIX else _ABOVE
    return Region(
        x=x,
        y=y,
        angle=math.atan2(along[1], along[0]) if angle is None else angle,
        length=math.hypot(*along) + 2 * _BESIDE * module,
        height=math.hypot(*down) + 2 * above * module,
        is_linear=False,
        weight=0.0,
    )


def detail(window: Region, picture: Picture) -> int:
    """Return the least reduction at which a window is small enough to be searched."""
    pixels = min(window.length * window.height, picture.width * picture.height)
    sizes = (r for r in (1, 2, 4) if r >= picture.finest and pixels / r**2 <= _MOST_PIXELS)
    return next(sizes, 8)


def showing(symbol: Symbol, picture: Picture) -> int:
    """Return the largest reduction at which modules like the symbol's are still a pixel each."""
    least = _LEAST_MODULE[symbol.format in MATRIX]
    return next((r for r in (8, 4, 2) if _module(symbol) >= r * least), picture.finest)


def in_detail(view: View, position: Position) -> View:
    """Return the place of a read that is not sure cut out of a larger view.

    Read once more at the same size it fails for what made the first read the only one.
    """
    return cropped(view, view.from_original(position), _MARGIN)


def reach(view: View, found: Found) -> Position:
    """Return how far the bars of a read go on, in pixels of the upright original."""
    return view.to_original(extent(view.grey, found.position))


def shows_more(view: View, window: Region, symbol: Symbol, known: tuple[Symbol, ...]) -> bool:
    """Return whether the surroundings of a symbol show anything solid beside those that are known.

    Args:
        view: in which the symbol was read.
        window: its surroundings.
        symbol: of `known`.
        known: all that were read.
    """
    cut = straightened(view, window, roughly=True)
    module = _module(symbol) / view.scale
    side = int(np.clip(_BLOCK * module, *_PIXELS))
    if min(cut.grey.shape) <= side:
        return False  # not one block: of the symbol nothing but a point is known
    edges = _edges(cut.grey, side)
    busy = _beside(edges, [cut.from_original(each) for each in outlines(view, known)], side)
    # Where the window was cut out as it lies, the bars may lie either way.
    return any(_holds(each, *shape) for shape in _SOLID for each in (busy, busy.T))


def outlines(view: View, symbols: tuple[Symbol, ...]) -> list[Position]:
    """Return how far symbols reach, in pixels of the upright original."""
    return [view.to_original(_outline(view, each)) for each in symbols]


def finest_module(symbols: tuple[Symbol, ...]) -> float:
    """Return about how many pixels of the original a module of bars beside symbols has."""
    return min(_module(each) / _LEAST_MODULE[each.format in MATRIX] for each in symbols)


def _holds(busy: NDArray[np.bool_], rows: int, columns: int, share: float) -> bool:
    """Return whether of so many rows and columns of blocks anywhere a share is busy."""
    if busy.shape[0] < rows or busy.shape[1] < columns:
        return False
    total = np.pad(busy, ((1, 0), (1, 0))).cumsum(axis=0, dtype=np.int32).cumsum(axis=1)
    sums = total[rows:] - total[:-rows]
    sums = sums[:, columns:] - sums[:, :-columns]
    return bool(sums.max() >= share * rows * columns)


def has_room(
    picture: Picture, symbols: tuple[Symbol, ...], reduction: int = 1, *, share: float = 0.0
) -> bool:
    """Return whether beside all symbols that were read one more shows in a view so much smaller.

    Args:
        picture: they were read in.
        symbols: at least one.
        reduction: of the view.
        share: of the extent of the smallest of them, for one of about that size.
    """
    corners = [zip(*symbol.position, strict=True) for symbol in symbols]
    boxes = [(min(xs), max(xs), min(ys), max(ys)) for xs, ys in corners]
    lefts, rights, tops, bottoms = zip(*boxes, strict=True)
    across, down = (
        (min(lefts), picture.width - max(rights)),
        (min(tops), picture.height - max(bottoms)),
    )
    own = min(max(right - left, bottom - top) for left, right, top, bottom in boxes)
    beside: float = max(*across, *down)
    return beside >= max(LEAST_ROOM * reduction, share * own)


def rivals(
    regions: list[Region], symbols: tuple[Symbol, ...], windows: tuple[Region, ...]
) -> list[Region]:
    """Return the regions that show about as much as those of the symbols.

    Within the windows that were looked at, only bars are: they may stand askew there, or differ
    from row to row.
    """
    known = [symbol.position for symbol in symbols]
    own = [each for each in regions if any(overlap(place, outline(each)) for place in known)]
    weight = max((region.weight for region in own), default=0.0)
    density = max((region.density for region in own), default=0.0)
    seen = [outline(window) for window in windows]
    return [
        region
        for region in regions
        if region.weight >= weight * _RIVAL_WEIGHT[region.is_linear]
        and region.density >= density * _RIVAL_DENSITY[region.is_linear]
        and (region.is_linear or not any(overlap(each, outline(region)) for each in seen))
    ]


def glimpsed(view: View, width: int) -> list[Region]:
    """Return the regions that half a view shows, of an upright original so many pixels wide.

    Bars that are one grey there are too fine to be read in the view.
    """
    small = halved(view) if min(view.grey.shape) >= _LEAST_SIDE else view
    scale = width / small.grey.shape[1]
    return [region.scaled(scale) for region in locate(small.grey)]


def _module(symbol: Symbol) -> float:
    """Return about how many pixels of the original a module has."""
    along, _ = axes(symbol.position)
    return math.hypot(*along) / _modules(symbol)


def _modules(symbol: Symbol) -> int:
    """Return about how many modules long a symbol is."""
    if symbol.format == "Code 128":
        return code_128_modules(symbol.text, is_gs1=symbol.symbology_identifier == "]C1")
    if symbol.format == "Code 39":
        return code_39_modules(symbol.text)
    if symbol.format == "ITF":
        return itf_modules(len(symbol.text))
    structure = STRUCTURES.get(symbol.format)
    return structure.length if structure else _MODULES[symbol.format in MATRIX]


def _outline(view: View, symbol: Symbol) -> Position:
    position = view.from_original(symbol.position)
    if symbol.format in MATRIX:
        return position
    return boxed(view.grey, extent(view.grey, position))


def _edges(grey: Grey, side: int) -> NDArray[Any]:
    """Return the mean step from pixel to pixel in blocks of so many pixels a side, halved."""
    here, rows, columns = grey[:-1, :-1], grey.shape[0] - 1, grey.shape[1] - 1
    # Bytes all along, and the means by a library: a tenth of the time of whole numbers.
    steps = np.zeros_like(here)
    for other in (grey[:-1, 1:], grey[1:, :-1]):
        steps += (np.maximum(here, other) - np.minimum(here, other)) >> 1
    whole = Image.fromarray(steps[: rows // side * side, : columns // side * side])
    return np.asarray(whole.reduce(side), np.float32)


def _beside(edges: NDArray[Any], outlines: list[Position], side: int) -> NDArray[np.bool_]:
    """Return the blocks beside all outlines that show enough of what is within them."""
    rows, columns = np.ogrid[: edges.shape[0], : edges.shape[1]]
    x, y = (columns + 0.5) * side, (rows + 0.5) * side
    least, beside = np.inf, np.ones(edges.shape, bool)
    for corners in outlines:
        inside = _depth(x, y, corners)
        least = min(least, float(edges[inside >= 0].mean())) if (inside >= 0).any() else least
        beside &= inside < -side
    found: NDArray[np.bool_] = beside & (edges >= _SHARE * least)
    return found


def _depth(x: NDArray[Any], y: NDArray[Any], corners: Position) -> NDArray[Any]:
    """Return how far points lie within a convex outline; without, less than zero."""
    (ax, ay), (bx, by), _, (dx, dy) = corners
    turn = math.copysign(1.0, (bx - ax) * (dy - ay) - (by - ay) * (dx - ax))
    distances = []
    for (px, py), (qx, qy) in zip(corners, (*corners[1:], corners[0]), strict=True):
        length = max(math.hypot(qx - px, qy - py), 1e-6)
        distances.append(turn * ((qx - px) * (y - py) - (qy - py) * (x - px)) / length)
    depth: NDArray[Any] = np.minimum.reduce(distances)
    return depth
