"""What counts against a certificate with a quantity, and what is left of it.

A lot takes its declared quantity or its serial numbers, whichever is more; a serial number without
a lot takes what one unit takes.

>>> usage = Usage(Decimal(1))
>>> usage.declare("lot 1", Decimal(600)); usage.issue("lot 1", 550); usage.issue(None, 20)
>>> usage.total
Decimal('620')
>>> usage.issue("lot 1", 60); usage.total
Decimal('630')

The certificates are locked before anything is counted, so two writers at the same moment cannot
both take the last unit.
"""

from collections import Counter
from collections.abc import Collection, Hashable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from sqlmodel import Session

from traceability.actor import MEMBERS, Actor
from traceability.clock import today
from traceability.errors import Fault, InvalidError
from traceability.folding import words
from traceability.registry import certificate_repository
from traceability.registry.certificate_models import (
    CertificateStatus,
    Exceeding,
    QuantityCertificate,
)
from traceability.registry.models import Lot, Product

_DECIDED = (CertificateStatus.ACTIVE, CertificateStatus.REVOKED)


@dataclass(slots=True)
class Usage:
    """How much of a certificate is taken."""

    per_serial: Decimal
    quantities: dict[Hashable, Decimal] = field(default_factory=dict)
    serials: Counter[Hashable] = field(default_factory=Counter)
    """By lot; None for those without one."""

    def declare(self, lot: Hashable, quantity: Decimal) -> None:
        self.quantities[lot] = quantity

    def issue(self, lot: Hashable, serials: int) -> None:
        self.serials[lot] += serials

    @property
    def issued(self) -> int:
        return self.serials.total()

    @property
    def in_lots(self) -> Decimal:
        return sum(self.quantities.values(), Decimal(0))

    @property
    def total(self) -> Decimal:
        lots = {*self.quantities, *self.serials} - {None}
        loose = self.serials[None] * self.per_serial
        return sum((self._of_lot(lot) for lot in lots), loose)

    def of(self, lot: Hashable) -> Decimal:
        """What one lot takes, or all serials without a lot."""
        return self.serials[None] * self.per_serial if lot is None else self._of_lot(lot)

    def _of_lot(self, lot: Hashable) -> Decimal:
        return max(self.quantities.get(lot, Decimal(0)), self.serials[lot] * self.per_serial)


def usage_of(session: Session, certificate: QuantityCertificate) -> Usage:
    """What is on record against a certificate."""
    number = certificate.id or 0
    usage = Usage(certificate.per_serial)
    for lot_id, quantity in certificate_repository.quantities_by_lot(session, number).items():
        usage.declare(lot_id, quantity)
    for of_lot, serials in certificate_repository.serials_by_lot(session, number).items():
        usage.issue(of_lot, serials)
    return usage


class Share(NamedTuple):
    """What one lot takes of a certificate, or all serial numbers that have none."""

    gtin: str | None
    lot: str | None
    declared: Decimal | None
    serials: int
    takes: Decimal


def shares_of(session: Session, certificate: QuantityCertificate, most: int) -> list[Share]:
    """What the newest lots of a certificate take of it, first of all serial numbers without one."""
    usage = usage_of(session, certificate)
    numbers = {each for each in (*usage.quantities, *usage.serials) if isinstance(each, int)}
    newest = sorted(numbers, reverse=True)[:most]
    loose = [Share(None, None, None, usage.serials[None], usage.of(None))]
    return (loose if usage.serials[None] else []) + [
        Share(gtin, lot.lot, usage.quantities.get(lot.id), usage.serials[lot.id], usage.of(lot.id))
        for lot, gtin in certificate_repository.lots_with_gtins(session, newest)
    ]


class Goods(NamedTuple):
    """A product of which lots or serials are made."""

    product_id: int
    producer_id: int
    gtin: str

    @classmethod
    def of(cls, product: Product) -> "Goods":
        return cls(product.id or 0, product.producer_id, product.gtin)


