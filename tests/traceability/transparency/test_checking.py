"""Rows changed, removed and slipped in behind the application's back: the check finds each."""

from collections.abc import Iterator, Mapping, Sequence

import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlmodel import Session

from tests.traceability.transparency.test_log import KEY, ORIGIN, grown, integrate
from traceability.db import Database
from traceability.transparency import log
from traceability.transparency.checking import FaultKind, check
from traceability.transparency.models import LeafKind, LogCheckpoint
from traceability.transparency.note import LOG_KEY, Checkpoint, SigningKey


class Records:
    """A table of recalls, as far as the check knows."""

    final = frozenset({"lot"})

    def __init__(self, count: int) -> None:
        self.rows: dict[str, log.Facts] = {f"recall:{n}": {"lot": str(n)} for n in range(count)}

    def subjects(self, session: Session) -> Iterator[Sequence[str]]:
        yield list(self.rows)

    def facts(self, session: Session, subjects: Sequence[str]) -> Mapping[str, log.Facts]:
        return {subject: self.rows[subject] for subject in subjects if subject in self.rows}

    def known(self, session: Session, subjects: Sequence[str]) -> set[str]:
        return {subject for subject in subjects if subject in self.rows}


COUNT = 600


@pytest.fixture(autouse=True)
def entered(database: Database) -> None:
    grown(database, 1, 40, COUNT - 41)


def tamper(database: Database, statement: str, **values: object) -> None:
    with database.engine.begin() as connection:
        assert connection.execute(sa.text(statement), values).rowcount


def found(
    database: Database, records: Records | None = None, kept: Sequence[Checkpoint] = (),
    key: SigningKey = KEY,
) -> set[tuple[FaultKind, str]]:  # fmt: skip
    sources = {LeafKind.RECALL: records or Records(COUNT)}
    with database.reading() as session:
        return {
            (fault.kind, fault.where)
            for fault in check(session, ORIGIN, [key.public], sources, kept)
        }


def kinds(database: Database) -> set[FaultKind]:
    return {kind for kind, _ in found(database)}


def newest(database: Database) -> LogCheckpoint:
    with database.reading() as session:
        row = log.newest_checkpoint(session)
        assert row is not None
        return row


def test_an_untouched_log_has_no_faults(database: Database) -> None:
    row = newest(database)
    assert found(database, kept=[Checkpoint(ORIGIN, row.size, row.root)]) == set()


def test_a_record_that_was_changed_removed_or_slipped_in_is_found(database: Database) -> None:
    records = Records(COUNT)
    records.rows["recall:7"] = {"lot": "another"}
    del records.rows["recall:9"]
    records.rows["recall:new"] = {}
    assert found(database, records) == {
        (FaultKind.RECORD_CHANGED, "recall:7"),
        (FaultKind.RECORD_MISSING, "recall:9"),
        (FaultKind.RECORD_NOT_ENTERED, "recall:new"),
    }


def test_an_entry_whose_facts_were_changed_is_found(database: Database) -> None:
    tamper(database, "UPDATE log_entry SET facts = :facts WHERE place = 7", facts='{"lot": "x"}')
    assert found(database) == {(FaultKind.ENTRY_CHANGED, "recall:7")}


def test_an_entry_that_was_changed_with_its_leaf_is_found(database: Database) -> None:
    leaf = log.leaf_of("recall", "recall:7", {"lot": "x"})
    tamper(
        database, "UPDATE log_entry SET facts = :facts, leaf = :leaf WHERE place = 7",
        facts='{"lot": "x"}', leaf=leaf,
    )  # fmt: skip
    assert found(database) == {
        (FaultKind.RECORD_CHANGED, "recall:7"),
        (FaultKind.ROOT_DIFFERS, "41"), (FaultKind.ROOT_DIFFERS, str(COUNT)),
        (FaultKind.TILE_CHANGED, "tile/0/000"),
    }  # fmt: skip


def test_an_entry_that_was_removed_is_found(database: Database) -> None:
    tamper(database, "DELETE FROM log_entry WHERE place = 41")
    assert (FaultKind.ENTRY_MISSING, "41") in found(database)


def test_entries_cut_off_at_the_end_are_found_and_those_hidden_with_their_checkpoint(
    database: Database,
) -> None:
    last = newest(database)
    tamper(database, "DELETE FROM log_entry WHERE place >= 41")
    assert (FaultKind.ENTRY_MISSING, "41") in found(database)
    tamper(database, "DELETE FROM log_checkpoint WHERE size > 41")
    tamper(database, "DELETE FROM log_tile WHERE NOT (level = 0 AND number = 0)")
    assert (FaultKind.ENTRY_MISSING, "41") in found(
        database, kept=[Checkpoint(ORIGIN, last.size, last.root)]
    )


def test_entries_whose_checkpoint_is_gone_are_under_no_signature(database: Database) -> None:
    tamper(database, "DELETE FROM log_checkpoint WHERE size > 41")
    assert found(database) == {(FaultKind.NOT_SIGNED, "41")}
    tamper(database, "DELETE FROM log_checkpoint")
    assert found(database) == {(FaultKind.NOT_SIGNED, "0")}


def test_a_leaf_slipped_in_and_a_tile_that_was_changed_are_found(database: Database) -> None:
    tamper(
        database,
        "INSERT INTO log_entry (place, kind, subject, facts, leaf, at) "
        "SELECT 600, kind, subject, facts, leaf, at FROM log_entry WHERE place = 5",
    )
    assert FaultKind.TILE_CHANGED in kinds(database)
    tamper(database, "DELETE FROM log_entry WHERE place = 600")
    assert kinds(database) == set()
    tamper(database, "UPDATE log_tile SET hashes = :hashes WHERE level = 1", hashes=bytes(64))
    assert found(database) == {(FaultKind.TILE_CHANGED, "tile/1/000.p/2")}


def test_a_root_that_was_changed_is_found_and_cannot_be_signed_again(database: Database) -> None:
    tamper(database, "UPDATE log_checkpoint SET root = :root WHERE size = 41", root=bytes(32))
    assert found(database) == {(FaultKind.ROOT_DIFFERS, "41"), (FaultKind.SIGNATURE, "41")}
    thief = SigningKey(ORIGIN, LOG_KEY, Ed25519PrivateKey.generate())
    line = thief.line(Checkpoint(ORIGIN, 41, bytes(32)).text)
    tamper(database, "UPDATE log_checkpoint SET signatures = :line WHERE size = 41", line=line)
    assert (FaultKind.SIGNATURE, "41") in found(database)


def test_a_whole_history_made_anew_differs_from_what_was_kept_outside(database: Database) -> None:
    row = newest(database)
    kept = [Checkpoint(ORIGIN, row.size, row.root)]
    for table in ("log_entry", "log_tile", "log_checkpoint"):
        tamper(database, f"DELETE FROM {table}")
    with database.writing() as session:
        changed = {"recall:0": {"lot": "x"}}
        rows = {**Records(COUNT).rows, **changed}
        log.enter(session, LeafKind.RECALL, rows.items())
    integrate(database)
    records = Records(COUNT)
    records.rows |= changed
    assert found(database, records) == set()
    assert found(database, records, kept) == {(FaultKind.HISTORY_DIFFERS, str(COUNT))}
