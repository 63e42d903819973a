"""Whether log and records still say the same: what somebody finds who trusts neither.

    records ◀──facts──▶ entries ──leaves──▶ tree ──roots──▶ checkpoints ──signatures──▶ keys

Every arrow is walked. Who changes a record must change its entry, then every root after it, then
sign them; and a checkpoint that a witness or a citizen has kept shows even that.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

import sqlalchemy as sa
from sqlmodel import Session, col, select

from traceability.transparency import log, merkle, tiles
from traceability.transparency.hiding import committed
from traceability.transparency.models import LeafKind, LogCheckpoint, LogEntry, LogTile
from traceability.transparency.note import Checkpoint, Note, NoteError, PublicKey

_AT_ONCE = 1000
_ENTRY: sa.Table = LogEntry.__table__  # type: ignore[attr-defined]


class FaultKind(StrEnum):
    ENTRY_CHANGED = "entry-changed"
    """An entry's facts are not those of its leaf."""
    ENTRY_MISSING = "entry-missing"
    """A place in the tree without an entry."""
    TILE_CHANGED = "tile-changed"
    """A kept hash is not that of the leaves below it."""
    ROOT_DIFFERS = "root-differs"
    """A published root is not that of the entries."""
    NOT_SIGNED = "not-signed"
    """Entries have places behind the newest checkpoint, so under no signed root."""
    SIGNATURE = "signature"
    """A checkpoint without a good signature of the log's key."""
    HISTORY_DIFFERS = "history-differs"
    """A checkpoint that was kept outside is not one of this log's past."""
    RECORD_CHANGED = "record-changed"
    """A record says something else than its newest entry."""
    RECORD_NOT_ENTERED = "record-not-entered"
    """A record that came in past the log."""
    RECORD_REWRITTEN = "record-rewritten"
    """A record says something else than it first said, of what never changes; entered anew, it
    agrees with its newest entry."""
    RECORD_MISSING = "record-missing"
    """An entry whose record is gone."""


@dataclass(frozen=True, slots=True)
class Fault:
    kind: FaultKind
    where: str
    """A subject, a place or a size."""


class Source(Protocol):
    """The records that entries of one kind tell of."""

    @property
    def final(self) -> Collection[str]:
        """Names of the facts that no later entry on a subject may tell otherwise."""
        ...

    def subjects(self, session: Session) -> Iterator[Sequence[str]]:
        """The subjects of all records, in parts that fit a query."""
        ...

    def facts(self, session: Session, subjects: Sequence[str]) -> Mapping[str, log.Facts]:
        """What the records say now; a subject without a record is left out."""
        ...

    def known(self, session: Session, subjects: Sequence[str]) -> set[str]:
        """Those of the subjects that have a record."""
        ...


def check(
    session: Session,
    origin: str,
    keys: Sequence[PublicKey],
    sources: Mapping[LeafKind, Source],
    kept: Sequence[Checkpoint] = (),
) -> Iterator[Fault]:
    """Every fault there is; none when all hold.

    One of `keys`, the log's public keys with the earlier ones, must have signed each root; `kept`
    are checkpoints of this log from elsewhere.
    """
    yield from _check_tree(session, origin, keys, kept)
    for kind, source in sources.items():
        yield from _check_records(session, kind, source)


def _check_tree(
    session: Session, origin: str, keys: Sequence[PublicKey], kept: Sequence[Checkpoint]
) -> Iterator[Fault]:
    published = {row.size: row for row in session.exec(select(LogCheckpoint))}
    outside: dict[int, list[Checkpoint]] = {}
    for point in kept:
        outside.setdefault(point.size, []).append(point)
    grown = merkle.Growing()
    placed = session.connection().execute(
        sa.select(_ENTRY.c.place, _ENTRY.c.kind, _ENTRY.c.subject, _ENTRY.c.facts, _ENTRY.c.leaf)
        .where(_ENTRY.c.place.is_not(None))
        .order_by(_ENTRY.c.place),
        execution_options={"yield_per": _AT_ONCE},
    )
    with closing(placed):
        for entry in placed:
            if entry.place != grown.size:
                yield Fault(FaultKind.ENTRY_MISSING, str(grown.size))
                return  # nothing after a gap has the place it had
            if log.leaf_of(entry.kind, entry.subject, entry.facts) != entry.leaf:
                yield Fault(FaultKind.ENTRY_CHANGED, entry.subject)
            grown.add(entry.leaf)
            row = published.pop(grown.size, None)
            if row is not None:
                yield from _check_checkpoint(origin, row, grown.root, keys)
            for point in outside.pop(grown.size, ()):
                if (point.origin, point.root) != (origin, grown.root):
                    yield Fault(FaultKind.HISTORY_DIFFERS, str(point.size))
    for size in sorted({*published, *(size for size in outside if size)}):
        yield Fault(FaultKind.ENTRY_MISSING, str(min(size, grown.size)))
    # Asked after the entries were read: a checkpoint comes with its entries, meanwhile, too.
    newest = log.newest_checkpoint(session)
    signed = newest.size if newest else 0
    if grown.size > signed:
        yield Fault(FaultKind.NOT_SIGNED, str(signed))
    yield from _check_tiles(session, grown.size)


