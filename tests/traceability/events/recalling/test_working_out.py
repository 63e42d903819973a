"""A recall is worked out before the transaction that keeps it; nothing between is lost."""

from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import col

from tests.traceability.events.recalling.chains import (
    a_chain,
    a_notice,
    a_recall,
    becomes,
    goods,
    jam_is_made,
    told,
)
from tests.traceability.events.recalling.test_keeping import kept, stale, verdict
from tests.traceability.registry.makers import SUPERVISOR
from traceability.audit import AuditAction, AuditEntry
from traceability.db import Database
from traceability.errors import InvalidError
from traceability.events import recalls
from traceability.events.models import Recall
from traceability.events.recalling import keeping, repository
from traceability.events.recalling.working_out import WorkedOut


def test_what_a_recall_reaches_is_worked_out_before_the_transaction_that_opens_it(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.writing() as session:
        jam_is_made(session, a_chain(session))
    given = a_notice(inputs=[goods(1, "10/L1")])
    found = recalls.reaching(database, SUPERVISOR, given)
    monkeypatch.setattr(keeping, "worked_out", None)
    with database.writing() as session:
        recall = recalls.open_recall(session, SUPERVISOR, given, found)
        assert verdict(session, 2, "J1") == "certain"
        assert {row.party_id for row in repository.holders(session, recall.id or 0)}
        assert not stale(session, recall)


def test_what_was_worked_out_for_other_goods_is_not_kept(database: Database) -> None:
    with database.writing() as session:
        jam_is_made(session, a_chain(session))
    other = recalls.reaching(database, SUPERVISOR, a_notice(inputs=[goods(2, "10/J1")]))
    with database.writing() as session:
        given = a_notice(inputs=[goods(1, "10/L1")])
        recall = recalls.open_recall(session, SUPERVISOR, given, other)
        assert goods(1, "10/L1") in kept(session, recall)


def test_events_between_working_out_and_opening_are_taken_in_at_once_by_the_worker(
    database: Database,
) -> None:
    with database.writing() as session:
        jam_is_made(session, a_chain(session))
    given = a_notice(inputs=[goods(1, "10/L1")])
    found = recalls.reaching(database, SUPERVISOR, given)
    with database.writing() as session:
        told(session, becomes("L1", 2, "10/J7"))
    with database.writing() as session:
        recall = recalls.open_recall(session, SUPERVISOR, given, found)
        assert stale(session, recall)
    assert keeping.work_out_due(database)
    with database.reading() as session:
        assert verdict(session, 2, "J7") == "certain"


def test_a_mark_that_is_made_while_a_recall_is_worked_out_stays(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.writing() as session:
        jam_is_made(session, a_chain(session))
        recall = a_recall(session, inputs=[goods(1, "10/L1")])
        told(session, becomes("L1", 2, "10/J7"))
    work_out = keeping.worked_out

    def and_meanwhile(*given: Any) -> WorkedOut:
        found = work_out(*given)
        with database.writing() as session:
            told(session, becomes("L1", 2, "10/J8"))
        return found

    monkeypatch.setattr(keeping, "worked_out", and_meanwhile)
    assert keeping.work_out_due(database)
    monkeypatch.setattr(keeping, "worked_out", work_out)
    with database.reading() as session:
        assert verdict(session, 2, "J7") == "certain"
        assert verdict(session, 2, "J8") is None
    assert keeping.work_out_due(database)
    with database.reading() as session:
        assert verdict(session, 2, "J8") == "certain"
        assert not stale(session, session.get_one(Recall, recall.id))


def test_of_two_workers_one_keeps_what_both_have_worked_out(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.writing() as session:
        jam_is_made(session, a_chain(session))
        a_recall(session, inputs=[goods(1, "10/L1")])
        told(session, becomes("L1", 2, "10/J7"))
    work_out = keeping.worked_out

    def and_the_other_first(*given: Any) -> WorkedOut:
        found = work_out(*given)
        monkeypatch.setattr(keeping, "worked_out", work_out)
        keeping.work_out_due(database)
        return found

    monkeypatch.setattr(keeping, "worked_out", and_the_other_first)
    assert keeping.work_out_due(database)
    with database.reading() as session:
        extended = sa.select(sa.func.count()).where(
            col(AuditEntry.action) == AuditAction.RECALL_EXTENDED
        )
        assert session.execute(extended).scalar_one() == 1


def test_goods_that_cannot_be_recalled_are_refused_by_the_opening_with_all_that_is_wrong(
    database: Database,
) -> None:
    given = a_notice(inputs=["01/123"], notice_date="2199-01-01")
    assert recalls.reaching(database, SUPERVISOR, given) is None
    with database.writing() as session, pytest.raises(InvalidError) as refused:
        recalls.open_recall(session, SUPERVISOR, given, None)
    assert {fault.field for fault in refused.value.faults} == {"inputs.0", "notice_date"}
