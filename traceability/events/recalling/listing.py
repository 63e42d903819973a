"""The goods of a recall on record, as everybody or who conducts it may read them."""

from collections.abc import Sequence

from sqlmodel import Session

from traceability.actor import Actor
from traceability.events.models import Recall
from traceability.events.recalling import repository
from traceability.events.recalling.goods import lot_in, part_of, serial_in
from traceability.events.recalling.models import RecallGoods
from traceability.events.recalling.schemas import GoodsOut
from traceability.events.tracing.schemas import Certainty
from traceability.registry import repository as registry


def goods(
    session: Session, actor: Actor, recall: Recall, *, after_id: int = 0, limit: int = 50
) -> Sequence[RecallGoods]:
    """What is recalled; an authority sees all that is reached, and what was after the closing."""
    return repository.goods_of(
        session, recall.id or 0, in_force=not actor.sees_everything, after_id=after_id,
        limit=limit,
    )  # fmt: skip


def describe(session: Session, rows: Sequence[RecallGoods]) -> list[GoodsOut]:
    """The rows with the names of their products."""
    products = registry.products_by_id(
        session, {row.product_id for row in rows if row.product_id is not None}
    )
    found = []
    for row in rows:
        part = part_of(row.key)
        product = products.get(row.product_id or 0)
        found.append(
            GoodsOut(
                key=row.key,
                gtin=part.gtin if part else None,
                product_name=product.name if product else None,
                lot=lot_in(row.part),
                serial=serial_in(row.part),
                certainty=Certainty(row.certainty),
                since=row.since,
                in_force=row.in_force,
            )
        )
    return found
