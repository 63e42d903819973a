"""The character sets of GS1 values.

* numeric: the ten digits 0-9 of ASCII; full-width and Arabic digits are not among them;
* set 82 (type X): letters, digits and 20 marks, GS1 General Specifications figure 7.11-1;
* set 39 (type Y): capitals, digits, ``#``, ``-`` and ``/``, figure 7.11-2;
* set 64 (type Z): file-safe base64, figure 7.11-3.

>>> is_numeric("0950"), is_numeric("０９５０")
(True, False)
>>> first_outside(CSET82, "AB C")
2
"""

from __future__ import annotations

DIGITS = frozenset("0123456789")
LETTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
CSET82 = DIGITS | LETTERS | frozenset("!\"%&'()*+,-./_:;<=>?")
CSET39 = DIGITS | frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ#-/")
CSET64 = DIGITS | LETTERS | frozenset("-_")


def is_numeric(text: str) -> bool:
    """Return whether the text is one or more ASCII digits."""
    return text.isdigit() and text.isascii()


def first_outside(charset: frozenset[str], text: str) -> int:
    """Return the position of the first character outside the set, -1 when there is none."""
    for position, character in enumerate(text):
        if character not in charset:
            return position
    return -1
