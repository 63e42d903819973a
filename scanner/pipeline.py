"""From the bytes of a picture to a `Reading`: the cheap look first, one deadline for all.

A phone's twelve megapixels are far more than a symbol needs. The picture is therefore searched at
a quarter of its size, then at half, then whole, and the search ends when something sure was read:
the small picture is not only faster but reads slightly more, because its noise is averaged out.
What is still unread is then tried in other views, in the order in which they were found to help.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from functools import partial

from scanner.confirm import judge, recovered
from scanner.engines import Found, zbar, zxing
from scanner.evidence import Evidence
from scanner.image import Grey, open_picture
from scanner.reading import Position, Reading
from scanner.view import (
    View,
    cropped,
    levelled,
    negative,
    reduced,
    resized,
    sharpened,
    smoothed,
    turned,
)

Engine = Callable[[Grey], list[Found]]

_SMALL_SIDE = 900
"""Pixels of the longer side below which a picture is not reduced further."""


def decode(data: bytes, deadline: float = 1.5) -> Reading:
    """Return what the picture shows; see `scanner.decode`."""
    return _Search(data, deadline).run()


class _Search:
    """One picture, what was read of it so far, and the time that is left."""

    def __init__(self, data: bytes, deadline: float) -> None:
        self._begun = time.perf_counter()
        self._until = self._begun + deadline
        self._picture = open_picture(data)
        self._evidence = Evidence()
        self._stages: dict[str, float] = {}

    def run(self) -> Reading:
        for attempt in self._attempts():
            attempt()
            if self._evidence.symbols() or time.perf_counter() > self._until:
                break
        ms = (time.perf_counter() - self._begun) * 1000
        return Reading(
            symbols=self._evidence.symbols(),
            unconfirmed=self._evidence.unconfirmed(),
            width=self._picture.width,
            height=self._picture.height,
            ms=round(ms, 1),
            stages={name: round(spent, 1) for name, spent in self._stages.items()},
        )

    def _attempts(self) -> Iterator[Callable[[], None]]:
        picture = self._picture
        longer = max(picture.width, picture.height)
        for reduction in (8, 4, 2, 1):
            if reduction == 1 or longer / reduction >= _SMALL_SIDE:
                yield partial(self._ladder, reduction)
        view = reduced(picture, 1)
        yield partial(self._look, view, zbar.read)
        for make in RETRIES:
            yield partial(self._retry, view, make)

    def _ladder(self, reduction: int) -> None:
        view = reduced(self._picture, reduction)
        self._look(view, zxing.read)

    def _retry(self, view: View, make: Callable[[View], View]) -> None:
        self._look(make(view), partial(zxing.read, invert=False))

    def _look(self, view: View, engine: Engine) -> None:
        begun = time.perf_counter()
        for found in engine(view.grey):
            self._add(view, found)
        for found, position in self._evidence.open():
            self._second_read(view, found, position)
        spent = (time.perf_counter() - begun) * 1000
        self._stages[view.name] = self._stages.get(view.name, 0.0) + spent

    def _add(self, view: View, found: Found) -> None:
        judgement = judge(view.grey, found)
        position = view.to_original(found.position)
        self._evidence.add(found, position, view.name, judgement)
        better = recovered(found, judgement)
        if better is not None:
            self._evidence.add(better[0], position, view.name, better[1])

    def _second_read(self, view: View, found: Found, position: Position) -> None:
        """Read the place of an open linear code once more, cut out and changed."""
        cut = cropped(view, view.from_original(position), 0.15)
        for make in SECOND:
            other = make(cut)
            for again in zxing.read(other.grey, zxing.LINEAR, invert=False):
                if again.identity == found.identity:
                    self._add(other, again)
                    return


RETRIES: tuple[Callable[[View], View], ...] = (
    partial(resized, factor=2),
    partial(turned, degrees=45),
    partial(turned, degrees=30),
    partial(turned, degrees=15),
    partial(turned, degrees=60),
    sharpened,
    levelled,
    smoothed,
    negative,
    lambda view: sharpened(resized(view, 2)),
    lambda view: levelled(smoothed(view)),
)
"""Views that show what the plain picture hides, the most fruitful first."""

SECOND: tuple[Callable[[View], View], ...] = (
    partial(resized, factor=1.4),
    partial(resized, factor=0.8),
    partial(turned, degrees=4),
    sharpened,
)
