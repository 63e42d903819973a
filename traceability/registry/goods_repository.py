"""Reads of lots and serials: by owner, by who may use the code, and by the authorities."""

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from traceability.actor import Actor
from traceability.registry.models import Lot, Product, Serial
from traceability.registry.repository import MAX_PAGE, chunks, of_own_codes


def readable_lots(actor: Actor) -> SelectOfScalar[Lot]:
    if actor.sees_everything:
        return select(Lot)
    return select(Lot).where(of_own_codes(actor, col(Lot.product_id)))


def readable_serials(actor: Actor) -> SelectOfScalar[Serial]:
    if actor.sees_everything:
        return select(Serial)
    return select(Serial).where(of_own_codes(actor, col(Serial.product_id)))


def lot(session: Session, actor: Actor, lot_id: int) -> Lot | None:
    return session.exec(readable_lots(actor).where(col(Lot.id) == lot_id)).first()


def list_lots(
    session: Session,
    actor: Actor,
    *,
    gtin: str | None = None,
    producer_id: int | None = None,
    after_id: int = 0,
    limit: int = 50,
) -> Sequence[Lot]:
    """Lots of a product (GTIN of 14 digits) or of a producer."""
    found = readable_lots(actor).where(col(Lot.id) > after_id)
    if gtin is not None or producer_id is not None:
        found = found.where(col(Lot.product_id).in_(_products(gtin, producer_id)))
    return session.exec(found.order_by(col(Lot.id)).limit(min(limit, MAX_PAGE))).all()


def _products(gtin: str | None, producer_id: int | None) -> sa.Select[Any]:
    wanted = sa.select(col(Product.id))
    if gtin is not None:
        wanted = wanted.where(col(Product.gtin) == gtin)
    if producer_id is not None:
        wanted = wanted.where(col(Product.producer_id) == producer_id)
    return wanted


def lot_of_product(session: Session, product_id: int, text: str) -> Lot | None:
    """The lot of a product by its number, whoever asks."""
    return session.exec(
        select(Lot).where(col(Lot.product_id) == product_id, col(Lot.lot) == text)
    ).first()


def lot_texts(session: Session, lot_ids: Iterable[int | None]) -> dict[int, str]:
    """The numbers of lots, by id."""
    wanted = sorted({lot_id for lot_id in lot_ids if lot_id is not None})
    return {
        row[0]: row[1]
        for some in chunks(wanted)
        for row in session.execute(
            sa.select(col(Lot.id), col(Lot.lot)).where(col(Lot.id).in_(some))
        )
    }


def serial(session: Session, actor: Actor, serial_id: int) -> Serial | None:
    return session.exec(readable_serials(actor).where(col(Serial.id) == serial_id)).first()


def list_serials(
    session: Session,
    actor: Actor,
    *,
    gtin: str | None = None,
    lot: str | None = None,
    status: str | None = None,
    after_id: int = 0,
    limit: int = 50,
) -> Sequence[Serial]:
    """Serials of a product (GTIN of 14 digits), of one of its lots, in a status."""
    found = readable_serials(actor).where(col(Serial.id) > after_id)
    if gtin is not None:
        found = found.where(col(Serial.product_id).in_(_products(gtin, None)))
    if lot is not None:
        lots = sa.select(col(Lot.id)).where(col(Lot.lot) == lot)
        if gtin is not None:
            lots = lots.where(col(Lot.product_id).in_(_products(gtin, None)))
        found = found.where(col(Serial.lot_id).in_(lots))
    if status is not None:
        found = found.where(col(Serial.status) == status)
    return session.exec(found.order_by(col(Serial.id)).limit(min(limit, MAX_PAGE))).all()


def serials_on_record(session: Session, product_id: int, texts: Sequence[str]) -> set[str]:
    """Which of these serials the product has already."""
    return {
        text
        for some in chunks(texts)
        for text in session.exec(
            select(Serial.serial).where(
                col(Serial.product_id) == product_id, col(Serial.serial).in_(some)
            )
        )
    }


def serials_in_lot(session: Session, lot_id: int) -> int:
    return session.exec(
        select(sa.func.count()).select_from(Serial).where(col(Serial.lot_id) == lot_id)
    ).one()
