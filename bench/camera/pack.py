"""The face of a package: a light panel with symbols on printed ground, in greys."""

import random
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

from bench.camera.clutter import font, words
from bench.camera.symbol import Symbol

PITCH = 8
"""Pixels of the print a module."""

PAPER = 228
INK_DEPTH = 205
"""Greys between paper and full ink."""

_QUIET = {True: 11, False: 4}
_ROUND = 24
"""Modules of printed ground around the panel."""

_TEXT = 9


@dataclass(frozen=True)
class Pack:
    print: Image.Image
    """Greys, `PITCH` pixels a module."""
    symbols: tuple[Symbol, ...]
    size: tuple[float, float]
    """Width and height of the panel in modules."""

    @property
    def texts(self) -> tuple[str, ...]:
        return tuple(symbol.text for symbol in self.symbols)


@dataclass(frozen=True)
class Wear:
    """What is wrong with the print."""

    contrast: float = 1.0
    """Share of the full ink."""
    blotted: float = 0.0
    """Share of each symbol's area under blots, scratches and stickers."""
    covered: float = 0.0
    """Share of each symbol's width under something laid over one of its ends or its middle."""
    inverted: bool = False


def pack(symbols: tuple[Symbol, ...], seed: int, wear: Wear | None = None) -> Pack:
    """Print the symbols side by side on one panel."""
    wear = wear or Wear()
    chance = random.Random(seed)
    quiet = max(_QUIET[symbol.is_linear] for symbol in symbols) if symbols else 10
    widths = [symbol.modules.shape[1] for symbol in symbols] or [90]
    heights = [_height(symbol) for symbol in symbols] or [60]
    width, height = sum(widths) + quiet * (len(widths) + 1), max(heights) + 10
    sheet = _ground((width + 2 * _ROUND, height + 2 * _ROUND), chance)
    pen = ImageDraw.Draw(sheet)
    panel = [PITCH * edge for edge in (_ROUND, _ROUND, _ROUND + width, _ROUND + height)]
    pen.rectangle(panel, fill=PAPER)
    left = _ROUND + quiet
    for symbol in symbols:
        _print(sheet, symbol, (left, _ROUND + 5), wear, chance)
        left += symbol.modules.shape[1] + quiet
    if wear.inverted:
        _invert(sheet, panel)
    return Pack(sheet, symbols, (width, height))


def _height(symbol: Symbol) -> int:
    return symbol.modules.shape[0] + (_TEXT + 2 if symbol.is_linear else 0)


def _ground(modules: tuple[int, int], chance: random.Random) -> Image.Image:
    sheet = Image.new("L", (modules[0] * PITCH, modules[1] * PITCH), chance.randrange(60, 225))
    pen = ImageDraw.Draw(sheet)
    for _ in range(chance.randint(4, 12)):
        spot = chance.randrange(sheet.width), chance.randrange(sheet.height)
        size = PITCH * chance.randint(5, 12)
        pen.text(spot, words(chance, 24), chance.choice((20, 50, 240)), font(size))
    return sheet


def _print(
    sheet: Image.Image, symbol: Symbol, at: tuple[int, int], wear: Wear, chance: random.Random
) -> None:
    greys = np.where(symbol.modules, PAPER - wear.contrast * INK_DEPTH, PAPER).astype(np.uint8)
    rows, columns = symbol.modules.shape
    image = Image.fromarray(greys).resize((columns * PITCH, rows * PITCH), Image.Resampling.NEAREST)
    spot = at[0] * PITCH, at[1] * PITCH
    sheet.paste(image, spot)
    pen = ImageDraw.Draw(sheet)
    if symbol.is_linear:
        where = (spot[0] + image.width / 2, spot[1] + image.height + PITCH)
        ink = int(PAPER - wear.contrast * INK_DEPTH)
        pen.text(where, symbol.printed, ink, font(_TEXT * PITCH), anchor="ma")
    box = (*spot, spot[0] + image.width, spot[1] + image.height)
    _blot(pen, box, wear.blotted, chance)
    _cover(pen, box, wear.covered, chance)


def _blot(
    pen: ImageDraw.ImageDraw, box: tuple[int, int, int, int], share: float, chance: random.Random
) -> None:
    """Cover the share of the box: blots, and scratches as long as the box is wide."""
    left, top, right, bottom = box
    open_area = share * (right - left) * (bottom - top)
    while open_area > 0:
        size = min(chance.uniform(2, 10) * PITCH, max(PITCH, open_area**0.5))
        x, y = chance.uniform(left, right), chance.uniform(top, bottom)
        grey = chance.choice((20, 120, PAPER, 250))
        if chance.random() < 0.6:
            pen.ellipse((x, y, x + size, y + size), fill=grey)
            open_area -= 0.8 * size * size
        else:
            length, thick = 6 * size, max(3, size / 8)
            lean = chance.uniform(-0.5, 0.5) * length
            pen.line((x, y, x + length, y + lean), fill=grey, width=int(thick))
            open_area -= length * thick


def _cover(
    pen: ImageDraw.ImageDraw, box: tuple[int, int, int, int], share: float, chance: random.Random
) -> None:
    if not share:
        return
    left, top, right, bottom = box
    wide = share * (right - left)
    start = chance.choice((left, right - wide, chance.uniform(left, right - wide)))
    lean = chance.uniform(0, 0.3) * wide
    corners = ((start, top), (start + wide, top), (start + wide + lean, bottom), (start, bottom))
    pen.polygon(corners, fill=chance.choice((30, 120, PAPER, 250)))


def _invert(sheet: Image.Image, panel: list[int]) -> None:
    part = sheet.crop((panel[0], panel[1], panel[2], panel[3]))
    sheet.paste(part.point(lambda grey: 255 - grey), (panel[0], panel[1]))
