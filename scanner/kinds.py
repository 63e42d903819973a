"""Kinds of symbols by the names engines give them: what vouches for itself, and how long bars are.

>>> "QR Code" in MATRIX, is_carton("19520123456785"), is_carton("19520123456780"), itf_modules(14)
(True, True, False, 135)
"""

from __future__ import annotations

import re

from gs1 import check_digit

MATRIX = {"QR Code", "rMQR Code", "Data Matrix", "PDF417", "Aztec"}
"""Symbols whose error correction vouches for them. Micro QR is none: its least version has 20 bits
and only detects errors, so that clutter passes for it."""

SHORT = {"EAN-8", "UPC-E"}
"""Symbols so short that clutter and parts of longer ones look like them."""

DATABAR_MODULES = {"DataBar": 96, "DataBar Stacked": 48}
"""Of a symbol from first bar to last, of a stacked one about."""

CARTON_DIGITS = 14
"""Of an ITF-14, the one length of an ITF that GS1 knows (General Specifications, 5.3.2.1)."""

_ITF_MODULES = 9
"""Of a digit of an ITF, about; start and stop have as many."""


_PAIRS = re.compile(r"(\d{4,})")
"""Digits of which Code 128 takes two in a character (ISO/IEC 15417 annex E)."""


def is_carton(itf: str) -> bool:
    """Return whether the digits of an ITF are those of a carton, their check digit right."""
    return len(itf) == CARTON_DIGITS and check_digit.is_valid(itf)


def itf_modules(digits: int) -> int:
    """Return about how many modules an ITF of so many digits has from first bar to last."""
    return _ITF_MODULES * (digits + 1)


def code_39_modules(text: str) -> int:
    """Return about how many modules a Code 39 has: 16 a character, start and stop among them."""
    return 16 * (len(text) + 2)


def code_128_modules(text: str, *, is_gs1: bool) -> int:
    """Return about how many modules a Code 128 has from first bar to last.

    Start, check and stop are 35; a change between pairs of digits and the rest is a character, and
    so is FNC1 of GS1-128.

    >>> code_128_modules("LOT7", is_gs1=False), code_128_modules("0109520123456788", is_gs1=True)
    (79, 134)
    """
    runs = list(filter(None, _PAIRS.split(text)))
    spelled = sum(-(-len(run) // 2) if _PAIRS.fullmatch(run) else len(run) for run in runs)
    return 35 + 11 * (spelled + len(runs) - 1 + is_gs1)
