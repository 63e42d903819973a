"""How much of what a recall reaches consumers have looked up already.

Of serials that were issued it is known which were scanned; of a lot without serials it is not,
since one scan of a lot may be anybody's.
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from decimal import Decimal

import sqlalchemy as sa
from sqlmodel import Session

from traceability.events.recalling.describing import MOST_LISTED
from traceability.events.recalling.schemas import GoodsOut, ReachOut, Scanned
from traceability.events.tracing.reading import is_among
from traceability.registry.models import Lot, Product, Serial
from traceability.verification.models import SerialActivity

_SERIAL: sa.Table = Serial.__table__  # type: ignore[attr-defined]
_PRODUCT: sa.Table = Product.__table__  # type: ignore[attr-defined]
_LOT: sa.Table = Lot.__table__  # type: ignore[attr-defined]
_ACTIVITY: sa.Table = SerialActivity.__table__  # type: ignore[attr-defined]


def scanned(session: Session, goods: Iterable[GoodsOut]) -> Scanned:
    """Of the goods' serials, and of those that were issued in their lots."""
    goods = list(goods)
    by_gtin: dict[str, tuple[set[str], set[str]]] = {}
    for each in goods:
        lots, serials = by_gtin.setdefault(each.gtin or "", (set(), set()))
        if each.serial is not None:
            serials.add(each.serial)
        elif each.lot is not None:
            lots.add(each.lot)
    last: dict[int, datetime | None] = {}
    for gtin, (lots, serials) in by_gtin.items():
        last.update(_activity(session, gtin, _LOT.c.lot, lots))
        last.update(_activity(session, gtin, _SERIAL.c.serial, serials))
    times = [time for time in last.values() if time is not None]
    share = round(Decimal(len(times)) / len(last), 4) if last else None
    return Scanned(
        serials=len(last), scanned=len(times), share=share, last_at=max(times, default=None)
    )


def _activity(
    session: Session, gtin: str, column: sa.Column[str], names: Collection[str]
) -> dict[int, datetime | None]:
    """Ids of issued serials, with the time of their last scan by a consumer."""
    if not names:
        return {}
    rows = session.connection().execute(
        sa.select(_SERIAL.c.id, _ACTIVITY.c.last_at)
        .join(_PRODUCT, _PRODUCT.c.id == _SERIAL.c.product_id)
        .outerjoin(_LOT, _LOT.c.id == _SERIAL.c.lot_id)
        .outerjoin(_ACTIVITY, _ACTIVITY.c.serial_id == _SERIAL.c.id)
        .where(_PRODUCT.c.gtin == gtin, is_among(session.connection(), column, sorted(names)))
    )
    return dict(map(tuple, rows.all()))


def with_scans(session: Session, found: ReachOut) -> ReachOut:
    """A reach with the share of its goods that consumers have scanned, and the first of them."""
    scans = scanned(session, found.goods)
    return found.model_copy(update={"scanned": scans, "goods": found.goods[:MOST_LISTED]})
