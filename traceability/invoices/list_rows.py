"""The rows of one dated list, as they were brought in, page by page.

A list is shown alone, never merged with another: what two sources say otherwise stays visible.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlmodel import Session, select

from traceability.actor import Actor
from traceability.invoices.list_models import (
    CustomsDeclaration,
    DatedList,
    DeclaredPrice,
    ListedTaxCode,
    ListKind,
    PumpSale,
)
from traceability.invoices.lists import COLUMNS, may_read
from traceability.registry import repository as registry

ListRow = ListedTaxCode | CustomsDeclaration | PumpSale | DeclaredPrice
Value = str | date | datetime | Decimal | None

_MODELS: Mapping[ListKind, type[ListRow]] = {
    ListKind.INACTIVE: ListedTaxCode,
    ListKind.VIOLATION_SIGNS: ListedTaxCode,
    ListKind.DECLARATIONS: CustomsDeclaration,
    ListKind.PUMP_LOG: PumpSale,
    ListKind.PRICES: DeclaredPrice,
}


@dataclass(frozen=True, slots=True)
class RowPage:
    """Some rows of a list."""

    columns: tuple[str, ...]
    """Names, as in the file."""
    rows: Sequence[tuple[int, Sequence[Value]]]
    """Number of the row in the file, and its cells."""
    next_row: int | None
    """The row after which the next page begins; None on the last one."""


def one_list(session: Session, actor: Actor, list_id: int) -> DatedList | None:
    """A list by its id; None where there is none, or this actor reads no lists."""
    return session.get(DatedList, list_id) if may_read(actor) else None


def rows_of(session: Session, found: DatedList, after: int = 0, limit: int = 100) -> RowPage:
    """The rows of a list in the order of its file.

    Args:
        session: of the request.
        found: from `one_list`.
        after: the last row of the page before; 0 for the first page.
        limit: rows of a page.
    """
    kind = ListKind(found.kind)
    model: Any = _MODELS[kind]
    rows: Sequence[Any] = session.exec(
        select(model)
        .where(model.list_id == found.id, model.row > after)
        .order_by(model.row)
        .limit(limit + 1)
    ).all()
    gtins = _gtins(session, rows)
    columns = tuple(COLUMNS[kind])
    cells = [
        (row.row, [gtins.get(row.product_id) if c == "gtin" else getattr(row, c) for c in columns])
        for row in rows[:limit]
    ]
    return RowPage(columns, cells, cells[-1][0] if len(rows) > limit else None)


def _gtins(session: Session, rows: Sequence[Any]) -> dict[int, str]:
    """The number of each product that the rows name."""
    named = {row.product_id for row in rows if hasattr(row, "product_id")}
    return {key: product.gtin for key, product in registry.products_by_id(session, named).items()}
