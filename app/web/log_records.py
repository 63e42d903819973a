"""Which records of the transparency log somebody means who holds a paper, an event or a receipt.

Nobody outside has the number of a row. What people have is the number of a notice or a decision,
the eventID of an event, or the subject that a receipt names.

>>> by_subject("recall:7"), by_subject("report:3"), by_subject("15/TB-VD")
((<LeafKind.RECALL: 'recall'>, 7), (<LeafKind.CASE: 'case'>, 3), None)
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from traceability.actor import PUBLIC, Actor
from traceability.events.event_repository import readable_event
from traceability.events.models import Recall
from traceability.registry.certificate_models import QuantityCertificate
from traceability.registry.models import Registration
from traceability.transparency.models import LeafKind

MOST_TEXT = 400
"""Characters: as long as an eventID may be."""
_MOST = 20
_SUBJECT = re.compile(r"([a-z]+):([0-9]{1,18})")
_KINDS = {**{kind.value: kind for kind in LeafKind}, "report": LeafKind.CASE}

Record = tuple[LeafKind, int]


def by_subject(text: str) -> Record | None:
    """The record that a receipt calls so."""
    match = _SUBJECT.fullmatch(text)
    return (_KINDS[match[1]], int(match[2])) if match and match[1] in _KINDS else None


def meant(session: Session, actor: Actor, text: str) -> list[Record]:
    """The records that this may name, at most twenty; certificates for who sees everything."""
    named = by_subject(text)
    return [named] if named is not None else list(_by_number(session, actor, text))[:_MOST]


def _by_number(session: Session, actor: Actor, text: str) -> Iterator[Record]:
    # Everybody may ask for an event by its eventID, members for those of others, too.
    event = readable_event(session, PUBLIC, text)
    if event is not None:
        yield LeafKind.EVENT, event.id
    recalls = select(Recall.id).where(
        (col(Recall.notice_number) == text) | (col(Recall.closing_decision) == text)
    )
    yield from _newest(session, LeafKind.RECALL, recalls, Recall.id)
    decisions = select(Registration.id).where(col(Registration.decision_number) == text)
    yield from _newest(session, LeafKind.REGISTRATION, decisions, Registration.id)
    if actor.sees_everything:
        certificates = select(QuantityCertificate.id).where(
            (col(QuantityCertificate.number) == text)
            | (col(QuantityCertificate.decision_number) == text)
        )
        yield from _newest(session, LeafKind.CERTIFICATE, certificates, QuantityCertificate.id)


def _newest(
    session: Session, kind: LeafKind, found: SelectOfScalar[Any], number: Any
) -> Sequence[Record]:
    rows = session.exec(found.order_by(col(number).desc()).limit(_MOST))
    return [(kind, row) for row in rows]
