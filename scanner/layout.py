"""Fits symbols and text onto a label of a given size, or says how much room they would need.

A symbol keeps its quiet zones, and is made smaller down to what the standard allows and no further.
Text is made smaller, cut, and at last left out, further words before the name of the product; what
a symbol holds is written beside it in any case (4.14).

>>> from scanner.item import Item
>>> item = Item("9520123456788", "https://example.com/01/09520123456788", "Cà phê Đắk Hà")
>>> made = lay_out(item, Plan((Symbology.EAN_13,), 52.5, 29.7))
>>> (made.drawing.width, made.drawing.height, [mark.text for mark in made.marks])
(52.5, 29.7, ['9520123456788'])
>>> lay_out(item, Plan((Symbology.EAN_13,), 20, 10))
Traceback (most recent call last):
scanner.errors.ScannerError: scanner.label-too-small (...)
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from scanner.dimensions import Dimensions, Environment, Symbology, dimensions, home
from scanner.drawing import Drawing, Line, check_text, filled, text_width
from scanner.errors import ScannerError
from scanner.item import Item
from scanner.symbols import LEADING, draw, hri_of, printed_text

PADDING = 1.0
"""Millimetres inside the edge of a label that stay white: sheets shift in a printer."""

_GAP = 1.5
_NAME_EM, _TEXT_EM = 3.0, 2.4
_SCALES = (1.0, 0.85, 0.7)
_NAME_LINES = 2
_NARROWEST = 12.0
"""Millimetres that a column of text beside a symbol has at least."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How the labels of one job look."""

    symbologies: tuple[Symbology, ...]
    """One or two symbols."""

    width: float
    """Of a label, in millimetres."""

    height: float
    """Of a label, in millimetres."""

    environment: Environment | None = None
    """Where the labels will be scanned; None for what each symbology is made for."""

    x_dimension: float | None = None
    """Width of a module in millimetres; None for the largest up to the nominal one that fits."""

    dpi: int = 600
    """Of the printer: a module is a whole number of its dots."""

    def spec(self, symbology: Symbology) -> Dimensions:
        """Return what the standard asks of a symbology of this plan.

        Raises:
            ScannerError: `scanner.symbol-not-for-use`.
        """
        return dimensions(symbology, self.environment or home(symbology))

    def sizes(self, symbology: Symbology) -> list[float]:
        """Return the X-dimensions to try.

        Raises:
            ScannerError: as `Dimensions.snap`, or `scanner.symbol-not-for-use`.
        """
        spec = self.spec(symbology)
        if self.x_dimension is None:
            return spec.sizes(self.dpi)
        return [spec.snap(self.x_dimension, self.dpi)[0]]


@dataclass(frozen=True, slots=True)
class Mark:
    """A symbol on a label: what it must say when it is read back, and where it is."""

    symbology: Symbology
    text: str
    x: float
    y: float
    width: float
    """Millimetres, quiet zones included, as `height`."""

    height: float
    module: float
    """X-dimension in millimetres."""


@dataclass(frozen=True, slots=True)
class Label:
    """A label as it is printed."""

    drawing: Drawing
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class _Figure:
    """The symbols of a label beside or below each other."""

    drawing: Drawing
    marks: tuple[Mark, ...]


