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

from scanner.image import Grey, Picture
from scanner.reading import Position

Affine = NDArray[np.float64]
"""Two rows by three columns: maps (x, y, 1) of one picture to (x, y) of another."""


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """Pixels to search, and where they come from."""

    name: str
    """How it was made: ``1/4``, ``turned 30``, ``negative`` …"""

    grey: Grey
    """The pixels."""

    to_upright: Affine
    """Maps pixels of this view to pixels of the upright original."""

    def to_original(self, position: Position) -> Position:
        """Return corners given in this view's pixels in those of the upright original."""
        corners = np.column_stack([np.asarray(position), np.ones(4)]) @ self.to_upright.T
        a, b, c, d = ((round(float(x), 1), round(float(y), 1)) for x, y in corners)
        return a, b, c, d


def scaling(x: float, y: float | None = None) -> Affine:
    """Return the map that multiplies x and y."""
    return np.array([[x, 0.0, 0.0], [0.0, x if y is None else y, 0.0]])


def reduced(picture: Picture, reduction: int, frame: int = 0) -> View:
    """Return the picture, each side divided by `reduction`."""
    grey = picture.grey(reduction, frame)
    height, width = grey.shape
    name = "1/1" if reduction == 1 else f"1/{reduction}"
    return View(name, grey, scaling(picture.width / width, picture.height / height))
