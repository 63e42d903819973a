"""Runs of all contestants over the same pictures, one picture after the other."""

import statistics
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

from bench.camera import kinds, studio, traps
from bench.decoding import photographs
from bench.decoding.contestants import ALL, OURS, PYZBAR, ZXING, Answer, Contestant
from bench.decoding.scoring import Tally, Truth


@dataclass(frozen=True)
class Shown:
    """A picture to decode."""

    name: str
    data: bytes
    truth: Truth
    kind: str = ""
    """Of its first symbol."""


@dataclass
class Outcome:
    """What all of them made of one set."""

    tallies: dict[str, Tally]
    by_kind: dict[str, dict[str, Tally]] = field(default_factory=dict)
    rights: list[dict[str, bool]] = field(default_factory=list)
    """Who was right, a picture each."""

    def as_dict(self) -> dict[str, Any]:
        return {name: _summary(tally) for name, tally in self.tallies.items()}


def _summary(tally: Tally) -> dict[str, Any]:
    return {
        "pictures": tally.pictures,
        "right": tally.right,
        "wrong": tally.wrong,
        "symbols": tally.symbols,
        "found": tally.found,
        "unconfirmed": tally.doubtful,
        "failed": tally.failed,
        "median_ms": round(statistics.median(tally.ms), 1) if tally.ms else None,
        "p95_ms": round(percentile(tally.ms, 0.95), 1) if tally.ms else None,
        "wrong_reads": tally.wrong_reads,
    }


def percentile(values: Sequence[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


class Contest:
    """All contestants, each in its process, for as many sets as wanted."""

    def __init__(self, deadline: float, names: Sequence[str] = ALL) -> None:
        self._contestants = [Contestant(name, deadline) for name in names]
        self._stack = ExitStack()

    def __enter__(self) -> "Contest":
        for contestant in self._contestants:
            self._stack.enter_context(contestant)
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def run(self, pictures: Iterable[Shown]) -> Outcome:
        names = [contestant.name for contestant in self._contestants]
        outcome = Outcome({name: Tally() for name in names})
        for shown in pictures:
            answers = {each.name: each.decode(shown.data) for each in self._contestants}
            outcome.rights.append(_count(outcome.tallies, shown, answers))
            if shown.kind:
                tallies = outcome.by_kind.setdefault(shown.kind, {name: Tally() for name in names})
                _count(tallies, shown, answers)
            _say_misses(shown, answers, outcome.rights[-1])
        return outcome


def _count(tallies: dict[str, Tally], shown: Shown, answers: dict[str, Answer]) -> dict[str, bool]:
    return {
        name: tallies[name].add(shown.name, shown.truth, answer) for name, answer in answers.items()
    }


def _say_misses(shown: Shown, answers: dict[str, Answer], right: dict[str, bool]) -> None:
    """On standard error: our wrong reads, and what a single engine read and we did not."""
    for name, answer in answers.items():
        for read in answer.reads:
            if name.startswith(OURS) and not shown.truth.allows(read):
                print(f"wrong: {shown.name}: {name} {read.format} {read.text!r}", file=sys.stderr)
    alone = [name for name in (PYZBAR, ZXING) if right.get(name)]
    if alone and not right.get(OURS, True):
        print(f"missed: {shown.name} ({shown.kind}), read by {alone}", file=sys.stderr)


def photographed(of: photographs.Set, step: int = 1) -> Iterator[Shown]:
    """Every step-th photograph of a set."""
    for photograph in list(photographs.photographs(of))[::step]:
        yield Shown(photograph.name, photograph.path.read_bytes(), photograph.truth)


def everyday(count: int, seed: int, first: int = 0) -> Iterator[Shown]:
    for number in range(first, first + count):
        yield simulated(f"everyday/{number}", seed)


def along(kind: kinds.Kind, strength: float, count: int, seed: int) -> Iterator[Shown]:
    for number in range(count):
        yield simulated(f"kinds/{kind.name}/{strength}/{number}", seed)


def trapped(name: str, count: int, seed: int, first: int = 0) -> Iterator[Shown]:
    for number in range(first, first + count):
        yield simulated(f"traps/{name}/{number}", seed)


def simulated(name: str, seed: int) -> Shown:
    picture = studio.picture(name, seed)
    texts = tuple(symbol.text for symbol in picture.symbols)
    also = tuple(text for symbol in picture.symbols for text in symbol.also)
    kind = picture.symbols[0].kind if picture.symbols else ""
    return Shown(name, picture.data, Truth(texts, also), kind)


TRAPS = tuple(traps.TRAPS)
