"""Entries get their place under signed roots; receipts hold; witnesses sign what we published."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlmodel import Session, col, select

from traceability.db import Database
from traceability.errors import InvalidError, NotFoundError
from traceability.transparency import log, merkle
from traceability.transparency.models import LeafKind, LogCheckpoint, LogEntry, LogTile
from traceability.transparency.note import (
    LOG_KEY,
    WITNESS_KEY,
    Checkpoint,
    Note,
    NoteError,
    SigningKey,
)

ORIGIN = "nguon.example/log"
KEY = SigningKey(ORIGIN, LOG_KEY, Ed25519PrivateKey.from_private_bytes(b"l" * 32))
WITNESS = SigningKey("market.example", WITNESS_KEY, Ed25519PrivateKey.from_private_bytes(b"w" * 32))
SEEN = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def enter(database: Database, first: int, count: int = 1) -> None:
    numbers = range(first, first + count)
    with database.writing() as session:
        log.enter(session, LeafKind.RECALL, ((f"recall:{n}", {"lot": str(n)}) for n in numbers))


def integrate(database: Database) -> Checkpoint | None:
    with database.writing() as session:
        return log.integrate(session, ORIGIN, [KEY])


def grown(database: Database, *counts: int) -> None:
    first = 0
    for count in counts:
        enter(database, first, count)
        integrate(database)
        first += count


def test_an_entry_has_no_place_until_the_next_checkpoint(database: Database) -> None:
    enter(database, 0)
    with database.reading() as session, pytest.raises(NotFoundError):
        log.receipt(session, ORIGIN, LeafKind.RECALL, "recall:0")
    point = integrate(database)
    assert point is not None
    assert point.size == 1
    assert integrate(database) is None


def test_what_is_rolled_back_was_never_entered(database: Database) -> None:
    with database.write_session() as session:
        log.enter(session, LeafKind.RECALL, [("recall:1", {})])
        session.rollback()
    assert integrate(database) is None


def test_the_root_is_that_of_the_leaves_however_they_came(database: Database) -> None:
    grown(database, 1, 3, 250, 7, 600)
    with database.reading() as session:
        leaves = session.exec(select(LogEntry.leaf).order_by(col(LogEntry.place))).all()
        points = session.exec(select(LogCheckpoint).order_by(col(LogCheckpoint.size))).all()
        assert [point.size for point in points] == [1, 4, 254, 261, 861]
        for point in points:
            assert point.root == merkle.root(merkle.Leaves(leaves), point.size)
        tiles = {(tile.level, tile.number): len(tile.hashes) // 32
                 for tile in session.exec(select(LogTile))}  # fmt: skip
        assert tiles == {(0, 0): 256, (0, 1): 256, (0, 2): 256, (0, 3): 93, (1, 0): 3}


def rewritten(database: Database, remembered: Checkpoint | None = None) -> bool:
    """Whether the next entry is refused a place."""
    enter(database, 1000)
    with database.write_session() as session:
        try:
            log.integrate(session, ORIGIN, [KEY], remembered)
        except log.RewrittenError:
            return True
    return False


def test_nothing_is_signed_behind_entries_whose_checkpoint_is_gone(database: Database) -> None:
    grown(database, 3, 4)
    assert not rewritten(database)
    with database.engine.begin() as connection:
        connection.execute(sa.text("DELETE FROM log_checkpoint WHERE size = 7"))
    assert rewritten(database)


@pytest.mark.parametrize(
    "made_anew",
    ["UPDATE log_tile SET hashes = :other", "DELETE FROM log_tile"],
    ids=["changed", "removed"],
)
def test_nothing_is_signed_that_does_not_go_on_from_what_is_remembered(
    database: Database, made_anew: str
) -> None:
    grown(database, 3)
    point = integrate_one_more(database)
    assert not rewritten(database, point)
    assert rewritten(database, Checkpoint(ORIGIN, point.size + 5, point.root))
    with database.engine.begin() as connection:
        statement = sa.text(made_anew)
        connection.execute(statement, {"other": bytes(128)} if ":other" in made_anew else {})
    assert rewritten(database, point)


def integrate_one_more(database: Database) -> Checkpoint:
    enter(database, 500)
    point = integrate(database)
    assert point is not None
    return point


def test_a_receipt_holds_for_who_knows_nothing_but_the_log_s_key(database: Database) -> None:
    grown(database, 300, 5)
    with database.reading() as session:
        found = log.receipt(session, ORIGIN, LeafKind.RECALL, "recall:299")
    note = Note.parse(found.checkpoint)
    assert KEY.public in note.times([KEY.public])
    point = Checkpoint.of_text(note.text)
    leaf = log.leaf_of(found.kind, found.subject, found.facts)
    assert merkle.includes(leaf, found.place, point.size, found.proof, point.root)
    forged = log.leaf_of(found.kind, found.subject, {"lot": "another"})
    assert not merkle.includes(forged, found.place, point.size, found.proof, point.root)


def test_the_newest_entry_on_a_subject_is_the_one_shown(database: Database) -> None:
    with database.writing() as session:
        for status in ("active", "closed"):
            log.enter(session, LeafKind.RECALL, [("recall:7", {"status": status})])
    integrate(database)
    with database.reading() as session:
        found = log.receipt(session, ORIGIN, LeafKind.RECALL, "recall:7")
    assert found.facts == {"status": "closed"}


def test_a_checkpoint_is_shown_to_extend_every_earlier_one(database: Database) -> None:
    grown(database, 3, 300, 20)
    with database.reading() as session:
        points = session.exec(select(LogCheckpoint).order_by(col(LogCheckpoint.size))).all()
        for old in points:
            for new in points:
                if old.size <= new.size:
                    proof = log.consistency(session, old.size, new.size)
                    assert merkle.extends(old.size, old.root, new.size, new.root, proof)


@pytest.mark.parametrize(("old", "size"), [(0, 1), (2, 1), (1, 4), (-1, 2)])
def test_sizes_that_never_were_are_refused(sqlite_database: Database, old: int, size: int) -> None:
    grown(sqlite_database, 3)
    with sqlite_database.reading() as session, pytest.raises(InvalidError) as refused:
        log.consistency(session, old, size)
    assert refused.value.code == "transparency.size"


def published(session: Session) -> str:
    newest = log.newest_checkpoint(session)
    assert newest is not None
    return log.note_of(ORIGIN, newest)


def test_a_witness_s_signature_is_kept_once_and_published(database: Database) -> None:
    grown(database, 3)
    with database.writing() as session:
        note = published(session)
        signed = note + WITNESS.line(Note.parse(note).text, SEEN)
        for _ in range(2):
            assert log.cosign(session, ORIGIN, signed, [WITNESS.public]) == 3
    with database.reading() as session:
        note = published(session)
        assert note == signed
        times = Note.parse(note).times([KEY.public, WITNESS.public])
        assert dict(times) == {KEY.public: None, WITNESS.public: SEEN}


def test_a_line_that_stands_twice_in_what_is_posted_is_kept_once(database: Database) -> None:
    grown(database, 1)
    with database.writing() as session:
        note = published(session)
        line = WITNESS.line(Note.parse(note).text, SEEN)
        log.cosign(session, ORIGIN, note + line * 9, [WITNESS.public])
        assert published(session) == note + line


def test_what_is_no_checkpoint_of_ours_is_not_cosigned(sqlite_database: Database) -> None:
    grown(sqlite_database, 3)
    with sqlite_database.writing() as session:
        note = published(session)
        other = Checkpoint(ORIGIN, 3, bytes(32)).text
        unknown = Checkpoint(ORIGIN, 9, bytes(32)).text
        for bad in (
            note,  # nobody's signature but our own
            f"{other}\n{WITNESS.line(other, SEEN)}",
            f"{unknown}\n{WITNESS.line(unknown, SEEN)}",
            note + WITNESS.line(other, SEEN),
            "no note",
        ):
            with pytest.raises(NoteError):
                log.cosign(session, ORIGIN, bad, [WITNESS.public])
        assert published(session) == note
