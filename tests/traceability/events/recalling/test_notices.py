"""Webhooks of recalls: those whom one concerns are told, signed, and again after a failure."""

from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from tests.traceability.events.recalling.chains import (
    Chain,
    a_chain,
    a_recall,
    becomes,
    goods,
    jam_is_made,
    told,
)
from tests.traceability.events.test_subscriptions import TOKEN, VAULT, Recorder, anybody
from tests.traceability.registry.makers import ADMIN, SUPERVISOR, member
from traceability.actor import Actor
from traceability.clock import now
from traceability.db import Database
from traceability.errors import ForbiddenError, InvalidError, NotFoundError
from traceability.events import recalls
from traceability.events.delivering import BACK_OFF, Outbox
from traceability.events.recall_schemas import RecallClosingIn
from traceability.events.recalling import notices, webhooks
from traceability.events.recalling.models import RecallNotice
from traceability.events.recalling.schemas import WebhookIn, WebhookOut
from traceability.events.sending import Sender

DEST = "https://receiver.example/recalls"


def a_webhook(session: Session, actor: Actor, dest: str = DEST) -> WebhookOut:
    return webhooks.create(session, actor, WebhookIn(dest=dest, token=TOKEN), VAULT)


@pytest.fixture
def chain(database: Database) -> Chain:
    """The shop has a webhook, the others have none."""
    with database.writing() as session:
        chain = a_chain(session)
        jam_is_made(session, chain)
        a_webhook(session, member(chain.shop))
        for party in chain:
            session.refresh(party)
        session.expunge_all()
    return chain


def opened(database: Database) -> int:
    with database.writing() as session:
        return a_recall(session, inputs=[goods(1, "10/L1")]).id or 0


def delivered(database: Database, sender: Sender) -> list[dict[str, Any]]:
    while notices.deliver_due(Outbox(database, anybody, VAULT, sender)):
        pass
    sent: list[dict[str, Any]] = sender.sent  # type: ignore[attr-defined]
    return sent


def due_at_once(database: Database) -> None:
    with database.writing() as session:
        session.execute(sa.update(RecallNotice).values(next_at=now()))


def notice(database: Database) -> RecallNotice:
    with database.reading() as session:
        return session.exec(select(RecallNotice)).one()


def test_a_holder_is_told_of_the_goods_that_its_events_name(
    database: Database, chain: Chain
) -> None:
    number = opened(database)
    (message,) = delivered(database, Recorder())
    assert (message["type"], message["notice"], message["recall"]) == ("recall", "opened", number)
    assert message["goods"] == [{"key": goods(2, "21/A1"), "certainty": "certain"}]
    assert message["answer_to"] == f"/api/v1/recalls/{number}/answers"
    assert notice(database).sent_at is not None


def test_it_is_told_again_when_the_recall_reaches_more_and_when_it_ends(
    database: Database, chain: Chain
) -> None:
    number, sender = opened(database), Recorder()
    with database.writing() as session:
        told(session, becomes("L1", 2, "10/J7"))
        recalls.work_out_again(session, SUPERVISOR, number)
        recalls.work_out_again(session, SUPERVISOR, number)
        recalls.close_recall(session, ADMIN, number, RecallClosingIn(closing_decision="1/QĐ"))
    assert [each["notice"] for each in delivered(database, sender)] == [
        "opened", "extended", "closed",
    ]  # fmt: skip


def test_nobody_is_told_of_a_recall_that_was_only_looked_at(
    database: Database, chain: Chain
) -> None:
    with database.write_session() as session:
        a_recall(session, inputs=[goods(1, "10/L1")])
        session.rollback()
    assert delivered(database, Recorder()) == []


def test_a_failed_message_is_tried_again_and_given_up_in_the_end(
    database: Database, chain: Chain
) -> None:
    opened(database)
    sender = Recorder(fails=1)
    delivered(database, sender)
    waits = notice(database)
    assert (waits.failures, waits.last_error) == (1, "status 500")
    assert waits.next_at is not None
    assert waits.next_at > now()
    due_at_once(database)
    assert len(delivered(database, sender)) == 1
    due_at_once(database)
    failing = Recorder(fails=99)
    for _ in range(len(BACK_OFF) + 1):
        due_at_once(database)
        notices.deliver_due(Outbox(database, anybody, VAULT, failing))
    assert notice(database).next_at is None


