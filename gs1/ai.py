"""Application Identifiers: what may stand behind each, and beside what.

>>> lot = find("10")
>>> lot.title, lot.max_length, lot.needs_separator
('BATCH/LOT', 20, True)
>>> lot.check("ABC 1")
Fault(test='INVALID_CSET82_CHARACTER', start=3, end=4)
>>> find("01").qualifiers
(('22', '10', '21'), ('235',))
>>> find("89") is None
True

The table is ``data/application_identifiers.tsv``: all 541 AIs of the Syntax Dictionary, its release
stated inside. Rows are read when the package is imported, and understood one by one at first use.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import combinations
from typing import NamedTuple

from gs1.charset import is_numeric
from gs1.code_lists import read_rows
from gs1.fault import Fault
from gs1.linters import LINTERS, Linter

Check = Callable[[str], Fault | None]
Rule = tuple[tuple[frozenset[str], ...], ...]
"""A requirement: alternatives, each a tuple of AI families that must all be present."""

_CHARSETS = {"N": "csetnumeric", "X": "cset82", "Y": "cset39", "Z": "cset64"}

# AIs that start so have this many characters of value and no separator, allocated or not
# (GS1 General Specifications figure 7.8.5-2).
_PREDEFINED = {
    "00": 18, "01": 14, "02": 14, "03": 14, "04": 16, "11": 6, "12": 6, "13": 6, "14": 6, "15": 6,
    "16": 6, "17": 6, "18": 6, "19": 6, "20": 2, "31": 6, "32": 6, "33": 6, "34": 6, "35": 6,
    "36": 6, "41": 13,
}  # fmt: skip


class Component(NamedTuple):
    """One part of a value: its character set, its size in characters, and its linters."""

    charset: str
    """N digits, X set 82, Y set 39, Z set 64."""

    minimum: int
    """Fewest characters, where the component is there at all."""

    maximum: int
    """Most characters."""

    optional: bool
    """Whether the value may end before it."""

    linters: tuple[str, ...]
    """Names of the linters beside that of the character set."""


@dataclass(frozen=True, slots=True, eq=False)
class ApplicationIdentifier:
    """One row of the table, for one AI."""

    ai: str
    """Two to four digits."""

    title: str
    """The data title printed with human readable interpretation: ``BATCH/LOT``; may be empty."""

    components: tuple[Component, ...]
    """The parts of the value; only the last may vary in length, no part follows an optional one."""

    needs_separator: bool
    """Whether FNC1 must follow the value when another element string comes after it."""

    is_key: bool
    """Whether it can be the primary key of a Digital Link."""

    is_attribute: bool
    """Whether it can be a data attribute in the query of a Digital Link."""

    qualifiers: tuple[tuple[str, ...], ...]
    """Orders of key qualifiers behind this key, each an alternative of its own."""

    excludes: frozenset[str]
    """AIs that must not stand beside it, patterns such as 310n written out."""

    requires: tuple[Rule, ...]
    """Rules that must all be met by the other AIs of the item."""

    requires_text: tuple[str, ...]
    """The same rules as the dictionary writes them: ``01,02,8006+21``."""

    paths: dict[tuple[str, ...], frozenset[str]]
    """For a key: each allowed sequence of qualifiers, and the AIs that could still join it."""

    min_length: int
    """Fewest characters of a value, optional components left away."""

    max_length: int
    """Most characters of a value."""

    check: Check
    """Returns the first fault of a value, None when it is good."""

    is_known: bool = True
    """False for an AI that is in no row and was allowed on request."""

    @property
    def decimals(self) -> int | None:
        """Digits after the decimal point for measures and amounts, None for other AIs."""
        return int(self.ai[3]) if len(self.ai) == 4 and self.ai[:2] in _DECIMAL else None


_DECIMAL = frozenset(("31", "32", "33", "34", "35", "36", "39"))


def _expand(pattern: str) -> frozenset[str]:
    """Return the AIs of a pattern: 310n stands for ten, 35nn for a hundred."""
    fixed = pattern.rstrip("n")
    free = len(pattern) - len(fixed)
    return (
        frozenset(fixed + str(n).zfill(free) for n in range(10**free))
        if free
        else frozenset((pattern,))
    )


def _component(word: str) -> Component:
    """Read one component in our notation: ``N13:csum``, ``X1-17?``."""
    size, *linters = word.split(":")
    low, _, high = size[1:].rstrip("?").partition("-")
    return Component(size[0], int(low), int(high or low), size.endswith("?"), tuple(linters))


def _linters(component: Component) -> tuple[Linter, ...]:
    """Return the linters of a component, that of the character set first."""
    return tuple(LINTERS[name] for name in (_CHARSETS[component.charset], *component.linters))


def _check_one(component: Component) -> Check:
    """Build the check of a value of one component."""
    low, high = component.minimum, component.maximum
    first, *rest = _linters(component)
    # Four digits in front are certain where all are digits, so the prefix needs no second look.
    skipped = ("gcppos1", "gcppos2") if component.charset == "N" else ()
    others = tuple(linter for linter in rest if linter not in [LINTERS[name] for name in skipped])

    def check(value: str) -> Fault | None:
        if not low <= len(value) <= high:
            return Fault("INCORRECT_LENGTH", min(high, len(value)), len(value))
        fault = first(value)
        if fault is None and others:
            for linter in others:
                fault = linter(value)
                if fault is not None:
                    break
        return fault

    return check


def _check_many(components: tuple[Component, ...]) -> Check:
    """Build the check of a value of several components, each taking its share in turn."""
    parts = tuple((part, _linters(part)) for part in components)

    def check(value: str) -> Fault | None:
        at = 0
        for part, linters in parts:
            share = value[at : at + part.maximum]
            if part.optional and not share:
                break
            if len(share) < part.minimum:
                return Fault("INCORRECT_LENGTH", len(value), len(value))
            for linter in linters:
                if fault := linter(share):
                    return fault.shifted(at)
            at += len(share)
        return Fault("INCORRECT_LENGTH", at, len(value)) if at < len(value) else None

    return check


def _paths(orders: Iterable[tuple[str, ...]]) -> dict[tuple[str, ...], frozenset[str]]:
    """Return every ordered selection of qualifiers, with the AIs that could be added to it."""
    allowed = {
        chosen
        for order in orders
        for size in range(len(order) + 1)
        for chosen in combinations(order, size)
    }
    return {
        path: frozenset(
            more
            for longer in allowed
            if len(longer) == len(path) + 1 and set(path) < set(longer)
            for more in set(longer) - set(path)
        )
        for path in allowed
    }


def _build(ai: str, row: str) -> ApplicationIdentifier:
    """Understand one row of the table for one of its AIs."""
    _, separator, link, words, excludes, requires, orders, title = row.split("\t")
    components = tuple(_component(word) for word in words.split(" "))
    qualifiers = tuple(tuple(order.split(",")) for order in orders.split("|")) if orders else ()
    rules = tuple(requires.split(" ")) if requires else ()
    return ApplicationIdentifier(
        ai=ai,
        title=title,
        components=components,
        needs_separator=separator == "S",
        is_key=link in "BK",
        is_attribute=link in "BA",
        qualifiers=qualifiers,
        excludes=frozenset().union(*map(_expand, excludes.split(","))) - {ai, ""},
        requires=tuple(
            tuple(tuple(map(_expand, choice.split("+"))) for choice in rule.split(","))
            for rule in rules
        ),
        requires_text=rules,
        paths=_paths(qualifiers or ((),)) if link in "BK" else {},
        min_length=sum(part.minimum for part in components if not part.optional),
        max_length=sum(part.maximum for part in components),
        check=_check_one(components[0]) if len(components) == 1 else _check_many(components),
    )


class _Table(dict[str, ApplicationIdentifier]):
    """Known AIs, understood at first use; `KeyError` for an AI that is in no row."""

    def __missing__(self, ai: str) -> ApplicationIdentifier:
        info = self[ai] = _build(ai, _ROWS[ai])
        return info


def _rows() -> dict[str, str]:
    """Return the row of every AI, ranges written out."""
    rows: dict[str, str] = {}
    for row in read_rows("application_identifiers.tsv"):
        first, _, last = row.partition("\t")[0].partition("-")
        for number in range(int(first), int(last or first) + 1):
            rows[str(number).zfill(len(first))] = row
    return rows


_ROWS = _rows()

ALL: tuple[str, ...] = tuple(_ROWS)
"""Every AI of the table, in the dictionary's order."""

