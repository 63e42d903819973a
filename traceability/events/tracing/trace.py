"""A trace: where goods came from, where they went, and how sure that is.

    trace(session, actor, "https://id.gs1.org/01/09520001234569/10/L7", Direction.DOWN)

Authorities see all of it. A member sees the ways that its own events, and those that name it, tell:
one step up and one step down. Every edge names its event.
"""

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlmodel import Session

import gs1
from gs1 import digital_link
from gs1.errors import Gs1Error
from traceability.actor import Actor
from traceability.clock import now
from traceability.db import read_all_in
from traceability.errors import InvalidError, NotFoundError
from traceability.events.identifiers import MAX_LENGTH, STEM, canonical, lot_of_variant
from traceability.events.policy import TRACE_POLICY
from traceability.events.tracing import repository
from traceability.events.tracing.gap_reading import MOST_JUDGED, problems
from traceability.events.tracing.keys import is_asset, is_lot, is_unit
from traceability.events.tracing.schemas import (
    Amount,
    Balance,
    Certainty,
    Direction,
    Edge,
    Gap,
    Graph,
    Node,
    TraceOut,
)
from traceability.events.tracing.search import Found, Search, Step
from traceability.events.tracing.view import Part, View, moment_of, ticks
from traceability.events.tracing.whereabouts import last_seen, whereabouts

MOST_KEYS = 5_000
"""Nodes of one graph."""
_ROWS_A_KEY = 20
_Row = tuple[int, int, str, str, int, Step]
"""A step, behind that by which steps are in order."""


def key_of(text: str) -> str:
    """The key that somebody names: a Digital Link, its path, an EPC URN, or what a symbol says.

    >>> key_of("01/09520001234569/10/L7") == key_of("(01)09520001234569(10)L7(17)271231")
    True
    >>> key_of("395200000000000012")
    'https://id.gs1.org/00/395200000000000012'

    Raises:
        InvalidError: `gs1.check-digit`, or `gs1.length` of a part; else `trace.key`: it claims to
            be a GS1 key and is not a good one.
    """
    if not text or len(text) > MAX_LENGTH:
        raise InvalidError.of("key", "trace.key", key=text[:80])
    try:
        return canonical(_link_of(text))
    except Gs1Error as error:
        is_part = error.code == "gs1.length" and "ai" in error.arguments
        if is_part or error.code == "gs1.check-digit":
            raise InvalidError.of("key", error.code, **error.arguments) from error
        raise InvalidError.of("key", "trace.key", key=text[:80]) from error


def _link_of(text: str) -> str:
    first, mark, _ = text.partition("/")
    if mark and first.isdigit():
        return f"{STEM}/{text}"
    if text[0] in "([]" or text[0].isdigit():
        return digital_link.build(gs1.read(text).elements)
    return text


def trace(
    session: Session,
    actor: Actor,
    key: str,
    direction: Direction = Direction.BOTH,
    at: datetime | None = None,
    *,
    most_keys: int = MOST_KEYS,
    with_gaps: bool = True,
) -> TraceOut:
    """The trace of a canonical key: down from a moment on, up until it; without one, of all times.

    Raises:
        NotFoundError: `trace.unknown`, no event that the actor may see names the key.
    """
    if not repository.is_known(session, actor, key):
        raise NotFoundError("trace.unknown", key=key[:120])
    graphs = {
        side: _graph(session, actor, key, side, at, most_keys, with_gaps=with_gaps)
        for side in (Direction.UP, Direction.DOWN)
        if direction in (side, Direction.BOTH)
    }
    return TraceOut(
        key=key,
        at=at,
        # A search begins with its key, whatever else it finds.
        last_seen=next(iter(graphs.values())).nodes[0].last_seen,
        up=graphs.get(Direction.UP),
        down=graphs.get(Direction.DOWN),
    )


def _graph(
    session: Session,
    actor: Actor,
    key: str,
    side: Direction,
    at: datetime | None,
    most_keys: int,
    *,
    with_gaps: bool,
) -> Graph:
    up = side is Direction.UP
    view = View(session.connection(), mirrored=up, most_rows=_ROWS_A_KEY * most_keys)
    moment = None if at is None else ticks(at) * (-1 if up else 1)
    found = Search(view, key, most_keys=most_keys).run(moment)
    told = repository.evidence(session, actor, {step.event for step in found.steps})
    steps = shown_steps(found, told, [key])
    times = times_of(found, steps, [key], whole=actor.sees_everything)
    places = whereabouts(session, actor, last_seen(session, actor, view, times))
    return Graph(
        nodes=[
            Node(
                key=each, certainty=_certainty(each, found), last_seen=places.get(each),
                bound=moment_of(-time if up else time),
            )
            for each, time in times.items()
        ],
        edges=[edge_of(step, told[step.event], up) for step in steps],
        processes=balances_of(view, steps, told, whole=actor.sees_everything),
        gaps=_all_gaps(session, actor, times, steps, up) if with_gaps else [],
        truncated=found.truncated or found.steps_left_out or view.truncated,
        judged=min(len(times), MOST_JUDGED) if with_gaps else 0,
    )  # fmt: skip


