"""From the symbols of a photograph to the codes to choose from, each with its page."""

from dataclasses import dataclass
from urllib.parse import quote

import gs1
from gs1.errors import Gs1Error
from scanner import Reading as Picture
from scanner import Symbol
from scanner.reading import Position


@dataclass(frozen=True, slots=True)
class Choice:
    """One code in a photograph."""

    number: int
    """Counted from 1, as drawn on the picture."""
    format: str
    text: str
    """What the symbol says."""
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
    readings = [(symbol, _read(symbol)) for symbol in symbols]
    has_gtin = [(s, r) for s, r in readings if r is not None and r.keys.gtin is not None]
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


def _without_repeats(
    found: "list[tuple[Symbol, gs1.Reading | None]]",
) -> "list[tuple[Symbol, gs1.Reading | None]]":
    best: dict[tuple[str, ...], tuple[Symbol, gs1.Reading | None]] = {}
    for symbol, reading in found:
        keys = reading.keys if reading else None
        gtin = keys.gtin.value if keys and keys.gtin else ""
        best.setdefault((gtin, (keys and keys.lot) or "", (keys and keys.serial) or ""), (symbol, reading))
    richer = {key[0] for key in best if key[1] or key[2]}
    return [pair for key, pair in best.items() if key[1] or key[2] or key[0] not in richer]


def _choice(
    number: int, symbol: Symbol, reading: gs1.Reading | None, hosts: frozenset[str], *, sure: bool
) -> Choice:
    return Choice(
        number=number,
        format=symbol.format,
        text=symbol.text,
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
    foreign = reading is not None and reading.host is not None and reading.host not in hosts
    if reading is not None and reading.keys.gtin is not None and not foreign:
        try:
            return "/" + reading.as_digital_link("https://x").removeprefix("https://x/")
        except Gs1Error:
            # Some element strings have no place in a Digital Link.
            return f"/check?code={quote(text, safe='')}"
    return f"/check?code={quote(text, safe='')}"
