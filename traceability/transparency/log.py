"""The log: entries are made with what they tell of, then placed in the tree under a signed root.

    enter ──▶ log_entry without a place ──integrate──▶ place, tiles, signed checkpoint

An entry is written in its matter's own transaction, so neither is there without the other. Its
place is given later, by one worker at a time: who enters never waits for another.
"""

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import NoResultFound
from sqlmodel import Session, col, select

from traceability.clock import now
from traceability.errors import InvalidError, NotFoundError, TraceabilityError
from traceability.transparency import merkle, tiles
from traceability.transparency.canonical import canonical
from traceability.transparency.hiding import SALT_SIZE, Hidden, committed
from traceability.transparency.models import LeafKind, LogCheckpoint, LogEntry, LogTile
from traceability.transparency.note import Checkpoint, Note, NoteError, PublicKey, SigningKey

AT_ONCE = 5000
"""Entries placed under one checkpoint."""

Facts = Mapping[str, Any]
"""What a record says; what of it not everybody may know is `Hidden`."""


def leaf_of(kind: str, subject: str, facts: Facts, salt: bytes | None = None) -> bytes:
    """The hash of an entry: of its kind, of what it tells of, and of the facts.

    Args:
        kind: a `LeafKind`.
        subject: which record.
        facts: as they are in the log, or with the salt as the record has them.
        salt: of what is hidden.
    """
    told = committed(facts, salt or b"")
    return merkle.leaf_hash(canonical({"type": kind, "subject": subject, "facts": told}))


def enter(session: Session, kind: LeafKind, entries: Iterable[tuple[str, Facts]]) -> None:
    """Enter facts by their subject, in the caller's transaction."""
    at = now()
    rows = [_row(kind, subject, facts, at) for subject, facts in entries]
    if rows:
        session.connection().execute(sa.insert(LogEntry.__table__), rows)  # type: ignore[attr-defined]


def _row(kind: LeafKind, subject: str, facts: Facts, at: datetime) -> dict[str, Any]:
    hides = any(isinstance(value, Hidden) for value in facts.values())
    salt = os.urandom(SALT_SIZE) if hides else None
    told = committed(facts, salt or b"")
    leaf = leaf_of(kind, subject, told)
    return {"kind": kind, "subject": subject, "facts": told, "salt": salt, "leaf": leaf, "at": at}


class RewrittenError(TraceabilityError):
    """`transparency.rewritten` (size): the tree is not the one that was signed at that size."""


def integrate(
    session: Session,
    origin: str,
    keys: Sequence[SigningKey],
    remembered: Checkpoint | None = None,
) -> Checkpoint | None:
    """Place waiting entries and sign the new root; None when nothing waited.

    Of two workers at the same moment one fails on the unique place and may try again.

    Raises:
        RewrittenError: entries stand under no checkpoint, or the tree does not go on from the one
            that is remembered outside the database: nothing more is signed.
    """
    waiting = session.exec(
        select(LogEntry)
        .where(col(LogEntry.place).is_(None))
        .order_by(col(LogEntry.id))
        .limit(AT_ONCE)
    ).all()
    if not waiting:
        return None
    # Before the newest checkpoint is read: what another worker places meanwhile is signed by then.
    placed = session.exec(select(sa.func.max(LogEntry.place))).one()
    newest = newest_checkpoint(session)
    start = newest.size if newest else 0
    if placed is not None and placed >= start:
        raise RewrittenError("transparency.rewritten", size=start)
    _refuse_rewritten(session, start, remembered)
    for place, entry in enumerate(waiting, start):
        entry.place = place
    session.flush()
    _append(session, start, [entry.leaf for entry in waiting])
    size = start + len(waiting)
    point = Checkpoint(origin, size, merkle.root(tree(session), size))
    lines = "".join(key.line(point.text) for key in keys)
    session.add(LogCheckpoint(size=size, root=point.root, signatures=lines))
    session.flush()
    return point


def _refuse_rewritten(session: Session, size: int, remembered: Checkpoint | None) -> None:
    if remembered is None or not remembered.size:
        return
    try:
        goes_on = (
            remembered.size <= size
            and merkle.root(tree(session), remembered.size) == remembered.root
        )
    except NoResultFound:  # a tile is gone
        goes_on = False
    if not goes_on:
        raise RewrittenError("transparency.rewritten", size=remembered.size)


