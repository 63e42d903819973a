"""The sizes at which a picture is searched, as what its sides are divided by: 8, 4, 2 or 1."""

from scanner.bounds import DETAIL_SIDE
from scanner.image import Picture

_SMALL_SIDE = 900
"""Pixels of the longer side below which a picture is not reduced further."""


def reductions_of(picture: Picture) -> list[int]:
    """Every size worth a search, the smallest picture first."""
    longer, finest = max(picture.width, picture.height), picture.finest
    return [r for r in (8, 4, 2, 1) if r == finest or (longer / r >= _SMALL_SIDE and r > finest)]


def detail_of(picture: Picture) -> int:
    """The least reduction that brings the picture to a size whose search is affordable."""
    longer = max(picture.width, picture.height)
    wanted = next((r for r in (1, 2, 4) if longer / r <= DETAIL_SIDE), 8)
    return max(wanted, picture.finest)
