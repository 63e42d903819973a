"""Where the nodes of a trace stand in its picture: in columns from left to right, by time.

What was asked for stands in column 0, what it came from to its left, what became of it to its
right. A node stands behind everything that leads to it, as far as goods do not go in circles.

>>> edges = [Way("farm", "jar"), Way("jar", "box"), Way("farm", "box")]
>>> columns("farm", edges)
{'farm': 0, 'jar': 1, 'box': 2}
>>> columns("box", edges)
{'box': 0, 'jar': -1, 'farm': -2}
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple


class Way(NamedTuple):
    """Goods passed from `source` to `target`."""

    source: str
    target: str


def columns(start: str, ways: Iterable[Way]) -> dict[str, int]:
    """The column of every node, the nearest first."""
    after: dict[str, list[str]] = defaultdict(list)
    before: dict[str, list[str]] = defaultdict(list)
    for way in ways:
        after[way.source].append(way.target)
        before[way.target].append(way.source)
    down, up = _distances(start, after), _distances(start, before)
    # What is on both sides (a crate that came back) stands where it is nearer.
    near = {key for key in up if up[key] <= down.get(key, up[key])}
    found = {key: -place for key, place in _longest(up, before).items() if key in near}
    found.update(
        (key, place) for key, place in _longest(down, after).items() if key not in near
    )  # fmt: skip
    far = {key: min(up.get(key, len(found)), down.get(key, len(found))) for key in found}
    return {key: found[key] for key in sorted(found, key=lambda key: far[key])}


def _distances(start: str, following: Mapping[str, Sequence[str]]) -> dict[str, int]:
    found, waiting = {start: 0}, [start]
    for key in waiting:
        for other in following.get(key, ()):
            if other not in found:
                found[other] = found[key] + 1
                waiting.append(other)
    return found


def _longest(
    distances: Mapping[str, int], following: Mapping[str, Sequence[str]]
) -> dict[str, int]:
    """The longest way to each node; only ways to nodes that were found later count: no circles."""
    rank = {key: place for place, key in enumerate(distances)}
    found = dict.fromkeys(distances, 0)
    for key in distances:
        for other in following.get(key, ()):
            if rank[other] > rank[key]:
                found[other] = max(found[other], found[key] + 1)
    return found


def rows(
    placed: Mapping[str, int], ways: Iterable[Way], rank: Callable[[str], object]
) -> dict[str, int]:
    """The row of every node in its column: beside its neighbours that stand nearer to the start.

    Args:
        placed: the columns.
        ways: between the nodes.
        rank: the order of those that have the same neighbours.
    """
    near: dict[str, list[str]] = defaultdict(list)
    for way in ways:
        for one, other in (way, way[::-1]):
            if abs(placed[other]) < abs(placed[one]):
                near[one].append(other)
    stacks: dict[int, list[str]] = defaultdict(list)
    for key, column in placed.items():
        stacks[column].append(key)
    found: dict[str, int] = {}
    for column in sorted(stacks, key=abs):

        def middle(key: str) -> float:
            beside = [found[other] for other in near[key] if other in found]
            return sum(beside) / len(beside) if beside else 0

        order = sorted(stacks[column], key=lambda key: (middle(key), rank(key)))
        found.update((key, row) for row, key in enumerate(order))
    return found
