"""A view: pixels derived from a picture, and the way back to the upright original's pixels.

>>> import numpy as np
>>> view = View("1/2", np.zeros((50, 100), np.uint8), scaling(2.0))
>>> view.to_original(((10.0, 5.0),) * 4)[0]
(20.0, 10.0)
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from scanner.image import Grey, Picture
from scanner.reading import Position

Affine = NDArray[np.float64]
"""Two rows by three columns: maps (x, y, 1) of one picture to (x, y) of another."""

LEAST_SIDE = 16
"""Pixels of a side that a view of the whole has at least: engines want more than one scan line."""


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """Pixels to search, and where they come from."""

    name: str
    """How it was made: ``1/4``, ``turned 30``, ``negative`` …"""

    grey: Grey
    """The pixels."""

    to_upright: Affine
    """Maps pixels of this view to pixels of the upright original."""

    @property
    def scale(self) -> float:
        """Pixels of the upright original that one of this view is wide."""
        return float(np.hypot(*self.to_upright[:, 0]))

    def to_original(self, position: Position) -> Position:
        """Return corners given in this view's pixels in those of the upright original."""
        (a, b, left), (c, d, top) = self.to_upright.tolist()
        one, two, three, four = (
            (round(a * x + b * y + left, 1), round(c * x + d * y + top, 1)) for x, y in position
        )
        return one, two, three, four

    def from_original(self, position: Position) -> Position:
        """Return corners given in the upright original's pixels in those of this view."""
        (a, b, left), (c, d, top) = self.to_upright.tolist()
        whole = a * d - b * c
        one, two, three, four = (
            (
                (d * (x - left) - b * (y - top)) / whole,
                (a * (y - top) - c * (x - left)) / whole,
            )
            for x, y in position
        )
        return one, two, three, four


def scaling(x: float, y: float | None = None) -> Affine:
    """Return the map that multiplies x and y."""
    return np.array([[x, 0.0, 0.0], [0.0, x if y is None else y, 0.0]])


def composed(outer: Affine, inner: Affine) -> Affine:
    """Return the map that applies `inner`, then `outer`."""
    linear = outer[:, :2] @ inner[:, :2]
    shift = outer[:, :2] @ inner[:, 2] + outer[:, 2]
    return np.column_stack([linear, shift])


def reduced(picture: Picture, reduction: int, frame: int = 0, *, paper: int = 255) -> View:
    """Return the picture, each side divided by `reduction`."""
    grey = picture.grey(reduction, frame, paper=paper)
    height, width = grey.shape
    upright_width, upright_height = picture.size_of(frame)
    name = f"frame-{frame + 1}:1/{reduction}" if frame else f"1/{reduction}"
    return View(name, _at_least(grey), scaling(upright_width / width, upright_height / height))


def _at_least(grey: Grey, side: int = LEAST_SIDE) -> Grey:
    """Return pixels of at least so many rows and columns, the edge repeated."""
    height, width = grey.shape
    if min(height, width) >= side:
        return grey
    return np.pad(grey, ((0, max(0, side - height)), (0, max(0, side - width))), mode="edge")


def resized(view: View, factor: float) -> View:
    """Return the view enlarged, or made smaller, by a factor."""
    height, width = view.grey.shape
    return _resized(view, factor, (max(1, round(width * factor)), max(1, round(height * factor))))


def widened(view: View, factor: float) -> View:
    """Return the view, its rows enlarged by a factor: of upright bars no more is to be seen."""
    height, width = view.grey.shape
    return _resized(view, factor, (max(1, round(width * factor)), height))


def _resized(view: View, factor: float, size: tuple[int, int]) -> View:
    image = Image.fromarray(view.grey)
    filter_ = Image.Resampling.BICUBIC if factor > 1 else Image.Resampling.BOX
    back = scaling(image.width / size[0], image.height / size[1])
    grey = np.asarray(image.resize(size, filter_))
    return View(f"{view.name} x{factor:g}", grey, composed(view.to_upright, back))


