"""Reads of recalls. Recalls are public: whoever holds the goods must be able to know."""

from collections.abc import Sequence

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from traceability.actor import Actor
from traceability.events.models import Recall, RecallStatus

MAX_PAGE = 1000


def readable_recalls(actor: Actor) -> SelectOfScalar[Recall]:  # noqa: ARG001 - the rule is: all
    return select(Recall)


def recall(session: Session, actor: Actor, recall_id: int) -> Recall | None:
    return session.exec(readable_recalls(actor).where(col(Recall.id) == recall_id)).first()


def list_recalls(
    session: Session,
    actor: Actor,
    *,
    product_id: int | None = None,
    status: str | None = None,
    before_id: int | None = None,
    limit: int = 50,
) -> Sequence[Recall]:
    """Recalls of a product, in a status, newest first; `before_id` ends the page before."""
    found = readable_recalls(actor)
    if before_id is not None:
        found = found.where(col(Recall.id) < before_id)
    if product_id is not None:
        found = found.where(col(Recall.product_id) == product_id)
    if status is not None:
        found = found.where(col(Recall.status) == status)
    return session.exec(found.order_by(col(Recall.id).desc()).limit(min(limit, MAX_PAGE))).all()


def of_notice(session: Session, notice_number: str) -> Sequence[Recall]:
    """Recalls in force by a notice."""
    return session.exec(
        select(Recall).where(
            col(Recall.notice_number) == notice_number,
            col(Recall.status) == RecallStatus.ACTIVE,
        )
    ).all()
