"""Capturing a diary: every row or none, and its empty table to begin with."""

import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import xlsxwriter
from sqlmodel import Session

from traceability.actor import Actor
from traceability.events import capture
from traceability.events.capture import Behaviour
from traceability.events.diary import Diary, read_diary
from traceability.events.diary_columns import COLUMNS, STEPS
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


def template(language: str = "vi") -> bytes:
    """An XLSX with headings in a language (vi or en), an example, and the steps to choose from."""
    with tempfile.TemporaryDirectory(prefix="nguon-diary-") as folder:
        path = Path(folder) / "diary.xlsx"
        with xlsxwriter.Workbook(path, {"strings_to_formulas": False}) as workbook:
            sheet = workbook.add_worksheet("Nhật ký" if language == "vi" else "Diary")
            bold, as_text = workbook.add_format({"bold": True}), workbook.add_format()
            as_text.set_num_format("@")  # a code of digits stays as it is typed
            sheet.set_column(0, len(COLUMNS) - 1, 22, as_text)
            sheet.freeze_panes(1, 1)
            for at, column in enumerate(COLUMNS):
                heading = column.vi if language == "vi" else column.en
                sheet.write_string(0, at, heading, bold)
                sheet.write_string(1, at, column.example, as_text)
            words = [words[0] if language == "vi" else words[1] for words in STEPS.values()]
            sheet.data_validation(1, 0, 2000, 0, {"validate": "list", "source": words})
            sheet.write_string(1, 0, words[0], as_text)
        return path.read_bytes()
