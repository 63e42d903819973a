"""Bringing in the dated lists that others keep: tax codes, declarations, pump logs, prices.

A list is a table (CSV or XLSX) whose first row names its columns, in English:

| kind | columns |
|---|---|
| inactive, violation-signs | tax_code, valid_from, valid_to, document |
| declarations | number, registered_on, importer_tax_code, gtin, quantity |
| pump-log | tax_code, pump, sold_at, gtin, litres, unit_price |
| prices | gtin, valid_from, unit_price |

It is taken as a whole or refused as a whole, with each wrong cell named by row and column. The
source and the day of which the list speaks are stated with it; lists are never merged, so what
two sources say otherwise stays visible.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, SQLModel, col, select

from gs1.errors import Gs1Error
from gs1.gtin import Gtin
from traceability import audit
from traceability.actor import Actor, Role
from traceability.audit import AuditAction
from traceability.clock import VIETNAM, today
from traceability.errors import Fault, ForbiddenError, InvalidError
from traceability.invoices.list_models import DatedList, ListKind
from traceability.registry import cells
from traceability.registry.columns import Cell
from traceability.registry.repository import products_with_gtins
from traceability.registry.tables import CellValue, read_table
from traceability.registry.tax_code import TaxCode

_BRINGING = frozenset({Role.ADMIN, Role.SUPERVISOR, Role.TAX})
_READING = _BRINGING | {Role.INSPECTOR, Role.AUDITOR}
MAX_FAULTS = 100
"""Wrong cells that are named; a list with so many is another list."""
_MAX_NUMBER = Decimal(10) ** 9


@dataclass(frozen=True, slots=True)
class _Column:
    read: Callable[[CellValue], Any]
    needed: bool = True


def _tax_code(value: CellValue) -> str:
    return TaxCode.parse(str(cells.read(Cell.CODE, value))).value


def _gtin(value: CellValue) -> str:
    return Gtin.parse(str(cells.read(Cell.CODE, value))).value


def _day(value: CellValue) -> date:
    text = cells.read(Cell.DATE, value)
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise cells.CellError("registry.date-format", value=text[:40]) from error


def _moment(value: CellValue) -> datetime:
    """ISO 8601; without a zone it is Vietnam's time, as pumps write it."""
    try:
        at = value if isinstance(value, datetime) else datetime.fromisoformat(str(value).strip())
    except ValueError as error:
        raise cells.CellError("registry.date-format", value=str(value)[:40]) from error
    return (at.replace(tzinfo=VIETNAM) if at.tzinfo is None else at).astimezone(UTC)


def _number(value: CellValue) -> Decimal:
    try:
        number = Decimal(str(cells.read(Cell.QUANTITY, value)))
    except InvalidOperation as error:
        raise cells.CellError("registry.cell-type", expected="quantity") from error
    if not number.is_finite() or not 0 <= number < _MAX_NUMBER:
        raise cells.CellError("registry.cell-type", expected="quantity")
    return number


def _text(most: int) -> Callable[[CellValue], str]:
    return lambda value: str(cells.read(Cell.TEXT, value))[:most]


_TAX_CODES = {
    "tax_code": _Column(_tax_code),
    "valid_from": _Column(_day, needed=False),
    "valid_to": _Column(_day, needed=False),
    "document": _Column(_text(100), needed=False),
}
COLUMNS: Mapping[ListKind, Mapping[str, _Column]] = {
    ListKind.INACTIVE: _TAX_CODES,
    ListKind.VIOLATION_SIGNS: _TAX_CODES,
    ListKind.DECLARATIONS: {
        "number": _Column(_text(30)),
        "registered_on": _Column(_day),
        "importer_tax_code": _Column(_tax_code),
        "gtin": _Column(_gtin),
        "quantity": _Column(_number, needed=False),
    },
    ListKind.PUMP_LOG: {
        "tax_code": _Column(_tax_code),
        "pump": _Column(_text(20)),
        "sold_at": _Column(_moment),
        "gtin": _Column(_gtin),
        "litres": _Column(_number),
        "unit_price": _Column(_number),
    },
    ListKind.PRICES: {
        "gtin": _Column(_gtin),
        "valid_from": _Column(_day),
        "unit_price": _Column(_number),
    },
}
_TABLES = {
    ListKind.INACTIVE: "listed_tax_code",
    ListKind.VIOLATION_SIGNS: "listed_tax_code",
    ListKind.DECLARATIONS: "customs_declaration",
    ListKind.PUMP_LOG: "pump_sale",
    ListKind.PRICES: "declared_price",
}


@dataclass(frozen=True, slots=True)
class ListFile:
    """A list as somebody brings it."""

    kind: ListKind
    source: str
    """Who keeps it, with the number of the notice."""
    dated_on: date
    file_name: str
    content: bytes


