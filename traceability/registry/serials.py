"""Serials: the number of one unit, AI 21.

A producer brings its own, or has them issued here: those are drawn at random, so that nobody
who holds one can guess another, and a guessed one is found out as not issued.
"""

import secrets
from collections import Counter
from collections.abc import Sequence

import sqlalchemy as sa
from sqlmodel import Session

from traceability import audit
from traceability.actor import Actor
from traceability.audit import AuditAction
from traceability.clock import today
from traceability.errors import ConflictError, Fault, ForbiddenError, InvalidError, NotFoundError
from traceability.registry import (
    certificate_repository,
    codes,
    goods_repository,
    lots,
    products,
    repository,
)
from traceability.registry.access import is_registrar, require_writer
from traceability.registry.models import Lot, Product, Serial, SerialStatus
from traceability.registry.once import once_only
from traceability.registry.quotas import Goods, Quotas
from traceability.registry.schemas import (
    SerialOut,
    SerialPatch,
    SerialsIn,
    SerialsIssueIn,
    SerialsOut,
)

# 32 signs without 0 O 1 I, which people misread; 13 of them are 65 random bits.
_SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_ISSUED_LENGTH = 13
_MOST_NAMED = 20
"""Values named in one error."""


def get_serial(session: Session, actor: Actor, serial_id: int) -> Serial:
    """The serial of an id.

    Raises:
        NotFoundError: `registry.serial-unknown` (serial_id), also when the actor may not see it.
    """
    found = goods_repository.serial(session, actor, serial_id)
    if found is None:
        raise NotFoundError("registry.serial-unknown", serial_id=serial_id)
    return found


def register_serials(session: Session, actor: Actor, given: SerialsIn) -> SerialsOut:
    """Register the producer's own serials, all of them or none.

    Raises:
        ForbiddenError: `registry.role-may-not-write` (role), `registry.not-your-product` (gtin).
        InvalidError: `gs1.…` for the GTIN and each serial, `registry.gtin-unknown` (gtin),
            `registry.lot-unknown` (gtin, lot), `registry.serials-repeated` (values, count),
            and what `quotas` says of certificates.
        ConflictError: `registry.serials-taken` (gtin, values, count).
    """
    product = products.usable_product(session, actor, given.gtin)
    lot = _lot(session, product, given.lot)
    _check_texts(given.serials)
    certificate_id = _counted(session, actor, product, lot, given.certificate, len(given.serials))
    taken = sorted(goods_repository.serials_on_record(session, product.id or 0, given.serials))
    if taken:
        raise ConflictError(
            "registry.serials-taken", gtin=product.gtin, values=taken[:_MOST_NAMED],
            count=len(taken),
        )  # fmt: skip
    _insert(session, actor, product, lot, certificate_id, given.serials)
    return SerialsOut(
        gtin=product.gtin, lot=given.lot, count=len(given.serials), serials=given.serials
    )


def issue_serials(session: Session, actor: Actor, given: SerialsIssueIn) -> SerialsOut:
    """Make and register serials that nobody can guess.

    Raises:
        ForbiddenError: `registry.role-may-not-write` (role), `registry.not-your-product` (gtin).
        InvalidError: `gs1.…` for the GTIN, `registry.gtin-unknown` (gtin),
            `registry.lot-unknown` (gtin, lot), and what `quotas` says of certificates.
    """
    product = products.usable_product(session, actor, given.gtin)
    lot = _lot(session, product, given.lot)
    certificate_id = _counted(session, actor, product, lot, given.certificate, given.count)
    made: dict[str, None] = {}
    while len(made) < given.count:
        fresh = [_draw() for _ in range(given.count - len(made))]
        taken = goods_repository.serials_on_record(session, product.id or 0, fresh)
        made.update(dict.fromkeys(text for text in fresh if text not in taken))
    texts = list(made)
    _insert(session, actor, product, lot, certificate_id, texts)
    return SerialsOut(gtin=product.gtin, lot=given.lot, count=len(texts), serials=texts)


def _draw() -> str:
    return "".join(secrets.choice(_SIGNS) for _ in range(_ISSUED_LENGTH))


def _lot(session: Session, product: Product, text: str | None) -> Lot | None:
    if text is None:
        return None
    lot = goods_repository.lot_of_product(session, product.id or 0, text)
    if lot is None:
        raise InvalidError.of("lot", "registry.lot-unknown", gtin=product.gtin, lot=text)
    return lot


def _counted(
    session: Session,
    actor: Actor,
    product: Product,
    lot: Lot | None,
    number: str | None,
    count: int,
) -> int | None:
    """The id of the certificate that so many new serials are counted against, if there is one."""
    goods, tied = Goods.of(product), lot.certificate_id if lot else None
    quotas = Quotas(session, actor, [goods], [tied])
    certificate = quotas.certificate(goods, number, tied)
    if certificate is None:
        return None
    if lot is not None and tied is None:
        # The lot was registered before: from now on all of it counts.
        lots.tie(session, quotas, certificate, lot)
    quotas.count(certificate, lot.id if lot else None, serials=count)
    return certificate.id


