"""What goods a recall reaches: a search in the traces, down from what it names.

A recall of goods stays with them: a lot reaches its serials. A recall of what was made from inputs
follows every process. What was mixed on the way is possible and no longer certain; both are
recalled, since food of a batch that may hold what is unsafe is kept from people until somebody
has shown otherwise. Who inspects sees which is which. A product without a lot that comes out of a
process is never certain: such a key stands for every unit of it.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlmodel import Session

from traceability.actor import Actor, Role
from traceability.events.models import RecallScope
from traceability.events.recalling import repository
from traceability.events.recalling.goods import Part, key_of_goods, lot_in, part_of
from traceability.events.tracing import repository as traces
from traceability.events.tracing.schemas import Certainty
from traceability.events.tracing.search import Search, Step
from traceability.events.tracing.trace import shown_steps, times_of
from traceability.events.tracing.view import View
from traceability.registry import repository as registry
from traceability.registry.models import Product

EVERYTHING = Actor(Role.AUDITOR, name="recall")
"""In whose name a recall is worked out: trade between others does not hide goods from it."""
MOST_KEYS = 20_000
"""Goods and carriers of one recall."""
MOST_STEPS = 40_000
"""Of a process with many inputs and outputs: then each of its outputs is named by one way."""
_ROWS_A_KEY = 10


class Reached(NamedTuple):
    """Goods, or what carries them."""

    key: str
    is_carrier: bool
    part: Part | None
    product: Product | None
    certainty: Certainty
    time: int
    """From when on it is affected, in ticks; before every time for its whole life."""


@dataclass(frozen=True, slots=True)
class Reach:
    """What a recall reaches, with the way there."""

    reached: Sequence[Reached]
    steps: Sequence[Step]
    told: dict[int, traces.Evidence]
    """By their rows, the events that the actor may see."""
    view: View
    truncated: bool

    @property
    def goods(self) -> list[Reached]:
        return [each for each in self.reached if not each.is_carrier]

    @property
    def carriers(self) -> list[Reached]:
        return [each for each in self.reached if each.is_carrier]


def reach(
    session: Session,
    actor: Actor,
    scope: RecallScope,
    named: Collection[str],
    *,
    most_keys: int = MOST_KEYS,
) -> Reach:
    """What these canonical keys reach, as far as events tell that the actor may see."""
    starts = _expanded(session, named, most_keys)
    made_from = scope is RecallScope.MADE_FROM
    view = View(session.connection(), mirrored=False, most_rows=_ROWS_A_KEY * most_keys)

    search = Search(view, *starts, most_keys=most_keys, made_from=made_from)
    search.most_steps = MOST_STEPS
    found = search.run(None)
    told = traces.evidence(session, actor, {step.event for step in found.steps})
    steps = shown_steps(found, told, starts)
    times = times_of(found, steps, starts, whole=actor.sees_everything)
    truncated = found.truncated or len(starts) >= most_keys
    reached = _reached(session, times, search, starts)
    return Reach(reached, steps, told, view, truncated)


def _expanded(session: Session, named: Collection[str], most_keys: int) -> list[str]:
    """The starts with what belongs to them by their names and by the register.

    Membership in a lot that events tell of is the search's own affair.
    """
    found = dict.fromkeys(sorted(named))
    for key in sorted(named):
        part = part_of(key)
        if part is None:
            continue
        room = max(most_keys - len(found), 0)
        if not part.name:
            found.update(dict.fromkeys(repository.keys_within(session, key, room)))
        elif lot := lot_in(part.name):
            issued = repository.registered_serials(session, part.gtin, lot, room)
            found.update((key_of_goods(part.gtin, None, serial), None) for serial in issued)
    return list(found)[:most_keys]


def _reached(
    session: Session, times: dict[str, int], search: Search, starts: Collection[str]
) -> list[Reached]:
    parts = {key: part_of(key) for key in times}
    products = registry.products_with_gtins(
        session, {part.gtin for part in parts.values() if part is not None}
    )
    goods, certain = search.goods, search.found.certain
    found = []
    for key, time in times.items():
        part = parts[key]
        whole_product = part is not None and not part.name and key not in starts
        sure = key in certain and not whole_product
        certainty = Certainty.CERTAIN if sure else Certainty.POSSIBLE
        product = products.get(part.gtin) if part else None
        found.append(Reached(key, key not in goods, part, product, certainty, time))
    return found
