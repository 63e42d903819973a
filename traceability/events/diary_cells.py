"""One cell of the diary, as it goes into an event.

>>> read_cell("quantity", "1.200,5"), read_cell("unit", "Kg"), read_cell("time", "20/11/2026 8:00")
(1200.5, 'KGM', '2026-11-20T08:00:00+07:00')
"""

import re
from datetime import date, datetime, time, timedelta
from typing import Any

from traceability.clock import VIETNAM, now
from traceability.events.diary_columns import CODES, QUANTITIES, STEPS, find_step, unit_code
from traceability.events.event_fields import MAX_QUANTITY, moment
from traceability.events.rules import AHEAD
from traceability.registry import cells
from traceability.registry.cells import CellError
from traceability.registry.columns import Cell
from traceability.registry.tables import CellValue

_DAY_FIRST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?:[ ,T]+(\d{1,2})[:hg](\d{2}))?")
_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)", re.ASCII)


def read_cell(name: str, value: CellValue) -> Any:
    """The content of a cell that is not empty, by the name of its column.

    Raises:
        CellError: as `registry.cells.read`; `events.unit-unknown`, `events.quantity-format`,
            `events.negative`, `events.too-large`, `events.future`.
    """
    if name == "time":
        return _time(value)
    if name in QUANTITIES:
        return _quantity(value)
    if name == "step":
        step = find_step(str(value))
        if step is None:
            choices = ", ".join(words[0] for words in STEPS.values())
            raise CellError("registry.choice-unknown", value=str(value)[:40], choices=choices)
        return step
    if name in ("unit", "from_unit"):
        code = unit_code(str(value))
        if code is None:
            raise CellError("events.unit-unknown", value=str(value)[:40])
        return code
    return str(cells.read(Cell.CODE if name in CODES else Cell.TEXT, value))


def _quantity(value: CellValue) -> float:
    if isinstance(value, (date, time, timedelta)):
        raise CellError("registry.cell-is-date", value=str(value))
    read = value if isinstance(value, bool) else cells.read(Cell.QUANTITY, value)
    if isinstance(value, bool) or not (isinstance(read, (int, float)) or _NUMBER.fullmatch(read)):
        raise CellError("events.quantity-format", value=str(value)[:40])
    found = float(read)
    if found < 0:
        raise CellError("events.negative")
    if not found <= MAX_QUANTITY:
        raise CellError("events.too-large", maximum=int(MAX_QUANTITY))
    return found


def _time(value: CellValue) -> str:
    """ISO 8601 in Vietnam's time; a day alone means its beginning."""
    if isinstance(value, datetime):
        found = value.replace(microsecond=0)
    elif isinstance(value, date):
        found = datetime(value.year, value.month, value.day)  # noqa: DTZ001 -- the zone follows
    else:
        found = _time_of_text(str(value).strip())
    text = (found if found.tzinfo else found.replace(tzinfo=VIETNAM)).isoformat()
    try:
        at = moment(text)
    except ValueError as error:
        raise CellError("registry.date-format", value=str(value)[:40]) from error
    if at > now() + AHEAD:
        raise CellError("events.future", hours=int(AHEAD.total_seconds() // 3600))
    return text


def _time_of_text(text: str) -> datetime:
    try:
        if match := _DAY_FIRST.fullmatch(text):
            day, month, year, hour, minute = (int(part or 0) for part in match.groups())
            return datetime(year, month, day, hour, minute)  # noqa: DTZ001 -- the zone follows
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise CellError("registry.date-format", value=text[:40]) from error
