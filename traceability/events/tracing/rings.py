"""Rings in the records: a container in what is inside it, goods that were made of themselves.

Looked for from the keys that may be in one, step by step, along ways that exist at one time.

>>> monday = datetime(2026, 11, 16, tzinfo=UTC)
>>> box, crate = (Told(number, f"urn:vd:{number}") for number in (1, 2))
>>> ways = [Way("box", "crate", monday, None, (box,)), Way("crate", "box", monday, None, (crate,))]
>>> [ring.key for ring in rings("inside-itself", ["box", "crate"], lambda _: ways)]
['box']
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from itertools import islice
from typing import NamedTuple

from traceability.events.tracing.gaps import Problem, Told

_MOST_STEPS = 10
"""Of one ring."""
_MOST_WAYS = 10_000
"""Tried at each step: whoever ties a thousand containers to each other is told of some rings."""
_EVER = datetime.min.replace(tzinfo=UTC)


class Way(NamedTuple):
    """From one key to another, from `since` until just before `until`; None: it has not ended."""

    source: str
    target: str
    since: datetime
    until: datetime | None
    told: tuple[Told, ...]


Read = Callable[[list[str]], Iterable[Way]]
"""The ways from all of some keys."""


def rings(kind: str, starts: Iterable[str], read: Read) -> Iterator[Problem]:
    """Of each ring one problem, whichever of its keys it is looked for from, the shortest first.

    Of several paths to one key in one time the first counts: in a tangle not every ring is told.

    Args:
        kind: of the problems.
        starts: keys that may be in a ring.
        read: what leads on from keys.
    """
    paths = [Way(start, start, _EVER, None, ()) for start in starts]
    known: dict[str, list[Way]] = {}
    seen: set[tuple[object, ...]] = set()
    told: set[frozenset[Told]] = set()
    for _ in range(_MOST_STEPS):
        _learn(known, {path.target for path in paths} - known.keys(), read)
        longer = (_joined(path, way) for path in paths for way in known[path.target])
        paths = []
        for path in filter(None, list(islice(longer, _MOST_WAYS))):
            if path.target != path.source and path[:4] not in seen:
                seen.add(path[:4])
                paths.append(path)
            elif path.target == path.source and frozenset(path.told) not in told:
                told.add(frozenset(path.told))
                yield Problem(kind, path.source, path.since, tuple(dict.fromkeys(path.told)))


def _learn(known: dict[str, list[Way]], keys: Iterable[str], read: Read) -> None:
    news = sorted(keys)
    found: dict[str, list[Way]] = defaultdict(list)
    for way in read(news) if news else ():
        found[way.source].append(way)
    known.update((key, found[key]) for key in news)


def _joined(path: Way, way: Way) -> Way | None:
    """A path with one way more, where all of it exists at one time."""
    since = max(path.since, way.since)
    until = min((each for each in (path.until, way.until) if each is not None), default=None)
    if until is not None and since >= until:
        return None
    return Way(path.source, way.target, since, until, (*path.told, *way.told))
