"""What a canonical identifier names, as far as tracing treats it in its own way.

>>> is_asset("https://id.gs1.org/8003/09520000000014AB"), is_lot("https://id.gs1.org/00/1")
(True, False)
>>> lot_within("https://id.gs1.org/01/09520001234569/10/L7/21/A1")
'https://id.gs1.org/01/09520001234569/10/L7'
"""

from traceability.events.identifiers import STEM

_ASSETS = (f"{STEM}/8003/", f"{STEM}/8004/")


def is_asset(key: str) -> bool:
    """Whether it is used again for other goods: a GRAI (crate, keg) or a GIAI (truck, tank)."""
    return key.startswith(_ASSETS)


def is_lot(key: str) -> bool:
    """Whether it names a lot of a product, and none of its instances."""
    return "/10/" in key and "/21/" not in key and key.startswith(f"{STEM}/01/")


def lot_within(key: str) -> str | None:
    """The lot that the name of an instance carries itself."""
    before, mark, _ = key.partition("/21/")
    return before if mark and is_lot(before) else None


def spellings(key: str) -> tuple[str, ...]:
    """The names under which events may know it: an instance with its lot, and without.

    >>> spellings("https://id.gs1.org/01/09520001234569/10/L7/21/A1")[1]
    'https://id.gs1.org/01/09520001234569/21/A1'
    """
    lot = lot_within(key)
    if lot is None:
        return (key,)
    return (key, f"{lot.partition('/10/')[0]}/21/{key.partition('/21/')[2]}")
