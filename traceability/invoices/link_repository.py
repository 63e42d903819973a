"""Statements on what links lines to products: registered GTINs, aliases, unlinked lines."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple, Protocol

import sqlalchemy as sa
from sqlmodel import Session, SQLModel, col, select

from traceability.actor import Actor
from traceability.invoices.models import AliasState, Invoice, InvoiceLine, ItemAlias
from traceability.invoices.repository import chunks, counting, readable
from traceability.registry.models import Party, Product, ProductTerm

_PAGE = 5000
_MOVES_GOODS = col(InvoiceLine.nature).in_(["1", "2", "5"])


class ItemCode(NamedTuple):
    """A code of goods: it means something only together with its seller."""

    seller_tax_code: str
    item_code: str


class LineToLink(NamedTuple):
    """What decides which product a line on record is about."""

    id: int
    seller_tax_code: str
    item_code: str | None
    unit: str | None
    gtin: str | None
    quantity: Decimal | None
    product_id: int | None
    base_quantity: Decimal | None
    issued_on: date


def products_by_gtin(session: Session, gtins: Collection[str]) -> dict[str, int]:
    """Ids of the registered products among these GTINs."""
    return {
        gtin: product_id
        for part in chunks(gtins)
        for gtin, product_id in session.execute(
            sa.select(col(Product.gtin), col(Product.id)).where(col(Product.gtin).in_(part))
        )
    }


def aliases(session: Session, codes: Collection[ItemCode]) -> list[ItemAlias]:
    """The versions in force of these codes of goods, for whatever unit and day."""
    key = sa.tuple_(col(ItemAlias.seller_tax_code), col(ItemAlias.item_code))
    in_force = select(ItemAlias).where(ItemAlias.state == AliasState.IN_FORCE)
    return [
        alias
        for part in chunks(codes)
        for alias in session.exec(in_force.where(key.in_([tuple(c) for c in part])))
    ]


class AliasKey(Protocol):
    """What no two versions in force have in common."""

    @property
    def seller_tax_code(self) -> str: ...
    @property
    def item_code(self) -> str: ...
    @property
    def unit(self) -> str: ...
    @property
    def valid_from(self) -> date: ...


def _of_key(key: AliasKey) -> tuple[sa.ColumnElement[bool], ...]:
    names = ("seller_tax_code", "item_code", "unit", "valid_from")
    return tuple(col(getattr(ItemAlias, name)) == getattr(key, name) for name in names)


def alias_in_force(session: Session, key: AliasKey) -> ItemAlias | None:
    in_force = col(ItemAlias.state) == AliasState.IN_FORCE
    return session.exec(select(ItemAlias).where(*_of_key(key), in_force)).first()


def awaiting_aliases(session: Session, alias: ItemAlias) -> list[ItemAlias]:
    """Other versions for the same code, unit and day that await their second confirmation."""
    others = (col(ItemAlias.state) == AliasState.AWAITING_SECOND, col(ItemAlias.id) != alias.id)
    return list(session.exec(select(ItemAlias).where(*_of_key(alias), *others)))


class Stated(AliasKey, Protocol):
    """A key and what is said of it."""

    @property
    def product_id(self) -> int: ...
    @property
    def factor(self) -> Decimal: ...


def same_alias(session: Session, statement: Stated) -> ItemAlias | None:
    """The version that says this already and was neither replaced nor withdrawn."""
    open_states = (AliasState.PROPOSED, AliasState.AWAITING_SECOND, AliasState.IN_FORCE)
    found = select(ItemAlias).where(
        *_of_key(statement),
        ItemAlias.product_id == statement.product_id,
        ItemAlias.factor == statement.factor,
        col(ItemAlias.state).in_(open_states),
    )
    return session.exec(found.order_by(col(ItemAlias.id).desc())).first()


def alias_by_id(session: Session, alias_id: int) -> ItemAlias | None:
    return session.get(ItemAlias, alias_id)


class AliasFilter(NamedTuple):
    """Which versions to list; None leaves a condition out."""

    seller_tax_code: str | None = None
    item_code: str | None = None
    states: Collection[str] | None = None


def aliases_of(
    session: Session,
    actor: Actor,
    chosen: AliasFilter,
    cursor: int,
    limit: int,
    *,
    newest_first: bool = False,
) -> list[ItemAlias]:
    """Versions by id: of members those of their own codes and those they proposed.

    Args:
        session: a reading session.
        actor: who asks.
        chosen: conditions.
        cursor: id of the last version of the page before; 0 for the first page.
        limit: at most this many.
        newest_first: in falling order of id.
    """
    place = col(ItemAlias.id)
    statement = select(ItemAlias)
    if cursor:
        statement = statement.where(place < cursor if newest_first else place > cursor)
    if not actor.sees_everything:
        own = select(Party.tax_code).where(col(Party.id) == actor.party_id).scalar_subquery()
        statement = statement.where(
            sa.or_(
                col(ItemAlias.seller_tax_code) == own,
                col(ItemAlias.proposed_by_party_id) == actor.party_id,
            )
        )
    if chosen.seller_tax_code is not None:
        statement = statement.where(ItemAlias.seller_tax_code == chosen.seller_tax_code)
    if chosen.item_code is not None:
        statement = statement.where(ItemAlias.item_code == chosen.item_code)
    if chosen.states is not None:
        statement = statement.where(col(ItemAlias.state).in_(chosen.states))
    order = place.desc() if newest_first else place
    return list(session.exec(statement.order_by(order).limit(limit)))


def sees_code(session: Session, actor: Actor, code: ItemCode) -> bool:
    """Whether the actor may see an invoice with a line of this code."""
    lines = select(InvoiceLine.invoice_id).where(
        InvoiceLine.seller_tax_code == code.seller_tax_code,
        InvoiceLine.item_code == code.item_code,
    )
    return (
        session.exec(readable(actor).where(col(Invoice.id).in_(lines)).limit(1)).first() is not None
    )


def lines_with_code(session: Session, code: ItemCode) -> Iterator[LineToLink]:
    return _lines_to_link(
        session,
        InvoiceLine.seller_tax_code == code.seller_tax_code,
        InvoiceLine.item_code == code.item_code,
    )


def lines_with_gtins(session: Session, gtins: Collection[str]) -> Iterator[LineToLink]:
    for part in chunks(gtins):
        yield from _lines_to_link(session, col(InvoiceLine.gtin).in_(part))


def registered_gtins_of_unlinked_lines(session: Session) -> set[str]:
    """GTINs in lines without a product for which there is a product now."""
    return set(
        session.exec(
            select(Product.gtin)
            .join(InvoiceLine, col(InvoiceLine.gtin) == col(Product.gtin))
            .where(col(InvoiceLine.product_id).is_(None))
            .distinct()
        )
    )


def _lines_to_link(session: Session, *conditions: Any) -> Iterator[LineToLink]:
    """Page by page, so that a code with a million lines takes no more memory than one with few."""
    columns = [getattr(InvoiceLine, name) for name in LineToLink._fields]
    wanted = sa.select(*columns).where(_MOVES_GOODS, *conditions).order_by(col(InvoiceLine.id))
    last = 0
    while page := session.execute(wanted.where(col(InvoiceLine.id) > last).limit(_PAGE)).all():
        yield from (LineToLink(*row) for row in page)
        last = page[-1][0]


def set_links(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write `product_id` and `base_quantity` of lines; rows carry them and the line's `id`."""
    if not rows:
        return
    table = SQLModel.metadata.tables["invoice_line"]
    session.execute(
        sa.update(table)
        .where(table.c.id == sa.bindparam("line_id"))
        .values(
            product_id=sa.bindparam("linked_product_id"),
            base_quantity=sa.bindparam("linked_quantity", type_=table.c.base_quantity.type),
        ),
        [
            {
                "line_id": row["id"],
                "linked_product_id": row["product_id"],
                "linked_quantity": row["base_quantity"],
            }
            for row in rows
        ],
        execution_options={"synchronize_session": False},
    )


