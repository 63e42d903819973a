"""What a canonical identifier names, as far as tracing treats it in its own way.

>>> is_asset("https://id.gs1.org/8003/09520000000014AB"), is_lot("https://id.gs1.org/00/1")
(True, False)
>>> is_lot("https://id.gs1.org/01/09520001234569/22/2A/10/L7")
True
>>> is_unit("https://id.gs1.org/01/09520001234569/21/A1")
True
"""

from traceability.events.identifiers import STEM

_ASSETS = (f"{STEM}/8003/", f"{STEM}/8004/")


def is_asset(key: str) -> bool:
    """Whether it is used again for other goods: a GRAI (crate, keg) or a GIAI (truck, tank)."""
    return key.startswith(_ASSETS)


def is_lot(key: str) -> bool:
    """Whether it names a lot of a product."""
    return _ends_with(key, "10")


def is_unit(key: str) -> bool:
    """Whether it names one instance of a product."""
    return _ends_with(key, "21")


def _ends_with(key: str, qualifier: str) -> bool:
    """Whether the last qualifier of a GS1 key is this one; no value of one holds a slash."""
    return key.endswith(f"/{qualifier}", 0, key.rfind("/")) and key.startswith(STEM)