def _all_gaps(
    session: Session, actor: Actor, keys: Iterable[str], steps: list[Step], up: bool
) -> list[Gap]:
    return [*_gaps(session, actor, keys, steps, up), *_problems(session, actor, keys)]


def _certainty(key: str, found: Found) -> Certainty:
    return Certainty.CERTAIN if key in found.certain else Certainty.POSSIBLE


def shown_steps(found: Found, shown: Container[int], starts: Iterable[str]) -> list[Step]:
    """The steps that hang together with the starts by events that may be shown."""
    rows = [
        (time, step.event, step.source, step.target, number, step)
        for number, (step, time) in enumerate(found.steps.items())
        # Beyond the most keys of an answer there are steps that lead out of it.
        if step.event in shown and step.target in found.arrivals
    ]
    # All steps hang together: each was gone from where another led.
    if len(rows) < len(found.steps):
        rows = _hanging_together(rows, starts)
    return [row[-1] for row in sorted(rows)]


def _hanging_together(rows: Iterable[_Row], starts: Iterable[str]) -> list[_Row]:
    leaving: dict[str, list[_Row]] = defaultdict(list)
    for row in rows:
        leaving[row[-1].source].append(row)
    seen, waiting = set(starts), list(starts)
    kept = []
    while waiting:
        for row in leaving.pop(waiting.pop(), ()):
            kept.append(row)
            target = row[-1].target
            if target not in seen:
                seen.add(target)
                waiting.append(target)
    return kept


def times_of(
    found: Found, steps: list[Step], starts: Iterable[str], *, whole: bool
) -> dict[str, int]:
    """When each key was reached; where not every way may be shown, by those that may."""
    times = {start: found.arrivals[start] for start in starts if start in found.arrivals}
    for step in steps:
        reached = found.arrivals[step.target] if whole else found.steps[step]
        times[step.target] = min(reached, times.get(step.target, reached))
    return times


def edge_of(step: Step, told: repository.Evidence, up: bool) -> Edge:
    source, target = (step.target, step.source) if up else (step.source, step.target)
    return Edge(
        source, target, step.kind, told.time, told.event_id, step.process, step.quantity, step.uom
    )


def balances_of(
    view: View, steps: list[Step], shown: Container[int], *, whole: bool
) -> list[Balance]:
    """A balance of each process; of one that may not be seen whole there is none."""
    processes = dict.fromkeys(step.process for step in steps if step.process is not None)
    return [
        _balance(view, process)
        for process in processes
        if whole or all(part.event in shown for part in view.processes[process])
    ]


def _balance(view: View, process: str) -> Balance:
    sums: dict[str | None, list[Decimal]] = defaultdict(lambda: [Decimal(0), Decimal(0)])
    unknown = 0
    for part in view.processes[process]:
        if part.quantity is None:
            unknown += 1
        else:
            sums[part.uom][_is_output(part, view)] += part.quantity
    amounts = [
        Amount(uom=uom, taken=taken, made=made)
        for uom, (taken, made) in sorted(sums.items(), key=lambda item: item[0] or "")
    ]
    return Balance(process=process, amounts=amounts, unknown=unknown)


def _is_output(part: Part, view: View) -> bool:
    return part.into is view.mirrored


def _gaps(
    session: Session, actor: Actor, keys: Iterable[str], steps: list[Step], up: bool
) -> list[Gap]:
    gaps = [_gap(row) for row in repository.content_findings(session, actor, keys)]
    if up:
        goods = {key for key in keys if is_lot(key) or is_unit(key)}
        told = {
            step.source
            for step in steps
            if step.kind == "process" or (step.kind == "lot" and is_unit(step.source))
        }
        told |= repository.begun(session, goods - told)
        # Of a lot and its variants one beginning is enough, and one gap.
        unknown = {lot_of_variant(key) or key for key in goods}
        unknown -= {lot_of_variant(key) or key for key in told}
        gaps += [Gap(kind="no-origin", key=key) for key in sorted(unknown) if not is_asset(key)]
    return gaps


def _problems(session: Session, actor: Actor, keys: Iterable[str]) -> list[Gap]:
    """What the rules find; of it, what the actor may see all the events of."""
    found = problems(read_all_in(session), keys, now(), TRACE_POLICY)
    shown = repository.shown_events(
        session, actor, {told.id for problem in found for told in problem.events}
    )
    return [
        Gap(
            kind=problem.kind, key=problem.key, time=problem.time,
            event_id=problem.events[0].event_id,
            events=[told.event_id for told in problem.events],
        )
        for problem in found
        if all(told.id in shown for told in problem.events)
    ]  # fmt: skip


def _gap(row: Mapping[str, Any]) -> Gap:
    return Gap(
        kind=row["kind"], key=row["child"], container=row["parent"], time=row["time"],
        event_id=row["event_id"], events=[row["event_id"]],
    )  # fmt: skip
