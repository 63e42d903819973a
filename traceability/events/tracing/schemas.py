"""The answer of a trace."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from pydantic import BaseModel


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


class Whereabouts(BaseModel):
    """Where a key was last, by its own events or those of what it is in."""

    place: str
    """bizLocation, else readPoint."""
    time: datetime
    event_id: str
    reported_by: str | None
    """The party that recorded it."""
    containers: Sequence[str]
    """What it is in now, the outermost last."""


class Node(BaseModel):
    key: str
    certainty: Certainty
    time: datetime | None
    """Down: from when on it is affected. Up: until when it mattered. None: for its whole life."""
    last_seen: Whereabouts | None


class Edge(BaseModel):
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


class Amount(BaseModel):
    uom: str | None
    """Unit (UN/ECE Rec. 20); None for pieces."""
    taken: Decimal
    made: Decimal


class Balance(BaseModel):
    """What went into a process and what came out of it, by unit."""

    process: str
    amounts: Sequence[Amount]
    unknown: int
    """Inputs and outputs without a quantity, instances among them."""


class Gap(BaseModel):
    """Where the records do not fit together."""

    kind: str
    """unexpected, unseen: an observation differs from what was packed; no-origin: nobody recorded
    how it began; and the kinds of `gaps`: not-received, not-shipped, before-origin, after-end,
    balance, travel. The first 500 keys are judged."""
    key: str
    container: str | None = None
    time: datetime | None = None
    event_id: str | None = None
    events: Sequence[str] = ()
    """eventIDs of all that it rests on."""


class Graph(BaseModel):
    nodes: Sequence[Node]
    edges: Sequence[Edge]
    processes: Sequence[Balance]
    gaps: Sequence[Gap]
    truncated: bool
    """There is more than one answer may hold."""


class TraceOut(BaseModel):
    key: str
    at: datetime | None
    last_seen: Whereabouts | None
    up: Graph | None
    down: Graph | None
