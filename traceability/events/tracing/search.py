"""The search itself: what goods reach, along times that never go back.

Goods are reached at a time and stay affected from then on. What only carries them (a container,
a crate that is used again) is affected while they are in it, and is clean afterwards: two lots
that met the same crate in different weeks have nothing to do with each other.

    goods ──in a process from then on──▶ every output that is not earlier: goods, and what is in it
    goods ──in a container───────────▶ carrier, for the time of the stay
    lot ──────────────────────────────▶ its instances and variants
    carrier ──in a process meanwhile──▶ outputs
    carrier ──in a larger one─────────▶ carrier, while both stays last

Whatever else is in a carrier is not reached. An asset that comes out of a process carries what
was made until it next goes into or comes out of one.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from traceability.events.identifiers import lot_of_variant
from traceability.events.tracing.keys import is_asset, is_lot
from traceability.events.tracing.view import ALWAYS, Part, Stay, View


class Step(NamedTuple):
    """A way from one key to another, as an event tells it; in the mirror it runs backwards."""

    source: str
    target: str
    kind: str
    """process, content, container or lot."""
    event: int
    process: str | None = None
    quantity: Decimal | None = None
    uom: str | None = None


class Goods(NamedTuple):
    key: str
    time: int


class Carrier(NamedTuple):
    key: str
    first: int
    last: int


class Inside(NamedTuple):
    """What is in the key at some time between these two is affected."""

    key: str
    first: int
    last: int


class Filled(NamedTuple):
    """An asset came out of a process."""

    key: str
    time: int


_STEPS_A_KEY = 20
State = Goods | Carrier | Inside | Filled


@dataclass(slots=True)
class Found:
    arrivals: dict[str, int] = field(default_factory=dict)
    """Every key that was reached, with the earliest time from which on it is affected."""
    steps: dict[Step, int] = field(default_factory=dict)
    """Every way that was gone, with the earliest time at which it leads on.

    Of a stay, that is when both it has begun and the goods are affected: a bound of this search,
    which need not be the time of any event.
    """
    truncated: bool = False
    steps_left_out: bool = False
    """Everything is in `arrivals`, and there are more ways to it than `steps` holds."""
    doubtful: bool = False
    """Something was mixed on the way: not all that was reached is certain."""


class Search:
    """One search, from one key or several.

    `certain_only` follows what surely passes on the goods; without `made_from` the search stays
    with the goods themselves, and enters no process. Of a process with thousands of inputs and
    outputs, not every pair is a step once there are 20 steps for each key.
    """

    def __init__(
        self,
        view: View,
        *starts: str,
        most_keys: int,
        certain_only: bool = False,
        made_from: bool = True,
    ) -> None:
        self.view, self.starts = view, frozenset(starts)
        self.most_keys, self.certain_only, self.made_from = most_keys, certain_only, made_from
        self.found = Found()
        self.goods: dict[str, int] = {}
        self.windows: dict[tuple[type, str], list[tuple[int, int]]] = {}
        self.most_steps = _STEPS_A_KEY * most_keys
        self.entered: dict[str, int] = {}
        self.plain: dict[str, bool] = {}

    def run(self, at: int | None) -> Found:
        """From a moment on, with what the key then held; without one, from its whole life."""
        first, last = (-ALWAYS, ALWAYS) if at is None else (at, at)
        waiting: list[State] = [
            state
            for start in sorted(self.starts)
            for state in (Goods(start, first), Inside(start, first, last))
        ]
        while waiting:
            news = [state for state in waiting if self._is_news(state)]
            self._read(news)
            waiting = [state for each in news for state in self._next(each)]
        self.found.truncated |= self.view.truncated
        return self.found

    def _is_news(self, state: State) -> bool:
        """Whether it says more than what is known; a known key may still be reached earlier."""
        if not isinstance(state, Inside) and not self._arrive(state.key, state[1]):
            return False
        if isinstance(state, Goods):
            if self.goods.get(state.key, ALWAYS + 1) <= state.time:
                return False
            self.goods[state.key] = state.time
            return True
        if isinstance(state, Filled):
            window = (state.time, state.time)
        else:
            window = (state.first, state.last)
        known = self.windows.setdefault((type(state), state.key), [])
        if any(first <= window[0] and window[1] <= last for first, last in known):
            return False
        known.append(window)
        return True

    def _arrive(self, key: str, time: int) -> bool:
        before = self.found.arrivals.get(key)
        if before is None and len(self.found.arrivals) >= self.most_keys:
            self.found.truncated = True
            return False
        if before is None or time < before:
            self.found.arrivals[key] = time
        return True

    def _read(self, states: Iterable[State]) -> None:
        """Read what the next steps need, for all of them at once."""
        inside = [state.key for state in states if isinstance(state, Inside)]
        goods = [state.key for state in states if not isinstance(state, Inside)]
        self.view.read_contents(inside)
        self.view.read_goods(goods)
        if not self.view.mirrored:
            goods = [key for key in goods if is_lot(key)]
        self.view.read_members(goods)

    def _next(self, state: State) -> Iterator[State]:
        if isinstance(state, Inside):
            yield from self._contents(state)
        elif isinstance(state, Filled):
            yield from self._carried(Carrier(state.key, state.time, self._emptied(state)))
        elif isinstance(state, Carrier):
            yield from self._carried(state)
        elif not self._is_mixed(state.key):
            yield from self._processed(state.key, state.time, ALWAYS)
            yield from self._held(state.key, state.time, ALWAYS)
            yield from self._of_lot(state)

    def _carried(self, carrier: Carrier) -> Iterator[State]:
        yield from self._processed(*carrier)
        yield from self._held(*carrier)

    def _is_mixed(self, key: str) -> bool:
        """A lot of several processes: what is true of the lot need not be of each part of it."""
        if key in self.starts or not is_lot(key):
            return False
        made = {part.process for part in self.view.parts[key] if part.into is self.view.mirrored}
        return self._is_doubt(len(made) > 1)

    def _is_doubt(self, doubt: bool) -> bool:
        """Whether to stop here: only where nothing but certainty is followed."""
        self.found.doubtful |= doubt
        return doubt and self.certain_only

    def _processed(self, key: str, first: int, last: int) -> Iterator[State]:
        for part in self.view.parts[key] if self.made_from else ():
            if part.into and first <= part.time <= last:
                whole = self.view.processes[part.process]
                if not self._is_doubt(not self._is_plain(part.process, whole)):
                    yield from self._outputs(part, whole) if self._leads_on(part) else ()

    def _is_plain(self, process: str, whole: Iterable[Part]) -> bool:
        if process not in self.plain:
            self.plain[process] = is_plain(whole)
        return self.plain[process]

    def _leads_on(self, part: Part) -> bool:
        """Whether to go through a process from this input, once there are many steps.

        Entered no later from another input, all that it may reach has been reached.
        """
        known = self.entered.get(part.process, ALWAYS)
        self.entered[part.process] = min(known, part.time)
        if part.time < known or len(self.found.steps) < self.most_steps:
            return True
        self.found.steps_left_out = True
        return False

    def _outputs(self, part: Part, process: Iterable[Part]) -> Iterator[State]:
        for output in process:
            if output.into or output.time < part.time:
                continue
            step = Step(part.key, output.key, "process", output.event, output.process,
                        output.quantity, output.uom)  # fmt: skip
            self._step(step, output.time)
            reached = Filled if is_asset(output.key) else Goods
            yield reached(output.key, output.time)
            yield Inside(output.key, output.time, output.time)

    def _emptied(self, state: Filled) -> int:
        """When the asset next took part in a process."""
        later = [part.time for part in self.view.parts[state.key] if part.time > state.time]
        return min(later, default=ALWAYS)

    def _held(self, key: str, first: int, last: int) -> Iterator[State]:
        for stay in self.view.parents[key]:
            start, end = max(first, stay.first), min(last, stay.last)
            if start <= end:
                self._step(_of_stay(key, stay.parent, "container", stay), start)
                yield Carrier(stay.parent, start, end)

    def _contents(self, state: Inside) -> Iterator[State]:
        for stay in self.view.children[state.key]:
            start, end = max(state.first, stay.first), min(state.last, stay.last)
            if start <= end:
                self._step(_of_stay(state.key, stay.child, "content", stay), start)
                if is_asset(stay.child):
                    yield Carrier(stay.child, start, end)
                else:
                    yield Goods(stay.child, start)
                yield Inside(stay.child, start, end)

    def _of_lot(self, state: Goods) -> Iterator[State]:
        members = self.view.members.get(state.key)
        if not members:
            return
        # Most lots have no variants, and thousands of serials: looked at before it is asked.
        keys = (state.key, *(each.of for each in members))
        known = {lot_of_variant(key) for key in keys if "/22/" in key}
        for member in members:
            # Of a lot beside its variant, the other variants have nothing to do with these goods:
            # down it is not entered, up only what is told of the lot itself is.
            beside = member.of in known
            if beside and not self.view.mirrored:
                continue
            self._step(Step(state.key, member.of, "lot", member.event), state.time)
            if beside:
                yield Carrier(member.of, state.time, ALWAYS)
            else:
                yield Goods(member.of, state.time)

    def _step(self, step: Step, time: int) -> None:
        if self.found.steps.setdefault(step, time) > time:
            self.found.steps[step] = time


def is_plain(process: Iterable[Part]) -> bool:
    """Whether every output surely has something of every input: one goes in, or one comes out."""
    sides: dict[bool, set[str]] = {True: set(), False: set()}
    for part in process:
        sides[part.into].add(part.key)
    return min(len(keys) for keys in sides.values()) <= 1


def _of_stay(source: str, target: str, kind: str, stay: Stay) -> Step:
    return Step(source, target, kind, stay.event, None, stay.quantity, stay.uom)
