"""Capturing a diary: every row or none."""

from dataclasses import asdict, dataclass
from typing import Any

from sqlmodel import Session

from traceability.actor import Actor
from traceability.events import capture
from traceability.events.capture import Behaviour
from traceability.events.diary import Diary, read_diary
from traceability.events.documents import Document
from traceability.events.faults import EventsInvalidError
from traceability.events.policy import Policy
from traceability.registry.models import Party
from traceability.registry.row_checks import RowFault


@dataclass(frozen=True, slots=True)
class DiaryResult:
    total: int
    captured: int
    capture_id: str | None
    errors: tuple[RowFault, ...]

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "errors": [asdict(error) for error in self.errors]}


def capture_diary(
    session: Session, actor: Actor, data: bytes, file_name: str, policy: Policy
) -> DiaryResult:
    """Capture the events of a table; with a fault in one row, of none.

    Raises:
        InvalidError: as `read_diary`.
    """
    party = session.get(Party, actor.party_id) if actor.party_id is not None else None
    diary = read_diary(data, file_name, party.gln if party else None)
    if diary.faults.count:
        return DiaryResult(diary.total, 0, None, tuple(diary.faults.errors))
    document = Document(diary.events)
    try:
        with session.begin_nested():
            row = capture.capture(session, actor, document, Behaviour.ROLLBACK, policy)
    except EventsInvalidError as error:
        return DiaryResult(diary.total, 0, None, _by_row(diary, error))
    return DiaryResult(diary.total, row.captured, row.id, ())


def _by_row(diary: Diary, error: EventsInvalidError) -> tuple[RowFault, ...]:
    return tuple(
        RowFault(diary.rows[getattr(fault, "event", 0) or 0], "", fault.code, fault.arguments, None)
        for fault in error.faults
    )
