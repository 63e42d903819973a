"""What the workers of a service did, counted for its operators: pictures, time by stage, reads.

Stages are named by what was looked at and how, `1/1 region averaged sharp`: hundreds of names, sent
by a process that hostile bytes may have taken over. They are counted under the few names below.

>>> [stage_kind(name) for name in ("open", "1/4", "1/2 turned 30", "1/1 region", "made up" * 9)]
['open', 'whole', 'whole changed', 'region', 'other']
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

from scanner.reading import Reading

_VIEW = re.compile(r"(?P<frame>frame-\d+:)?1/[1248](?P<region> region)?(?P<change> .+)?")
_FIXED = {"open", "locate", "cut", "add-on"}
_ENGINES = {"zxing", "zbar", "profile"}
_LONGEST = 80


def stage_kind(name: str) -> str:
    """Return the name under which a stage is counted."""
    if name in _FIXED:
        return name
    view = _VIEW.fullmatch(name) if len(name) <= _LONGEST else None
    if view is None:
        return "other"
    place = "frame" if view["frame"] else "region" if view["region"] else "whole"
    return f"{place} changed" if view["change"] else place


class Tally:
    """Sums over the readings of one service; not safe to use from several threads."""

    def __init__(self) -> None:
        """Begin with nothing counted."""
        self._seconds: dict[str, float] = {}
        self._reads: Counter[tuple[str, str]] = Counter()

    def add(self, reading: Reading) -> None:
        """Count what a picture took, and each symbol by every engine that read it."""
        for stage, ms in reading.stages.items():
            kind = stage_kind(stage)
            self._seconds[kind] = self._seconds.get(kind, 0.0) + ms / 1000
        for symbol in reading.symbols:
            stage = symbol.read_by[-1].removeprefix("stage:") if symbol.read_by else ""
            for engine in _ENGINES.intersection(symbol.read_by):
                self._reads[engine, stage_kind(stage)] += 1

    def seconds_by_stage(self) -> Mapping[str, float]:
        """Return the seconds spent, by kind of stage."""
        return dict(self._seconds)

    def reads(self) -> Mapping[tuple[str, str], int]:
        """Return how many symbols were read, by engine and kind of stage."""
        return dict(self._reads)
