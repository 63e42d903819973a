"""The ways a picture is looked at, in the order in which they were found to help.

A look is a change of the view and the engine that reads what comes of it.

>>> [change.__name__ for change, _ in FIRST_LOOK.linear]
['plain', 'averaged', 'negative']
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from scanner import straight
from scanner.engines import Found, zbar, zxing
from scanner.image import Grey
from scanner.region import averaged
from scanner.view import (
    View,
    halved,
    levelled,
    negative,
    resized,
    sharpened,
    smoothed,
    turned,
    widened,
)

Engine = Callable[[Grey], list[Found]]
Change = Callable[[View], View]
Look = tuple[Change, Engine]


def plain(view: View) -> View:
    """Return the view as it is."""
    return view


def _to_straighten(view: View) -> View:
    return replace(view, name=f"{view.name} straight")


def _sharply_averaged(view: View) -> View:
    return sharpened(averaged(view))


def _halved_negative(view: View) -> View:
    return negative(halved(view))


def _sharply_doubled(view: View) -> View:
    return sharpened(resized(view, 2))


@dataclass(frozen=True, slots=True)
class Looks:
    """How a region is looked at, by what it seems to be."""

    linear: tuple[Look, ...]
    matrix: tuple[Look, ...]


SERVICE: Engine = zxing.read
DARK: Engine = partial(zxing.read, invert=False)
"""Dark symbols on light ground: what the plain views have shown is not tried in negative again."""

LINEAR: Engine = partial(zxing.read, formats=zxing.LINEAR, invert=False)
_MATRIX: Engine = partial(zxing.read, formats=zxing.MATRIX)
_ANY_DARK_MATRIX: Engine = partial(zxing.read, formats=zxing.ANY_MATRIX, invert=False)
_DARK_MATRIX: Engine = partial(zxing.read, formats=zxing.MATRIX, invert=False)
"""For views in negative, where it is the light ones that are looked for, and for what lies beside a
symbol."""

_UPRIGHT_LINEAR: Engine = partial(zxing.read, formats=zxing.LINEAR, invert=False, turn=False)
"""For regions that were turned until their bars stood upright."""

AT_ONCE: tuple[Look, ...] = ((plain, zxing.read_across),)
"""The first look at the whole: dark symbols on light ground."""

THEN: tuple[Look, ...] = ((plain, zxing.read_down), (plain, _ANY_DARK_MATRIX))
"""What belongs to it unless the symbol that was read fills the picture."""

NEGATIVE: tuple[Look, ...] = ((negative, LINEAR),)
"""Light bars on dark ground. The view is turned round rather than the engine told to look for them:
they are judged, and read again, against pixels in which bars are dark."""

IF_NOTHING: tuple[Look, ...] = (
    (plain, LINEAR),
    (plain, zbar.read),
    (negative, _DARK_MATRIX),
    *NEGATIVE,
)
"""Looks that follow at once until something shows. zbar reads low contrast, glare and hard
shadow that zxing-cpp does not, and in a small picture in no more time."""

BESIDE: tuple[Look, ...] = ((_halved_negative, _DARK_MATRIX),)
"""The look that follows where it shows something: for a light symbol on dark ground beside it. At
half the size that takes a quarter of the time, and shows all but the smallest."""

BESIDE_IN_LARGE: tuple[Look, ...] = ((negative, _DARK_MATRIX),)
"""The same where the picture was made smaller before."""

IN_DETAIL: tuple[Look, ...] = (*AT_ONCE, (plain, zxing.read_down), (plain, _DARK_MATRIX))
"""Looks at the surroundings of a symbol that was read."""

WHOLE: tuple[Look, ...] = ((plain, LINEAR), (plain, _MATRIX), *NEGATIVE)
"""Later looks at the whole."""

FIRST_LOOK = Looks(
    linear=(
        (plain, _UPRIGHT_LINEAR),
        (averaged, _UPRIGHT_LINEAR),
        (negative, _UPRIGHT_LINEAR),
    ),
    matrix=((plain, _MATRIX),),
)
QUICK_LOOK = replace(FIRST_LOOK, matrix=((plain, _MATRIX), (sharpened, _MATRIX)))
"""For a small view that is at hand: what it shows need not be decoded in full."""

SECOND_LOOK = Looks(
    linear=(
        (averaged, zbar.read),
        (_sharply_averaged, _UPRIGHT_LINEAR),
        (plain, zbar.read),
        (sharpened, _UPRIGHT_LINEAR),
        (levelled, _UPRIGHT_LINEAR),
    ),
    matrix=(
        (_to_straighten, straight.read),
        (plain, LINEAR),
        (sharpened, _MATRIX),
        (levelled, _MATRIX),
        (_sharply_doubled, _MATRIX),
        (smoothed, _MATRIX),
    ),
)

LOOK_BESIDE = replace(FIRST_LOOK, linear=(*FIRST_LOOK.linear, SECOND_LOOK.linear[0]))
"""For bars beside a symbol that was read: they have no second look."""

LOOK_AT_REST = replace(FIRST_LOOK, linear=(*FIRST_LOOK.linear, *SECOND_LOOK.linear[:3]))
"""For the rest of a region in which a symbol was read: it is more likely to hold one, too."""

OTHER_VIEWS: tuple[Look, ...] = (
    (_to_straighten, straight.read),
    (partial(resized, factor=2), DARK),
    (smoothed, partial(zxing.read, invert=False, one_threshold=True)),
    (partial(turned, degrees=45), DARK),
    (partial(turned, degrees=30), DARK),
    (partial(turned, degrees=15), DARK),
    (partial(turned, degrees=60), DARK),
    (sharpened, DARK),
    (levelled, DARK),
    (smoothed, DARK),
    (negative, DARK),
    (_sharply_doubled, DARK),
)
"""Views of the whole that show what the plain picture hides, the most fruitful first."""

_SECOND_READS: tuple[Change, ...] = (
    partial(resized, factor=0.8),
    partial(resized, factor=1.4),
    partial(turned, degrees=4),
    sharpened,
)
"""Changes under which a read is repeated, to be sure of it."""

_OF_SMALL: tuple[Change, ...] = (_SECOND_READS[1], _SECOND_READS[0], *_SECOND_READS[2:])
_OF_SMALL_ACROSS: tuple[Change, ...] = (partial(widened, factor=1.4), *_OF_SMALL[1:])
"""The same for symbols with two pixels a module or less, which made smaller show nothing. Of those
that are read across, rows alone are enlarged: that takes half the time."""


def second_reads(*, is_small: bool, turn: bool) -> tuple[Change, ...]:
    """Return the changes under which a symbol is read again, `turn` if it is read downwards."""
    if not is_small:
        return _SECOND_READS
    return _OF_SMALL if turn else _OF_SMALL_ACROSS


_OTHERS: dict[Engine, str] = {straight.read: "straight", zbar.read: "zbar"}


def sees_bars(engine: Engine) -> bool:
    """Return whether an engine looks for linear symbols, too."""
    return engine not in (_MATRIX, _ANY_DARK_MATRIX, _DARK_MATRIX)


def name_of(engine: Engine) -> str:
    """Return whose pace an engine's searches have (`scanner.budget`)."""
    return _OTHERS.get(engine, "zxing")


def growth_of(change: Change) -> float:
    """Return how many times the pixels of a view its change has, at most."""
    if change is _sharply_doubled:
        return 4.0
    if isinstance(change, partial):
        return float(change.keywords.get("factor", 1)) ** 2 * (2.0 if change.func is turned else 1)
    return 1.0
