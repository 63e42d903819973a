"""From the bytes of a picture to a `Reading`: the cheap look first, one deadline for all.

A phone's twelve megapixels are far more than a symbol needs. The picture is therefore searched at
a quarter of its size first: that is not only faster but reads slightly more, because noise is
averaged out. Then places that look like bars are cut out and looked at closely, turned upright;
then come the larger sizes, and for what is still unread other views, in the order in which they
were found to help. The search ends when something sure was read and every likely place was seen
once, or when the time is over.

Every linear read is judged against the pixels it was read from (`scanner.confirm`), and what stays
open is read a second time from a changed cutting; `scanner.evidence` keeps the account.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, partial

from scanner.confirm import is_possible, judge, recovered
from scanner.engines import Found, zbar, zxing
from scanner.evidence import Evidence, overlap
from scanner.image import Grey, Picture, open_picture
from scanner.locate import Region, locate
from scanner.reading import Position, Reading
from scanner.region import averaged, outline, read_profile, upright
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
Change = Callable[[View], View]

_SMALL_SIDE = 900
"""Pixels of the longer side below which a picture is not reduced further."""

_DETAIL_SIDE = 2400
"""Pixels of the longer side up to which places are located and whole views retried."""

_REGION_PIXELS = 380
"""Pixels of a region's length that are enough: four a module of an EAN-13."""

_RIVAL_WEIGHT = 0.3
"""Share of the most promising region's weight from which another may be a symbol as well."""

_MAX_PROFILES = 3
"""Regions whose bars are decoded without an engine: the slowest attempt of all."""


def decode(data: bytes, deadline: float = 1.5) -> Reading:
    """Return what the picture shows; see `scanner.decode`."""
    return _Search(data, deadline).run()


class _Search:
    """One picture, what was read of it so far, and the time that is left."""

    def __init__(self, data: bytes, deadline: float) -> None:
        self._begun = time.perf_counter()
        self._until = self._begun + deadline
        self._picture: Picture = open_picture(data)
        self._views: dict[int, View] = {}
        self._evidence = Evidence()
        self._stages: dict[str, float] = {}

    def run(self) -> Reading:
        """Make one attempt after the other until something is sure or the time is over."""
        for attempt in self._attempts():
            attempt()
            if self._late:
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
        """Yield attempts, cheap ones first; those of a later group only while nothing is sure."""
        first, *rungs = self._reductions()
        yield partial(self._whole, first)
        if self._found:
            yield partial(self._beside, first)
            return
        for region in self._regions:
            yield partial(self._closely, region, _FIRST_LOOK)
        later = (
            [partial(self._whole, reduction) for reduction in rungs if reduction > 1],
            [partial(self._closely, region, _SECOND_LOOK) for region in self._regions],
            [partial(self._whole, reduction) for reduction in rungs if reduction == 1],
            [self._by_zbar],
            [partial(self._again, change, engine) for change, engine in _OTHER_VIEWS],
            [partial(self._profile, region) for region in self._regions[:_MAX_PROFILES]],
            [self._on_dark_paper] if self._picture.has_alpha else [],
            [partial(self._frame, frame) for frame in range(1, self._picture.frames)],
        )
        for group in later:
            for attempt in group:
                if self._found:
                    return
                yield attempt

    @property
    def _late(self) -> bool:
        return time.perf_counter() > self._until

    @property
    def _found(self) -> bool:
        return bool(self._evidence.symbols())

    def _reductions(self) -> list[int]:
        longer = max(self._picture.width, self._picture.height)
        return [r for r in (8, 4, 2, 1) if r == 1 or longer / r >= _SMALL_SIDE]

    def _view(self, reduction: int) -> View:
        if reduction not in self._views:
            with self._timed("open"):
                self._views[reduction] = reduced(self._picture, reduction)
        return self._views[reduction]

    @cached_property
    def _detail(self) -> int:
        """The least reduction that brings the picture to a size whose search is affordable."""
        longer = max(self._picture.width, self._picture.height)
        return next((r for r in (1, 2, 4) if longer / r <= _DETAIL_SIDE), 8)

    @cached_property
    def _regions(self) -> list[Region]:
        """Places that look like symbols, in pixels of the upright original."""
        # Looking closely needs the whole size almost always: opened first, the rest follows from
        # it, and a JPEG is not decoded a third time.
        self._view(1)
        return self._located(self._detail)

    def _located(self, reduction: int) -> list[Region]:
        view = self._view(reduction)
        with self._timed("locate"):
            scale = self._picture.width / view.grey.shape[1]
            return [region.scaled(scale) for region in locate(view.grey)]

    def _beside(self, reduction: int) -> None:
        """Look closely at other places that have as much to show as the symbol that was read."""
        if reduction == 1:
            return
        regions = self._located(reduction)
        for region in regions:
            if region.weight >= _RIVAL_WEIGHT * regions[0].weight:
                self._closely(region, _FIRST_LOOK)

    def _whole(self, reduction: int) -> None:
        self._look(self._view(reduction), zxing.read)

    def _closely(self, region: Region, looks: _Looks) -> None:
        if any(overlap(symbol.position, outline(region)) for symbol in self._evidence.symbols()):
            return
        view = self._upright(region)
        for change, engine in looks.linear if region.is_linear else looks.matrix:
            if self._look(change(view), engine) or self._late:
                return

    def _upright(self, region: Region) -> View:
        """Cut the region out of the smallest version of the picture that still has its detail."""
        sizes = [r for r in (8, 4, 2, 1) if region.length / r >= _REGION_PIXELS or r == 1]
        return upright(self._view(sizes[0]), region)

    def _by_zbar(self) -> None:
        self._look(self._view(self._detail), zbar.read)

    def _again(self, change: Change, engine: Engine) -> None:
        self._look(change(self._view(self._detail)), engine)

    def _profile(self, region: Region) -> None:
        view = self._upright(region)
        with self._timed(f"{view.name} profile"):
            for found, judgement in read_profile(view.grey) if region.is_linear else []:
                position = view.to_original(found.position)
                self._evidence.add(found, position, f"{view.name} profile", judgement)

    def _on_dark_paper(self) -> None:
        view = reduced(self._picture, 1, paper=0)
        for change in (_plain, negative):
            self._look(change(view), zxing.read)

    def _frame(self, frame: int) -> None:
        self._look(reduced(self._picture, 1, frame), zxing.read)

    def _look(self, view: View, engine: Engine) -> bool:
        """Read a view, judge what is read, and return whether anything sure came of it."""
        known = len(self._evidence.symbols())
        with self._timed(view.name):
            for found in filter(is_possible, engine(view.grey)):
                self._add(view, found)
            for found, position in self._evidence.open():
                self._second_read(view, found, position)
        return len(self._evidence.symbols()) > known

    def _add(self, view: View, found: Found) -> None:
        judgement = judge(view.grey, found)
        position = view.to_original(found.position)
        self._evidence.add(found, position, view.name, judgement)
        better = recovered(found, judgement)
        if better is not None:
            self._evidence.add(better[0], position, view.name, better[1])

    def _second_read(self, view: View, found: Found, position: Position) -> None:
        """Read the place of an open read once more, cut out and changed."""
        cut = cropped(view, view.from_original(position), 0.15)
        for change in _SECOND_READS:
            other = change(cut)
            for again in zxing.read(other.grey, invert=False):
                if again.identity == found.identity:
                    self._add(other, again)
            if found.identity in {(s.format, s.text) for s in self._evidence.symbols()}:
                return

    @contextmanager
    def _timed(self, stage: str) -> Iterator[None]:
        begun = time.perf_counter()
        try:
            yield
        finally:
            spent = (time.perf_counter() - begun) * 1000
            self._stages[stage] = self._stages.get(stage, 0.0) + spent


