"""Dates of GS1 values: YYMMDD with a sliding century, YYYYMMDD, and the day 00.

A two-digit year is seen from the current one: 51 to 99 ahead of it mean the last century, 50 to 99
behind it the next one (GS1 General Specifications 7.12). The day 00, where an AI allows it, means
the last day of the month.

>>> import datetime
>>> today = datetime.date(2026, 11, 23)
>>> parse_yymmdd("270200", today=today)
datetime.date(2027, 2, 28)
>>> parse_yymmdd("990101", today=today).year, parse_yymmdd("760101", today=today).year
(1999, 2076)
"""

from __future__ import annotations

import datetime as dt

from gs1.fault import Fault, digits_only

_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def days_in(year: int, month: int) -> int:
    """Return the days of a month; the year 00 of two digits is 2000, a leap year."""
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return 28 if month == 2 and not leap else _DAYS[month - 1]


def _check(text: str, size: int, first_day: int) -> Fault | None:
    """Test the size, digits, month and day of a date."""
    if len(text) != size:
        test = "DATE_TOO_SHORT" if len(text) < size else "DATE_TOO_LONG"
        return Fault(test, 0, len(text))
    if fault := digits_only(text):
        return fault
    month, day = int(text[-4:-2]), int(text[-2:])
    if not 1 <= month <= 12:
        return Fault("ILLEGAL_MONTH", size - 4, size - 2)
    if not first_day <= day <= days_in(int(text[:-4]), month):
        return Fault("ILLEGAL_DAY", size - 2, size)
    return None


def yymmdd(text: str) -> Fault | None:
    """Test a date of two year digits with a real day."""
    return _check(text, 6, 1)


def yymmd0(text: str) -> Fault | None:
    """Test a date of two year digits, day 00 allowed."""
    return _check(text, 6, 0)


def yyyymmdd(text: str) -> Fault | None:
    """Test a date of four year digits with a real day."""
    return _check(text, 8, 1)


def yyyymmd0(text: str) -> Fault | None:
    """Test a date of four year digits, day 00 allowed."""
    return _check(text, 8, 0)


def full_year(two_digits: int, current: int) -> int:
    """Return the full year of two digits, seen from the current full year."""
    year = current - current % 100 + two_digits
    ahead = year - current
    if ahead >= 51:
        return year - 100
    return year + 100 if ahead <= -50 else year


def parse_yymmdd(text: str, *, today: dt.date | None = None) -> dt.date:
    """Return the date of six digits that passed `yymmd0`."""
    current = (today or dt.datetime.now(dt.UTC).date()).year
    year, month, day = full_year(int(text[:2]), current), int(text[2:4]), int(text[4:6])
    return dt.date(year, month, day or days_in(year, month))
