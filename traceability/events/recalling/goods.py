"""What a key names of a product, and the keys that a recall begins with.

>>> part_of("https://id.gs1.org/01/09520001234569/10/L%2F7")
Part(gtin='09520001234569', name='10/L/7')
>>> part_of("https://id.gs1.org/01/09520001234569/21/A1")
Part(gtin='09520001234569', name='21/A1')
>>> part_of("https://id.gs1.org/00/395200000000000012") is None
True
>>> key_of_goods("09520001234569", "L7", None)
'https://id.gs1.org/01/09520001234569/10/L7'
>>> key_of_goods("09520001234569", "L7", "A1")
'https://id.gs1.org/01/09520001234569/21/A1'
"""

from typing import NamedTuple
from urllib.parse import quote, unquote

from traceability.events.identifiers import STEM, gtin_of


class Part(NamedTuple):
    gtin: str
    name: str
    """`10/L7` a lot, `21/A1` a unit, empty the whole product."""


def part_of(key: str) -> Part | None:
    """The product, and which part of it; None for what is no trade item."""
    gtin = gtin_of(key)
    if gtin is None:
        return None
    head, _, value = key.rpartition("/")
    application_identifier = head.rpartition("/")[2]
    if application_identifier not in ("21", "10"):
        return Part(gtin, "")
    return Part(gtin, f"{application_identifier}/{unquote(value)}")


def key_of_goods(gtin: str, lot: str | None, serial: str | None) -> str:
    """The canonical key of a product, a lot or a unit; whose lot is no part of its key."""
    name = f"{STEM}/01/{gtin}"
    if serial:
        return f"{name}/21/{quote(serial, safe='')}"
    return f"{name}/10/{quote(lot, safe='')}" if lot else name


def serial_in(part: str) -> str | None:
    """The serial of a part's name."""
    return part[3:] if part.startswith("21/") else None


def lot_in(part: str) -> str | None:
    """The lot of a part's name."""
    return part[3:] if part.startswith("10/") else None
