"""Reading a code of any kind: the one entry for what a person typed or a scanner sent.

>>> reading = read("https://example.com/01/09520123456788/10/ABC?17=271231")
>>> reading.kind, reading.host, reading.keys.lot, reading.keys.expiry
(<ReadingKind.DIGITAL_LINK: 'digital-link'>, 'example.com', 'ABC', datetime.date(2027, 12, 31))
>>> read("9520123456788").as_digital_link()
'https://id.gs1.org/01/09520123456788'
>>> read("952 0123 45678 8").assumed
<ReadingKind.GTIN: 'gtin'>

Brackets, a web address or a symbology identifier leave no doubt what a text is. Bare digits do:
then the reading says what was assumed.
"""

from __future__ import annotations

import datetime as dt
import enum
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

from gs1 import check_digit, digital_link, element_string, hri, symbology, upc
from gs1.dates import parse_yymmdd
from gs1.digital_link import CANONICAL_STEM, Repair
from gs1.element_string import BLANKS, ElementString, bounded
from gs1.errors import Gs1Error
from gs1.gln import Gln
from gs1.gtin import Gtin, compact
from gs1.sscc import Sscc

_FEWEST_OF_A_MESSAGE = 16  # digits


class ReadingKind(enum.StrEnum):
    """How a code was written."""

    GTIN = "gtin"
    SSCC = "sscc"
    ELEMENT_STRINGS = "element-strings"
    SCAN_DATA = "scan-data"
    DIGITAL_LINK = "digital-link"


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys and attributes most asked for, as values; None where the code does not say."""

    gtin: Gtin | None = None
    """AI 01."""

    content_gtin: Gtin | None = None
    """AI 02: the trade items inside a logistic unit."""

    lot: str | None = None
    """AI 10."""

    serial: str | None = None
    """AI 21."""

    sscc: Sscc | None = None
    """AI 00."""

    gln: Gln | None = None
    """AI 414: a place; else AI 417: a party."""

    production_date: dt.date | None = None
    """AI 11."""

    packaging_date: dt.date | None = None
    """AI 13."""

    best_before: dt.date | None = None
    """AI 15."""

    sell_by: dt.date | None = None
    """AI 16."""

    expiry: dt.date | None = None
    """AI 17; else the date of AI 7003."""

    net_weight_kg: Decimal | None = None
    """AI 310n, kg."""

    net_volume_l: Decimal | None = None
    """AI 315n, litres."""

    count: int | None = None
    """AI 37, else AI 30."""

    country_of_origin: str | None = None
    """AI 422, ISO 3166-1 numeric."""


@dataclass(frozen=True)
class Reading:
    """A code that was understood; all its values passed their checks."""

    text: str
    """The text as it was given, without blanks around it."""

    kind: ReadingKind
    """How it was written."""

    elements: tuple[ElementString, ...]
    """What it says, in its order; empty for plain text in a symbol that may hold any."""

    symbology_identifier: str | None = None
    """``]C1`` and the like, None where it was not given."""

    assumed: ReadingKind | None = None
    """What the text was taken for, where it could have been something else; else None."""

    host: str | None = None
    """The host of a Digital Link."""

    stem: str | None = None
    """Everything before the primary key of a Digital Link."""

    other_query: tuple[str, ...] = ()
    """Parameters of a Digital Link's query that are no AIs."""

    repairs: tuple[Repair, ...] = ()
    """What was put right while reading, see `digital_link.REPAIRS`."""

    @cached_property
    def keys(self) -> Keys:
        """The keys and attributes most asked for."""
        return keys_of(dict(self.elements))

    def as_element_string(self) -> str:
        """Return the unbracketed form, as it goes into a GS1 symbol; FNC1 is U+001D."""
        return element_string.as_element_string(self.elements)

    def as_bracketed(self) -> str:
        """Return the bracketed form."""
        return element_string.as_bracketed(self.elements)

    def as_digital_link(self, stem: str = CANONICAL_STEM) -> str:
        """Return the Digital Link, canonical by default; raises as `digital_link.build`."""
        return digital_link.build(self.elements, stem)

    def hri(self, *, titles: bool = False) -> tuple[str, ...]:
        """Return the human readable interpretation, a line an element string."""
        return hri.lines(self.elements, titles=titles)


def keys_of(values: dict[str, str]) -> Keys:
    """Return the keys of the values by AI, which passed their checks."""
    get = values.get
    gln = get("414") or get("417")
    count = get("37") or get("30")
    gtin, content, sscc = get("01"), get("02"), get("00")
    expiry = get("17") or get("7003")
    return Keys(
        gtin=Gtin(gtin) if gtin else None,
        content_gtin=Gtin(content) if content else None,
        lot=get("10"),
        serial=get("21"),
        sscc=Sscc(sscc) if sscc else None,
        gln=Gln(gln) if gln else None,
        production_date=_date(get("11")),
        packaging_date=_date(get("13")),
        best_before=_date(get("15")),
        sell_by=_date(get("16")),
        expiry=_date(expiry),
        net_weight_kg=_measure(values, "310"),
        net_volume_l=_measure(values, "315"),
        count=int(count) if count else None,
        country_of_origin=get("422"),
    )


