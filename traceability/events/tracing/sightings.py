"""Reading what events say of keys, for the rules of `gaps`.

What is packed, moved and seen together has one story: the same events name it in the same way. A
story is read once, and what the rules find in it is said of each of its keys: of the thousand
bottles of a trace there are as many stories as there are cases.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from typing import Any, NamedTuple

import orjson

from traceability import plain
from traceability.db import ReadAll
from traceability.events.identifiers import canonical, gln_of
from traceability.events.tracing.gaps import STAGES, Sighting, Told
from traceability.events.tracing.keys import is_asset, is_lot

MOST_ROWS = 20_000
_STEPS = ", ".join(f"'{step}'" for step in sorted(STAGES))
_NAME = "e.key, e.event, e.role, e.by_class"
_EVENT = f"""
       v.event_id, v.event_time, v.type, v.action, v.biz_step,
       coalesce(v.read_point, v.biz_location), CASE WHEN v.biz_step IN ({_STEPS}) THEN v.body END
"""
_COLUMNS_OF_NAME = 4

_NAMED = f"""
SELECT {_NAME} FROM event_epc e WHERE e.key IN (:keys)
ORDER BY e.key, e.time, e.event LIMIT {MOST_ROWS}
"""  # noqa: S608 -- constants of this module
_EVENTS = f"SELECT v.id, {_EVENT} FROM event v WHERE v.id IN (:keys) AND NOT v.in_error"  # noqa: S608

# CROSS JOIN: SQLite goes from the keys to the events, and not through an index of steps.
_HANDED = f"""
SELECT {_NAME}, {_EVENT}
FROM event_epc e CROSS JOIN event v
WHERE e.key IN (:keys) AND e.time >= :since AND v.id = e.event AND v.biz_step IN ({_STEPS})
  AND NOT v.in_error
ORDER BY e.time LIMIT {MOST_ROWS}
"""  # noqa: S608 -- constants of this module

# What was in these containers, and did by itself: a box is shipped, and its bottles are received.
_CONTENTS = f"""
WITH RECURSIVE inside (parent, child, depth) AS (
  SELECT parent, child, 1 FROM containment WHERE parent IN (:keys)
  UNION
  SELECT i.parent, c.child, i.depth + 1
  FROM inside i CROSS JOIN containment c WHERE c.parent = i.child AND i.depth < 10)
SELECT i.parent, e.event, e.role, e.by_class, {_EVENT}
FROM inside i CROSS JOIN event_epc e CROSS JOIN event v
WHERE e.key = i.child AND v.id = e.event AND v.biz_step IN ({_STEPS}) AND NOT v.in_error
LIMIT {MOST_ROWS}
"""  # noqa: S608 -- constants of this module


class Story(NamedTuple):
    """What events say of some keys, of each of them the same."""

    keys: list[str]
    sightings: list[Sighting]
    """Of the first of the keys, the oldest first; of all of them but for the name."""


def stories(read: ReadAll, keys: Iterable[str]) -> list[Story]:
    """The stories of these keys; of a key that no event names there is none."""
    named: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    for key, *name in read.of_keys(_NAMED, keys):
        named[key].append(tuple(name))
    alike: dict[Hashable, list[str]] = defaultdict(list)
    for key, names in named.items():
        alike[_kind(key, names), tuple(names)].append(key)
    events = _events(read, {name[0] for names in named.values() for name in names})
    return [
        Story(some, [
            _sighting((some[0], *name), events[name[0]])
            for name in named[some[0]] if name[0] in events
        ])
        for some in alike.values()
    ]  # fmt: skip


def _kind(key: str, names: Iterable[tuple[Any, ...]]) -> Hashable:
    """What else decides a story: how long a class is in a container hangs on its quantity."""
    return key if any(by_class for *_, by_class in names) else (is_asset(key), is_lot(key))


def _events(read: ReadAll, ids: Iterable[int]) -> dict[int, tuple[Any, ...]]:
    return {number: tuple(told) for number, *told in read.of_ids(_EVENTS, ids)}


def handed(read: ReadAll, keys: Iterable[str], since: Any) -> dict[str, list[Sighting]]:
    """Of these keys the steps by which goods change hands, from a time of the database on."""
    return _by_key(read.of_keys(_HANDED, keys, since=since))


def contents(read: ReadAll, keys: Iterable[str]) -> dict[str, list[Sighting]]:
    """The same of what was ever in these containers, by the container."""
    return _by_key(read.of_keys(_CONTENTS, keys))


def _by_key(rows: Iterable[tuple[Any, ...]]) -> dict[str, list[Sighting]]:
    found: dict[str, list[Sighting]] = defaultdict(list)
    for row in rows:
        found[row[0]].append(_sighting(row[:_COLUMNS_OF_NAME], row[_COLUMNS_OF_NAME:]))
    return found


def _sighting(name: Sequence[Any], event: Sequence[Any]) -> Sighting:
    key, number, role, by_class = name
    event_id, time, kind, action, step, place, body = event
    return Sighting(
        key, plain.time(time), Told(number, event_id), role, kind, action, step, place,
        _receivers(body) if body else frozenset(), bool(by_class),
    )  # fmt: skip


def _receivers(body: str) -> frozenset[str]:
    if "destinationList" not in body:
        return frozenset()
    told = orjson.loads(body).get("destinationList") or ()
    glns = (gln_of(canonical(each["destination"])) for each in told)
    return frozenset(gln for gln in glns if gln)
