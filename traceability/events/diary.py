r"""The diary: rows of a table (XLSX, CSV) as events, with every fault by row and column.

>>> table = "Việc;Thời gian;Mã GTIN;Số lô;Số lượng;Đơn vị\n".encode()
>>> table += "thu hoạch;20/11/2026 08:00;9520001234569;L7;120,5;kg\n".encode()
>>> diary = read_diary(table, "nhat-ky.csv", None)
>>> diary.events[0].body["quantityList"]
[{'epcClass': 'https://id.gs1.org/01/09520001234569/10/L7', 'quantity': 120.5, 'uom': 'KGM'}]
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from gs1 import digital_link
from gs1.ai import TABLE
from gs1.element_string import ElementString, element
from gs1.errors import Gs1Error
from gs1.gtin import Gtin
from traceability.clock import VIETNAM, now
from traceability.errors import Fault, InvalidError
from traceability.events.checking import check
from traceability.events.diary_columns import (
    CODES,
    COLUMNS,
    NEEDED,
    QUANTITIES,
    STEPS,
    DiaryColumn,
    Step,
    find_column,
    find_step,
    unit_code,
)
from traceability.events.documents import ReadEvent
from traceability.registry import cells
from traceability.registry.cells import CellError
from traceability.registry.columns import Cell
from traceability.registry.row_checks import Faults, column_letters
from traceability.registry.tables import CellValue, read_table

MAX_ROWS = 2000
"""Rows of one table: so many events are kept while their sender waits."""
_DAY_FIRST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?:[ ,T]+(\d{1,2})[:hg](\d{2}))?")

_BIZ_STEP = {
    Step.HARVEST: "creating_class_instance", Step.PROCESS: "commissioning", Step.PACK: "packing",
    Step.SHIP: "shipping", Step.RECEIVE: "receiving", Step.SELL: "retail_selling",
}  # fmt: skip
_DISPOSITION = {
    Step.HARVEST: "active", Step.PROCESS: "active", Step.PACK: "in_progress",
    Step.SHIP: "in_transit", Step.RECEIVE: "in_progress", Step.SELL: "retail_sold",
}  # fmt: skip


@dataclass(slots=True)
class Diary:
    """What a table says."""

    events: list[ReadEvent] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    """The row that each event comes from, as the spreadsheet numbers it."""
    faults: Faults = field(default_factory=Faults)
    total: int = 0
    """Rows below the headings."""


def read_diary(data: bytes, file_name: str, own_gln: str | None) -> Diary:
    """The events of a table.

    Args:
        data: the file, XLSX or CSV.
        file_name: as it was sent; only told in errors.
        own_gln: GLN of whoever tells, the other side of who they deal with.

    Raises:
        InvalidError: of the field `file`, as `registry.tables.read_table`; `registry.heading-…`,
            `registry.table-no-rows`, `registry.table-too-many-rows`.
    """
    diary = Diary()
    sheet = read_table(data, file_name)
    columns: list[DiaryColumn | None] | None = None
    for number, values in sheet.rows:
        if columns is None:
            columns = _headings(values)
            continue
        diary.total += 1
        if diary.total > MAX_ROWS:
            raise InvalidError.of("file", "registry.table-too-many-rows", row=number, most=MAX_ROWS)
        row = _row(diary, number, columns, values)
        if row is not None:
            _add_event(diary, number, row, own_gln)
    if not diary.total:
        raise InvalidError.of("file", "registry.table-no-rows")
    return diary


def read_entry(texts: Mapping[str, str], own_gln: str | None) -> Diary:
    """One row that was filled in on a form: texts by the names of the columns.

    >>> entry = read_entry({"step": "sell", "time": "2026-11-20T08:00", "sscc": "123"}, None)
    >>> [(fault.column, fault.code) for fault in entry.faults.errors]
    [('gtin', 'events.field-missing'), ('sscc', 'gs1.length')]
    """
    diary = Diary(total=1)
    columns: list[DiaryColumn | None] = list(COLUMNS)
    values: list[CellValue] = [texts.get(column.name, "") for column in COLUMNS]
    row = _row(diary, 1, columns, values)
    if row is not None:
        _add_event(diary, 1, row, own_gln)
    return diary


def _headings(values: list[CellValue]) -> list[DiaryColumn | None]:
    found: list[DiaryColumn | None] = []
    faults: list[Fault] = []
    for at, value in enumerate(values):
        heading = str(value).strip()
        column = find_column(heading) if heading else None
        if heading and column is None:
            where = {"heading": heading[:100], "column": column_letters(at + 1)}
            faults.append(Fault("file", "registry.heading-unknown", where))
        if column is not None and column in found:
            faults.append(Fault("file", "registry.heading-repeated", {"heading": heading[:100]}))
        found.append(column)
    faults += [
        Fault("file", "registry.heading-missing", {"heading": column.vi})
        for column in COLUMNS[:2]
        if column not in found
    ]
    if faults:
        raise InvalidError(faults)
    return found


def _row(
    diary: Diary, number: int, columns: list[DiaryColumn | None], values: list[CellValue]
) -> dict[str, Any] | None:
    """The cells of a row by the names of their columns; None when one cannot be read."""
    before = diary.faults.count
    row: dict[str, Any] = {}
    for at, value in enumerate(values):
        column = columns[at] if at < len(columns) else None
        if value == "" or (isinstance(value, str) and not value.strip()):
            continue
        if column is None:
            diary.faults.add(number, column_letters(at + 1), "registry.cell-without-heading", {})
            continue
        try:
            row[column.name] = _cell(column.name, value)
        except CellError as error:
            diary.faults.add(number, column.name, error.code, error.arguments, value)
    return row if diary.faults.count == before else None


def _cell(name: str, value: CellValue) -> Any:
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
    read = cells.read(Cell.QUANTITY, value)
    try:
        return float(read)
    except ValueError as error:
        raise CellError("registry.cell-type", expected="quantity") from error


def _time(value: CellValue) -> str:
    """ISO 8601 in Vietnam's time; a day alone means its beginning."""
    if isinstance(value, datetime):
        found = value.replace(microsecond=0)
    elif isinstance(value, date):
        found = datetime(value.year, value.month, value.day)  # noqa: DTZ001 -- the zone follows
    else:
        found = _time_of_text(str(value).strip())
    return (found if found.tzinfo else found.replace(tzinfo=VIETNAM)).isoformat()


