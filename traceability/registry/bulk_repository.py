"""Statements for whole tables: what is on record of many codes, and many rows at once."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, SQLModel, col

from traceability.registry.models import CodeAuthorisation, Lot, Party, Product, Serial
from traceability.registry.repository import chunks

_PAIRS = 5000
"""Pairs of one statement: two parameters each."""
_ROWS = 5000
"""Rows of one INSERT call."""


def owners_of_gtins(session: Session, gtins: Iterable[str]) -> dict[str, tuple[int, int]]:
    """Product id and producer id of the GTINs that are on record."""
    columns = (col(Product.gtin), col(Product.id), col(Product.producer_id))
    return {
        row[0]: (row[1], row[2])
        for some in chunks(sorted(set(gtins)))
        for row in session.execute(sa.select(*columns).where(col(Product.gtin).in_(some)))
    }


def parties_by_tax_code(session: Session, tax_codes: Iterable[str]) -> dict[str, int]:
    columns = (col(Party.tax_code), col(Party.id))
    return {
        row[0]: row[1]
        for some in chunks(sorted(set(tax_codes)))
        for row in session.execute(sa.select(*columns).where(col(Party.tax_code).in_(some)))
    }


def lots_on_record(
    session: Session, pairs: Iterable[tuple[int, str]]
) -> dict[tuple[int, str], int]:
    """Ids of the lots among these pairs of product id and lot."""
    return {
        (row[0], row[1]): row[2]
        for asked in _asked(pairs)
        for row in session.execute(
            sa.select(col(Lot.product_id), col(Lot.lot), col(Lot.id)).join_from(
                asked,
                Lot,
                sa.and_(col(Lot.product_id) == asked.c.product_id, col(Lot.lot) == asked.c.text),
            )
        )
    }


def certificates_of_lots(session: Session, lot_ids: Iterable[int]) -> dict[int, int]:
    """The ids of the certificates that lots are counted against, by the lot's id."""
    columns = (col(Lot.id), col(Lot.certificate_id))
    return {
        row[0]: row[1]
        for some in chunks(sorted(set(lot_ids)))
        for row in session.execute(
            sa.select(*columns).where(columns[0].in_(some), columns[1].is_not(None))
        )
    }


def serials_on_record(session: Session, pairs: Iterable[tuple[int, str]]) -> set[tuple[int, str]]:
    """Which of these pairs of product id and serial are on record."""
    return {
        (row[0], row[1])
        for asked in _asked(pairs)
        for row in session.execute(
            sa.select(col(Serial.product_id), col(Serial.serial)).join_from(
                asked,
                Serial,
                sa.and_(
                    col(Serial.product_id) == asked.c.product_id,
                    col(Serial.serial) == asked.c.text,
                ),
            )
        )
    }


def _asked(pairs: Iterable[tuple[int, str]]) -> Iterator[sa.CTE]:
    """The pairs as tables to join, part by part.

    SQLite reads a whole table for `(a, b) IN (…)`; for a join it looks each pair up in the index.
    """
    columns = (sa.column("product_id", sa.BigInteger()), sa.column("text", sa.String()))
    for some in chunks(sorted(set(pairs)), _PAIRS):
        yield sa.values(*columns, name="asked").data(list(some)).cte("asked")


def insert_products(session: Session, rows: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """Add products; gives their ids by GTIN."""
    _insert(session, Product, rows)
    found = owners_of_gtins(session, (row["gtin"] for row in rows))
    return {gtin: product_id for gtin, (product_id, _) in found.items()}


def insert_authorisations(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    _insert(session, CodeAuthorisation, rows)


def insert_lots(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    _insert(session, Lot, rows)


def insert_serials(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    _insert(session, Serial, rows)


def _insert(session: Session, model: type[SQLModel], rows: Sequence[Mapping[str, Any]]) -> None:
    # by the table, not the entity: the unit of work would look at each of 100,000 rows
    statement = sa.insert(sa.inspect(model).local_table)
    for some in chunks(rows, _ROWS):
        session.execute(statement, list(some))


def mark_serialised(session: Session, product_ids: Iterable[int]) -> None:
    """Note that every unit of these products carries a serial."""
    for some in chunks(sorted(set(product_ids))):
        session.execute(sa.update(Product).where(col(Product.id).in_(some)).values(serialised=True))