@lru_cache(maxsize=256)
def lay_out(item: Item, plan: Plan) -> Label:
    """Return the label of an item.

    Raises:
        ScannerError: `scanner.label-too-small` (width, height, needed_width, needed_height,
            clause), `scanner.key`, `scanner.content`, and those of `Plan.sizes`.
    """
    width, height = plan.width - 2 * PADDING, plan.height - 2 * PADDING
    smallest: Drawing | None = None
    for texts in _texts(item, plan.symbologies):
        for figure in _figures(item, plan):
            smallest = figure.drawing
            if figure.drawing.width > width + 1e-6 or figure.drawing.height > height + 1e-6:
                continue
            lines = _beside(texts, figure.drawing, width, height) or _below(
                texts, figure.drawing, width, height
            )
            if lines is not None:
                return _put(figure, lines, plan)
    needed = smallest or Drawing(0, 0, (), ())
    raise ScannerError(
        "scanner.label-too-small",
        width=plan.width, height=plan.height,
        needed_width=round(needed.width + 2 * PADDING, 1),
        needed_height=round(needed.height + 2 * PADDING, 1),
        clause=plan.spec(plan.symbologies[0]).clause,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Texts:
    name: str
    elements: tuple[str, ...]
    notes: tuple[str, ...]


def _texts(item: Item, symbologies: tuple[Symbology, ...]) -> Iterator[_Texts]:
    """Everything there is to say, then less and less of it."""
    elements: dict[str, None] = {}
    for symbology in symbologies:
        found = hri_of(symbology, item.content(symbology))
        # The address in a QR code is not for reading; the element strings it holds are (4.14).
        elements |= dict.fromkeys(item.hri if symbology is Symbology.QR_CODE else found)
    told = tuple(check_text(each) for each in elements)
    name, notes = check_text(" ".join(item.name.split())), tuple(map(check_text, item.notes))
    yield from dict.fromkeys(
        (_Texts(name, told, notes), _Texts(name, told, ()), _Texts("", told, ()))
    )


def _figures(item: Item, plan: Plan) -> Iterator[_Figure]:
    """The symbols at every size that is allowed, the one aimed at first, in a row or stacked."""
    ladders = [plan.sizes(symbology) for symbology in plan.symbologies]
    steps = max(map(len, ladders))
    for step, stacked in product(range(steps), (False, True)):
        if stacked and len(ladders) == 1:
            continue
        drawings = [
            _symbol(symbology, item.content(symbology), sizes[min(step, len(sizes) - 1)],
                    plan.spec(symbology))
            for symbology, sizes in zip(plan.symbologies, ladders, strict=True)
        ]  # fmt: skip
        yield _figure(item, plan.symbologies, drawings, stacked=stacked)


@lru_cache(maxsize=256)
def _symbol(symbology: Symbology, content: str, x: float, spec: Dimensions) -> Drawing:
    return draw(symbology, content, x, spec, bulk=True)


def _figure(
    item: Item, symbologies: tuple[Symbology, ...], drawings: list[Drawing], *, stacked: bool
) -> _Figure:
    x = y = 0.0
    whole, marks = Drawing(0, 0, (), ()), []
    for symbology, drawing in zip(symbologies, drawings, strict=True):
        text = printed_text(symbology, item.content(symbology))
        module = drawing.blocks[0].module
        marks.append(Mark(symbology, text, x, y, drawing.width, drawing.height, module))
        moved = drawing.moved(x, y)
        whole = Drawing(
            max(whole.width, moved.width), max(whole.height, moved.height),
            whole.blocks + moved.blocks, whole.lines + moved.lines,
        )  # fmt: skip
        x, y = (0.0, moved.height + _GAP) if stacked else (moved.width + _GAP, 0.0)
    return _Figure(whole, tuple(marks))


def _beside(texts: _Texts, figure: Drawing, width: float, height: float) -> list[Line] | None:
    """Lines in a column right of the figure; None where they do not fit."""
    left = figure.width + _GAP
    column = width - left
    for scale in _SCALES:
        em = _TEXT_EM * scale
        rows = [*texts.elements, *texts.notes]
        if column < _NARROWEST or any(text_width(row, em) > column for row in rows):
            continue
        lines = _stacked(wrap(texts.name, column, _NAME_EM * scale, 3), rows, left, 0.0, scale)
        if _bottom(lines) <= height:
            return lines
    return None


def _below(texts: _Texts, figure: Drawing, width: float, height: float) -> list[Line] | None:
    """Lines under the figure, several elements on one; None where they do not fit."""
    for scale in _SCALES:
        em = _TEXT_EM * scale
        rows = [
            row for each in (texts.elements, texts.notes) for row in filled(each, width, em, "  ")
        ]
        if any(text_width(row, em) > width for row in rows):
            continue
        name = wrap(texts.name, width, _NAME_EM * scale, _NAME_LINES)
        lines = _stacked(name, rows, 0.0, figure.height + (0.3 if name or rows else 0.0), scale)
        if max(_bottom(lines), figure.height) <= height:
            return lines
    return None


def _stacked(name: list[str], rows: list[str], left: float, top: float, scale: float) -> list[Line]:
    lines, y = [], top
    for text, em in [(line, _NAME_EM) for line in name] + [(row, _TEXT_EM) for row in rows]:
        lines.append(Line(left, y + 0.95 * em * scale, em * scale, text))
        y += em * scale * LEADING
    return lines


def _bottom(lines: list[Line]) -> float:
    return max((line.y + 0.3 * line.em for line in lines), default=0.0)


def _put(figure: _Figure, lines: list[Line], plan: Plan) -> Label:
    """Centre figure and text on the label."""
    text_right = max((line.x + text_width(line.text, line.em) for line in lines), default=0.0)
    wide = max(figure.drawing.width, text_right)
    high = max(figure.drawing.height, _bottom(lines))
    x, y = (plan.width - wide) / 2, (plan.height - high) / 2
    all_of_it = Drawing(0, 0, figure.drawing.blocks, (*figure.drawing.lines, *lines)).moved(x, y)
    drawing = Drawing(plan.width, plan.height, all_of_it.blocks, all_of_it.lines)
    marks = tuple(
        Mark(m.symbology, m.text, m.x + x, m.y + y, m.width, m.height, m.module)
        for m in figure.marks
    )
    return Label(drawing, marks)


def wrap(text: str, width: float, em: float, most: int) -> list[str]:
    """Break a text at spaces into at most so many lines of so many millimetres, the last one cut.

    >>> wrap("Cà phê rang xay Đắk Hà", 12, 3.0, 2)
    ['Cà phê', 'rang…']
    """
    lines = filled(text.split(), width, em)
    shown = lines[:most]
    if len(lines) > most:
        shown[-1] += "…"
    return [_cut(line, width, em) for line in shown]


def _cut(line: str, width: float, em: float) -> str:
    """Return the line, its end replaced by an ellipsis where it is too long."""
    if text_width(line, em) <= width:
        return line
    kept = line.rstrip("…")
    while kept and text_width(kept + "…", em) > width:
        kept = kept[:-1]
    return kept + "…"
