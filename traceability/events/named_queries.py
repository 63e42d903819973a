"""Named queries: made by a member for its organisation, or by an authority for all of them."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from traceability.actor import Actor
from traceability.errors import ConflictError, NotFoundError
from traceability.events.faults import refusal
from traceability.events.models import NamedQuery, Subscription
from traceability.events.query_parameters import given_of, read_query

MOST = 200
"""Named queries of one organisation, or of all authorities."""
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}", re.ASCII)


def create(session: Session, actor: Actor, given: Mapping[str, Any]) -> NamedQuery:
    """Name a query.

    Raises:
        EventsInvalidError: `events.query-name`, `events.field-missing`, `events.too-many`.
        QueryInvalidError: what is wrong with the query.
        ConflictError: `events.query-taken` (name).
    """
    name, query = given.get("name"), given.get("query")
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise refusal("events.query-name", "/name")
    if not isinstance(query, dict):
        raise refusal("events.field-missing", "/query")
    read_query(given_of(query))
    if session.get(NamedQuery, name) is not None:
        raise ConflictError("events.query-taken", name=name)
    if _count_of(session, actor.party_id) >= MOST:
        raise refusal("events.too-many", "/name", maximum=MOST)
    row = NamedQuery(name=name, party_id=actor.party_id, query=query)
    session.add(row)
    session.flush()
    return row


def _count_of(session: Session, party_id: int | None) -> int:
    """How many an organisation has; the authorities, without one, have theirs together."""
    own = col(NamedQuery.party_id) == party_id
    return session.exec(select(sa.func.count()).where(own)).one()


def _readable(actor: Actor) -> SelectOfScalar[NamedQuery]:
    """Own ones, and those of the authorities, which have no organisation of their own."""
    if actor.sees_everything:
        return select(NamedQuery)
    own = col(NamedQuery.party_id) == (actor.party_id or -1)
    return select(NamedQuery).where(sa.or_(own, col(NamedQuery.party_id).is_(None)))


def readable(session: Session, actor: Actor) -> Sequence[NamedQuery]:
    """The named queries that the actor may run, by name."""
    return session.exec(_readable(actor).order_by(col(NamedQuery.name))).all()


def get(session: Session, actor: Actor, name: str) -> NamedQuery:
    """A named query.

    Raises:
        NotFoundError: `events.query-unknown` (name).
    """
    found = session.exec(_readable(actor).where(col(NamedQuery.name) == name)).first()
    if found is None:
        raise NotFoundError("events.query-unknown", name=name[:100])
    return found


def delete(session: Session, actor: Actor, name: str) -> None:
    """Forget a named query of one's own, and who is told of it.

    Raises:
        NotFoundError: `events.query-unknown` (name).
    """
    found = get(session, actor, name)
    if not (actor.sees_everything or actor.owns(found.party_id)):
        raise NotFoundError("events.query-unknown", name=name[:100])
    session.exec(sa.delete(Subscription).where(col(Subscription.query_name) == name))
    session.delete(found)
    session.flush()
