"""Reads for the pages of a shop. Each starts from what the registry lets the actor read."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Mapped
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from traceability.actor import Actor
from traceability.invoices.models import Invoice
from traceability.invoices.service import readable as readable_invoices
from traceability.jobs import Job
from traceability.registry import search
from traceability.registry.goods_repository import readable_lots, readable_serials
from traceability.registry.models import Lot, Product, Serial
from traceability.registry.repository import of_own_codes, readable_products

MOST_COUNTED = 10_000
"""Rows are counted up to this many: a page should not wait for five million."""


def own_products(
    session: Session, actor: Actor, *, query: str = "", after_id: int = 0, limit: int = 25
) -> Sequence[Product]:
    """Products that the actor owns or may use the code of, by words of the query."""
    found = _own_products(actor).where(col(Product.id) > after_id)
    if query:
        found = found.where(*search.products_matching(query))
    return session.exec(found.order_by(col(Product.id)).limit(limit)).all()


def _own_products(actor: Actor) -> SelectOfScalar[Product]:
    product_id = cast("Mapped[int]", col(Product.id))
    return readable_products(actor).where(of_own_codes(actor, product_id))


def lots_of(
    session: Session, actor: Actor, product_id: int, *, before_id: int = 0, limit: int = 25
) -> Sequence[Lot]:
    """Lots of a product, the newest first."""
    found = readable_lots(actor).where(col(Lot.product_id) == product_id)
    if before_id:
        found = found.where(col(Lot.id) < before_id)
    return session.exec(found.order_by(col(Lot.id).desc()).limit(limit)).all()


def serials_of(
    session: Session, actor: Actor, product_id: int, *, query: str = "", before_id: int = 0,
    limit: int = 25,
) -> Sequence[Serial]:  # fmt: skip
    """Serials of a product, the newest first; of one lot or with one number when asked."""
    found = readable_serials(actor).where(col(Serial.product_id) == product_id)
    if query:
        lots = sa.select(col(Lot.id)).where(
            col(Lot.product_id) == product_id, col(Lot.lot) == query
        )
        found = found.where(sa.or_(col(Serial.serial) == query, col(Serial.lot_id).in_(lots)))
    if before_id:
        found = found.where(col(Serial.id) < before_id)
    return session.exec(found.order_by(col(Serial.id).desc()).limit(limit)).all()


@dataclass(frozen=True, slots=True)
class DatedLot:
    """A lot with its product, for a list of dates."""

    product_id: int
    product_name: str
    lot_id: int
    lot: str
    expiry_date: date


def lots_expiring(
    session: Session, actor: Actor, first: date, last: date, limit: int
) -> list[DatedLot]:
    """Lots whose expiry date lies between two days, the earliest first."""
    lots = readable_lots(actor).subquery()
    rows = session.execute(
        sa.select(lots.c.product_id, col(Product.name), lots.c.id, lots.c.lot, lots.c.expiry_date)
        .join(Product, col(Product.id) == lots.c.product_id)
        .where(lots.c.expiry_date >= first, lots.c.expiry_date <= last)
        .order_by(lots.c.expiry_date, lots.c.id)
        .limit(limit)
    )
    return [DatedLot(*row) for row in rows]


def counts(session: Session, actor: Actor) -> dict[str, int]:
    """How many products, lots, serials and invoices there are, each up to `MOST_COUNTED`."""
    return {
        "products": _count(session, _own_products(actor), Product.id),
        "lots": _count(session, readable_lots(actor), Lot.id),
        "serials": _count(session, readable_serials(actor), Serial.id),
        "invoices": _count(session, readable_invoices(actor), Invoice.id),
    }


def serial_count(session: Session, actor: Actor, product_id: int) -> int:
    """How many serials of a product there are, up to `MOST_COUNTED`."""
    found = readable_serials(actor).where(col(Serial.product_id) == product_id)
    return _count(session, found, Serial.id)


def _count(session: Session, rows: SelectOfScalar[Any], key: Any) -> int:
    some = rows.with_only_columns(col(key)).limit(MOST_COUNTED).subquery()
    return int(session.execute(sa.select(sa.func.count()).select_from(some)).scalar_one())


def recent_jobs(
    session: Session, actor: Actor, kinds: Collection[str], limit: int = 5
) -> Sequence[Job]:
    """The newest jobs of these kinds of the actor's organisation."""
    if actor.party_id is None:
        return []
    return session.exec(
        select(Job)
        .where(col(Job.party_id) == actor.party_id, col(Job.kind).in_(kinds))
        .order_by(col(Job.id).desc())
        .limit(limit)
    ).all()