def _time_of_text(text: str) -> datetime:
    try:
        if match := _DAY_FIRST.fullmatch(text):
            day, month, year, hour, minute = (int(part or 0) for part in match.groups())
            return datetime(year, month, day, hour, minute)  # noqa: DTZ001 -- the zone follows
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise CellError("registry.date-format", value=text[:40]) from error


def _add_event(diary: Diary, number: int, row: dict[str, Any], own_gln: str | None) -> None:
    """The event of a row; what is wrong with it is told by the column it comes from."""
    before = diary.faults.count
    step = row.get("step")
    for name in ("step", "time", *(NEEDED[step] if step else ())):
        if name not in row:
            diary.faults.add(number, name, "events.field-missing", {})
    if step in (Step.SHIP, Step.RECEIVE, Step.SELL) and not ("gtin" in row or "sscc" in row):
        diary.faults.add(number, "gtin", "events.field-missing", {})
    keys = _keys(diary, number, row)
    if step is None or diary.faults.count != before:
        return
    body = _event(step, row, keys, own_gln)
    place = ("epcisBody", "eventList", len(diary.events))
    read = ReadEvent(body, (), place, len(diary.events))
    for fault in check(read, now()):
        column = "time" if fault.field.endswith("/eventTime") else ""
        diary.faults.add(number, column, fault.code, fault.arguments)
    diary.events.append(read)
    diary.rows.append(number)


def _keys(diary: Diary, number: int, row: Mapping[str, Any]) -> dict[str, str]:
    """Canonical Digital Links of what a row names."""
    found: dict[str, str] = {}
    for name, parts in _LINKS.items():
        named = [(ai, column) for ai, column in parts if column in row]
        if not named or named[0][1] != parts[0][1]:
            continue
        elements: list[ElementString] = []
        for ai, column in named:
            try:
                elements.append(_element(ai, str(row[column])))
            except Gs1Error as error:
                facts = {**error.arguments, "value": error.value[:40]}
                diary.faults.add(number, column, error.code, facts, row[column])
        if len(elements) == len(named):
            found[name] = digital_link.build(elements)
    return found


