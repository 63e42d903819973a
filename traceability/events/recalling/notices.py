"""Telling those whom a recall concerns: a signed message to each of their webhooks.

A message is queued in the transaction that makes it needed, and sent by the worker. One that is
not taken is tried again later and later, and given up after a day of it. Who has no webhook finds
the recall on their list of what is to be done.
"""

import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from datetime import timedelta
from typing import Any
from uuid import uuid4

import orjson
import sqlalchemy as sa
from sqlmodel import Session, col, select

from traceability.actor import Actor
from traceability.clock import now
from traceability.db import Database
from traceability.errors import ForbiddenError, InvalidError, NotFoundError, TraceabilityError
from traceability.events.faults import EventsInvalidError
from traceability.events.models import Recall
from traceability.events.recalling import repository
from traceability.events.recalling.models import NoticeKind, RecallNotice, RecallWebhook
from traceability.events.recalling.schemas import WebhookIn, WebhookOut
from traceability.events.sending import Sender, SendingError, check_address
from traceability.events.subscriptions import BACK_OFF, LEASE, SENDER
from traceability.events.vault import Vault

MOST = 5
"""Webhooks of one organisation."""
MOST_GOODS = 200
"""Goods that one message names."""


def create(session: Session, actor: Actor, given: WebhookIn, vault: Vault) -> WebhookOut:
    """Add a webhook for the actor's organisation; its token is not shown again.

    Raises:
        ForbiddenError: `registry.no-party`.
        InvalidError: `events.webhook-address`, `events.webhook-private`, `events.too-many`.
    """
    if actor.party_id is None:
        raise ForbiddenError("registry.no-party")
    try:
        check_address(given.dest)
    except EventsInvalidError as error:
        raise InvalidError.of("dest", error.faults[0].code) from error
    if len(own(session, actor)) >= MOST:
        raise InvalidError.of("dest", "events.too-many", maximum=MOST)
    number, token = str(uuid4()), given.token or secrets.token_hex(32)
    row = RecallWebhook(
        id=number, party_id=actor.party_id, actor=asdict(actor), dest=given.dest,
        token=vault.seal(token, number),
    )  # fmt: skip
    session.add(row)
    session.flush()
    return WebhookOut(id=row.id, dest=row.dest, created_at=row.created_at, token=token)


def own(session: Session, actor: Actor) -> Sequence[RecallWebhook]:
    """The webhooks of the actor's organisation."""
    return repository.webhooks_of(session, [] if actor.party_id is None else [actor.party_id])


def delete(session: Session, actor: Actor, webhook_id: str) -> None:
    """Take a webhook away; messages that wait for it are not sent.

    Raises:
        NotFoundError: `events.recall-webhook-unknown` (id).
    """
    for row in own(session, actor):
        if row.id == webhook_id:
            session.delete(row)
            session.flush()
            return
    raise NotFoundError("events.recall-webhook-unknown", id=webhook_id[:40])


def queue(session: Session, recall: Recall, kind: NoticeKind, party_ids: Iterable[int]) -> None:
    """Queue a message to each webhook of these parties."""
    session.add_all(
        RecallNotice(
            recall_id=recall.id or 0, webhook_id=hook.id, party_id=hook.party_id, kind=kind
        )
        for hook in repository.webhooks_of(session, party_ids)
    )
    session.flush()


def deliver_due(
    database: Database,
    check: Callable[[Session, Actor], None],
    vault: Vault,
    sender: Sender = SENDER,
) -> bool:
    """Send one message; False when none was due.

    Args:
        database: read and written in short transactions, none of them open while sending.
        check: raises a TraceabilityError when an actor may no longer act.
        vault: opens the receivers' tokens.
        sender: posts the message.
    """
    with database.reading() as session:
        if _due(session) is None:
            return False
    with database.writing() as session:
        notice = _due(session)
        if notice is None:
            return True
        notice.next_at = now() + LEASE
    try:
        with database.reading() as session:
            hook = session.get(RecallWebhook, notice.webhook_id)
            if hook is None:
                raise NotFoundError("events.recall-webhook-unknown", id=notice.webhook_id)
            actor = Actor.of_dict(hook.actor)
            check(session, actor)
            token = vault.open(hook.token, hook.id)
            body = orjson.dumps(message(session, actor, notice), option=orjson.OPT_UTC_Z)
    except TraceabilityError as error:
        _settle(database, notice, next_at=None, last_error=error.code)
        return True
    try:
        sender.post(hook.dest, body, token)
    except SendingError as error:
        _put_off(database, notice, str(error))
        return True
    _settle(database, notice, next_at=None, sent_at=now(), last_error=None)
    return True


def message(session: Session, actor: Actor, notice: RecallNotice) -> dict[str, Any]:
    """What is posted: the recall, and the goods of it that concern the receiver."""
    recall = session.get_one(Recall, notice.recall_id)
    goods = repository.goods_known_to(session, actor, notice.recall_id, MOST_GOODS + 1)
    return {
        "type": "recall",
        "notice": notice.kind,
        "recall": recall.id,
        "status": recall.status,
        "notice_number": recall.notice_number,
        "notice_date": recall.notice_date,
        "reason": recall.reason,
        "advice": recall.advice,
        "closing_decision": recall.closing_decision,
        "goods": [{"key": row.key, "certainty": row.certainty} for row in goods[:MOST_GOODS]],
        "truncated": recall.truncated or len(goods) > MOST_GOODS,
        "answer_to": f"/api/v1/recalls/{recall.id}/answers",
    }


def _due(session: Session) -> RecallNotice | None:
    return session.exec(
        select(RecallNotice)
        .where(col(RecallNotice.next_at) <= now())
        .order_by(col(RecallNotice.next_at))
        .limit(1)
        .with_for_update(skip_locked=True)
    ).first()


def _put_off(database: Database, notice: RecallNotice, why: str) -> None:
    failures = notice.failures + 1
    next_at = None
    if failures <= len(BACK_OFF):
        next_at = now() + timedelta(seconds=BACK_OFF[failures - 1])
    _settle(database, notice, failures=failures, last_error=why[:200], next_at=next_at)


def _settle(database: Database, notice: RecallNotice, **values: Any) -> None:
    with database.writing() as session:
        session.execute(
            sa.update(RecallNotice).where(col(RecallNotice.id) == notice.id).values(**values)
        )
