"""Tables of products, lots and serials from XLSX and CSV files.

Every row is checked before one is written, and errors come back by row and column. What happens
to a table with some bad rows is the caller's choice: nothing, or the good rows alone. The work has
two halves: `check_rows` reads the file and asks no database, `settle` judges the rows by what is
on record and writes them, in the caller's transaction.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from sqlmodel import Session

from traceability import audit
from traceability.actor import Actor
from traceability.audit import AuditAction
from traceability.registry import bulk_goods, bulk_products
from traceability.registry.access import require_writer
from traceability.registry.columns import Table
from traceability.registry.once import once_only
from traceability.registry.row_checks import CheckedRow, CheckedTable, Faults, Progress, RowFault
from traceability.registry.row_checks import check_rows as _check_rows
from traceability.registry.tables import read_table


class ImportMode(StrEnum):
    ALL_OR_NOTHING = "all_or_nothing"
    GOOD_ROWS = "good_rows"


@dataclass(frozen=True, slots=True)
class TableResult:
    """What came of a table."""

    kind: str
    mode: str
    dry_run: bool
    rows: int
    """Rows with content below the heading."""
    good: int
    """Rows without fault."""
    imported: int
    """Rows that were written: all good ones, or none."""
    error_count: int
    errors: tuple[RowFault, ...]
    """The first thousand, in the order of rows."""

    def as_json(self) -> dict[str, Any]:
        """The same as plain values, for the result of a job."""
        return asdict(self) | {"errors": [asdict(error) for error in self.errors]}


def import_table(
    session: Session,
    actor: Actor,
    kind: Table,
    data: bytes,
    file_name: str,
    *,
    mode: ImportMode = ImportMode.ALL_OR_NOTHING,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> TableResult:
    """Check a table and write its rows.

    Raises:
        ForbiddenError: `registry.role-may-not-write` (role).
        InvalidError: of the field `file`, see `tables.read_table` and `row_checks.check_rows`.
        ConflictError: `registry.taken-meanwhile` when somebody else entered one of the rows
            between the look and the writing; nothing is written.
    """
    checked = prepare(actor, kind, data, file_name, progress=progress)
    return settle(session, actor, checked, mode=mode, dry_run=dry_run)


@dataclass(slots=True)
class PreparedTable:
    """A table whose rows are right by themselves, and the file it came from."""

    checked: CheckedTable
    digest: str
    """SHA-256 of the file."""


def prepare(
    actor: Actor, kind: Table, data: bytes, file_name: str, *, progress: Progress | None = None
) -> PreparedTable:
    """Read a file and check each row by itself; no database is asked."""
    require_writer(actor)
    checked = _check_rows(kind, read_table(data, file_name), progress)
    return PreparedTable(checked, hashlib.sha256(data).hexdigest())


def settle(
    session: Session, actor: Actor, prepared: PreparedTable, *, mode: ImportMode, dry_run: bool
) -> TableResult:
    """Judge the rows by what is on record, and write them."""
    checked, faults = prepared.checked, _copy(prepared.checked.faults)
    good = _JUDGES[checked.table](session, actor, checked.rows, faults, not dry_run)
    whole = not faults.count or mode is ImportMode.GOOD_ROWS
    imported = len(good) if whole and not dry_run else 0
    if imported:
        with once_only(session):
            _WRITERS[checked.table](session, actor, good)
        audit.record(
            session, actor, AuditAction.REGISTRY_IMPORTED, f"file:{prepared.digest[:16]}",
            kind=checked.table.value, mode=mode.value, imported=imported, digest=prepared.digest,
        )  # fmt: skip
        session.flush()
    return TableResult(
        kind=checked.table.value,
        mode=mode.value,
        dry_run=dry_run,
        rows=checked.total,
        good=len(good),
        imported=imported,
        error_count=faults.count,
        errors=tuple(sorted(faults.errors, key=lambda error: error.row)),
    )


def _copy(faults: Faults) -> Faults:
    """A table may be judged twice: what the register says is added to a copy."""
    return Faults(list(faults.errors), faults.count, set(faults.bad_rows))


_Judge = Callable[[Session, Actor, Sequence[CheckedRow], Faults, bool], list[Any]]
_JUDGES: dict[Table, _Judge] = {
    Table.PRODUCTS: lambda session, actor, rows, faults, _lock: bulk_products.judge(
        session, actor, rows, faults
    ),
    Table.LOTS: bulk_goods.judge_lots,
    Table.SERIALS: bulk_goods.judge_serials,
}
_WRITERS: dict[Table, Callable[[Session, Actor, list[Any]], None]] = {
    Table.PRODUCTS: bulk_products.write,
    Table.LOTS: lambda session, _actor, good: bulk_goods.write_lots(session, good),
    Table.SERIALS: lambda session, _actor, good: bulk_goods.write_serials(session, good),
}
