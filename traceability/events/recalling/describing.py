"""A reach as it is shown before a recall is opened, and while it runs."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal

from sqlmodel import Session

from traceability.actor import Actor
from traceability.events.identifiers import gln_of
from traceability.events.models import EpcRole
from traceability.events.recalling import repository
from traceability.events.recalling.goods import lot_in, serial_in
from traceability.events.recalling.holders import Holding, holders
from traceability.events.recalling.reach import Reach, Reached
from traceability.events.recalling.schemas import (
    Amount,
    GoodsOut,
    HolderOut,
    PlaceOut,
    ReachOut,
)
from traceability.events.tracing.schemas import Certainty, Whereabouts
from traceability.events.tracing.trace import balances_of, edge_of
from traceability.events.tracing.view import moment_of
from traceability.events.tracing.whereabouts import last_seen, whereabouts
from traceability.registry.models import Party, Product

MOST_LISTED = 1_000
"""Entries of each list; the numbers beside them are of the whole."""


def takes_effect(product: Product | None, owner_id: int | None) -> bool:
    """Whether verdicts call these goods recalled as soon as the recall is opened.

    An owner recalls what is its own; the goods of others that were made from it wait for an
    authority, since anybody could record an event that leads to a competitor's goods.
    """
    return product is not None and owner_id in (None, product.producer_id)


def described(
    session: Session, actor: Actor, found: Reach, named: Iterable[str], owner_id: int | None
) -> ReachOut:
    """What is reached, where it is and who has it, as far as the actor may see."""
    goods = sorted(found.goods, key=lambda each: (each.certainty, each.time, each.key))
    keys = [each.key for each in goods]
    certain = sum(each.certainty is Certainty.CERTAIN for each in goods)
    listed = [_goods(each, owner_id) for each in goods]
    seen = last_seen(session, actor, found.view, keys)
    concerned = holders(session, actor, found, seen)
    amounts, told = _amounts(session, actor, keys)
    edges = found.steps[:MOST_LISTED]
    times = [holding.last_time for _, holding in concerned if holding.last_time]
    return ReachOut(
        inputs=sorted(named)[:MOST_LISTED],
        certain=certain,
        possible=len(goods) - certain,
        lots=sum(each.lot is not None for each in listed),
        serials=sum(each.serial is not None for each in listed),
        in_force=sum(each.in_force for each in listed),
        goods=listed,
        carriers=sorted(each.key for each in found.carriers)[:MOST_LISTED],
        amounts=amounts,
        unknown=len(set(keys) - told),
        processes=balances_of(
            found.view, list(found.steps), found.told, whole=actor.sees_everything
        )[:MOST_LISTED],
        places=_places(session, whereabouts(session, actor, seen).values()),
        holders=[_holder(party, each) for party, each in concerned[:MOST_LISTED]],
        last_time=max(times, default=None),
        steps=len(found.steps),
        paths=[edge_of(step, found.told[step.event], up=False) for step in edges],
        truncated=found.truncated,
    )


def _goods(each: Reached, owner_id: int | None) -> GoodsOut:
    part, product = each.part, each.product
    return GoodsOut(
        each.key,
        part.gtin if part else None,
        product.name if product else None,
        lot_in(part.name) if part else None,
        serial_in(part.name) if part else None,
        each.certainty,
        moment_of(each.time),
        takes_effect(product, owner_id),
    )


def _holder(party: Party, holding: Holding) -> HolderOut:
    return HolderOut(
        party_id=party.id or 0, name=party.name, goods=len(holding.keys),
        last_time=holding.last_time,
    )  # fmt: skip


def _places(session: Session, seen: Iterable[Whereabouts]) -> list[PlaceOut]:
    counts: Counter[str] = Counter()
    latest: dict[str, datetime] = {}
    for each in seen:
        counts[each.place] += 1
        latest[each.place] = max(each.time, latest.get(each.place, each.time))
    shown = counts.most_common(MOST_LISTED)
    glns = {place: gln_of(place) for place, _ in shown}
    parties = repository.traders_with_glns(session, {gln for gln in glns.values() if gln})
    names = {place: parties[gln].name for place, gln in glns.items() if gln in parties}
    return [
        PlaceOut(
            place=place, party_name=names.get(place), goods=count, last_time=latest[place]
        )
        for place, count in shown
    ]  # fmt: skip


def _amounts(session: Session, actor: Actor, keys: Sequence[str]) -> tuple[list[Amount], set[str]]:
    """The balance of the classes by unit, and of which of them a quantity is told."""
    sums: dict[str | None, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    told = set()
    for row in repository.quantities(session, actor, keys):
        if row.quantity is not None:
            told.add(row.key)
            sums[row.uom][_side(row.role, row.action)] += row.quantity
    amounts = [
        Amount(
            uom=uom, begun=of["begun"], used=of["used"], ended=of["ended"],
            left=of["begun"] - of["used"] - of["ended"],
        )
        for uom, of in sorted(sums.items(), key=lambda item: item[0] or "")
    ]  # fmt: skip
    return amounts, told


def _side(role: str, action: str | None) -> str:
    if role == EpcRole.INPUT:
        return "used"
    return "ended" if action == "DELETE" else "begun"
