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

from dataclasses import dataclass, field

from scanner.confirm import CLEAR_FIT, GOOD_FIT, Judgement, is_askew, is_broken
from scanner.engines.found import Found
from scanner.reading import Position, Symbol, Unconfirmed

SECOND_READ_MISSING = "second-read-missing"
"""A linear code that was read once only."""

PROFILE_UNCLEAR = "profile-unclear"
"""An EAN or UPC that the bars neither bear out nor refute."""

PROFILE_DISAGREES = "profile-disagrees"
"""An EAN or UPC where the bars say another number."""

_AGREED = 0.8
"""Confidence of a linear read that a second, independent read repeated."""

_LEAST_HEIGHT = 0.03
"""Share of its length below which a symbol found in a changed view only is not believed."""

_CARTON_DIGITS, _LEAST_ITF_DIGITS, _LEAST_ITF_HEIGHT = 14, 8, 0.1
"""Start and stop of an ITF are found inside others, too: a scan line that comes in through the
upper edge, or out of a blot, reads the last digits as if they were all. Lines apart have to agree.
In a changed view any other length than a carton's has to be taller, and is not of six digits."""

_TILTED = " cut turned"
"""In the name of a view that was cut out and tilted for a second read. Scan lines that leave by the
upper edge leave it at one digit over a wider stretch there: that is no height of a symbol."""

_UNCHANGED = " straight"
"""In the name of a view with the pixels of the view before: read again, they say nothing new."""

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


@dataclass(slots=True)
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

    @property
    def is_thin(self) -> bool:
        return self.height < _LEAST_HEIGHT

    @property
    def is_part(self) -> bool:
        """Whether it may be what scan lines make of another symbol that they cross askew."""
        if self.found.format == "ITF":
            digits = len(self.found.text)
            if is_unchanged(self.stage) or digits == _CARTON_DIGITS:
                return self.is_thin
            return digits < _LEAST_ITF_DIGITS or self.height < _LEAST_ITF_HEIGHT
        if "Stacked" not in self.found.format:
            return False
        return is_askew(self.position) and len(self.ways) < _WAYS_ASKEW

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
            return borne_out or (len(self.engines) > 1 and not self.refuted)
        if self.is_part:
            return False
        if is_plain or self.found.format == "Micro QR Code":
            return is_plain and (borne_out or len(self.ways) > 1)
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

    def add(self, found: Found, position: Position, stage: str, judgement: Judgement) -> None:
        """Keep a read; one of the same text in the same place is further evidence for the first."""
        self._sure = None
        read = self._same(found, position)
        if read is None:
            read = _Read(found, position, stage)
            self._reads.append(read)
        elif read.engines == ["zbar"] and found.engine == "zxing":
            # zbar tells the upright rectangle around a symbol; zxing-cpp its corners.
            read.found, read.position = found, position
        if found.engine not in read.engines:
            read.engines.append(found.engine)
        if read.found.symbology_identifier is None:
            read.found = found
        if not (_TILTED in stage and found.format == "ITF" and len(found.text) != _CARTON_DIGITS):
            read.height = max(read.height, _height(position))
        read.ways.add((found.engine, stage.replace(_UNCHANGED, "")))
        read.judgements.append(judgement)

    def _same(self, found: Found, position: Position) -> _Read | None:
        for read in self._reads:
            if read.found.identity == found.identity and overlap(read.position, position):
                return read
        return None

    def open(self) -> list[tuple[Found, Position]]:
        """Return reads that need a second one."""
        return [
            (read.found, read.position)
            for read in self._reads
            if not read.confirmed and not read.refuted
        ]

    def symbols(self) -> tuple[Symbol, ...]:
        """Return what is sure, in the order found; of two in one place the surer."""
        if self._sure is None:
            self._sure = self._judged()
        return self._sure

    def _judged(self) -> tuple[Symbol, ...]:
        sure = sorted(
            (read for read in self._reads if read.confirmed and not self._is_contested(read)),
            key=lambda read: -read.confidence,
        )
        kept: list[_Read] = []
        for read in sure:
            rivals = (other for other in kept if overlap(other.position, read.position))
            if not any(_exclude(other.found, read.found) for other in rivals):
                kept.append(read)
        return tuple(read.as_symbol() for read in self._reads if read in kept)

    def _is_contested(self, read: _Read) -> bool:
        """Return whether bars that fit no better than fairly were read as another number, too.

        Where the other is broken, the bars have to fit better than well. Of an ITF any reading with
        the same digits and more tells that it is a part.
        """
        if read.found.format == "ITF":
            return any(self._is_part_of(read, other) for other in self._reads)
        if read.found.format != "EAN-13" or read.fit >= _FIT_OF_BROKEN:
            return False
        return any(
            other.found.format == "EAN-13"
            and other.found.text != read.found.text
            and overlap(other.position, read.position)
            and (read.fit < CLEAR_FIT or other.is_broken)
            for other in self._reads
        )

    def _is_part_of(self, read: _Read, other: _Read) -> bool:
        """Return whether an ITF in the same place was read with the same digits and more."""
        longer = other.found.format == "ITF" and len(other.found.text) > len(read.found.text)
        return (
            longer
            and read.found.text in other.found.text
            and overlap(other.position, read.position)
        )

    def unconfirmed(self) -> tuple[Unconfirmed, ...]:
        """Return what is not sure, unless the same place holds something that is."""
        sure = self.symbols()
        doubtful = []
        for read in self._reads:
            known = any(
                symbol.text == read.found.text or overlap(symbol.position, read.position)
                for symbol in sure
            )
            if not known:
                doubtful.append(Unconfirmed(read.as_symbol(), _reason(read)))
        return tuple(doubtful)


def is_unchanged(stage: str) -> bool:
    """Return whether a stage is of a view with the picture's own pixels, or their negative."""
    return " " not in stage.removesuffix(" negative")


def _reason(read: _Read) -> str:
    if read.refuted:
        return PROFILE_DISAGREES
    explained = any(judgement.explanation is not None for judgement in read.judgements)
    return PROFILE_UNCLEAR if explained else SECOND_READ_MISSING


def _height(position: Position) -> float:
    """Return the height of a symbol as a share of its length: 0 for a single scan line.

    It is measured across the length: scan lines may begin and end at different places.
    """
    (ax, ay), (bx, by), _, (dx, dy) = position
    area = abs((bx - ax) * (dy - ay) - (by - ay) * (dx - ax))
    return area / max((bx - ax) ** 2 + (by - ay) ** 2, 1.0)


def _exclude(one: Found, other: Found) -> bool:
    """Return whether two reads in one place cannot both be right: both are linear."""
    return one.corrected is None and other.corrected is None


def overlap(one: Position, other: Position) -> bool:
    """Return whether the middle of either lies within the upright rectangle around the other."""
    return _holds(one, _middle(other)) or _holds(other, _middle(one))


def _middle(position: Position) -> tuple[float, float]:
    return sum(x for x, _ in position) / 4, sum(y for _, y in position) / 4


def _holds(position: Position, point: tuple[float, float]) -> bool:
    xs, ys = [x for x, _ in position], [y for _, y in position]
    # A symbol read along one line has no height; a tenth of its length stands for it.
    slack = 0.1 * max(max(xs) - min(xs), max(ys) - min(ys)) + 2
    return (
        min(xs) - slack <= point[0] <= max(xs) + slack
        and min(ys) - slack <= point[1] <= max(ys) + slack
    )
