"""Reading what the rules of `gaps` look at, for many keys of a trace or for one scanned unit.

Gaps are found when they are asked for and kept nowhere. A late event, a correction or the passing
of time changes what is missing; a stored row would have to be told anew for every unit of a pallet
when the pallet is received, and could differ from a rebuild. What it costs is bounded: for one unit
six statements by indexes over its own few events and those of its containers, and none at all for
a product of which no event tells.

Every read is over all events, whoever asks: what a visitor may not see is taken out of the answer,
and never makes a gap.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from gs1 import digital_link
from gs1.element_string import ElementString
from traceability import plain
from traceability.db import ReadAll, from_micro
from traceability.events.identifiers import STEM, lot_of_variant
from traceability.events.models import EpcRole
from traceability.events.names import bare_attributes
from traceability.events.policy import TracePolicy
from traceability.events.tracing import gaps
from traceability.events.tracing.gaps import (
    STAGES,
    Amount,
    LotTold,
    Problem,
    Sighting,
    Told,
    begins,
)
from traceability.events.tracing.keys import is_asset, is_lot, is_unit
from traceability.events.tracing.rings import Way, rings
from traceability.events.tracing.sightings import MOST_ROWS, Story, contents, handed, stories

MOST_JUDGED = 500
"""Keys of one trace whose gaps are looked for."""
_MOST_STAYS = 50_000
_MICROSECOND = timedelta(microseconds=1)
_INPUT, _OUTPUT = str(EpcRole.INPUT), str(EpcRole.OUTPUT)
_MADE_OF_IT = "made-of-itself"

# What held the keys, and when: box in pallet in lorry. UNION, and a limit: containers in each other
# have ways without end.
_HELD = f"""
WITH RECURSIVE held (child, parent, since, until, depth) AS (
  SELECT child, parent, since, until, 1 FROM containment WHERE child IN (:keys)
  UNION
  SELECT h.child, c.parent,
         CASE WHEN c.since > h.since THEN c.since ELSE h.since END,
         CASE WHEN h.until IS NULL OR c.until < h.until THEN c.until ELSE h.until END,
         h.depth + 1
  FROM held h CROSS JOIN containment c
  WHERE c.child = h.parent AND (h.until IS NULL OR c.since < h.until)
    AND (c.until IS NULL OR c.until > h.since) AND h.depth < 10)
SELECT child, parent, since, until FROM held LIMIT {_MOST_STAYS}
"""  # noqa: S608 -- constants of this module

# Read for keys that are in themselves alone. So much of a class is not the thing itself.
# CROSS JOIN: SQLite goes from the keys to the events.
_STAYS = f"""
SELECT c.child, c.parent, c.since, c.until, v.id, v.event_id
FROM containment c CROSS JOIN event v
WHERE c.child IN (:keys) AND v.id = c.event AND NOT c.by_class
ORDER BY c.child, c.since, c.event LIMIT {MOST_ROWS}
"""  # noqa: S608 -- constants of this module

# What was made at the moment at which its input went in, and went into a process itself then.
_MADE = f"""
SELECT i.key, o.key, o.by_class, i.time, vi.id, vi.event_id, vo.id, vo.event_id
FROM derivation i CROSS JOIN derivation o CROSS JOIN event vi CROSS JOIN event vo
WHERE i.key IN (:keys) AND i.role = 'input' AND o.process = i.process AND o.time = i.time
  AND o.role = 'output' AND vi.id = i.event AND vo.id = o.event AND {{which}}
LIMIT {MOST_ROWS}
"""  # noqa: S608 -- constants of this module
_MADE_OF_ITSELF = _MADE.format(which="o.key = i.key")
_MADE_OF_OTHERS = _MADE.format(
    which="""o.key <> i.key AND EXISTS (
    SELECT 1 FROM derivation n WHERE n.key = o.key AND n.time = o.time AND n.role = 'input')"""
)

_PROCESSES = f"""
SELECT d.process, d.event, v.event_id, d.time, d.role, d.quantity, d.uom
FROM derivation d CROSS JOIN event v
WHERE d.process IN (SELECT process FROM derivation WHERE key IN (:keys) AND role = 'output')
  AND v.id = d.event
LIMIT {MOST_ROWS}
"""  # noqa: S608 -- constants of this module

_MADE_BY = "SELECT key, process FROM derivation WHERE key IN (:keys) AND role = 'output'"
_LOTS_OF = "SELECT instance, lot FROM membership WHERE instance IN (:keys)"
_INSTANCES = """
SELECT DISTINCT lot, lot FROM membership WHERE lot IN (:keys) AND instance LIKE '%/21/%'
"""  # a lot is told with its variants, too
# Units that are told to be of more than one lot are few; of all others a look is enough.
_LOTS_TOLD = f"""
SELECT m.instance, m.lot, v.event_time, v.id, v.event_id
FROM membership m CROSS JOIN event v
WHERE m.instance IN (:keys) AND v.id = m.event AND EXISTS (
  SELECT 1 FROM membership o WHERE o.instance = m.instance AND o.lot <> m.lot)
