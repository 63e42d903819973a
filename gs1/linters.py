"""The tests that components of values must pass, under the names of the GS1 Syntax Dictionary.

A linter takes a text and returns None when it is good, else a `Fault` with the dictionary's name of
the test that failed and the span of the offending characters.

>>> LINTERS["csum"]("9520123456789")
Fault(test='INCORRECT_CHECK_DIGIT', start=12, end=13)
>>> LINTERS["yymmd0"]("260200") is None
True

Lengths are checked by a linter only where the dictionary's own linter does; the format of the
Application Identifier bounds them first.
"""

from __future__ import annotations

from collections.abc import Callable

from gs1 import check_digit, coupon, dates
from gs1.charset import CSET39, CSET64, CSET82, DIGITS, first_outside, is_numeric
from gs1.code_lists import is_listed
from gs1.fault import Fault, digits_only

Linter = Callable[[str], Fault | None]


def cset82(text: str) -> Fault | None:
    """Allow set 82."""
    if text.isascii() and text.isalnum():
        return None
    at = first_outside(CSET82, text)
    return None if at < 0 else Fault("INVALID_CSET82_CHARACTER", at, at + 1)


def cset39(text: str) -> Fault | None:
    """Allow set 39."""
    at = first_outside(CSET39, text)
    return None if at < 0 else Fault("INVALID_CSET39_CHARACTER", at, at + 1)


def cset64(text: str) -> Fault | None:
    """Allow file-safe base64, with at most two ``=`` and only where they pad to a multiple of 3."""
    bare = text.rstrip("=")
    padding = len(text) - len(bare)
    if padding > 2 or (padding and len(text) % 3):
        return Fault("INVALID_CSET64_PADDING", len(bare), len(text))
    at = first_outside(CSET64, bare)
    return None if at < 0 else Fault("INVALID_CSET64_CHARACTER", at, at + 1)


def csum(text: str) -> Fault | None:
    """Require a right check digit at the end."""
    if check_digit.is_valid(text):
        return None
    if not text:
        return Fault("TOO_SHORT_FOR_CHECK_DIGIT", 0, 0)
    return digits_only(text) or Fault("INCORRECT_CHECK_DIGIT", len(text) - 1, len(text))


def csumalpha(text: str) -> Fault | None:
    """Require a right check character pair at the end."""
    if len(text) < 2:
        return Fault("TOO_SHORT_FOR_CHECK_PAIR", 0, len(text))
    payload = text[:-2]
    if len(payload) > check_digit.MAX_PAIR_PAYLOAD:
        return Fault("TOO_LONG_FOR_CHECK_PAIR_IMPLEMENTATION", 0, len(text))
    at = first_outside(CSET82, payload)
    if at >= 0:
        return Fault("INVALID_CSET82_CHARACTER", at, at + 1)
    if check_digit.compute_pair(payload) != text[-2:]:
        return Fault("INCORRECT_CHECK_PAIR", len(payload), len(text))
    return None


def gcppos1(text: str) -> Fault | None:
    """Require the four digits that every GS1 Company Prefix has at least.

    Whether the prefix was allocated is no matter of syntax: see `gs1.company_prefix`.
    """
    if len(text) < 4:
        return Fault("TOO_SHORT_FOR_GCP", 0, len(text))
    at = first_outside(DIGITS, text[:4])
    return None if at < 0 else Fault("INVALID_GCP_PREFIX", at, at + 1)


def gcppos2(text: str) -> Fault | None:
    """Require the same from the second character on."""
    if len(text) < 2:
        return Fault("TOO_SHORT_FOR_GCP", 0, len(text))
    fault = gcppos1(text[1:])
    return fault.shifted(1) if fault else None


