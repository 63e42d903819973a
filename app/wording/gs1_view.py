"""Everything a code says, as the API sends it, the page draws it and the command line prints it.

>>> from app.i18n import translator
>>> view = gs1_view(translator("en"), "(01)09520123456788(17)271231")
>>> [(element["name"], element["words"]) for element in view["elements"]]
[('Product number (GTIN)', None), ('Expiry date', '31 December 2027')]
>>> wrong = gs1_view(translator("en"), "(10)LOT7(17)271331")
>>> [element["value"] for element in wrong["elements"]], wrong["errors"][0]["place"]
(['LOT7'], (14, 16))
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

import gs1
from app.i18n import Translator
from app.wording.errors import sentence
from app.wording.gs1_place import place_of
from app.wording.gs1_sentences import (
    HINTS,
    KINDS,
    PREFIXES,
    REPAIRS,
)
from app.wording.gs1_titles import title_of, words_of
from app.wording.gs1_values import in_words
from gs1 import ElementString, Gs1Error, Gtin, Keys, PrefixInfo, Reading, hri
from gs1.element_string import BLANKS
from gs1.hints import Hint, hints

_SURROGATES = re.compile("[\ud800-\udfff]")
"""Halves of characters, from a broken sender; no answer can carry them."""

Registered = Callable[[Collection[str]], Collection[str]]
"""From GTINs of 14 digits to those among them that are in the product register."""


def gs1_view(
    translate: Translator,
    text: str,
    symbology_identifier: str | None = None,
    registered: Registered | None = None,
) -> dict[str, Any]:
    """The whole reading of a code.

    Args:
        translate: the reader's language.
        text: the code, written in any way.
        symbology_identifier: ``]C1`` and the like, where the scanner tells it apart from the text.
        registered: asked once, for the hints of a wrong code; None where no register is at hand.
    """
    text = _SURROGATES.sub("\N{REPLACEMENT CHARACTER}", text).strip(BLANKS)
    try:
        reading = gs1.read(text, symbology_identifier)
    except Gs1Error as error:
        return _wrong(translate, text, error, registered)
    return {
        "text": reading.text,
        "ok": True,
        **_kind(translate, reading),
        **_elements(translate, reading.elements),
        "keys": _keys(reading.keys),
        **_forms(reading),
        "prefix": _prefix(translate, reading.elements),
        "repairs": [
            {**repair._asdict(), "text": translate.text(REPAIRS[repair.code], **repair._asdict())}
            for repair in reading.repairs
        ],
        # A text without brackets may say something else than was meant, and yet be right.
        "hints": _hints(translate, hints(text), registered),
        "errors": [],
    }


def _wrong(
    translate: Translator, text: str, error: Gs1Error, registered: Registered | None
) -> dict[str, Any]:
    """A code with an error: what was good in it, and what it may have been meant to be."""
    return {
        "text": text,
        "ok": False,
        **_NOTHING,
        **_elements(translate, error.elements),
        "keys": _keys(gs1.reading.keys_of(dict(error.elements))),
        "prefix": _prefix(translate, error.elements),
        "repairs": [],
        "hints": _hints(translate, hints(text), registered),
        "errors": [
            {
                "code": error.code,
                "text": sentence(translate, error.code, error.arguments),
                "value": error.value,
                "span": error.span,
                "place": place_of(text, error),
                "arguments": error.arguments,
            }
        ],
    }


_NOTHING: Mapping[str, Any] = dict.fromkeys(
    ("kind", "kind_text", "assumed", "assumed_text", "symbology_identifier", "host", "digital_link")
) | {"other_query": (), "element_string": {"bracketed": None, "unbracketed": None}}


def _kind(translate: Translator, reading: Reading) -> dict[str, Any]:
    assumed = reading.assumed
    return {
        "kind": reading.kind,
        "kind_text": translate.text(KINDS[reading.kind]),
        "assumed": assumed,
        "assumed_text": translate.text(KINDS[assumed]) if assumed else None,
        "symbology_identifier": reading.symbology_identifier,
    }


def _elements(translate: Translator, elements: tuple[ElementString, ...]) -> dict[str, Any]:
    return {
        "elements": [_element(translate, element) for element in elements],
        "hri": hri.lines(elements),
        "hri_with_titles": hri.lines(elements, titles=True),
    }


def _element(translate: Translator, element: ElementString) -> dict[str, Any]:
    words = words_of(element.ai)
    return {
        "ai": element.ai,
        "title": element.title,
        "name": title_of(translate, element.ai),
        "meaning": translate.text(words.meaning) if words and words.meaning else None,
        "value": element.value,
        "words": in_words(translate, element),
    }


def _keys(keys: Keys) -> dict[str, Any]:
    """The keys as plain values: dates ISO, measures decimal text once they are JSON."""
    found = {name: getattr(value, "value", value) for name, value in _fields(keys)}
    gtin = keys.gtin
    form = {"gtin_format": f"GTIN-{int(gtin.format)}", "gtin_printed": gtin.printed} if gtin else {}
    return {**found, "gtin_format": None, "gtin_printed": None, **form}


def _fields(keys: Keys) -> Iterable[tuple[str, Any]]:
    return ((name, getattr(keys, name)) for name in Keys.__dataclass_fields__)


def _forms(reading: Reading) -> dict[str, Any]:
    elements = reading.elements
    return {
        "host": reading.host,
        "other_query": reading.other_query,
        "digital_link": _digital_link(reading),
        "element_string": {
            "bracketed": reading.as_bracketed() if elements else None,
            "unbracketed": reading.as_element_string() if elements else None,
        },
    }


def _digital_link(reading: Reading) -> str | None:
    try:
        return reading.as_digital_link()
    except Gs1Error:
        # A message without a primary key, or with an AI that a link has no place for.
        return None


_NUMBERED = {"01": (0, 14), "02": (0, 14), "414": (0, 13), "417": (0, 13), "00": (1, 14)}
"""Where the number with the GS1 prefix stands in the value of a key; of an SSCC 13 of 18 digits."""


def _prefix(translate: Translator, elements: Iterable[ElementString]) -> dict[str, Any] | None:
    values = dict(elements)
    ai = next((ai for ai in _NUMBERED if ai in values), None)
    if ai is None:
        return None
    start, end = _NUMBERED[ai]
    number = values[ai][start:end]
    if len(number) == 13 and number.startswith("00000"):
        # The look-up is made for product numbers, and would take it for a GTIN-8.
        return None
    info = gs1.prefix.lookup(number)
    return {**info._asdict(), **_licence(translate, number, info)}


def _licence(translate: Translator, number: str, info: PrefixInfo) -> dict[str, Any]:
    size = info.company_prefix_length
    return {
        "company_prefix": number.zfill(14)[1 : 1 + size] if size else None,
        "is_trade_item": info.is_trade_item,
        "text": translate.text(
            PREFIXES[info.kind],
            organisation=info.organisation, prefix=info.range, date=info.list_date,
        ),
    }  # fmt: skip


def _hints(
    translate: Translator, found: Collection[Hint], registered: Registered | None
) -> list[dict[str, Any]]:
    """The hints, those that the register knows first."""
    gtins = {hint.suggestion: gtin for hint in found if (gtin := _gtin(hint.suggestion))}
    known = registered(set(gtins.values())) if registered and gtins else ()
    views = [
        {
            **hint._asdict(),
            "text": translate.text(HINTS[hint.code]),
            "gtin": gtins.get(hint.suggestion),
            "registered": gtins.get(hint.suggestion) in known if registered else None,
        }
        for hint in found
    ]
    return sorted(views, key=lambda view: not view["registered"])


def _gtin(suggestion: str) -> str | None:
    gtin: Gtin | None = gs1.read(suggestion).keys.gtin
    return gtin.value if gtin else None
