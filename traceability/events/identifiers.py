"""What an event points at, under one name: the canonical Digital Link of a GS1 key.

>>> canonical("urn:epc:id:sgtin:952000.0123456.A7")
'https://id.gs1.org/01/09520001234569/21/A7'
>>> canonical("https://shop.example/x/01/09520001234569/21/A7?17=271231")
'https://id.gs1.org/01/09520001234569/21/A7'
>>> canonical("https://shop.example/order/7")
'https://shop.example/order/7'

A unit is its GTIN and serial (an SGTIN). The lot and the variant that a label says beside them are
told of the unit, and are no part of its name:

>>> label = "https://shop.example/01/09520001234569/10/L7/21/A7"
>>> canonical(label), lot_told(label)
('https://id.gs1.org/01/09520001234569/21/A7', 'https://id.gs1.org/01/09520001234569/10/L7')

What does not claim to be a GS1 key keeps its own name. What claims to be one of goods, a logistic
unit, a place or a party and is wrong (a check digit, a length) is refused: two spellings of one key
would otherwise be two things. A wrong check digit of another key, an asset's or a document's, is in
many a published example: it keeps its own name too, and is then no GS1 key here.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import urlsplit

from gs1 import digital_link, epc
from gs1.check_digit import compute
from gs1.element_string import ElementString
from gs1.errors import Gs1Error

MAX_LENGTH = 400
"""Characters of an identifier that is kept; no GS1 key comes near it."""

STEM = digital_link.CANONICAL_STEM
_GTIN = f"{STEM}/01/"
_URN = "urn:epc:"
_PLAIN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.")
# Schemes of the Tag Data Standard that name no GS1 key: they have no Digital Link.
_KEYLESS = ("gid", "usdod", "adi", "bic", "imovn", "epcid")
_STRICT = frozenset({"00", "01", *(str(ai) for ai in range(410, 418))})
"""Keys to which goods and their holders are bound."""
_KEYS_OF_PARTIES = frozenset({"414", "417"})


class _Read(NamedTuple):
    key: str
    whole: str
    lot: str | None = None


def canonical(text: str) -> str:
    """The one name of what an identifier names.

    Raises:
        Gs1Error: it claims to be a GS1 key, and is not a good one.
    """
    return _read(text).key


def whole_link(text: str) -> str:
    """The same with all that its path tells, a unit's lot too.

    Raises:
        Gs1Error: it claims to be a GS1 key, and is not a good one.
    """
    return _read(text).whole


def lot_told(text: str) -> str | None:
    """The lot that the identifier of a unit tells beside it.

    Raises:
        Gs1Error: it claims to be a GS1 key, and is not a good one.
    """
    return _read(text).lot


@lru_cache(maxsize=65_536)
def _read(text: str) -> _Read:
    if text.startswith(_GTIN) and (plain := _plain_instance(text)):
        return _Read(plain, plain)
    elements = elements_of(text)
    if elements is None:
        return _Read(text, text)
    whole = digital_link.build(elements)
    if elements[-1].ai != "21":
        return _Read(whole, whole)
    key, *told, serial = elements
    lot = digital_link.build([key, *told]) if told and told[-1].ai == "10" else None
    return _Read(digital_link.build([key, serial]), whole, lot)


def _plain_instance(text: str) -> str | None:
    """The commonest form by far, told by looking: a GTIN and a plain serial or lot."""
    gtin, _, rest = text[len(_GTIN) :].partition("/")
    qualifier, _, value = rest.partition("/")
    good = (
        qualifier in ("21", "10")
        and 0 < len(value) <= 20
        and _PLAIN.issuperset(value)
        and len(gtin) == 14
        and gtin.isascii()
        and gtin.isdecimal()
        and compute(gtin[:13]) == gtin[13]
    )
    return text if good else None


def elements_of(text: str) -> tuple[ElementString, ...] | None:
    """The key and its qualifiers; None for an identifier that is no GS1 key.

    Raises:
        Gs1Error: it claims to be a GS1 key, and is not a good one.
    """
    if text.startswith(_URN):
        scheme = text.split(":", 4)[3:4]
        return None if scheme and scheme[0] in _KEYLESS else epc.parse(text)
    if not digital_link.is_link(text):
        return None
    try:
        link = digital_link.parse(text)
    except Gs1Error as error:
        if error.code == "gs1.check-digit":
            if str(error.arguments.get("ai")) not in _STRICT:
                return None
            raise
        if _on_gs1_host(text, error):
            raise
        # Any other address may have digits in its path without meaning a GS1 key.
        return None
    return link.elements[: link.path_size]


def _on_gs1_host(text: str, error: Gs1Error) -> bool:
    try:
        return error.code != "gs1.link-no-key" and urlsplit(text).hostname == "id.gs1.org"
    except ValueError:
        return False  # brackets of an IPv6 address that is none


def gln_of(identifier: str) -> str | None:
    """The GLN of a place or a party, 13 digits; None where it names neither.

    >>> gln_of("https://id.gs1.org/414/9520000000004/254/E1")
    '9520000000004'
    """
    parts = identifier.removeprefix(STEM).split("/", 3)
    if identifier.startswith(STEM) and len(parts) > 2 and parts[1] in _KEYS_OF_PARTIES:
        return parts[2]
    return None


_QUALIFIED: Mapping[str, frozenset[str]] = {
    "01": frozenset({"21", "235"}), "8006": frozenset({"21"}), "8010": frozenset({"8011"}),
}  # fmt: skip
"""Keys of goods, and the qualifiers that make one piece of a class."""
_SERIALISED = {"253": 13, "255": 13, "8003": 14}
"""Keys that hold a serial behind so many digits."""
_ALONE = frozenset({"00", "401", "402", "8004", "8017", "8018"})


def is_class(identifier: str) -> bool | None:
    """Whether a canonical identifier names a class, such as a lot; None where that is not known.

    CBV 2.0 section 8.2 has instances in lists of EPCs, 8.3 classes in those of quantities.

    >>> [is_class(f"{STEM}/01/09520001234569/{more}") for more in ("10/L7", "10/L7/21/A1")]
    [True, False]
    """
    if not identifier.startswith(f"{STEM}/"):
        return None
    key, value, *more = identifier[len(STEM) + 1 :].split("/")
    if key in _QUALIFIED:
        return _QUALIFIED[key].isdisjoint(more[::2])
    if key in _SERIALISED:
        return len(value) <= _SERIALISED[key]
    return False if key in _ALONE else None


def lot_of_variant(identifier: str) -> str | None:
    """The lot that a lot of a consumer product variant is part of; None for anything else.

    Variant (22) and lot (10) each qualify the GTIN: a lot is one whether its variant is told or
    not (GS1 General Specifications, AI 10 and AI 22).

    >>> lot_of_variant(f"{STEM}/01/09520001234569/22/2A/10/L7")
    'https://id.gs1.org/01/09520001234569/10/L7'
    """
    if "/22/" not in identifier or not identifier.startswith(_GTIN):
        return None
    parts = identifier[len(_GTIN) :].split("/")
    if parts[1::2] != ["22", "10"]:
        return None
    return f"{_GTIN}{parts[0]}/10/{parts[4]}"


def gtin_of(identifier: str) -> str | None:
    """The GTIN of goods, 14 digits; None where it names none."""
    if not identifier.startswith(_GTIN):
        return None
    return identifier[len(_GTIN) : len(_GTIN) + 14]
