"""How much of a certificate is used: what was issued against it, and what of that was scanned.

Labels that were never issued show by their scans alone: serial numbers on packs of a certified lot
that the register does not know. Some of them are misread or typed at will, so they are told apart.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from traceability.registry import certificate_repository, repository
from traceability.registry.certificate_models import QuantityCertificate
from traceability.registry.certificate_schemas import CertificateOut
from traceability.registry.models import Lot, Serial
from traceability.registry.quotas import usage_of
from traceability.verification.models import Scan


@dataclass(frozen=True, slots=True)
class Counts:
    issued: int
    """Serial numbers issued against the certificate."""
    in_lots: Decimal
    """Declared quantities of its lots."""
    used: Decimal
    scanned: int
    """Different serial numbers of it that anybody scanned, staff too."""
    scanned_unissued: int
    """Different ones that were scanned under a lot of it and never issued."""

    def exceeded(self, certificate: QuantityCertificate) -> bool:
        seen = (self.scanned + self.scanned_unissued) * certificate.per_serial
        return max(self.used, self.in_lots, seen) > certificate.quantity

    def as_arguments(self) -> dict[str, Any]:
        return asdict(self)


def certificate_of(
    session: Session, serial_id: int | None, lot_id: int | None
) -> QuantityCertificate | None:
    """What a serial is counted against, or else its lot."""
    asked = (
        sa.select(col(Serial.certificate_id)).where(col(Serial.id) == serial_id),
        sa.select(col(Lot.certificate_id)).where(col(Lot.id) == lot_id),
    )
    of_serial, of_lot = (each.scalar_subquery() for each in asked)
    return session.exec(
        select(QuantityCertificate).where(
            col(QuantityCertificate.id) == sa.func.coalesce(of_serial, of_lot)
        )
    ).first()


def counts(session: Session, certificate: QuantityCertificate) -> Counts:
    """What is counted against a certificate, now."""
    usage = usage_of(session, certificate)
    scanned, unissued = _scanned(session, certificate.id or 0)
    return Counts(usage.issued, usage.in_lots, usage.total, scanned, unissued)


def _scanned(session: Session, certificate_id: int) -> tuple[int, int]:
    seen = sa.exists().where(
        col(Scan.product_id) == col(Serial.product_id), col(Scan.serial) == col(Serial.serial)
    )
    issued = sa.select(sa.func.count()).where(col(Serial.certificate_id) == certificate_id, seen)
    known = sa.exists().where(
        col(Serial.product_id) == col(Scan.product_id), col(Serial.serial) == col(Scan.serial)
    )
    unissued = (
        sa.select(col(Scan.product_id), col(Scan.serial))
        .join(
            Lot,
            sa.and_(col(Lot.product_id) == col(Scan.product_id), col(Lot.lot) == col(Scan.lot)),
        )
        .where(col(Lot.certificate_id) == certificate_id, col(Scan.serial).is_not(None), ~known)
        .distinct()
        .subquery()
    )
    return (
        session.execute(issued).scalar_one(),
        session.execute(sa.select(sa.func.count()).select_from(unissued)).scalar_one(),
    )


def describe(session: Session, rows: Sequence[QuantityCertificate]) -> list[CertificateOut]:
    """Certificates with their holders, their products, and what is left of them."""
    holders = repository.parties_by_id(session, {row.party_id for row in rows})
    products = certificate_repository.products_of(session, {row.id or 0 for row in rows})
    described = []
    for row in rows:
        found = counts(session, row)
        described.append(
            CertificateOut(
                **row.model_dump(),
                party_name=holders[row.party_id].name,
                gtins=list(products[row.id or 0].values()),
                left=max(row.quantity - found.used, Decimal(0)),
                **found.as_arguments(),
            )
        )
    return described
