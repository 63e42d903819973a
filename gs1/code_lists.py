"""Code lists of other bodies that GS1 values draw on: countries, currencies, packages, media.

>>> is_listed("iso3166", "704"), is_listed("iso4217", "704"), is_listed("iso3166", "000")
(True, True, False)

The lists are read from ``data/code_lists.tsv`` at the first question; source and release are
stated inside it.
"""

from __future__ import annotations

from pathlib import Path

DATA = Path(__file__).parent / "data"
"""Folder of the data files of this package."""

_LISTS: dict[str, frozenset[str]] = {}


def read_rows(name: str) -> list[str]:
    """Return the rows of a data file of this package, without its comments."""
    text = (DATA / name).read_text(encoding="utf-8")
    return [line for line in text.split("\n") if line and not line.startswith("#")]


def alphabetic(name: str, numeric: str) -> str | None:
    """Return the alphabetic code of a numeric one: two letters of a country, three of a currency.

    >>> alphabetic("country", "704"), alphabetic("currency", "704"), alphabetic("country", "999")
    ('VN', 'VND', None)
    """
    is_listed(name, numeric)
    for pair in _LISTS[name]:
        if pair.startswith(f"{numeric}="):
            return pair[len(numeric) + 1 :]
    return None


def is_listed(name: str, code: str) -> bool:
    """Return whether the code is on the list of that name."""
    if not _LISTS:
        for row in read_rows("code_lists.tsv"):
            listed, codes = row.split("\t")
            _LISTS[listed] = frozenset(codes.split(" "))
    return code in _LISTS[name]
