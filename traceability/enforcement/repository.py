"""SQL of the reports from the public."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from traceability.actor import Actor
from traceability.enforcement.models import Report


def readable(actor: Actor) -> SelectOfScalar[Report]:
    """Reports that this actor may read: the authorities all, everybody else none."""
    return select(Report) if actor.sees_everything else select(Report).where(sa.false())


def get_report(session: Session, actor: Actor, report_id: int) -> Report | None:
    return session.exec(readable(actor).where(col(Report.id) == report_id)).first()


def with_tracking_code(session: Session, tracking_code: str) -> Report | None:
    """The report of a tracking code, for whoever knows the code."""
    return session.exec(select(Report).where(col(Report.tracking_code) == tracking_code)).first()


def list_reports(
    session: Session,
    actor: Actor,
    *,
    status: str | None = None,
    gtin: str | None = None,
    before_id: int | None = None,
    limit: int = 50,
) -> Sequence[Report]:
    """Newest first; `before_id` is the last one of the page before."""
    found = readable(actor).order_by(col(Report.id).desc()).limit(limit)
    if status is not None:
        found = found.where(col(Report.status) == status)
    if gtin is not None:
        found = found.where(col(Report.gtin) == gtin)
    if before_id is not None:
        found = found.where(col(Report.id) < before_id)
    return session.exec(found).all()
