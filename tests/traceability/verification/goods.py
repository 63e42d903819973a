"""A small register to verify against: one producer, one product, lots and serials."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlmodel import Session

from traceability.clock import now
from traceability.db import Database
from traceability.registry.models import Lot, Party, Product, Registration, Serial

GTIN = "08934560000014"  # 8934560 is a company range of the list; the firm is fictional
NOT_ALLOCATED = "08933000000010"
FOREIGN = "06901234567892"
DEMO = "09521234567899"


@dataclass(frozen=True)
class Goods:
    party_id: int
    product_id: int
    lot_id: int


def party(session: Session, *, status: str = "active", **values: Any) -> int:
    row = Party(**{"name": "CÔNG TY VÍ DỤ", "kind": "producer", "address": "Xã Ví Dụ", **values})
    session.add(row)
    session.flush()
    session.add(Registration(party_id=row.id, status=status, valid_from=date(2020, 1, 1)))
    session.flush()
    return row.id or 0


def product(session: Session, party_id: int, gtin: str = GTIN, **values: Any) -> int:
    row = Product(
        **{
            "gtin": gtin,
            "gtin_format": "GTIN-13",
            "name": "Sâm Ví Dụ",
            "producer_id": party_id,
            **values,
        }
    )
    session.add(row)
    session.flush()
    return row.id or 0


def lot(session: Session, product_id: int, name: str = "LOT1", **values: Any) -> int:
    long_ago = now() - timedelta(days=30)
    row = Lot(**{"product_id": product_id, "lot": name, "created_at": long_ago, **values})
    session.add(row)
    session.flush()
    return row.id or 0


def serial(session: Session, product_id: int, name: str = "SN1", **values: Any) -> int:
    row = Serial(product_id=product_id, serial=name, **values)
    session.add(row)
    session.flush()
    return row.id or 0


def stocked(database: Database, gtin: str = GTIN, **product_values: Any) -> Goods:
    """A registered product with lot LOT1 and, in it, serial SN1."""
    with database.writing() as session:
        party_id = party(session)
        product_id = product(session, party_id, gtin, serialised=True, **product_values)
        lot_id = lot(session, product_id, expiry_date=date(2099, 12, 31))
        serial(session, product_id, lot_id=lot_id)
        return Goods(party_id, product_id, lot_id)
