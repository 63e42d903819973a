"""The time one picture may take, and what it was spent on.

An engine cannot be interrupted, so nothing may begin that would not end in time. How long a search
takes depends on the machine, its load and what there is to see; each engine's pace is therefore
measured while it works, and the slowest so far foretells the next.

>>> budget = Budget(seconds=60)
>>> budget.affords("zxing", 12_000_000)
True
>>> budget.record("zxing", pixels=750_000, seconds=30)
>>> budget.affords("zxing", 12_000_000), budget.affords("zxing", 100_000), budget.fell_short
(False, True, True)
"""

from __future__ import annotations

import time

_RESERVE = 0.06
"""Share of the time that is left for what is not foretold: cutting out, judging, answering."""

_CAUTION = 1.2
"""How much longer than the slowest so far a search may take."""

_LEAST_PIXELS = 40_000
"""Pixels from which a search says something of the pace; below, the call itself is what counts."""

_PACE = {"open": 10e-9, "zxing": 40e-9, "zbar": 150e-9, "straight": 60e-9, "profile": 200e-9}
"""Seconds a pixel that are supposed before anything was measured: of a fast machine."""


class Budget:
    """One deadline, the paces of the engines, and milliseconds by stage."""

    def __init__(self, seconds: float) -> None:
        """Begin to count."""
        self._begun = time.perf_counter()
        self._until = self._begun + seconds * (1 - _RESERVE)
        self._paces = dict(_PACE)
        self.fell_short = False
        """Whether anything was not begun because of the time."""
        self.stages: dict[str, float] = {}
        """Milliseconds spent, by stage, in order."""

    @property
    def is_spent(self) -> bool:
        """Whether the time is over."""
        return not self._allows(0)

    @property
    def ms(self) -> float:
        """Milliseconds since the beginning."""
        return (time.perf_counter() - self._begun) * 1000

    def affords(self, engine: str, pixels: float) -> bool:
        """Return whether an engine's search of so many pixels would end in time."""
        return self._allows(self._paces[engine] * pixels * _CAUTION)

    def _allows(self, seconds: float) -> bool:
        in_time = time.perf_counter() + seconds < self._until
        self.fell_short |= not in_time
        return in_time

    def record(self, engine: str, pixels: int, seconds: float) -> None:
        """Learn from a search that has ended."""
        if pixels >= _LEAST_PIXELS:
            self._paces[engine] = max(self._paces[engine], seconds / pixels)

    def timed(self, stage: str) -> _Timed:
        """Count the time within under a stage."""
        return _Timed(self.stages, stage)


class _Timed:
    """What `Budget.timed` returns; a generator in its place takes twice as long to enter."""

    __slots__ = ("_begun", "_stage", "_stages")

    def __init__(self, stages: dict[str, float], stage: str) -> None:
        self._stages, self._stage = stages, stage

    def __enter__(self) -> None:
        self._begun = time.perf_counter()

    def __exit__(self, *_: object) -> None:
        spent = (time.perf_counter() - self._begun) * 1000
        self._stages[self._stage] = self._stages.get(self._stage, 0.0) + spent
