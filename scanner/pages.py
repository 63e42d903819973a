"""What the pages of a file, or the frames of an animation, show together.

Each is searched by itself: what stands in one place of two pages are two things. A page adds what
no page before it showed, so a scene that is filmed is one set of symbols, and of a leaflet whose
pages carry the same code it is told once, from the first page that shows it. Two symbols of one
text on one page stay two.

>>> from scanner.reading import Symbol
>>> corners = ((10.0, 10.0), (200.0, 10.0), (200.0, 90.0), (10.0, 90.0))
>>> one = Symbol("EAN-13", "9520123456788", b"9520123456788", "]E0", corners, 0.98, ("zxing",))
>>> pages = Pages()
>>> pages.add([one], [], 300, 80)
>>> pages.add([one], [Unconfirmed(one, "second-read-missing")], 300, 80)
>>> len(pages.symbols), len(pages.unconfirmed)
(1, 0)
>>> pages.symbols[0].position[2]
(200.0, 80.0)
"""

from __future__ import annotations

import time
from collections.abc import Iterable

from scanner.bounds import DETAIL_SIDE
from scanner.budget import Budget
from scanner.errors import ScannerError
from scanner.image import Picture
from scanner.reading import Symbol, Unconfirmed
from scanner.view import LEAST_SIDE, View, halved, reduced


class Pages:
    """The symbols of all pages so far, in the order found."""

    def __init__(self) -> None:
        """Begin before the first page."""
        self.symbols: tuple[Symbol, ...] = ()
        self.unconfirmed: tuple[Unconfirmed, ...] = ()

    def add(
        self,
        symbols: Iterable[Symbol],
        unconfirmed: Iterable[Unconfirmed],
        width: int,
        height: int,
    ) -> None:
        """Keep what a page of that size in pixels shows and none before it did."""
        known = {(each.format, each.text) for each in self.symbols}
        self.symbols += tuple(
            each.within(width, height) for each in symbols if (each.format, each.text) not in known
        )
        sure = {each.text for each in self.symbols}
        doubtful = {each.symbol.text for each in self.unconfirmed}
        further = (
            Unconfirmed(each.symbol.within(width, height), each.reason)
            for each in unconfirmed
            if each.symbol.text not in doubtful
        )
        self.unconfirmed = tuple(
            each for each in (*self.unconfirmed, *further) if each.symbol.text not in sure
        )


def open_page(picture: Picture, frame: int, reduction: int, budget: Budget) -> View | None:
    """Return a further page, each side divided by `reduction` or more.

    None where it cannot be decoded, which makes the picture partial, or not in time, or where it is
    too small for a symbol.
    """
    # Frames are differences: to come to one, all before it are decoded.
    pixels = picture.width * picture.height * (frame + 1)
    if not budget.affords("open", pixels):
        return None
    begun = time.perf_counter()
    try:
        with budget.timed("open"):
            view = reduced(picture, reduction, frame)
    except ScannerError as error:
        # What the other pages show stands, and where no symbol has room none is missing.
        picture.is_partial |= error.code != "scanner.too-small"
        return None
    budget.record("open", pixels, time.perf_counter() - begun)
    while max(view.grey.shape) > DETAIL_SIDE and min(view.grey.shape) >= 2 * LEAST_SIDE:
        view = halved(view)
    return view
