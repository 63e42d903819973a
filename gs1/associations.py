"""Which element strings may and must stand together (GS1 General Specifications 4.13 and 4.14).

>>> from gs1 import element_string
>>> try:
...     element_string.parse("(01)09520123456788(37)12")
... except Gs1Error as error:
...     print(error.code, error.arguments)
gs1.exclusive {'ai': '01', 'other': '37'}

Mandatory associations hold for all barcodes of an item together, so they are checked on request.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from gs1.ai import TABLE, find
from gs1.errors import Gs1Error

if TYPE_CHECKING:
    from gs1.element_string import ElementString

# A digital signature covers one instance, so these keys must carry their serial component.
_SERIALISED = {"253": 13, "255": 13, "8003": 14}


def check(elements: Sequence[ElementString], *, requisites: bool) -> None:
    """Check what the element strings of one item say about each other.

    Raises:
        Gs1Error: gs1.exclusive, gs1.repeated, gs1.serial-required; gs1.requires on request.
    """
    if len(elements) == 1 and not requisites:
        return
    values = dict(elements)
    if len(values) < len(elements):
        _repeats(elements)
    understood = TABLE.get
    for ai in values:
        # Rows of AIs that were just parsed are understood already; a look-up is all they need.
        info = understood(ai) or find(ai)
        if info and info.excludes and not info.excludes.isdisjoint(values):
            other = min(info.excludes & values.keys())
            raise Gs1Error("gs1.exclusive", values[ai], None, tuple(elements), ai=ai, other=other)
    if "8030" in values:
        _signed(values, elements)
    if requisites:
        _requisites(values, elements)


def _repeats(elements: Sequence[ElementString]) -> None:
    """Refuse an AI that stands there twice with different values."""
    values: dict[str, str] = {}
    for ai, value in elements:
        if values.setdefault(ai, value) != value:
            raise Gs1Error("gs1.repeated", value, None, tuple(elements), ai=ai)


def _signed(values: dict[str, str], elements: Sequence[ElementString]) -> None:
    """Require the serial component of keys that a digital signature covers."""
    for ai, bare in _SERIALISED.items():
        if len(values.get(ai, "")) == bare:
            raise Gs1Error("gs1.serial-required", values[ai], None, tuple(elements), ai=ai)


def _requisites(values: dict[str, str], elements: Sequence[ElementString]) -> None:
    """Require the AIs that others demand."""
    for ai in values:
        info = find(ai)
        others = values.keys() - {ai}
        for rule, text in zip(info.requires, info.requires_text, strict=True) if info else ():
            if not any(all(not family.isdisjoint(others) for family in choice) for choice in rule):
                raise Gs1Error(
                    "gs1.requires", values[ai], None, tuple(elements), ai=ai, expected=text
                )