def import_list(session: Session, actor: Actor, file: ListFile) -> DatedList:
    """Take in a list; the same file of the same kind again is the one on record.

    Raises:
        ForbiddenError: `invoices.list-forbidden` (role).
        InvalidError: `invoices.list-source`, `invoices.list-future`; of the field `file` what
            `registry.tables.read_table` raises, `invoices.list-column` (column) and
            `invoices.list-empty`; of `row.column` what is wrong with a cell, and
            `registry.gtin-unknown` (gtin).
    """
    source = _stated(actor, file)
    digest = hashlib.sha256(file.content).hexdigest()
    known = session.exec(
        select(DatedList).where(DatedList.kind == file.kind, DatedList.digest == digest)
    ).first()
    if known is not None:
        return known
    rows = _resolved(session, _rows(file))
    found = DatedList(
        kind=file.kind, source=source, dated_on=file.dated_on, digest=digest, rows=len(rows),
        file_name="".join(c for c in file.file_name if c.isprintable())[-255:],
        imported_by_id=actor.user_id,
    )  # fmt: skip
    session.add(found)
    session.flush()
    table = SQLModel.metadata.tables[_TABLES[file.kind]]
    session.execute(sa.insert(table), [{**row, "list_id": found.id} for row in rows])
    audit.record(
        session, actor, AuditAction.LIST_IMPORTED, f"list:{found.id}",
        kind=file.kind.value, rows=len(rows), digest=digest,
    )  # fmt: skip
    return found


def check_list(session: Session, actor: Actor, file: ListFile) -> int:
    """How many rows would be taken in; nothing is stored.

    Raises:
        ForbiddenError, InvalidError: as `import_list` does.
    """
    _stated(actor, file)
    return len(_resolved(session, _rows(file)))


def _stated(actor: Actor, file: ListFile) -> str:
    """The source as it is kept; refused where the statement about the list is."""
    if actor.role not in _BRINGING:
        raise ForbiddenError("invoices.list-forbidden", role=actor.role.value)
    source = " ".join(file.source.split())
    if not 0 < len(source) <= 200:
        raise InvalidError.of("source", "invoices.list-source", limit=200)
    if file.dated_on > today():
        raise InvalidError.of("dated_on", "invoices.list-future")
    return source


def may_read(actor: Actor) -> bool:
    """Whether lists are shown to this actor."""
    return actor.role in _READING


def lists(session: Session, actor: Actor, kind: ListKind | None = None) -> Sequence[DatedList]:
    """Every list on record, the newest day first.

    Raises:
        ForbiddenError: `invoices.list-forbidden` (role).
    """
    if not may_read(actor):
        raise ForbiddenError("invoices.list-forbidden", role=actor.role.value)
    statement = select(DatedList).order_by(col(DatedList.dated_on).desc(), col(DatedList.id).desc())
    if kind is not None:
        statement = statement.where(DatedList.kind == kind)
    return session.exec(statement.limit(500)).all()


def _rows(file: ListFile) -> list[dict[str, Any]]:
    numbered = iter(read_table(file.content, file.file_name).rows)
    _, head = next(numbered, (0, []))
    places = _places(file.kind, [str(cell).strip().lower() for cell in head])
    faults: list[Fault] = []
    rows = [_row(file.kind, places, number, row, faults) for number, row in numbered]
    if faults:
        raise InvalidError(faults[:MAX_FAULTS])
    if not rows:
        raise InvalidError.of("file", "invoices.list-empty")
    return rows


def _places(kind: ListKind, head: Sequence[str]) -> dict[str, int]:
    missing = [name for name, column in COLUMNS[kind].items() if column.needed and name not in head]
    if missing:
        raise InvalidError([Fault("file", "invoices.list-column", {"column": n}) for n in missing])
    return {name: head.index(name) for name in COLUMNS[kind] if name in head}


def _row(
    kind: ListKind,
    places: Mapping[str, int],
    number: int,
    cells_of_row: Sequence[CellValue],
    faults: list[Fault],
) -> dict[str, Any]:
    row: dict[str, Any] = {"row": number}
    for name, column in COLUMNS[kind].items():
        place = places.get(name, len(cells_of_row))
        cell = cells_of_row[place] if place < len(cells_of_row) else ""
        try:
            row[name] = _value(column, cell)
        except (cells.CellError, InvalidError, Gs1Error) as error:
            faults.append(Fault(f"{number}.{name}", error.code, error.arguments))
    if kind in {ListKind.INACTIVE, ListKind.VIOLATION_SIGNS}:
        row["document"] = row.get("document") or ""
    if kind is ListKind.PUMP_LOG and "sold_at" in row:
        row["sold_on"] = row["sold_at"].astimezone(VIETNAM).date()
    return row


def _value(column: _Column, cell: CellValue) -> Any:
    if not isinstance(cell, str) or cell.strip():
        return column.read(cell)
    if column.needed:
        raise cells.CellError("web.field-missing")
    return None


def _resolved(session: Session, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """GTINs as the ids of their products."""
    if "gtin" not in rows[0]:
        return rows
    products = products_with_gtins(session, {row["gtin"] for row in rows})
    faults = [
        Fault(f"{row['row']}.gtin", "registry.gtin-unknown", {"gtin": row["gtin"]})
        for row in rows
        if row["gtin"] not in products
    ]
    if faults:
        raise InvalidError(faults[:MAX_FAULTS])
    return [
        {**{k: v for k, v in row.items() if k != "gtin"}, "product_id": products[row["gtin"]].id}
        for row in rows
    ]
