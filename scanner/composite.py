"""GS1 composite symbols: a linear symbol with a two-dimensional component above it.

No engine here decodes a component (CC-A, CC-B, CC-C), so that of a composite the linear symbol is
given and nothing else. The widest kind, CC-C above a GS1-128, is a PDF417 by its looks: engines
read it as one, but its codewords are packed in a way of their own, and what comes out is no text.
(GS1 General Specifications, section 5.11.)

>>> across = ((100.0, 200.0), (400.0, 200.0), (400.0, 300.0), (100.0, 300.0))
>>> above = ((90.0, 150.0), (410.0, 150.0), (410.0, 190.0), (90.0, 190.0))
>>> linear = Symbol("Code 128", "0109520123456788", b"", "]C1", across, 0.8, ())
>>> component = Symbol("PDF417", "?", b"?", "]L2", above, 1.0, ())
>>> [symbol.format for symbol in without_components((linear, component))]
['Code 128']
"""

from __future__ import annotations

import math

from scanner.place import axes, middle
from scanner.reading import Symbol

_WIDTHS = 0.75, 1.35
"""Widths of a component, as shares of that of its linear symbol."""

_ASIDE, _APART = 0.15, 0.6
"""How far the middles of both may lie apart, along the bars' base and across it, as shares of the
same: scan lines tell less than the height of the bars."""

_ANGLE = math.radians(10)


def without_components(symbols: tuple[Symbol, ...]) -> tuple[Symbol, ...]:
    """Return the symbols but those that are components of others."""
    linear = [symbol for symbol in symbols if symbol.symbology_identifier == "]C1"]
    return tuple(
        symbol
        for symbol in symbols
        if symbol.format != "PDF417" or not any(_is_above(symbol, each) for each in linear)
    )


def _is_above(component: Symbol, linear: Symbol) -> bool:
    (right, below), _ = axes(linear.position)
    (other_right, other_below), _ = axes(component.position)
    length, wide = math.hypot(right, below), math.hypot(other_right, other_below)
    if length == 0 or not _WIDTHS[0] <= wide / length <= _WIDTHS[1]:
        return False
    (x, y), (other_x, other_y) = middle(linear.position), middle(component.position)
    x, y = (other_x - x) / length, (other_y - y) / length
    aside = abs(x * right + y * below) / length
    up = abs(x * below - y * right) / length
    turned = abs(right * other_below - below * other_right) / (length * wide)
    return aside <= _ASIDE and up <= _APART and turned <= math.sin(_ANGLE)
