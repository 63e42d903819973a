"""How much of what a recall reaches consumers have looked up already.

Of serials that were issued it is known which were scanned; of a lot without serials it is not,
since one scan of a lot may be anybody's.
"""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from sqlmodel import Session, col, select

from traceability.events.recalling.describing import MOST_LISTED
from traceability.events.recalling.schemas import GoodsOut, ReachOut, Scanned
from traceability.registry.models import Lot, Product, Serial
from traceability.registry.repository import chunks
from traceability.verification.models import SerialActivity

_AT_ONCE = 500


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
        for part in chunks(sorted(lots), _AT_ONCE):
            last.update(_activity(session, gtin, col(Lot.lot).in_(part)))
        for part in chunks(sorted(serials), _AT_ONCE):
            last.update(_activity(session, gtin, col(Serial.serial).in_(part)))
    times = [time for time in last.values() if time is not None]
    share = round(Decimal(len(times)) / len(last), 4) if last else None
    return Scanned(
        serials=len(last), scanned=len(times), share=share, last_at=max(times, default=None)
    )


def _activity(session: Session, gtin: str, which: object) -> dict[int, datetime | None]:
    """Ids of issued serials, with the time of their last scan by a consumer."""
    rows = session.exec(
        select(Serial.id, SerialActivity.last_at)
        .join(Product, col(Product.id) == col(Serial.product_id))
        .outerjoin(Lot, col(Lot.id) == col(Serial.lot_id))
        .outerjoin(SerialActivity, col(SerialActivity.serial_id) == col(Serial.id))
        .where(col(Product.gtin) == gtin, which)  # type: ignore[arg-type]
    )
    return {number: time for number, time in rows if number is not None}


def with_scans(session: Session, found: ReachOut) -> ReachOut:
    """A reach with the share of its goods that consumers have scanned, and the first of them."""
    scans = scanned(session, found.goods)
    return found.model_copy(update={"scanned": scans, "goods": found.goods[:MOST_LISTED]})
