"""Reads of what a recall reaches: keys of a product, quantities, places, who is concerned."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from traceability.actor import Actor
from traceability.events.facts import PARTY
from traceability.events.models import EpcRole, Event, EventEpc, EventValue, Recall
from traceability.events.recalling.models import (
    RecallAnswer,
    RecallGoods,
    RecallHolder,
    RecallNotice,
    RecallStart,
    RecallWebhook,
)
from traceability.events.tracing.models import Membership
from traceability.events.tracing.reading import is_among
from traceability.events.visibility import readable
from traceability.registry.models import Lot, Party, PartyKind, Product, Serial
from traceability.registry.repository import chunks

_EVENT: sa.Table = Event.__table__  # type: ignore[attr-defined]
_EPC: sa.Table = EventEpc.__table__  # type: ignore[attr-defined]
_VALUE: sa.Table = EventValue.__table__  # type: ignore[attr-defined]
_MEMBERSHIP: sa.Table = Membership.__table__  # type: ignore[attr-defined]
_AT_ONCE = 1000
_NAMED: sa.ColumnElement[str] = sa.literal_column(f"'{PARTY}'")
"""Written out: an index over parties alone (ix_event_value_party) is of no use to a parameter."""
_NO_TRADERS = (PartyKind.AGENCY, PartyKind.TAX)


# What a recall begins with


def keys_within(session: Session, key: str, limit: int) -> list[str]:
    """The lots and units of a product that events name, of its key without a lot."""
    names = ((_EPC, _EPC.c.key), (_MEMBERSHIP, _MEMBERSHIP.c.lot))
    found: set[str] = set()
    for table, name in names:
        # All that begins with the key and a slash: "0" is the sign behind it.
        rows = session.connection().execute(
            sa.select(name).select_from(table).where(name > f"{key}/", name < f"{key}0")
            .distinct().limit(limit)
        )  # fmt: skip
        found.update(rows.scalars())
    return sorted(found)[:limit]


def registered_serials(session: Session, gtin: str, lot: str, limit: int) -> Sequence[str]:
    """The serials that were issued in a lot."""
    return session.exec(
        select(Serial.serial)
        .join(Lot, col(Lot.id) == col(Serial.lot_id))
        .join(Product, col(Product.id) == col(Lot.product_id))
        .where(col(Product.gtin) == gtin, col(Lot.lot) == lot)
        .limit(limit)
    ).all()


def handled_by(session: Session, party_id: int, key: str) -> bool:
    """Whether the party itself has recorded an event with these goods."""
    return (
        session.connection()
        .execute(
            sa.select(_EPC.c.event)
            .join(_EVENT, _EVENT.c.id == _EPC.c.event)
            .where(_EPC.c.key == key, _EVENT.c.party_id == party_id, _EVENT.c.in_error.is_(False))
            .limit(1)
        )
        .first()
        is not None
    )


def starts(session: Session, recall_id: int) -> list[str]:
    """The keys that a recall begins with, in order."""
    return starts_of(session, [recall_id])[recall_id]


def starts_of(session: Session, recall_ids: Collection[int]) -> dict[int, list[str]]:
    """The starts of several recalls, in order."""
    found: dict[int, list[str]] = {number: [] for number in recall_ids}
    rows = session.exec(
        select(RecallStart)
        .where(col(RecallStart.recall_id).in_(recall_ids))
        .order_by(col(RecallStart.key))
    )
    for row in rows:
        found[row.recall_id].append(row.key)
    return found


# Of the goods that are reached


def quantities(session: Session, actor: Actor, keys: Iterable[str]) -> Sequence[Any]:
    """How much of each class events tell of: key, role, action, quantity, uom."""
    told = sa.or_(
        _EPC.c.role.in_([EpcRole.INPUT, EpcRole.OUTPUT]),
        sa.and_(_EPC.c.role == EpcRole.EPC, _EVENT.c.action.in_(["ADD", "DELETE"])),
    )
    columns = _EPC.c.key, _EPC.c.role, _EVENT.c.action, _EPC.c.quantity, _EPC.c.uom
    asked = _of_keys(session, actor, keys, *columns).where(_EPC.c.by_class.is_(True), told)
    return session.connection().execute(asked).all()


def events_of_classes(session: Session, actor: Actor, keys: Iterable[str]) -> Sequence[Any]:
    """Who has told of each class, and when last: key, party_id, time."""
    columns = _EPC.c.key, _EVENT.c.party_id
    asked = _of_keys(session, actor, keys, *columns, sa.func.max(_EPC.c.time).label("time"))
    return session.connection().execute(asked.group_by(*columns)).all()


def named_in_classes(session: Session, actor: Actor, keys: Iterable[str]) -> Sequence[Any]:
    """Whose GLN the events of each class name, and when last: key, gln, time."""
    named = _VALUE.alias("named")  # apart from the values by which an event may be read
    columns = _EPC.c.key, named.c.value.label("gln")
    asked = (
        _of_keys(session, actor, keys, *columns, sa.func.max(_EPC.c.time).label("time"))
        .join(named, sa.and_(named.c.event == _EVENT.c.id, named.c.name == _NAMED))
        .group_by(*columns)
    )
    return session.connection().execute(asked).all()


def _of_keys(
    session: Session, actor: Actor, keys: Iterable[str], *columns: sa.ColumnElement[Any]
) -> sa.Select[Any]:
    """From what events that are in force and that the actor may see say of these keys."""
    return (
        sa.select(*columns)
        .select_from(_EPC)
        .join(_EVENT, _EVENT.c.id == _EPC.c.event)
        .where(
            is_among(session.connection(), _EPC.c.key, sorted(keys)),
            _EVENT.c.in_error.is_(False),
            readable(actor),
        )
    )


def glns_of_events(session: Session, events: Collection[int]) -> dict[int, list[str]]:
    """The GLNs of the parties that each event names."""
    among = is_among(session.connection(), _VALUE.c.event, sorted(events))
    rows = session.connection().execute(
        sa.select(_VALUE.c.event, _VALUE.c.value).where(among, _VALUE.c.name == _NAMED)
    )
    found: dict[int, list[str]] = {}
    for event, gln in rows.all():
        found.setdefault(event, []).append(gln)
    return found


def traders_with_glns(session: Session, glns: Iterable[str]) -> dict[str, Party]:
    found: dict[str, Party] = {}
    for part in chunks(sorted(set(glns)), _AT_ONCE):
        rows = session.exec(select(Party).where(col(Party.gln).in_(part)))
        found.update((row.gln, row) for row in rows if row.gln and row.kind not in _NO_TRADERS)
    return found


def is_trader(party: Party) -> bool:
    """Whether it may hold goods: an agency that records an event does not."""
    return party.kind not in _NO_TRADERS


# Of recalls on record


def goods_of(
    session: Session,
    recall_id: int,
    *,
    in_force: bool = False,
    after_id: int = 0,
    limit: int = 50,
) -> Sequence[RecallGoods]:
    """What a recall reaches, in the order in which it was found, without carriers."""
    found = select(RecallGoods).where(
        col(RecallGoods.recall_id) == recall_id,
        col(RecallGoods.is_carrier).is_(False),
        col(RecallGoods.id) > after_id,
    )
    if in_force:
        found = found.where(col(RecallGoods.in_force).is_(True))
    return session.exec(found.order_by(col(RecallGoods.id)).limit(limit)).all()


def known_goods(session: Session, recall_id: int) -> dict[str, Any]:
    """What is kept of each of the goods and carriers, by key; as rows, they may be many."""
    rows = session.execute(
        sa.select(
            col(RecallGoods.id), col(RecallGoods.key), col(RecallGoods.certainty),
            col(RecallGoods.is_carrier), col(RecallGoods.product_id), col(RecallGoods.in_force),
        ).where(col(RecallGoods.recall_id) == recall_id)
    )  # fmt: skip
    return {row.key: row for row in rows}


def goods_lines(session: Session, recall_id: int) -> list[str]:
    """What is kept of each of the goods and carriers, as one line, for a digest."""
    rows = session.execute(
        sa.select(
            col(RecallGoods.key), col(RecallGoods.certainty), col(RecallGoods.is_carrier),
            col(RecallGoods.in_force), col(RecallGoods.product_id), col(RecallGoods.part),
        ).where(col(RecallGoods.recall_id) == recall_id)
    )  # fmt: skip
    return [
        f"{key} {certainty} {carrier:d} {in_force:d} {product_id} {part}"
        for key, certainty, carrier, in_force, product_id, part in rows
    ]


def goods_known_to(
    session: Session, actor: Actor, recall_id: int, limit: int
) -> Sequence[RecallGoods]:
    """Goods of a recall that events tell of which this member may see, or whose product it owns."""
    named = sa.exists().where(
        _EPC.c.key == col(RecallGoods.key), _EPC.c.event == _EVENT.c.id, readable(actor)
    )
    owned = col(RecallGoods.product_id).in_(
        sa.select(col(Product.id)).where(col(Product.producer_id) == (actor.party_id or -1))
    )
    found = select(RecallGoods).where(
        col(RecallGoods.recall_id) == recall_id,
        col(RecallGoods.is_carrier).is_(False),
        sa.or_(owned, named),
    )
    return session.exec(found.order_by(col(RecallGoods.id)).limit(limit)).all()


def holders(session: Session, recall_id: int) -> Sequence[RecallHolder]:
    """Whom a recall concerns, those with most of the goods first."""
    return session.exec(
        select(RecallHolder)
        .where(col(RecallHolder.recall_id) == recall_id)
        .order_by(col(RecallHolder.goods).desc(), col(RecallHolder.party_id))
    ).all()


def holder(session: Session, recall_id: int, party_id: int) -> RecallHolder | None:
    return session.get(RecallHolder, (recall_id, party_id))


def recalls_held(
    session: Session,
    party_id: int,
    *,
    status: str | None = None,
    before_id: int | None = None,
    limit: int = 50,
) -> Sequence[Recall]:
    """Recalls that concern a party, the newest first."""
    concerned = sa.select(col(RecallHolder.recall_id)).where(
        col(RecallHolder.party_id) == party_id
    )  # fmt: skip
    found = select(Recall).where(col(Recall.id).in_(concerned))
    if status is not None:
        found = found.where(col(Recall.status) == status)
    if before_id is not None:
        found = found.where(col(Recall.id) < before_id)
    return session.exec(found.order_by(col(Recall.id).desc()).limit(limit)).all()


def newest_answers(
    session: Session, recall_ids: Collection[int], party_id: int | None = None
) -> dict[tuple[int, int], RecallAnswer]:
    """The answer that stands, by recall and party."""
    newest = sa.select(sa.func.max(col(RecallAnswer.id))).where(
        col(RecallAnswer.recall_id).in_(recall_ids)
    )
    if party_id is not None:
        newest = newest.where(col(RecallAnswer.party_id) == party_id)
    newest = newest.group_by(col(RecallAnswer.recall_id), col(RecallAnswer.party_id))
    rows = session.exec(select(RecallAnswer).where(col(RecallAnswer.id).in_(newest)))
    return {(row.recall_id, row.party_id): row for row in rows}


def answers(session: Session, recall_id: int) -> Sequence[RecallAnswer]:
    """Everything that was answered, in order."""
    return session.exec(
        select(RecallAnswer)
        .where(col(RecallAnswer.recall_id) == recall_id)
        .order_by(col(RecallAnswer.id))
    ).all()


def webhooks_of(session: Session, party_ids: Iterable[int]) -> Sequence[RecallWebhook]:
    wanted = sorted(set(party_ids))
    return session.exec(select(RecallWebhook).where(col(RecallWebhook.party_id).in_(wanted))).all()


def newest_notices(session: Session, webhook_id: str, limit: int) -> Sequence[RecallNotice]:
    """The newest messages to a webhook."""
    rows = select(RecallNotice).where(col(RecallNotice.webhook_id) == webhook_id)
    return session.exec(rows.order_by(col(RecallNotice.id).desc()).limit(limit)).all()
