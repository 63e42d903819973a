"""A trace as a picture: goods and containers as boxes from left to right, events between them.

Goods have round or square corners, what only carries them cut ones; what is certain has a whole
line, what is only possible a broken one and a question mark, so that nothing rests on colour. The
same stands in a table beside it. Colours are attributes, which the page's style sheet overrides:
the picture is good by itself, too, under a policy that allows no style in it.
"""

import textwrap
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from markupsafe import Markup

from app.web.trace_layout import Way, columns, rows

_WIDTH, _HEIGHT, _ACROSS, _DOWN, _MARGIN = 176, 78, 150, 22, 12
_CHARACTERS = 22
"""Of a line of text in a box; titles and the table have all of it."""
_NUMBER = 28
"""Characters of a number in a box: every SSCC, lot and serial is there in full."""
_LABEL = 24
"""Characters of the label of an edge."""
_LABELS = 3
"""Labels at one end of a box; the title of each line has its own."""


class Shape(StrEnum):
    LOT = "lot"
    SERIAL = "serial"
    CARRIER = "carrier"
    """A logistic unit, a crate, a truck."""


@dataclass(frozen=True, slots=True)
class PictureNode:
    key: str
    shape: Shape
    name: str
    code: str
    place: str
    """Where it was last, or empty."""
    title: str
    """All of it in words."""
    address: str
    possible: bool = False


@dataclass(frozen=True, slots=True)
class PictureEdge:
    source: str
    target: str
    label: str
    title: str
    address: str
    """The page of its event."""


@dataclass(frozen=True, slots=True)
class Picture:
    title: str
    description: str
    asked: str
    """The key that was asked for."""
    nodes: Sequence[PictureNode]
    edges: Sequence[PictureEdge]
    """Every node hangs together with the one that was asked for."""


Spot = tuple[int, int]
"""The upper left corner of a box, in pixels."""


def draw(picture: Picture, *, element: bool = True) -> Markup:
    """The picture as an SVG element of a page, or as a document of its own."""
    spots, width, height = _spots(picture)
    parts = [*_edges(picture.edges, spots)]
    parts += [_node(node, spots[node.key], node.key == picture.asked) for node in picture.nodes]
    head = Markup("") if element else Markup('<rect width="{}" height="{}" fill="#fff"/>').format(
        width, height
    )  # fmt: skip
    return Markup(
        '<svg class="trace-picture" xmlns="http://www.w3.org/2000/svg" width="{width}" '
        'height="{height}" viewBox="0 0 {width} {height}" role="group" '
        'aria-labelledby="trace-title trace-description" font-family="sans-serif" '
        'font-size="13" color="#14191d" fill="currentColor">'
        '<title id="trace-title">{title}</title>'
        '<desc id="trace-description">{description}</desc>{head}{parts}</svg>'
    ).format(
        width=width, height=height, title=picture.title, description=picture.description,
        head=head, parts=Markup("").join(parts),
    )  # fmt: skip


def _spots(picture: Picture) -> tuple[dict[str, Spot], int, int]:
    ways = [Way(edge.source, edge.target) for edge in picture.edges]
    names = {node.key: (node.name, node.code) for node in picture.nodes}
    placed = columns(picture.asked, ways)
    lines = rows(placed, ways, lambda key: names[key])
    first, last = min(placed.values()), max(placed.values())
    most = max(lines.values())
    depth = Counter(placed.values())
    spots = {
        key: (
            _MARGIN + (column - first) * (_WIDTH + _ACROSS),
            # Short columns stand in the middle of the picture.
            _MARGIN + lines[key] * (_HEIGHT + _DOWN)
            + (most + 1 - depth[column]) * (_HEIGHT + _DOWN) // 2,
        )
        for key, column in placed.items()
    }  # fmt: skip
    width = 2 * _MARGIN + (last - first) * (_WIDTH + _ACROSS) + _WIDTH
    return spots, width, 2 * _MARGIN + most * (_HEIGHT + _DOWN) + _HEIGHT


def _node(node: PictureNode, spot: Spot, asked: bool) -> Markup:
    x, y = spot
    kind = "trace-possible" if node.possible else "trace-certain"
    room = _CHARACTERS - 2 if node.possible else _CHARACTERS
    texts = [
        _text(x + 12, y + 22, _short(node.name, room), "trace-name", weight=600),
        _code(x + 12, y + 42, node.code),
    ]
    if node.place:
        texts.append(_pin(x + 12, y + 52))
        texts.append(_text(x + 26, y + 63, _short(node.place), "trace-fine", colour="#4b545b"))
    if node.possible:
        texts.append(_text(x + _WIDTH - 18, y + 22, "?", "trace-mark", weight=700))
    return Markup(
        '<a class="{kind}{asked}" href="{address}"><title>{title}</title>{outline}{texts}</a>'
    ).format(
        kind=kind, asked=" trace-asked" if asked else "", address=node.address, title=node.title,
        outline=_outline(node, x, y, asked), texts=Markup("").join(texts),
    )  # fmt: skip


