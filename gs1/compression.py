"""Compressed Digital Links: a link whose element strings are one short word of base64.

>>> compress("https://id.gs1.org/01/09780345418913")
'https://id.gs1.org/ARHKVAdpQg'
>>> decompress("https://example.org/AQnYUc1gmiERBhQ0ytiyZuAGOLc1TXgpNWCv1")
'https://example.org/01/05412345000013/10/ABC%26%2B123?7003=1903061658&k1=v1'

It is the compression of GS1 Digital Link 1.1: AIs as four-bit digits, frequent combinations of AIs
as one byte, digits as binary numbers, and text in the narrowest of five alphabets that holds it. A
compressed link is for the carrier only: it is decompressed before anything is looked up.
"""

from __future__ import annotations

import math
import re
from itertools import groupby

from gs1 import digital_link, percent
from gs1.ai import LENGTHS, TABLE, ApplicationIdentifier, Component, find
from gs1.element_string import ElementString, bounded, element
from gs1.errors import Gs1Error

_COMPRESSED = re.compile(
    r"((?:https?|HTTPS?)://[^?#]+)/([A-Za-z0-9_-]+)(?:\?([^#]*))?(?:#.*)?", re.DOTALL
)
_BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_HEX_LOWER, _HEX_UPPER = "0123456789abcdef", "0123456789ABCDEF"
_ASCII = "".join(map(chr, range(128)))

# Encodings of text by their indicator: bits a character, and the alphabet. 0 is one binary number.
_ALPHABETS = {1: (4, _HEX_LOWER), 2: (4, _HEX_UPPER), 3: (6, _BASE64), 4: (7, _ASCII)}
_NARROWEST_FIRST = (2, 1, 3, 4)

_COMBINED: dict[str, tuple[str, ...]] = {
    "0A": ("01", "22"), "0B": ("01", "10"), "0C": ("01", "21"), "0D": ("01", "17"),
    "0E": ("01", "7003"), "0F": ("01", "30"), "1A": ("01", "10", "21", "17"), "1B": ("01", "15"),
    "1C": ("01", "11"), "1D": ("01", "16"), "1E": ("01", "91"), "1F": ("01", "10", "15"),
    "9A": ("8010", "8011"), "9B": ("8017", "8019"), "9C": ("8018", "8019"), "9D": ("414", "254"),
    **{f"2{'ABCDEF'[n]}": ("01", f"310{n}") for n in range(6)},
    **{f"3{'ABCDEF'[n]}": ("01", f"320{n}") for n in range(6)},
    **{f"A{n}": ("01", f"392{n}") for n in range(10)},
    **{f"C{n}": ("255", f"390{n}") for n in range(10)},
    **{f"C{'ABCD'[n]}": ("255", f"394{n}") for n in range(4)},
}  # fmt: skip
"""Bytes that stand for several AIs; none of them is a number, so none can be an AI."""

Part = tuple[str, int, bool]
"""One encoded part of a value: N or X, its size in characters, whether it may be shorter."""


def is_compressed(uri: str) -> bool:
    """Return whether a text is a compressed Digital Link, which is known by decompressing it."""
    try:
        decompress(uri)
    except Gs1Error:
        return False
    return True


def compress(uri: str, *, combined: bool = True) -> str:
    """Return the compressed form of a Digital Link; parameters that are no AIs stay in its query.

    Args:
        uri: an uncompressed link.
        combined: whether frequent combinations of AIs become one byte.

    Raises:
        Gs1Error: what is wrong with the link.
    """
    link = digital_link.parse(uri)
    query = "?" + "&".join(link.other_query) if link.other_query else ""
    return f"{link.stem}/{_word(link.key, dict(link.elements), combined=combined)}{query}"


def decompress(uri: str) -> str:
    """Return the uncompressed form of a compressed Digital Link.

    Raises:
        Gs1Error: gs1.link-no-key when the last step of the path is no compressed key; what is
            wrong with a value.
    """
    match = _COMPRESSED.fullmatch(bounded(uri))
    if match is None:
        raise Gs1Error("gs1.link-no-key", uri[:100])
    stem, word, query = match.groups()
    elements, other = _Reader(word).all()
    found = digital_link.build(elements, stem)
    digital_link.parse(found)
    parameters = [*other, *([query] if query else [])]
    if not parameters:
        return found
    return f"{found}{'&' if '?' in found else '?'}{'&'.join(parameters)}"


def _parts(info: ApplicationIdentifier) -> list[Part]:
    """Return how a value is cut: neighbouring digits are one number, neighbouring text one text."""
    parts: list[Part] = []
    cuts = groupby(
        info.components,
        key=lambda part: (part.charset == "N", part.charset == "N" and _is_open(part)),
    )
    for (is_number, _), group in cuts:
        members = list(group)
        size = sum(part.maximum for part in members)
        parts.append(("N" if is_number else "X", size, any(map(_is_open, members))))
    return parts


def _is_open(part: Component) -> bool:
    """Return whether a component may be shorter than its longest, or absent."""
    return part.optional or part.minimum != part.maximum


def _number_bits(digits: int) -> int:
    """Return the bits of a number of so many digits; the hundredth is the standard's own."""
    return math.ceil(digits * math.log2(10) + 0.01)


