"""Digits as a person compares them: in the groups in which they are printed under the bars.

>>> gtin_groups("09521234567899")
('9', '521234', '567899')
>>> gtin_groups("19521234567896")
('1', '95', '21234', '56789', '6')
>>> code_groups("10", "LOT-2611")
('LOT-2611',)
>>> code_groups("21", "100200300400")
('1002', '0030', '0400')
"""

_GTIN_GROUPS = {8: (4, 4), 12: (1, 5, 5, 1), 13: (1, 6, 6), 14: (1, 2, 5, 5, 1)}
_UNGROUPED = 6
"""Up to this many digits are read at a glance."""


def printed_gtin(gtin: str) -> str:
    """The digits as they stand on the pack: a GTIN-14 keeps its 14, shorter ones lose the zeros."""
    if len(gtin) != 14:
        return gtin
    for zeros, length in (("000000", 8), ("00", 12), ("0", 13)):
        if gtin.startswith(zeros):
            return gtin[-length:]
    return gtin


def gtin_groups(gtin: str) -> tuple[str, ...]:
    digits = printed_gtin(gtin)
    return _split(digits, _GTIN_GROUPS.get(len(digits), (len(digits),)))


def code_groups(ai: str, value: str) -> tuple[str, ...]:
    """Groups of the value of an element string; only long runs of digits are cut."""
    if ai in ("01", "02") and len(value) == 14:
        return _split(value, _GTIN_GROUPS[14])
    if value.isdigit() and len(value) > _UNGROUPED:
        return tuple(value[start : start + 4] for start in range(0, len(value), 4))
    return (value,)


def _split(text: str, sizes: tuple[int, ...]) -> tuple[str, ...]:
    groups, start = [], 0
    for size in sizes:
        groups.append(text[start : start + size])
        start += size
    return tuple(groups)