TABLE = _Table()
"""``TABLE["01"]`` is the row of an AI; `KeyError` when there is none."""

LENGTHS: dict[str, int] = {ai[:2]: len(ai) for ai in ALL}
"""How many digits an AI has, by its first two."""


def find(ai: str) -> ApplicationIdentifier | None:
    """Return the row of an AI, None when the dictionary does not have it."""
    return TABLE[ai] if ai in _ROWS else None


def assume(ai: str) -> ApplicationIdentifier | None:
    """Return the row an AI unknown to the dictionary would have, None when it cannot be one.

    It must be two to four digits, of the length its first two digits demand where they are in use.
    """
    if not (is_numeric(ai) and 2 <= len(ai) <= 4 and LENGTHS.get(ai[:2], len(ai)) == len(ai)):
        return None
    fixed = _PREDEFINED.get(ai[:2])
    part = Component("X", fixed or 1, fixed or 90, optional=False, linters=())
    return ApplicationIdentifier(
        ai=ai,
        title="",
        components=(part,),
        needs_separator=fixed is None,
        is_key=False,
        is_attribute=False,
        qualifiers=(),
        excludes=frozenset(),
        requires=(),
        requires_text=(),
        paths={},
        min_length=part.minimum,
        max_length=part.maximum,
        check=_check_one(part),
        is_known=False,
    )
