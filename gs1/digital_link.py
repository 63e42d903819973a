"""GS1 Digital Link: element strings as a web address (URI syntax 1.6.0).

The path ends with a primary key, its value and its qualifiers in their fixed order; every other
element string is an attribute in the query.

>>> link = parse("https://example.com/stem/01/09520123456788/10/ABC/21/7?17=271231&linkType=pip")
>>> link.host, link.key, link.other_query
('example.com', '01', ('linkType=pip',))
>>> build(link.elements)
'https://id.gs1.org/01/09520123456788/10/ABC/21/7?17=271231'

The lenient mode accepts what is often printed wrong, and says what it repaired:

>>> repaired = parse("https://example.com/gtin/9520123456788/", lenient=True)
>>> [repair.code for repair in repaired.repairs]
['gs1.repaired-trailing-slash', 'gs1.repaired-name', 'gs1.repaired-zeros']
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from gs1 import associations, percent
from gs1.ai import TABLE, ApplicationIdentifier, find
from gs1.charset import is_numeric
from gs1.element_string import BLANKS, ElementString, bounded, element, row_of
from gs1.errors import Gs1Error

CANONICAL_STEM = "https://id.gs1.org"
"""The stem of the canonical form, which stands for no particular resolver."""

_URI = re.compile(
    r"(?P<stem>(?:https?|HTTPS?)://(?P<host>[A-Za-z0-9.:\[\]-]+))"
    r"(?P<path>/[A-Za-z0-9._~:/\[\]@!$&'()*+,;=%-]*)"
    r"(?:\?(?P<query>[A-Za-z0-9._~:/?\[\]@!$&'()*+,;=%-]*))?"
    r"(?:#[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]*)?"
)
_LEGAL = re.compile(r"[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]*")
_SCHEME = re.compile(r"https?://", re.IGNORECASE)

NAMES = {
    "cpid": "8010", "cpsn": "8011", "cpv": "22", "gcn": "255", "gdti": "253", "giai": "8004",
    "ginc": "401", "gln": "414", "glnx": "254", "gmn": "8013", "grai": "8003", "gsin": "402",
    "gsrn": "8018", "gsrnp": "8017", "gtin": "01", "itip": "8006", "lot": "10", "party": "417",
    "refno": "8020", "ser": "21", "srin": "8019", "sscc": "00",
}  # fmt: skip
"""Names that stood for AIs in the path of older links; today only the lenient mode reads them."""


REPAIRS = (
    "gs1.repaired-blanks",
    "gs1.repaired-scheme",
    "gs1.repaired-trailing-slash",
    "gs1.repaired-name",
    "gs1.repaired-zeros",
    "gs1.repaired-upc-e",
)
"""Every code a repair can have: the list that needs a sentence in each language."""


class Repair(NamedTuple):
    """One thing the lenient mode put right."""

    code: str
    """One of `REPAIRS`."""

    before: str
    """The part as it was given."""

    after: str
    """The part as it was read."""


@dataclass(frozen=True, slots=True)
class DigitalLink:
    """A Digital Link that was understood; its values passed their checks."""

    uri: str
    """The text as it was given."""

    host: str
    """The host, with its port if given; in the case it was given."""

    stem: str
    """Everything before the primary key, without a slash at the end."""

    elements: tuple[ElementString, ...]
    """The key, its qualifiers, then the attributes in the order of the query."""

    path_size: int
    """How many of the elements come from the path."""

    other_query: tuple[str, ...]
    """Parameters of the query that are no AIs, as given: ``linkType=pip``."""

    repairs: tuple[Repair, ...]
    """What the lenient mode repaired; empty in the strict mode."""

    @property
    def key(self) -> str:
        """The AI of the primary key."""
        return self.elements[0].ai


def is_link(text: str) -> bool:
    """Return whether the text claims to be a Digital Link: its scheme is http or https."""
    return text.startswith(("https://", "http://", "HTTPS://", "HTTP://"))


def parse(
    uri: str,
    *,
    lenient: bool = False,
    zero_suppressed: bool = False,
    requisites: bool = False,
    permit_unknown: bool = False,
) -> DigitalLink:
    """Return the Digital Link of a web address.

    Args:
        uri: the uncompressed address.
        lenient: whether common mistakes are repaired and reported.
        zero_suppressed: whether a GTIN may have 8, 12 or 13 digits; part of the lenient mode.
        requisites: whether mandatory associations are checked, see `element_string.parse`.
        permit_unknown: whether AIs unknown to the dictionary may stand in the path.

    Raises:
        Gs1Error: gs1.link-*, or what is wrong with a value, or with their association.
    """
    repairs: list[Repair] = []
    text = _prepare(bounded(uri), repairs) if lenient else bounded(uri)
    match = _URI.fullmatch(text)
    if match is None:
        raise _why_not(text)
    stem, host, path, query = match.groups()
    segments = path.split("/")
    reader = _Reader(zero_suppressed or lenient, permit_unknown, repairs, [])
    if lenient:
        _repair_path(segments, repairs)
    root, rows = reader.root(text, segments)
    try:
        reader.path(segments[root:], rows)
        other = reader.query(query or "", rows[0])
    except Gs1Error as error:
        error.elements = tuple(reader.elements)
        raise
    elements = tuple(reader.elements)
    associations.check(elements, requisites=requisites)
    return DigitalLink(
        uri, host, stem + "/".join(segments[:root]), elements, len(rows), other, tuple(repairs)
    )


def _why_not(text: str) -> Gs1Error:
    """Return the error of a text that has not the shape of a Digital Link."""
    legal = _LEGAL.match(text)
    end = legal.end() if legal else 0
    if not is_link(text):
        return Gs1Error("gs1.link-scheme", text)
    if end < len(text):
        return Gs1Error("gs1.link-characters", text, (end, end + 1))
    start = text.index("://") + 3
    slash = text.find("/", start)
    return Gs1Error("gs1.link-host", text, (start, slash if slash > start else len(text)))


def _prepare(uri: str, repairs: list[Repair]) -> str:
    """Repair blanks around the address and the case of its scheme."""
    text = uri.strip(BLANKS)
    if text != uri:
        repairs.append(Repair("gs1.repaired-blanks", uri, text))
    scheme = _SCHEME.match(text)
    if scheme and not is_link(text):
        text = scheme[0].lower() + text[scheme.end() :]
        repairs.append(Repair("gs1.repaired-scheme", scheme[0], scheme[0].lower()))
    return text


def _repair_path(segments: list[str], repairs: list[Repair]) -> None:
    """Repair a slash at the end of the path and names in place of AIs."""
    if len(segments) > 2 and not segments[-1]:
        segments.pop()
        repairs.append(Repair("gs1.repaired-trailing-slash", "/", ""))
    for at in range(len(segments) - 2, 0, -2):
        name = segments[at]
        if name not in NAMES:
            if find(name) is None:
                break
            continue
        segments[at] = NAMES[name]
        repairs.append(Repair("gs1.repaired-name", name, segments[at]))


class _Reader(NamedTuple):
    """The rules in force while one address is read, and what was read so far."""

    zero_suppressed: bool
    permit_unknown: bool
    repairs: list[Repair]
    elements: list[ElementString]

    def root(self, text: str, segments: list[str]) -> tuple[int, list[ApplicationIdentifier]]:
        """Return where the primary key stands, and the rows of the AIs from there on.

        It stands at the last place in the path that can be one.
        """
        rows: list[ApplicationIdentifier] = []
        for at in range(len(segments) - 2, 0, -2):
            info = row_of(segments[at], permit_unknown=self.permit_unknown)
            if info is None:
                break
            rows.append(info)
            if info.is_key:
                return at, rows[::-1]
        raise Gs1Error("gs1.link-no-key", text)

    def path(self, segments: list[str], rows: list[ApplicationIdentifier]) -> None:
        """Add the key and its qualifiers, which must be in an order the key allows."""
        for info, text in zip(rows, segments[1::2], strict=True):
            self.elements.append(self.value(info, text, query=False))
        key = rows[0]
        if tuple([info.ai for info in rows[1:]]) not in key.paths:
            expected = " | ".join(",".join(order) for order in key.qualifiers)
            raise Gs1Error("gs1.link-order", "/".join(segments), None, ai=key.ai, expected=expected)

    def query(self, query: str, key: ApplicationIdentifier) -> tuple[str, ...]:
        """Add the attributes of the query; return the parameters that are no AIs."""
        if not query:
            return ()
        path = [ai for ai, _ in self.elements]
        seen, joining = set(path), key.paths[tuple(path[1:])]
        other = []
        for parameter in query.split("&"):
            name, equals, value = parameter.partition("=")
            if not (equals and is_numeric(name)):
                if parameter:
                    other.append(parameter)
                continue
            info = row_of(name, permit_unknown=self.permit_unknown)
            if info is None:
                raise Gs1Error("gs1.unknown-ai", parameter, (0, len(name)), ai=name[:8])
            found = self.value(info, value, query=True)
            code = _misplaced(info, seen, joining)
            if code:
                raise Gs1Error(code, found.value, None, ai=name)
            self.elements.append(found)
            seen.add(name)
        return tuple(other)

    def value(self, info: ApplicationIdentifier, text: str, *, query: bool) -> ElementString:
        """Return the element string of an encoded value."""
        if not text:
            raise Gs1Error("gs1.link-empty-value", text, None, ai=info.ai)
        if "%" in text or (query and "+" in text):
            text = percent.decode(text, query=query)
        if self.zero_suppressed and info.ai == "01" and len(text) in (8, 12, 13):
            self.repairs.append(Repair("gs1.repaired-zeros", text, text.zfill(14)))
            text = text.zfill(14)
        return element(info, text)


def _misplaced(info: ApplicationIdentifier, seen: set[str], joining: frozenset[str]) -> str | None:
    """Return why an AI may not stand in the query: repeated, no attribute, or a qualifier."""
    if info.ai in seen:
        return "gs1.link-repeated"
    if not info.is_attribute:
        return "gs1.link-attribute"
    return "gs1.link-path-only" if info.ai in joining else None


def build(elements: Iterable[ElementString], stem: str = CANONICAL_STEM) -> str:
    """Return the Digital Link of element strings.

    The first that can be a primary key is the key. Attributes of fixed length come first, as the
    canonical form has it; repeated ones appear once.

    Raises:
        Gs1Error: gs1.link-no-key; gs1.link-attribute when one fits neither path nor query.
    """
    values: dict[str, str] = {}
    for ai, value in elements:
        values.setdefault(ai, value)
    rows = {ai: row_of(ai, permit_unknown=True) for ai in values}
    key = next((info for info in rows.values() if info and info.is_key), None)
    if key is None:
        raise Gs1Error("gs1.link-no-key", "", None)
    order = max(key.qualifiers or ((),), key=lambda order: sum(ai in values for ai in order))
    path = [ai for ai in (key.ai, *order) if ai in values]
    rest = [ai for ai in values if ai not in path]
    for ai in rest:
        info = rows[ai]
        if info is None or not info.is_attribute:
            raise Gs1Error("gs1.link-attribute", values[ai], None, ai=ai)
    rest.sort(key=lambda ai: TABLE[ai].needs_separator)
    query = "&".join(f"{ai}={percent.encode(values[ai], query=True)}" for ai in rest)
    steps = "".join(f"/{ai}/{percent.encode(values[ai])}" for ai in path)
    return f"{stem.removesuffix('/')}{steps}{'?' if query else ''}{query}"
