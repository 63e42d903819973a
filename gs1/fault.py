"""What a linter reports: which test of the Syntax Dictionary failed, and where."""

from __future__ import annotations

from typing import NamedTuple

from gs1.charset import DIGITS, first_outside


class Fault(NamedTuple):
    """One failed test and its half-open span, counted in characters of the linted text."""

    test: str
    """The name in the Syntax Dictionary: ``INCORRECT_CHECK_DIGIT``."""

    start: int
    """First offending character."""

    end: int
    """One past the last offending character."""

    def shifted(self, by: int) -> Fault:
        """Return the same fault, counted in a text that has `by` more characters in front."""
        return Fault(self.test, self.start + by, self.end + by)


def digits_only(text: str) -> Fault | None:
    """Allow ASCII digits, and nothing at all."""
    if text.isdigit() and text.isascii():
        return None
    at = first_outside(DIGITS, text)
    return None if at < 0 else Fault("NON_DIGIT_CHARACTER", at, at + 1)


_FAMILIES = (
    ("gs1.coupon", ("COUPON_",)),
    ("gs1.check-digit", ("INCORRECT_CHECK_DIGIT",)),
    ("gs1.check-characters", ("INCORRECT_CHECK_PAIR",)),
    ("gs1.charset", ("NON_DIGIT", "INVALID_CSET", "REQUIRES_NON_DIGIT", "INVALID_IMPORT_IDX")),
    ("gs1.company-prefix", ("INVALID_GCP", "GCP_", "TOO_SHORT_FOR_GCP")),
    ("gs1.date", ("ILLEGAL_MONTH", "ILLEGAL_DAY", "DATE_")),
    (
        "gs1.time",
        ("ILLEGAL_HOUR", "ILLEGAL_MINUTE", "ILLEGAL_SECOND", "HOUR_", "MINUTE_", "SECOND_"),
    ),
    ("gs1.country", ("NOT_ISO3166",)),
    ("gs1.currency", ("NOT_ISO4217",)),
    ("gs1.iban", ("IBAN_", "INVALID_IBAN", "INCORRECT_IBAN", "ILLEGAL_IBAN")),
    ("gs1.coordinate", ("INVALID_L", "LATITUDE_", "LONGITUDE_")),
    ("gs1.percent-encoding", ("INVALID_PERCENT",)),
    ("gs1.zero", ("ILLEGAL_ZERO", "NOT_ZERO")),
    ("gs1.piece", ("PIECE_", "ZERO_", "INVALID_LENGTH_FOR_PIECE", "POSITION_")),
    ("gs1.length", ("TOO_", "IMPORTER_IDX", "INCORRECT_LENGTH")),
)


def code_of(test: str) -> str:
    """Return our error code for a test of the dictionary: about 100 names become 16 codes.

    >>> code_of("ILLEGAL_MONTH"), code_of("INVALID_WINDING_DIRECTION")
    ('gs1.date', 'gs1.code-list')
    """
    if test == "NOT_ZERO_OR_ONE":
        return "gs1.code-list"
    for code, beginnings in _FAMILIES:
        if test.startswith(beginnings):
            return code
    return "gs1.code-list"
