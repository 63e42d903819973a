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
from typing import Any

from gs1 import digital_link
from gs1.ai import TABLE
from gs1.element_string import ElementString, element
from gs1.errors import Gs1Error
from gs1.gtin import Gtin
from traceability.clock import now
from traceability.errors import InvalidError
from traceability.events.checking import check
from traceability.events.diary_cells import read_cell
from traceability.events.diary_columns import (
    COLUMNS,
    GOODS_OR_BOX,
    NEEDED,
    DiaryColumn,
    Step,
    find_column,
    is_example,
)
from traceability.events.documents import ReadEvent
from traceability.registry.cells import CellError
from traceability.registry.row_checks import Faults, column_letters, columns_under
from traceability.registry.tables import CellValue, read_table

MAX_ROWS = 2000
"""Rows of one table: so many events are kept while their sender waits."""
_NEEDED_COLUMNS = {column.vi: column for column in COLUMNS[:2]}
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
            columns = columns_under(values, find_column, _NEEDED_COLUMNS)
            continue
        diary.total += 1
        if diary.total > MAX_ROWS:
            raise InvalidError.of("file", "registry.table-too-many-rows", row=number, most=MAX_ROWS)
        before = diary.faults.count
        row = _row(diary, number, columns, values)
        if is_example(row.cells):
            diary.faults.add(number, "", "events.diary-example", {})
        else:
            _add_event(diary, row, own_gln, before)
    if not diary.total:
        raise InvalidError.of("file", "registry.table-no-rows")
    return diary


def read_entry(texts: Mapping[str, str], own_gln: str | None) -> Diary:
    """One row that was filled in on a form: texts by the names of the columns.

    >>> entry = read_entry({"step": "pack", "time": "2026-11-20T08:00", "sscc": "123"}, None)
    >>> [(fault.column, fault.code) for fault in entry.faults.errors]
    [('gtin', 'events.field-missing'), ('sscc', 'gs1.length')]
    """
    diary = Diary(total=1)
    columns: list[DiaryColumn | None] = list(COLUMNS)
    values: list[CellValue] = [texts.get(column.name, "") for column in COLUMNS]
    _add_event(diary, _row(diary, 1, columns, values), own_gln, 0)
    return diary


@dataclass(slots=True)
class _Row:
    """The cells of a row by the names of their columns; what could not be read is in `bad`."""

    number: int
    cells: dict[str, Any] = field(default_factory=dict)
    bad: set[str] = field(default_factory=set)


def _row(
    diary: Diary, number: int, columns: list[DiaryColumn | None], values: list[CellValue]
) -> _Row:
    """The cells of a row; what is wrong with one hides nothing of the others."""
    row = _Row(number)
    for at, value in enumerate(values):
        column = columns[at] if at < len(columns) else None
        if value == "" or (isinstance(value, str) and not value.strip()):
            continue
        if column is None:
            diary.faults.add(number, column_letters(at + 1), "registry.cell-without-heading", {})
            continue
        try:
            row.cells[column.name] = read_cell(column.name, value)
        except CellError as error:
            row.bad.add(column.name)
            diary.faults.add(number, column.name, error.code, error.arguments, value)
    return row


def _add_event(diary: Diary, row: _Row, own_gln: str | None, before: int) -> None:
    """The event of a row in which nothing is wrong; `before` counts the faults above it."""
    step = row.cells.get("step")
    for name in _missing(step, row):
        diary.faults.add(row.number, name, "events.field-missing", {})
    keys = _keys(diary, row)
    if step is None or diary.faults.count != before:
        return
    body = _event(step, row.cells, keys, own_gln)
    place = ("epcisBody", "eventList", len(diary.events))
    read = ReadEvent(body, (), place, len(diary.events))
    for fault in check(read, now()):
        column = "time" if fault.field.endswith("/eventTime") else ""
        diary.faults.add(row.number, column, fault.code, fault.arguments)
    diary.events.append(read)
    diary.rows.append(row.number)


def _missing(step: Step | None, row: _Row) -> list[str]:
    """Columns that a row needs and leaves empty, each once."""
    there = row.cells.keys() | row.bad
    needed = ["step", "time", *(NEEDED[step] if step else ())]
    if step in GOODS_OR_BOX and "sscc" not in there:
        needed.append("gtin")
    return [name for name in needed if name not in there]


def _keys(diary: Diary, row: _Row) -> dict[str, str]:
    """Canonical Digital Links of what a row names; every code is checked, and told of once."""
    elements: dict[str, ElementString] = {}
    for column, ai in _AIS.items():
        if column not in row.cells:
            continue
        try:
            elements[column] = _element(ai, str(row.cells[column]))
        except Gs1Error as error:
            facts = {**error.arguments, "value": error.value[:40]}
            diary.faults.add(row.number, column, error.code, facts, row.cells[column])
    return {
        name: digital_link.build([elements[column] for column in columns if column in elements])
        for name, columns in _LINKS.items()
        if columns[0] in elements
    }


_AIS = {
    "gtin": "01", "serial": "21", "lot": "10", "from_gtin": "01", "from_lot": "10", "sscc": "00",
    "place": "414", "partner": "417",
}  # fmt: skip
_LINKS = {
    "instance": ("gtin", "serial"),
    "class": ("gtin", "lot"),
    "from": ("from_gtin", "from_lot"),
    "sscc": ("sscc",),
    "place": ("place",),
    "partner": ("partner",),
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
