r"""Element strings: an Application Identifier and its value, alone or in a row.

Two ways to write a row of them. Bracketed, for people: an opening bracket inside a value is escaped
by a backslash. Unbracketed, as carried in a barcode: values of open length end with FNC1, written
here as GS (U+001D), or as ``^`` where it was typed.

>>> parse("(01)09520123456788(10)LO\\(7(17)271231")  # doctest: +NORMALIZE_WHITESPACE
(ElementString(ai='01', value='09520123456788'), ElementString(ai='10', value='LO(7'),
 ElementString(ai='17', value='271231'))
>>> as_element_string(parse("^010952012345678810LO7^17271231"))
'010952012345678810LO7\x1d17271231'
>>> as_bracketed(parse("010952012345678810LO(7"))
'(01)09520123456788(10)LO\\(7'
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from gs1 import associations, check_digit
from gs1.ai import LENGTHS, TABLE, ApplicationIdentifier, assume, find
from gs1.errors import Gs1Error
from gs1.fault import Fault, code_of

FNC1 = "\x1d"
"""The separator as scanners transmit FNC1 between element strings: GS, U+001D."""

BLANKS = " \t\r\n"
"""What is skipped around a code; not U+001D, which Python would strip too."""

MAX_LENGTH = 8191
"""Characters of the longest text that is looked at; no GS1 carrier holds more."""


class ElementString(NamedTuple):
    """An Application Identifier and its value; a parsed one passed its checks."""

    ai: str
    """Two to four digits."""

    value: str
    """Without separator, brackets or escapes."""

    @property
    def title(self) -> str:
        """The data title, empty where the dictionary has none or does not know the AI."""
        info = find(self.ai)
        return info.title if info else ""


def bounded(text: str) -> str:
    """Return the text if it is neither empty nor longer than any carrier can hold.

    Raises:
        Gs1Error: gs1.empty, gs1.too-long.
    """
    if not text:
        raise Gs1Error("gs1.empty")
    if len(text) > MAX_LENGTH:
        raise Gs1Error("gs1.too-long", text[:100], expected=MAX_LENGTH)
    return text


def row_of(ai: str, *, permit_unknown: bool) -> ApplicationIdentifier | None:
    """Return the row of an AI; an unknown one only on request."""
    return find(ai) or (assume(ai) if permit_unknown else None)


def refuse(info: ApplicationIdentifier, value: str, fault: Fault) -> Gs1Error:
    """Return the error for a value with a fault."""
    facts: dict[str, str | int] = {"ai": info.ai, "test": fault.test}
    if fault.test == "INCORRECT_LENGTH":
        facts |= {"least": info.min_length, "most": info.max_length}
    if fault.test == "INCORRECT_CHECK_DIGIT":
        # All that stands before the check digit counts; the zero that leads a GRAI adds nothing.
        facts["expected"] = check_digit.compute(value[: fault.start])
    return Gs1Error(code_of(fault.test), value, (fault.start, fault.end), (), **facts)


def element(info: ApplicationIdentifier, value: str) -> ElementString:
    """Return the element string if the value is good.

    Raises:
        Gs1Error: the fault of the value.
    """
    fault = info.check(value)
    if fault is not None:
        raise refuse(info, value, fault)
    return ElementString(info.ai, value)


def parse(
    text: str, *, requisites: bool = False, permit_unknown: bool = False
) -> tuple[ElementString, ...]:
    """Return the element strings of a bracketed or unbracketed text.

    Args:
        text: bracketed if it starts with a bracket; else unbracketed, a leading FNC1 optional.
        requisites: whether AIs must stand beside those they require. Off by default, because the
            rule holds for all carriers of an item together.
        permit_unknown: whether AIs that the dictionary does not know are accepted.

    Raises:
        Gs1Error: with the good element strings in `elements`.
    """
    bounded(text)
    split = _bracketed if text.startswith("(") else _unbracketed
    done: list[ElementString] = []
    try:
        split(text, permit_unknown, done)
    except Gs1Error as error:
        error.elements = tuple(done)
        raise
    associations.check(done, requisites=requisites)
    return tuple(done)


def _bracketed(text: str, permit_unknown: bool, done: list[ElementString]) -> None:
    """Add the element strings of a bracketed text."""
    for at, ai, value in _pieces(text):
        info = row_of(ai, permit_unknown=permit_unknown)
        if info is None:
            raise Gs1Error("gs1.unknown-ai", text, (at, at + len(ai)), ai=ai[:8])
        done.append(element(info, value))


def _pieces(text: str) -> Iterable[tuple[int, str, str]]:
    """Yield position and name of each AI in brackets, and its value without escapes."""
    at = 0
    while at < len(text):
        close = text.find(")", at)
        if text[at] != "(" or close < 0:
            raise Gs1Error("gs1.brackets", text, (at, len(text)))
        opened, ai, start = at + 1, text[at + 1 : close], close + 1
        at = text.find("(", start)
        while at > start and text[at - 1] == "\\":
            at = text.find("(", at + 1)
        at = len(text) if at < 0 else at
        yield opened, ai, text[start:at].replace("\\(", "(")


def _unbracketed(text: str, permit_unknown: bool, done: list[ElementString]) -> None:
    """Add the element strings of an unbracketed text."""
    text = text.replace("^", FNC1)
    at = 1 if text[0] == FNC1 else 0
    size = len(text)
    if at == size:
        raise Gs1Error("gs1.empty", text)
    while at < size:
        start = at + LENGTHS.get(text[at : at + 2], 2)
        ai = text[at:start]
        try:
            info = TABLE[ai]
        except KeyError:
            info = _assumed(text, at, ai, permit_unknown)
        if info.needs_separator:
            end = text.find(FNC1, start)
            end = size if end < 0 else end
        else:
            end = min(start + info.max_length, size)
        value = text[start:end]
        fault = info.check(value)
        if fault is not None:
            cut = value.partition(FNC1)[0]
            raise refuse(info, cut, info.check(cut) or fault)
        done.append(ElementString(ai, value))
        at = end + 1 if text[end : end + 1] == FNC1 else end


def _assumed(text: str, at: int, ai: str, permit_unknown: bool) -> ApplicationIdentifier:
    """Return the row for an AI that is in no row; its length must be known to find its end."""
    info = assume(ai) if permit_unknown and ai[:2] in LENGTHS else None
    if info is None:
        raise Gs1Error("gs1.unknown-ai", text, (at, min(at + 4, len(text))), ai=text[at : at + 4])
    return info


def as_element_string(elements: Iterable[ElementString]) -> str:
    """Return the unbracketed form: separators only where needed, none first or last."""
    parts: list[str] = []
    open_ended = False
    for ai, value in elements:
        parts.append(f"{FNC1 if open_ended else ''}{ai}{value}")
        info = row_of(ai, permit_unknown=True)
        open_ended = info is None or info.needs_separator
    return "".join(parts)


def as_bracketed(elements: Iterable[ElementString]) -> str:
    """Return the bracketed form, opening brackets inside values escaped."""
    return "".join(f"({ai})" + value.replace("(", "\\(") for ai, value in elements)
