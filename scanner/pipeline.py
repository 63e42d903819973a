"""From the bytes of a picture to a `Reading`: the cheap look first, one deadline for all.

A phone's twelve megapixels are far more than a symbol needs. The picture is therefore searched at
a quarter of its size first: that is not only faster but reads slightly more, because noise is
averaged out. Places that look like bars at that size are cut out, turned upright and looked at
closely, of that size where it shows enough and then of the whole; then come the larger sizes with
the places that show only there, and for what is still unread other views, in the order in which
they were found to help. The search ends when something sure was read and every likely place was
seen once, or when nothing more would end in time (`scanner.budget`).

Every linear read is judged against its pixels (`scanner.confirm`), and what stays open is read a
second time (`scanner.examine`); `scanner.evidence` keeps the account.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from itertools import chain, takewhile

from scanner import attempts
from scanner.add_on import add_on_of
from scanner.attempts import Change, Engine, Look, Looks, growth_of, name_of, plain
from scanner.bare import for_engine
from scanner.bounds import LARGE
from scanner.budget import Budget
from scanner.composite import without_components
from scanner.engines import Found, zbar, zxing
from scanner.errors import ScannerError
from scanner.evidence import Evidence
from scanner.examine import examine
from scanner.heap import keep_freed
from scanner.image import open_picture
from scanner.locate import Region
from scanner.pages import Pages, open_page
from scanner.place import overlap
from scanner.reading import Reading, Symbol
from scanner.region import outline, read_profile, straightened
from scanner.remainder import remainders
from scanner.sights import REGION_PIXELS, Sights
from scanner.surroundings import (
    around,
    detail,
    finest_module,
    has_room,
    in_detail,
    outlines,
    rivals,
    showing,
    shows_more,
)
from scanner.tilt import is_askew, turn_of
from scanner.view import View, negative, reduced

_Attempt = Callable[[], None]

keep_freed()

_MAX_PROFILES = 3
"""Regions whose bars are decoded without an engine: the slowest attempt of all."""

_LEAST_LENGTHS = {True: 190, False: 90}
"""Pixels of the length of a linear region, and of another, from which a small view of it is worth a
look: two a module of an EAN-13, three of a Data Matrix."""

_MAX_WINDOWS = 3
"""Symbols whose surroundings are looked at: those of others overlap them."""

_PROFILE_PIXELS = 250_000
"""Size of a view whose search takes as long as the decoding of a bar profile."""


def decode(data: bytes, deadline: float = 1.5) -> Reading:
    """Return what the picture shows; see `scanner.decode`."""
    return _Search(data, deadline).run()


class _Search:
    """One picture, what was read of it so far, and the time that is left."""

    def __init__(self, data: bytes, deadline: float) -> None:
        self._budget = Budget(deadline)
        self._picture = open_picture(data)
        self._sights = Sights(self._picture, self._budget)
        self._windows: dict[tuple[str, str], Region | None] = {}
        self._evidence = Evidence()
        self._pages = Pages()

    def run(self) -> Reading:
        """Make one attempt after the other until something is sure or the time is over."""
        for attempt in self._attempts():
            attempt()
            if self._budget.is_spent:
                break
        self._gather(0, self._sights.views)
        for frame in range(1, self._picture.frames):
            self._frame(frame)
        symbols, unconfirmed = self._pages.symbols, self._pages.unconfirmed
        if self._picture.is_partial and not (symbols or unconfirmed):
            # What is missing may hold the symbol: "nothing there" would be more than is known.
            raise ScannerError("scanner.truncated", format=self._picture.format)
        return Reading(
            symbols=symbols,
            unconfirmed=unconfirmed,
            width=self._picture.width,
            height=self._picture.height,
            ms=round(self._budget.ms, 1),
            stages={name: round(spent, 1) for name, spent in self._budget.stages.items()},
            partial=self._picture.is_partial,
            complete=not self._budget.fell_short,
        )

    def _attempts(self) -> Iterator[_Attempt]:
        """Yield attempts, cheap ones first; those of a later group only while nothing is sure."""
        first, *rungs = self._sights.reductions
        yield partial(self._at_once, first)
        least = first
        if first > self._picture.finest:
            yield from self._in_small(first)
            if not self._found:
                least = 1  # what did not show at this size is not expected to beside it, either
                yield from self._in_detail()
        yield from self._beside_whole(first) if self._found else self._if_nothing(first)
        if not self._found:
            yield from self._until_found(rungs)
        if self._found:
            yield self._around
        if self._found:
            yield partial(self._beside, first, least)

    def _until_found(self, rungs: list[int]) -> Iterator[_Attempt]:
        """Yield attempts that take longer, until something is sure."""
        if self._sights.reductions[0] == self._picture.finest:
            for region in self._sights.coarse:
                yield partial(self._closely, region, attempts.FIRST_LOOK)
        later = chain.from_iterable(self._later(rungs))
        yield from takewhile(lambda _: not self._found, later)

    def _in_detail(self) -> Iterator[_Attempt]:
        """Yield looks at the same regions in as much detail as they need, until one is read."""
        for region in self._sights.coarse:
            yield partial(self._closely, region, attempts.FIRST_LOOK)
            if self._found:
                return

    def _in_small(self, first: int) -> Iterator[_Attempt]:
        """Yield looks at regions of a small view, which take less time than others of the whole."""
        for region in [] if self._found else self._sights.located(first):
            yield partial(self._quickly, region, first)
            if self._found:
                return

    def _beside_whole(self, first: int) -> Iterator[_Attempt]:
        if first > self._picture.finest:
            yield partial(self._whole, first, attempts.BESIDE_IN_LARGE)
        elif has_room(self._picture, self._evidence.symbols(), 2):
            yield partial(self._whole, first, attempts.BESIDE)

    def _if_nothing(self, first: int) -> Iterator[_Attempt]:
        for look in attempts.IF_NOTHING:
            yield partial(self._whole, first, [look])
            if self._found:
                yield partial(self._outline, first)
                return

    def _later(self, rungs: list[int]) -> Iterator[Iterable[_Attempt]]:
        """Yield groups of attempts; what a group needs is made when its turn has come."""
        yield [partial(self._whole, rung, attempts.WHOLE) for rung in rungs if rung > 1]
        yield (partial(self._closely, region, attempts.FIRST_LOOK) for region in self._sights.finer)
        yield [self._by_zbar] if self._sights.detail != self._sights.reductions[0] else []
        yield [partial(self._whole, 1, [(plain, attempts.DARK)])] if 1 in rungs else []
        regions = self._sights.regions
        yield (partial(self._closely, region, attempts.SECOND_LOOK) for region in regions)
        yield [partial(self._again, change, engine) for change, engine in attempts.OTHER_VIEWS]
        yield (partial(self._profile, region) for region in regions[:_MAX_PROFILES])
        yield [self._on_dark_paper] if self._picture.has_alpha else []

    @property
    def _found(self) -> bool:
        return bool(self._evidence.symbols())

    def _beside(self, reduction: int, least: int) -> None:
        """Look closely at other places that have as much to show as the symbol that was read."""
        known, windows = self._evidence.symbols(), tuple(filter(None, self._windows.values()))
        for region in rivals(self._sights.glimpsed(reduction, known), known, windows):
            parts = self._unread(region, reduction)
            looks = attempts.LOOK_BESIDE if parts == [region] else attempts.LOOK_AT_REST
            # Bars are finer than the modules of the rest, and worth decoding the whole size for.
            for part in parts:
                self._closely(part, looks, 1 if region.is_linear else least)

    def _unread(self, region: Region, reduction: int) -> list[Region]:
        """Return what of a region no symbol was read in."""
        known = self._evidence.symbols()
        if not any(overlap(symbol.position, outline(region)) for symbol in known):
            return [region]
        return remainders(
            region, outlines(self._sights.view(reduction), known), finest_module(known)
        )

    def _around(self) -> None:
        """Look closer at what was read in doubt, and at what stands beside that and the rest."""
        most = self._sights.reductions[0]
        while not self._budget.is_spent and (target := self._unseen()):
            shown = self._showing(target, most)
            window = around(target, turn_of(self._sights.view(shown), target))
            self._windows[target.format, target.text] = window
            size = min(detail(window, self._picture), most)
            is_new = size < most or is_askew(window.angle)
            if is_new and self._shows_more({most, shown}, window, target):
                if size == most:  # what is too fine for that is looked at place by place
                    self._windows[target.format, target.text] = None
                view = self._sights.view(size)
                with self._budget.timed("cut"):
                    cut = straightened(view, window)
                for change, engine in attempts.IN_DETAIL:
                    self._look(cut, change, engine)

    def _showing(self, target: Symbol, most: int) -> int:
        """Return the reduction at which bars beside a symbol show, if any may stand there."""
        known, shown = self._evidence.symbols(), min(most, showing(target, self._picture))
        if shown == most or not known:
            return most
        places = rivals(self._sights.glimpsed(most, known), known, ())
        return shown if any(self._unread(region, most) for region in places) else most

    def _unseen(self) -> Symbol | None:
        """Return a symbol, or what may be one, whose surroundings were not looked at."""
        doubtful = (each.symbol for each in self._evidence.unconfirmed())
        reads = (*doubtful, *self._evidence.symbols())
        unseen = (each for each in reads if (each.format, each.text) not in self._windows)
        return next(unseen, None) if len(self._windows) < _MAX_WINDOWS else None

    def _shows_more(self, sizes: set[int], window: Region, target: Symbol) -> bool:
        """Return whether a view of any of these sizes shows something beside what was read."""
        known = self._evidence.symbols()
        if target not in known:
            return True
        with self._budget.timed("locate"):
            views = (self._sights.view(size) for size in sorted(sizes, reverse=True))
            return any(shows_more(view, window, target, known) for view in views)

    def _at_once(self, reduction: int) -> None:
        self._whole(reduction, attempts.AT_ONCE)
        if not self._found or has_room(self._picture, self._evidence.symbols()):
            self._whole(reduction, attempts.THEN)

    def _whole(self, reduction: int, looks: Iterable[Look]) -> None:
        size = self._picture.width * self._picture.height / reduction**2
        for change, engine in looks:
            if size <= LARGE and self._budget.affords("zxing", size):
                view = for_engine(self._sights.view(reduction), engine, self._evidence.symbols())
                self._look(view, change, engine)

    def _quickly(self, region: Region, reduction: int) -> None:
        """Look at a region of a small view, if that is not the one that is wanted anyway."""
        shows = region.length / reduction >= _LEAST_LENGTHS[region.is_linear]
        if shows and self._sights.wanted(region) < reduction:
            self._closely(region, attempts.QUICK_LOOK, reduction)

    def _closely(self, region: Region, looks: Looks, least: int = 1) -> None:
        """Look at a region cut out upright, of the picture divided by `least` or more."""
        if any(overlap(symbol.position, outline(region)) for symbol in self._evidence.symbols()):
            return
        view = self._sights.upright(region, least)
        for change, engine in looks.linear if region.is_linear else looks.matrix:
            is_rest = looks is attempts.LOOK_AT_REST
            if self._look(view, change, engine, is_rest=is_rest) or self._budget.is_spent:
                return

    def _knows(self, view: View, found: Found) -> bool:
        return self._evidence.knows_here(found, view.to_original(found.position))

    def _outline(self, reduction: int) -> None:
        """Look closely at what zbar alone has read: it tells an upright rectangle, not corners."""
        alone = [each for each in self._evidence.symbols() if each.read_by[:-1] == ("zbar",)]
        for symbol in alone:
            for region in self._sights.located(reduction):
                if region.is_linear and overlap(symbol.position, outline(region)):
                    view = self._sights.upright(region, reduction)
                    self._look(view, plain, attempts.LINEAR)
                    break

    def _by_zbar(self) -> None:
        self._look(self._sights.view(self._sights.detail), plain, zbar.read)
        for _, position in self._evidence.open():
            place = in_detail(self._sights.view(self._picture.finest), position)
            for engine in (attempts.LINEAR, zbar.read):
                self._look(place, plain, engine)

    def _again(self, change: Change, engine: Engine) -> None:
        self._look(self._sights.view(self._sights.detail), change, engine)

    def _profile(self, region: Region) -> None:
        if not region.is_linear or not self._budget.affords("profile", _PROFILE_PIXELS):
            return
        view = self._sights.upright(region)
        begun = time.perf_counter()
        with self._budget.timed(f"{view.name} profile"):
            for found, judgement in read_profile(view.grey):
                position = view.to_original(found.position)
                self._evidence.add(found, position, f"{view.name} profile", judgement)
        self._budget.record("profile", _PROFILE_PIXELS, time.perf_counter() - begun)

    def _on_dark_paper(self) -> None:
        view = reduced(self._picture, self._sights.detail, paper=0)
        for change in (plain, negative):
            self._look(view, change, attempts.SERVICE)

    def _frame(self, frame: int) -> None:
        """Look at a further page; what stands in one place of two pages are two things."""
        view = open_page(self._picture, frame, self._sights.detail, self._budget)
        if view is not None:
            self._evidence = Evidence()
            self._look(view, plain, attempts.SERVICE)
            self._gather(frame, {self._sights.detail: view})

    def _gather(self, frame: int, views: Mapping[int, View]) -> None:
        """Keep what a page shows, with the add-ons that its views show, by their reduction."""
        sure = without_components(self._evidence.symbols())
        symbols = [self._with_add_on(symbol, views) for symbol in sure]
        size = self._picture.size_of(frame)
        self._pages.add(symbols, self._evidence.unconfirmed(), *size)

    def _with_add_on(self, symbol: Symbol, views: Mapping[int, View]) -> Symbol:
        if symbol.format not in zxing.WITH_ADD_ON or self._budget.is_spent:
            return symbol
        with self._budget.timed("add-on"):
            shows = [r for r in views if symbol.width / r >= REGION_PIXELS / 2]
            view = views[max(shows, default=min(views))]
            return replace(symbol, add_on=add_on_of(view, symbol))

    def _look(self, view: View, change: Change, engine: Engine, *, is_rest: bool = False) -> bool:
        """Read a changed view, judge what is read, and return whether anything sure came of it.

        In what is left of a region, a symbol that is known shows in part, and is not judged by it.
        """
        name, growth = name_of(engine), growth_of(change)
        if not self._budget.affords(name, view.grey.size * growth):
            return False
        known = len(self._evidence.symbols())
        begun = time.perf_counter()
        changed = change(view)
        with self._budget.timed(changed.name):
            reads = engine(changed.grey)
            self._budget.record(name, changed.grey.size, time.perf_counter() - begun)
            if is_rest:
                reads = [each for each in reads if not self._knows(changed, each)]
            examine(changed, reads, self._evidence, self._budget)
        return len(self._evidence.symbols()) > known