_LINKS = {
    "instance": (("01", "gtin"), ("21", "serial")),
    "class": (("01", "gtin"), ("10", "lot")),
    "from": (("01", "from_gtin"), ("10", "from_lot")),
    "sscc": (("00", "sscc"),),
    "place": (("414", "place"),),
    "partner": (("417", "partner"),),
}


def _element(ai: str, text: str) -> ElementString:
    value = Gtin.parse(text).value if ai == "01" else text
    return element(TABLE[ai], value)


def _event(
    step: Step, row: Mapping[str, Any], keys: Mapping[str, str], own_gln: str | None
) -> dict[str, Any]:
    body: dict[str, Any] = {
        "type": "ObjectEvent",
        "eventTime": row["time"],
        "eventTimeZoneOffset": row["time"][-6:],
        "bizStep": _BIZ_STEP[step],
        "disposition": _DISPOSITION[step],
    }
    if "place" in keys:
        body["readPoint"] = body["bizLocation"] = {"id": keys["place"]}
    if "document" in row:
        body["bizTransactionList"] = [{"bizTransaction": _document(row["document"], own_gln)}]
    _BODIES[step](body, row, keys)
    if own_gln is not None and step in (Step.SHIP, Step.RECEIVE):
        own = digital_link.build([element(TABLE["417"], own_gln)])
        source, destination = (own, keys["partner"])[:: 1 if step is Step.SHIP else -1]
        body["sourceList"] = [{"type": "owning_party", "source": source}]
        body["destinationList"] = [{"type": "owning_party", "destination": destination}]
    elif step in (Step.SHIP, Step.RECEIVE):
        side = "destination" if step is Step.SHIP else "source"
        body[f"{side}List"] = [{"type": "owning_party", side: keys["partner"]}]
    return body


def _document(number: str, own_gln: str | None) -> str:
    """A document's number as CBV 2.0 section 8.5 writes it, under the GLN of whoever names it."""
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", number.strip())[:60]
    return f"urn:epcglobal:cbv:bt:{own_gln}:{plain}" if own_gln else f"urn:nguon:document:{plain}"


def _quantity_of(key: str, row: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {"epcClass": key}
    if f"{prefix}quantity" in row:
        found["quantity"] = row[f"{prefix}quantity"]
        if row.get(f"{prefix}unit"):
            found["uom"] = row[f"{prefix}unit"]
    return found


def _goods(body: dict[str, Any], row: Mapping[str, Any], keys: Mapping[str, str]) -> None:
    """The goods of an observation: the box, the one piece, or so much of a class."""
    if "sscc" in keys:
        body["epcList"] = [keys["sscc"]]
    elif "serial" in row:
        body["epcList"] = [keys["instance"]]
    else:
        body["quantityList"] = [_quantity_of(keys["class"], row)]


def _made(body: dict[str, Any], row: Mapping[str, Any], keys: Mapping[str, str]) -> None:
    _goods(body, row, {name: key for name, key in keys.items() if name != "sscc"})
    body["action"] = "ADD"
    body["ilmd"] = {"cbvmda:lotNumber": row["lot"]}


def _processed(body: dict[str, Any], row: Mapping[str, Any], keys: Mapping[str, str]) -> None:
    body["type"] = "TransformationEvent"
    body["inputQuantityList"] = [_quantity_of(keys["from"], row, "from_")]
    body["outputQuantityList"] = [_quantity_of(keys["class"], row)]


def _packed(body: dict[str, Any], row: Mapping[str, Any], keys: Mapping[str, str]) -> None:
    body.update(type="AggregationEvent", action="ADD", parentID=keys["sscc"])
    if "serial" in row:
        body["childEPCs"] = [keys["instance"]]
    else:
        body["childQuantityList"] = [_quantity_of(keys["class"], row)]


def _observed(body: dict[str, Any], row: Mapping[str, Any], keys: Mapping[str, str]) -> None:
    _goods(body, row, keys)
    body["action"] = "OBSERVE"


_BODIES = {
    Step.HARVEST: _made,
    Step.PROCESS: _processed,
    Step.PACK: _packed,
    Step.SHIP: _observed,
    Step.RECEIVE: _observed,
    Step.SELL: _observed,
}