def _clock(name: str, *fields: tuple[int, str]) -> Linter:
    """Build the linter of a time of day, from the bound and the test name of each field."""
    size = 2 * len(fields)

    def clock(text: str) -> Fault | None:
        if len(text) != size:
            return Fault(f"{name}_TOO_{'SHORT' if len(text) < size else 'LONG'}", 0, len(text))
        if fault := digits_only(text):
            return fault
        for index, (bound, test) in enumerate(fields):
            at = 2 * index
            if int(text[at : at + 2]) >= bound:
                return Fault(test, at, at + 2)
        return None

    return clock


def _one_of(test: str, allowed: str) -> Linter:
    """Build the linter of a single character out of a few."""

    def one_of(text: str) -> Fault | None:
        return None if len(text) == 1 and text in allowed else Fault(test, 0, len(text))

    return one_of


def _listed(test: str, name: str, *more: str) -> Linter:
    """Build the linter of a code on a list, or one of a few more."""

    def listed(text: str) -> Fault | None:
        return None if is_listed(name, text) or text in more else Fault(test, 0, len(text))

    return listed


def _made_of(test: str, character: str) -> Linter:
    """Build the linter of a text of one or more of the same character."""

    def made_of(text: str) -> Fault | None:
        return None if text and not text.strip(character) else Fault(test, 0, len(text))

    return made_of


def _coordinate(name: str, bound: int) -> Linter:
    """Build the linter of a coordinate: ten digits, in 10^-7 degrees, up to the bound."""

    def coordinate(text: str) -> Fault | None:
        if len(text) != 10:
            return Fault(f"{name}_INVALID_LENGTH", 0, len(text))
        if fault := digits_only(text):
            return fault
        return Fault(f"INVALID_{name}", 0, 10) if int(text) > bound else None

    return coordinate


def nonzero(text: str) -> Fault | None:
    """Require digits that are not all zero."""
    if fault := digits_only(text):
        return fault
    return None if text.strip("0") else Fault("ILLEGAL_ZERO_VALUE", 0, len(text))


def nozeroprefix(text: str) -> Fault | None:
    """Require digits that do not start with zero."""
    if fault := digits_only(text):
        return fault
    return Fault("ILLEGAL_ZERO_PREFIX", 0, 1) if text.startswith("0") else None


def hasnondigit(text: str) -> Fault | None:
    """Require at least one character that is no digit."""
    if first_outside(DIGITS, text) >= 0:
        return None
    return Fault("REQUIRES_NON_DIGIT_CHARACTER", 0, len(text))


def importeridx(text: str) -> Fault | None:
    """Require one character of file-safe base64."""
    if len(text) != 1:
        return Fault("IMPORTER_IDX_MUST_BE_ONE_CHARACTER", 0, len(text))
    return None if text in CSET64 else Fault("INVALID_IMPORT_IDX_CHARACTER", 0, 1)


_IBAN = CSET39 - frozenset("#-/")


def iban(text: str) -> Fault | None:
    """Require an International Bank Account Number with right check digits (ISO 13616-1)."""
    if len(text) >= 4 and not is_listed("iso3166alpha2", text[:2]):
        return Fault("ILLEGAL_IBAN_COUNTRY_CODE", 0, 2)
    if len(text) <= 10 or len(text) > 34:
        return Fault("IBAN_TOO_SHORT" if len(text) <= 10 else "IBAN_TOO_LONG", 0, len(text))
    turned = text[4:] + text[:4]
    at = first_outside(_IBAN, turned)
    if at >= 0:
        at = (at + 4) % len(text)
        return Fault("INVALID_IBAN_CHARACTER", at, at + 1)
    if int("".join(str(int(character, 36)) for character in turned)) % 97 != 1:
        return Fault("INCORRECT_IBAN_CHECKSUM", 2, 4)
    return None


def pcenc(text: str) -> Fault | None:
    """Require two hexadecimal digits after every percent sign."""
    at = text.find("%")
    while at >= 0:
        pair = text[at + 1 : at + 3]
        if len(pair) < 2 or pair.strip("0123456789ABCDEFabcdef"):
            return Fault("INVALID_PERCENT_SEQUENCE", at, min(at + 3, len(text)))
        at = text.find("%", at + 3)
    return None


