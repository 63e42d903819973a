"""Subscriptions: new events that match a named query are posted to an address, signed.

A receiver that fails is tried again later and later, and given up after a day of it. It is sent
every event at least once and in the order of capture: what is not taken stays the next to come.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import orjson
import sqlalchemy as sa
from sqlmodel import Session, col, select

from traceability.actor import Actor
from traceability.clock import now
from traceability.errors import NotFoundError, TraceabilityError
from traceability.events import named_queries, queries
from traceability.events.delivering import Outbox
from traceability.events.documents import time_fault
from traceability.events.event_fields import moment
from traceability.events.faults import refusal
from traceability.events.models import Event, NamedQuery, Subscription
from traceability.events.queries import Place
from traceability.events.query_parameters import Query, Term, given_of, read_query
from traceability.events.rendering import EpcFormat, query_document
from traceability.events.sending import check_address
from traceability.events.vault import Vault

MOST = 20
"""Subscriptions of one organisation."""
AT_ONCE = 100
"""Events of one message."""
SETTLED = timedelta(seconds=5)
"""Age of an event before it is sent: until then a capture beside it may end with a smaller id.

Where captures run side by side, that is asked of the oldest that is under way.
"""
_OLDEST_WRITER = sa.text("""
SELECT min(xact_start) FROM pg_stat_activity
WHERE datname = current_database() AND backend_xid IS NOT NULL AND pid <> pg_backend_pid()
""")
_FIELDS = frozenset({"dest", "signatureToken", "stream", "reportIfEmpty", "initialRecordTime"})


def create(
    session: Session, actor: Actor, name: str, given: Mapping[str, Any], vault: Vault
) -> tuple[Subscription, str]:
    """Subscribe to a named query; returns the token too, which is not shown again.

    Raises:
        NotFoundError: `events.query-unknown` (name).
        EventsInvalidError: `events.webhook-…`, `events.field-unknown`, `events.too-many`.
    """
    query = named_queries.get(session, actor, name)
    unknown = sorted(set(given) - _FIELDS)
    if unknown:
        raise refusal("events.field-unknown", f"/{unknown[0][:80]}")
    if given.get("stream") is not True:
        raise refusal("events.webhook-stream", "/stream")
    # Who is told of each event as it comes never has an empty answer.
    if not isinstance(given.get("reportIfEmpty", False), bool):
        raise refusal("events.type", "/reportIfEmpty")
    dest = given.get("dest")
    check_address(dest if isinstance(dest, str) else "")
    token = given.get("signatureToken")
    if token is None:
        token = secrets.token_hex(32)
    if not isinstance(token, str) or not 16 <= len(token) <= 200:
        raise refusal("events.webhook-token", "/signatureToken", minimum=16, maximum=200)
    if len(_own(session, actor)) >= MOST:
        raise refusal("events.too-many", "/dest", maximum=MOST)
    number = str(uuid4())
    row = Subscription(
        id=number, query_name=query.name, party_id=actor.party_id, actor=asdict(actor),
        dest=str(dest), token=vault.seal(token, number),
        last_event=_last_before(session, given.get("initialRecordTime")),
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row, token


def _last_before(session: Session, initial: object) -> int:
    """The newest event; where an initialRecordTime is given, the newest that is older."""
    newest = select(sa.func.max(Event.id))
    if initial is not None:
        fault = time_fault(initial)
        if fault is not None:
            raise refusal(fault, "/initialRecordTime")
        newest = newest.where(col(Event.record_time) < moment(str(initial)))
    return session.exec(newest).one() or 0


def _own(session: Session, actor: Actor) -> Sequence[Subscription]:
    rows = select(Subscription).where(col(Subscription.party_id) == actor.party_id)
    return session.exec(rows).all()


def readable(session: Session, actor: Actor, name: str) -> Sequence[Subscription]:
    """The subscriptions of a query: one's own, and for an authority all of them."""
    named_queries.get(session, actor, name)
    found = select(Subscription).where(col(Subscription.query_name) == name)
    if not actor.sees_everything:
        found = found.where(col(Subscription.party_id) == (actor.party_id or -1))
    return session.exec(found.order_by(col(Subscription.created_at))).all()


def get(session: Session, actor: Actor, name: str, subscription_id: str) -> Subscription:
    """A subscription.

    Raises:
        NotFoundError: `events.subscription-unknown` (id).
    """
    for row in readable(session, actor, name):
        if row.id == subscription_id:
            return row
    raise NotFoundError("events.subscription-unknown", id=subscription_id[:40])


def delete(session: Session, actor: Actor, name: str, subscription_id: str) -> None:
    """End a subscription.

    Raises:
        NotFoundError: `events.subscription-unknown` (id).
    """
    session.delete(get(session, actor, name, subscription_id))
    session.flush()


def deliver_due(outbox: Outbox) -> bool:
    """Send one subscriber what is new; False when nobody was due."""
    taken = outbox.take(Subscription)
    if taken is None:
        return False
    try:
        token = outbox.vault.open(taken.token, taken.id)
        message = _message(outbox, taken)
    except TraceabilityError as error:
        outbox.give_up(taken, error.code)
        return True
    if message is None:
        outbox.settle(taken, next_at=now() + SETTLED)
        return True
    body, last = message
    if outbox.post(taken, taken.dest, token, body):
        outbox.settle(taken, last_event=last, failures=0, last_error=None, next_at=now())
    return True


def _settled(session: Session) -> datetime:
    """The time before which no capture that is under way can have begun to count its events."""
    oldest = None
    if session.connection().dialect.name == "postgresql":
        oldest = session.execute(_OLDEST_WRITER).scalar()
    return min(now(), oldest or now()) - SETTLED


def _message(outbox: Outbox, row: Subscription) -> tuple[bytes, int] | None:
    """The next events as a document, and the id of the last; None when there are none."""
    actor = Actor.of_dict(row.actor)
    with outbox.database.reading() as session:
        outbox.check(session, actor)
        named = session.get_one(NamedQuery, row.query_name)
        asked = read_query(given_of(named.query))
        settled = Term("LT_recordTime", (_settled(session),))
        query = Query((*asked.terms, settled), oldest_first=True)
        page = queries.find(session, actor, query, size=AT_ONCE, after=Place(row.last_event))
    if not page.events:
        return None
    document = query_document(
        page.events, EpcFormat.DIGITAL_LINK,
        queryName=row.query_name, subscriptionID=row.id,
    )  # fmt: skip
    return orjson.dumps(document, option=orjson.OPT_UTC_Z), page.events[-1].id
