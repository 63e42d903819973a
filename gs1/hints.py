"""What a wrong code may have been meant to be: suggestions, never applied in silence.

>>> [hint.suggestion for hint in hints("9520123546788") if hint.code == "gs1.hint-transposition"]
['5920123546788', '9520213546788', '9520123456788', '9520123546878']
>>> [hint.code for hint in hints("952O123456788")]
['gs1.hint-look-alike']

A check digit tells that a digit is wrong, not which: every place has one digit that would fit. So
the caller looks which of the suggestions are registered.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from gs1 import check_digit, element_string
from gs1.ai import LENGTHS, TABLE, find
from gs1.element_string import FNC1, ElementString
from gs1.errors import Gs1Error
from gs1.gtin import compact
from gs1.reading import read

_NUMBER_LENGTHS = (8, 12, 13, 14, 18)
_SHORT_BY_ONE = (7, 11, 17)

# Letters read or typed for digits: Latin, Cyrillic and Greek ones that look the same.
_LOOK_ALIKES = str.maketrans("OoQОоΟοIlіІΙ|ZzЗзSsB", "00000001111112233558")
_LATIN = str.maketrans("АВЕЅІЈКМНОРСТХУаеорсух", "ABESIJKMHOPCTXYaeopcyx")


# Trying every place of every value is quadratic: only texts of this size, and so many values.
_LONGEST_TRIED = 300
_OPEN_VALUES_TRIED = 8


CODES = (
    "gs1.hint-digit",
    "gs1.hint-transposition",
    "gs1.hint-look-alike",
    "gs1.hint-leading-zero",
    "gs1.hint-separator",
)
"""Every code a hint can have: the list that needs a sentence in each language."""


class Hint(NamedTuple):
    """One thing the code may have been meant to be."""

    code: str
    """One of `CODES`."""

    suggestion: str
    """The whole code, repaired so; it passes its checks."""

    span: tuple[int, int]
    """The characters of the suggestion that differ from the code, half-open."""


def hints(text: str) -> tuple[Hint, ...]:
    """Return what a wrong code may have been meant to be; nothing for one that is right."""
    text = text.strip(element_string.BLANKS)[: element_string.MAX_LENGTH]
    number = compact(text) if len(text) <= 64 else ""
    if number.isdigit() and number.isascii() and len(number) <= 18:
        return tuple(_of_number(number))
    return (*_look_alikes(text, number), *_separators(text), *_inside(text))


def _of_number(number: str) -> Iterator[Hint]:
    """Yield hints for a number that should end with a check digit."""
    size = len(number)
    if size in _NUMBER_LENGTHS and not check_digit.is_valid(number):
        yield from _transpositions(number)
        yield from _digits(number)
    if size in _SHORT_BY_ONE and check_digit.is_valid(number):
        yield Hint("gs1.hint-leading-zero", f"0{number}", (0, 1))


def _digits(number: str) -> Iterator[Hint]:
    """Yield the number with one digit replaced, for every place."""
    for at in range(len(number)):
        for digit in "0123456789":
            repaired = number[:at] + digit + number[at + 1 :]
            if check_digit.is_valid(repaired):
                yield Hint("gs1.hint-digit", repaired, (at, at + 1))


def _transpositions(number: str) -> Iterator[Hint]:
    """Yield the number with two neighbours exchanged, where that makes it right."""
    for at in range(len(number) - 1):
        repaired = number[:at] + number[at + 1] + number[at] + number[at + 2 :]
        if check_digit.is_valid(repaired):
            yield Hint("gs1.hint-transposition", repaired, (at, at + 2))


def _inside(text: str) -> Iterator[Hint]:
    """Yield the text with a number inside it repaired, where its check digit is what is wrong."""
    if len(text) > _LONGEST_TRIED:
        return
    try:
        read(text)
    except Gs1Error as error:
        if error.code != "gs1.check-digit" or text.count(error.value) != 1:
            return
        at, end = text.index(error.value), text.index(error.value) + len(error.value)
        for code, number, (first, last) in _of_number(error.value):
            repaired = text[:at] + number + text[end:]
            if _is_good(repaired):
                yield Hint(code, repaired, (at + first, at + last))


def _look_alikes(text: str, number: str) -> Iterator[Hint]:
    """Yield the text with letters that look like digits, or like Latin letters, replaced."""
    digits = _ascii_digits(number.translate(_LOOK_ALIKES))
    if len(digits) in _NUMBER_LENGTHS and check_digit.is_valid(digits):
        yield Hint("gs1.hint-look-alike", digits, _difference(number, digits))
        return
    latin = _ascii_digits(text.translate(_LATIN))
    if latin != text and _is_good(latin):
        yield Hint("gs1.hint-look-alike", latin, _difference(text, latin))


def _ascii_digits(text: str) -> str:
    """Return the text with full-width, Arabic and other decimal digits as ASCII ones."""
    return "".join(str(int(c)) if c.isdecimal() and not c.isascii() else c for c in text)


def _difference(before: str, after: str) -> tuple[int, int]:
    """Return the span from the first to the last place where two texts of one size differ."""
    places = [at for at, (a, b) in enumerate(zip(before, after, strict=True)) if a != b]
    return places[0], places[-1] + 1


def _is_good(text: str) -> bool:
    """Return whether a text can be read, so that whoever takes the suggestion gets no error."""
    try:
        read(text)
    except Gs1Error:
        return False
    return True


def _separators(text: str) -> Iterator[Hint]:
    """Yield the text with FNC1 put behind a value that swallowed the element strings after it.

    What follows must then parse to the end and hold a checked value (a key or a date), because a
    lot may well contain digits that look like an AI.
    """
    if text.startswith(("(", "http", "HTTP", "]")) or len(text) > _LONGEST_TRIED:
        return
    normal = text.replace("^", FNC1).removeprefix(FNC1)
    for ai, start, end in islice(_open_values(normal), _OPEN_VALUES_TRIED):
        latest = min(end, start + TABLE[ai].max_length + 1)
        for cut in range(start + 1, latest):
            rest = _parsed(normal[cut:end])
            if any("csum" in _linters(e.ai) or "yymmd0" in _linters(e.ai) for e in rest):
                repaired = normal[:cut] + FNC1 + normal[cut:]
                if _is_good(repaired):
                    yield Hint("gs1.hint-separator", repaired, (cut, cut + 1))
                    return


def _open_values(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield the AI and the span of every value of open length, as far as the text can be walked."""
    at = 0
    while at < len(text):
        ai = text[at : at + LENGTHS.get(text[at : at + 2], 2)]
        if find(ai) is None:
            return
        start = at + len(ai)
        if TABLE[ai].needs_separator:
            found = text.find(FNC1, start)
            end = len(text) if found < 0 else found
            yield ai, start, end
            at = end + 1
        else:
            at = start + TABLE[ai].max_length
            at += text.startswith(FNC1, at)


def _parsed(text: str) -> tuple[ElementString, ...]:
    """Return the element strings of a text, nothing when it is wrong."""
    try:
        return element_string.parse(text)
    except Gs1Error:
        return ()


def _linters(ai: str) -> tuple[str, ...]:
    """Return the names of the linters of the first component of an AI."""
    return TABLE[ai].components[0].linters
