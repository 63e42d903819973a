"""SQL of certificates with a quantity: who reads them, and what is counted against them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal

import sqlalchemy as sa
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from traceability.actor import Actor
from traceability.registry import search
from traceability.registry.certificate_models import CertificateProduct, QuantityCertificate
from traceability.registry.models import Lot, Party, Product, Serial
from traceability.registry.repository import MAX_PAGE, chunks


def readable(actor: Actor) -> SelectOfScalar[QuantityCertificate]:
    """Authorities see all, everybody else those of their own party."""
    found = select(QuantityCertificate)
    if actor.sees_everything:
        return found
    if actor.party_id is None:
        return found.where(sa.false())
    return found.where(col(QuantityCertificate.party_id) == actor.party_id)


def certificate(session: Session, actor: Actor, certificate_id: int) -> QuantityCertificate | None:
    return session.exec(
        readable(actor).where(col(QuantityCertificate.id) == certificate_id)
    ).first()


def list_certificates(
    session: Session,
    actor: Actor,
    *,
    query: str | None = None,
    status: str | None = None,
    party_id: int | None = None,
    before_id: int | None = None,
    limit: int = 50,
) -> Sequence[QuantityCertificate]:
    """The newest first; `before_id` is the last one of the page before.

    `query` is part of the number, or words of the holder or of a product that it lists.
    """
    found = readable(actor)
    if query:
        found = found.where(_matching(query))
    if status is not None:
        found = found.where(col(QuantityCertificate.status) == status)
    if party_id is not None:
        found = found.where(col(QuantityCertificate.party_id) == party_id)
    if before_id is not None:
        found = found.where(col(QuantityCertificate.id) < before_id)
    newest = found.order_by(col(QuantityCertificate.id).desc())
    return session.exec(newest.limit(min(limit, MAX_PAGE))).all()


def _matching(query: str) -> sa.ColumnElement[bool]:
    holders = sa.select(col(Party.id)).where(*search.parties_matching(query))
    listing = (
        sa.select(col(CertificateProduct.certificate_id))
        .join(Product, col(Product.id) == col(CertificateProduct.product_id))
        .where(*search.products_matching(query))
    )
    return sa.or_(
        col(QuantityCertificate.number).icontains(query, autoescape=True),
        col(QuantityCertificate.party_id).in_(holders),
        col(QuantityCertificate.id).in_(listing),
    )


def by_number(session: Session, party_id: int, number: str) -> QuantityCertificate | None:
    return session.exec(
        select(QuantityCertificate).where(
            col(QuantityCertificate.party_id) == party_id,
            col(QuantityCertificate.number) == number,
        )
    ).first()


def numbers(session: Session, certificate_ids: Iterable[int | None]) -> dict[int, str]:
    """The numbers of certificates, by id."""
    wanted = sorted({each for each in certificate_ids if each is not None})
    columns = (col(QuantityCertificate.id), col(QuantityCertificate.number))
    return {
        row[0]: row[1]
        for some in chunks(wanted)
        for row in session.execute(sa.select(*columns).where(columns[0].in_(some)))
    }


def locked(
    session: Session,
    product_ids: Collection[int],
    party_ids: Collection[int],
    certificate_ids: Collection[int],
    *,
    lock: bool,
) -> Sequence[QuantityCertificate]:
    """Certificates that list one of these products, are held by one of these parties, or are named.

    With `lock` each row is locked until the transaction ends, in the order of ids, so that two
    writers queue and never wait for each other; SQLite's writers queue from their beginning.
    """
    wanted = set(certificate_ids)
    for some in chunks(sorted(product_ids)):
        listed = select(CertificateProduct.certificate_id).where(
            col(CertificateProduct.product_id).in_(some)
        )
        wanted.update(session.exec(listed))
    held = select(QuantityCertificate.id).where(
        col(QuantityCertificate.party_id).in_(sorted(party_ids))
    )
    wanted.update(each for each in session.exec(held) if each is not None)
    rows = (
        select(QuantityCertificate)
        .where(col(QuantityCertificate.id).in_(sorted(wanted)))
        .order_by(col(QuantityCertificate.id))
        .execution_options(populate_existing=True)
    )
    return session.exec(rows.with_for_update() if lock else rows).all() if wanted else []


def products_of(session: Session, certificate_ids: Collection[int]) -> Mapping[int, dict[int, str]]:
    """Certificate id -> product id -> GTIN of the products that it lists."""
    found: dict[int, dict[int, str]] = {each: {} for each in certificate_ids}
    for some in chunks(sorted(certificate_ids)):
        rows = session.execute(
            sa.select(col(CertificateProduct.certificate_id), col(Product.id), col(Product.gtin))
            .join(Product, col(Product.id) == col(CertificateProduct.product_id))
            .where(col(CertificateProduct.certificate_id).in_(some))
            .order_by(col(Product.gtin))
        )
        for certificate_id, product_id, gtin in rows:
            found[certificate_id][product_id] = gtin
    return found


def serials_by_lot(session: Session, certificate_id: int) -> dict[int | None, int]:
    """How many serials are counted against a certificate, by the id of their lot."""
    rows = session.execute(
        sa.select(col(Serial.lot_id), sa.func.count())
        .where(col(Serial.certificate_id) == certificate_id)
        .group_by(col(Serial.lot_id))
    )
    return {row[0]: row[1] for row in rows}


def quantities_by_lot(session: Session, certificate_id: int) -> dict[int, Decimal]:
    """Declared quantities of the lots that are counted against a certificate."""
    rows = session.execute(
        sa.select(col(Lot.id), col(Lot.quantity)).where(
            col(Lot.certificate_id) == certificate_id, col(Lot.quantity).is_not(None)
        )
    )
    return {row[0]: row[1] for row in rows}


def lots_with_gtins(session: Session, lot_ids: Collection[int]) -> Sequence[tuple[Lot, str]]:
    """These lots with the GTINs of their products, the newest first."""
    rows = session.execute(
        sa.select(Lot, col(Product.gtin))
        .join(Product, col(Product.id) == col(Lot.product_id))
        .where(col(Lot.id).in_(sorted(lot_ids)))
        .order_by(col(Lot.id).desc())
    )
    return [(row[0], row[1]) for row in rows]


def untied_serials(session: Session, lot_id: int) -> int:
    """How many serials of a lot are counted against no certificate."""
    return session.exec(select(sa.func.count()).select_from(Serial).where(*_untied(lot_id))).one()


def tie_serials(session: Session, lot_id: int, certificate_id: int | None) -> None:
    """Count them against the certificate of the lot."""
    session.execute(sa.update(Serial).where(*_untied(lot_id)).values(certificate_id=certificate_id))


def _untied(lot_id: int) -> tuple[sa.ColumnElement[bool], sa.ColumnElement[bool]]:
    return col(Serial.lot_id) == lot_id, col(Serial.certificate_id).is_(None)