def _date(text: str | None) -> dt.date | None:
    """Return a date of AI 11 to 17, or the date part of AI 7003."""
    return parse_yymmdd(text[:6]) if text else None


def _measure(values: dict[str, str], family: str) -> Decimal | None:
    """Return the measure of a family of AIs, whose last digit says how many decimals there are."""
    for ai, value in values.items():
        if ai.startswith(family) and len(ai) == 4:
            return Decimal(value).scaleb(-int(ai[3]))
    return None


def read(text: str, symbology_identifier: str | None = None, *, lenient: bool = True) -> Reading:
    """Return the reading of a code, however it is written.

    Args:
        text: a GTIN or SSCC, element strings with or without brackets, scan data, a Digital Link.
        symbology_identifier: ``]C1`` and the like, where the scanner tells it apart from the text.
        lenient: whether common mistakes in a Digital Link are repaired and reported.

    Raises:
        Gs1Error: what is wrong with the code, with the good element strings in `elements`.
    """
    text = text.strip(BLANKS)
    if symbology_identifier or text.startswith("]"):
        return _scan(text, symbology_identifier, lenient)
    if text.isdigit():
        return _digits(text, text)
    bounded(text)
    if text[:4].lower() == "http":
        return _link(text, lenient)
    if text[0] == "(":
        return Reading(text, ReadingKind.ELEMENT_STRINGS, element_string.parse(text))
    if len(text) <= 40 and compact(text).isdigit():
        return _digits(text, compact(text))
    kind = ReadingKind.ELEMENT_STRINGS
    assumed = None if text[0] in "\x1d^" else kind
    return Reading(text, kind, element_string.parse(text), assumed=assumed)


def _digits(text: str, digits: str) -> Reading:
    """Read bare digits: by their number a GTIN, an SSCC, or element strings.

    The shortest digits that are a whole message are AI 01 and its 14. Whoever sends fewer has
    mistyped a GTIN and should hear of the number of digits, not of an AI.
    """
    size = len(digits)
    if size < _FEWEST_OF_A_MESSAGE:
        kind, elements = ReadingKind.GTIN, (ElementString("01", Gtin.parse(digits).value),)
    elif size == 18 and check_digit.is_valid(digits):
        kind, elements = ReadingKind.SSCC, (ElementString("00", digits),)
    else:
        return Reading(
            text,
            ReadingKind.ELEMENT_STRINGS,
            element_string.parse(bounded(digits)),
            assumed=ReadingKind.ELEMENT_STRINGS,
        )
    return Reading(text, kind, elements, assumed=kind)


def _link(text: str, lenient: bool) -> Reading:
    """Read a Digital Link."""
    link = digital_link.parse(text, lenient=lenient)
    return Reading(
        text,
        ReadingKind.DIGITAL_LINK,
        link.elements,
        host=link.host,
        stem=link.stem,
        other_query=link.other_query,
        repairs=link.repairs,
    )


def _scan(text: str, symbology_identifier: str | None, lenient: bool) -> Reading:
    """Read scan data; a symbol that may hold any text is read like a text that was typed."""
    if symbology_identifier is None:
        symbology_identifier, text = text[:3], text[3:]
    repairs: tuple[Repair, ...] = ()
    if lenient and symbology_identifier == "]E0":
        text, repairs = _upc(text)
    if symbology_identifier not in symbology.GS1_DATA | symbology.PRIMARY:
        return _plain(text, symbology_identifier, lenient)
    scan = symbology.parse(text, symbology_identifier)
    return Reading(
        text,
        ReadingKind.SCAN_DATA,
        scan.elements,
        symbology_identifier=symbology_identifier,
        repairs=repairs,
    )


def _upc(text: str) -> tuple[str, tuple[Repair, ...]]:
    """Return the 13 digits a UPC symbol should have been sent with.

    Many scanners leave away the zero in front of a UPC-A, and do not expand a UPC-E.
    """
    if len(text) == 12:
        full, code = f"0{text}", "gs1.repaired-zeros"
    elif len(text) == 8:
        # EAN-8 has an identifier of its own, so eight digits under this one are a UPC-E.
        full, code = upc.expand(text).as_gtin_13(), "gs1.repaired-upc-e"
    else:
        return text, ()
    return full, (Repair(code, text, full),)


def _plain(text: str, symbology_identifier: str, lenient: bool) -> Reading:
    """Read the text of a symbol that may hold any, such as a QR Code."""
    if text.startswith("]"):
        raise Gs1Error("gs1.not-understood", text[:100])
    try:
        reading = read(text, lenient=lenient)
    except Gs1Error as error:
        some_number = error.code == "gs1.length" and "ai" not in error.arguments
        if some_number or error.code in ("gs1.empty", "gs1.unknown-ai"):
            raise Gs1Error("gs1.not-understood", text[:100]) from error
        raise
    assumed = reading.assumed or reading.kind
    return replace(
        reading,
        kind=ReadingKind.SCAN_DATA,
        symbology_identifier=symbology_identifier,
        assumed=None if reading.kind is ReadingKind.DIGITAL_LINK else assumed,
    )
