"""The tables of tracing as a graph that is read as far as a search asks for it.

A search runs forward alone. Where goods came from is the same search in a mirror: times count
backwards, inputs and outputs change places, and a lot is reached from its instances. Times are
whole microseconds of the epoch, so that spans are closed on both ends and survive the mirror.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from traceability import plain
from traceability.db import from_micro
from traceability.events.models import EpcRole
from traceability.events.tracing.models import Containment, Derivation, Membership
from traceability.events.tracing.reading import plain_rows

_CONTAINMENT: sa.Table = Containment.__table__  # type: ignore[attr-defined]
_DERIVATION: sa.Table = Derivation.__table__  # type: ignore[attr-defined]
_MEMBERSHIP: sa.Table = Membership.__table__  # type: ignore[attr-defined]

ALWAYS = 2**62
"""Later than every time; `-ALWAYS` is earlier than every time."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def ticks(time: datetime) -> int:
    return (time - _EPOCH) // _MICROSECOND


@lru_cache(maxsize=65_536)
def moment_of(tick: int) -> datetime | None:
    """The time of a tick; None for one before or after every time."""
    return None if abs(tick) >= ALWAYS else _EPOCH + tick * _MICROSECOND


class Stay(NamedTuple):
    """A child was in a parent from `first` to `last`, both included."""

    child: str
    parent: str
    first: int
    last: int
    bond: str
    by_class: bool
    event: int
    quantity: Decimal | None
    uom: str | None


class Part(NamedTuple):
    """A key went into a process or came out of it."""

    key: str
    time: int
    into: bool
    process: str
    event: int
    quantity: Decimal | None
    uom: str | None


class Member(NamedTuple):
    """`of` is reached from `key`: an instance from its lot, in the mirror a lot from it."""

    key: str
    of: str
    event: int


class View:
    """What has been read so far. Each key and process is read once."""

    def __init__(self, connection: Connection, *, mirrored: bool, most_rows: int) -> None:
        self.mirrored = mirrored
        self.truncated = False
        """There was more than may be read for one answer."""
        self.parents: dict[str, list[Stay]] = {}
        self.children: dict[str, list[Stay]] = {}
        self.parts: dict[str, list[Part]] = {}
        self.processes: dict[str, list[Part]] = {}
        self.members: dict[str, list[Member]] = {}
        self._connection = connection
        self._room = most_rows

    def read_goods(self, keys: Iterable[str]) -> None:
        """What holds these keys, which processes they took part in, and the processes whole."""
        wanted = sorted(set(keys) - self.parts.keys())
        self.read_parents(wanted)
        self._parts(self.parts, "key", wanted)
        named = {part.process for key in wanted for part in self.parts[key]}
        self._parts(self.processes, "process", sorted(named - self.processes.keys()))

    def read_parents(self, keys: Iterable[str]) -> None:
        self._stays(self.parents, "child", sorted(set(keys) - self.parents.keys()))

    def read_contents(self, keys: Iterable[str]) -> None:
        self._stays(self.children, "parent", sorted(set(keys) - self.children.keys()))

    def read_members(self, keys: Iterable[str]) -> None:
        wanted = sorted(set(keys) - self.members.keys())
        near = "instance" if self.mirrored else "lot"
        for instance, lot, event in self._rows(_MEMBERSHIP, near, wanted, self.members):
            member = Member(instance, lot, event) if self.mirrored else Member(lot, instance, event)
            self.members[member.key].append(member)

    def open_stays(self, keys: Iterable[str]) -> list[Stay]:
        """The stays of these keys that nothing has ended, in the order in which they began."""
        wanted = set(keys)
        self.read_parents(wanted)
        stays = [stay for key in wanted for stay in self.parents[key]]
        if self.mirrored:
            found = [(-stay.last, stay.event, stay) for stay in stays if stay.first == -ALWAYS]
        else:
            found = [(stay.first, stay.event, stay) for stay in stays if stay.last == ALWAYS]
        return [stay for *_, stay in sorted(found)]

    def _stays(self, into: dict[str, list[Stay]], name: str, keys: Sequence[str]) -> None:
        for row in self._rows(_CONTAINMENT, name, keys, into):
            child, since, parent, bond, by_class, until, event, quantity, uom = row
            first = _ticks_of(since)
            last = ALWAYS if until is None else _ticks_of(until) - 1
            if self.mirrored:
                first, last = -last, -first
            into[child if name == "child" else parent].append(
                Stay(
                    child, parent, first, last, bond, bool(by_class), event, _amount(quantity), uom
                )
            )

    def _parts(self, into: dict[str, list[Part]], name: str, keys: Sequence[str]) -> None:
        for row in self._rows(_DERIVATION, name, keys, into):
            key, told, event, role, _, process, quantity, uom = row
            time = -_ticks_of(told) if self.mirrored else _ticks_of(told)
            goes_in = (role == EpcRole.INPUT) is not self.mirrored
            into[key if name == "key" else process].append(
                Part(key, time, goes_in, process, event, _amount(quantity), uom)
            )

    def _rows(
        self, table: sa.Table, name: str, keys: Sequence[str], into: dict[str, list[Any]]
    ) -> Sequence[Any]:
        """The rows that name a key there; times and quantities as the driver gives them."""
        if not keys:
            return ()
        into.update((key, []) for key in keys)
        found = plain_rows(self._connection, table, name, keys, self._room + 1)
        self.truncated |= len(found) > self._room
        self._room = max(0, self._room - len(found))
        return found


@lru_cache(maxsize=65_536)
def _ticks_of(value: Any) -> int:
    """Of a time as a driver gives it: events of one process share theirs."""
    return ticks(plain.time(value))


def _amount(millionths: int | None) -> Decimal | None:
    return None if millionths is None else from_micro(millionths)
