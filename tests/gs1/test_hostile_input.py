"""Input that somebody made to break a parser: a clear error, in time linear in the length."""

import contextlib
import time

import pytest

from gs1 import (
    Gln,
    Gs1Error,
    Gtin,
    Sscc,
    hints,
    parse_digital_link,
    parse_element_strings,
    parse_scan_data,
    prefix,
    read,
)
from gs1.linters import LINTERS

GTIN = "09520123456788"
HOSTILE = [
    "\x00" * 1000,
    "\ud800\udfff",
    "٣" * 13,
    "²" * 13,
    "①" * 13,
    "(" * 1000,
    "(01" * 1000,
    "(10)" + "\\(" * 2000,
    "()" * 2000,
    "%" * 1000,
    "https://a/" + "/" * 5000,
    "https://a/01/" * 600,
    f"https://a/01/{GTIN}?" + "&" * 5000,
    f"https://a/01/{GTIN}?" + "=" * 5000,
    f"https://a/01/{GTIN}?" + "99=" * 2000,
    f"https://a/01/{GTIN}/10/" + "%25" * 500,
    "^" * 1000,
    "\x1d" * 1000,
    "]" * 1000,
    "]E0" + "9" * 5000,
    "]Q1https://",
    "10" + "A" * 5000,
    "8110" + "9" * 70,
    "A" * 10_000_000,
    "1" * 10_000_000,
    "(01)" * 2_500_000,
    "https://a/" + "01/" * 3_000_000,
]


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text[:20]))
def test_nothing_but_our_error_escapes_and_it_comes_soon(text):
    entries = (read, parse_element_strings, parse_digital_link, parse_scan_data, prefix.lookup)
    values = (Gtin.parse, Gln.parse, Sscc.parse)
    started = time.perf_counter()
    for entry in (*entries, *values):
        with contextlib.suppress(Gs1Error):
            entry(text)
    hints.hints(text)
    assert time.perf_counter() - started < 5


def test_thousands_of_ais_take_time_in_proportion():
    text = "(10)A" * 1600
    assert len(parse_element_strings(text)) == 1600
    assert len(parse_element_strings("11270101" * 1000)) == 1000


@pytest.mark.parametrize("linter", LINTERS)
def test_a_linter_survives_any_text(linter):
    for text in ("", "\x00", "\ud800", "٣٣", "²", "9" * 100_000, "A" * 100_000, "%" * 100_000):
        LINTERS[linter](text)
