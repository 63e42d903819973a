"""The answer of a trace.

Plain dataclasses: an answer holds thousands of them, made by the service itself, and to check each
as something that was sent takes longer than to find them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum


class Direction(StrEnum):
    UP = "up"
    """Where it came from."""
    DOWN = "down"
    """Where it went, and what became of it."""
    BOTH = "both"


class Certainty(StrEnum):
    CERTAIN = "certain"
    POSSIBLE = "possible"
    """By mixing: several goods went in and several came out, or a lot was made more than once."""


@dataclass
class Whereabouts:
    """Where a key was last, by its own events or those of what it is in."""

    place: str
    """bizLocation, else readPoint."""
    time: datetime
    """Of the event that told the place."""
    event_id: str
    reported_by: str | None
    """The party that recorded it."""
    containers: Sequence[str]
    """What it is in now, the outermost last."""


@dataclass
class Node:
    key: str
    certainty: Certainty
    bound: datetime | None
    """What of its life is meant: down, from when on it is affected; up, until when what happened to
    it matters, this moment included. None: all of it.

    Worked out on the way, and not the time of one event: the latest of what lies between (the
    moment asked for, a packing, a process; of an instance what is true of its lot), or upwards the
    earliest, where an unpacking counts until the microsecond before it. Edges have times of events.
    """
    last_seen: Whereabouts | None
    """Where it is now, whatever moment was asked for."""


@dataclass
class Edge:
    """Goods passed from `source` to `target`, in the direction in which goods go."""

    source: str
    target: str
    kind: str
    """process; content (what was inside is meant, too); container (went in); lot."""
    time: datetime
    """When the event happened that `event_id` names: of `content` and `container` the packing (or
    the observation that first found it inside), however long it stayed; of `process` the event that
    names what came out, upwards the one that names what went in; of `lot` the one that tells of
    which lot it is."""
    event_id: str
    process: str | None
    quantity: Decimal | None
    """Of a stay all that was put in, by later events, too; None where one of them did not say."""
    uom: str | None


@dataclass
class Amount:
    uom: str | None
    """Unit (UN/ECE Rec. 20); None for pieces."""
    taken: Decimal
    made: Decimal


@dataclass
class Balance:
    """What went into a process and what came out of it, by unit."""

    process: str
    amounts: Sequence[Amount]
    unknown: int
    """Inputs and outputs without a quantity, instances among them."""


@dataclass
class Gap:
    """Where the records do not fit together."""

    kind: str
    """unexpected, unseen: an observation differs from what was packed; no-origin: nobody recorded
    how it began; and the kinds of `gaps`: not-received, not-shipped, before-origin, after-end,
    inside-itself, made-of-itself, two-lots, balance, travel. Of the latter kinds alone the first
    nodes are judged (`Graph.judged`)."""
    key: str
    container: str | None = None
    time: datetime | None = None
    event_id: str | None = None
    events: Sequence[str] = ()
    """eventIDs of all that it rests on."""


@dataclass
class Graph:
    nodes: Sequence[Node]
    edges: Sequence[Edge]
    processes: Sequence[Balance]
    gaps: Sequence[Gap]
    truncated: bool
    """There is more than one answer may hold."""
    judged: int = 0
    """Of how many of the nodes, from the first, it was asked whether their records fit together; 0
    where gaps were not asked for. Of nodes behind them `gaps` says nothing."""


@dataclass
class TraceOut:
    key: str
    at: datetime | None
    """The moment that was asked for."""
    last_seen: Whereabouts | None
    """Where it is now, whatever moment was asked for."""
    up: Graph | None
    down: Graph | None
