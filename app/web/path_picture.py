"""The path of a shop's goods as a picture: parties as boxes, invoices as the lines between them.

The picture stands beside a table that says the same, and carries a title and a description for
those who do not see it. It needs no script and no style but the page's own.
"""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

_WIDTH, _BOX, _GAP, _MARGIN = 360, 70, 66, 8
_CHARACTERS, _LINES = 36, 2
"""Of a name in its box; the table has all of it."""


@dataclass(frozen=True, slots=True)
class PictureHop:
    """An invoice, and the party it leads to."""

    invoice: str
    detail: str
    """Day and quantity, in the reader's language."""
    name: str
    role: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A path from the shop upwards."""

    title: str
    description: str
    shop: str
    shop_role: str
    hops: Sequence[PictureHop]
    missing: str | None
    """Who should be at the head, where the path breaks before; None for a whole path."""
    missing_role: str = ""


def draw(picture: Picture) -> Markup:
    """The picture as an SVG element."""
    parts = [_box(0, picture.shop, picture.shop_role, "shop")]
    for place, hop in enumerate(picture.hops, 1):
        last = place == len(picture.hops) and picture.missing is None
        parts.append(_line(place, hop.invoice, hop.detail))
        parts.append(_box(place, hop.name, hop.role, "source" if last else "party"))
    boxes = len(picture.hops) + 1
    if picture.missing is not None:
        parts.append(_break(boxes))
        parts.append(_box(boxes, picture.missing, picture.missing_role, "missing"))
        boxes += 1
    height = 2 * _MARGIN + boxes * _BOX + (boxes - 1) * _GAP
    return Markup(
        '<svg class="path-picture" viewBox="0 0 {width} {height}" role="img" '
        'aria-labelledby="path-title path-description" xmlns="http://www.w3.org/2000/svg">'
        '<title id="path-title">{title}</title>'
        '<desc id="path-description">{description}</desc>{parts}</svg>'
    ).format(
        width=_WIDTH, height=height, title=picture.title, description=picture.description,
        parts=Markup("").join(parts),
    )  # fmt: skip


def _top(place: int) -> int:
    return _MARGIN + place * (_BOX + _GAP)


def _box(place: int, name: str, role: str, kind: str) -> Markup:
    top = _top(place)
    lines = textwrap.wrap(name, _CHARACTERS, max_lines=_LINES, placeholder=" …") or ["–"]
    texts = [
        Markup('<text class="path-name" x="{x}" y="{y}">{text}</text>').format(
            x=_MARGIN + 12, y=top + 22 + 17 * row, text=line
        )
        for row, line in enumerate(lines)
    ]
    return Markup(
        '<g class="path-{kind}"><rect class="path-box" x="{x}" y="{top}" width="{width}" '
        'height="{height}" rx="8"/>{texts}'
        '<text class="path-role" x="{text_x}" y="{y}">{role}</text></g>'
    ).format(
        kind=kind, x=_MARGIN, top=top, width=_WIDTH - 2 * _MARGIN, height=_BOX,
        texts=Markup("").join(texts), text_x=_MARGIN + 12, y=top + 22 + 17 * len(lines), role=role,
    )  # fmt: skip


def _line(place: int, invoice: str, detail: str) -> Markup:
    bottom, top = _top(place), _top(place - 1) + _BOX
    return Markup(
        '<line class="path-line" x1="32" x2="32" y1="{top}" y2="{bottom}"/>'
        '<path class="path-tip" d="M26 {tip}L32 {top}L38 {tip}"/>'
        '<text class="path-invoice" x="50" y="{first}">{invoice}</text>'
        '<text class="path-role" x="50" y="{second}">{detail}</text>'
    ).format(
        top=top, bottom=bottom, tip=top + 9, first=top + 28, second=top + 46, invoice=invoice,
        detail=detail,
    )  # fmt: skip


def _break(place: int) -> Markup:
    bottom, top = _top(place), _top(place - 1) + _BOX
    middle = (top + bottom) // 2
    return Markup(
        '<g class="path-break"><line x1="32" x2="32" y1="{top}" y2="{upper}"/>'
        '<path d="M32 {upper}l-10 6 20 8-10 6"/>'
        '<line x1="32" x2="32" y1="{lower}" y2="{bottom}" stroke-dasharray="4 5"/></g>'
    ).format(top=top, bottom=bottom, upper=middle - 10, lower=middle + 10)
