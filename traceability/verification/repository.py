"""SQL of scans and of their activity."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from traceability.actor import Actor, Role
from traceability.db import Execute
from traceability.registry.models import CodeAuthorisation, Product, Serial
from traceability.verification.models import Scan, SerialActivity


def lock_activity(session: Session, serial_id: int) -> SerialActivity | None:
    """The activity of a serial, locked until the transaction ends.

    The serial's own row is locked, so that two first scans at the same moment queue even though
    neither finds an activity yet; SQLite's IMMEDIATE transaction has that effect by itself.
    """
    session.exec(select(Serial.id).where(Serial.id == serial_id).with_for_update())
    return session.get(SerialActivity, serial_id, populate_existing=True)


def serial_id(session: Session, gtin: str, serial: str) -> int | None:
    return session.exec(
        select(Serial.id)
        .join(Product, col(Product.id) == col(Serial.product_id))
        .where(Product.gtin == gtin, Serial.serial == serial)
    ).first()


_PREFIX_OWNER = """
SELECT c.prefix, c.party_id, o.name FROM company_prefix c
JOIN party o ON o.id = c.party_id
JOIN registration r ON r.id = (SELECT max(id) FROM registration WHERE party_id = o.id)
WHERE c.prefix IN (:p4, :p5, :p6, :p7, :p8, :p9, :p10, :p11, :p12)
  AND r.status = 'active' AND (c.valid_to IS NULL OR c.valid_to >= :on)
ORDER BY length(c.prefix) DESC LIMIT 1
"""


def prefix_owner(execute: Execute, number: str, on: date) -> tuple[str, int, str] | None:
    """Prefix, party id and name of the approved party that holds the digits of a GTIN-13."""
    prefixes = {f"p{length}": number[:length] for length in range(4, 13)}
    row = execute(_PREFIX_OWNER, {"on": on, **prefixes})
    return None if row is None else (row[0], row[1], row[2])


def add_scan(session: Session, values: dict[str, Any]) -> Scan:
    """Keep a scan; past the unit of work, which would cost more than the verdict itself."""
    found = session.connection().execute(sa.insert(Scan.__table__), values)  # type: ignore[attr-defined]
    (scan_id,) = found.inserted_primary_key or (None,)
    return Scan(id=scan_id, **values)


def is_authorised(session: Session, product_id: int, party_id: int, on: date) -> bool:
    """Whether a document on record lets the party use the product's code on that day."""
    ends = col(CodeAuthorisation.valid_to)
    found = session.exec(
        select(CodeAuthorisation.id).where(
            CodeAuthorisation.product_id == product_id,
            CodeAuthorisation.party_id == party_id,
            ends.is_(None) | (ends >= on),
        )
    ).first()
    return found is not None


def readable(actor: Actor) -> Any:
    """Scans this actor may see: authorities those of their work, everybody else their own."""
    statement = select(Scan)
    if actor.role in (Role.ADMIN, Role.SUPERVISOR, Role.AUDITOR):
        return statement.where(col(Scan.role) != Role.ANONYMOUS)
    if actor.user_id is not None:
        return statement.where(col(Scan.user_id) == actor.user_id)
    return statement.where(col(Scan.scanned_by) == f"key:{actor.key_id}")


def get_scan(session: Session, actor: Actor, scan_id: int) -> Scan | None:
    found: Scan | None = session.exec(readable(actor).where(col(Scan.id) == scan_id)).first()
    return found


def list_scans(
    session: Session, actor: Actor, *, before_id: int | None = None, limit: int = 50
) -> Sequence[Scan]:
    """Newest first; `before_id` is the last one of the page before."""
    statement = readable(actor).order_by(col(Scan.id).desc()).limit(limit)
    if before_id is not None:
        statement = statement.where(col(Scan.id) < before_id)
    found: Sequence[Scan] = session.exec(statement).all()
    return found


def scan_of_nonce(session: Session, scanned_by: str, nonce: str) -> Scan | None:
    return session.exec(
        select(Scan).where(Scan.scanned_by == scanned_by, Scan.nonce == nonce)
    ).first()


@dataclass(frozen=True, slots=True)
class Sightings:
    """Scans of one serial by the public, or by authorities and shops."""

    scans: int = 0
    devices: int = 0
    """Phones, accounts and keys told apart."""
    first_at: datetime | None = None
    last_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SeenElsewhere:
    """Who else scanned a serial, summed up: no person and no place finer than a province."""

    public: Sightings
    staff: Sightings
    area_codes: tuple[str, ...]
    """Provinces of all these scans, at most 63."""


def seen_elsewhere(
    session: Session, product_id: int, serial: str, without_scan: int
) -> SeenElsewhere:
    """Every scan of a serial but one: for inspectors."""
    by_public = (col(Scan.role) == Role.ANONYMOUS).label("by_public")
    others = (
        col(Scan.product_id) == product_id,
        col(Scan.serial) == serial,
        col(Scan.id) != without_scan,
    )
    rows = session.execute(
        sa.select(
            by_public,
            sa.func.count(),
            sa.func.count(sa.distinct(col(Scan.scanned_by))),
            sa.func.min(col(Scan.at)),
            sa.func.max(col(Scan.at)),
        )
        .where(*others)
        .group_by(by_public)
    )
    sums = {bool(row[0]): Sightings(row[1], row[2], row[3], row[4]) for row in rows}
    areas = session.exec(
        select(Scan.area_code)
        .where(*others, col(Scan.area_code).is_not(None))
        .distinct()
        .order_by(col(Scan.area_code))
        .limit(63)
    )
    return SeenElsewhere(
        sums.get(True, Sightings()),
        sums.get(False, Sightings()),
        tuple(code for code in areas if code),
    )


def recent_shops(session: Session, user_id: int, limit: int) -> Sequence[int]:
    """Ids of the parties at which a user scanned last, the newest first."""
    found = session.exec(
        select(Scan.shop_id)
        .where(col(Scan.user_id) == user_id, col(Scan.shop_id).is_not(None))
        .group_by(col(Scan.shop_id))
        .order_by(sa.func.max(col(Scan.id)).desc())
        .limit(limit)
    )
    return [shop_id for shop_id in found if shop_id is not None]
