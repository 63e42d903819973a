"""Statements of the ledger: what lines book, daily sums, statements about stock."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, SQLModel, col, select

from traceability.invoices.ledger_models import LedgerDay, OriginClaim, Side, StockKind, StockRecord
from traceability.invoices.models import Invoice, InvoiceLine
from traceability.invoices.repository import chunks, counting
from traceability.invoices.sums import exact_sum, quantity_of

_WRITTEN_TOGETHER = 5000
MOST_CLAIMS = 200
"""Claims of one shop that are listed."""


class Cell(NamedTuple):
    """Key of a daily sum."""

    tax_code: str
    product_id: int
    side: str
    unit: str
    day: date


class Amount(NamedTuple):
    """What a daily sum holds, or a difference of it."""

    whole: int
    part: int
    lines: int


class Posting(NamedTuple):
    """A line whose place in the ledger may have changed; quantities in millionths."""

    seller_tax_code: str
    buyer_tax_code: str | None
    issued_on: date
    unit: str | None
    quantity: int | None
    invoice_counts: bool
    product_id: int | None
    base_quantity: int | None
    counted_product_id: int | None
    counted_quantity: int | None


def postings(session: Session, condition: Any) -> list[Posting]:
    """The lines under a condition that count, or that were counted."""
    micro: dict[str, Any] = {
        name: sa.type_coerce(getattr(InvoiceLine, name), sa.BigInteger)
        for name in ("quantity", "base_quantity", "counted_quantity")
    }
    micro["invoice_counts"] = counting()
    columns = [micro[name] if name in micro else _line(name) for name in Posting._fields]
    rows = session.execute(
        sa.select(*columns)
        .join(Invoice, col(Invoice.id) == col(InvoiceLine.invoice_id))
        .where(condition)
        .where(sa.or_(_line("product_id").is_not(None), _line("counted_product_id").is_not(None)))
    )
    return [Posting._make(row) for row in rows]


def _line(name: str) -> Any:
    return getattr(InvoiceLine, name)


def keep_counted(session: Session, condition: Any) -> None:
    """Note on the lines under a condition what the ledger now counts of them."""
    table = SQLModel.metadata.tables["invoice_line"]
    counts = sa.and_(
        table.c.product_id.is_not(None),
        table.c.base_quantity.is_not(None),
        sa.exists().where(col(Invoice.id) == table.c.invoice_id, counting()),
    )
    session.execute(
        sa.update(table)
        .where(condition)
        .where(sa.or_(table.c.product_id.is_not(None), table.c.counted_product_id.is_not(None)))
        .values(
            counted_product_id=sa.case((counts, table.c.product_id)),
            counted_quantity=sa.case((counts, table.c.base_quantity)),
        )
        .execution_options(synchronize_session=False)
    )


def add(session: Session, changes: Mapping[Cell, Amount]) -> None:
    """Add differences to the daily sums; those of no line any more are taken out."""
    if not changes:
        return
    rows = sorted((*cell, *change) for cell, change in changes.items())
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        columns = [list(column) for column in zip(*rows, strict=True)]
        connection.exec_driver_sql(_ADD_ARRAYS, tuple(columns))
    else:
        # The driver's own statement: its rows are many, and SQLAlchemy looks at each value.
        texts = [(*row[:4], row[4].isoformat(), *row[5:]) for row in rows]
        connection.exec_driver_sql(_ADD_ROW, texts)
    table = SQLModel.metadata.tables["ledger_day"]
    emptied = sorted({cell.tax_code for cell, change in changes.items() if change.lines < 0})
    for part in chunks(emptied):
        session.execute(sa.delete(table).where(table.c.tax_code.in_(part), table.c.lines == 0))


_COLUMNS = "tax_code, product_id, side, unit, day, whole, part, lines"
_ADDED = (
    "ON CONFLICT (tax_code, product_id, side, unit, day) DO UPDATE SET"
    " whole = ledger_day.whole + excluded.whole, part = ledger_day.part + excluded.part,"
    " lines = ledger_day.lines + excluded.lines"
)
_ADD_ROW = f"INSERT INTO ledger_day ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?) {_ADDED}"  # noqa: S608 -- constants
_ADD_ARRAYS = (
    f"INSERT INTO ledger_day ({_COLUMNS}) SELECT * FROM unnest(%s::text[], %s::bigint[],"  # noqa: S608
    f" %s::text[], %s::text[], %s::date[], %s::bigint[], %s::bigint[], %s::int[]) {_ADDED}"
)


def clear(session: Session) -> None:
    """Forget every daily sum."""
    session.execute(sa.delete(SQLModel.metadata.tables["ledger_day"]))


def count_days(session: Session) -> int:
    """How many daily sums there are."""
    return int(session.execute(sa.select(sa.func.count()).select_from(LedgerDay)).scalar_one())


def line_sums(session: Session) -> Iterator[list[Any]]:
    """Sums over the lines that count, by both parties, product, unit as written and day.

    Rows: side, tax code, product id, unit, whether a factor applies, day, whole, part, lines.
    """
    for side, party in ((Side.BOUGHT, "buyer_tax_code"), (Side.SOLD, "seller_tax_code")):
        converted = sa.case((_line("quantity") == _line("base_quantity"), 0), else_=1)
        keys = (_line(party), _line("product_id"), _line("unit"), converted, _line("issued_on"))
        statement = (
            sa.select(
                sa.literal(side.value), *keys,
                *exact_sum(InvoiceLine.base_quantity), sa.func.count(),
            )
            .join(Invoice, col(Invoice.id) == col(InvoiceLine.invoice_id))
            .where(counting(), _line(party).is_not(None))
            .where(_line("product_id").is_not(None), _line("base_quantity").is_not(None))
            .group_by(*keys)
        )  # fmt: skip
        found = session.execute(statement.execution_options(yield_per=_WRITTEN_TOGETHER))
        yield from (list(part) for part in found.partitions())


class Flow(NamedTuple):
    """What came in or went out of one product at one party, in one unit."""

    product_id: int
    side: str
    unit: str
    quantity: Decimal
    lines: int
    first_on: date
    last_on: date


def flows(
    session: Session,
    tax_code: str,
    product_id: int | None,
    as_of: date | None,
    since: Mapping[int, date],
) -> list[Flow]:
    """Sums by product, side and unit, in one statement.

    Args:
        session: a reading session.
        tax_code: the party.
        product_id: one product, or all of them.
        as_of: the last day counted.
        since: products whose balance begins anew on a day.
    """
    sums = sa.func.sum(col(LedgerDay.whole)), sa.func.sum(col(LedgerDay.part))
    keys = (col(LedgerDay.product_id), col(LedgerDay.side), col(LedgerDay.unit))
    statement = (
        sa.select(
            *keys, *sums, sa.func.sum(col(LedgerDay.lines)),
            sa.func.min(LedgerDay.day), sa.func.max(LedgerDay.day),
        )
        .where(col(LedgerDay.tax_code) == tax_code)
        .group_by(*keys)
    )  # fmt: skip
    if product_id is not None:
        statement = statement.where(col(LedgerDay.product_id) == product_id)
        if product_id in since:
            statement = statement.where(col(LedgerDay.day) >= since[product_id])
    elif since:
        statement = statement.where(_since_opening(tax_code, as_of))
    if as_of is not None:
        statement = statement.where(col(LedgerDay.day) <= as_of)
    return [
        Flow(row[0], row[1], row[2], quantity_of(row[3], row[4]), int(row[5]), row[6], row[7])
        for row in session.execute(statement)
    ]


def _since_opening(tax_code: str, as_of: date | None) -> sa.ColumnElement[bool]:
    """No later opening count of the product stands between this day and the day asked for."""
    later = [
        col(StockRecord.tax_code) == tax_code,
        col(StockRecord.product_id) == col(LedgerDay.product_id),
        col(StockRecord.kind) == StockKind.OPENING,
        col(StockRecord.observed_on) > col(LedgerDay.day),
    ]
    if as_of is not None:
        later.append(col(StockRecord.observed_on) <= as_of)
    return ~sa.exists().where(*later)


class DayFlow(NamedTuple):
    """One day's sum of one side."""

    product_id: int
    day: date
    side: str
    unit: str
    quantity: Decimal


