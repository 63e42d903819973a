"""QR codes on cloth, foil and bottles: straightened until their modules stand in a grid again.

An engine lays a flat grid over a symbol, fixed at its corners; on a crumpled label the modules
between the corners lie elsewhere, and the error correction gives up. The engine still tells where
such a symbol is and how many modules it has. Here it is unrolled: wherever the picture changes from
dark to light, a module begins, so the distances of all edges from the lines of the grid say, for
each neighbourhood, how far the print has moved. A few rounds, each with smaller neighbourhoods,
bring the modules back, and the engine reads the straight symbol; error correction vouches for it as
for any other.

>>> import zxingcpp
>>> barcode = zxingcpp.create_barcode("https://example.com/01/09520123456788", zxingcpp.QRCode)
>>> flat = np.pad(np.asarray(barcode.to_image(scale=6)), 40, constant_values=255)
>>> rows = np.arange(len(flat))
>>> wave = np.rint(7 * np.sin(rows / 40)).astype(int)
>>> crumpled = np.array([np.roll(row, shift) for row, shift in zip(flat, wave)])
>>> zxing.read(crumpled)
[]
>>> [found.text for found in read(crumpled)]
['https://example.com/01/09520123456788']
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from scanner.engines import Found, zxing
from scanner.image import Grey
from scanner.profile import Floats, bilinear
from scanner.reading import Position

_PIXELS = 8
"""Pixels a module of the straightened symbol."""

_REACHES = (4, 3, 2, 2)
"""Modules to each side that are one neighbourhood, by round: coarse first."""

_FINDER = 7
"""Modules a side of a finder pattern: the first corner, from which displacement is counted."""

_MOST_SYMBOLS = 3
"""Symbols of one view that are straightened: a grid of finder patterns holds thousands."""

_MOST_MODULES = 77
"""Modules a side (version 15) above which a symbol is left alone: it would cost too long."""


def read(grey: Grey) -> list[Found]:
    """Return the QR codes of the array that can be read once they are straight."""
    failed = [symbol for symbol in zxing.failed_qr(grey) if symbol.modules <= _MOST_MODULES]
    reads = (_straightened(grey, symbol) for symbol in failed[:_MOST_SYMBOLS])
    return [found for found in reads if found is not None]


def _straightened(grey: Grey, symbol: zxing.Failed) -> Found | None:
    count = symbol.modules
    field = np.zeros((2, count, count))
    to_grey = _perspective(symbol.position, count)
    for reach in _REACHES:
        field += _displacement(_unrolled(grey, to_grey, field), count, reach)
        straight = np.clip(_unrolled(grey, to_grey, field), 0, 255).astype(np.uint8)
        framed = np.pad(straight, 4 * _PIXELS, constant_values=255)
        for found in zxing.read(framed, zxing.QR, invert=False):
            return replace(found, position=symbol.position)
    return None


def _perspective(position: Position, count: int) -> NDArray[Any]:
    """Return the 3 by 3 map from modules to pixels that takes the grid's corners to those given."""
    corners = ((0, 0), (count, 0), (count, count), (0, count))
    rows, wanted = [], []
    for (x, y), (u, v) in zip(corners, position, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        wanted += [u, v]
    return np.append(np.linalg.solve(np.array(rows, float), wanted), 1.0).reshape(3, 3)


def _unrolled(grey: Grey, to_grey: NDArray[Any], field: NDArray[Any]) -> Floats:
    """Return the symbol as a square, each module taken from where the field says it has moved."""
    side = field.shape[1] * _PIXELS
    middles = (np.arange(side) + 0.5) / _PIXELS
    x, y = middles + _for_pixels(field[0]), middles[:, None] + _for_pixels(field[1])
    u, v, w = (row[0] * x + row[1] * y + row[2] for row in to_grey)
    return bilinear(grey, u / w - 0.5, v / w - 0.5)


def _for_pixels(by_module: NDArray[Any]) -> Floats:
    side = len(by_module) * _PIXELS
    image = Image.fromarray(by_module.astype(np.float32))
    return np.asarray(image.resize((side, side), Image.Resampling.BILINEAR))


def _displacement(straight: Floats, count: int, reach: int) -> NDArray[Any]:
    """Return by how many modules each module lies to the right of and below the grid."""
    across = np.abs(np.diff(straight, axis=1, prepend=straight[:, :1]))
    down = np.abs(np.diff(straight, axis=0, prepend=straight[:1]))
    return np.stack([_offsets(across, count, reach), _offsets(down.T, count, reach).T])


def _offsets(edges: Floats, count: int, reach: int) -> NDArray[Any]:
    """Return the mean distance of edges from the vertical lines of the grid, in modules.

    Each edge is a hand of a clock that goes round once a module; the hands of a neighbourhood are
    added. Beyond half a module the clock is ambiguous: neighbours differ by less, so it is counted
    on from the finder pattern in the first corner.
    """
    turn = np.exp(2j * np.pi * np.arange(count * _PIXELS) / _PIXELS)
    hands = (edges * turn).reshape(count, _PIXELS, count, _PIXELS).sum(axis=(1, 3))
    angles = np.angle(_summed(_summed(hands, reach).T, reach).T)
    angles = np.unwrap(np.unwrap(angles, axis=1), axis=0) / (2 * np.pi)
    offsets: NDArray[Any] = angles - np.round(np.median(angles[:_FINDER, :_FINDER]))
    return offsets


def _summed(values: NDArray[Any], reach: int) -> NDArray[Any]:
    """Return the sum of each row and `reach` rows to either side."""
    total = np.cumsum(np.pad(values, ((reach + 1, reach), (0, 0))), axis=0)
    window: NDArray[Any] = total[2 * reach + 1 :] - total[: -2 * reach - 1]
    return window
