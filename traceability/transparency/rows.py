"""Rows of a table as records that the log tells of: `recall:7` is the row 7 of recalls."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from sqlmodel import Session, SQLModel, select

from traceability.transparency import log
from traceability.transparency.models import LeafKind

Row = TypeVar("Row", bound=SQLModel)
_AT_ONCE = 500
_ID = re.compile(r"[0-9]{1,18}", re.ASCII)


@dataclass(frozen=True, slots=True)
class LoggedRows(Generic[Row]):
    """A table of which each row is entered whenever it says something new."""

    kind: LeafKind
    name: str
    """What stands before the id in a subject."""
    table: type[Row]
    facts_of: Callable[[Session, Row], log.Facts]
    final: frozenset[str] = frozenset()
    """Names of the facts that a row never tells otherwise."""

    def enter(self, session: Session, *rows: Row) -> None:
        """Enter what flushed rows say, in the caller's transaction."""
        log.enter(
            session, self.kind, [(self._subject(row), self.facts_of(session, row)) for row in rows]
        )

    def subjects(self, session: Session) -> Iterator[Sequence[str]]:
        ids = session.exec(
            select(self.table.id).order_by(self.table.id),  # type: ignore[attr-defined]
            execution_options={"yield_per": _AT_ONCE},
        )
        for part in ids.partitions():
            yield [f"{self.name}:{number}" for number in part]

    def facts(self, session: Session, subjects: Sequence[str]) -> Mapping[str, log.Facts]:
        ids = numbers_of(self.name, subjects)
        rows = session.exec(
            select(self.table).where(self.table.id.in_(ids))  # type: ignore[attr-defined]
        )
        return {self._subject(row): self.facts_of(session, row) for row in rows}

    def known(self, session: Session, subjects: Sequence[str]) -> set[str]:
        ids = numbers_of(self.name, subjects)
        found = session.exec(
            select(self.table.id).where(self.table.id.in_(ids))  # type: ignore[attr-defined]
        )
        return {f"{self.name}:{number}" for number in found}

    def _subject(self, row: Row) -> str:
        return f"{self.name}:{row.id}"  # type: ignore[attr-defined]


def numbers_of(name: str, subjects: Iterable[str]) -> list[int]:
    """The ids of subjects `name:id`; another text, which only a stranger writes, has none.

    >>> numbers_of("recall", ["recall:7", "recall:x", "7"])
    [7]
    """
    parts = [subject.partition(":") for subject in subjects]
    return [int(number) for start, _, number in parts if start == name and _ID.fullmatch(number)]
