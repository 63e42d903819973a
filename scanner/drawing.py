"""A drawing in millimetres, of blocks of bars and lines of text, and its two forms: SVG and PNG.

One drawing makes both, so what holds for the pixels holds for the vector file. A block keeps its
bars in whole modules and is scaled as one, so a file says `h3` and not `h0.99`: it is smaller, and
no rounding makes one module wider than the next. Text is set in Be Vietnam Pro (SIL Open Font
License), which comes as a package: it has every Vietnamese letter, and nothing has to be installed
in the system. An SVG names that font and whatever the viewer has.

>>> drawing = Drawing(10.0, 5.0, (Block(1.0, 1.0, 0.5, ((0, 0, 1, 6),)),), ())
>>> drawing.as_svg()[:5], drawing.as_png(dpi=254)[1:4]
(b'<svg ', b'PNG')
"""

from __future__ import annotations

import html
import io
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Literal

import fontpkg_be_vietnam_pro  # type: ignore[import-untyped]
from PIL import Image, ImageDraw, ImageFont

from scanner.dimensions import MM_PER_INCH
from scanner.errors import ScannerError

Anchor = Literal["start", "middle", "end"]

_PIL_ANCHORS: dict[Anchor, str] = {"start": "ls", "middle": "ms", "end": "rs"}
FONT_FOLDER = Path(fontpkg_be_vietnam_pro.__file__).parent / "files"
FONT_NAME = "Be Vietnam Pro"
_FONT_FILE = FONT_FOLDER / "BeVietnamPro-Medium.ttf"
_FONT_FAMILY = "'Be Vietnam Pro', 'Noto Sans', Arial, sans-serif"
_MEASURE = 100
"""Pixels of the font that lengths are measured with."""

_NO_GLYPH = "\uffff"


Bar = tuple[float, float, float, float]
"""Left, top, width and height of a black rectangle in modules of its block."""


@dataclass(frozen=True, slots=True)
class Block:
    """Black rectangles that stay together: the bars or modules of a symbol."""

    x: float
    """Millimetres from the left of the drawing to the block."""

    y: float
    """Millimetres from the top of the drawing to the block."""

    module: float
    """Width of a module in millimetres."""

    bars: tuple[Bar, ...]

    @property
    def path(self) -> str:
        """The bars as an SVG path, in modules."""
        return "".join(
            f"M{_short(left)} {_short(top)}h{_short(w)}v{_short(h)}h-{_short(w)}z"
            for left, top, w, h in self.bars
        )


@dataclass(frozen=True, slots=True)
class Line:
    """One line of black text."""

    x: float
    """Millimetres to the anchor."""

    y: float
    """Millimetres to the baseline, downwards."""

    em: float
    """Size of the font in millimetres."""

    text: str
    anchor: Anchor = "start"


@dataclass(frozen=True, slots=True)
class Drawing:
    """Black on white."""

    width: float
    """Millimetres."""

    height: float
    """Millimetres."""

    blocks: tuple[Block, ...]
    lines: tuple[Line, ...]

    def moved(self, x: float, y: float) -> Drawing:
        """Return the drawing with everything shifted by so many millimetres."""
        return Drawing(
            self.width + x,
            self.height + y,
            tuple(replace(block, x=block.x + x, y=block.y + y) for block in self.blocks),
            tuple(replace(line, x=line.x + x, y=line.y + y) for line in self.lines),
        )

    def paths(self, x: float = 0.0, y: float = 0.0) -> str:
        """Return the blocks as SVG elements, shifted by so many millimetres."""
        return "".join(
            f'<path transform="translate({_short(b.x + x)} {_short(b.y + y)})'
            f'scale({b.module:.7f})" d="{b.path}"/>'
            for b in self.blocks
        )

    def as_svg(self) -> bytes:
        """Return the drawing as SVG, in millimetres, on white ground."""
        width, height = _short(self.width), _short(self.height)
        texts = "".join(
            f'<text x="{_short(t.x)}" y="{_short(t.y)}" font-size="{_short(t.em)}"'
            f' text-anchor="{t.anchor}">{html.escape(t.text)}</text>'
            for t in self.lines
        )
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}mm" height="{height}mm"'
            f' viewBox="0 0 {width} {height}"><rect width="{width}" height="{height}" fill="#fff"/>'
            f'<g shape-rendering="crispEdges">{self.paths()}</g>'
            f'<g font-family="{_FONT_FAMILY}" font-weight="500">{texts}</g></svg>\n'
        ).encode()

    def as_png(self, dpi: int) -> bytes:
        """Return the drawing as a grey PNG that states its resolution in dots per inch."""
        scale = dpi / MM_PER_INCH
        size = (max(1, round(self.width * scale)), max(1, round(self.height * scale)))
        image = Image.new("L", size, 255)
        pen = ImageDraw.Draw(image)
        for block in self.blocks:
            unit, x, y = block.module * scale, block.x * scale, block.y * scale
            for left, top, width, height in block.bars:
                ends = (x + (left + width) * unit, y + (top + height) * unit)
                corner = (round(x + left * unit), round(y + top * unit))
                pen.rectangle((*corner, round(ends[0]) - 1, round(ends[1]) - 1), fill=0)
        for t in self.lines:
            at = (t.x * scale, t.y * scale)
            pen.text(
                at, t.text, fill=0, font=font(round(t.em * scale)), anchor=_PIL_ANCHORS[t.anchor]
            )
        file = io.BytesIO()
        image.save(file, "PNG", dpi=(dpi, dpi))
        return file.getvalue()


def text_width(text: str, em: float) -> float:
    """Return the width of a line of text in millimetres.

    Letters are added up without kerning, which only ever takes a little off.
    """
    return sum(map(_advance, text)) * em


@cache
def _advance(character: str) -> float:
    """Width of a letter in sizes of the font: measuring a line each time would cost 100 times."""
    return font(_MEASURE).getlength(character) / _MEASURE


def filled(parts: Iterable[str], width: float, em: float, between: str = " ") -> list[str]:
    """Return the parts in lines, as many on each as so many millimetres hold; one at the least."""
    lines: list[str] = []
    for part in parts:
        together = f"{lines[-1]}{between}{part}" if lines else part
        if lines and text_width(together, em) <= width:
            lines[-1] = together
        else:
            lines.append(part)
    return lines


def check_text(text: str) -> str:
    """Return the text if every character of it can be drawn.

    Raises:
        ScannerError: `scanner.content` with the first character that has no glyph.
    """
    for character in text:
        if character != " " and (not character.isprintable() or not _has_glyph(character)):
            raise ScannerError("scanner.content", character=character)
    return text


@cache
def font(pixels: int) -> ImageFont.FreeTypeFont:
    """Return the font of all drawings, so many pixels an em."""
    # Basic layout: the same widths everywhere, whether or not the system has libraqm.
    return ImageFont.truetype(_FONT_FILE, max(1, pixels), layout_engine=ImageFont.Layout.BASIC)


@cache
def _has_glyph(character: str) -> bool:
    face = font(24)
    return bytes(face.getmask(character)) != bytes(face.getmask(_NO_GLYPH))


def _short(value: float) -> str:
    return str(value) if isinstance(value, int) else f"{value:.4f}".rstrip("0").rstrip(".") or "0"
