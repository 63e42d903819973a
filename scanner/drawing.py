"""A drawing in millimetres, of rectangles and lines of text, and its two forms: SVG and PNG.

One drawing makes both, so what holds for the pixels holds for the vector file. Text is set in Be
Vietnam Pro (SIL Open Font License), which comes as a package: it has every Vietnamese letter, and
nothing has to be installed in the system. An SVG names that font and whatever the viewer has.

>>> drawing = Drawing(10.0, 5.0, (Rectangle(1.0, 1.0, 0.5, 3.0),), ())
>>> drawing.as_svg()[:5], drawing.as_png(dpi=254)[1:4]
(b'<svg ', b'PNG')
"""

from __future__ import annotations

import html
import io
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import fontpkg_be_vietnam_pro  # type: ignore[import-untyped]
from PIL import Image, ImageDraw, ImageFont

from scanner.errors import ScannerError

MM_PER_INCH = 25.4
Anchor = Literal["start", "middle", "end"]

_PIL_ANCHORS: dict[Anchor, str] = {"start": "ls", "middle": "ms", "end": "rs"}
_FONT_FILE = Path(fontpkg_be_vietnam_pro.__file__).parent / "files" / "BeVietnamPro-Medium.ttf"
_FONT_FAMILY = "'Be Vietnam Pro', 'Noto Sans', Arial, sans-serif"
_MEASURE = 100
"""Pixels of the font that lengths are measured with."""

_NO_GLYPH = "\uffff"


@dataclass(frozen=True, slots=True)
class Rectangle:
    """A black rectangle; millimetres from the top left corner of the drawing."""

    x: float
    y: float
    width: float
    height: float


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

    rectangles: tuple[Rectangle, ...]
    lines: tuple[Line, ...]

    def moved(self, x: float, y: float) -> Drawing:
        """Return the drawing with everything shifted by so many millimetres."""
        return Drawing(
            self.width + x,
            self.height + y,
            tuple(Rectangle(r.x + x, r.y + y, r.width, r.height) for r in self.rectangles),
            tuple(Line(t.x + x, t.y + y, t.em, t.text, t.anchor) for t in self.lines),
        )

    def as_svg(self) -> bytes:
        """Return the drawing as SVG, in millimetres, on white ground."""
        width, height = _mm(self.width), _mm(self.height)
        bars = "".join(
            f"M{_mm(r.x)} {_mm(r.y)}h{_mm(r.width)}v{_mm(r.height)}h-{_mm(r.width)}z"
            for r in self.rectangles
        )
        texts = "".join(
            f'<text x="{_mm(t.x)}" y="{_mm(t.y)}" font-size="{_mm(t.em)}"'
            f' text-anchor="{t.anchor}">{html.escape(t.text)}</text>'
            for t in self.lines
        )
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}mm" height="{height}mm"'
            f' viewBox="0 0 {width} {height}"><rect width="{width}" height="{height}" fill="#fff"/>'
            f'<path d="{bars}" shape-rendering="crispEdges"/>'
            f'<g font-family="{_FONT_FAMILY}" font-weight="500">{texts}</g></svg>\n'
        ).encode()

    def as_png(self, dpi: int) -> bytes:
        """Return the drawing as a grey PNG that states its resolution in dots per inch."""
        scale = dpi / MM_PER_INCH
        size = (max(1, round(self.width * scale)), max(1, round(self.height * scale)))
        image = Image.new("L", size, 255)
        pen = ImageDraw.Draw(image)
        for r in self.rectangles:
            left, top = round(r.x * scale), round(r.y * scale)
            right, bottom = round((r.x + r.width) * scale), round((r.y + r.height) * scale)
            pen.rectangle((left, top, right - 1, bottom - 1), fill=0)
        for t in self.lines:
            at = (t.x * scale, t.y * scale)
            pen.text(
                at, t.text, fill=0, font=font(round(t.em * scale)), anchor=_PIL_ANCHORS[t.anchor]
            )
        file = io.BytesIO()
        image.save(file, "PNG", dpi=(dpi, dpi))
        return file.getvalue()


def text_width(text: str, em: float) -> float:
    """Return the width of a line of text in millimetres."""
    return font(_MEASURE).getlength(text) / _MEASURE * em


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
    # Basic layout: the same widths everywhere, whether or not the system has libraqm.
    return ImageFont.truetype(_FONT_FILE, max(1, pixels), layout_engine=ImageFont.Layout.BASIC)


@cache
def _has_glyph(character: str) -> bool:
    face = font(24)
    return bytes(face.getmask(character)) != bytes(face.getmask(_NO_GLYPH))


def _mm(value: float) -> str:
    return f"{value:.4f}".rstrip("0").rstrip(".") or "0"
