"""One line instead of a picture: the bars of a symbol averaged along their length, read again.

A linear read is repeated before it is believed. The mean of lines across the whole symbol is
another witness than the single scan line an engine decides by, and costs a hundredth of a search.

>>> import zxingcpp
>>> from scanner.view import scaling
>>> barcode = zxingcpp.create_barcode("LOT-7", zxingcpp.BarcodeFormat.Code39)
>>> page = np.pad(np.asarray(barcode.to_image(scale=3)), 40, constant_values=255)
>>> found = zxing.read(page)[0]
>>> [again.text for again in read_along(View("1/1", page, scaling(1.0)), found)]
['LOT-7']
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from scanner.engines import Found, zxing
from scanner.profile import outside, sample
from scanner.view import View

_ROWS = 4
"""Rows of the strip: with fewer an engine reads fewer DataBars, with more no more of anything."""

_ENLARGED = 2.0
_MOST_SAMPLES = 3000
_LEAST_LENGTH = 40.0
"""Pixels below which an outline is no symbol's."""


def read_along(view: View, found: Found) -> list[Found]:
    """Return what the mean of lines across a symbol says; nothing for stacked symbols.

    Args:
        view: that was read.
        found: a linear read, its position in the view's pixels.
    """
    (ax, ay), (bx, by), *_ = found.position
    length = math.hypot(bx - ax, by - ay)
    if found.format not in zxing.ONE_ROW or length < _LEAST_LENGTH:
        return []
    count = min(round(length * _ENLARGED), _MOST_SAMPLES)
    line = sample(view.grey, found.position, count).mean(axis=0)
    line[outside(view.grey, found.position, len(line))] = line.max()
    strip = np.repeat(np.rint(line).astype(np.uint8)[None], _ROWS, axis=0)
    return [
        replace(again, position=found.position) for again in zxing.read_row(strip, found.format)
    ]
