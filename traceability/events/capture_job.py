"""Capture of big documents in the background, in bounded memory.

    stored in pieces ──▶ first reading: what is it? ──▶ second reading: batches are kept

With `rollback` the first reading checks every event, also against what is on record, and nothing
is kept before its end. Batches are transactions of their own, so that nobody waits for a hundred
thousand events; a worker that dies is followed by one that goes on where it came to.
"""

import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import IO, Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlmodel import Session

from traceability import jobs
from traceability.actor import Actor
from traceability.db import Database
from traceability.events import capture
from traceability.events.capture import Behaviour
from traceability.events.checking import Checked
from traceability.events.documents import (
    Json,
    ReadEvent,
    beyond,
    entry,
    ignored_fields,
    read_frame,
)
from traceability.events.event_ids import event_id
from traceability.events.faults import MOST_FAULTS, EventFault, EventsInvalidError, refusal
from traceability.events.master_data import check_amount, keep_master_data
from traceability.events.models import Capture, CapturePart
from traceability.events.policy import Policy, Unknown
from traceability.events.streams import JsonStream
from traceability.events.xml_stream import XmlStream
from traceability.jobs import Job, JobLostError, Task

KIND = "events.capture"
BATCH = 200
"""Events of one transaction: what is lost when the service dies."""
MAX_EVENTS = 1_000_000
"""Events of one document: no good ones are so small that more of them fit into one."""
PIECE = 1_000_000
"""Bytes of a stored piece."""

_PART: sa.Table = CapturePart.__table__  # type: ignore[attr-defined]


def queue(
    session: Session,
    actor: Actor,
    file: IO[bytes],
    *,
    kind: str,
    behaviour: Behaviour,
    policy: Policy,
) -> Capture:
    """Store a document and queue its capture, in the caller's transaction.

    Args:
        session: a writing session.
        actor: in whose name the events are kept.
        file: the document, read from where it stands to its end.
        kind: `json` or `xml`.
        behaviour: what becomes of the good events when others are not.
        policy: what is accepted.
    """
    row = capture.begin(actor, behaviour)
    session.add(row)
    session.flush()
    number = 0
    while piece := file.read(PIECE):
        values = {"capture_id": row.id, "number": number, "data": piece}
        session.connection().execute(sa.insert(_PART), values)
        number += 1
    payload = {"capture": row.id, "kind": kind, "actor": asdict(actor), "policy": asdict(policy)}
    row.job_id = jobs.enqueue(session, KIND, payload, party_id=actor.party_id).id
    session.flush()
    return row


def capture_job(task: Task) -> Mapping[str, Any]:
    """Do one queued capture."""
    work = _Work(task)
    try:
        work.do()
    except EventsInvalidError as error:
        work.close([*error.faults, *work.faults])
    except (JobLostError, OperationalError):
        raise  # another worker does it, or will: what becomes of the capture is not ours to say
    except Exception:
        # Closed before the failure is kept with the job: who asked must not wait for ever.
        work.close([EventFault("", "events.capture-failed")])
        raise
    return {"captured": work.captured}


class _Pieces(io.RawIOBase):
    """The stored pieces, read like a file: each is fetched when it is needed."""

    def __init__(self, database: Database, capture_id: str) -> None:
        self._pieces = _pieces(database, capture_id)
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if not self._rest:
            self._rest = next(self._pieces, b"")
        part, self._rest = self._rest[: len(buffer)], self._rest[len(buffer) :]
        buffer[: len(part)] = part
        return len(part)


def _pieces(database: Database, capture_id: str) -> Iterator[bytes]:
    number = 0
    while True:
        with database.reading() as session:
            row = session.get(CapturePart, (capture_id, number))
        if row is None:
            return
        yield row.data
        number += 1