class UnlinkedItem(NamedTuple):
    """A seller's code of goods no product is known for, over all its lines."""

    seller_tax_code: str
    item_code: str | None
    unit: str | None
    name: str
    """One of the names its lines carry."""
    gtin: str | None
    """A GTIN that is in the lines but not registered."""
    lines: int
    quantity: Decimal
    """Whole units, to order the list by what a link would explain."""


def unlinked_items(
    session: Session,
    actor: Actor,
    seller_tax_code: str | None,
    limit: int,
    *,
    item_code: str | None = None,
) -> list[UnlinkedItem]:
    """Codes of goods without a product in the invoices this actor may see.

    Those first that a link would explain most by: quantity times lines, since a code on many
    invoices explains the stock of many shops.
    """
    visible = readable(actor).where(counting()).subquery()
    # Whole units: a sum of millionths could leave 64 bits, which SQLite refuses.
    micro = sa.func.abs(sa.type_coerce(InvoiceLine.quantity, sa.BigInteger))
    moved = sa.func.coalesce(sa.func.sum(micro // 1_000_000), 0)
    weight = sa.cast(moved, sa.Float) * sa.func.count()
    codes = (col(InvoiceLine.seller_tax_code), col(InvoiceLine.item_code), col(InvoiceLine.unit))
    statement = (
        sa.select(
            *codes, sa.func.max(InvoiceLine.name), sa.func.max(InvoiceLine.gtin),
            sa.func.count(), moved,
        )
        .join(visible, visible.c.id == col(InvoiceLine.invoice_id))
        .where(col(InvoiceLine.product_id).is_(None), _MOVES_GOODS)
        .group_by(*codes)
        .order_by(weight.desc(), *(sa.nulls_last(code) for code in codes))
        .limit(limit)
    )  # fmt: skip
    if seller_tax_code is not None:
        statement = statement.where(col(InvoiceLine.seller_tax_code) == seller_tax_code)
    if item_code is not None:
        statement = statement.where(col(InvoiceLine.item_code) == item_code)
    return [UnlinkedItem._make((*row[:6], Decimal(row[6]))) for row in session.execute(statement)]


def products_sharing_words(
    session: Session, words: Collection[str], limit: int
) -> list[tuple[int, str, str, str | None]]:
    """Id, GTIN, name and brand of the products whose names share most of these folded words."""
    shared = (
        sa.select(col(ProductTerm.product_id), sa.func.count().label("words"))
        .where(col(ProductTerm.term).in_(sorted(words)))
        .group_by(col(ProductTerm.product_id))
        .order_by(sa.desc("words"), col(ProductTerm.product_id))
        .limit(limit)
        .subquery()
    )
    rows = session.execute(
        sa.select(col(Product.id), col(Product.gtin), col(Product.name), col(Product.brand))
        .join(shared, shared.c.product_id == col(Product.id))
    )  # fmt: skip
    return [(row[0], row[1], row[2], row[3]) for row in rows]
