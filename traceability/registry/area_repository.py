"""Reads of the dated list of areas, which is public."""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlmodel import Session, col, select

from traceability.registry.models import Area


def _holds(on: date) -> sa.ColumnElement[bool]:
    until = col(Area.valid_to)
    return sa.and_(col(Area.valid_from) <= on, sa.or_(until.is_(None), until >= on))


def area(session: Session, code: str, on: date) -> Area | None:
    """The row of a code that holds on a day."""
    return session.exec(select(Area).where(col(Area.code) == code, _holds(on))).first()


def last_area(session: Session, code: str) -> Area | None:
    """The newest row of a code, whether it still holds or not."""
    newest_first = col(Area.valid_from).desc()
    return session.exec(select(Area).where(col(Area.code) == code).order_by(newest_first)).first()


def list_areas(
    session: Session, on: date, *, level: str | None = None, parent_code: str | None = None
) -> Sequence[Area]:
    """The areas that hold on a day, by code."""
    found = select(Area).where(_holds(on)).order_by(col(Area.code))
    if level is not None:
        found = found.where(col(Area.level) == level)
    if parent_code is not None:
        found = found.where(col(Area.parent_code) == parent_code)
    return session.exec(found).all()


def area_keys(session: Session) -> set[tuple[str, date]]:
    """Code and first day of every row."""
    return {(code, day) for code, day in session.exec(select(col(Area.code), col(Area.valid_from)))}