def _word(key: str, values: dict[str, str], *, combined: bool) -> str:
    """Return the compressed word of values by AI.

    AIs go in ascending order, but the primary key comes before others that could be taken for it.
    """
    codes = [code for code, ais in _COMBINED.items() if combined and values.keys() >= set(ais)]
    first = max((code for code in codes if _COMBINED[code][0] == key), key=_saved, default="")
    front = _COMBINED[first] if first else ()
    rest = sorted(values.keys() - set(front))
    if not first and next(ai for ai in rest if TABLE[ai].is_key) != key:
        rest = [key, *(ai for ai in rest if ai != key)]
    bits = _key_bits(first) + "".join(_value_bits(ai, values[ai]) for ai in front)
    bits += "".join(_key_bits(ai) + _value_bits(ai, values[ai]) for ai in rest)
    bits += "0" * (-len(bits) % 6)
    return "".join(_BASE64[int(bits[at : at + 6], 2)] for at in range(0, len(bits), 6))


def _saved(code: str) -> int:
    """Return how many digits of AIs a code replaces."""
    return len("".join(_COMBINED[code]))


def _key_bits(key: str) -> str:
    """Return the bits of an AI or a code, four a digit."""
    return "".join(f"{int(digit, 16):04b}" for digit in key)


def _value_bits(ai: str, value: str) -> str:
    """Return the bits of a value."""
    bits = ""
    for kind, size, is_open in _parts(TABLE[ai]):
        share, value = value[:size], value[size:]
        length = f"{len(share):0{size.bit_length()}b}" if is_open else ""
        bits += length + _digits_bits(share) if kind == "N" else _text_bits(share, length)
    return bits


def _digits_bits(digits: str) -> str:
    """Return digits as a binary number."""
    return f"{int(digits):0{_number_bits(len(digits))}b}" if digits else ""


def _text_bits(text: str, length: str) -> str:
    """Return the indicator of the narrowest encoding, the length and the text."""
    if text.isdigit():
        return f"000{length}{_digits_bits(text)}"
    encoding = next(n for n in _NARROWEST_FIRST if set(text) <= set(_ALPHABETS[n][1]))
    width, alphabet = _ALPHABETS[encoding]
    return f"{encoding:03b}{length}" + "".join(f"{alphabet.index(c):0{width}b}" for c in text)


class _Reader:
    """A walk along the bits of a compressed word."""

    def __init__(self, word: str) -> None:
        """Start at the first bit."""
        self.word = word
        self.bits = "".join(f"{_BASE64.index(character):06b}" for character in word)
        self.at = 0

    def wrong(self) -> Gs1Error:
        """Return the error of a word that is no compressed link."""
        return Gs1Error("gs1.link-no-key", self.word[:100], (0, min(len(self.word), 100)))

    def take(self, size: int) -> int:
        """Take so many bits as a number."""
        bits = self.bits[self.at : self.at + size]
        if len(bits) < size:
            raise self.wrong()
        self.at += size
        return int(bits or "0", 2)

    def all(self) -> tuple[list[ElementString], list[str]]:
        """Return the element strings, and the other parameters as they stand in a query."""
        elements: list[ElementString] = []
        other: list[str] = []
        # What is left of a last character or two is padding: no key has so few bits.
        while len(self.bits) - self.at > 8:
            code = f"{self.take(8):02X}"
            if code.startswith("F"):
                self.at -= 4
                other.append(self.parameter())
            else:
                elements.extend(self.element(ai) for ai in _COMBINED.get(code) or (self.ai(code),))
        return elements, other

    def ai(self, code: str) -> str:
        """Return the AI that starts with two digits; its length follows from them."""
        for _ in range(LENGTHS.get(code, 2) - 2):
            code += f"{self.take(4):X}"
        if find(code) is None:
            raise self.wrong()
        return code

    def element(self, ai: str) -> ElementString:
        """Take the value of an AI."""
        value = ""
        for kind, size, is_open in _parts(TABLE[ai]):
            if kind == "N":
                value += self.digits(self.take(size.bit_length()) if is_open else size)
            else:
                encoding = self.take(3)
                value += self.text(encoding, self.take(size.bit_length()) if is_open else size)
        return element(TABLE[ai], value)

    def digits(self, size: int) -> str:
        """Take a number of so many digits."""
        digits = f"{self.take(_number_bits(size)):0{size}d}" if size else ""
        if len(digits) != size:
            raise self.wrong()
        return digits

    def text(self, encoding: int, size: int) -> str:
        """Take so many characters."""
        if encoding == 0:
            return self.digits(size)
        if encoding not in _ALPHABETS:
            raise self.wrong()
        width, alphabet = _ALPHABETS[encoding]
        return "".join(alphabet[self.take(width)] for _ in range(size))

    def parameter(self) -> str:
        """Take a parameter that is no AI: its name in base64, then its value."""
        name = "".join(_BASE64[self.take(6)] for _ in range(self.take(7)))
        encoding = self.take(3)
        value = self.text(encoding, self.take(7))
        return f"{name}={percent.encode(value, query=True)}"
