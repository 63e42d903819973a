"""From the symbols of a photograph to the codes to choose from, each with its page."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

import gs1
from gs1.errors import Gs1Error
from scanner import Reading as Picture
from scanner import Symbol
from scanner.reading import Position

_Read = tuple[Symbol, gs1.Reading | None]


@dataclass(frozen=True, slots=True)
class Choice:
    """One code in a photograph."""

    number: int
    """Counted from 1, as drawn on the picture."""
    format: str
    text: str
    """What the symbol says."""
    symbology_identifier: str | None
    elements: tuple[tuple[str, str], ...]
    """Pairs of AI and value; empty for a symbol without a GS1 code."""
    position: Position
    address: str
    """Its page."""
    sure: bool
    """False where a person should compare the digits first."""


def choices_of(picture: Picture, hosts: frozenset[str]) -> list[Choice]:
    """The codes of a picture: sure ones, else the doubtful ones.

    Symbols that say the same are one choice, and a bare GTIN is left out where another symbol
    has the same GTIN with more to it: most packs carry both an EAN-13 and a QR code.
    """
    sure = bool(picture.symbols)
    symbols = picture.symbols if sure else tuple(u.symbol for u in picture.unconfirmed)
    readings: list[_Read] = [(symbol, _read(symbol)) for symbol in symbols]
    has_gtin: list[_Read] = [
        (s, r) for s, r in readings if r is not None and r.keys.gtin is not None
    ]
    kept = _without_repeats(has_gtin) if has_gtin else readings
    return [
        _choice(number, symbol, reading, hosts, sure=sure)
        for number, (symbol, reading) in enumerate(kept, 1)
    ]


def _read(symbol: Symbol) -> gs1.Reading | None:
    try:
        return gs1.read(symbol.text, symbol.symbology_identifier)
    except Gs1Error:
        return None


def _without_repeats(found: Sequence[_Read]) -> Sequence[_Read]:
    best: dict[tuple[str, str, str], _Read] = {}
    for symbol, reading in found:
        keys = reading.keys if reading else gs1.Keys()
        gtin = keys.gtin.value if keys.gtin else ""
        best.setdefault((gtin, keys.lot or "", keys.serial or ""), (symbol, reading))
    with_more = {gtin for gtin, lot, serial in best if lot or serial}
    return [
        pair for (gtin, lot, serial), pair in best.items() if lot or serial or gtin not in with_more
    ]


def _choice(
    number: int, symbol: Symbol, reading: gs1.Reading | None, hosts: frozenset[str], *, sure: bool
) -> Choice:
    return Choice(
        number=number,
        format=symbol.format,
        text=symbol.text,
        symbology_identifier=symbol.symbology_identifier,
        elements=tuple((e.ai, e.value) for e in reading.elements) if reading else (),
        position=symbol.position,
        address=page_of_code(symbol.text, reading, hosts),
        sure=sure,
    )


def page_of_code(text: str, reading: gs1.Reading | None, hosts: frozenset[str]) -> str:
    """The address of a code's page: its Digital Link here.

    A link of another host keeps its text: that the host is not ours is part of the answer.

    >>> page_of_code("9521234567899", gs1.read("9521234567899"), frozenset())
    '/01/09521234567899'
    >>> page_of_code("hello", None, frozenset())
    '/check?code=hello'
    """
    host = urlsplit(f"//{reading.host}").hostname if reading and reading.host else None
    foreign = host is not None and host not in hosts
    if reading is not None and reading.keys.gtin is not None and not foreign:
        try:
            return "/" + reading.as_digital_link("https://x").removeprefix("https://x/")
        except Gs1Error:
            # Some element strings have no place in a Digital Link.
            return f"/check?code={quote(text, safe='')}"
    return f"/check?code={quote(text, safe='')}"