ORDER BY m.instance LIMIT {MOST_ROWS}
"""  # noqa: S608 -- constants of this module
_PLACES = "SELECT id, attributes FROM master_data WHERE id IN (:keys)"


def problems(
    read: ReadAll, keys: Iterable[str], at: datetime, policy: TracePolicy
) -> list[Problem]:
    """Where the records of these keys do not fit together, the oldest first."""
    wanted = list(keys)[:MOST_JUDGED]
    judge = _Judge(read, wanted, filter(is_unit, wanted))
    return sorted(judge.all(at, policy), key=lambda each: (each.time, each.key))


def problems_of_unit(
    read: ReadAll, gtin: str, lot: str | None, serial: str | None, at: datetime, policy: TracePolicy
) -> list[Problem]:
    """The same for a scanned unit and its lot; nothing where no event names either.

    Events may alone know the lot.
    """
    keys = _keys_of_unit(gtin, lot, serial)
    units = keys[-1:] if serial is not None else []
    lots = {row[1]: None for row in read.of_keys(_LOTS_OF, units)}
    keys += [lot for lot in lots if lot not in keys]
    judge = _Judge(read, keys, units if len(lots) > 1 else ())
    told = sorted(
        (each for story in judge.stories for each in story.sightings), key=lambda each: each.time
    )
    if not told:
        return []
    found = list(judge.all(at, policy))
    if not any(begins(each) for each in told):
        found.append(Problem("no-origin", told[0].key, told[0].time, (told[0].told,)))
    return sorted(found, key=lambda each: (each.time, each.key))


def _keys_of_unit(gtin: str, lot: str | None, serial: str | None) -> list[str]:
    product = ElementString("01", gtin)
    return [
        digital_link.build([product, ElementString(ai, value)])
        for ai, value in (("10", lot), ("21", serial))
        if value is not None
    ]


class _Judge:
    """The events of some keys, read together, and what the rules find in them."""

    def __init__(self, read: ReadAll, keys: Iterable[str], units: Iterable[str]) -> None:
        """`units` are those of the keys that may be told to be of two lots."""
        self._read, self._units = read, list(units)
        self.stories = stories(read, keys)

    def all(self, at: datetime, policy: TracePolicy) -> Iterable[Problem]:
        for story in self.stories:
            yield from _of_each(story, gaps.order(story.sightings))
        # Keys of one story were put in and taken out by the same events.
        stays = self._read.of_keys(_HELD, [story.keys[0] for story in self.stories])
        yield from self._handovers(self._held(stays), at, policy)
        inside = {child for child, parent, *_ in stays if child == parent}
        yield from rings("inside-itself", sorted(inside), self._stays_of)
        yield from self._made_of_themselves()
        yield from self._of_two_lots()
        yield from self._travel(policy)
        yield from self._balances(policy)

    def _handovers(
        self, held: dict[str, list[Sighting]], at: datetime, policy: TracePolicy
    ) -> Iterable[Problem]:
        found: list[Problem] = []
        for story in self.stories:
            key = story.keys[0]
            steps = _stages(story.sightings) + held.get(key, [])
            found += _of_each(story, gaps.handovers(key, steps, at, policy))
        doubtful = {problem.key for problem in found}
        # Goods that its own pieces or the contents of a box tell of are told of enough.
        apart = {row[0] for row in self._read.of_keys(_INSTANCES, filter(is_lot, doubtful))}
        boxes = [key for key in doubtful if not key.startswith(f"{STEM}/01/")]
        inside = contents(self._read, boxes)
        for problem in found:
            if problem.key not in apart and not _told_by(problem, inside.get(problem.key, [])):
                yield problem

    def _held(self, stays: Sequence[tuple[Any, ...]]) -> dict[str, list[Sighting]]:
        """Of each key the steps by which goods change hands, of its containers with it in them."""
        if not stays:
            return {}
        first = min(since for _, _, since, _ in stays)
        of_parents = handed(self._read, {parent for _, parent, _, _ in stays}, first)
        found: dict[str, list[Sighting]] = defaultdict(list)
        for child, parent, since, until in stays:
            if parent in of_parents:
                start, end = plain.time(since), until and plain.time(until)
                found[child] += [
                    each for each in of_parents[parent]
                    if start <= each.time and (end is None or each.time <= end)
                ]  # fmt: skip
        return found

    def _stays_of(self, keys: Iterable[str]) -> Iterable[Way]:
        for child, parent, since, until, number, event_id in self._read.of_keys(_STAYS, keys):
            told = (Told(number, event_id),)
            yield Way(child, parent, plain.time(since), until and plain.time(until), told)

    def _made_of_themselves(self) -> Iterable[Problem]:
        doubtful = {
            key
            for story in self.stories if _is_made_when_used(story.sightings)
            for key in story.keys
        }  # fmt: skip
        if not doubtful:
            return
        alone = list(rings(_MADE_OF_IT, sorted(doubtful), partial(self._made, _MADE_OF_ITSELF)))
        yield from alone
        others = sorted(doubtful - {problem.key for problem in alone})
        yield from rings(_MADE_OF_IT, others, partial(self._made, _MADE_OF_OTHERS))

    def _made(self, statement: str, keys: Iterable[str]) -> Iterable[Way]:
        for key, made, by_class, time, used_id, used, made_id, made_by in self._read.of_keys(
            statement, keys
        ):
            at = plain.time(time)
            if _is_goods(made, by_class):
                told = (Told(used_id, used), Told(made_id, made_by))
                yield Way(key, made, at, at + _MICROSECOND, told)

    def _of_two_lots(self) -> Iterable[Problem]:
        if not self._units:
            return
        said: dict[str, list[LotTold]] = defaultdict(list)
        for key, lot, time, *told in self._read.of_keys(_LOTS_TOLD, self._units):
            # A lot is one lot with and without its variant.
            said[key].append(LotTold(lot_of_variant(lot) or lot, plain.time(time), Told(*told)))
        for key, lots in said.items():
            yield from gaps.two_lots(key, lots)

    def _travel(self, policy: TracePolicy) -> Iterable[Problem]:
        moving = [story for story in self.stories if not is_lot(story.keys[0])]
        places = {each.place for story in moving for each in story.sightings if each.place}
        if len(places) < 2:
            return
        where = _coordinates(self._read, places)
        for story in moving:
            yield from _of_each(story, gaps.travel(story.sightings, where, policy))

    def _balances(self, policy: TracePolicy) -> Iterable[Problem]:
        makers = [
            key
            for story in self.stories if any(each.role == _OUTPUT for each in story.sightings)
            for key in story.keys
        ]  # fmt: skip
        if not makers:
            return
        processes: dict[str, list[Amount]] = defaultdict(list)
        for row in self._read.of_keys(_PROCESSES, makers):
            quantity = None if row[5] is None else from_micro(row[5])
            processes[row[0]].append(
                Amount(Told(row[1], row[2]), plain.time(row[3]), row[4] == "output", quantity,
                       row[6])
            )  # fmt: skip
        made_by = {process: key for key, process in self._read.of_keys(_MADE_BY, makers)}
        for process, key in made_by.items():
            yield from gaps.balance(key, processes[process], policy)


def _of_each(story: Story, found: Iterable[Problem]) -> Iterator[Problem]:
    """What was found in a story, of each of its keys."""
    return (problem._replace(key=key) for problem in found for key in story.keys)


def _stages(sightings: Iterable[Sighting]) -> list[Sighting]:
    return [each for each in sightings if each.step in STAGES]


def _is_made_when_used(own: Sequence[Sighting]) -> bool:
    """Whether goods go into a process and come out of one at one moment."""
    used = {each.time for each in own if each.role == _INPUT}
    return bool(used) and any(
        each.role == _OUTPUT and each.time in used and _is_goods(each.key, each.by_class)
        for each in own
    )


def _is_goods(key: str, by_class: bool) -> bool:
    """Whether it is a lot or one thing, and nothing that is filled again."""
    return not is_asset(key) and (is_lot(key) or not by_class)


def _told_by(problem: Problem, contents: Iterable[Sighting]) -> bool:
    """Whether what was inside tells the missing end of a handover."""
    if problem.kind == "not-received":
        return any(each.step != gaps.SHIPPING and each.time >= problem.time for each in contents)
    return any(each.step == gaps.SHIPPING and each.time <= problem.time for each in contents)


def _coordinates(read: ReadAll, places: Iterable[str]) -> dict[str, tuple[float, float]]:
    """Latitude and longitude, in degrees, of the places that tell them.

    A place tells them by its own name (a geo URI, RFC 5870) or by the master data (CBV 2.0).
    """
    found: dict[str, tuple[float, float]] = {}
    plain_places = []
    for place in places:
        if place.startswith("geo:"):
            _keep(found, place, place.removeprefix("geo:").partition(";")[0].split(",")[:2])
        else:
            plain_places.append(place)
    for name, told in read.of_keys(_PLACES, plain_places):
        attributes = bare_attributes(plain.json(told, []))
        _keep(found, name, [attributes.get("latitude", ""), attributes.get("longitude", "")])
    return found


def _keep(found: dict[str, tuple[float, float]], place: str, told: Sequence[str]) -> None:
    try:
        latitude, longitude = (float(Decimal(each)) for each in told)
    except (ArithmeticError, ValueError):
        return  # no position: nothing is judged by it
    if abs(latitude) <= 90 and abs(longitude) <= 180:
        found[place] = (latitude, longitude)
