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


@dataclass(slots=True)
class Whereabouts:
    """Where a key was last, by its own events or those of what it is in."""

    place: str
    """bizLocation, else readPoint."""
    time: datetime
    event_id: str
    reported_by: str | None
    """The party that recorded it."""
    containers: Sequence[str]
    """What it is in now, the outermost last."""


@dataclass(slots=True)
class Node:
    key: str
    certainty: Certainty
    time: datetime | None
    """Down: from when on it is affected. Up: until when it mattered. None: for its whole life."""
    last_seen: Whereabouts | None


@dataclass(slots=True)
class Edge:
    """Goods passed from `source` to `target`, in the direction in which goods go."""

    source: str
    target: str
    kind: str
    """process; content (what was inside is meant, too); container (went in); lot."""
    time: datetime | None
    event_id: str
    process: str | None
    quantity: Decimal | None
    uom: str | None


@dataclass(slots=True)
class Amount:
    uom: str | None
    """Unit (UN/ECE Rec. 20); None for pieces."""
    taken: Decimal
    made: Decimal


@dataclass(slots=True)
class Balance:
    """What went into a process and what came out of it, by unit."""

    process: str
    amounts: Sequence[Amount]
    unknown: int
    """Inputs and outputs without a quantity, instances among them."""


@dataclass(slots=True)
class Gap:
    """Where the records do not fit together."""

    kind: str
    """unexpected, unseen: an observation differs from what was packed; no-origin: nobody recorded
    how it began; and the kinds of `gaps`: not-received, not-shipped, before-origin, after-end,
    inside-itself, balance, travel. The first 500 keys are judged."""
    key: str
    container: str | None = None
    time: datetime | None = None
    event_id: str | None = None
    events: Sequence[str] = ()
    """eventIDs of all that it rests on."""


@dataclass(slots=True)
class Graph:
    nodes: Sequence[Node]
    edges: Sequence[Edge]
    processes: Sequence[Balance]
    gaps: Sequence[Gap]
    truncated: bool
    """There is more than one answer may hold."""


@dataclass(slots=True)
class TraceOut:
    key: str
    at: datetime | None
    last_seen: Whereabouts | None
    up: Graph | None
    down: Graph | None
