"""Reads one region of a picture on its own: turned upright, enlarged, averaged along the bars.

Most of a photograph is not the symbol. Once `scanner.locate` has said where bars may be, they are
looked at closely for little time: turned so that the bars stand upright, at four to eight pixels a
module whatever the camera's distance, and averaged along the bars, which takes noise away and
leaves every edge. What no engine reads even then is decoded from the bar profile itself.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PIL import Image

from scanner.alignment import by_outline
from scanner.confirm import STRAIGHT, Judgement
from scanner.engines.found import Found
from scanner.image import Grey
from scanner.likelihood import PER_MODULE, STRUCTURES, explain
from scanner.locate import Region
from scanner.profile import darkness, sample
from scanner.quiet import WINDOW
from scanner.reading import Position, as_position
from scanner.tilt import is_askew
from scanner.view import View, composed, cropped

_LENGTHS = (400.0, 800.0)
"""Pixels that the length of a linear region is brought to: 4 to 8 a module of an EAN-13."""

_MATRIX_SIDES = (160.0, 700.0)
_AROUND = 1.4
"""How much more than the region is shown: outlines are rough, and quiet zones belong to it."""

_LEAST_SIDE = 24
"""Pixels of a cut."""

_BANDS = (slice(None), slice(0, 2), slice(2, 4), slice(4, 6))
"""Lines that are averaged: all, and a third each, for bars that fan out."""

_LEAST_FIT, _LEAST_MARGIN = 0.9, 0.2
"""What a number needs that no engine has read."""


def upright(view: View, region: Region) -> View:
    """Return the region cut out of a view, bars upright, at a useful size.

    Args:
        view: to cut from.
        region: in the pixels of the upright original.
    """
    low, high = _LENGTHS if region.is_linear else _MATRIX_SIDES
    length = max(1.0, region.length)  # a line on the edge of bars has none along the edge
    # More than twice the pixels there are would show nothing more.
    shown = 2 * length / view.scale
    scale = min(float(np.clip(length, low, high)), shown) / length
    width = max(_LEAST_SIDE, round(length * scale * _AROUND))
    height = round(region.height * scale * (1.15 if region.is_linear else _AROUND))
    return _cut(view, region, (width, max(_LEAST_SIDE, height)), scale)


def straightened(view: View, region: Region, *, roughly: bool = False) -> View:
    """Return the region cut out of a view in the view's own size, upright if it is much askew.

    Engines read what is little askew; its pixels stay those of the view.

    Args:
        view: to cut from.
        region: in the pixels of the upright original.
        roughly: whether the nearest pixels will do, in a quarter of the time.
    """
    if not is_askew(region.angle):
        cut = cropped(view, view.from_original(outline(region)), 0.0)
        return replace(cut, name=view.name)
    region = _within(view, region)
    scale = 1 / view.scale
    size = (max(1, round(region.length * scale)), max(1, round(region.height * scale)))
    nearest = Image.Resampling.NEAREST
    return _cut(view, region, size, scale, nearest if roughly else Image.Resampling.BILINEAR)


def _within(view: View, region: Region) -> Region:
    """Return what of a region may lie within a view: beyond it is nothing to be turned."""
    height, width = view.grey.shape
    corners = view.to_original(((0, 0), (width, 0), (width, height), (0, height)))
    cos, sin = np.cos(region.angle), np.sin(region.angle)
    places = (np.asarray(corners) - (region.x, region.y)) @ [[cos, -sin], [sin, cos]]
    half = np.array([region.length, region.height]) / 2
    low, high = np.maximum(places.min(axis=0), -half), np.minimum(places.max(axis=0), half)
    u, v = (float(each) for each in (low + high) / 2)
    length, height = (float(each) for each in high - low)
    x, y = region.x + u * cos - v * sin, region.y + u * sin + v * cos
    return replace(region, x=x, y=y, length=length, height=height)


def _cut(
    view: View,
    region: Region,
    size: tuple[int, int],
    scale: float,
    resampling: Image.Resampling = Image.Resampling.BILINEAR,
) -> View:
    cos, sin = np.cos(region.angle) / scale, np.sin(region.angle) / scale
    linear = np.array([[cos, -sin], [sin, cos]])
    corner = np.array([region.x, region.y]) - linear @ (np.array(size) / 2)
    to_upright = np.column_stack([linear, corner])
    inverse = np.linalg.inv(view.to_upright[:, :2])
    from_upright = np.column_stack([inverse, -inverse @ view.to_upright[:, 2]])
    to_view = composed(from_upright, to_upright)
    image = Image.fromarray(view.grey).transform(
        size, Image.Transform.AFFINE, tuple(to_view.ravel()), resampling
    )
    return View(f"{view.name} region", np.asarray(image), to_upright)


def averaged(view: View, rows: int = 12) -> View:
    """Return the view with every group of so many rows replaced by its mean."""
    image = Image.fromarray(view.grey)
    bands = image.resize((image.width, max(2, image.height // rows)), Image.Resampling.BOX)
    grey = np.asarray(bands.resize(image.size, Image.Resampling.NEAREST))
    return View(f"{view.name} averaged", grey, view.to_upright)


def read_profile(grey: Grey) -> list[tuple[Found, Judgement]]:
    """Return the EAN-13 that the bars of an upright region spell, if they do so clearly.

    Args:
        grey: a region as `upright` returns it: the symbol fills all but the margin around it.
    """
    structure = STRUCTURES["EAN-13"]
    height, width = grey.shape
    left, right = width * (1 - 1 / _AROUND) / 2, width * (1 + 1 / _AROUND) / 2
    corners = ((left, 0.0), (right, 0.0), (right, float(height)), (left, float(height)))
    seen = sample(grey, corners, structure.length * PER_MODULE)
    lines = [darkness(seen[band].mean(axis=0), WINDOW) for band in _BANDS]
    best = max(
        (
            explain(by_outline(line[::direction], structure), structure)
            for line in lines
            for direction in (1, -1)
        ),
        key=lambda one: one.fit,
    )
    if best.fit < _LEAST_FIT or best.margin < _LEAST_MARGIN or best.excess >= STRAIGHT:
        return []
    data = best.digits.encode("ascii")
    found = Found("profile", "EAN-13", best.digits, data, "]E0", corners)
    return [(found, Judgement("confirmed", round(best.fit, 3), best))]


def outline(region: Region) -> Position:
    """Return the corners of a region."""
    cos, sin = np.cos(region.angle), np.sin(region.angle)
    return as_position(
        (
            region.x + u * region.length / 2 * cos - v * region.height / 2 * sin,
            region.y + u * region.length / 2 * sin + v * region.height / 2 * cos,
        )
        for u, v in ((-1, -1), (1, -1), (1, 1), (-1, 1))
    )
