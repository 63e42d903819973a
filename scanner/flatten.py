"""Every kind of pixel as 8-bit grey: colour, ink, depth and transparency are for the eye only.

A decoder hands out up to four bytes a pixel: 200 MB for 50 megapixels. The picture is therefore
turned grey a strip of rows at a time, so that next to the decoder's pixels only the result and one
strip are ever held; what is too large even so is halved on the way.

>>> pixels = Image.new("RGBA", (64, 1000), (0, 0, 0, 0))
>>> flatten(pixels, paper=255).getpixel((5, 500)), flatten(pixels, paper=255, reduction=2).size
(255, (32, 500))
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PIL import Image

ROWS = 256
"""Rows of a strip; even, so that halving does not notice."""

_SMALL = 1_000_000
"""Pixels of a picture that is turned grey at once: four bytes each do not matter."""

_TRANSPARENT = {"RGBA", "LA", "PA", "RGBa", "La"}
_DEEP = ("I", "F")
"""Modes of more than eight bits a channel begin with one of these."""

_Strip = Callable[[Image.Image], Image.Image]


def has_alpha(image: Image.Image) -> bool:
    """Return whether parts of the picture may be transparent."""
    return image.mode in _TRANSPARENT or "transparency" in image.info


def flatten(image: Image.Image, paper: int, reduction: int = 1) -> Image.Image:
    """Return 8-bit grey with transparent parts on paper, each side divided by `reduction`.

    Args:
        image: its pixels decoded, of any mode.
        paper: grey value put behind transparent parts.
        reduction: 1 or 2; averages.
    """
    if image.mode == "L" and reduction == 1 and not has_alpha(image):
        return image
    as_grey = _conversion(image, paper)
    width, height = image.size
    if width * height <= _SMALL and reduction == 1:
        return as_grey(image)
    grey = Image.new("L", (-(-width // reduction), -(-height // reduction)))
    for top in range(0, height, ROWS):
        strip = as_grey(image.crop((0, top, width, min(top + ROWS, height))))
        grey.paste(strip.reduce(reduction) if reduction > 1 else strip, (0, top // reduction))
    return grey


def _conversion(image: Image.Image, paper: int) -> _Strip:
    if has_alpha(image):
        return lambda strip: _on_paper(strip, image, paper)
    if image.mode.startswith(_DEEP):
        return _stretching(image)
    if image.mode in {"RGB", "L", "1", "P", "YCbCr"}:
        return lambda strip: strip.convert("L")
    return lambda strip: strip.convert("RGB").convert("L")


def _on_paper(strip: Image.Image, image: Image.Image, paper: int) -> Image.Image:
    if strip.mode not in {"RGBA", "LA"}:
        strip.info = image.info  # says which colour of a palette is the transparent one
        strip = strip.convert("RGBA")
    ground = Image.new("L", strip.size, paper)
    ground.paste(strip.convert("L"), mask=strip.getchannel("A"))
    return ground


def _stretching(image: Image.Image) -> _Strip:
    """Return what makes deep pixels (16 bits and more, or floats) grey, darkest to brightest."""
    extremes = image.getextrema()
    low, high = (float(np.nan_to_num(value, posinf=0, neginf=0)) for value in extremes)
    scale = 255 / max(high - low, 1e-6)

    def stretched(strip: Image.Image) -> Image.Image:
        deep = np.nan_to_num(np.asarray(strip, np.float32), posinf=0, neginf=0)
        return Image.fromarray(np.clip((deep - low) * scale, 0, 255).astype(np.uint8))

    return stretched
