"""Single values of the format: texts, numbers, dates, each checked where it is read.

Values come padded with blanks, numbers with a dot, at most 21 digits of which 6 are decimals, a
minus allowed (Decision 1450/QĐ-TCT); they are Decimal from the first moment on.

>>> decimal("0012.500000", "SLuong"), decimal(" -3 ", "SLuong")
(Decimal('12.5'), Decimal('-3'))
>>> decimal("1,5", "SLuong")
Traceback (most recent call last):
traceability.invoices.errors.InvoiceError: ('invoices.number', {'field': 'SLuong', 'value': '1,5'})
"""

import re
from datetime import date
from decimal import Decimal

from traceability.invoices.document import Element, local_name
from traceability.invoices.errors import refusal

MAX_DIGITS, MAX_DECIMALS = 21, 6
MAX_QUANTITY = Decimal(10) ** 12
"""What a line can move; beyond it no sum of lines would be exact in the database."""
FIRST_DAY, LAST_DAY = date(2015, 1, 1), date(2099, 12, 31)

_NUMBER = re.compile(r"[+-]?([0-9]*)(?:\.([0-9]*))?")
_DATE = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:T.*)?")

Fields = dict[str, Element]
"""The children of one element by name."""


def children(element: Element, single: frozenset[str]) -> Fields:
    """The children by local name, the first of each.

    Args:
        element: the parent.
        single: names that are read as one value and may occur only once.

    Raises:
        InvoiceError: `invoices.ambiguous` (field) when one of `single` is repeated: which of
            the two would count is not ours to choose.
    """
    found: Fields = {}
    for child in element:
        name = local_name(child)
        if name not in found:
            found[name] = child
        elif name in single:
            raise refusal("invoices.ambiguous", field=name)
    return found


def text(fields: Fields, name: str) -> str:
    """The value with its blanks collapsed; empty when the element is missing or empty.

    Raises:
        InvoiceError: `invoices.value` when the element has children instead of a value.
    """
    element = fields.get(name)
    if element is None:
        return ""
    if len(element):
        raise refusal("invoices.value", field=name, value="<…>")
    return " ".join((element.text or "").split())


def required(fields: Fields, name: str) -> str:
    """The value of an element that must have one.

    Raises:
        InvoiceError: `invoices.missing` (field).
    """
    value = text(fields, name)
    if not value:
        raise refusal("invoices.missing", field=name)
    return value


def decimal(value: str, field: str) -> Decimal:
    """A number of the format.

    Raises:
        InvoiceError: `invoices.number` (field, value) when it is none or has too many digits.
    """
    value = value.strip()
    match = _NUMBER.fullmatch(value)
    if match is None:
        raise refusal("invoices.number", field=field, value=value[:40])
    whole, decimals = match[1].lstrip("0"), (match[2] or "").rstrip("0")
    if not (match[1] or match[2]) or len(decimals) > MAX_DECIMALS:
        raise refusal("invoices.number", field=field, value=value[:40])
    if len(whole) + len(decimals) > MAX_DIGITS:
        raise refusal("invoices.number", field=field, value=value[:40])
    return Decimal(f"{'-' if value[0] == '-' else ''}{whole or '0'}.{decimals}")


def optional_decimal(fields: Fields, name: str) -> Decimal | None:
    value = text(fields, name)
    return decimal(value, name) if value else None


def quantity(fields: Fields, name: str) -> Decimal | None:
    """A quantity of goods, within what the ledger can add up.

    Raises:
        InvoiceError: `invoices.number` (field, value).
    """
    value = optional_decimal(fields, name)
    if value is not None and abs(value) >= MAX_QUANTITY:
        raise refusal("invoices.number", field=name, value=str(value))
    return value


def day(value: str, field: str) -> date:
    """A date of the format, `YYYY-MM-DD` in Vietnam's time; a time of day after it is dropped.

    Raises:
        InvoiceError: `invoices.date` (field, value) when it is none, or outside 2015-2099.
    """
    match = _DATE.fullmatch(value)
    try:
        found = date.fromisoformat(match[1]) if match else None
    except ValueError:
        found = None
    if found is None or not FIRST_DAY <= found <= LAST_DAY:
        raise refusal("invoices.date", field=field, value=value[:40])
    return found
