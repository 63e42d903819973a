"""What the value of an element string means: a measure, an amount of money, a date, a span.

>>> from gs1.element_string import ElementString
>>> interpret(ElementString("3103", "000195"))
Measure(value=Decimal('0.195'), unit='kg')
>>> interpret(ElementString("3932", "70412345"))
Amount(value=Decimal('123.45'), currency='704')
>>> interpret(ElementString("422", "704"))
Country(numeric='704', alpha2='VN')

Decimals come from the last digit of the AI. Everything else stays text.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import NamedTuple

from gs1.ai import find
from gs1.code_lists import alphabetic
from gs1.dates import parse_yymmdd
from gs1.element_string import ElementString


class Measure(NamedTuple):
    """A measured quantity."""

    value: Decimal
    """In the unit."""

    unit: str
    """As the data title writes it: ``kg``, ``m²``, ``qt (US)``; kg/m² for AI 337n."""


class Amount(NamedTuple):
    """An amount of money."""

    value: Decimal
    """In the currency, decimals applied."""

    currency: str | None
    """ISO 4217 numeric; None where the AI leaves it to the place of sale."""


class Percentage(NamedTuple):
    """A discount."""

    value: Decimal
    """Per cent off the price."""


class Country(NamedTuple):
    """A country, or in AI 703s the code 999 for several."""

    numeric: str
    """ISO 3166-1 numeric."""

    alpha2: str | None
    """ISO 3166-1 alpha-2; None for 999."""


class Period(NamedTuple):
    """A span of days, both ends included."""

    first: dt.date
    """The first day."""

    last: dt.date
    """The last day."""


Value = Measure | Amount | Percentage | Country | Period | dt.date | dt.datetime | Decimal | str


def interpret(element: ElementString, *, today: dt.date | None = None) -> Value:
    """Return the meaning of a value that passed its checks.

    Args:
        element: a parsed element string.
        today: the day the century of a year is seen from, by default the day in UTC.
    """
    ai, value = element
    info = find(ai)
    if info is None:
        return value
    if info.decimals is not None:
        return _decimal(ai, value, info.decimals, info.title)
    kind = _KINDS.get(ai)
    return kind(value, today) if kind else value


def _decimal(ai: str, value: str, decimals: int, title: str) -> Value:
    """Return a measure, amount or discount."""
    if ai[:3] in ("391", "393"):
        return Amount(Decimal(value[3:]).scaleb(-decimals), value[:3])
    number = Decimal(value).scaleb(-decimals)
    if ai.startswith("394"):
        return Percentage(number)
    if ai.startswith("39"):
        return Amount(number, None)
    unit = title[title.find("(") + 1 : title.rfind(")")] if "(" in title else "kg/m²"
    return Measure(number, unit)


def _day(value: str, today: dt.date | None) -> dt.date:
    """Return a date of two year digits."""
    return parse_yymmdd(value, today=today)


def _moment(value: str, today: dt.date | None) -> dt.date | dt.datetime:
    """Return a date, with the time of day in its place's own clock where the value has one."""
    day = parse_yymmdd(value[:6], today=today)
    if len(value) == 6:
        return day
    hour, minute, second = (int(value[at : at + 2] or "0") for at in (6, 8, 10))
    return dt.datetime.combine(day, dt.time(hour, minute, second))


def _period(value: str, today: dt.date | None) -> dt.date | Period:
    """Return a day, or the span from one to another."""
    first = parse_yymmdd(value[:6], today=today)
    return Period(first, parse_yymmdd(value[6:], today=today)) if len(value) > 6 else first


def _birth(value: str, _today: dt.date | None) -> dt.date | dt.datetime:
    """Return a date of four year digits, with a time of day where the value has one."""
    day = dt.datetime.strptime(value[:8], "%Y%m%d")  # noqa: DTZ007 - has no time zone
    if len(value) == 8:
        return day.date()
    return day.replace(hour=int(value[8:10]), minute=int(value[10:12]))


def _country(value: str, _today: dt.date | None) -> Country:
    """Return the country a value starts with."""
    return Country(value[:3], alphabetic("country", value[:3]))


def _temperature(unit: str) -> Callable[[str, dt.date | None], Measure]:
    """Build the meaning of a temperature: hundredths of a degree, a hyphen behind for minus."""

    def temperature(value: str, _today: dt.date | None) -> Measure:
        degrees = Decimal(value.rstrip("-")).scaleb(-2)
        return Measure(-degrees if value.endswith("-") else degrees, unit)

    return temperature


_KINDS: dict[str, Callable[[str, dt.date | None], Value]] = (
    dict.fromkeys(("11", "12", "13", "15", "16", "17", "4326", "7006"), _day)
    | dict.fromkeys(("4324", "4325", "7003", "7011", "8008"), _moment)
    | dict.fromkeys(("7250", "7251"), _birth)
    | dict.fromkeys(("422", "424", "426", *(f"703{n}" for n in range(10))), _country)
    | dict.fromkeys(("4330", "4332"), _temperature("°F"))
    | dict.fromkeys(("4331", "4333"), _temperature("°C"))
    | {"7007": _period}
)