def _append(session: Session, place: int, hashes: Sequence[bytes], level: int = 0) -> None:
    """Add hashes to the tiles of a level, and those of tiles that are now full to the next."""
    number, inside = divmod(place, tiles.WIDTH)
    filled: list[bytes] = []
    rest = list(hashes)
    while rest:
        tile = session.get(LogTile, (level, number)) if inside else None
        if tile is None:
            tile = LogTile(level=level, number=number, hashes=b"")
            session.add(tile)
        space = tiles.WIDTH - inside
        tile.hashes += b"".join(rest[:space])
        if len(rest) >= space:
            filled.append(tiles.full_root(tile.hashes))
        rest, number, inside = rest[space:], number + 1, 0
    session.flush()
    if filled:
        _append(session, place // tiles.WIDTH, filled, level + 1)


def tree(session: Session) -> tiles.TiledTree:
    """The tree as it is kept."""

    def read(level: int, number: int) -> bytes:
        return session.get_one(LogTile, (level, number)).hashes

    return tiles.TiledTree(read)


def newest_checkpoint(session: Session) -> LogCheckpoint | None:
    return session.exec(
        select(LogCheckpoint).order_by(col(LogCheckpoint.size).desc()).limit(1)
    ).first()


def note_of(origin: str, row: LogCheckpoint) -> str:
    """A checkpoint as it is published."""
    return f"{Checkpoint(origin, row.size, row.root).text}\n{row.signatures}"


@dataclass(frozen=True, slots=True)
class Receipt:
    """All that shows an entry to be in the log, to whoever knows the log's public key."""

    kind: str
    subject: str
    facts: Facts
    place: int
    size: int
    proof: Sequence[bytes]
    checkpoint: str
    entry: LogEntry
    """The row, with the salt that only some may see."""


def receipt(session: Session, origin: str, kind: LeafKind, subject: str) -> Receipt:
    """The receipt of the newest entry on a subject, under the newest checkpoint.

    Raises:
        NotFoundError: `transparency.not-entered`, no entry, or none that has its place yet.
    """
    entry = session.exec(
        select(LogEntry)
        .where(LogEntry.kind == kind, LogEntry.subject == subject, col(LogEntry.place).is_not(None))
        .order_by(col(LogEntry.place).desc())
        .limit(1)
    ).first()
    newest = newest_checkpoint(session)
    if entry is None or entry.place is None or newest is None:
        raise NotFoundError("transparency.not-entered", subject=subject)
    proof = merkle.inclusion_proof(tree(session), entry.place, newest.size)
    note = note_of(origin, newest)
    return Receipt(entry.kind, subject, entry.facts, entry.place, newest.size, proof, note, entry)


def consistency(session: Session, old: int, size: int) -> list[bytes]:
    """The proof that the log of `size` entries begins with that of `old`.

    Raises:
        InvalidError: `transparency.size` (maximum), no such sizes.
    """
    newest = newest_checkpoint(session)
    maximum = newest.size if newest else 0
    if not 0 < old <= size <= maximum:
        raise InvalidError.of("size", "transparency.size", maximum=maximum)
    return merkle.consistency_proof(tree(session), old, size)


def cosign(session: Session, origin: str, note: str, witnesses: Sequence[PublicKey]) -> int:
    """Keep what known witnesses signed below one of our checkpoints; returns its size.

    Raises:
        NoteError: not a note of ours, no known witness, or a signature that is not good.
    """
    signed = Note.parse(note)
    point = Checkpoint.of_text(signed.text)
    row = session.get(LogCheckpoint, point.size, with_for_update=True)
    if row is None or Checkpoint(origin, row.size, row.root).text != signed.text:
        raise NoteError("transparency.note", why="unknown-checkpoint")
    if not signed.times(witnesses):
        raise NoteError("transparency.note", why="no-witness")
    known = row.signatures.splitlines(keepends=True)
    told = [
        signature.as_line()
        for signature in signed.signatures
        if any(signature.is_of(witness) for witness in witnesses)
    ]
    row.signatures = "".join(dict.fromkeys([*known, *told]))
    session.flush()
    return point.size
