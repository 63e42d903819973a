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

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from scanner.confirm import CARTON_DIGITS, CLEAR_FIT, GOOD_FIT, Judgement, is_askew, is_broken
from scanner.engines.found import Found
from scanner.place import height, near, overlap
from scanner.reading import Position, Symbol, Unconfirmed

SECOND_READ_MISSING = "second-read-missing"
"""A linear code that was read once only."""

MAY_BE_PART = "may-be-part"
"""An ITF with bars beside it, or of a carton's length without its check digit."""

PROFILE_UNCLEAR = "profile-unclear"
"""An EAN or UPC that the bars neither bear out nor refute."""

PROFILE_DISAGREES = "profile-disagrees"
"""An EAN or UPC where the bars say another number."""

_AGREED = 0.8
"""Confidence of a linear read that a second, independent read repeated."""

_LEAST_HEIGHT = 0.03
"""Share of its length below which a symbol found in a changed view only is not believed."""

_LEAST_ITF_DIGITS, _LEAST_ITF_HEIGHT = 8, 0.1
"""Start and stop of an ITF are found inside others, too: a scan line that comes in through the
upper edge, or out of a blot, reads the last digits as if they were all. Lines apart have to agree.
In a changed view any other length than a carton's has to be taller, and is not of six digits."""

_NEGATIVE = " negative"
"""In the name of a view with light and dark exchanged."""

_TILTED = " cut turned"
"""In the name of a view that was cut out and tilted for a second read. Scan lines that leave by the
upper edge leave it at one digit over a wider stretch there: that is no height of a symbol."""

_UNCHANGED = " straight"
"""In the name of a view with the pixels of the view before: read again, they say nothing new."""

_SHARPENED = " cut sharp"
"""What ends the name of one that shows the same pixels with more contrast: not a second witness."""

_CLEARLY_MORE = 2
"""How many independent reads more make one of two sure reads in one place stand."""

_SLIGHT = 0.1
"""Share of its length below which what zbar alone reads may be a line across two symbols."""

_ONE_IN_79 = {"DataBar", "DataBar Stacked"}
"""Symbols whose bars with light and dark exchanged are those of another, but for a checksum that
one in 79 passes. However often they are read so, they say the same."""

_DARK_ENDS, _OTHER_GROUND = 0.3, 0.2
"""Darkness of the lighter end of a DataBar from which it lies in the dark (in photographs twenty
have less), and of the darker end of a negative from which its ground is not the ink of its spaces:
then it is a label on dark ground, read with light and dark exchanged."""

_WAYS_IN_DOUBT = 3
"""Independent reads that make a linear read sure that may have light and dark exchanged."""

_WAYS_ASKEW = 4
"""Reads that have to agree on a stacked symbol that may have been pieced together from scan lines
across a linear one."""

_FIT_OF_BROKEN = 0.93
"""Fit from which an EAN-13 stands although its place was also seen to make no number at all."""

_SHORT = {"EAN-8", "UPC-E"}
"""Symbols so short that clutter and parts of longer ones look like them. Agreement alone does not
make them sure; found in a changed view (its name has more than one word), they need it as well."""

_LONG = {"EAN-13", "UPC-A"}
"""Where bars fit no better than fairly, or were once seen to say another number, and only changed
views show them, they are not sure."""


