"""GS1 prefixes: which organisation licensed a number, and which numbers no company was given.

A prefix names the organisation that licensed the number, never the country the goods come from.

>>> lookup("9524000000007").kind, lookup("6901234567892").organisation
(<PrefixKind.DEMO: 'demonstration'>, 'GS1 China')
>>> lookup("8937000000009").kind
<PrefixKind.UNALLOCATED: 'unallocated'>

Inside 893 (GS1 Vietnam) the published list of company prefixes has 16 ranges; a number between them
passes every check of its digits and yet was, as far as the list of its date knows, given to nobody.
"""

from __future__ import annotations

import datetime as dt
import enum
from bisect import bisect_right
from typing import NamedTuple

from gs1 import company_prefix
from gs1.charset import is_numeric
from gs1.code_lists import read_rows
from gs1.errors import Gs1Error
from gs1.gtin import Gtin, compact


class PrefixKind(enum.StrEnum):
    """What a range of numbers is for."""

    COMPANY = "company"
    """Licensed to companies by a member organisation."""

    RESTRICTED_REGION = "restricted-region"
    """Restricted circulation inside a region, often variable measure: not unique in the world."""

    RESTRICTED_COMPANY = "restricted-company"
    """Restricted circulation inside one company."""

    DEMO = "demonstration"
    """Examples and demonstrations: never on real goods."""

    EPC_MANAGER = "epc-manager"
    """General manager numbers of the EPC tag standard."""

    RESERVED = "reserved"
    """Kept by an organisation for later use."""

    UNASSIGNED = "unassigned"
    """In no range of the prefix list."""

    UNALLOCATED = "unallocated"
    """Inside 893, but in no company range of the list of its date."""

    INVALID = "invalid"
    """Never used, because it would read as a GTIN-8."""

    GTIN_8 = "gtin-8"
    """Only as a GTIN-8."""

    ISSN = "issn"
    """Serial publications, 977."""

    ISBN = "isbn"
    """Books, 978 and most of 979."""

    ISMN = "ismn"
    """Printed music, 9790."""

    REFUND = "refund"
    """Refund receipts: not a product."""

    COUPON = "coupon"
    """Coupons: not a product."""


class PrefixInfo(NamedTuple):
    """What the prefix of a number says."""

    prefix: str
    """The first digits that decided: a GS1 prefix, or the company prefix range under 893."""

    range: str
    """The range it stands in: ``690-699``."""

    kind: PrefixKind
    """What the range is for."""

    organisation: str | None
    """Who licenses the range; None where nobody does."""

    company_prefix_length: int | None
    """Digits of the company prefix by the published list, None where it does not say."""

    list_date: dt.date
    """Date of the lists."""

    @property
    def is_trade_item(self) -> bool:
        """Whether goods may carry the number in open trade."""
        return self.kind in _OPEN_TRADE


_OPEN_TRADE = frozenset(
    (PrefixKind.COMPANY, PrefixKind.GTIN_8, PrefixKind.ISSN, PrefixKind.ISBN, PrefixKind.ISMN)
)

LIST_DATE = dt.date.fromisoformat(company_prefix.LIST_DATE)
VIETNAM = "893"

_RANGES: list[tuple[str, str, str, PrefixKind, str]] = []


def _ranges() -> list[tuple[str, str, str, PrefixKind, str]]:
    """Return the ranges of the prefix list: first and last of 12 digits, text, kind, holder."""
    if not _RANGES:
        for row in read_rows("gs1_prefixes.tsv"):
            first, last, kind, organisation = row.split("\t")
            text = first if first == last else f"{first}-{last}"
            _RANGES.append(
                (first.ljust(12, "0"), last.ljust(12, "9"), text, PrefixKind(kind), organisation)
            )
    return _RANGES


def lookup(number: Gtin | str) -> PrefixInfo:
    """Return what the prefix of a number says.

    Args:
        number: a GTIN, or the text of one in any printed length; check digits are not looked at.

    Raises:
        Gs1Error: gs1.charset, gs1.length.
    """
    digits = number.value if isinstance(number, Gtin) else compact(number[:40])
    if not is_numeric(digits):
        raise Gs1Error("gs1.charset", digits)
    if len(digits) not in (8, 12, 13, 14):
        raise Gs1Error("gs1.length", digits, expected=14, found=len(digits))
    full = digits.zfill(14)
    return _of_gtin_8(full[6:]) if full.startswith("000000") else _of(full[1:])


def _of(number: str) -> PrefixInfo:
    """Look up 13 digits."""
    ranges = _ranges()
    at = bisect_right(ranges, (number[:12], "~")) - 1
    first, last, text, kind, organisation = ranges[at]
    if not first <= number[:12] <= last:
        return PrefixInfo(number[:3], number[:3], PrefixKind.UNASSIGNED, None, None, LIST_DATE)
    length = company_prefix.length_of(number) if kind is PrefixKind.COMPANY else 0
    if kind is PrefixKind.COMPANY and number.startswith(VIETNAM):
        kind = PrefixKind.COMPANY if length else PrefixKind.UNALLOCATED
        text = _deciding(number)
    if kind is PrefixKind.ISBN and number.startswith("9790"):
        kind, organisation, text = PrefixKind.ISMN, "International ISMN Agency", "9790"
    return PrefixInfo(number[:3], text, kind, organisation or None, length or None, LIST_DATE)


def _deciding(number: str) -> str:
    """Return the shortest beginning of a number that lies in one range of the company list."""
    first, last = company_prefix.range_of(number)
    size = 3
    while not first <= number[:size].ljust(12, "0") <= number[:size].ljust(12, "9") <= last:
        size += 1
    return number[:size]


def _of_gtin_8(number: str) -> PrefixInfo:
    """Look up 8 digits; prefixes 0 and 2 are for use inside a company."""
    if number[0] in "02":
        kind = PrefixKind.RESTRICTED_COMPANY
        return PrefixInfo(number[0], number[0], kind, None, None, LIST_DATE)
    found = _of(number[:3].ljust(13, "0"))
    if found.kind in (PrefixKind.COMPANY, PrefixKind.UNALLOCATED, PrefixKind.GTIN_8):
        kind = PrefixKind.GTIN_8
    else:
        kind = PrefixKind.UNASSIGNED
    return PrefixInfo(number[:3], number[:3], kind, found.organisation, None, LIST_DATE)
