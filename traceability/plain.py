"""Values of rows that were read past the ORM.

SQLite's driver gives text where PostgreSQL's gives dates, times and parsed JSON.

>>> time("2026-11-23 02:00:00.000000").isoformat(), date("2026-11-23"), json('["a"]', [])
('2026-11-23T02:00:00+00:00', datetime.date(2026, 11, 23), ['a'])
"""

import datetime as dt
from typing import Any

import orjson


def date(value: Any) -> dt.date:
    return dt.date.fromisoformat(value) if isinstance(value, str) else value


def date_or_none(value: Any) -> dt.date | None:
    return None if value is None else date(value)


def time(value: Any) -> dt.datetime:
    if isinstance(value, str):
        return dt.datetime.fromisoformat(f"{value}+00:00")
    found: dt.datetime = value
    return found


def json(value: Any, empty: Any) -> Any:
    if value is None:
        return empty
    return orjson.loads(value) if isinstance(value, str) else value
