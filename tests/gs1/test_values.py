import datetime as dt
from decimal import Decimal

import pytest

from gs1 import ElementString
from gs1.values import Amount, Country, Measure, Percentage, Period, interpret

TODAY = dt.date(2026, 11, 23)


@pytest.mark.parametrize(
    ("ai", "value", "meaning"),
    [
        ("3103", "000195", Measure(Decimal("0.195"), "kg")),
        ("3141", "000195", Measure(Decimal("19.5"), "m²")),
        ("3370", "000195", Measure(Decimal(195), "kg/m²")),
        ("3602", "000195", Measure(Decimal("1.95"), "qt (US)")),
        ("3902", "12345", Amount(Decimal("123.45"), None)),
        ("3910", "70412345", Amount(Decimal(12345), "704")),
        ("3932", "70412345", Amount(Decimal("123.45"), "704")),
        ("3941", "0125", Percentage(Decimal("12.5"))),
        ("3952", "012345", Amount(Decimal("123.45"), None)),
        ("17", "270200", dt.date(2027, 2, 28)),
        ("7003", "2702281430", dt.datetime(2027, 2, 28, 14, 30)),  # noqa: DTZ001
        ("7011", "270228", dt.date(2027, 2, 28)),
        ("8008", "27022814", dt.datetime(2027, 2, 28, 14)),  # noqa: DTZ001
        ("8008", "270228143059", dt.datetime(2027, 2, 28, 14, 30, 59)),  # noqa: DTZ001
        ("7007", "270228", dt.date(2027, 2, 28)),
        ("7007", "270228270301", Period(dt.date(2027, 2, 28), dt.date(2027, 3, 1))),
        ("7250", "19900131", dt.date(1990, 1, 31)),
        ("7251", "199001311430", dt.datetime(1990, 1, 31, 14, 30)),  # noqa: DTZ001
        ("422", "704", Country("704", "VN")),
        ("7030", "999ABC", Country("999", None)),
        ("4330", "001250-", Measure(Decimal("-12.50"), "°F")),
        ("4331", "001250", Measure(Decimal("12.50"), "°C")),
        ("10", "LOT", "LOT"),
        ("89", "X", "X"),
    ],
)
def test_a_value_means_what_its_ai_says(ai, value, meaning):
    assert interpret(ElementString(ai, value), today=TODAY) == meaning
