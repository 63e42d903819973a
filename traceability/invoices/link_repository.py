"""Statements on what links lines to products: registered GTINs, aliases, unlinked lines."""

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, SQLModel, col, select

from traceability.actor import Actor
from traceability.invoices.models import Invoice, InvoiceLine, ItemAlias
from traceability.invoices.repository import chunks, readable
from traceability.registry.models import Product, ProductTerm

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
    """Every alias of these codes of goods, for whatever unit."""
    key = sa.tuple_(col(ItemAlias.seller_tax_code), col(ItemAlias.item_code))
    return [
        alias
        for part in chunks(codes)
        for alias in session.exec(select(ItemAlias).where(key.in_([tuple(c) for c in part])))
    ]


def alias_for(session: Session, code: ItemCode, unit: str) -> ItemAlias | None:
    return session.exec(
        select(ItemAlias).where(
            ItemAlias.seller_tax_code == code.seller_tax_code,
            ItemAlias.item_code == code.item_code,
            ItemAlias.unit == unit,
        )
    ).first()


def alias_by_id(session: Session, alias_id: int) -> ItemAlias | None:
    return session.get(ItemAlias, alias_id)


def aliases_of(
    session: Session, seller_tax_code: str | None, after_id: int, limit: int
) -> list[ItemAlias]:
    """Aliases in the order in which they were confirmed, of one seller or of all."""
    statement = select(ItemAlias).where(col(ItemAlias.id) > after_id)
    if seller_tax_code is not None:
        statement = statement.where(ItemAlias.seller_tax_code == seller_tax_code)
    return list(session.exec(statement.order_by(col(ItemAlias.id)).limit(limit)))


def lines_with_code(session: Session, code: ItemCode) -> list[LineToLink]:
    return _lines_to_link(
        session,
        InvoiceLine.seller_tax_code == code.seller_tax_code,
        InvoiceLine.item_code == code.item_code,
    )


def lines_with_gtins(session: Session, gtins: Collection[str]) -> list[LineToLink]:
    return [
        line
        for part in chunks(gtins)
        for line in _lines_to_link(session, col(InvoiceLine.gtin).in_(part))
    ]


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


def _lines_to_link(session: Session, *conditions: Any) -> list[LineToLink]:
    columns = [getattr(InvoiceLine, name) for name in LineToLink._fields]
    rows = session.execute(sa.select(*columns).where(_MOVES_GOODS, *conditions))
    return [LineToLink(*row) for row in rows]


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
    session: Session, actor: Actor, seller_tax_code: str | None, limit: int
) -> list[UnlinkedItem]:
    """Codes of goods without a product in the invoices this actor may see, the largest first."""
    visible = readable(actor).where(col(Invoice.replaced).is_(False)).subquery()
    # Whole units: a sum of millionths could leave 64 bits, which SQLite refuses.
    micro = sa.func.abs(sa.type_coerce(InvoiceLine.quantity, sa.BigInteger))
    moved = sa.func.coalesce(sa.func.sum(micro // 1_000_000), 0)
    codes = (col(InvoiceLine.seller_tax_code), col(InvoiceLine.item_code), col(InvoiceLine.unit))
    statement = (
        sa.select(
            *codes, sa.func.max(InvoiceLine.name), sa.func.max(InvoiceLine.gtin),
            sa.func.count(), moved.label("moved"),
        )
        .join(visible, visible.c.id == col(InvoiceLine.invoice_id))
        .where(col(InvoiceLine.product_id).is_(None), _MOVES_GOODS)
        .group_by(*codes)
        .order_by(sa.desc("moved"), *(sa.nulls_last(code) for code in codes))
        .limit(limit)
    )  # fmt: skip
    if seller_tax_code is not None:
        statement = statement.where(col(InvoiceLine.seller_tax_code) == seller_tax_code)
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