@dataclass
class _Read:
    """One text in one place, and who read it how."""

    found: Found
    position: Position
    stage: str
    engines: list[str] = field(default_factory=list)
    ways: set[tuple[str, str]] = field(default_factory=set)
    judgements: list[Judgement] = field(default_factory=list)
    height: float = 0.0
    """Share of its length between the outermost scan lines of any read of it."""

    follow: Callable[[], Position] | None = None
    """Tells how far its bars reach."""

    may_be_part: bool = False
    """Whether it may be an ITF that goes on beside what was read (`scanner.interleaved`)."""

    is_across: bool = True
    """Whether it was only read along lines that may have left it (`scanner.tilt`)."""

    @cached_property
    def extent(self) -> Position:
        return self.follow() if self.follow else self.position

    @property
    def witnesses(self) -> set[tuple[str, str]]:
        """What it was read by, each way from other pixels or by another engine."""
        return {(engine, stage.removesuffix(_SHARPENED)) for engine, stage in self.ways}

    @property
    def is_thin(self) -> bool:
        return self.height < _LEAST_HEIGHT

    @property
    def is_part(self) -> bool:
        """Whether it may be what scan lines make of another symbol that they cross askew."""
        if self.found.format == "ITF":
            digits = len(self.found.text)
            if is_unchanged(self.stage) or digits == CARTON_DIGITS:
                return self.is_thin
            return digits < _LEAST_ITF_DIGITS or self.height < _LEAST_ITF_HEIGHT
        if "Stacked" not in self.found.format:
            return False
        return is_askew(self.position) and len(self.ways) < _WAYS_ASKEW

    @property
    def is_slight(self) -> bool:
        """Whether it may be one line across the bars of two symbols."""
        return self.engines == ["zbar"] and self.height < _SLIGHT

    @property
    def is_exchanged(self) -> bool:
        """Whether it was read with light and dark exchanged only."""
        return all(_NEGATIVE in stage for _, stage in self.ways)

    @property
    def is_in_doubt(self) -> bool:
        is_one = self.found.format == "DataBar"
        return self.is_exchanged or (
            is_one and any(min(judgement.ends) > _DARK_ENDS for judgement in self.judgements)
        )

    @property
    def is_label(self) -> bool:
        """Whether it is read in the negative of a label on dark ground."""
        return self.is_exchanged and any(
            max(judgement.ends) > _OTHER_GROUND for judgement in self.judgements
        )

    @property
    def refuted(self) -> bool:
        return any(judgement.outcome == "refuted" for judgement in self.judgements)

    @property
    def confirmed(self) -> bool:
        borne_out = any(judgement.outcome == "confirmed" for judgement in self.judgements)
        is_plain = is_unchanged(self.stage)
        if self.found.format in _SHORT:
            return borne_out and (is_plain or len(self.ways) > 1)
        if self.found.format in _LONG and (self.fit < GOOD_FIT or self.refuted):
            borne_out &= any(is_unchanged(stage) for _, stage in self.ways)
        if self.found.format == "EAN-13":
            borne_out &= not self.is_slight
            return borne_out or (len(self.engines) > 1 and not self.refuted)
        if self.is_part or (self.found.format in _ONE_IN_79 and self.is_label):
            return False
        if self.is_in_doubt and not borne_out and len(self.witnesses) < _WAYS_IN_DOUBT:
            return False
        if is_plain or self.found.format == "Micro QR Code":
            return is_plain and (borne_out or len(self.witnesses) > 1)
        return borne_out or (len(self.ways) > 2 and not self.is_thin)

    @property
    def is_broken(self) -> bool:
        said = (judgement.explanation for judgement in self.judgements)
        return any(best is not None and is_broken(best) for best in said)

    @property
    def fit(self) -> float:
        return max(judgement.confidence for judgement in self.judgements)

    @property
    def confidence(self) -> float:
        agreed = self.confirmed and len(self.ways) > 1
        return max(self.fit, _AGREED) if agreed else self.fit

    def as_symbol(self) -> Symbol:
        return Symbol(
            format=self.found.format,
            text=self.found.text,
            data=self.found.data,
            symbology_identifier=self.found.symbology_identifier,
            position=self.position,
            confidence=round(self.confidence, 3),
            read_by=(*self.engines, f"stage:{self.stage}"),
        )


