"""Human readable interpretation: the text under or beside a barcode.

>>> from gs1.element_string import parse
>>> lines(parse("(01)09520123456788(10)ABC"))
('(01) 09520123456788', '(10) ABC')
>>> lines(parse("(10)ABC"), titles=True)
('BATCH/LOT (10) ABC',)
"""

from __future__ import annotations

from collections.abc import Iterable

from gs1.element_string import ElementString


def lines(elements: Iterable[ElementString], *, titles: bool = False) -> tuple[str, ...]:
    """Return one line an element string, with the data title in front where wanted and known."""
    return tuple(
        f"{element.title} ({element.ai}) {element.value}"
        if titles and element.title
        else f"({element.ai}) {element.value}"
        for element in elements
    )
