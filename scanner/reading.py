"""What a picture shows: symbols that are sure, and reads that could not be confirmed.

A check digit is no proof: one wrong digit in ten passes it. A read therefore becomes a `Symbol` of
the `Reading` only when the picture bears it out; everything else is `Unconfirmed`, with a reason,
for a person to compare with the printed digits.

>>> corners = ((10.0, 10.0), (200.0, 10.0), (200.0, 90.0), (10.0, 90.0))
>>> symbol = Symbol("EAN-13", "9520123456788", b"9520123456788", "]E0", corners, 0.98, ("zxing",))
>>> Symbol.from_json(symbol.as_json()) == symbol
True
"""

from __future__ import annotations

import base64
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

Corner = tuple[float, float]
Position = tuple[Corner, Corner, Corner, Corner]


def as_position(corners: Iterable[Iterable[float]]) -> Position:
    """Return four corners, x and y of any kind of number, as plain ones."""
    a, b, c, d = ((float(x), float(y)) for x, y in corners)
    return a, b, c, d


def lies_across(position: Position) -> bool:
    """Return whether a symbol is read from left to right, or back, rather than up or down."""
    (ax, ay), (bx, by), *_ = position
    return abs(bx - ax) > 2 * abs(by - ay)


@dataclass(frozen=True, slots=True)
class Symbol:
    """One barcode of a picture."""

    format: str
    """Name of the symbology: ``EAN-13``, ``GS1-128`` is ``Code 128`` with ``]C1``, ``QR Code`` …"""

    text: str
    """The decoded text: digits as printed, separators (FNC1) as 0x1D, no symbology identifier."""

    data: bytes
    """The decoded bytes before a character set was applied."""

    symbology_identifier: str | None
    """``]E0``, ``]C1``, ``]d2`` … (ISO/IEC 15424); None where the engine does not tell."""

    position: Position
    """Corners in pixels of the upright original, x to the right, y down, clockwise from the corner
    that is top left when the symbol is upright."""

    confidence: float
    """0 to 1: how well the picture bears the read out. 1 is error correction that held."""

    read_by: tuple[str, ...]
    """The engines that agreed, and the stage that found it: ``("zxing", "stage:1/4")``."""

    add_on: str | None = None
    """The two or five digits to the right of an EAN or UPC; no part of `text`."""

    @property
    def width(self) -> float:
        """Pixels from the left corners to the right ones."""
        (ax, ay), (bx, by), *_ = self.position
        return math.hypot(bx - ax, by - ay)

    def within(self, width: float, height: float) -> Symbol:
        """Return the symbol, corners beyond the edge of its picture moved to that edge."""
        one, two, three, four = (
            (min(max(x, 0.0), float(width)), min(max(y, 0.0), float(height)))
            for x, y in self.position
        )
        return replace(self, position=(one, two, three, four))

    def as_json(self) -> dict[str, Any]:
        """Return plain values, `data` in base64 under the name ``bytes``."""
        return {
            "format": self.format,
            "text": self.text,
            "bytes": base64.b64encode(self.data).decode("ascii"),
            "symbology_identifier": self.symbology_identifier,
            "position": [list(corner) for corner in self.position],
            "confidence": self.confidence,
            "read_by": list(self.read_by),
            "add_on": self.add_on,
        }

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Symbol:
        """Build the symbol from what `as_json` returned."""
        return cls(
            format=values["format"],
            text=values["text"],
            data=base64.b64decode(values["bytes"]),
            symbology_identifier=values["symbology_identifier"],
            position=as_position(values["position"]),
            confidence=values["confidence"],
            read_by=tuple(values["read_by"]),
            add_on=values["add_on"],
        )


@dataclass(frozen=True, slots=True)
class Unconfirmed:
    """A read that the picture does not bear out."""

    symbol: Symbol
    """What was read."""

    reason: str
    """Stable code: ``profile-disagrees``, ``second-read-missing`` …; see `scanner.evidence`."""

    def as_json(self) -> dict[str, Any]:
        """Return the symbol's values and the reason."""
        return {**self.symbol.as_json(), "reason": self.reason}


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything one picture shows."""

    symbols: tuple[Symbol, ...]
    """Sure reads, in the order found."""

    unconfirmed: tuple[Unconfirmed, ...]
    """Doubtful reads; never the same text and format as one of `symbols`."""

    width: int
    """Width of the upright original in pixels."""

    height: int
    """Height of the upright original in pixels."""

    ms: float
    """Time taken in milliseconds, opening included."""

    stages: Mapping[str, float] = field(default_factory=dict)
    """Milliseconds spent in each stage that ran, by name, in order."""

    partial: bool = False
    """Whether the file was cut off or damaged, so that only a part of the picture was searched."""

    complete: bool = True
    """Whether the search came to its end; False where the time was over before, so that nothing
    found, or no more, does not mean that nothing is there."""

    def as_json(self) -> dict[str, Any]:
        """Return plain values that survive JSON."""
        return {
            "symbols": [symbol.as_json() for symbol in self.symbols],
            "unconfirmed": [doubtful.as_json() for doubtful in self.unconfirmed],
            "width": self.width,
            "height": self.height,
            "ms": self.ms,
            "stages": dict(self.stages),
            "partial": self.partial,
            "complete": self.complete,
        }

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Reading:
        """Build the reading from what `as_json` returned."""
        return cls(
            symbols=tuple(Symbol.from_json(symbol) for symbol in values["symbols"]),
            unconfirmed=tuple(
                Unconfirmed(Symbol.from_json(doubtful), doubtful["reason"])
                for doubtful in values["unconfirmed"]
            ),
            width=values["width"],
            height=values["height"],
            ms=values["ms"],
            stages=values["stages"],
            partial=values["partial"],
            complete=values["complete"],
        )
