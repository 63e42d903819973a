"""All reads of one picture, gathered by what they say, and the verdict on each.

>>> from scanner.confirm import CLEAR_FIT, Judgement
>>> from scanner.engines import Found
>>> corners = ((10.0, 10.0), (90.0, 10.0), (90.0, 60.0), (10.0, 60.0))
>>> first = Found("zxing", "Code 128", "LOT7", b"LOT7", "]C0", corners)
>>> again = Found("zbar", "Code 128", "LOT7", b"LOT7", None, corners)
>>> evidence = Evidence()
>>> evidence.add(first, corners, "1/1", Judgement("open", 0.5))
>>> evidence.symbols(), evidence.unconfirmed()[0].reason
((), 'second-read-missing')
>>> evidence.add(again, corners, "1/1", Judgement("open", 0.5))
>>> evidence.symbols()[0].read_by, evidence.unconfirmed()
(('zxing', 'zbar', 'stage:1/1'), ())
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator

from scanner.candidate import ONE_IN_79, Candidate
from scanner.confirm import CLEAR_FIT, Judgement
from scanner.engines.found import Found
from scanner.place import near, overlap
from scanner.reading import Position, Symbol, Unconfirmed

SECOND_READ_MISSING = "second-read-missing"
"""A linear code that was read once only."""

MAY_BE_PART = "may-be-part"
"""An ITF with bars beside it, or of a carton's length without its check digit."""

PROFILE_UNCLEAR = "profile-unclear"
"""An EAN or UPC that the bars neither bear out nor refute."""

PROFILE_DISAGREES = "profile-disagrees"
"""An EAN or UPC where the bars say another number."""

_CLEARLY_MORE = 2
"""How many independent reads more make one of two sure reads in one place stand."""

_FIT_OF_BROKEN = 0.93
"""Fit from which an EAN-13 stands although its place was also seen to make no number at all."""