def days(session: Session, tax_code: str, product_ids: Collection[int] | None) -> list[DayFlow]:
    """The daily sums of a party by product and day, purchases before sales."""
    columns = (LedgerDay.product_id, LedgerDay.day, LedgerDay.side, LedgerDay.unit)
    statement = (
        sa.select(*(col(c) for c in columns), col(LedgerDay.whole), col(LedgerDay.part))
        .where(col(LedgerDay.tax_code) == tax_code)
        .order_by(col(LedgerDay.product_id), col(LedgerDay.day), col(LedgerDay.side))
    )
    if product_ids is not None:
        statement = statement.where(col(LedgerDay.product_id).in_(sorted(product_ids)))
    return [
        DayFlow(row[0], row[1], row[2], row[3], quantity_of(row[4], row[5]))
        for row in session.execute(statement)
    ]


def stock_records(
    session: Session, tax_code: str, product_id: int | None = None, as_of: date | None = None
) -> list[StockRecord]:
    """Statements about the stock of a shop, in the order of what they speak of."""
    statement = select(StockRecord).where(StockRecord.tax_code == tax_code)
    if product_id is not None:
        statement = statement.where(StockRecord.product_id == product_id)
    if as_of is not None:
        statement = statement.where(col(StockRecord.observed_on) <= as_of)
    return list(session.exec(statement.order_by(col(StockRecord.observed_at), col(StockRecord.id))))


