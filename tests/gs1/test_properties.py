"""Every accepted message says the same in all its forms, and no text breaks a parser."""

import contextlib

from hypothesis import given, settings
from hypothesis import strategies as st

from gs1 import (
    Gs1Error,
    Gtin,
    as_bracketed,
    as_element_string,
    build_digital_link,
    check_digit,
    hints,
    parse_digital_link,
    parse_element_strings,
    parse_scan_data,
    percent,
    prefix,
    read,
)
from gs1.ai import ALL, find
from gs1.charset import CSET82

FRAGMENTS = st.sampled_from(
    ["(01)", "(10)", "01", "10", "17", "^", "\x1d", "|", "]e0", "]Q1", "]E0", "https://a/", "/01/",
     "/gtin/", "?17=", "&", "=", "%2", "%00", "09520123456788", "9520123456788", "(", ")", "\\"]
)  # fmt: skip
TEXTS = st.lists(FRAGMENTS | st.text(max_size=6), max_size=12).map("".join) | st.text()
VALUES = st.text(sorted(CSET82), min_size=1, max_size=20)
DIGITS = st.text("0123456789", min_size=12, max_size=12)


@st.composite
def messages(draw):
    """Draw element strings of a GTIN with lot, serial, dates and a free attribute."""
    payload = "0" + draw(DIGITS)
    message = [("01", payload + check_digit.compute(payload))]
    for ai in draw(st.permutations(("10", "21", "17", "99", "3103"))):
        if draw(st.booleans()):
            fixed = {"17": "271231", "3103": "000195"}
            message.append((ai, fixed.get(ai) or draw(VALUES)))
    return message


@given(messages())
def test_every_form_says_the_same(message):
    bracketed = "".join(f"({ai})" + value.replace("(", "\\(") for ai, value in message)
    with contextlib.suppress(Gs1Error):
        elements = parse_element_strings(bracketed)
        assert parse_element_strings(as_element_string(elements)) == elements
        assert parse_element_strings(as_bracketed(elements)) == elements
        assert parse_scan_data("]d2" + as_element_string(elements)).elements == elements
        link = parse_digital_link(build_digital_link(elements))
        assert sorted(link.elements) == sorted(elements)
        assert build_digital_link(link.elements) == link.uri


@given(TEXTS)
@settings(max_examples=300)
def test_nothing_but_our_error_escapes(text):
    for entry in (read, parse_element_strings, parse_digital_link, parse_scan_data, Gtin.parse):
        with contextlib.suppress(Gs1Error):
            entry(text)
    with contextlib.suppress(Gs1Error):
        prefix.lookup(text)
    hints.hints(text)


@given(TEXTS)
def test_what_is_read_can_be_read_again(text):
    with contextlib.suppress(Gs1Error):
        reading = read(text)
        assert read(reading.as_bracketed()).elements == reading.elements


@given(st.text(), st.booleans())
def test_percent_coding_of_ascii_is_undone_by_decoding(text, query):
    text = text.encode("ascii", "ignore").decode()
    assert percent.decode(percent.encode(text, query=query), query=query) == text


@given(st.sampled_from(ALL), st.text(max_size=100))
def test_a_fault_lies_inside_the_value(ai, text):
    fault = find(ai).check(text)
    if fault is not None:
        assert 0 <= fault.start <= fault.end <= len(text)


@given(DIGITS, st.integers(0, 11), st.sampled_from("123456789"))
def test_a_wrong_digit_is_among_the_hints(payload, at, more):
    number = payload + check_digit.compute(payload)
    wrong = str((int(number[at]) + int(more)) % 10)
    suggestions = {hint.suggestion for hint in hints.hints(number[:at] + wrong + number[at + 1 :])}
    assert number in suggestions