class Evidence:
    """Reads of one picture; positions are in pixels of the upright original."""

    def __init__(self) -> None:
        """Begin with nothing read."""
        self._candidates: list[Candidate] = []
        self._sure: tuple[Symbol, ...] | None = ()
        self._examined: set[Hashable] = set()

    def is_new(self, pixels: Hashable, found: Found, position: Position | None = None) -> bool:
        """Return whether a read is examined in some pixels for the first time, and remember it.

        Args:
            pixels: what tells them from others.
            found: the read.
            position: where it is to be read again, if that is what is asked.
        """
        before = len(self._examined)
        self._examined.add((pixels, found, position))
        return len(self._examined) > before

    def add(
        self,
        found: Found,
        position: Position,
        stage: str,
        judgement: Judgement,
        follow: Callable[[], Position] | None = None,
        *,
        is_across: bool = False,
        may_be_part: bool = False,
    ) -> None:
        """Keep a read; one of the same text in the same place is further evidence for the first.

        Args:
            found: the read.
            position: its corners.
            stage: name of the view.
            judgement: what the picture says to it.
            follow: tells how far its bars reach, if that is asked for.
            is_across: whether it was read along lines that may have left the symbol.
            may_be_part: whether it may be an ITF that goes on beside what was read.
        """
        self._sure = None
        candidate = self._same(found, position)
        if candidate is None:
            candidate = Candidate(found, position, stage, follow=follow)
            self._candidates.append(candidate)
        candidate.add(
            found, position, stage, judgement, follow, is_across=is_across, may_be_part=may_be_part
        )

    def _same(self, found: Found, position: Position) -> Candidate | None:
        for one in self._candidates:
            if one.found.identity == found.identity and near(one.position, position):
                return one
        return None

    def open(self) -> list[tuple[Found, Position]]:
        """Return reads that need a second one."""
        return [
            (one.found, one.position)
            for one in self._candidates
            if not one.confirmed and not one.refuted
        ]

    def knows(self, found: Found) -> bool:
        """Return whether a read is sure already; of those of other texts it is not asked."""
        return any(
            self._is_sure(one) for one in self._candidates if one.found.identity == found.identity
        )

    def knows_here(self, found: Found, position: Position) -> bool:
        """Return whether a read is sure already, and of this place."""
        same = self._same(found, position)
        return same is not None and self._is_sure(same)

    def symbols(self) -> tuple[Symbol, ...]:
        """Return what is sure, in the order found; of two in one place the surer."""
        if self._sure is None:
            self._sure = tuple(one.as_symbol() for one in self._candidates if self._is_sure(one))
        return self._sure

    def _is_sure(self, one: Candidate) -> bool:
        return self._is_borne_out(one) and all(
            _outweighs(one, other)
            for other in self._beside(one)
            if self._is_borne_out(other) and _are_of_same_bars(one, other)
        )

    def _is_borne_out(self, one: Candidate) -> bool:
        return one.confirmed and not self._is_contested(one)

    def _beside(self, one: Candidate) -> Iterator[Candidate]:
        """Yield what else was read in the same place."""
        for other in self._candidates:
            if other is not one and near(other.position, one.position):
                yield other

    def _is_contested(self, one: Candidate) -> bool:
        """Return whether bars that fit no better than fairly were read as another number, too.

        Where the other is broken, the bars have to fit better than well. Of an ITF any reading with
        the same digits and more tells that it is a part, and what was read along lines that may
        have left a symbol stands only if nothing else was read there.
        """
        if one.is_across and any(_differs(one, other) for other in self._beside(one)):
            return True
        if one.found.format == "ITF":
            return self._is_part(one)
        if one.found.format in ONE_IN_79 and one.is_in_doubt:
            return any(_are_of_same_bars(one, other) for other in self._beside(one))
        if one.found.format != "EAN-13" or one.fit >= _FIT_OF_BROKEN:
            return False
        return any(
            other.found.format == "EAN-13"
            and other.found.text != one.found.text
            and (one.fit < CLEAR_FIT or other.is_broken)
            for other in self._beside(one)
        )

    def _is_part(self, itf: Candidate) -> bool:
        """Return whether an ITF in the same place was read with the same digits and more.

        Bars beside it show only in a view that reaches so far, and the same digits elsewhere may
        be the same part printed twice.
        """
        text = itf.found.text
        if any(each.may_be_part and each.found.text == text for each in self._candidates):
            return True
        return any(
            other.found.format == "ITF"
            and len(other.found.text) > len(text)
            and text in other.found.text
            for other in self._beside(itf)
        )

    def unconfirmed(self) -> tuple[Unconfirmed, ...]:
        """Return what is not sure, unless the same place holds something that is."""
        sure = self.symbols()
        return tuple(
            Unconfirmed(one.as_symbol(), _reason(one))
            for one in self._candidates
            if not any(
                symbol.text == one.found.text or near(symbol.position, one.position)
                for symbol in sure
            )
        )


def _reason(one: Candidate) -> str:
    if one.may_be_part:
        return MAY_BE_PART
    if one.refuted:
        return PROFILE_DISAGREES
    explained = any(judgement.explanation is not None for judgement in one.judgements)
    return PROFILE_UNCLEAR if explained else SECOND_READ_MISSING


def _differs(one: Candidate, other: Candidate) -> bool:
    """Return whether other bars, or other digits of the same, were read."""
    return other.found.corrected is None and other.found.identity != one.found.identity


def _outweighs(one: Candidate, other: Candidate) -> bool:
    """Return whether of two sure reads in one place this one is clearly surer.

    Bars that fit a number clearly do not fit another: there are two symbols, or parts of both. Of
    codes without a profile to compare with, what was read in more ways counts.
    """
    fits = sorted((one.confidence, other.confidence))
    is_tie = fits[0] == fits[1] or (one.found.format == other.found.format and fits[0] >= CLEAR_FIT)
    if not is_tie:
        return one.confidence > other.confidence
    return len(one.witnesses) >= len(other.witnesses) + _CLEARLY_MORE


def _are_of_same_bars(one: Candidate, other: Candidate) -> bool:
    """Return whether of two in one place both cannot be right: they are linear, and overlap."""
    if one.found.corrected is not None or other.found.corrected is not None:
        return False
    return overlap(one.position, other.position) or overlap(one.extent, other.extent)
