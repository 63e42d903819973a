"""Checking events: each by its schema and by the rules between its fields.

>>> from traceability.events.documents import ReadEvent
>>> from traceability.clock import now
>>> [(fault.field, fault.code) for fault in check(ReadEvent({"type": "ObjectEvent"}), now())]
... # doctest: +NORMALIZE_WHITESPACE
[('/eventTime', 'events.field-missing'), ('/eventTimeZoneOffset', 'events.field-missing'),
 ('/action', 'events.field-missing'), ('', 'events.nothing-observed')]
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

from pydantic import ValidationError

from traceability.clock import now as the_time
from traceability.events.documents import ReadEvent, prefix_fault
from traceability.events.event_schemas import SCHEMAS
from traceability.events.facts import Facts, facts_of
from traceability.events.faults import MOST_FAULTS, EventFault, faults_of, pointer
from traceability.events.namespaces import undeclared
from traceability.events.rules import broken
from traceability.events.vocabulary import EVENT_TYPES


def check(read: ReadEvent, now: datetime) -> list[EventFault]:
    """Everything that is wrong with one event."""
    kind = read.body.get("type")
    schema = SCHEMAS.get(kind) if isinstance(kind, str) else None
    if schema is None and read.faults and not read.body:
        return list(read.faults)
    if schema is None:
        arguments = {"choices": ", ".join(EVENT_TYPES)}
        return [EventFault(pointer((*read.path, "type")), "events.event-type", arguments,
                           read.index)]  # fmt: skip
    faults = list(read.faults)
    try:
        schema.validate_python(read.body)
    except ValidationError as error:
        faults += faults_of(error, read.path, read.index)
    faults += [
        EventFault(pointer((*read.path, *each.path)), each.code, each.arguments, read.index)
        for each in broken(read.body, now)
    ]
    if "errorDeclaration" not in read.body:  # that repeats an event on record as it stands there
        faults += [
            prefix_fault((*read.path, *path), read.index)
            for path in undeclared(read.body, read.context)
        ]
    return faults


class Checked:
    """Events of a document that were checked: the good ones, and what is wrong with the others."""

    def __init__(self) -> None:
        self.good: list[Facts] = []
        self.faults: list[EventFault] = []
        """At most `MOST_FAULTS` of those that the checks of `add` find."""

    def add(self, events: Iterable[ReadEvent], ignored: frozenset[str] = frozenset()) -> None:
        """Check further events."""
        now = the_time()
        for read in events:
            faults = check(read, now)
            if faults:
                self.faults.extend(faults[: MOST_FAULTS - len(self.faults)])
            else:
                self.good.append(facts_of(read, ignored))

    def take(self) -> Iterator[Facts]:
        """The good events, which are then no longer held."""
        good, self.good = self.good, []
        yield from good
