"""When a read is right: the same number or text, however a reader spells it.

>>> same("12345678", "12345678"), same("0012345678905", "012345678905")
(True, True)
>>> same("(01)09520123456788(10)A", "010952012345678810A")
True
>>> same("9520123456788", "9520123456771")
False
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from bench.decoding.contestants import Answer, Read

_UNPRINTED = dict.fromkeys(map(ord, "\x1d\u241d"))
_BRACKETS = re.compile(r"\((\d{2,4})\)")
_IDENTIFIER = re.compile(r"^\][A-Za-z][0-9]")


@dataclass(frozen=True)
class Truth:
    """What a picture shows."""

    texts: tuple[str, ...]
    """One for each symbol that should be found; any of them makes the picture right."""
    also: tuple[str, ...] = ()
    """True as well, but not asked for."""
    data: bytes | None = None
    """The bytes of a symbol that has no text."""

    def meant_by(self, read: Read) -> str | None:
        """Which of the texts a read gives; None when it gives something else."""
        for text in self.texts:
            if same(read.text, text, read.format):
                return text
        if self.data is not None and self.data in _encodings(read):
            return self.texts[0] if self.texts else ""
        return None

    def allows(self, read: Read) -> bool:
        if self.meant_by(read) is not None:
            return True
        is_add_on = read.format.startswith("EAN") and len(read.text) in (2, 5)
        return is_add_on or any(same(read.text, text, read.format) for text in self.also)


def same(read: str, expected: str, symbology: str = "") -> bool:
    return bool(spellings(read, symbology) & spellings(expected, "UPC-E"))


def spellings(text: str, symbology: str = "") -> set[str]:
    """The text without identifier, separators and brackets; a number also as GTIN-14."""
    plain = _IDENTIFIER.sub("", text).translate(_UNPRINTED).strip("\r\n\0\ufeff ")
    if plain.startswith("("):
        plain = _BRACKETS.sub(r"\1", plain)
    found = {plain}
    if plain.isascii() and plain.isdigit():
        if len(plain) in (12, 13, 14):
            found.add(plain.zfill(14))
        if len(plain) == 16 and plain.startswith("01"):
            found.add(plain[2:])
        if len(plain) in (7, 8) and re.sub(r"[^A-Z]", "", symbology.upper()) == "UPCE":
            found.add(expanded(plain).zfill(14))
    return found


def expanded(short: str) -> str:
    """The twelve digits that the eight (or seven, without check digit) of a UPC-E stand for."""
    system, digits, check = short[0], short[1:7], short[7:]
    last = digits[5]
    if last in "012":
        body = digits[:2] + last + "0000" + digits[2:5]
    elif last == "3":
        body = digits[:3] + "00000" + digits[3:5]
    elif last == "4":
        body = digits[:4] + "00000" + digits[4]
    else:
        body = digits[:5] + "0000" + last
    return system + body + check


def _encodings(read: Read) -> Collection[bytes]:
    found = {read.data}
    for name in ("utf-8", "latin-1", "shift_jis", "gb18030"):
        found.add(read.text.encode(name, "replace"))
    return found


@dataclass
class Tally:
    """What one contestant made of one set."""

    pictures: int = 0
    right: int = 0
    wrong: int = 0
    """Pictures with at least one read that is not in them."""
    symbols: int = 0
    found: int = 0
    doubtful: int = 0
    """Pictures that were not right, but whose text was given as unconfirmed."""
    failed: int = 0
    ms: list[float] = field(default_factory=list)
    wrong_reads: list[tuple[str, str, str]] = field(default_factory=list)
    """Picture, format and text of each wrong read."""

    def add(self, name: str, truth: Truth, answer: Answer) -> bool:
        """Count an answer; whether it was right."""
        meant = {truth.meant_by(read) for read in answer.reads} - {None}
        wrong = [read for read in answer.reads if not truth.allows(read)]
        self.pictures += 1
        self.right += bool(meant)
        self.wrong += bool(wrong)
        self.symbols += len(truth.texts) or truth.data is not None
        self.found += len(meant)
        self.doubtful += not meant and _some_meant(truth, answer.unconfirmed)
        self.failed += bool(answer.failed)
        self.ms.append(answer.ms)
        self.wrong_reads += [(name, read.format, read.text) for read in wrong]
        return bool(meant)


def _some_meant(truth: Truth, reads: Sequence[Read]) -> bool:
    return any(truth.meant_by(read) is not None for read in reads)
