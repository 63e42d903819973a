"""What is looked at of a picture: its sizes, the places in it that look like symbols, their cuts.

A size is told by what the sides of the picture are divided by: 8, 4, 2 or 1. Whatever is asked for
is made once, and its time counted.

>>> from PIL import Image
>>> from scanner.image import open_picture
>>> import io
>>> file = io.BytesIO()
>>> Image.new("L", (4000, 3000), 255).save(file, "JPEG")
>>> sights = Sights(open_picture(file.getvalue()), Budget(60))
>>> sights.reductions, sights.detail, sights.view(4).grey.shape, sights.regions
([4, 2, 1], 2, (750, 1000), [])
"""

from __future__ import annotations

from functools import cached_property

from scanner.bounds import DETAIL_SIDE
from scanner.budget import Budget
from scanner.image import Picture
from scanner.locate import Region, locate
from scanner.reading import Symbol
from scanner.region import upright
from scanner.surroundings import LIKE_ROOM, glimpsed, has_room
from scanner.view import View, reduced

_SMALL_SIDE = 900
"""Pixels of the longer side below which a picture is not reduced further."""

REGION_PIXELS = 380
"""Pixels of a region's length that are enough: four a module of an EAN-13."""


class Sights:
    """One picture, and what was made of it so far; regions are in the upright original's pixels."""

    def __init__(self, picture: Picture, budget: Budget) -> None:
        """Begin with nothing made."""
        self.picture = picture
        self._budget = budget
        self.views: dict[int, View] = {}
        """The sizes that were asked for, by reduction."""
        self._regions_at: dict[int, list[Region]] = {}
        self._cuts: dict[tuple[Region, int], View] = {}

    @cached_property
    def reductions(self) -> list[int]:
        """Every size worth a search, the smallest picture first."""
        longer, finest = max(self.picture.width, self.picture.height), self.picture.finest
        sizes = (8, 4, 2, 1)
        return [r for r in sizes if r == finest or (longer / r >= _SMALL_SIDE and r > finest)]

    @cached_property
    def detail(self) -> int:
        """The least reduction that brings the picture to a size whose search is affordable."""
        longer = max(self.picture.width, self.picture.height)
        wanted = next((r for r in (1, 2, 4) if longer / r <= DETAIL_SIDE), 8)
        return max(wanted, self.picture.finest)

    def view(self, reduction: int) -> View:
        """Return the whole picture in one size."""
        if reduction not in self.views:
            with self._budget.timed("open"):
                self.views[reduction] = reduced(self.picture, reduction)
        return self.views[reduction]

    @cached_property
    def coarse(self) -> list[Region]:
        """Places that look like symbols in the smallest view."""
        regions = self.located(self.reductions[0])
        if regions and self.wanted(regions[0]) == self.picture.finest:
            # Opened first, the other sizes follow from it: a JPEG is not decoded a third time.
            self.view(self.picture.finest)
        return regions

    @cached_property
    def finer(self) -> list[Region]:
        """Places that show only in more detail: bars that are one grey at a quarter of the size."""
        if self.detail == self.reductions[0]:
            return []
        return [
            region
            for region in self.located(self.detail)
            if not any(region.resembles(known) for known in self.coarse)
        ]

    @cached_property
    def regions(self) -> list[Region]:
        """Both, those with most to show first."""
        return sorted([*self.coarse, *self.finer], key=lambda region: -region.weight)

    def located(self, reduction: int) -> list[Region]:
        """Return the places that look like symbols in one size."""
        if reduction not in self._regions_at:
            view = self.view(reduction)
            with self._budget.timed("locate"):
                scale = self.picture.width / view.grey.shape[1]
                self._regions_at[reduction] = [each.scaled(scale) for each in locate(view.grey)]
        return self._regions_at[reduction]

    def glimpsed(self, reduction: int, known: tuple[Symbol, ...]) -> list[Region]:
        """Return the same; half of the view shows enough where no larger one is at hand.

        Args:
            reduction: of the view.
            known: what was read; where it leaves no room for more, nothing is looked for.
        """
        if reduction > self.picture.finest or reduction in self._regions_at:
            return self.located(reduction)
        if not has_room(self.picture, known, 2, share=LIKE_ROOM):
            return []
        with self._budget.timed("locate"):
            return glimpsed(self.view(reduction), self.picture.width)

    def upright(self, region: Region, least: int = 1) -> View:
        """Return a region cut out upright, of the picture divided by `least` or more."""
        reduction = max(least, self.wanted(region))
        if (region, reduction) not in self._cuts:
            view = self.view(reduction)
            with self._budget.timed("cut"):
                self._cuts[region, reduction] = upright(view, region)
        return self._cuts[region, reduction]

    def wanted(self, region: Region) -> int:
        """Return the reduction of the smallest version of the picture that shows its detail."""
        sizes = (r for r in (8, 4, 2) if region.length / r >= REGION_PIXELS)
        return max(next(sizes, 1), self.picture.finest)
