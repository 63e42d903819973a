"""What somebody who tells of an event is likely to mean: own lots, boxes, places and partners.

Offered, not required: everything can be typed as well. What lies far back is not offered.
"""

from collections.abc import Iterable, Sequence

import orjson
import sqlalchemy as sa
from sqlmodel import Session, col

from gs1 import digital_link
from gs1.element_string import ElementString
from traceability.actor import Actor
from traceability.events.facts import PARTY
from traceability.events.identifiers import canonical, gln_of
from traceability.events.models import EpcRole, Event, EventEpc, EventValue
from traceability.registry import repository as registry
from traceability.registry.goods_repository import readable_lots
from traceability.registry.models import Lot, Party

_EVENT: sa.Table = Event.__table__  # type: ignore[attr-defined]
_EPC: sa.Table = EventEpc.__table__  # type: ignore[attr-defined]
_VALUE: sa.Table = EventValue.__table__  # type: ignore[attr-defined]
_PARTY: sa.Table = Party.__table__  # type: ignore[attr-defined]
_LOOKED_BACK = 300
"""Own events whose goods and places are offered."""
_MOST = 30


def own_lots(session: Session, actor: Actor) -> list[str]:
    """Keys of the newest lots of products that the actor may use the codes of."""
    rows = session.exec(readable_lots(actor).order_by(col(Lot.id).desc()).limit(_MOST)).all()
    gtins = registry.gtins_of(session, {row.product_id for row in rows})
    return [
        digital_link.build(
            [ElementString("01", gtins[row.product_id]), ElementString("10", row.lot)]
        )
        for row in rows
    ]


def handled(session: Session, party_id: int, roles: Iterable[EpcRole]) -> list[str]:
    """Keys that the newest own events name in these roles, the newest first."""
    recent = _recent(party_id).subquery()
    rows = session.connection().execute(
        sa.select(_EPC.c.key)
        .join(recent, recent.c.id == _EPC.c.event)
        .where(_EPC.c.role.in_([str(role) for role in roles]))
        .group_by(_EPC.c.key)
        .order_by(sa.func.max(_EPC.c.event).desc())
        .limit(_MOST)
    )
    return list(rows.scalars())


def _recent(party_id: int) -> sa.Select[tuple[int]]:
    return (
        sa.select(_EVENT.c.id)
        .where(_EVENT.c.party_id == party_id, _EVENT.c.in_error.is_(False))
        .order_by(_EVENT.c.id.desc())
        .limit(_LOOKED_BACK)
    )


def on_their_way(session: Session, party_id: int, gln: str | None) -> list[str]:
    """Keys that others shipped to this GLN, and that no own event names yet."""
    if gln is None:
        return []
    rows = session.connection().execute(
        sa.select(_EPC.c.key)
        .join(_EVENT, _EVENT.c.id == _EPC.c.event)
        .where(_EVENT.c.id.in_(_shipped_to(party_id, gln)), _EPC.c.role == EpcRole.EPC)
        .order_by(_EVENT.c.id.desc())
        .limit(_MOST * 2)
    )
    known = set(handled(session, party_id, [EpcRole.EPC]))
    return [key for key in dict.fromkeys(rows.scalars()) if key not in known][:_MOST]


def _shipped_to(party_id: int, gln: str) -> sa.Select[tuple[int]]:
    """The newest shipments of others that name a GLN."""
    return (
        sa.select(_VALUE.c.event)
        .join(_EVENT, _EVENT.c.id == _VALUE.c.event)
        .where(
            _VALUE.c.name == PARTY, _VALUE.c.value == gln, _EVENT.c.biz_step == "shipping",
            _EVENT.c.in_error.is_(False), _EVENT.c.party_id.is_distinct_from(party_id),
        )
        .order_by(_VALUE.c.event.desc())
        .limit(_MOST)
    )  # fmt: skip


def own_places(session: Session, party_id: int) -> list[str]:
    """GLNs of the places of the newest own events."""
    recent = _recent(party_id).subquery()
    rows = session.connection().execute(
        sa.select(_EVENT.c.biz_location)
        .join(recent, recent.c.id == _EVENT.c.id)
        .where(_EVENT.c.biz_location.is_not(None))
        .group_by(_EVENT.c.biz_location)
        .order_by(sa.func.max(_EVENT.c.id).desc())
        .limit(_MOST)
    )
    return [gln for place in rows.scalars() if (gln := gln_of(place))]


def partners(session: Session, party_id: int, own_gln: str | None) -> list[tuple[str, str]]:
    """GLN and name of those dealt with before, and of those whose goods are on their way."""
    dealt = _EVENT.c.id.in_(_recent(party_id)), _EVENT.c.biz_step.in_(["shipping", "receiving"])
    coming = _EVENT.c.id.in_(_shipped_to(party_id, own_gln)) if own_gln else sa.false()
    bodies = session.connection().execute(
        sa.select(_EVENT.c.body)
        .where(sa.or_(sa.and_(*dealt), coming))
        .order_by(_EVENT.c.id.desc())
        .limit(_MOST)
    )
    glns = list(dict.fromkeys(gln for body in bodies.scalars() for gln in _others(body, own_gln)))
    names = session.connection().execute(
        sa.select(_PARTY.c.gln, _PARTY.c.name).where(_PARTY.c.gln.in_(glns))
    )
    named = {row.gln: row.name for row in names}
    return [(gln, named.get(gln, gln)) for gln in glns]


def _others(body: str, own_gln: str | None) -> Sequence[str]:
    event = orjson.loads(body)
    sides = [
        gln_of(canonical(each[side]))
        for side in ("source", "destination")
        for each in event.get(f"{side}List") or ()
    ]
    return [gln for gln in sides if gln and gln != own_gln]
