"""Telling those whom a recall concerns: a signed message to each of their webhooks.

A message is queued in the transaction that makes it needed, and sent by the worker. One that is
not taken is tried again later and later, and given up after a day of it. Who has no webhook finds
the recall on their list of what is to be done.
"""

from collections.abc import Iterable
from typing import Any

import orjson
from sqlmodel import Session

from traceability.actor import Actor
from traceability.clock import now
from traceability.errors import NotFoundError, TraceabilityError
from traceability.events.delivering import Outbox
from traceability.events.models import Recall
from traceability.events.recalling import repository
from traceability.events.recalling.models import NoticeKind, RecallNotice, RecallWebhook

MOST_GOODS = 200
"""Goods that one message names."""


def queue(session: Session, recall: Recall, kind: NoticeKind, party_ids: Iterable[int]) -> None:
    """Queue a message to each webhook of these parties."""
    session.add_all(
        RecallNotice(
            recall_id=recall.id or 0, webhook_id=hook.id, party_id=hook.party_id, kind=kind
        )
        for hook in repository.webhooks_of(session, party_ids)
    )
    session.flush()


def deliver_due(outbox: Outbox) -> bool:
    """Send one message; False when none was due."""
    notice = outbox.take(RecallNotice)
    if notice is None:
        return False
    try:
        with outbox.database.reading() as session:
            hook = session.get(RecallWebhook, notice.webhook_id)
            if hook is None:
                raise NotFoundError("events.recall-webhook-unknown", id=notice.webhook_id)
            actor = Actor.of_dict(hook.actor)
            outbox.check(session, actor)
            token = outbox.vault.open(hook.token, hook.id)
            body = orjson.dumps(message(session, actor, notice), option=orjson.OPT_UTC_Z)
    except TraceabilityError as error:
        outbox.give_up(notice, error.code)
        return True
    # Whoever asked for a test waits for its outcome, and asks again.
    again = notice.recall_id is not None
    if outbox.post(notice, hook.dest, token, body, again=again):
        outbox.settle(notice, next_at=None, sent_at=now(), last_error=None)
    return True


def message(session: Session, actor: Actor, notice: RecallNotice) -> dict[str, Any]:
    """What is posted: the recall, and the goods of it that concern the receiver."""
    if notice.recall_id is None:
        return {"type": "recall", "notice": notice.kind}
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
