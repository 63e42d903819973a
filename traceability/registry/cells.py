"""One cell of a table, as the field of an input.

A spreadsheet turns codes into numbers: it drops leading zeros, shows 8.93459E+12, keeps fifteen
digits and makes a date of the lot 1-2. What was lost cannot be known, so it is named and never
put right in silence.

>>> read(Cell.CODE, 9520000000103.0)
'9520000000103'
>>> read(Cell.DATE, "31/12/2026")
'2026-12-31'
>>> read(Cell.QUANTITY, "1.200,5")
'1200.5'
>>> read(Cell.QUANTITY, "1.500")
Traceback (most recent call last):
traceability.registry.cells.CellError: ('registry.quantity-ambiguous', {'value': '1.500'})
"""

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

from gs1 import check_digit
from traceability.folding import fold
from traceability.registry.columns import Cell
from traceability.registry.models import RiskClass
from traceability.registry.tables import CellValue

_EXACT = 10**15
"""A spreadsheet keeps fifteen digits of a number."""
_SCIENTIFIC = re.compile(r"\d(?:[.,]\d+)?[eE]\+?\d{1,2}", re.ASCII)
_DAY_FIRST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", re.ASCII)
_THOUSANDS = re.compile(r"-?[1-9]\d{0,2}([.,])\d{3}", re.ASCII)
_GROUPED = re.compile(
    r"(-?[1-9]\d{0,2}(?P<between>[., \u00a0\u202f])\d{3}(?:(?P=between)\d{3})*)"
    r"(?:(?!(?P=between))[.,](\d+))?",
    re.ASCII,
)
"""Thousands apart, whatever divides them, and decimals behind another sign."""
_WHOLE = re.compile(r"\d{1,18}", re.ASCII)
_GTIN_LENGTHS = (8, 12, 13, 14)
_SHORTEST_SPOILED = 7
"""Below this a number is rather no GTIN at all than one that lost its zeros."""
_RISKS = {
    "low": RiskClass.LOW, "thap": RiskClass.LOW,
    "medium": RiskClass.MEDIUM, "trung binh": RiskClass.MEDIUM,
    "high": RiskClass.HIGH, "cao": RiskClass.HIGH,
}  # fmt: skip
_FLAGS = {
    "co": True, "yes": True, "true": True, "1": True, "x": True,
    "khong": False, "no": False, "false": False, "0": False,
}  # fmt: skip


class CellError(Exception):
    """What is wrong with a cell: a code and its arguments."""

    def __init__(self, code: str, /, **arguments: Any) -> None:
        super().__init__(code, arguments)
        self.code = code
        self.arguments = arguments


def read(kind: Cell, value: CellValue) -> Any:
    """The content of a cell for a field of this kind; None for an empty one.

    Raises:
        CellError: `registry.cell-type` (expected), `registry.cell-is-date` (value),
            `registry.number-inexact` (value), `registry.date-format` (value),
            `registry.quantity-ambiguous` (value), `registry.choice-unknown` (value, choices).
    """
    if isinstance(value, str):
        value = _unescaped(value.strip())
        if not value:
            return None
    return _READERS[kind](value)


def _unescaped(text: str) -> str:
    """Without the apostrophe that an export sets before what could pass for a formula."""
    return text[1:] if text[:1] == "'" and text[1:2] in tuple("=+-@") else text


def _code(value: CellValue) -> str:
    if isinstance(value, str):
        return value
    return str(_whole(value))


def _whole(value: CellValue) -> int:
    if isinstance(value, (date, time, timedelta)):
        raise CellError("registry.cell-is-date", value=str(value))
    if isinstance(value, (bool, str)) or value != value // 1:
        raise CellError("registry.cell-type", expected="code")
    if abs(value) >= _EXACT:
        raise CellError("registry.number-inexact", value=repr(value))
    return int(value)


def _text(value: CellValue) -> str:
    if isinstance(value, (str, int)) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < _EXACT else repr(value)
    if isinstance(value, bool):
        raise CellError("registry.cell-type", expected="text")
    raise CellError("registry.cell-is-date", value=str(value))


def _date(value: CellValue) -> str:
    """ISO text of a date; in Vietnam the day comes before the month."""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if not isinstance(value, str):
        raise CellError("registry.date-format", value=str(value))
    if found := _DAY_FIRST.fullmatch(value):
        return f"{found[3]}-{int(found[2]):02}-{int(found[1]):02}"
    return value


def _quantity(value: CellValue) -> Any:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return value
    if not isinstance(value, str):
        raise CellError("registry.cell-type", expected="quantity")
    if _THOUSANDS.fullmatch(value):  # 1.500 is one and a half, or fifteen hundred
        raise CellError("registry.quantity-ambiguous", value=value)
    if found := _GROUPED.fullmatch(value):
        whole, between, decimals = found.groups()
        return whole.replace(between, "") + (f".{decimals}" if decimals else "")
    return value.replace(",", ".") if value.count(",") == 1 and "." not in value else value


def _number(value: CellValue) -> int:
    if isinstance(value, str) and _WHOLE.fullmatch(value):
        return int(value)
    if isinstance(value, str):
        raise CellError("registry.cell-type", expected="number")
    return _whole(value)


def _risk(value: CellValue) -> str:
    found = _RISKS.get(fold(str(value)))
    if found is None:
        choices = [each.value for each in RiskClass]
        raise CellError("registry.choice-unknown", value=str(value)[:40], choices=choices)
    return found.value


def _flag(value: CellValue) -> bool:
    if isinstance(value, (bool, int, float)) and value in (0, 1):
        return bool(value)
    found = _FLAGS.get(fold(str(value)))
    if found is None:
        raise CellError("registry.choice-unknown", value=str(value)[:40], choices=["true", "false"])
    return found


_READERS: dict[Cell, Callable[[CellValue], Any]] = {
    Cell.CODE: _code,
    Cell.TEXT: _text,
    Cell.DATE: _date,
    Cell.QUANTITY: _quantity,
    Cell.NUMBER: _number,
    Cell.FLAG: _flag,
    Cell.RISK: _risk,
}


def what_a_spreadsheet_did(gtin: str) -> tuple[str, dict[str, Any]] | None:
    """A better name for a wrong GTIN that a spreadsheet has spoiled, or None.

    `registry.gtin-scientific` (value) and `registry.gtin-lost-zeros` (value, suggestion): the
    suggestion is the shortest GTIN that zeros in front make of it, for a person to compare.

    >>> what_a_spreadsheet_did("8.93459E+12")
    ('registry.gtin-scientific', {'value': '8.93459E+12'})
    >>> what_a_spreadsheet_did("12345678905")
    ('registry.gtin-lost-zeros', {'value': '12345678905', 'suggestion': '012345678905'})
    """
    if _SCIENTIFIC.fullmatch(gtin):
        return "registry.gtin-scientific", {"value": gtin}
    if not gtin.isdecimal() or not gtin.isascii() or len(gtin) in _GTIN_LENGTHS:
        return None
    if len(gtin) < _SHORTEST_SPOILED:
        return None
    for length in _GTIN_LENGTHS:
        suggestion = gtin.zfill(length)
        if len(suggestion) == length and check_digit.is_valid(suggestion):
            return "registry.gtin-lost-zeros", {"value": gtin, "suggestion": suggestion}
    return None
