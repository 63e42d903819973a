"""Where in a code an error is: errors point into the value that is wrong, a reader sees it all.

>>> import gs1
>>> def place(text):
...     try:
...         gs1.read(text)
...     except gs1.Gs1Error as error:
...         return place_of(text, error)
>>> place("(01)09520123456789(10)ABC"), place("952-0123-45678-9")
((17, 18), (15, 16))
"""

import re

from gs1 import FNC1, Gs1Error

_SKIPPED = frozenset(" -\u00a0\t\r\n")
_CONTROL = re.compile("[\x00-\x1c\x1e\x1f\x7f]")


def place_of(text: str, error: Gs1Error) -> tuple[int, int] | None:
    """The half-open span of the error in the text; None where the value does not stand in it.

    A value behind percent-encoding or an escape, for instance, reads otherwise than it stands.
    """
    normal, value = text.replace("^", FNC1), error.value.replace("^", FNC1)
    start, end = error.span or (0, len(value))
    if value.startswith(FNC1) and not normal.startswith(FNC1):
        # Put in front while reading scan data.
        value, start, end = value[1:], start - 1, end - 1
    if not value or start < 0:
        return None
    at = max(normal.find(value, _behind_the_good(normal, error)), normal.find(value))
    return (at + start, at + end) if at >= 0 else _in_digits(text, value, start, end)


def _behind_the_good(text: str, error: Gs1Error) -> int:
    """Where the element strings end that were good, as far as they stand there as they read."""
    at = 0
    for _, value in error.elements:
        found = text.find(value, at)
        if found < 0:
            break
        at = found + len(value)
    return at


def _in_digits(text: str, value: str, start: int, end: int) -> tuple[int, int] | None:
    """The span in a number that was written in groups."""
    places = [at for at, character in enumerate(text) if character not in _SKIPPED]
    if "".join(text[at] for at in places) != value or start == end:
        return None
    return places[start], places[end - 1] + 1


def printable(text: str) -> str:
    """The text without control characters, except the separator of element strings."""
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text)


def visible(text: str) -> str:
    r"""The text without control characters: `^` for the separator, as it may be typed too.

    >>> visible("10LOT7\x1d21SN42")
    '10LOT7^21SN42'
    """
    return printable(text.replace(FNC1, "^"))
