"""The two or five digits beside an EAN or UPC: issue of a periodical, price of a book.

An add-on has no check digit worth the name (two digits of parity, or none that the number shares),
so it is given only when two looks at the symbol, cut out upright with what stands to its right,
show the same. (GS1 General Specifications, section 5.2.2.5.)

>>> import zxingcpp
>>> from scanner.view import scaling
>>> barcode = zxingcpp.create_barcode("9520123456788 12", zxingcpp.BarcodeFormat.EAN13)
>>> page = np.pad(np.asarray(barcode.to_image(scale=3)), 40, constant_values=255)
>>> corners = ((61.0, 40.0), (346.0, 40.0), (346.0, 150.0), (61.0, 150.0))
>>> symbol = Symbol("EAN-13", "9520123456788", b"", "]E0", corners, 1.0, ())
>>> add_on_of(View("1/1", page, scaling(1.0)), symbol)
'12'
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from scanner.engines import zxing
from scanner.likelihood import STRUCTURES
from scanner.locate import Region
from scanner.place import axes
from scanner.profile import Floats, sample
from scanner.reading import Position, Symbol
from scanner.region import averaged, upright
from scanner.view import View

_BESIDE = 12 + 47
"""Modules to its right that a gap and the longer add-on take."""

_LEAST_WIDTH = 30.0
"""Pixels below which an outline is of one scan line along the bars, and leads nowhere."""

_LEAST_HEIGHT, _MOST_HEIGHT = 0.12, 0.25
"""Shares of the symbol's length between which the height that is cut out lies: a read of one line
has none, and more than a strip takes longer and shows no more."""

_GAP, _SHORTER = 9, 20
"""Modules between a symbol and its add-on as they should be, and those of the shorter add-on;
`sample` shows four more on both sides."""

_LEAST_ROOM = 18
"""Modules that have to lie beside a symbol within the picture: less than any add-on takes."""

_WIDE_GAP = slice(2, 6)
"""Modules of white after the symbol that are left out for a further look: the gap may be twelve
wide, and zxing-cpp takes ten for the end of what is printed there."""

_PER_MODULE = 5
_SPANS = ((0, 2, 2), (1, 3, 3), (3, 7, 7), (7, 9, 2), (9, 13, 7))
"""Edges of an add-on between which so many modules lie: its guard (bar and space, space and wide
bar), its first digit, the bar and space between digits, its second. Ink that spreads or a threshold
that is off moves both edges of a span alike."""

_LOOSE = 1.0
"""Modules by which a span may be off: print beside a symbol seldom has all of them even so."""

_DIGITS = (2, 5)
"""How many an add-on has; an engine that lost its way gives others."""


def add_on_of(view: View, symbol: Symbol) -> str | None:
    """Return the digits of the add-on, or None where there is none or two looks disagree.

    Args:
        view: of the picture, with two pixels a module of the symbol or more.
        symbol: an EAN or UPC that was confirmed.
    """
    if symbol.width < _LEAST_WIDTH or not _has_room(view, symbol):
        return None
    if _is_blank_beside(view, symbol):
        return None
    cut = upright(view, _with_what_stands_beside(symbol))
    return _read(cut, symbol) or _read(_moved_closer(cut, symbol), symbol)


def _read(cut: View, symbol: Symbol) -> str | None:
    first = zxing.read_add_on(cut.grey, symbol.format, symbol.text)
    if first is None or len(first) not in _DIGITS:
        return None
    again = zxing.read_add_on(averaged(cut).grey, symbol.format, symbol.text)
    return first if first == again else None


def _moved_closer(cut: View, symbol: Symbol) -> View:
    """Return the symbol and what stands beside it with less white between them."""
    _, (right, _), (low_right, _), _ = cut.from_original(symbol.position)
    module = symbol.width / cut.scale / STRUCTURES[symbol.format].length
    start, end = (
        round(max(right, low_right) + edge * module) for edge in (_WIDE_GAP.start, _WIDE_GAP.stop)
    )
    return replace(cut, grey=np.delete(cut.grey, slice(start, end), axis=1))


def _has_room(view: View, symbol: Symbol) -> bool:
    """Return whether the picture goes on beside the symbol for as long as an add-on would."""
    share = _LEAST_ROOM / STRUCTURES[symbol.format].length
    _, *ends, _ = _moved(view.from_original(symbol.position), 0.0, share)
    height, width = view.grey.shape
    return any(0 <= x <= width and 0 <= y <= height for x, y in ends)


def _is_blank_beside(view: View, symbol: Symbol) -> bool:
    """Return whether no line beside the symbol has the edges of an add-on's first two digits."""
    modules = STRUCTURES[symbol.format].length
    beside = _moved(symbol.position, _GAP / modules, (_GAP + _SHORTER) / modules)
    lines = sample(view.grey, view.from_original(beside), _SHORTER * _PER_MODULE)
    lines -= (lines.max(axis=1, keepdims=True) + lines.min(axis=1, keepdims=True)) / 2
    dark = lines < 0
    edges = (dark[:, 1:] != dark[:, :-1]).sum(axis=1)
    return not any(_begins_add_on(line) for line in lines[edges > _SPANS[-1][1]])


def _begins_add_on(line: Floats) -> bool:
    """Return whether edges of a line, negative where it is dark, lie as those of an add-on do."""
    dark = line < 0
    before = np.flatnonzero(dark[1:] != dark[:-1])
    edges = (before + line[before] / (line[before] - line[before + 1])) / _PER_MODULE
    count = len(edges) - _SPANS[-1][1]
    fits = ~dark[before[:count]]
    for start, end, modules in _SPANS:
        fits &= np.abs(edges[end:][:count] - edges[start:][:count] - modules) < _LOOSE
    return bool(fits.any())


def _moved(position: Position, start: float, end: float) -> Position:
    """Return the stretch to the right of a position, in shares of its length from its end."""
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = position
    return (
        (bx + (bx - ax) * start, by + (by - ay) * start),
        (bx + (bx - ax) * end, by + (by - ay) * end),
        (cx + (cx - dx) * end, cy + (cy - dy) * end),
        (cx + (cx - dx) * start, cy + (cy - dy) * start),
    )


def _with_what_stands_beside(symbol: Symbol) -> Region:
    """Return where symbol and add-on lie, in pixels of the upright original."""
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = symbol.position
    across, _ = axes(symbol.position)
    length = math.hypot(*across)
    modules = STRUCTURES[symbol.format].length
    share = (modules + _BESIDE) / modules
    left = ((ax + dx) / 2, (ay + dy) / 2)
    height = (math.hypot(dx - ax, dy - ay) + math.hypot(cx - bx, cy - by)) / 2
    return Region(
        x=left[0] + across[0] * share / 2,
        y=left[1] + across[1] * share / 2,
        angle=math.atan2(across[1], across[0]),
        length=length * share,
        height=min(max(height, _LEAST_HEIGHT * length), _MOST_HEIGHT * length),
        is_linear=True,
        weight=0.0,
    )
