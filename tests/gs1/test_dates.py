import datetime as dt

import pytest

from gs1.dates import full_year, parse_yymmdd


@pytest.mark.parametrize(
    ("digits", "current", "year"),
    [(26, 2026, 2026), (76, 2026, 2076), (77, 2026, 1977), (99, 2026, 1999), (0, 2026, 2000),
     (0, 2049, 2000), (0, 2050, 2100), (48, 2098, 2148), (49, 2098, 2049)],
)  # fmt: skip
def test_the_century_window_moves_with_the_year(digits, current, year):
    assert full_year(digits, current) == year


def test_day_00_is_the_last_day_of_the_month():
    today = dt.date(2026, 11, 23)
    assert parse_yymmdd("280200", today=today) == dt.date(2028, 2, 29)
    assert parse_yymmdd("270430", today=today) == dt.date(2027, 4, 30)


def test_without_a_day_given_the_century_is_that_of_today():
    year = dt.datetime.now(dt.UTC).year
    assert parse_yymmdd(f"{year % 100:02}0615") == dt.date(year, 6, 15)
