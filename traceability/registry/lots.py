"""Lots: goods of one product made or packed together, AI 10."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlmodel import Session

from traceability import audit
from traceability.actor import Actor
from traceability.audit import AuditAction
from traceability.errors import ConflictError, Fault, ForbiddenError, InvalidError, NotFoundError
from traceability.registry import (
    certificate_repository,
    codes,
    goods_repository,
    products,
    repository,
)
from traceability.registry.access import require_writer
from traceability.registry.certificate_models import QuantityCertificate
from traceability.registry.models import Lot
from traceability.registry.once import once_only
from traceability.registry.quotas import Goods, Quotas
from traceability.registry.schemas import LotIn, LotOut, LotPatch


def get_lot(session: Session, actor: Actor, lot_id: int) -> Lot:
    """The lot of an id.

    Raises:
        NotFoundError: `registry.lot-unknown` (lot_id), also when the actor may not see it.
    """
    found = goods_repository.lot(session, actor, lot_id)
    if found is None:
        raise NotFoundError("registry.lot-unknown", lot_id=lot_id)
    return found


def period_fault(made: date | None, expires: date | None) -> Fault | None:
    """Goods are not past their date before they are made."""
    if made is None or expires is None or made <= expires:
        return None
    arguments = {"production_date": str(made), "expiry_date": str(expires)}
    return Fault("expiry_date", "registry.expiry-before-production", arguments)


def create_lot(session: Session, actor: Actor, given: LotIn) -> Lot:
    """Register a lot.

    Raises:
        ForbiddenError: `registry.role-may-not-write` (role), `registry.not-your-product` (gtin).
        InvalidError: `gs1.…` for the GTIN and the lot, `registry.gtin-unknown` (gtin),
            `registry.expiry-before-production` (production_date, expiry_date), and what `quotas`
            says of certificates.
        ConflictError: `registry.lot-taken` (gtin, lot).
    """
    product = products.usable_product(session, actor, given.gtin)
    codes.cset82("lot", given.lot)
    fault = period_fault(given.production_date, given.expiry_date)
    if fault is not None:
        raise InvalidError([fault])
    product_id = product.id or 0
    if goods_repository.lot_of_product(session, product_id, given.lot) is not None:
        raise ConflictError("registry.lot-taken", gtin=product.gtin, lot=given.lot)
    lot = Lot(product_id=product_id, **given.model_dump(exclude={"gtin", "certificate"}))
    goods = Goods.of(product)
    quotas = Quotas(session, actor, [goods])
    certificate = quotas.certificate(goods, given.certificate)
    if certificate is not None:
        quotas.count(certificate, lot.lot, quantity=lot.quantity, unit=lot.unit)
        lot.certificate_id = certificate.id
    with once_only(session):
        session.add(lot)
    audit.record(
        session, actor, AuditAction.LOT_CREATED, f"lot:{lot.id}", gtin=product.gtin, lot=lot.lot
    )
    session.flush()
    return lot


def change_lot(session: Session, actor: Actor, lot_id: int, patch: LotPatch) -> Lot:
    """Change a lot; its number and product stay.

    Raises:
        NotFoundError: `registry.lot-unknown` (lot_id).
        ForbiddenError: `registry.role-may-not-write` (role), `registry.not-your-product` (gtin).
        InvalidError: `registry.expiry-before-production` (production_date, expiry_date).
    """
    require_writer(actor)
    lot = get_lot(session, actor, lot_id)
    product = products.get_product(session, actor, lot.product_id)
    if not products.may_use(session, actor, product):
        raise ForbiddenError("registry.not-your-product", gtin=product.gtin)
    changes = patch.changes()
    fault = period_fault(
        changes.get("production_date", lot.production_date),
        changes.get("expiry_date", lot.expiry_date),
    )
    if fault is not None:
        raise InvalidError([fault])
    _count_again(session, actor, lot, Goods.of(product), changes)
    session.add(lot)
    audit.record(session, actor, AuditAction.LOT_CHANGED, f"lot:{lot_id}", fields=sorted(changes))
    session.flush()
    return lot


def _count_again(
    session: Session, actor: Actor, lot: Lot, goods: Goods, changes: dict[str, Any]
) -> None:
    """Make the changes of a lot, and what they make of its certificate: it is counted anew."""
    number, tied = changes.pop("certificate", None), lot.certificate_id
    quotas = None if tied is None and number is None else Quotas(session, actor, [goods], [tied])
    certificate = quotas and quotas.certificate(goods, number, tied)
    if quotas and certificate and tied is not None:
        quantity = changes.get("quantity", lot.quantity)
        unit = changes.get("unit", lot.unit)
        quotas.count(certificate, lot.id, quantity=quantity or Decimal(0), unit=unit)
    lot.sqlmodel_update(changes)
    if quotas and certificate and tied is None:
        tie(session, quotas, certificate, lot)


def tie(session: Session, quotas: Quotas, certificate: QuantityCertificate, lot: Lot) -> None:
    """Count a lot that is on record, and its serials, against a certificate from now on."""
    lot_id = lot.id or 0
    serials = certificate_repository.untied_serials(session, lot_id)
    quotas.count(certificate, lot_id, serials=serials, quantity=lot.quantity, unit=lot.unit)
    lot.certificate_id = certificate.id
    session.add(lot)
    certificate_repository.tie_serials(session, lot_id, certificate.id)


def describe(session: Session, rows: Sequence[Lot]) -> list[LotOut]:
    """Lots with the GTINs of their products."""
    gtins = repository.gtins_of(session, (row.product_id for row in rows))
    numbers = certificate_repository.numbers(session, (row.certificate_id for row in rows))
    return [
        LotOut(
            **row.model_dump(exclude={"product_id", "certificate_id"}),
            gtin=gtins[row.product_id],
            certificate=numbers.get(row.certificate_id or 0),
        )
        for row in rows
    ]
