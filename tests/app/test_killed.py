"""kill -9 in the middle of captures: nothing that was acknowledged is lost, nothing is half kept.

NGUON_TEST_KILLS says how often the service is killed on each database.
"""

import os
import random
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa
from sqlmodel import Session, select, update

from app.security import keys
from tests.app.client import OPERATOR
from tests.app.killing import Sent, Service, kill_again_and_again
from traceability.actor import Role
from traceability.clock import now
from traceability.db import Database
from traceability.events.models import Capture, CapturePart, Event, EventEpc
from traceability.events.tracing.models import (
    Containment,
    ContentFinding,
    Derivation,
    Membership,
)
from traceability.jobs import Job, JobStatus
from traceability.transparency.models import LeafKind, LogEntry

KILLS = int(os.environ.get("NGUON_TEST_KILLS", "3"))
TABLES = (Containment, ContentFinding, Derivation, Membership)
PATIENCE_S = 1200


def tables(session: Session) -> list[list[tuple[object, ...]]]:
    return [
        sorted(tuple(map(str, row)) for row in session.connection().execute(sa.select(table)))  # type: ignore[call-overload]
        for table in TABLES
    ]


def lose_the_leases(database: Database) -> None:
    """As if five minutes had passed since the worker was killed."""
    with database.writing() as session:
        session.exec(
            update(Job)
            .where(Job.status == JobStatus.RUNNING)  # type: ignore[arg-type]
            .values(run_after=now() - timedelta(seconds=1))
        )


def let_it_finish(service: Service, database: Database) -> None:
    """Run undisturbed until no job and no entry of the log waits."""
    deadline = time.monotonic() + PATIENCE_S
    with service.running():
        while time.monotonic() < deadline:
            with database.reading() as session:
                jobs = session.exec(
                    select(Job.id).where(Job.status.in_([JobStatus.QUEUED, JobStatus.RUNNING]))  # type: ignore[attr-defined]
                ).first()
                entry = session.exec(select(LogEntry.id).where(LogEntry.place == None)).first()  # noqa: E711
            if jobs is None and entry is None:
                return
            time.sleep(0.2)
    raise TimeoutError


def check_events(session: Session, book: list[Sent]) -> None:
    """Every acknowledged event is there once; a document is there whole or not at all."""
    there = Counter(session.exec(select(Event.event_id)))
    assert set(there.values()) <= {1}
    expected: set[str] = set()
    for sent in book:
        found = sent.kept & there.keys()
        assert not there.keys() & set(sent.bad)
        if sent.acknowledged:
            assert found == sent.kept, f"{len(sent.kept - found)} of {len(sent.kept)} are lost"
        # With proceed, too: what is good in a document is kept in one go, or by a job to its end.
        assert found in (set(), sent.kept), f"{len(found)} of {len(sent.kept)}: {sent.headers}"
        expected |= found
    assert there.keys() == expected


def check_what_belongs_to_events(session: Session) -> None:
    """No key, no entry of the log and no piece of a document without its event, or twice."""
    in_keys = set(session.exec(select(EventEpc.event)))
    assert in_keys == set(session.exec(select(Event.id)))
    entries = session.exec(
        select(sa.func.count()).select_from(LogEntry).where(LogEntry.kind == LeafKind.EVENT)  # type: ignore[arg-type]
    ).one()
    declared = session.exec(
        select(sa.func.count()).select_from(Event).where(Event.in_error)  # type: ignore[arg-type]
    ).one()
    assert entries == len(in_keys) + declared
    assert session.exec(select(CapturePart.capture_id)).first() is None
    assert session.exec(select(Capture.id).where(Capture.finished_at == None)).first() is None  # noqa: E711


def test_what_was_acknowledged_outlives_the_service(database: Database, tmp_path: Path) -> None:
    with database.writing() as session:
        _, secret = keys.create_key(
            session, OPERATOR, name="sender", role=Role.ADMIN, party_id=None
        )
    service = Service(database.engine.url.render_as_string(hide_password=False), tmp_path)
    book = kill_again_and_again(
        service, secret, KILLS, random.Random(KILLS), lambda: lose_the_leases(database)
    )
    let_it_finish(service, database)
    assert any(sent.acknowledged for sent in book)
    with database.reading() as session:
        failed = session.exec(select(Job.error).where(Job.status != JobStatus.DONE)).all()
        assert not failed
        check_events(session, book)
        check_what_belongs_to_events(session)
        kept = tables(session)
    service.nguon("trace", "rebuild")
    with database.reading() as session:
        assert tables(session) == kept
    service.nguon("log", "verify")
