"""Lots and serials of a table: the rules for single ones, asked once for all rows."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from traceability.actor import MEMBERS, Actor
from traceability.clock import now
from traceability.errors import InvalidError
from traceability.registry import bulk_repository, repository
from traceability.registry.access import is_registrar
from traceability.registry.models import SerialStatus
from traceability.registry.quotas import Goods, Quotas
from traceability.registry.row_checks import CheckedRow, Faults, SerialRow
from traceability.registry.schemas import LotIn


@dataclass(slots=True)
class NewLot:
    given: LotIn
    product_id: int
    certificate_id: int | None


@dataclass(slots=True)
class NewSerial:
    given: SerialRow
    product_id: int
    lot_id: int | None
    certificate_id: int | None


class _Codes:
    """The products of a table and which of them the actor may use."""

    def __init__(self, session: Session, actor: Actor, rows: Sequence[CheckedRow]) -> None:
        self._products = bulk_repository.owners_of_gtins(session, (row.gtin.value for row in rows))
        self._session, self._actor = session, actor
        is_member = actor.role in MEMBERS and actor.party_id is not None
        self._authorised = (
            repository.authorised_products(session, actor.party_id or 0) if is_member else set()
        )

    def product_id(self, row: CheckedRow) -> int | None:
        found = self._products.get(row.gtin.value)
        return found[0] if found is not None else None

    def quotas(self, tied: Collection[int | None] = (), *, lock: bool) -> Quotas:
        """The certificates that the rows may be counted against."""
        goods = [Goods(*found, gtin) for gtin, found in self._products.items()]
        return Quotas(self._session, self._actor, goods, tied, lock=lock)

    def goods(self, row: CheckedRow) -> Goods:
        return Goods(*self._products[row.gtin.value], row.gtin.value)

    def usable(self, row: CheckedRow, faults: Faults) -> int | None:
        """The product of a row; None, with the reason in `faults`, when it cannot be used."""
        gtin = row.gtin.value
        found = self._products.get(gtin)
        if found is None:
            faults.add(row.number, "gtin", "registry.gtin-unknown", {"gtin": gtin}, row.given.gtin)
            return None
        product_id, owner_id = found
        own = is_registrar(self._actor) or self._actor.owns(owner_id)
        if not own and product_id not in self._authorised:
            arguments = {"gtin": gtin}
            faults.add(row.number, "gtin", "registry.not-your-product", arguments, row.given.gtin)
            return None
        return product_id


def judge_lots(
    session: Session, actor: Actor, rows: Sequence[CheckedRow], faults: Faults, lock: bool
) -> list[NewLot]:
    """The lots that may be registered; what is wrong with the others goes to `faults`."""
    products = _Codes(session, actor, rows)
    quotas = products.quotas(lock=lock)
    taken = bulk_repository.lots_on_record(session, _pairs(rows, products, "lot"))
    good = []
    for row in rows:
        given, product_id = row.given, products.usable(row, faults)
        if not isinstance(given, LotIn):
            raise TypeError(type(given))
        if product_id is None:
            continue
        if (product_id, given.lot) in taken:
            arguments = {"gtin": row.gtin.value, "lot": given.lot}
            faults.add(row.number, "lot", "registry.lot-taken", arguments, given.lot)
            continue
        before, certificate_id = faults.count, None
        try:
            certificate = quotas.certificate(products.goods(row), given.certificate)
            if certificate is not None:
                certificate_id = certificate.id
                key = (product_id, given.lot)
                quotas.count(certificate, key, quantity=given.quantity, unit=given.unit)
        except InvalidError as error:
            faults.take(row.number, error.faults, given.model_dump())
        if faults.count == before:
            good.append(NewLot(given, product_id, certificate_id))
    return good


def _pairs(rows: Sequence[CheckedRow], products: _Codes, name: str) -> list[tuple[int, str]]:
    pairs = ((products.product_id(row), getattr(row.given, name)) for row in rows)
    return [(number, text) for number, text in pairs if number is not None and text is not None]


def write_lots(session: Session, good: Sequence[NewLot]) -> None:
    at = now()
    bulk_repository.insert_lots(
        session,
        [
            {
                **new.given.model_dump(exclude={"gtin", "certificate"}),
                "product_id": new.product_id,
                "certificate_id": new.certificate_id,
                "created_at": at,
            }
            for new in good
        ],
    )


def judge_serials(
    session: Session, actor: Actor, rows: Sequence[CheckedRow], faults: Faults, lock: bool
) -> list[NewSerial]:
    """The serials that may be registered; what is wrong with the others goes to `faults`."""
    products = _Codes(session, actor, rows)
    taken = bulk_repository.serials_on_record(session, _pairs(rows, products, "serial"))
    lot_ids = bulk_repository.lots_on_record(session, _pairs(rows, products, "lot"))
    tied = bulk_repository.certificates_of_lots(session, lot_ids.values())
    quotas = products.quotas(tied.values(), lock=lock)
    good = []
    for row in rows:
        given, product_id = row.given, products.usable(row, faults)
        if not isinstance(given, SerialRow):
            raise TypeError(type(given))
        if product_id is not None and _is_new(row, given, product_id, taken, lot_ids, faults):
            lot_id = lot_ids[product_id, given.lot] if given.lot is not None else None
            try:
                certificate = quotas.certificate(
                    products.goods(row), given.certificate, tied.get(lot_id or 0)
                )
                if certificate is not None:
                    quotas.count(certificate, lot_id, serials=1)
            except InvalidError as error:
                faults.take(row.number, error.faults, given.model_dump())
                continue
            good.append(
                NewSerial(given, product_id, lot_id, certificate.id if certificate else None)
            )
    return good


def _is_new(
    row: CheckedRow,
    given: SerialRow,
    product_id: int,
    taken: set[tuple[int, str]],
    lot_ids: Mapping[tuple[int, str], int],
    faults: Faults,
) -> bool:
    before, gtin = faults.count, row.gtin.value
    if (product_id, given.serial) in taken:
        arguments = {"gtin": gtin, "serial": given.serial}
        faults.add(row.number, "serial", "registry.serial-taken", arguments, given.serial)
    if given.lot is not None and (product_id, given.lot) not in lot_ids:
        arguments = {"gtin": gtin, "lot": given.lot}
        faults.add(row.number, "lot", "registry.lot-unknown", arguments, given.lot)
    return faults.count == before


def write_serials(session: Session, good: Sequence[NewSerial]) -> None:
    bulk_repository.insert_serials(
        session,
        [
            {
                "product_id": new.product_id,
                "serial": new.given.serial,
                "lot_id": new.lot_id,
                "certificate_id": new.certificate_id,
                "status": SerialStatus.ISSUED.value,
            }
            for new in good
        ],
    )
    bulk_repository.mark_serialised(session, (new.product_id for new in good))