def _outline(node: PictureNode, x: int, y: int, asked: bool) -> Markup:
    colour = "#0b5563" if asked else "#734600" if node.possible else "#0a5c2f"
    line = Markup('class="trace-node" fill="#fff" stroke="{}" stroke-width="{}"{}').format(
        colour, 4 if asked else 2, Markup(' stroke-dasharray="6 4"') if node.possible else ""
    )
    if node.shape is Shape.CARRIER:
        cut, right, bottom = 12, x + _WIDTH, y + _HEIGHT
        return Markup('<path d="M{} {}H{}l{c} {c}V{}l-{c} {c}H{}l-{c}-{c}V{}z" {}/>').format(
            x + cut, y, right - cut, bottom - cut, x + cut, y + cut, line, c=cut
        )
    return Markup('<rect x="{}" y="{}" width="{}" height="{}" rx="{}" {}/>').format(
        x, y, _WIDTH, _HEIGHT, 14 if node.shape is Shape.LOT else 0, line
    )


def _text(
    x: int, y: int, text: str, kind: str, *, colour: str = "currentColor", weight: int = 400,
    narrowed: bool = False,
) -> Markup:  # fmt: skip
    width = Markup(' textLength="{}" lengthAdjust="spacingAndGlyphs"').format(_WIDTH - 24)
    return Markup(
        '<text class="{}" x="{}" y="{}" fill="{}" font-weight="{}"{}>{}</text>'
    ).format(kind, x, y, colour, weight, width if narrowed else "", text)  # fmt: skip


def _pin(x: int, y: int) -> Markup:
    """A pin before the name of a place."""
    return Markup(
        '<path class="trace-fine" fill="#4b545b" d="M{} {}a4.5 4.5 0 0 1 9 0c0 3-4.5 8-4.5 8'
        's-4.5-5-4.5-8z"/>'
    ).format(x, y + 4)


def _code(x: int, y: int, code: str) -> Markup:
    """A number, drawn narrower where it is long: its digits tell one box from another."""
    shown = _middle_left_out(code, _NUMBER)
    return _text(x, y, shown, "trace-code", narrowed=len(shown) > _CHARACTERS)


def _short(text: str, most: int = _CHARACTERS) -> str:
    """The first words; of what is one long word its ends."""
    if len(text) <= most:
        return text
    words = textwrap.shorten(text, most, placeholder=" …")
    return words if len(words) > most // 2 else _middle_left_out(text, most)


def _middle_left_out(text: str, most: int) -> str:
    """Numbers of one maker begin alike: more is kept of the end."""
    if len(text) <= most:
        return text
    end = most * 3 // 5
    return f"{text[: most - end - 1]}…{text[-end:]}"


def _edges(edges: Sequence[PictureEdge], spots: Mapping[str, Spot]) -> Iterator[Markup]:
    """The lines; a label stands at the end that fewer of them share, above those already there."""
    leaving = Counter(edge.source for edge in edges)
    arriving = Counter(edge.target for edge in edges)
    told: dict[tuple[str, bool], list[str]] = defaultdict(list)
    for edge in edges:
        at_start = leaving[edge.source] < arriving[edge.target]
        labels = told[edge.source if at_start else edge.target, at_start]
        label = edge.label if len(edge.label) <= _LABEL else f"{edge.label[: _LABEL - 1]}…"
        text = Markup("")
        if label not in labels and len(labels) < _LABELS:
            x, y = spots[edge.source if at_start else edge.target]
            text = _label(
                x + _WIDTH + 6 if at_start else x - 12,
                y + _HEIGHT // 2 - 8 - 14 * len(labels), label, at_start=at_start,
            )  # fmt: skip
            labels.append(label)
        yield _line(edge, spots[edge.source], spots[edge.target], text)


def _label(x: int, y: int, text: str, *, at_start: bool) -> Markup:
    return Markup(
        '<text class="trace-label" x="{}" y="{}" font-size="11" fill="#4b545b" '
        'paint-order="stroke" stroke="#fff" stroke-width="4"{}>{}</text>'
    ).format(x, y, "" if at_start else Markup(' text-anchor="end"'), text)


def _line(edge: PictureEdge, source: Spot, target: Spot, text: Markup) -> Markup:
    x, y = source[0] + _WIDTH, source[1] + _HEIGHT // 2
    tip, to_y = target[0] - 8, target[1] + _HEIGHT // 2
    # A line that runs back (goods in a circle) leaves and arrives as the others do.
    bow = max((tip - x) // 2, _ACROSS // 2)
    return Markup(
        '<a class="trace-event" href="{address}"><title>{title}</title>'
        '<path class="trace-edge" fill="none" stroke="#68727a" stroke-width="2" '
        'd="M{x} {y}C{out} {y} {back} {to_y} {to_x} {to_y}"/>'
        '<path class="trace-tip" fill="none" stroke="#68727a" stroke-width="2" '
        'd="M{tip} {above}l8 5-8 5"/>{text}</a>'
    ).format(
        address=edge.address, title=edge.title, x=x, y=y, out=x + bow, back=tip - bow,
        to_x=tip + 6, to_y=to_y, tip=tip, above=to_y - 5, text=text,
    )  # fmt: skip
