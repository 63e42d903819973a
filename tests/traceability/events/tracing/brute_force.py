"""What a trace should find, by replaying the plain events moment by moment.

Nothing is shared with the service but the meaning: no spans, no windows, no tables. The whole world
is run through every moment at which something may change, forward or backward, and at each of them
it is asked what is in what.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

Thing = tuple[str, bool, int | None]
"""Key, whether it is so much of a class, how much."""


@dataclass(frozen=True)
class Told:
    """A plain event; times are whole numbers, far enough apart to look between two of them."""

    number: int
    time: int
    kind: str
    """pack (with a bond), make, or begin (instances of a lot; OBSERVE: their labels are read)."""
    action: str = ""
    bond: str = "aggregation"
    parent: str = ""
    children: tuple[Thing, ...] = ()
    inputs: tuple[Thing, ...] = ()
    outputs: tuple[Thing, ...] = ()
    process: str = ""
    lot: str = ""
    wrong: bool = False
    """Declared to be in error."""
    body: dict[str, Any] = field(default_factory=dict, compare=False)


def asset(key: str) -> bool:
    return "/8003/" in key


def lot(key: str) -> bool:
    return "/10/" in key


class World:
    def __init__(self, events: Sequence[Told]) -> None:
        self.events = sorted(
            (event for event in events if not event.wrong), key=lambda e: (e.time, e.number)
        )
        self.makings = [event for event in self.events if event.kind == "make"]
        self.beginnings = [event for event in self.events if event.kind == "begin"]
        self._inside: dict[int, set[tuple[str, str]]] = {}

    def moments(self, at: int | None) -> list[int]:
        times = {event.time for event in self.events} | ({at} if at is not None else set())
        return sorted(times | {time - 1 for time in times})

    def inside(self, now: int) -> set[tuple[str, str]]:
        """Pairs of child and parent, as they are at a moment."""
        if now not in self._inside:
            amounts: dict[tuple[str, str, str, bool], tuple[int | None]] = {}
            for event in self.events:
                if event.kind == "pack" and event.time <= now:
                    self._pack(amounts, event)
            self._inside[now] = {(key[2], key[1]) for key in amounts}
        return self._inside[now]

    @staticmethod
    def _pack(amounts: dict[Any, tuple[int | None]], event: Told) -> None:
        if event.action == "DELETE" and not event.children:
            for place in list(amounts):
                if place[:2] == (event.bond, event.parent):
                    del amounts[place]
        for key, by_class, count in event.children:
            place = (event.bond, event.parent, key, by_class)
            held = amounts.get(place)
            if event.action == "OBSERVE":
                amounts.setdefault(place, (count,))
            elif event.action == "ADD" and held is None:
                amounts[place] = (count,)
            elif event.action == "ADD" and held is not None:
                both = held[0] is not None and count is not None
                amounts[place] = (held[0] + count if both else None,)  # type: ignore[operator]
            elif held is not None:
                if not by_class or count is None or (held[0] is not None and held[0] <= count):
                    del amounts[place]
                else:
                    amounts[place] = (None if held[0] is None else held[0] - count,)

    def below(self, key: str, now: int) -> set[str]:
        return _closure({key}, self.inside(now), 1) - {key}

    def above(self, keys: set[str], now: int) -> set[str]:
        return _closure(keys, self.inside(now), 0)

    def reached(self, start: str, *, up: bool, at: int | None, sure: bool) -> set[str]:
        """Every key that goods of the start reach, or came from; `sure` leaves doubt out."""
        return _Run(self, start, up, at, sure).run()


def _closure(keys: set[str], pairs: set[tuple[str, str]], near: int) -> set[str]:
    """The keys and all that is in them (near=1), or all that they are in (near=0)."""
    found = set(keys)
    while more := {pair[1 - near] for pair in pairs if pair[near] in found} - found:
        found |= more
    # A key in itself by way of others is its own content, too.
    return found


class _Run:
    def __init__(self, world: World, start: str, up: bool, at: int | None, sure: bool) -> None:
        self.world, self.start, self.up, self.at, self.sure = world, start, up, at, sure
        self.goods = {start}
        self.nodes = {start}
        self.filled: dict[str, set[int]] = {}
        self.started: set[str] = set()
        moments = [m for m in world.moments(at) if at is None or (m <= at if up else m >= at)]
        self.moments = moments[::-1] if up else moments

    def run(self) -> set[str]:
        for now in self.moments:
            while self._moment(now):
                pass
        return self.nodes

    def _size(self) -> tuple[int, ...]:
        fillings = sum(len(times) for times in self.filled.values())
        return len(self.goods), len(self.nodes), len(self.started), fillings

    def _moment(self, now: int) -> bool:
        before = self._size()
        passing: set[str] = set()
        if self.at is None or now == self.at:
            self._within(self.start, now, passing)
        for process, key in self._made_now(now):
            if process in self.started:
                self.nodes.add(key)
                if asset(key):
                    self.filled.setdefault(key, set()).add(now)
                else:
                    self.goods.add(key)
                self._within(key, now, passing)
        active = {key for key in self.goods if not self._doubtful(key)}
        for event in self.world.beginnings:
            for key, _, _ in event.outputs:
                if self.up and key in active:
                    self.goods.add(event.lot)
                elif not self.up and event.lot in active:
                    self.goods.add(key)
        active |= passing | {key for key in self.filled if self._is_filled(key, now)}
        active = self.world.above(active, now)
        for process, key in self._used_now(now):
            if key in active and not (self.sure and self._doubtful_process(process)):
                self.started.add(process)
        self.nodes |= self.goods | active
        return self._size() != before

    def _within(self, key: str, now: int, passing: set[str]) -> None:
        for child in self.world.below(key, now):
            if asset(child):
                passing.add(child)
            else:
                self.goods.add(child)

    def _sides(self, now: int, first: bool) -> Iterator[tuple[str, str]]:
        for event in self.world.makings:
            if event.time == now:
                for key, _, _ in event.inputs if first else event.outputs:
                    yield event.process, key

    def _used_now(self, now: int) -> Iterator[tuple[str, str]]:
        return self._sides(now, first=not self.up)

    def _made_now(self, now: int) -> Iterator[tuple[str, str]]:
        return self._sides(now, first=self.up)

    def _is_filled(self, key: str, now: int) -> bool:
        """Nothing went into or came out of a process in it since it was filled."""
        parts = {
            event.time for event in self.world.makings
            if key in {thing[0] for thing in (*event.inputs, *event.outputs)}
        }  # fmt: skip
        return any(
            not any(min(then, now) < part < max(then, now) for part in parts)
            for then in self.filled[key]
        )

    def _doubtful(self, key: str) -> bool:
        if not self.sure or key == self.start or not lot(key):
            return False
        made = {e.process for e in self.world.makings if key in {thing[0] for thing in e.outputs}}
        return len(made) > 1

    def _doubtful_process(self, process: str) -> bool:
        events = [event for event in self.world.makings if event.process == process]
        used = {thing[0] for event in events for thing in event.inputs}
        made = {thing[0] for event in events for thing in event.outputs}
        return len(used) > 1 and len(made) > 1