@dataclass(slots=True)
class _Work:
    """One capture in hand."""

    task: Task
    id: str = field(init=False)
    actor: Actor = field(init=False)
    policy: Policy = field(init=False)
    captured: int = 0
    faults: list[EventFault] = field(default_factory=list)

    def __post_init__(self) -> None:
        told = self.task.payload
        self.id, self.actor = told["capture"], Actor.of_dict(told["actor"])
        self.policy = Policy(**{name: Unknown(value) for name, value in told["policy"].items()})

    def do(self) -> None:
        with self.task.database.reading() as session:
            row = session.get_one(Capture, self.id)
            if row.finished_at is not None:
                return
            rollback = row.behaviour == Behaviour.ROLLBACK
            checked = session.get_one(Job, self.task.job_id).total
        source = self._source()
        total = self._check(source, checked, rollback=rollback)
        check_amount(source.master_data)
        if self.faults:
            self.close(self.faults)
            return
        self._keep(source, total)
        with self.task.database.writing() as session:
            self.task.advance(session)
            keep_master_data(session, self.actor, source.master_data)
        self.close(self.faults)

    def _source(self) -> "_Json | _Xml":
        database = self.task.database
        return (_Json if self.task.payload["kind"] == "json" else _Xml)(database, self.id)

    def _check(self, source: "_Json | _Xml", checked: int, *, rollback: bool) -> int:
        """The first reading; how many events there are.

        What workers before this one have checked is good, and not checked again: else a service
        that is killed every few minutes would never come to the end of a big document.
        """
        total, good, repeated = 0, checked, _Repeated()
        for events in _batches(source.first()):
            total += len(events)
            if total > MAX_EVENTS:
                raise refusal("events.too-many", "/epcisBody/eventList", maximum=MAX_EVENTS)
            repeated.add(events)
            if total <= checked:
                continue
            # Enough is told of a document that will not be kept.
            if rollback and len(self.faults) < MOST_FAULTS:
                self._foresee(events, source.ignored)
            if self.faults:
                self.task.progress(0, good)
                continue
            good = total
            with self.task.database.writing() as session:
                self.task.advance(session, total=good)
        if source.faults and not rollback:  # nothing is kept: what else is wrong is told now
            for events in _batches(source.second()):
                self._foresee(events, source.ignored)
        if rollback and not self.faults and repeated.hashes:
            self._compare(source, repeated, total)
        self.faults = [*source.faults, *self.faults][:MOST_FAULTS]
        return total

    def _compare(self, source: "_Json | _Xml", repeated: "_Repeated", total: int) -> None:
        """Whether events of one eventID, however far apart, are the same event."""
        first: dict[str, str] = {}
        for events in _batches(source.second()):
            checked = Checked()
            checked.add([each for each in events if each in repeated], source.ignored)
            for facts in checked.take():
                if first.setdefault(facts.event_id, facts.hash) != facts.hash:
                    capture.refuse_id(checked, facts)
            self._note(checked)
            self.task.progress(0, total)

    def _foresee(self, events: list[ReadEvent], ignored: frozenset[str]) -> None:
        checked = Checked()
        checked.add(events, ignored)
        with self.task.database.reading() as session:
            capture.foresee(session, self.actor, checked, self.policy)
        self._note(checked)

    def _keep(self, source: "_Json | _Xml", total: int) -> None:
        done = 0
        for events in _batches(source.second()):
            done += len(events)
            try:
                self._keep_batch(events, source.ignored, done, total)
            except IntegrityError:
                # One of them came in by another way at the same moment: now it is known.
                self._keep_batch(events, source.ignored, done, total)

    def _keep_batch(
        self, events: list[ReadEvent], ignored: frozenset[str], done: int, total: int
    ) -> None:
        checked = Checked()
        checked.add(events, ignored)
        with self.task.database.writing() as session:
            # First of all: whoever has lost the job keeps nothing, and waits for nobody.
            self.task.advance(session, done=done, total=total)
            kept = capture.keep(session, self.actor, self.id, checked, self.policy)
            row = session.get_one(Capture, self.id)
            row.captured += kept.added
            capture.warn(row, kept.warnings)
            session.add(row)
        self._note(checked)

    def _note(self, checked: Checked) -> None:
        self.faults.extend(checked.faults[: MOST_FAULTS - len(self.faults)])

    def close(self, faults: Iterable[Any]) -> None:
        with self.task.database.writing() as session:
            self.task.advance(session)
            row = session.get_one(Capture, self.id)
            self.captured = row.captured
            capture.finish(session, row, list(faults))
            session.connection().execute(sa.delete(_PART).where(_PART.c.capture_id == self.id))


def _batches(events: Iterable[ReadEvent]) -> Iterator[list[ReadEvent]]:
    batch: list[ReadEvent] = []
    for read in events:
        batch.append(read)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


class _Repeated:
    """The eventIDs that a document tells more than once, by their hashes: a million may come."""

    def __init__(self) -> None:
        self._all: set[int] = set()
        self.hashes: set[int] = set()

    def add(self, events: Iterable[ReadEvent]) -> None:
        for number in filter(None, map(_hash_of_id, events)):
            (self.hashes if number in self._all else self._all).add(number)

    def __contains__(self, read: ReadEvent) -> bool:
        return _hash_of_id(read) in self.hashes


def _hash_of_id(read: ReadEvent) -> int | None:
    """None for an event that is named by what it says."""
    name = read.body.get("eventID")
    return hash(event_id(name)) if isinstance(name, str) else None


class _Json:
    """A JSON-LD document."""

    def __init__(self, database: Database, capture_id: str) -> None:
        self._database, self._id = database, capture_id
        self.ignored: frozenset[str] = frozenset()
        self.master_data: list[Json] = []
        self.faults: list[EventFault] = []
        self._context: tuple[Any, ...] = ()

    def first(self) -> Iterator[ReadEvent]:
        stream = self._stream()
        for index, found in enumerate(stream):
            if index == 0:
                self._take(stream.frame if "@context" in stream.frame else self._whole_frame())
            yield self._event(index, found)
        frame = read_frame(stream.frame)
        self.master_data, self.faults = list(frame.master_data), list(frame.faults)
        self._take(stream.frame)

    def second(self) -> Iterator[ReadEvent]:
        for index, found in enumerate(self._stream()):
            yield self._event(index, found)

    def _stream(self) -> JsonStream:
        return JsonStream(_pieces(self._database, self._id))

    def _whole_frame(self) -> Json:
        """For a document whose context stands behind its events: read to its end for that."""
        stream = self._stream()
        for _ in stream:
            pass
        return stream.frame

    def _take(self, frame: Json) -> None:
        self.ignored = ignored_fields(frame)
        self._context = beyond(frame.get("@context"))

    def _event(self, index: int, found: Any) -> ReadEvent:
        return entry(found, self._context, ("epcisBody", "eventList"), index)


class _Xml:
    """An XML document."""

    def __init__(self, database: Database, capture_id: str) -> None:
        self._database, self._id = database, capture_id
        self.ignored: frozenset[str] = frozenset()
        self.master_data: list[Json] = []
        self.faults: list[EventFault] = []

    def _stream(self) -> XmlStream:
        return XmlStream(io.BufferedReader(_Pieces(self._database, self._id)))

    def first(self) -> Iterator[ReadEvent]:
        stream = self._stream()
        for read in stream:
            self.ignored = stream.ignored
            yield read
        self.master_data, self.faults = stream.master_data, stream.faults

    def second(self) -> Iterator[ReadEvent]:
        return iter(self._stream())