class Quotas:
    """The certificates that goods may be counted against, locked until the transaction ends."""

    def __init__(
        self,
        session: Session,
        actor: Actor,
        goods: Collection[Goods],
        tied: Collection[int | None] = (),
        *,
        lock: bool = True,
    ) -> None:
        """`tied`: certificates of lots that are already on record. A dry run locks nothing."""
        self._session, self._actor, self._on = session, actor, today()
        rows = certificate_repository.locked(
            session,
            {each.product_id for each in goods},
            {self._holder(each) for each in goods},
            {each for each in tied if each is not None},
            lock=lock,
        )
        self._by_id = {row.id or 0: row for row in rows}
        self._products = certificate_repository.products_of(session, self._by_id)
        self._usage: dict[int, tuple[Usage, Decimal]] = {}

    def _holder(self, goods: Goods) -> int:
        """Whose certificates count: the member's own, for an authority those of the producer."""
        is_member = self._actor.role in MEMBERS
        return (self._actor.party_id or 0) if is_member else goods.producer_id

    def certificate(
        self, goods: Goods, number: str | None, tied: int | None = None
    ) -> QuantityCertificate | None:
        """What these goods are counted against; None where nothing bounds them.

        Args:
            goods: of which product.
            number: the certificate that was named, if one was.
            tied: the one that their lot is counted against.

        Raises:
            InvalidError: of the field certificate: `registry.certificate-unknown`,
                `registry.certificate-of-lot`, `registry.certificate-other-product`,
                `registry.certificate-not-in-force`, or `registry.certificate-needed` where the
                product is on a certificate and it is not clear which one counts.
        """
        if tied is not None:
            return self._tied(number, self._by_id[tied])
        if number is None:
            return self._only_one(goods)
        found = next((row for row in self._held(goods) if row.number == number), None)
        if found is None:
            raise InvalidError.of("certificate", "registry.certificate-unknown", number=number)
        listed = self._products[found.id or 0]
        if listed and goods.product_id not in listed:
            raise InvalidError.of(
                "certificate", "registry.certificate-other-product", number=number, gtin=goods.gtin
            )
        if not in_force(found, self._on):
            raise _not_in_force(found)
        return found

    def _held(self, goods: Goods) -> list[QuantityCertificate]:
        holder = self._holder(goods)
        return [row for row in self._by_id.values() if row.party_id == holder]

    def _tied(self, number: str | None, found: QuantityCertificate) -> QuantityCertificate:
        """That of the lot: its labels may be made after the last day, not after a revocation."""
        if number is not None and number != found.number:
            raise InvalidError.of("certificate", "registry.certificate-of-lot", number=found.number)
        if found.status != CertificateStatus.ACTIVE:
            raise _not_in_force(found)
        return found

    def most_labels(self, goods: Goods, lot: Lot | None) -> tuple[str, int] | None:
        """How many copies of one label may be printed, and by which certificate; None: any number.

        Copies are not counted on record, so each order by itself stays below the quantity.
        """
        tied = lot.certificate_id if lot else None
        bounding = [self._by_id[tied]] if tied is not None else self._listing(goods)
        if not bounding or not all(_refuses(row) for row in bounding):
            return None
        usable = [row for row in bounding if tied is not None or in_force(row, self._on)]
        largest = max(usable, key=lambda row: row.quantity / row.per_serial, default=None)
        if largest is None:
            return bounding[0].number, 0
        declared = lot.quantity if lot and tied is not None else None
        bound = largest.quantity if declared is None else min(declared, largest.quantity)
        return largest.number, int(bound / largest.per_serial)

    def _listing(self, goods: Goods) -> list[QuantityCertificate]:
        return [
            row for row in self._by_id.values()
            if goods.product_id in self._products[row.id or 0] and row.status in _DECIDED
        ]  # fmt: skip

    def _only_one(self, goods: Goods) -> QuantityCertificate | None:
        listing = self._listing(goods)
        holder = self._holder(goods)
        usable = [row for row in listing if row.party_id == holder and in_force(row, self._on)]
        if len(usable) == 1 or not listing:
            return usable[0] if usable else None
        raise InvalidError.of(
            "certificate", "registry.certificate-needed", gtin=goods.gtin,
            numbers=", ".join(row.number for row in usable) or "–",
        )  # fmt: skip

    def count(
        self, certificate: QuantityCertificate, lot: Hashable, *, serials: int = 0,
        quantity: Decimal | None = None, unit: str | None = None,
    ) -> None:  # fmt: skip
        """Count further serials of a lot, or its declared quantity in place of what it was.

        Raises:
            InvalidError: `registry.quota-exceeded` (number, quantity, unit, left, asked), of the
                field certificate, where no more is to be taken than there is; then nothing is
                counted. `registry.certificate-unit` (unit, expected).
        """
        if quantity is not None and unit and words(unit) != words(certificate.unit):
            raise InvalidError.of(
                "unit", "registry.certificate-unit", unit=unit, expected=certificate.unit
            )
        usage, total = self._usage_of(certificate)
        before, declared = usage.of(lot), usage.quantities.get(lot)
        usage.issue(lot, serials)
        if quantity is not None:
            usage.declare(lot, quantity)
        asked = usage.of(lot) - before
        if asked > 0 and total + asked > certificate.quantity and _refuses(certificate):
            usage.issue(lot, -serials)
            if quantity is not None:
                _put_back(usage, lot, declared)
            raise InvalidError([exceeded(certificate, total, asked)])
        self._usage[certificate.id or 0] = usage, total + asked

    def _usage_of(self, certificate: QuantityCertificate) -> tuple[Usage, Decimal]:
        """What is taken, with its sum: a table of 100,000 rows must not add up each time."""
        number = certificate.id or 0
        if number not in self._usage:
            usage = usage_of(self._session, certificate)
            self._usage[number] = usage, usage.total
        return self._usage[number]


def _put_back(usage: Usage, lot: Hashable, declared: Decimal | None) -> None:
    if declared is None:
        del usage.quantities[lot]
    else:
        usage.declare(lot, declared)


def _refuses(certificate: QuantityCertificate) -> bool:
    return certificate.exceeding == Exceeding.REFUSE


def in_force(certificate: QuantityCertificate, on: date) -> bool:
    """Confirmed by an authority, and within its days."""
    ends = certificate.valid_to
    return (
        certificate.status == CertificateStatus.ACTIVE
        and certificate.valid_from <= on
        and (ends is None or ends >= on)
    )


def exceeded(certificate: QuantityCertificate, used: Decimal, asked: Decimal) -> Fault:
    """The fault that names what is left."""
    left = max(certificate.quantity - used, Decimal(0))
    amounts: Mapping[str, Decimal] = {
        "quantity": certificate.quantity, "left": left, "asked": asked,
    }  # fmt: skip
    shown = {name: format(amount.normalize(), "f") for name, amount in amounts.items()}
    arguments = {"number": certificate.number, "unit": certificate.unit, **shown}
    return Fault("certificate", "registry.quota-exceeded", arguments)


def _not_in_force(certificate: QuantityCertificate) -> InvalidError:
    return InvalidError.of(
        "certificate", "registry.certificate-not-in-force", number=certificate.number,
        first=str(certificate.valid_from), last=str(certificate.valid_to or "–"),
    )  # fmt: skip
