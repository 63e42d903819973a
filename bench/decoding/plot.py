"""Curves as SVG, a few kilobytes each and the same to the byte for the same figures.

Colours are of the palette of Okabe and Ito, which the colour-blind tell apart; in print without
colours the marks and dashes still do.
"""

from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

_WIDTH, _HEIGHT = 460, 290
_LEFT, _RIGHT, _TOP, _BOTTOM = 44, 14, 42, 46

_STYLES = (
    ("#0072B2", "", "circle"),
    ("#D55E00", "6 3", "square"),
    ("#009E73", "2 3", "triangle"),
    ("#000000", "9 3 2 3", "cross"),
)

_HEAD = (
    f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
    f'width="{_WIDTH}" height="{_HEIGHT}" font-family="sans-serif" font-size="11">'
    f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#fff"/>'
)


def curves(
    title: str, unit: str, strengths: Sequence[float], rates: Mapping[str, Sequence[float]]
) -> str:
    """One plot: strengths in even steps from left to right, rates from 0 to 1.

    >>> curves("noise", "greys", [2, 10], {"ours": [1, 0.5]}).count("<circle")
    3
    """
    places = [
        _LEFT + (_WIDTH - _LEFT - _RIGHT) * step / max(1, len(strengths) - 1)
        for step in range(len(strengths))
    ]
    parts = [_HEAD, _text(_LEFT, 16, title, weight="bold"), *_axes(unit, strengths, places)]
    for number, (name, values) in enumerate(rates.items()):
        colour, dash, mark = _STYLES[number % len(_STYLES)]
        points = [(x, _level(value)) for x, value in zip(places, values, strict=True)]
        parts.append(_line(points, colour, dash))
        parts += [_mark(mark, x, y, colour) for x, y in points]
        x = _LEFT + number * 104
        parts += [_line([(x, 31), (x + 22, 31)], colour, dash), _mark(mark, x + 11, 31, colour)]
        parts.append(_text(x + 27, 35, name))
    return "\n".join([*parts, "</svg>\n"])


def _level(rate: float) -> float:
    return _TOP + (1 - rate) * (_HEIGHT - _TOP - _BOTTOM)


def _axes(unit: str, strengths: Sequence[float], places: Sequence[float]) -> list[str]:
    parts = []
    for percent in (0, 25, 50, 75, 100):
        y = _level(percent / 100)
        parts.append(f'<path d="M{_LEFT} {y:.1f}H{_WIDTH - _RIGHT}" stroke="#ddd"/>')
        parts.append(_text(_LEFT - 6, y + 4, f"{percent} %", anchor="end"))
    for x, strength in zip(places, strengths, strict=True):
        parts.append(_text(x, _HEIGHT - _BOTTOM + 17, f"{strength:g}", anchor="middle"))
    parts.append(_text((_LEFT + _WIDTH - _RIGHT) / 2, _HEIGHT - 10, unit, anchor="middle"))
    return parts


def _text(x: float, y: float, words: str, *, anchor: str = "start", weight: str = "normal") -> str:
    bold = ' font-weight="bold"' if weight == "bold" else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{bold}>{escape(words)}</text>'


def _line(points: Sequence[tuple[float, float]], colour: str, dash: str) -> str:
    path = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    return f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="2"{dashes}/>'


def _mark(mark: str, x: float, y: float, colour: str) -> str:
    if mark == "circle":
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}"/>'
    shapes = {
        "square": "m-3.5-3.5h7v7h-7z",
        "triangle": "m0-4.5 4.2 7.5h-8.4z",
        "cross": "m-3.5-3.5 7 7m0-7-7 7",
    }
    drawn = f'stroke="{colour}" stroke-width="2"' if mark == "cross" else f'fill="{colour}"'
    return f'<path d="M{x:.1f} {y:.1f}{shapes[mark]}" {drawn}/>'
