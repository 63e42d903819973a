"""Reads of serials in the order in which their labels are printed."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, col

from traceability.registry.models import Lot, Serial, SerialStatus


class ToLabel(NamedTuple):
    """The serials of a product or lot that labels can be printed of."""

    total: int
    up_to_id: int
    """Id of the last one: what is registered later belongs to another job."""
    longest: str | None
    """The one that needs most room."""


class LabelRow(NamedTuple):
    """What one label needs to know."""

    id: int
    serial: str
    lot: str | None
    expiry: date | None


def serials_to_label(session: Session, product_id: int, lot_id: int | None) -> ToLabel:
    """How many there are, the last and the longest."""
    wanted = _wanted(product_id)
    if lot_id is not None:
        wanted = [*wanted, col(Serial.lot_id) == lot_id]
    count, last = session.execute(
        sa.select(sa.func.count(), sa.func.max(col(Serial.id))).where(*wanted)
    ).one()
    longest = session.execute(
        sa.select(col(Serial.serial))
        .where(*wanted)
        .order_by(sa.func.length(col(Serial.serial)).desc())
        .limit(1)
    ).scalar()
    return ToLabel(count, last or 0, longest)


def next_to_label(
    session: Session, product_id: int, lot: str | None, *, after_id: int, up_to_id: int, limit: int
) -> Sequence[LabelRow]:
    """The next serials in the order of their registration, with their lots."""
    rows = (
        sa.select(col(Serial.id), col(Serial.serial), col(Lot.lot), col(Lot.expiry_date))
        .outerjoin(Lot, col(Lot.id) == col(Serial.lot_id))
        .where(*_wanted(product_id), col(Serial.id) > after_id, col(Serial.id) <= up_to_id)
        .order_by(col(Serial.id))
        .limit(limit)
    )
    if lot is not None:
        rows = rows.where(col(Lot.lot) == lot)
    return [LabelRow(*row) for row in session.execute(rows)]


def _wanted(product_id: int) -> list[sa.ColumnElement[Any]]:
    # A withdrawn unit is to vanish from the shelves: it gets no new label.
    withdrawn = SerialStatus.WITHDRAWN.value
    return [col(Serial.product_id) == product_id, col(Serial.status) != withdrawn]