def _check_texts(texts: Sequence[str]) -> None:
    found = (codes.cset82_fault(f"serials.{at}", text) for at, text in enumerate(texts))
    faults = [fault for fault in found if fault is not None]
    repeated = [text for text, times in Counter(texts).items() if times > 1]
    if repeated:
        arguments = {"values": repeated[:_MOST_NAMED], "count": len(repeated)}
        faults.append(Fault("serials", "registry.serials-repeated", arguments))
    if faults:
        raise InvalidError(faults[:100])


def _insert(
    session: Session, actor: Actor, product: Product, lot: Lot | None,
    certificate_id: int | None, texts: Sequence[str],
) -> None:  # fmt: skip
    lot_id = lot.id if lot else None
    rows = [
        {
            "product_id": product.id,
            "serial": text,
            "lot_id": lot_id,
            "certificate_id": certificate_id,
            "status": SerialStatus.ISSUED.value,
        }
        for text in texts
    ]
    with once_only(session):
        session.execute(sa.insert(Serial), rows)
    product.serialised = True
    session.add(product)
    audit.record(
        session, actor, AuditAction.SERIALS_ISSUED, f"product:{product.id}",
        gtin=product.gtin, lot_id=lot_id, count=len(rows), certificate_id=certificate_id,
    )  # fmt: skip
    session.flush()


def _own(session: Session, actor: Actor, serial_id: int) -> Serial:
    """A serial that the actor may say something about."""
    require_writer(actor)
    serial = get_serial(session, actor, serial_id)
    product = products.get_product(session, actor, serial.product_id)
    if not products.may_use(session, actor, product):
        raise ForbiddenError("registry.not-your-product", gtin=product.gtin)
    return serial


def change_serial(session: Session, actor: Actor, serial_id: int, patch: SerialPatch) -> Serial:
    """Say that a unit was sold or used, withdrawn, or is in trade after all.

    Raises:
        NotFoundError: `registry.serial-unknown` (serial_id).
        ForbiddenError: `registry.role-may-not-write` (role), `registry.not-your-product` (gtin).
            A withdrawn serial comes back by the authority alone: `registry.serial-withdrawn`.
        InvalidError: `registry.date-in-future` (date), `registry.reason-missing` (status) for a
            withdrawal without its reason.
    """
    serial = _own(session, actor, serial_id)
    day = patch.status_on or today()
    if day > today():
        raise InvalidError.of("status_on", "registry.date-in-future", date=str(day))
    if patch.status is SerialStatus.WITHDRAWN and not patch.status_reason:
        raise InvalidError.of("status_reason", "registry.reason-missing", status=patch.status.value)
    before = serial.status
    if before == SerialStatus.WITHDRAWN and not is_registrar(actor):
        raise ForbiddenError("registry.serial-withdrawn", serial=serial.serial)
    serial.status, serial.status_on = patch.status.value, day
    serial.status_reason = patch.status_reason
    session.add(serial)
    audit.record(
        session, actor, AuditAction.SERIAL_CHANGED, f"serial:{serial_id}",
        before=before, after=serial.status, on=str(day), reason=serial.status_reason,
    )  # fmt: skip
    session.flush()
    return serial


def list_as_sample(session: Session, actor: Actor, serial_id: int, *, listed: bool) -> Serial:
    """Say that a unit stands in a shop for everybody to scan, or no longer does.

    Repeated look-ups of it then mean nothing; whoever bought a pack with its number is told.

    Raises:
        NotFoundError: `registry.serial-unknown` (serial_id).
        ForbiddenError: `registry.role-may-not-write` (role), `registry.not-your-product` (gtin).
    """
    serial = _own(session, actor, serial_id)
    if serial.display_sample is not listed:
        serial.display_sample = listed
        session.add(serial)
        audit.record(
            session, actor, AuditAction.SAMPLE_LISTED, f"serial:{serial_id}", listed=listed
        )
        session.flush()
    return serial


def describe(session: Session, rows: Sequence[Serial]) -> list[SerialOut]:
    """Serials with the GTINs of their products and their lots."""
    gtins = repository.gtins_of(session, (row.product_id for row in rows))
    texts = goods_repository.lot_texts(session, (row.lot_id for row in rows))
    numbers = certificate_repository.numbers(session, (row.certificate_id for row in rows))
    return [
        SerialOut(
            **row.model_dump(exclude={"product_id", "lot_id", "certificate_id"}),
            gtin=gtins[row.product_id],
            lot=texts.get(row.lot_id or 0),
            certificate=numbers.get(row.certificate_id or 0),
        )
        for row in rows
    ]