def pieceoftotal(text: str) -> Fault | None:
    """Require a piece number and a total of the same size, neither zero, piece <= total."""
    if not text or len(text) % 2:
        return Fault("INVALID_LENGTH_FOR_PIECE_OF_TOTAL", 0, len(text))
    if fault := digits_only(text):
        return fault
    half = len(text) // 2
    piece, total = text[:half], text[half:]
    if not piece.strip("0"):
        return Fault("ZERO_PIECE_NUMBER", 0, half)
    if not total.strip("0"):
        return Fault("ZERO_TOTAL_PIECES", half, len(text))
    return Fault("PIECE_NUMBER_EXCEEDS_TOTAL", 0, len(text)) if piece > total else None


def posinseqslash(text: str) -> Fault | None:
    """Require position/end, without leading zeros, position <= end."""
    position, _, end = text.partition("/")
    if not (is_numeric(position) and is_numeric(end)):
        return Fault("POSITION_IN_SEQUENCE_MALFORMED", 0, len(text))
    if position.startswith("0"):
        return Fault("ILLEGAL_ZERO_PREFIX", 0, len(position))
    if end.startswith("0"):
        return Fault("ILLEGAL_ZERO_PREFIX", len(position) + 1, len(text))
    # Without leading zeros the longer number is the larger one; int() of a hostile text is slow.
    if (len(position), position) > (len(end), end):
        return Fault("POSITION_EXCEEDS_END", 0, len(text))
    return None


_HOUR, _MINUTE, _SECOND = (24, "ILLEGAL_HOUR"), (60, "ILLEGAL_MINUTE"), (60, "ILLEGAL_SECOND")

LINTERS: dict[str, Linter] = {
    "couponcode": coupon.couponcode,
    "couponposoffer": coupon.couponposoffer,
    "cset39": cset39,
    "cset64": cset64,
    "cset82": cset82,
    "csetnumeric": digits_only,
    "csum": csum,
    "csumalpha": csumalpha,
    "gcppos1": gcppos1,
    "gcppos2": gcppos2,
    "hasnondigit": hasnondigit,
    "hh": _clock("HOUR", _HOUR),
    "hhmi": _clock("HOUR_WITH_MINUTE", _HOUR, _MINUTE),
    "hyphen": _made_of("NOT_HYPHEN", "-"),
    "iban": iban,
    "importeridx": importeridx,
    "iso3166": _listed("NOT_ISO3166", "iso3166"),
    "iso3166999": _listed("NOT_ISO3166_OR_999", "iso3166", "999"),
    "iso3166alpha2": _listed("NOT_ISO3166_ALPHA2", "iso3166alpha2"),
    "iso4217": _listed("NOT_ISO4217", "iso4217"),
    "iso5218": _one_of("INVALID_BIOLOGICAL_SEX_CODE", "0129"),
    "latitude": _coordinate("LATITUDE", 1_800_000_000),
    "longitude": _coordinate("LONGITUDE", 3_600_000_000),
    "mediatype": _listed("INVALID_MEDIA_TYPE", "mediatype"),
    "mi": _clock("MINUTE", _MINUTE),
    "nonzero": nonzero,
    "nozeroprefix": nozeroprefix,
    "packagetype": _listed("INVALID_PACKAGE_TYPE", "packagetype"),
    "pcenc": pcenc,
    "pieceoftotal": pieceoftotal,
    "posinseqslash": posinseqslash,
    "ss": _clock("SECOND", _SECOND),
    "winding": _one_of("INVALID_WINDING_DIRECTION", "019"),
    "yesno": _one_of("NOT_ZERO_OR_ONE", "01"),
    "yymmd0": dates.yymmd0,
    "yymmdd": dates.yymmdd,
    "yyyymmd0": dates.yyyymmd0,
    "yyyymmdd": dates.yyyymmdd,
    "zero": _made_of("NOT_ZERO", "0"),
}
"""The 39 linters by their names in the dictionary."""
