"""One text in one place of a picture, what it was read by, and whether that makes it sure.

What the others in its place say to it is left to `scanner.evidence`.

>>> from scanner.engines import Found
>>> corners = ((10.0, 10.0), (90.0, 10.0), (90.0, 60.0), (10.0, 60.0))
>>> found = Found("zxing", "Code 128", "LOT7", b"LOT7", "]C0", corners)
>>> candidate = Candidate(found, corners, "1/1")
>>> candidate.add(found, corners, "1/1", Judgement("open", 0.5))
>>> candidate.confirmed
False
>>> candidate.add(found, corners, "1/1 cut x1.4", Judgement("open", 0.5))
>>> candidate.confirmed, candidate.confidence
(True, 0.8)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from scanner.confirm import GOOD_FIT, Judgement, is_broken
from scanner.engines.found import Found
from scanner.kinds import CARTON_DIGITS, SHORT
from scanner.place import height
from scanner.possible import is_slanted
from scanner.reading import Position, Symbol

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

_SLIGHT = 0.1
"""Share of its length below which what zbar alone reads may be a line across two symbols."""

ONE_IN_79 = {"DataBar", "DataBar Stacked"}
"""Symbols whose bars with light and dark exchanged are those of another, but for a checksum that
one in 79 passes. However often they are read so, they say the same."""

_DARK_ENDS, _OTHER_GROUND = 0.3, 0.2
"""Darkness of the lighter end of a DataBar from which it lies in the dark (in photographs twenty
have less), and of the darker end of a negative from which its ground is not the ink of its spaces:
then it is a label on dark ground, read with light and dark exchanged."""

_WAYS_IN_DOUBT = 3
"""Independent reads that make a linear read sure that may have light and dark exchanged."""

_WAYS_SLANTED = 4
"""Reads that have to agree on a stacked symbol that may have been pieced together from scan lines
across a linear one."""


@dataclass
class Candidate:
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
        """Count one more read of the same text in the same place; see `Evidence.add`."""
        if self.engines == ["zbar"] and found.engine == "zxing":
            # zbar tells the upright rectangle around a symbol; zxing-cpp its corners.
            self.found, self.position, self.follow = found, position, follow
            self.__dict__.pop("extent", None)
        if found.engine not in self.engines:
            self.engines.append(found.engine)
        if self.found.symbology_identifier is None:
            self.found = found
        if not (_TILTED in stage and found.format == "ITF" and len(found.text) != CARTON_DIGITS):
            self.height = max(self.height, height(position))
        self.is_across &= is_across
        self.may_be_part |= may_be_part
        self.ways.add((found.engine, as_seen(stage)))
        self.judgements.append(judgement)

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
        return is_slanted(self.position) and len(self.ways) < _WAYS_SLANTED

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
        if self.found.format in SHORT:
            # Agreement alone does not make them sure; in a changed view they need it as well.
            return borne_out and (is_plain or len(self.ways) > 1)
        if self.found.format == "EAN-13":
            if self.fit < GOOD_FIT or self.refuted:  # the picture's own pixels have to show it
                borne_out &= any(is_unchanged(stage) for _, stage in self.ways)
            borne_out &= not self.is_slight
            return borne_out or (len(self.engines) > 1 and not self.refuted)
        if self.is_part or (self.found.format in ONE_IN_79 and self.is_label):
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


def is_unchanged(stage: str) -> bool:
    """Return whether a stage is of a view with the picture's own pixels, or their negative."""
    return " " not in stage.removesuffix(_NEGATIVE)


def as_seen(stage: str) -> str:
    """Return the name that stages share whose views have the same pixels."""
    return stage.replace(_UNCHANGED, "")
