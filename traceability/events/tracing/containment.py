"""From the events of a container to what was in it, and when.

ADD puts in, DELETE takes out, DELETE without children empties (EPCIS 2.0 section 7.4.3). OBSERVE
asserts what is inside now: a child that nobody put in is taken to be inside from that moment, and
is a finding. A child that was not seen is a finding too, but stays inside: the standard lets an
observation be incomplete, and goods must not drop out of a recall because nobody looked.

>>> from datetime import UTC, datetime
>>> monday, friday = (datetime(2026, 11, day, tzinfo=UTC) for day in (16, 20))
>>> packed = Signal(monday, 1, Bond.AGGREGATION, "ADD", "crate", (Child("mango"),))
>>> emptied = Signal(friday, 2, Bond.AGGREGATION, "DELETE", "crate", ())
>>> span = contents([emptied, packed]).spans[0]
>>> span.child, span.since.day, span.until.day
('mango', 16, 20)
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from traceability.events.tracing.models import Bond


class Child(NamedTuple):
    key: str
    by_class: bool = False
    quantity: Decimal | None = None
    uom: str | None = None


class Signal(NamedTuple):
    """What an AggregationEvent or AssociationEvent says of its parent."""

    time: datetime
    event: int
    bond: Bond
    action: str
    parent: str
    children: tuple[Child, ...]


@dataclass(slots=True)
class Span:
    """A child in its parent, from `since` until just before `until`."""

    child: str
    parent: str
    bond: Bond
    by_class: bool
    since: datetime
    event: int
    quantity: Decimal | None = None
    uom: str | None = None
    until: datetime | None = None


class Finding(NamedTuple):
    parent: str
    event: int
    child: str
    kind: str
    time: datetime


@dataclass(slots=True)
class Contents:
    """The whole story of one parent."""

    spans: list[Span] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def contents(signals: Iterable[Signal], inside: Iterable[Span] = ()) -> Contents:
    """What was in one parent, from all of its signals, in whatever order they arrived.

    Events of the same time count in the order in which they were recorded. Signals that are later
    than all others need only what was still inside: those spans are ended in place, and the new
    ones given back. A class among them would need to know how much is left.
    """
    told = _Story(inside)
    for signal in sorted(signals, key=lambda each: (each.time, each.event)):
        told.hear(signal)
    spans = [span for span in told.spans if span.until != span.since]
    return Contents(spans, told.findings)


_Place = tuple[Bond, str, bool]


class _Story:
    def __init__(self, inside: Iterable[Span]) -> None:
        self.spans: list[Span] = []
        self.findings: list[Finding] = []
        self.inside = {(span.bond, span.child, span.by_class): span for span in inside}
        self.left: dict[_Place, Decimal | None] = dict.fromkeys(self.inside)
        """How much of a class is inside; None where it is not known."""

    def hear(self, signal: Signal) -> None:
        if signal.action == "OBSERVE":
            self._observe(signal)
        elif signal.action == "ADD":
            for child in signal.children:
                self._put(signal, child)
        else:
            self._take(signal)

    def _put(self, signal: Signal, child: Child) -> None:
        place = (signal.bond, child.key, child.by_class)
        span = self.inside.get(place)
        if span is None:
            span = Span(child.key, signal.parent, signal.bond, child.by_class, signal.time,
                        signal.event, child.quantity, child.uom)  # fmt: skip
            self.inside[place], self.left[place] = span, child.quantity
            self.spans.append(span)
        elif child.by_class:
            known = self.left[place]
            self.left[place] = _sum(known, child.quantity, span.uom == child.uom)
            span.quantity = _sum(span.quantity, child.quantity, span.uom == child.uom)
            if span.quantity is None:
                span.uom = None

    def _take(self, signal: Signal) -> None:
        if not signal.children:
            for place in [place for place in self.inside if place[0] is signal.bond]:
                self._close(place, signal.time)
        for child in signal.children:
            place = (signal.bond, child.key, child.by_class)
            if place in self.inside and self._all_taken(place, child):
                self._close(place, signal.time)

    def _all_taken(self, place: _Place, child: Child) -> bool:
        """Part of a quantity leaves the rest inside."""
        if not child.by_class or child.quantity is None:
            return True
        known = self.left[place]
        if known is None or self.inside[place].uom != child.uom:
            self.left[place] = None
            return False
        self.left[place] = known - child.quantity
        return known <= child.quantity

    def _close(self, place: _Place, time: datetime) -> None:
        self.inside.pop(place).until = time
        del self.left[place]

    def _observe(self, signal: Signal) -> None:
        if not signal.children:
            return  # the parent was seen, and nothing is said of what is in it
        seen = {(signal.bond, child.key, child.by_class): child for child in signal.children}
        for place in [place for place in self.inside if place[0] is signal.bond]:
            if place not in seen:
                self._find(signal, place[1], "unseen")
        for place, child in seen.items():
            if place not in self.inside:
                self._find(signal, child.key, "unexpected")
                self._put(signal, child)

    def _find(self, signal: Signal, child: str, kind: str) -> None:
        self.findings.append(Finding(signal.parent, signal.event, child, kind, signal.time))


def _sum(known: Decimal | None, more: Decimal | None, same_unit: bool) -> Decimal | None:
    return known + more if known is not None and more is not None and same_unit else None
