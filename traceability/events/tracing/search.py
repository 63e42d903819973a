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

What was reached is certain as long as nothing was mixed on the way: in a process of several inputs
and several outputs, or in a lot that several processes made, it becomes possible and stays so.
"""

from collections.abc import Iterable
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
    """Affected from `first` on; `sure` says of every state that nothing was mixed on the way."""

    key: str
    first: int
    last: int
    sure: bool


class Carrier(NamedTuple):
    key: str
    first: int
    last: int
    sure: bool


class Inside(NamedTuple):
    """What is in the key at some time between these two is affected."""

    key: str
    first: int
    last: int
    sure: bool


class Filled(NamedTuple):
    """An asset came out of a process."""

    key: str
    first: int
    last: int
    sure: bool


_STEPS_A_KEY = 20
State = Goods | Carrier | Inside | Filled


@dataclass(slots=True)
class Found:
    arrivals: dict[str, int] = field(default_factory=dict)
    """Every key that was reached, with the earliest time from which on it is affected."""
    certain: set[str] = field(default_factory=set)
    """Those that surely have something of the goods: by a way on which nothing was mixed."""
    steps: dict[Step, int] = field(default_factory=dict)
    """Every way that was gone, with the earliest time at which it leads on.

    Of a stay, that is when both it has begun and the goods are affected: a bound of this search,
    which need not be the time of any event.
    """
    truncated: bool = False
    steps_left_out: bool = False
    """Everything is in `arrivals`, and there are more ways to it than `steps` holds."""


class Search:
    """One search, from one key or several.

    Without `made_from` it stays with the goods themselves, and enters no process. Of a process
    with thousands of inputs and outputs, not every pair is a step once there are 20 steps for each
    key.
    """

    def __init__(self, view: View, *starts: str, most_keys: int, made_from: bool = True) -> None:
        self.view, self.starts = view, frozenset(starts)
        self.most_keys, self.made_from = most_keys, made_from
        self.found = Found()
        self.waiting: list[State] = []
        self.goods: set[str] = set()
        self.windows: dict[tuple[type, str], list[State]] = {}
        self.most_steps = _STEPS_A_KEY * most_keys
        self.entered: dict[tuple[str, bool], int] = {}
        self.plain: dict[str, bool] = {}

    def run(self, at: int | None) -> Found:
        """From a moment on, with what the key then held; without one, from its whole life."""
        first, last = (-ALWAYS, ALWAYS) if at is None else (at, at)
        for start in sorted(self.starts):
            self.waiting += Goods(start, first, ALWAYS, True), Inside(start, first, last, True)
        while self.waiting:
            # What is sure need not be looked at again as what is possible.
            self.waiting.sort(key=_is_doubtful)
            news = [state for state in self.waiting if self._is_news(state)]
            self._read(news)
            self.waiting = []
            for state in news:
                self._go_on(state)
        self.found.truncated |= self.view.truncated
        return self.found

    def _is_news(self, state: State) -> bool:
        """Whether it says more than what is known: another time, or that it is sure."""
        if not isinstance(state, Inside) and not self._arrive(state):
            return False
        known = self.windows.setdefault((type(state), state.key), [])
        for other in known:
            if (
                other.first <= state.first
                and state.last <= other.last
                and (other.sure or not state.sure)
            ):
                return False
        known.append(state)
        if isinstance(state, Goods):
            self.goods.add(state.key)
        return True

    def _arrive(self, state: State) -> bool:
        before = self.found.arrivals.get(state.key)
        if before is None and len(self.found.arrivals) >= self.most_keys:
            self.found.truncated = True
            return False
        if before is None or state.first < before:
            self.found.arrivals[state.key] = state.first
        if state.sure:
            self.found.certain.add(state.key)
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

    def _go_on(self, state: State) -> None:
        """Everything that one step from here reaches waits for its turn."""
        if isinstance(state, Inside):
            self._contents(state)
        elif isinstance(state, Filled):
            self._carried(Carrier(state.key, state.first, self._emptied(state), state.sure))
        elif isinstance(state, Carrier):
            self._carried(state)
        else:
            if state.sure and self._is_mixed(state.key):
                state = state._replace(sure=False)
            self._carried(state)
            self._of_lot(state)

    def _carried(self, state: Goods | Carrier) -> None:
        if self.made_from:
            self._processed(state)
        self._held(state)

    def _is_mixed(self, key: str) -> bool:
        """A lot of several processes: what is true of the lot need not be of each part of it."""
        if key in self.starts or not is_lot(key):
            return False
        made = {part.process for part in self.view.parts[key] if part.into is self.view.mirrored}
        return len(made) > 1

    def _processed(self, state: Goods | Carrier) -> None:
        for part in self.view.parts[state.key]:
            if part.into and state.first <= part.time <= state.last:
                whole = self.view.processes[part.process]
                sure = state.sure and self._is_plain(part.process, whole)
                if self._leads_on(part, sure):
                    self._outputs(part, whole, sure)

    def _is_plain(self, process: str, whole: Iterable[Part]) -> bool:
        if process not in self.plain:
            self.plain[process] = is_plain(whole)
        return self.plain[process]

    def _leads_on(self, part: Part, sure: bool) -> bool:
        """Whether to go through a process from this input, once there are many steps.

        Entered no later from another input, all that it may reach has been reached.
        """
        known = min(self.entered.get((part.process, each), ALWAYS) for each in (True, sure))
        if part.time < known:
            self.entered[part.process, sure] = part.time
        elif len(self.found.steps) >= self.most_steps:
            self.found.steps_left_out = True
            return False
        return True

    def _outputs(self, part: Part, process: Iterable[Part], sure: bool) -> None:
        for output in process:
            if output.into or output.time < part.time:
                continue
            step = Step(part.key, output.key, "process", output.event, output.process,
                        output.quantity, output.uom)  # fmt: skip
            self._step(step, output.time)
            if is_asset(output.key):
                self.waiting.append(Filled(output.key, output.time, output.time, sure))
            else:
                self.waiting.append(Goods(output.key, output.time, ALWAYS, sure))
            self.waiting.append(Inside(output.key, output.time, output.time, sure))

    def _emptied(self, state: Filled) -> int:
        """When the asset next took part in a process."""
        later = [part.time for part in self.view.parts[state.key] if part.time > state.first]
        return min(later, default=ALWAYS)

    def _held(self, state: Goods | Carrier) -> None:
        for stay in self.view.parents[state.key]:
            start, end = max(state.first, stay.first), min(state.last, stay.last)
            if start <= end:
                self._step(_of_stay(state.key, stay.parent, "container", stay), start)
                self.waiting.append(Carrier(stay.parent, start, end, state.sure))

    def _contents(self, state: Inside) -> None:
        for stay in self.view.children[state.key]:
            start, end = max(state.first, stay.first), min(state.last, stay.last)
            if start <= end:
                self._step(_of_stay(state.key, stay.child, "content", stay), start)
                if is_asset(stay.child):
                    self.waiting.append(Carrier(stay.child, start, end, state.sure))
                else:
                    self.waiting.append(Goods(stay.child, start, ALWAYS, state.sure))
                self.waiting.append(Inside(stay.child, start, end, state.sure))

    def _of_lot(self, state: Goods) -> None:
        members = self.view.members.get(state.key)
        if not members:
            return
        known = {lot_of_variant(key) for key in (state.key, *(each.of for each in members))}
        for member in members:
            # Of a lot beside its variant, the other variants have nothing to do with these goods:
            # down it is not entered, up only what is told of the lot itself is.
            beside = member.of in known
            if beside and not self.view.mirrored:
                continue
            self._step(Step(state.key, member.of, "lot", member.event), state.first)
            kind = Carrier if beside else Goods
            self.waiting.append(kind(member.of, state.first, ALWAYS, state.sure))

    def _step(self, step: Step, time: int) -> None:
        if self.found.steps.setdefault(step, time) > time:
            self.found.steps[step] = time


def _is_doubtful(state: State) -> bool:
    return not state.sure


def is_plain(process: Iterable[Part]) -> bool:
    """Whether every output surely has something of every input: one goes in, or one comes out."""
    sides: dict[bool, set[str]] = {True: set(), False: set()}
    for part in process:
        sides[part.into].add(part.key)
    return min(len(keys) for keys in sides.values()) <= 1


def _of_stay(source: str, target: str, kind: str, stay: Stay) -> Step:
    return Step(source, target, kind, stay.event, None, stay.quantity, stay.uom)
