"""EPC URNs: the older names of serialised things in traceability data, to and from element strings.

>>> parse("urn:epc:id:sgtin:952000.0123456.ABC%2F7")
(ElementString(ai='01', value='09520001234569'), ElementString(ai='21', value='ABC/7'))
>>> build(parse("urn:epc:id:sgtin:952000.0123456.ABC%2F7"), 6)
'urn:epc:id:sgtin:952000.0123456.ABC%2F7'
>>> parse("urn:epc:class:lgtin:952000.0123456.L7")[1]
ElementString(ai='10', value='L7')

A URN parts the company prefix from the reference, which a GTIN does not: its length must be known,
from the caller or from the published list (EPC Tag Data Standard 2.0, section 6).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from gs1 import check_digit, company_prefix, percent
from gs1.ai import TABLE
from gs1.charset import is_numeric
from gs1.element_string import ElementString, element
from gs1.errors import Gs1Error


class _Scheme(NamedTuple):
    """How one URN scheme lays out a key."""

    ai: str
    digits: int
    """Digits of prefix and reference together."""

    moved: bool
    """Whether the first digit of the reference stands in front of the prefix in the key."""

    qualifier: str
    """The AI of the last part; empty when that part belongs to the key or does not exist."""

    serial: bool
    """Whether there is a last part: a serial or lot, or the extension of a place."""


_SCHEMES = {
    "urn:epc:id:sgtin": _Scheme("01", 13, moved=True, qualifier="21", serial=True),
    "urn:epc:class:lgtin": _Scheme("01", 13, moved=True, qualifier="10", serial=True),
    "urn:epc:id:upui": _Scheme("01", 13, moved=True, qualifier="235", serial=True),
    "urn:epc:idpat:sgtin": _Scheme("01", 13, moved=True, qualifier="", serial=True),
    "urn:epc:id:sscc": _Scheme("00", 17, moved=True, qualifier="", serial=False),
    "urn:epc:id:sgln": _Scheme("414", 12, moved=False, qualifier="254", serial=True),
    "urn:epc:id:pgln": _Scheme("417", 12, moved=False, qualifier="", serial=False),
    "urn:epc:id:grai": _Scheme("8003", 12, moved=False, qualifier="", serial=True),
    "urn:epc:id:gdti": _Scheme("253", 12, moved=False, qualifier="", serial=True),
    "urn:epc:id:sgcn": _Scheme("255", 12, moved=False, qualifier="", serial=True),
    "urn:epc:id:gsrn": _Scheme("8018", 17, moved=False, qualifier="", serial=False),
    "urn:epc:id:gsrnp": _Scheme("8017", 17, moved=False, qualifier="", serial=False),
    "urn:epc:id:gsin": _Scheme("402", 16, moved=False, qualifier="", serial=False),
    "urn:epc:idpat:grai": _Scheme("8003", 12, moved=False, qualifier="", serial=True),
    "urn:epc:idpat:gdti": _Scheme("253", 12, moved=False, qualifier="", serial=True),
    "urn:epc:idpat:sgcn": _Scheme("255", 12, moved=False, qualifier="", serial=True),
}
_FREE = {"urn:epc:id:giai": "8004", "urn:epc:id:ginc": "401"}
_PART = "urn:epc:id:cpi"
_PIECE = "urn:epc:id:itip"
_CLASS = "urn:epc:idpat:sgtin"
_ALL_OF = "*"
"""Stands in a pattern where a serial would: every one of the class."""


def parse(urn: str) -> tuple[ElementString, ...]:
    """Return the element strings of an EPC URN.

    Raises:
        Gs1Error: gs1.format for another scheme or layout; what the checks of a value found.
    """
    if len(urn) > 512:
        raise Gs1Error("gs1.too-long", urn[:100], expected=512)
    *names, body = urn.split(":", 4)
    name = ":".join(names)
    parts = body.split(".", 2 if name in _SCHEMES and _SCHEMES[name].serial else 1)
    if name in _FREE and len(parts) == 2 and is_numeric(parts[0]):
        return (element(TABLE[_FREE[name]], parts[0] + percent.decode(parts[1])),)
    kind = name.replace(":idpat:", ":id:", 1)
    if kind == _PART and len(parts) == 2 and "." in parts[1] and is_numeric(parts[0]):
        part, _, serial = parts[1].rpartition(".")
        key = element(TABLE["8010"], parts[0] + percent.decode(part))
        return _with_serial(name, key, "8011", serial)
    if kind == _PIECE:
        return _piece(urn, name, body)
    scheme = _SCHEMES.get(name)
    if scheme is None or len(parts) != 2 + scheme.serial:
        raise Gs1Error("gs1.format", urn, None, expected="urn:epc:id:")
    prefix, reference, *rest = parts
    digits = prefix + reference
    if len(digits) != scheme.digits or not is_numeric(digits or "x") or not is_numeric(prefix):
        raise Gs1Error("gs1.format", urn, None, expected=scheme.digits)
    if scheme.moved:
        digits = reference[:1] + prefix + reference[1:]
    return _elements(name, scheme, digits + check_digit.compute(digits), rest)


def _with_serial(name: str, key: ElementString, ai: str, serial: str) -> tuple[ElementString, ...]:
    """Return the key with its serial; alone where the URN is the pattern of a class."""
    if ":idpat:" not in name:
        return (key, element(TABLE[ai], serial))
    if serial != _ALL_OF:
        raise Gs1Error("gs1.format", name, None, expected=_ALL_OF)
    return (key,)


def _piece(urn: str, name: str, body: str) -> tuple[ElementString, ...]:
    """Return the AI 8006 of a piece of a trade item, and its serial."""
    parts = body.split(".", 4)
    digits = "".join(parts[:2])
    numbers = len(parts) == 5 and is_numeric("".join(parts[:4])) and bool(parts[0])
    if not numbers or len(digits) != 13 or [len(parts[2]), len(parts[3])] != [2, 2]:
        raise Gs1Error("gs1.format", urn, None, expected="urn:epc:id:itip:")
    digits = parts[1][:1] + parts[0] + parts[1][1:]
    number = digits + check_digit.compute(digits)
    key = element(TABLE["8006"], number + parts[2] + parts[3])
    return _with_serial(name, key, "21", percent.decode(parts[4]))


def _elements(name: str, scheme: _Scheme, key: str, rest: list[str]) -> tuple[ElementString, ...]:
    """Return the key and its qualifier."""
    last = percent.decode(rest[0]) if rest else ""
    zero = "0" if scheme.ai == "8003" else ""
    if ":idpat:" in name:
        if last != _ALL_OF:
            raise Gs1Error("gs1.format", name, None, expected=_ALL_OF)
        return (element(TABLE[scheme.ai], zero + key),)
    if scheme.qualifier:
        first = element(TABLE[scheme.ai], key)
        if scheme.qualifier == "254" and last == "0":
            return (first,)
        return (first, element(TABLE[scheme.qualifier], last))
    return (element(TABLE[scheme.ai], zero + key + last),)


def _escape(text: str) -> str:
    """Return a serial with the characters of set 82 escaped that a URN may not hold."""
    return "".join(f"%{ord(c):02X}" if c in '"%&/<>?' else c for c in text)


def build(elements: Sequence[ElementString], company_prefix_length: int | None = None) -> str:
    """Return the EPC URN of a key and its serial or lot.

    Args:
        elements: element strings, of which one is the key; a GTIN without serial or lot becomes
            the pattern of its class.
        company_prefix_length: digits of the company prefix; by default as the published list says.

    Raises:
        Gs1Error: gs1.link-no-key when no element has a URN; gs1.company-prefix when the length is
            neither given nor known.
    """
    values = dict(elements)
    for name, scheme in _SCHEMES.items():
        if scheme.ai in values and (
            not scheme.qualifier or scheme.qualifier in values or scheme.ai == "414"
        ):
            return _urn(name, scheme, values, company_prefix_length)
    for name, ai in _FREE.items():
        if ai in values:
            size = _length(values[ai], company_prefix_length)
            return f"{name}:{values[ai][:size]}.{_escape(values[ai][size:])}"
    if "8010" in values and "8011" in values:
        size = _length(values["8010"], company_prefix_length)
        part = f"{values['8010'][:size]}.{_escape(values['8010'][size:])}"
        return f"{_PART}:{part}.{values['8011']}"
    raise Gs1Error("gs1.link-no-key")


def _urn(name: str, scheme: _Scheme, values: dict[str, str], length: int | None) -> str:
    """Return the URN of a key of digits."""
    value = values[scheme.ai].removeprefix("0" if scheme.ai == "8003" else "")
    digits, last = value[: scheme.digits], value[scheme.digits + 1 :]
    if name == _CLASS:
        last = _ALL_OF
    elif scheme.qualifier:
        last = _escape(values.get(scheme.qualifier, "0"))
    elif scheme.serial and not last:
        raise Gs1Error("gs1.serial-required", values[scheme.ai], None, ai=scheme.ai)
    else:
        last = _escape(last)
    lead = digits[0] if scheme.moved else ""
    number = digits[len(lead) :]
    size = _length(number, length)
    tail = f".{last}" if scheme.serial else ""
    return f"{name}:{number[:size]}.{lead}{number[size:]}{tail}"


def _length(number: str, given: int | None) -> int:
    """Return the length of the company prefix."""
    size = company_prefix.length_of(number) if given is None and is_numeric(number[:12]) else given
    if not size or not 4 <= size <= 12:
        raise Gs1Error("gs1.company-prefix", number[:100])
    return size