class Evidence:
    """Reads of one picture; positions are in pixels of the upright original."""

    def __init__(self) -> None:
        """Begin with nothing read."""
        self._reads: list[_Read] = []
        self._sure: tuple[Symbol, ...] | None = ()

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
        read = self._same(found, position)
        if read is None:
            read = _Read(found, position, stage, follow=follow)
            self._reads.append(read)
        elif read.engines == ["zbar"] and found.engine == "zxing":
            # zbar tells the upright rectangle around a symbol; zxing-cpp its corners.
            read.found, read.position, read.follow = found, position, follow
            read.__dict__.pop("extent", None)
        if found.engine not in read.engines:
            read.engines.append(found.engine)
        if read.found.symbology_identifier is None:
            read.found = found
        if not (_TILTED in stage and found.format == "ITF" and len(found.text) != CARTON_DIGITS):
            read.height = max(read.height, height(position))
        read.is_across &= is_across
        read.may_be_part |= may_be_part
        read.ways.add((found.engine, stage.replace(_UNCHANGED, "")))
        read.judgements.append(judgement)

    def _same(self, found: Found, position: Position) -> _Read | None:
        for read in self._reads:
            if read.found.identity == found.identity and near(read.position, position):
                return read
        return None

    def open(self) -> list[tuple[Found, Position]]:
        """Return reads that need a second one."""
        return [
            (read.found, read.position)
            for read in self._reads
            if not read.confirmed and not read.refuted
        ]

    def knows(self, found: Found) -> bool:
        """Return whether a read is sure already."""
        return any((symbol.format, symbol.text) == found.identity for symbol in self.symbols())

    def knows_here(self, found: Found, position: Position) -> bool:
        """Return whether a read is sure already, and of this place."""
        return self.knows(found) and self._same(found, position) is not None

    def symbols(self) -> tuple[Symbol, ...]:
        """Return what is sure, in the order found; of two in one place the surer."""
        if self._sure is None:
            reads = [read for read in self._reads if read.confirmed]
            reads = [read for read in reads if not self._is_contested(read)]
            self._sure = tuple(read.as_symbol() for read in reads if _stands(read, reads))
        return self._sure

    def _is_contested(self, read: _Read) -> bool:
        """Return whether bars that fit no better than fairly were read as another number, too.

        Where the other is broken, the bars have to fit better than well. Of an ITF any reading with
        the same digits and more tells that it is a part, and what was read along lines that may
        have left a symbol stands only if nothing else was read there.
        """
        if read.is_across and any(_differs(read, other) for other in self._reads):
            return True
        if read.found.format == "ITF":
            return any(self._is_part_of(read, other) for other in self._reads)
        if read.found.format in _ONE_IN_79 and read.is_in_doubt:
            return any(_excludes(read, other) for other in self._reads if other is not read)
        if read.found.format != "EAN-13" or read.fit >= _FIT_OF_BROKEN:
            return False
        return any(
            other.found.format == "EAN-13"
            and other.found.text != read.found.text
            and near(other.position, read.position)
            and (read.fit < CLEAR_FIT or other.is_broken)
            for other in self._reads
        )

    def _is_part_of(self, read: _Read, other: _Read) -> bool:
        """Return whether an ITF in the same place was read with the same digits and more.

        Bars beside it show only in a view that reaches so far, and the same digits elsewhere may
        be the same part printed twice.
        """
        if other.may_be_part and other.found.text == read.found.text:
            return True
        longer = other.found.format == "ITF" and len(other.found.text) > len(read.found.text)
        return (
            longer and read.found.text in other.found.text and near(other.position, read.position)
        )

    def unconfirmed(self) -> tuple[Unconfirmed, ...]:
        """Return what is not sure, unless the same place holds something that is."""
        sure = self.symbols()
        doubtful = []
        for read in self._reads:
            known = any(
                symbol.text == read.found.text or near(symbol.position, read.position)
                for symbol in sure
            )
            if not known:
                doubtful.append(Unconfirmed(read.as_symbol(), _reason(read)))
        return tuple(doubtful)


def is_unchanged(stage: str) -> bool:
    """Return whether a stage is of a view with the picture's own pixels, or their negative."""
    return " " not in stage.removesuffix(_NEGATIVE)


def _reason(read: _Read) -> str:
    if read.may_be_part:
        return MAY_BE_PART
    if read.refuted:
        return PROFILE_DISAGREES
    explained = any(judgement.explanation is not None for judgement in read.judgements)
    return PROFILE_UNCLEAR if explained else SECOND_READ_MISSING


def _differs(read: _Read, other: _Read) -> bool:
    """Return whether other bars, or other digits of the same, were read in a place."""
    return (
        other.found.corrected is None
        and other.found.identity != read.found.identity
        and near(other.position, read.position)
    )


def _stands(read: _Read, sure: list[_Read]) -> bool:
    rivals = (other for other in sure if other is not read and _excludes(other, read))
    return all(_outweighs(read, other) for other in rivals)


def _outweighs(read: _Read, other: _Read) -> bool:
    """Return whether of two sure reads in one place this one is clearly surer.

    Bars that fit a number clearly do not fit another: there are two symbols, or parts of both. Of
    codes without a profile to compare with, what was read in more ways counts.
    """
    fits = sorted((read.confidence, other.confidence))
    is_tie = fits[0] == fits[1] or (
        read.found.format == other.found.format and fits[0] >= CLEAR_FIT
    )
    if not is_tie:
        return read.confidence > other.confidence
    return len(read.witnesses) >= len(other.witnesses) + _CLEARLY_MORE


def _excludes(one: _Read, other: _Read) -> bool:
    """Return whether both cannot be right: they are linear, and of the same bars."""
    if one.found.corrected is not None or other.found.corrected is not None:
        return False
    if not near(one.position, other.position):
        return False
    return overlap(one.position, other.position) or overlap(one.extent, other.extent)
