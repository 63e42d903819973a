"""Where records do not fit together: rules over what events tell of one thing.

    not-received   shipped, and nobody has recorded a receipt since
    not-shipped    received, and nobody recorded that it was shipped
    before-origin  something happened to goods before they began
    after-end      something happened to goods after they were destroyed
    inside-itself  a container in what is inside it, all at one time
    made-of-itself goods that went into what they came out of, at that moment
    two-lots       a unit that events tell to be of different lots
    balance        a process made more of a unit than it took
    travel         seen at two places that are too far apart for the time between them

None of them says that anybody did wrong: a record may be late, and a household keeps none. Each
names the events that it rests on.

>>> from datetime import UTC, datetime
>>> monday, friday = (datetime(2026, 11, day, tzinfo=UTC) for day in (16, 20))
>>> shipped = Sighting("crate", monday, Told(1, "urn:vd:1"), "epc", step="shipping")
>>> begun = Sighting("crate", friday, Told(2, "urn:vd:2"), "epc", "ObjectEvent", "ADD")
>>> [(each.kind, [told.event_id for told in each.events]) for each in order([shipped, begun])]
[('before-origin', ['urn:vd:1', 'urn:vd:2'])]
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from traceability.events.distance import distance_km
from traceability.events.models import EpcRole
from traceability.events.policy import TracePolicy
from traceability.events.tracing.keys import is_asset

SHIPPING = "shipping"
RECEIPTS = frozenset({"receiving", "accepting"})
ARRIVALS = RECEIPTS | {"arriving"}
STAGES = ARRIVALS | {SHIPPING}
"""Steps by which goods change hands."""
_BASE: Mapping[str, tuple[str, Decimal]] = {
    "GRM": ("KGM", Decimal("0.001")), "TNE": ("KGM", Decimal(1000)),
    "MLT": ("LTR", Decimal("0.001")),
}  # fmt: skip
"""Units that are summed with a larger or a smaller one."""


class Told(NamedTuple):
    """An event, by its row and its eventID."""

    id: int
    event_id: str


class Sighting(NamedTuple):
    """What an event says of a key."""

    key: str
    time: datetime
    told: Told
    role: str
    kind: str = "ObjectEvent"
    action: str | None = None
    step: str | None = None
    place: str | None = None
    receivers: frozenset[str] = frozenset()
    """GLNs to whom the goods went, where a shipment or a receipt says so."""
    by_class: bool = False


class Problem(NamedTuple):
    kind: str
    key: str
    time: datetime
    events: tuple[Told, ...]


class Amount(NamedTuple):
    """An input or an output of a process."""

    told: Told
    time: datetime
    is_output: bool
    quantity: Decimal | None
    uom: str | None


class LotTold(NamedTuple):
    """An event says of which lot a unit is."""

    lot: str
    time: datetime
    told: Told


def begins(sighting: Sighting) -> bool:
    """Whether goods begin: commissioned (EPCIS 2.0 section 7.4.2, ADD), or made in a process."""
    if sighting.role == EpcRole.OUTPUT:
        return not is_asset(sighting.key)  # a crate is only filled anew
    return (sighting.kind, sighting.action, sighting.role) == ("ObjectEvent", "ADD", EpcRole.EPC)


def _ends(sighting: Sighting) -> bool:
    """Part of a lot may be destroyed, and the rest goes on; an instance ends once."""
    if sighting.by_class or sighting.role != EpcRole.EPC:
        return False
    return sighting.action == "DELETE" or sighting.step == "destroying"


def order(sightings: Sequence[Sighting]) -> Iterator[Problem]:
    """The first thing that happened before the beginning, and the first after the end."""
    ordered = sorted(sightings, key=lambda each: (each.time, each.told))
    begun = next((each for each in ordered if begins(each)), None)
    if begun is not None and ordered[0].time < begun.time:
        yield _between("before-origin", ordered[0], begun)
    end: Sighting | None = None
    for each in ordered:
        if begins(each):
            end = None
        elif end is not None and each.time > end.time and not _ends(each):
            yield _between("after-end", each, end)
            return
        if _ends(each) and end is None:
            end = each


def _between(kind: str, wrong: Sighting, other: Sighting) -> Problem:
    return Problem(kind, wrong.key, wrong.time, (wrong.told, other.told))


def two_lots(key: str, said: Iterable[LotTold]) -> Iterator[Problem]:
    """A unit of several lots, of which one can be right; each with the first event that tells it.

    It stays in all of them: a recall of any reaches it until an event is declared to be in error.
    """
    first: dict[str, LotTold] = {}
    for each in sorted(said, key=lambda each: (each.time, each.told)):
        first.setdefault(each.lot, each)
    if len(first) > 1:
        events = tuple(dict.fromkeys(each.told for each in first.values()))
        yield Problem("two-lots", key, list(first.values())[1].time, events)


def handovers(
    key: str, sightings: Iterable[Sighting], at: datetime, policy: TracePolicy
) -> Iterator[Problem]:
    """Shipments without a receipt, and receipts without a shipment.

    Args:
        key: the goods.
        sightings: the goods' own, and those of the containers that they were in.
        at: the time of asking: a receipt may still be on its way.
        policy: how long it may be.
    """
    ordered = sorted(sightings, key=lambda each: each.time)
    shipments = [each for each in ordered if each.step == SHIPPING]
    arrivals = [each for each in ordered if each.step in ARRIVALS]
    for shipment in shipments:
        late = at - shipment.time > policy.received_within
        if late and not any(_fit(shipment, arrival) for arrival in arrivals):
            yield Problem("not-received", key, shipment.time, (shipment.told,))
    for arrival in arrivals:
        if arrival.step in RECEIPTS and not any(_fit(each, arrival) for each in shipments):
            yield Problem("not-shipped", key, arrival.time, (arrival.told,))


def _fit(shipment: Sighting, arrival: Sighting) -> bool:
    """Whether this arrival may be that shipment's: not earlier, and not at somebody else's."""
    if arrival.time < shipment.time:
        return False
    both = shipment.receivers and arrival.receivers
    return not both or bool(shipment.receivers & arrival.receivers)


def travel(
    sightings: Iterable[Sighting],
    where: Mapping[str, tuple[float, float]],
    policy: TracePolicy,
) -> Iterator[Problem]:
    """The first pair of places that nothing travels between so fast.

    Args:
        sightings: of one instance; of a lot, other parts may be anywhere.
        where: latitude and longitude of the places that have them, in degrees.
        policy: how fast goods may be.
    """
    placed = sorted(
        (each for each in sightings if each.place in where), key=lambda each: (each.time, each.told)
    )
    for before, after in pairwise(placed):
        km = distance_km(*where[str(before.place)], *where[str(after.place)])
        hours = (after.time - before.time + policy.clock_grace).total_seconds() / 3600
        if km > policy.fastest_kmh * hours:
            yield _between("travel", after, before)
            return


def balance(key: str, process: Sequence[Amount], policy: TracePolicy) -> Iterator[Problem]:
    """A process that made more than it took.

    Pieces are not compared (one log is many boards), nor is a process of which an input has no
    quantity: it may explain all of it.
    """
    if any(part.quantity is None for part in process if not part.is_output):
        return
    taken: dict[str, Decimal] = {}
    made: dict[str, Decimal] = {}
    for part in process:
        if part.quantity is not None and part.uom is not None:
            uom, factor = _BASE.get(part.uom, (part.uom, Decimal(1)))
            side = made if part.is_output else taken
            side[uom] = side.get(uom, Decimal(0)) + part.quantity * factor
    if any(made.get(uom, 0) > much * (1 + policy.balance_tolerance) for uom, much in taken.items()):
        last = max(part.time for part in process)
        yield Problem("balance", key, last, tuple(sorted({part.told for part in process})))