def _plain(view: View) -> View:
    return view


def _sharply_averaged(view: View) -> View:
    return sharpened(averaged(view))


def _sharply_doubled(view: View) -> View:
    return sharpened(resized(view, 2))


@dataclass(frozen=True, slots=True)
class _Looks:
    """How a region is looked at: a change of the view, and the engine that reads it."""

    linear: tuple[tuple[Change, Engine], ...]
    matrix: tuple[tuple[Change, Engine], ...]


_LINEAR = partial(zxing.read, formats=zxing.LINEAR)
_MATRIX = partial(zxing.read, formats=zxing.MATRIX)

_FIRST_LOOK = _Looks(
    linear=((_plain, _LINEAR), (averaged, _LINEAR)),
    matrix=((_plain, zxing.read),),
)
_SECOND_LOOK = _Looks(
    linear=(
        (averaged, zbar.read),
        (_sharply_averaged, _LINEAR),
        (_plain, zbar.read),
        (sharpened, _LINEAR),
        (levelled, _LINEAR),
    ),
    matrix=(
        (sharpened, _MATRIX),
        (levelled, _MATRIX),
        (_sharply_doubled, _MATRIX),
        (smoothed, _MATRIX),
    ),
)

_AGAIN = partial(zxing.read, invert=False)

_OTHER_VIEWS: tuple[tuple[Change, Engine], ...] = (
    (partial(resized, factor=2), _AGAIN),
    (smoothed, partial(zxing.read, invert=False, one_threshold=True)),
    (partial(turned, degrees=45), _AGAIN),
    (partial(turned, degrees=30), _AGAIN),
    (partial(turned, degrees=15), _AGAIN),
    (partial(turned, degrees=60), _AGAIN),
    (sharpened, _AGAIN),
    (levelled, _AGAIN),
    (smoothed, _AGAIN),
    (negative, _AGAIN),
    (_sharply_doubled, _AGAIN),
)
"""Views of the whole that show what the plain picture hides, the most fruitful first."""

_SECOND_READS: tuple[Change, ...] = (
    partial(resized, factor=1.4),
    partial(resized, factor=0.8),
    partial(turned, degrees=4),
    sharpened,
)