def halved(view: View) -> View:
    """Return the view at half its size, each pixel the mean of two: what takes the least time."""
    height, width = (side // 2 * 2 for side in view.grey.shape)
    grey = view.grey[:height:2, :width:2] // 2 + view.grey[1:height:2, 1:width:2] // 2
    return View(f"{view.name} x0.5", grey, view.to_upright * (2, 2, 1))


_MOST_GROWTH = 10
"""How many times the pixels of a view turned it may have."""


def turned(view: View, degrees: float) -> View:
    """Return the view turned counter-clockwise, the corners filled with its median grey.

    A strip so thin that it would grow many times over is returned as it is: nothing lies askew in
    it, and of a picture of 100,000 pixels by one it would be hundreds of megabytes.
    """
    height, width = view.grey.shape
    across, down = abs(np.cos(np.deg2rad(degrees))), abs(np.sin(np.deg2rad(degrees)))
    grown = (width * across + height * down) * (width * down + height * across)
    if grown > _MOST_GROWTH * view.grey.size:
        return view
    image = Image.fromarray(view.grey)
    ground = int(np.median(view.grey[::8, ::8]))
    rotated = image.rotate(degrees, Image.Resampling.BILINEAR, expand=True, fillcolor=ground)
    angle = np.deg2rad(degrees)
    linear = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    middle = np.array(image.size) / 2 - linear @ (np.array(rotated.size) / 2)
    back = np.column_stack([linear, middle])
    name = f"{view.name} turned {degrees:g}"
    return View(name, np.asarray(rotated), composed(view.to_upright, back))


def cropped(view: View, position: Position, margin: float) -> View:
    """Return the upright rectangle around corners in the view's pixels, and a margin around it.

    Args:
        view: to cut from.
        position: corners in its pixels.
        margin: share of the longer side of the rectangle.
    """
    corners = np.asarray(position)
    low, high = corners.min(axis=0), corners.max(axis=0)
    around = max(8.0, margin * float((high - low).max()))
    height, width = view.grey.shape
    limits = np.array([width, height])
    left, top = (int(value) for value in np.clip(low - around, 0, limits - 1))
    right, bottom = (
        int(value) for value in np.clip(high + around + 1, (left + 1, top + 1), limits)
    )
    grey = np.ascontiguousarray(view.grey[top:bottom, left:right])
    back = np.array([[1.0, 0.0, left], [0.0, 1.0, top]])
    return View(f"{view.name} cut", grey, composed(view.to_upright, back))


def sharpened(view: View) -> View:
    """Return the view with an unsharp mask: edges of blurred bars become steeper."""
    image = Image.fromarray(view.grey).filter(ImageFilter.UnsharpMask(3, 200, 0))
    return View(f"{view.name} sharp", np.asarray(image), view.to_upright)


def smoothed(view: View) -> View:
    """Return the view slightly blurred: noise of one pixel goes, bars of several stay."""
    image = Image.fromarray(view.grey).filter(ImageFilter.GaussianBlur(1.2))
    return View(f"{view.name} smooth", np.asarray(image), view.to_upright)


def negative(view: View) -> View:
    """Return the view with light and dark exchanged."""
    return View(f"{view.name} negative", 255 - view.grey, view.to_upright)


def levelled(view: View) -> View:
    """Return the view with light and dark stretched to the full range everywhere.

    Each place is measured against the lightest and darkest grey around it, so that neither shadow
    nor glare nor a grey print hides the bars.
    """
    height, width = view.grey.shape
    tile = max(8, min(height, width) // 12)
    rows, columns = -(-height // tile), -(-width // tile)
    padded = np.pad(
        view.grey, ((0, rows * tile - height), (0, columns * tile - width)), mode="edge"
    )
    tiles = padded.reshape(rows, tile, columns, tile)
    low = _field(tiles.min(axis=(1, 3)), np.minimum, (width, height))
    high = _field(tiles.max(axis=(1, 3)), np.maximum, (width, height))
    span = np.maximum(high - low, _LEAST_SPAN)
    grey = np.clip((view.grey - low) * (255 / span), 0, 255).astype(np.uint8)
    return View(f"{view.name} levelled", grey, view.to_upright)


_LEAST_SPAN = 16.0
"""Grey levels below which differences are noise and are not stretched to black and white."""


def _field(tiles: Grey, join: np.ufunc, size: tuple[int, int]) -> NDArray[np.float32]:
    """Return one value a pixel from one a tile, each tile joined with its neighbours first."""
    padded = np.pad(tiles, 1, mode="edge")
    rows = join(join(padded[:-2], padded[1:-1]), padded[2:])
    joined = join(join(rows[:, :-2], rows[:, 1:-1]), rows[:, 2:])
    smooth = Image.fromarray(joined).resize(size, Image.Resampling.BILINEAR)
    return np.asarray(smooth, np.float32)