def test_a_name_that_leads_into_a_private_network_is_not_posted_to(
    database: Database, chain: Chain
) -> None:
    opened(database)
    sender = Sender(look_up=lambda host, port: ["203.0.113.9", "10.0.0.7"])
    assert notices.deliver_due(Outbox(database, anybody, VAULT, sender))
    assert notice(database).last_error == "private"


def test_whoever_may_no_longer_act_is_told_nothing(database: Database, chain: Chain) -> None:
    def nobody(session: Session, actor: Actor) -> None:
        raise ForbiddenError("web.role")

    opened(database)
    sender = Recorder()
    assert notices.deliver_due(Outbox(database, nobody, VAULT, sender))
    assert sender.sent == []  # type: ignore[attr-defined]
    assert (notice(database).next_at, notice(database).last_error) == (None, "web.role")


def test_a_webhook_that_was_taken_away_is_not_posted_to(database: Database, chain: Chain) -> None:
    opened(database)
    with database.writing() as session:
        (hook,) = webhooks.own(session, member(chain.shop))
        webhooks.delete(session, member(chain.shop), hook.id)
    assert delivered(database, Recorder()) == []


def test_webhooks_are_ones_own_and_their_number_is_bounded(
    database: Database, chain: Chain
) -> None:
    with database.writing() as session:
        (hook,) = webhooks.own(session, member(chain.shop))
        with pytest.raises(NotFoundError, match=r"events\.recall-webhook-unknown"):
            webhooks.delete(session, member(chain.farm), hook.id)
        for _ in range(webhooks.MOST - 1):
            a_webhook(session, member(chain.shop))
        with pytest.raises(InvalidError, match=r"events\.too-many"):
            a_webhook(session, member(chain.shop))
        with pytest.raises(ForbiddenError, match=r"registry\.no-party"):
            a_webhook(session, ADMIN)


@pytest.mark.parametrize(
    ("dest", "code"),
    [
        ("http://10.0.0.7/x", "events.webhook-private"),
        ("http://localhost/x", "events.webhook-private"),
        ("ftp://receiver.example", "events.webhook-address"),
        ("https://receiver.example:22/", "events.webhook-address"),
    ],
)
def test_an_address_that_cannot_be_one_of_the_web_is_refused(
    database: Database, chain: Chain, dest: str, code: str
) -> None:
    with database.writing() as session, pytest.raises(InvalidError) as refused:
        a_webhook(session, member(chain.shop), dest)
    assert [(fault.field, fault.code) for fault in refused.value.faults] == [("dest", code)]


def test_a_test_is_queued_once_and_not_tried_again(database: Database, chain: Chain) -> None:
    actor = member(chain.shop)
    with database.writing() as session:
        (hook,) = webhooks.own(session, actor)
        webhooks.send_test(session, actor, hook.id)
        assert webhooks.send_test(session, actor, hook.id).state == "waiting"
    assert delivered(database, Recorder(fails=1)) == []
    assert (notice(database).next_at, notice(database).last_error) == (None, "status 500")
    with database.writing() as session:
        assert webhooks.describe(session, hook).last == webhooks.delivery_out(notice(database))
        webhooks.send_test(session, actor, hook.id)
    assert delivered(database, Recorder()) == [{"type": "recall", "notice": "test"}]
    with database.reading() as session:
        last = webhooks.describe(session, hook).last
    assert last is not None
    assert (last.state, last.error) == ("delivered", None)


def test_a_new_token_signs_what_waits_already(database: Database, chain: Chain) -> None:
    actor = member(chain.shop)
    with database.writing() as session:
        (hook,) = webhooks.own(session, actor)
        webhooks.send_test(session, actor, hook.id)
        made = webhooks.renew_token(session, actor, hook.id, VAULT)
    assert made.token not in (None, TOKEN)
    used: list[str] = []

    class Listening(Recorder):
        def post(self, dest: str, body: bytes, token: str) -> None:
            used.append(token)

    assert notices.deliver_due(Outbox(database, anybody, VAULT, Listening()))
    assert used == [made.token]
