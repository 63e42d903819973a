r"""Scan data: what a scanner sends, a symbology identifier in front (ISO/IEC 15424).

>>> parse("]C1010952012345678810ABC\x1d17271231").elements[1]
ElementString(ai='10', value='ABC')
>>> parse("]E09520123456788").elements
(ElementString(ai='01', value='09520123456788'),)
>>> parse("]Q1https://example.com/01/09520123456788").link.host
'example.com'

]E0, ]E4 and ]I1 carry digits only: they are a GTIN; after EAN/UPC ones a composite component may
follow behind ``|]e0``.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

from gs1 import associations, digital_link, element_string
from gs1.digital_link import DigitalLink
from gs1.element_string import FNC1, ElementString, bounded
from gs1.errors import Gs1Error
from gs1.gtin import numeric_key

GS1_DATA = {
    "]C1": "GS1-128",
    "]e0": "GS1 DataBar",
    "]d2": "GS1 DataMatrix",
    "]Q3": "GS1 QR Code",
    "]J1": "GS1 DotCode",
}
"""Symbology identifiers in front of element strings, with the symbology."""

PLAIN_DATA = {"]Q1": "QR Code", "]d1": "Data Matrix", "]J0": "DotCode"}
"""Symbology identifiers in front of plain text, which may be a Digital Link."""

PRIMARY = {"]E0": 13, "]E4": 8, "]I1": 14}
"""EAN/UPC and ITF-14: identifiers in front of that many digits."""

_COMPOSITE = "|]e0"


@dataclass(frozen=True, slots=True)
class ScanData:
    """Scan data that was understood."""

    symbology_identifier: str
    """``]C1``, ``]d2`` …"""

    elements: tuple[ElementString, ...]
    """Empty for plain text that is no Digital Link."""

    link: DigitalLink | None
    """The Digital Link, where the text is one."""

    text: str
    """What stood behind the identifier."""

    primary: str
    """The digits of an EAN/UPC or ITF-14 symbol as scanned, else empty."""


def parse(
    text: str,
    symbology_identifier: str | None = None,
    *,
    lenient: bool = False,
    zero_suppressed: bool = False,
    requisites: bool = False,
    permit_unknown: bool = False,
) -> ScanData:
    """Return what a scanner sent.

    Args:
        text: the scan data, with its identifier in front unless that is given apart.
        symbology_identifier: ``]C1`` and the like.
        lenient: see `digital_link.parse`.
        zero_suppressed: see `digital_link.parse`.
        requisites: see `element_string.parse`.
        permit_unknown: see `element_string.parse`.

    Raises:
        Gs1Error: gs1.symbology-*, or what is wrong with the data.
    """
    if symbology_identifier is None:
        symbology_identifier, text = _split(text)
    if symbology_identifier in PRIMARY:
        return _primary(symbology_identifier, text, requisites, permit_unknown)
    if symbology_identifier in GS1_DATA:
        elements = _message(text, requisites, permit_unknown)
        return ScanData(symbology_identifier, elements, None, text, "")
    if symbology_identifier not in PLAIN_DATA:
        raise Gs1Error("gs1.symbology-unknown", text[:100], None, found=symbology_identifier[:8])
    if len(text) > element_string.MAX_LENGTH:
        raise Gs1Error("gs1.too-long", text[:100], expected=element_string.MAX_LENGTH)
    if not digital_link.is_link(text):
        return ScanData(symbology_identifier, (), None, text, "")
    link = digital_link.parse(
        text,
        lenient=lenient,
        zero_suppressed=zero_suppressed,
        requisites=requisites,
        permit_unknown=permit_unknown,
    )
    return ScanData(symbology_identifier, link.elements, link, text, "")


def _split(text: str) -> tuple[str, str]:
    """Return the symbology identifier and what stands behind it."""
    if not text.startswith("]") or len(text) < 3:
        raise Gs1Error("gs1.symbology-missing", text[:100])
    return text[:3], text[3:]


def _message(text: str, requisites: bool, permit_unknown: bool) -> tuple[ElementString, ...]:
    """Return the element strings of a GS1 symbol, where ``^`` is no separator but a mistake."""
    at = bounded(text).find("^")
    if at >= 0:
        raise Gs1Error("gs1.charset", text, (at, at + 1))
    if text.startswith("("):
        raise Gs1Error("gs1.unknown-ai", text, (0, 1), ai=text[:4])
    return element_string.parse(FNC1 + text, requisites=requisites, permit_unknown=permit_unknown)


def _primary(
    symbology_identifier: str, text: str, requisites: bool, permit_unknown: bool
) -> ScanData:
    """Return the GTIN of a symbol of digits and the element strings of its composite component."""
    size = PRIMARY[symbology_identifier]
    digits, composite = text[:size], text[size:]
    if composite and not composite.startswith(_COMPOSITE):
        raise Gs1Error("gs1.symbology-data", text[:100], (size, len(text[:100])), expected=size)
    if len(digits) != size:
        raise Gs1Error("gs1.symbology-data", text[:100], expected=size)
    numeric_key(digits, (size,))
    gtin = ElementString("01", digits.zfill(14))
    if not composite:
        return ScanData(symbology_identifier, (gtin,), None, text, digits)
    more = _message(composite[len(_COMPOSITE) :], False, permit_unknown)
    elements = (gtin, *more)
    associations.check(elements, requisites=requisites)
    return ScanData(symbology_identifier, elements, None, text, digits)


class Symbology(enum.StrEnum):
    """Symbologies scan data can be made for."""

    QR = "QR"
    DM = "DM"
    DOT_CODE = "DotCode"
    GS1_128_CCA = "GS1_128_CCA"
    GS1_128_CCC = "GS1_128_CCC"
    DATABAR_EXPANDED = "DataBarExpanded"
    DATABAR_OMNI = "DataBarOmni"
    DATABAR_TRUNCATED = "DataBarTruncated"
    DATABAR_STACKED = "DataBarStacked"
    DATABAR_STACKED_OMNI = "DataBarStackedOmni"
    DATABAR_LIMITED = "DataBarLimited"
    UPC_A = "UPCA"
    UPC_E = "UPCE"
    EAN_13 = "EAN13"
    EAN_8 = "EAN8"


_MATRIX = {
    Symbology.QR: ("]Q1", "]Q3"),
    Symbology.DM: ("]d1", "]d2"),
    Symbology.DOT_CODE: ("]J0", "]J1"),
}
_EAN_UPC = {
    Symbology.UPC_A: ("]E0", 12, 13),
    Symbology.UPC_E: ("]E0", 12, 13),
    Symbology.EAN_13: ("]E0", 13, 13),
    Symbology.EAN_8: ("]E4", 8, 8),
}
_DATABAR_LIMITED_END = "2"  # it encodes GTIN-14 with indicator 0 or 1 only


def build(message: str, symbology: Symbology) -> str:
    r"""Return the scan data a scanner would send for a message in a symbol.

    >>> build("^010952012345678810ABC^21X", Symbology.DM)
    ']d2010952012345678810ABC\x1d21X'
    >>> build("9520123456788|^10ABC", Symbology.EAN_13)
    ']E09520123456788|]e010ABC'

    Args:
        message: element strings with ``^`` for FNC1, the first in front; or plain text, a leading
            ``^`` of which is escaped by a backslash; after ``|`` the composite component.
        symbology: where it is printed.

    Raises:
        Gs1Error: gs1.symbology-data when the symbology cannot hold it, or what is wrong with it.
    """
    if symbology in _MATRIX:
        return _matrix(message, *_MATRIX[symbology])
    linear, bar, composite = message.partition("|")
    if bar and not composite.startswith("^"):
        raise Gs1Error("gs1.symbology-data", message, (len(linear) + 1, len(message)))
    more = composite[1:].replace("^", FNC1)
    if bar:
        element_string.parse(composite)
    if symbology in _EAN_UPC:
        identifier, size, sent = _EAN_UPC[symbology]
        digits = _primary_digits(linear, size).zfill(sent)
        return f"{identifier}{digits}{_COMPOSITE if bar else ''}{more}"
    if symbology in _EXPANDED:
        return _expanded(linear, more, "]e0" if bar else _EXPANDED[symbology])
    digits = _primary_digits(linear, 14)
    if symbology is Symbology.DATABAR_LIMITED and digits >= _DATABAR_LIMITED_END:
        raise Gs1Error("gs1.symbology-data", digits, (0, 1), expected="0-1")
    return f"]e001{digits}{more}"


_EXPANDED = {
    Symbology.GS1_128_CCA: "]C1",
    Symbology.GS1_128_CCC: "]C1",
    Symbology.DATABAR_EXPANDED: "]e0",
}


def _matrix(message: str, plain: str, gs1_data: str) -> str:
    """Return the scan data of a two-dimensional symbol."""
    if message.startswith("^"):
        element_string.parse(message)
        return gs1_data + message[1:].replace("^", FNC1)
    escaped = message.lstrip("\\").startswith("^")
    return plain + (message[1:] if escaped else message)


def _expanded(linear: str, more: str, identifier: str) -> str:
    """Return the scan data of element strings, those of a composite component behind them."""
    if not linear.startswith("^"):
        raise Gs1Error("gs1.symbology-data", linear, None, expected="^")
    last = element_string.parse(linear)[-1]
    text = linear[1:].replace("^", FNC1)
    info = element_string.row_of(last.ai, permit_unknown=False)
    if more and info and info.needs_separator and not text.endswith(FNC1):
        text += FNC1
    return identifier + text + more


def _primary_digits(linear: str, size: int) -> str:
    """Return the digits of a symbol that holds a GTIN of that size only."""
    digits = linear.removeprefix("^01" + "0" * (14 - size)) if linear.startswith("^") else linear
    if len(digits) != size:
        raise Gs1Error("gs1.symbology-data", linear, None, expected=size)
    return numeric_key(digits, (size,))
