"""Reads for the pages of the authorities: what waits, and what a page shows beside a list.

Counts end at `MOST_COUNTED`: a page does not wait for a million rows to be counted.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.security.models import ApiKey, User
from traceability.actor import Actor
from traceability.enforcement import repository as enforcement
from traceability.enforcement.models import Report, ReportStatus
from traceability.events.models import Recall, RecallStatus
from traceability.events.recall_repository import readable_recalls
from traceability.invoices import link_repository
from traceability.invoices.models import AliasState, Invoice, ItemAlias
from traceability.registry.certificate_models import CertificateStatus, QuantityCertificate
from traceability.registry.models import (
    CodeAuthorisation,
    Lot,
    Party,
    Product,
    Registration,
    RegistrationStatus,
    Serial,
)
from traceability.registry.repository import readable_parties

MOST_COUNTED = 1000


def waiting(session: Session, actor: Actor) -> dict[str, int]:
    """How many rows each list of open work has, each up to `MOST_COUNTED`."""
    reports = enforcement.readable(actor).where(col(Report.status) == ReportStatus.RECEIVED)
    recalls = readable_recalls(actor).where(col(Recall.status) == RecallStatus.ACTIVE)
    items = link_repository.unlinked_items(session, actor, None, MOST_COUNTED)
    return {
        "registrations": _count(session, _pending(actor), Party.id),
        "lines": len(items),
        "reports": _count(session, reports, Report.id),
        "recalls": _count(session, recalls, Recall.id),
        "codes": _count(session, _unconfirmed(), Product.id),
        "certificates": _count(
            session,
            select(QuantityCertificate).where(
                col(QuantityCertificate.status) == CertificateStatus.PENDING
            ),
            QuantityCertificate.id,
        ),
    }


def _count(session: Session, rows: SelectOfScalar[Any], key: Any) -> int:
    some = rows.with_only_columns(col(key)).limit(MOST_COUNTED).subquery()
    return int(session.execute(sa.select(sa.func.count()).select_from(some)).scalar_one())


def _pending(actor: Actor) -> SelectOfScalar[Party]:
    """Parties whose newest registration waits; started from the few rows that do."""
    newer = aliased(Registration)
    decided = (
        sa.select(col(newer.id))
        .where(
            col(newer.party_id) == col(Registration.party_id), col(newer.id) > col(Registration.id)
        )
        .exists()
    )
    waiting_rows = sa.select(col(Registration.party_id)).where(
        col(Registration.status) == RegistrationStatus.PENDING, ~decided
    )
    return readable_parties(actor).where(col(Party.id).in_(waiting_rows))


def waiting_longest(session: Session, actor: Actor, limit: int) -> Sequence[Party]:
    """Parties whose registration waits, the first entered first."""
    return session.exec(_pending(actor).order_by(col(Party.id)).limit(limit)).all()


def _unconfirmed() -> SelectOfScalar[Product]:
    """Started from the documents, which are few beside the products."""
    with_document = sa.select(col(CodeAuthorisation.product_id))
    return select(Product).where(
        col(Product.confirmed).is_(False), col(Product.id).in_(with_document)
    )


def unconfirmed_products(
    session: Session, *, after_id: int = 0, limit: int = 50
) -> Sequence[Product]:
    """Products that wait: a member has named the document behind the code itself."""
    found = _unconfirmed().where(col(Product.id) > after_id)
    return session.exec(found.order_by(col(Product.id)).limit(limit)).all()


def documents_of(
    session: Session, product_ids: Sequence[int]
) -> dict[int, list[tuple[CodeAuthorisation, Party]]]:
    """The documents of products and who may use the code by each, by product."""
    rows = session.execute(
        sa.select(CodeAuthorisation, Party)
        .join(Party, col(Party.id) == col(CodeAuthorisation.party_id))
        .where(col(CodeAuthorisation.product_id).in_(product_ids))
        .order_by(col(CodeAuthorisation.id))
    )
    found: dict[int, list[tuple[CodeAuthorisation, Party]]] = {}
    for row, party in rows:
        found.setdefault(row.product_id, []).append((row, party))
    return found


def serials_reached(
    session: Session, product_id: int, *, lot: str | None, serial: str | None
) -> int:
    """How many registered serials a recall of these goods reaches."""
    found = sa.select(sa.func.count()).where(col(Serial.product_id) == product_id)
    if lot is not None:
        lots = sa.select(col(Lot.id)).where(col(Lot.product_id) == product_id, col(Lot.lot) == lot)
        found = found.where(col(Serial.lot_id).in_(lots))
    if serial is not None:
        found = found.where(col(Serial.serial) == serial)
    return int(session.execute(found).scalar_one())


def lot_of(session: Session, product_id: int, lot: str) -> Lot | None:
    return session.exec(
        select(Lot).where(col(Lot.product_id) == product_id, col(Lot.lot) == lot)
    ).first()


def newest_aliases(session: Session, limit: int) -> Sequence[ItemAlias]:
    """Confirmed links of codes of goods, the last confirmed first."""
    order = (col(ItemAlias.confirmed_at).desc(), col(ItemAlias.id).desc())
    in_force = select(ItemAlias).where(ItemAlias.state == AliasState.IN_FORCE)
    return session.exec(in_force.order_by(*order).limit(limit)).all()


def seller_names(session: Session, tax_codes: Iterable[str]) -> dict[str, str]:
    """Names of sellers: those of the register, else the one on an invoice of theirs."""
    wanted = sorted(set(tax_codes))
    on_invoices = session.execute(
        sa.select(col(Invoice.seller_tax_code), sa.func.max(col(Invoice.seller_name)))
        .where(col(Invoice.seller_tax_code).in_(wanted))
        .group_by(col(Invoice.seller_tax_code))
    )
    registered = session.execute(
        sa.select(col(Party.tax_code), col(Party.name)).where(col(Party.tax_code).in_(wanted))
    )
    return {row[0]: row[1] for rows in (on_invoices, registered) for row in rows}


def users_by_id(session: Session, ids: Iterable[int | None]) -> dict[int, User]:
    wanted = sorted({number for number in ids if number is not None})
    rows = session.exec(select(User).where(col(User.id).in_(wanted))).all()
    return {row.id: row for row in rows if row.id is not None}


def keys_by_id(session: Session, ids: Iterable[int | None]) -> dict[int, ApiKey]:
    wanted = sorted({number for number in ids if number is not None})
    rows = session.exec(select(ApiKey).where(col(ApiKey.id).in_(wanted))).all()
    return {row.id: row for row in rows if row.id is not None}
