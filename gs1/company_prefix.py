"""How many digits of a number are the GS1 Company Prefix, by the list GS1 publishes.

>>> length_of("8934000000007"), length_of("8937000000009")
(7, 0)

Zero says that no range of the list covers the number: as far as the list of its date knows, nobody
was given it. The list is opened at the first question (0.5 MB, a few milliseconds).
"""

from __future__ import annotations

import sys
from array import array
from bisect import bisect_right

from gs1.code_lists import DATA

LIST_DATE = "2026-10-25"
"""Date of the list, ISO 8601; the same as in ``data/gs1_prefixes.tsv``."""

_WORDS: array[int] = array("Q")


def _open() -> array[int]:
    """Read the table; see tools/make_gs1_prefixes.py for its form."""
    # zlib is not needed before, and costs a millisecond of the import.
    import zlib

    packed = (DATA / "company_prefixes.bin").read_bytes()
    _WORDS.frombytes(zlib.decompress(packed))
    if sys.byteorder == "big":
        _WORDS.byteswap()
    return _WORDS


def length_of(number: str) -> int:
    """Return the length of the company prefix a number starts with, 0 when the list has none.

    Args:
        number: ASCII digits, without the indicator or extension digit in front.
    """
    words = _WORDS or _open()
    key = int(number[:12].ljust(12, "0"))
    return words[bisect_right(words, key << 4 | 15) - 1] & 15


def range_of(number: str) -> tuple[str, str]:
    """Return the first and last 12-digit number of the range that decides about this one."""
    words = _WORDS or _open()
    at = bisect_right(words, int(number[:12].ljust(12, "0")) << 4 | 15)
    last = (words[at] >> 4) - 1 if at < len(words) else 10**12 - 1
    return str(words[at - 1] >> 4).zfill(12), str(last).zfill(12)
