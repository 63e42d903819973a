"""Reads of parties and products. Each starts from what the actor may read.

Products are public; a party is seen by its members, by those who entered it, and by the
authorities. Lots and serials are read in `goods_repository`, areas in `area_repository`.
Lists are pages in the order of ids: pass the last id as `after_id`.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapped
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from traceability.actor import Actor, Role
from traceability.clock import today
from traceability.registry import search
from traceability.registry.completeness import RecordFacts
from traceability.registry.models import (
    CodeAuthorisation,
    CompanyPrefix,
    Lot,
    Party,
    Product,
    ProductPhoto,
    Registration,
    RegistrationStatus,
)

T = TypeVar("T")
MAX_PAGE = 1000
_IN_AT_ONCE = 10_000
"""Values of one IN list: SQLite takes 32,766 parameters, PostgreSQL 65,535."""


def chunks(values: Sequence[T], size: int = _IN_AT_ONCE) -> Iterable[Sequence[T]]:
    """The values in parts that fit one IN list."""
    return (values[start : start + size] for start in range(0, len(values), size))


# What an actor may read


def readable_parties(actor: Actor) -> SelectOfScalar[Party]:
    if actor.sees_everything or actor.role is Role.TAX:
        return select(Party)
    if actor.party_id is None:  # would be asked as IS NULL, which most parties are
        return select(Party).where(sa.false())
    own = actor.party_id
    return select(Party).where(sa.or_(col(Party.id) == own, col(Party.registered_by_id) == own))


def readable_products(actor: Actor) -> SelectOfScalar[Product]:  # noqa: ARG001 - the rule is: all
    return select(Product)


def of_own_codes(actor: Actor, product_id: Mapped[int]) -> sa.ColumnElement[bool]:
    """Whether a row belongs to a product that the actor owns or may use the code of."""
    if actor.party_id is None:
        return sa.false()
    owned = sa.select(col(Product.id)).where(col(Product.producer_id) == actor.party_id)
    allowed = sa.select(col(CodeAuthorisation.product_id)).where(
        col(CodeAuthorisation.party_id) == actor.party_id, _in_force_today()
    )
    return sa.or_(product_id.in_(owned), product_id.in_(allowed))


def _in_force_today() -> sa.ColumnElement[bool]:
    until = col(CodeAuthorisation.valid_to)
    return sa.or_(until.is_(None), until >= today())


# Parties


def party(session: Session, actor: Actor, party_id: int) -> Party | None:
    return session.exec(readable_parties(actor).where(col(Party.id) == party_id)).first()


def list_parties(
    session: Session,
    actor: Actor,
    *,
    query: str | None = None,
    kind: str | None = None,
    status: str | None = None,
    after_id: int = 0,
    limit: int = 50,
) -> Sequence[Party]:
    """Parties with words that begin like those of the query, of a kind, of a registration."""
    found = readable_parties(actor).where(col(Party.id) > after_id)
    if query:
        found = found.where(*search.parties_matching(query))
    if kind is not None:
        found = found.where(col(Party.kind) == kind)
    if status is not None:
        found = found.where(_newest_status() == status)
    return session.exec(found.order_by(col(Party.id)).limit(min(limit, MAX_PAGE))).all()


def _newest_status() -> sa.ScalarSelect[str]:
    return (
        sa.select(col(Registration.status))
        .where(col(Registration.party_id) == col(Party.id))
        .order_by(col(Registration.id).desc())
        .limit(1)
        .scalar_subquery()
    )


def parties_by_id(session: Session, ids: Iterable[int]) -> dict[int, Party]:
    """Parties by id, whoever asks: for checks, and for what a product says of its producer."""
    wanted = sorted(set(ids))
    found: dict[int, Party] = {}
    for some in chunks(wanted):
        rows = session.exec(select(Party).where(col(Party.id).in_(some))).all()
        found.update((row.id, row) for row in rows if row.id is not None)
    return found


def party_with_tax_code(session: Session, tax_code: str) -> Party | None:
    return session.exec(select(Party).where(col(Party.tax_code) == tax_code)).first()


def party_with_gln(session: Session, gln: str) -> Party | None:
    return session.exec(select(Party).where(col(Party.gln) == gln)).first()


def registrations(session: Session, party_ids: Iterable[int]) -> dict[int, list[Registration]]:
    """The registrations of each party, the newest first."""
    found: dict[int, list[Registration]] = {}
    for some in chunks(sorted(set(party_ids))):
        rows = session.exec(
            select(Registration)
            .where(col(Registration.party_id).in_(some))
            .order_by(col(Registration.id).desc())
        )
        for row in rows:
            found.setdefault(row.party_id, []).append(row)
    return found


# Company prefixes


def prefixes_of(session: Session, party_ids: Iterable[int]) -> Sequence[CompanyPrefix]:
    return session.exec(
        select(CompanyPrefix)
        .where(col(CompanyPrefix.party_id).in_(sorted(set(party_ids))))
        .order_by(col(CompanyPrefix.prefix))
    ).all()


def overlapping_prefixes(session: Session, prefix: str) -> Sequence[CompanyPrefix]:
    """Prefixes that begin with this one, and those with which this one begins."""
    shorter = [prefix[:size] for size in range(4, len(prefix) + 1)]
    longer = sa.and_(col(CompanyPrefix.prefix) >= prefix, col(CompanyPrefix.prefix) < prefix + ":")
    return session.exec(
        select(CompanyPrefix).where(sa.or_(col(CompanyPrefix.prefix).in_(shorter), longer))
    ).all()


def prefix_holders(session: Session, on: date, prefixes: Sequence[str] | None) -> Mapping[str, int]:
    """Company prefixes in force with their party: of these prefixes, or all.

    A prefix that a party claims itself counts once the authority has made the party active.
    """
    approved = (
        sa.select(col(Registration.id))
        .where(
            col(Registration.party_id) == col(CompanyPrefix.party_id),
            col(Registration.status) == RegistrationStatus.ACTIVE,
        )
        .exists()
    )
    found = select(CompanyPrefix.prefix, CompanyPrefix.party_id).where(
        approved,
        sa.or_(col(CompanyPrefix.valid_from).is_(None), col(CompanyPrefix.valid_from) <= on),
        sa.or_(col(CompanyPrefix.valid_to).is_(None), col(CompanyPrefix.valid_to) >= on),
    )
    if prefixes is not None:
        found = found.where(col(CompanyPrefix.prefix).in_(prefixes))
    return dict(session.exec(found).all())


# Products


def product(session: Session, actor: Actor, product_id: int) -> Product | None:
    return session.exec(readable_products(actor).where(col(Product.id) == product_id)).first()


def product_with_gtin(session: Session, actor: Actor, gtin: str) -> Product | None:
    """The product of a GTIN of 14 digits."""
    return session.exec(readable_products(actor).where(col(Product.gtin) == gtin)).first()


def list_products(
    session: Session,
    actor: Actor,
    *,
    query: str | None = None,
    producer_id: int | None = None,
    category: str | None = None,
    after_id: int = 0,
    limit: int = 50,
) -> Sequence[Product]:
    """Products whose terms begin like the words of the query, of a producer, of a category."""
    found = readable_products(actor).where(col(Product.id) > after_id)
    if query:
        found = found.where(*search.products_matching(query))
    if producer_id is not None:
        found = found.where(col(Product.producer_id) == producer_id)
    if category is not None:
        found = found.where(col(Product.category) == category)
    return session.exec(found.order_by(col(Product.id)).limit(min(limit, MAX_PAGE))).all()


def products_by_id(session: Session, ids: Iterable[int]) -> dict[int, Product]:
    """Those of the products that exist, by id."""
    found: dict[int, Product] = {}
    for part in chunks(list(ids)):
        for product in session.exec(select(Product).where(col(Product.id).in_(part))):
            found[product.id or 0] = product
    return found


def products_with_gtins(session: Session, gtins: Iterable[str]) -> dict[str, Product]:
    found: dict[str, Product] = {}
    for some in chunks(sorted(set(gtins))):
        rows = session.exec(select(Product).where(col(Product.gtin).in_(some))).all()
        found.update((row.gtin, row) for row in rows)
    return found


def gtins_of(session: Session, product_ids: Iterable[int]) -> dict[int, str]:
    wanted = sorted(set(product_ids))
    found: dict[int, str] = {}
    for some in chunks(wanted):
        rows = session.execute(
            sa.select(col(Product.id), col(Product.gtin)).where(col(Product.id).in_(some))
        )
        found.update((row[0], row[1]) for row in rows)
    return found


def record_facts(session: Session, product_ids: Sequence[int]) -> dict[int, RecordFacts]:
    """What completeness asks for beyond the row of a product itself."""
    made = col(Lot.production_date).is_not(None)
    placed = col(Lot.place).is_not(None)
    of_product = col(Lot.product_id) == col(Product.id)
    rows = session.execute(
        sa.select(
            col(Product.id),
            sa.select(col(ProductPhoto.digest))
            .where(col(ProductPhoto.product_id) == col(Product.id))
            .scalar_subquery(),
            sa.select(col(Lot.id)).where(of_product).exists(),
            sa.select(col(Lot.id)).where(of_product, made).exists(),
            sa.select(col(Lot.id)).where(of_product, made, placed).exists(),
        ).where(col(Product.id).in_(product_ids))
    )
    return {row[0]: RecordFacts(row[1], bool(row[2]), bool(row[3]), bool(row[4])) for row in rows}


def photo(session: Session, product_id: int) -> ProductPhoto | None:
    """The picture of a product; pictures are public."""
    return session.get(ProductPhoto, product_id)


# Authorised users of a code


def authorisation(session: Session, product_id: int, party_id: int) -> CodeAuthorisation | None:
    return session.exec(
        select(CodeAuthorisation).where(
            col(CodeAuthorisation.product_id) == product_id,
            col(CodeAuthorisation.party_id) == party_id,
        )
    ).first()


def authorised_products(session: Session, party_id: int) -> set[int]:
    """Ids of the products whose code this party may use today."""
    return set(
        session.exec(
            select(CodeAuthorisation.product_id).where(
                col(CodeAuthorisation.party_id) == party_id, _in_force_today()
            )
        )
    )


def authorisations(session: Session, product_id: int) -> Sequence[tuple[CodeAuthorisation, Party]]:
    rows = session.execute(
        sa.select(CodeAuthorisation, Party)
        .join(Party, col(Party.id) == col(CodeAuthorisation.party_id))
        .where(col(CodeAuthorisation.product_id) == product_id)
        .order_by(col(CodeAuthorisation.id))
    )
    return [(row[0], row[1]) for row in rows]
