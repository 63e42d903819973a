"""What else is in the picture: surfaces, edges, print, grids; nothing that is a barcode."""

import random
from functools import cache

import numpy as np
from PIL import Image, ImageDraw, ImageFont

_SPOT = 250
"""Pixels between the random greys from which the ground is smoothed."""

_THINGS = 70


def background(size: tuple[int, int], seed: int) -> Image.Image:
    """A picture in grey without a symbol."""
    chance = random.Random(seed)
    spots = np.random.default_rng(seed).integers(
        50, 210, (size[1] // _SPOT + 2, size[0] // _SPOT + 2), dtype=np.uint8
    )
    image = Image.fromarray(spots).resize(size, Image.Resampling.BICUBIC)
    pen = ImageDraw.Draw(image)
    for _ in range(_THINGS):
        chance.choice((_box, _box, _disc, _words, _words, _grid))(pen, size, chance)
    return image


def words(chance: random.Random, length: int) -> str:
    return "".join(
        chance.choice("abcdehiklmnoprstuvy ABDGHKMNT0123456789.,%") for _ in range(length)
    )


@cache
def font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)


def _spot(size: tuple[int, int], chance: random.Random) -> tuple[int, int, int, int]:
    x, y = chance.randrange(size[0]), chance.randrange(size[1])
    return x, y, x + chance.randrange(40, size[0] // 5), y + chance.randrange(40, size[1] // 5)


def _box(pen: ImageDraw.ImageDraw, size: tuple[int, int], chance: random.Random) -> None:
    pen.rectangle(_spot(size, chance), fill=chance.randrange(15, 240))


def _disc(pen: ImageDraw.ImageDraw, size: tuple[int, int], chance: random.Random) -> None:
    pen.ellipse(_spot(size, chance), fill=chance.randrange(15, 240))


def _words(pen: ImageDraw.ImageDraw, size: tuple[int, int], chance: random.Random) -> None:
    x, y, *_ = _spot(size, chance)
    height = chance.choice((18, 24, 32, 48, 80))
    for line in range(chance.randint(1, 5)):
        text = words(chance, chance.randint(6, 40))
        pen.text((x, y + 1.3 * height * line), text, chance.choice((20, 60, 230)), font(height))


def _grid(pen: ImageDraw.ImageDraw, size: tuple[int, int], chance: random.Random) -> None:
    """Even stripes, as of a cooling fin, a comb or a table of figures."""
    x, y, right, bottom = _spot(size, chance)
    step = chance.randrange(8, 40)
    grey = chance.randrange(15, 240)
    for left in range(x, right, step):
        pen.line((left, y, left, bottom), grey, max(2, step // 3))