def _check_checkpoint(
    origin: str, row: LogCheckpoint, root: bytes, keys: Sequence[PublicKey]
) -> Iterator[Fault]:
    if row.root != root:
        yield Fault(FaultKind.ROOT_DIFFERS, str(row.size))
    try:
        signed = Note.parse(log.note_of(origin, row)).times(keys)
    except NoteError:
        signed = {}
    if not signed:
        yield Fault(FaultKind.SIGNATURE, str(row.size))


def _check_tiles(session: Session, size: int) -> Iterator[Fault]:
    """Compare each tile with the leaves or the full tiles below it."""
    level = 0
    while size:
        for number in range(-(-size // tiles.WIDTH)):
            tile = session.get(LogTile, (level, number))
            count = min(tiles.WIDTH, size - number * tiles.WIDTH)
            if tile is None or tile.hashes != _hashes(session, level, number, count):
                yield Fault(FaultKind.TILE_CHANGED, tiles.path(level, number, count))
            if tile is not None:
                session.expunge(tile)
        level, size = level + 1, size // tiles.WIDTH


def _hashes(session: Session, level: int, number: int, count: int) -> bytes:
    first = number * tiles.WIDTH
    if level == 0:
        leaves = session.exec(
            select(LogEntry.leaf)
            .where(col(LogEntry.place).between(first, first + count - 1))
            .order_by(col(LogEntry.place))
        )
        return b"".join(leaves)
    below = session.exec(
        select(LogTile.hashes)
        .where(LogTile.level == level - 1, col(LogTile.number).between(first, first + count - 1))
        .order_by(col(LogTile.number))
    )
    return b"".join(tiles.full_root(hashes) for hashes in below)


def _check_records(session: Session, kind: LeafKind, source: Source) -> Iterator[Fault]:
    for subjects in source.subjects(session):
        entered = _entries(session, kind, subjects)
        for subject, facts in source.facts(session, subjects).items():
            fault = _fault_of(kind, subject, facts, entered.get(subject, []), source.final)
            if fault is not None:
                yield Fault(fault, subject)
    all_entered = session.exec(
        select(LogEntry.subject).where(LogEntry.kind == kind).distinct(),
        execution_options={"yield_per": _AT_ONCE},
    )
    for subjects in all_entered.partitions():
        there = source.known(session, subjects)
        for subject in subjects:
            if subject not in there:
                yield Fault(FaultKind.RECORD_MISSING, subject)


def _fault_of(
    kind: LeafKind,
    subject: str,
    facts: log.Facts,
    entries: Sequence[Any],
    final: Collection[str],
) -> FaultKind | None:
    if not entries:
        return FaultKind.RECORD_NOT_ENTERED
    *earlier, newest = entries
    if log.leaf_of(kind, subject, facts, newest.salt) != newest.leaf:
        return FaultKind.RECORD_CHANGED
    fixed = {name: facts[name] for name in final}
    if any(_contradicts(entry, fixed) for entry in earlier):
        return FaultKind.RECORD_REWRITTEN
    return None


def _entries(session: Session, kind: LeafKind, subjects: Sequence[str]) -> Mapping[str, list[Any]]:
    """Rows (leaf, salt, facts) of every entry on each subject, the oldest first."""
    found: dict[str, list[Any]] = {}
    rows = session.connection().execute(
        sa.select(_ENTRY.c.subject, _ENTRY.c.leaf, _ENTRY.c.salt, _ENTRY.c.facts)
        .where(_ENTRY.c.kind == kind, _ENTRY.c.subject.in_(subjects))
        .order_by(_ENTRY.c.id)
    )
    for row in rows:
        found.setdefault(row.subject, []).append(row)
    return found


def _contradicts(entry: Any, final: log.Facts) -> bool:
    """Whether an earlier entry says of what is final something else than the record."""
    told = committed(final, entry.salt or b"")
    return any(entry.facts.get(name) != value for name, value in told.items())