def record_with_nonce(session: Session, nonce: str) -> StockRecord | None:
    return session.exec(select(StockRecord).where(StockRecord.nonce == nonce)).first()


def claim_with_nonce(session: Session, nonce: str) -> OriginClaim | None:
    return session.exec(select(OriginClaim).where(OriginClaim.nonce == nonce)).first()


def claims_of(session: Session, tax_code: str) -> list[OriginClaim]:
    """What a shop showed, the newest inspection first."""
    return list(
        session.exec(
            select(OriginClaim)
            .where(OriginClaim.tax_code == tax_code)
            .order_by(col(OriginClaim.inspected_at).desc(), col(OriginClaim.id).desc())
            .limit(MOST_CLAIMS)
        )
    )


_MOVES_GOODS = col(InvoiceLine.nature).in_(["1", "2", "5"])


def unlinked_lines(session: Session, tax_code: str, as_of: date | None) -> int:
    """How many lines of goods the party bought or sold that no product is known for."""
    bought, sold = col(InvoiceLine.buyer_tax_code), col(InvoiceLine.seller_tax_code)
    # Twice by an index each; a line between two of its own premises counts once.
    as_seller = sa.and_(sold == tax_code, sa.func.coalesce(bought, "") != tax_code)
    return sum(_unlinked(session, side, as_of) for side in (bought == tax_code, as_seller))


def _unlinked(session: Session, side: Any, as_of: date | None) -> int:
    statement = (
        sa.select(sa.func.count())
        .select_from(InvoiceLine)
        .join(Invoice, col(Invoice.id) == col(InvoiceLine.invoice_id))
        .where(side, col(InvoiceLine.product_id).is_(None), _MOVES_GOODS)
        .where(counting())
    )
    if as_of is not None:
        statement = statement.where(col(InvoiceLine.issued_on) <= as_of)
    return int(session.execute(statement).scalar_one())
