"""Addresses at which an organisation is told of recalls: added, tried out, renewed, taken away.

The secret with which messages are signed is kept sealed (`vault`) and shown once. A new one takes
its place at once: what waits is signed with it.
"""

import secrets
from collections.abc import Sequence
from dataclasses import asdict
from uuid import uuid4

from sqlmodel import Session

from traceability.actor import Actor
from traceability.errors import ForbiddenError, InvalidError, NotFoundError
from traceability.events.faults import EventsInvalidError
from traceability.events.recalling import repository
from traceability.events.recalling.models import NoticeKind, RecallNotice, RecallWebhook
from traceability.events.recalling.schemas import (
    DeliveryOut,
    DeliveryState,
    WebhookIn,
    WebhookOut,
)
from traceability.events.sending import check_address
from traceability.events.vault import Vault

MOST = 5
"""Webhooks of one organisation."""


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
    return describe(session, row, token)


def own(session: Session, actor: Actor) -> Sequence[RecallWebhook]:
    """The webhooks of the actor's organisation."""
    return repository.webhooks_of(session, [] if actor.party_id is None else [actor.party_id])


def get(session: Session, actor: Actor, webhook_id: str) -> RecallWebhook:
    """A webhook of the actor's organisation.

    Raises:
        NotFoundError: `events.recall-webhook-unknown` (id).
    """
    for row in own(session, actor):
        if row.id == webhook_id:
            return row
    raise NotFoundError("events.recall-webhook-unknown", id=webhook_id[:40])


def delete(session: Session, actor: Actor, webhook_id: str) -> None:
    """Take a webhook away; messages that wait for it are not sent.

    Raises:
        NotFoundError: `events.recall-webhook-unknown` (id).
    """
    session.delete(get(session, actor, webhook_id))
    session.flush()


def renew_token(session: Session, actor: Actor, webhook_id: str, vault: Vault) -> WebhookOut:
    """Give a webhook another token, which is not shown again; the one before signs nothing more.

    Raises:
        NotFoundError: `events.recall-webhook-unknown` (id).
    """
    row, token = get(session, actor, webhook_id), secrets.token_hex(32)
    row.token = vault.seal(token, row.id)
    session.add(row)
    session.flush()
    return describe(session, row, token)


def send_test(session: Session, actor: Actor, webhook_id: str) -> DeliveryOut:
    """Queue a message without a recall; where one waits already, that one.

    Raises:
        NotFoundError: `events.recall-webhook-unknown` (id).
    """
    hook = get(session, actor, webhook_id)
    newest = next(iter(repository.newest_notices(session, hook.id, 1)), None)
    if newest is not None and newest.kind == NoticeKind.TEST and newest.next_at is not None:
        return delivery_out(newest)
    test = RecallNotice(webhook_id=hook.id, party_id=hook.party_id, kind=NoticeKind.TEST)
    session.add(test)
    session.flush()
    return delivery_out(test)


def describe(session: Session, row: RecallWebhook, token: str | None = None) -> WebhookOut:
    """A webhook with the newest message to it."""
    newest = next(iter(repository.newest_notices(session, row.id, 1)), None)
    return WebhookOut(
        id=row.id, dest=row.dest, created_at=row.created_at, token=token,
        last=delivery_out(newest) if newest else None,
    )  # fmt: skip


def delivery_out(row: RecallNotice) -> DeliveryOut:
    """How far a message has come."""
    state = DeliveryState.GIVEN_UP if row.next_at is None else DeliveryState.WAITING
    return DeliveryOut(
        kind=row.kind, recall_id=row.recall_id, failures=row.failures, error=row.last_error,
        state=DeliveryState.DELIVERED if row.sent_at else state, next_at=row.next_at,
        sent_at=row.sent_at,
    )  # fmt: skip
