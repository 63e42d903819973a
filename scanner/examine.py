"""What becomes of a read: it is judged, and what stays open is read a second time.

A second read is one along the bars, which costs next to nothing, or one from a changed cutting of
the picture. What was read along lines that may have come from one symbol into another is read along
its own bars first: whatever shows there is told beside it, and `scanner.evidence` weighs them.

>>> import numpy as np, zxingcpp
>>> from scanner.view import scaling
>>> barcode = zxingcpp.create_barcode("LOT-7", zxingcpp.BarcodeFormat.Code39)
>>> page = np.pad(np.asarray(barcode.to_image(scale=3)), 40, constant_values=255)
>>> evidence = Evidence()
>>> examine(View("1/1", page, scaling(1.0)), zxing.read(page), evidence, Budget(60))
>>> [symbol.text for symbol in evidence.symbols()]
['LOT-7']
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from functools import partial

from scanner import attempts
from scanner.attempts import growth_of
from scanner.budget import Budget
from scanner.candidate import as_seen, is_unchanged
from scanner.confirm import judge, recovered
from scanner.engines import Found, zxing
from scanner.evidence import Evidence
from scanner.interleaved import may_be_part
from scanner.possible import is_possible
from scanner.reading import Position, lies_across
from scanner.region import upright
from scanner.strip import read_along
from scanner.surroundings import reach
from scanner.tilt import is_across, region_of
from scanner.view import View, cropped, negative

_SMALL_CUT = 250
"""Pixels across a stacked symbol below which it is enlarged to be read again, not made smaller."""


def examine(view: View, reads: Iterable[Found], evidence: Evidence, budget: Budget) -> None:
    """Judge what an engine read in a view, and read what is not sure a second time.

    Args:
        view: that was read.
        reads: with positions in the view's pixels.
        evidence: keeps them; what was open before is read again in this view, too. What was
            examined in the same pixels before, for another engine's sake, is not examined anew.
        budget: no second read begins that would not end in time.
    """
    for found in reads:
        if evidence.is_new(_pixels(view), found) and is_possible(found, view.grey):
            across = is_across(view.grey, found)
            if not across or _read_straight(view, found, evidence, budget):
                _add(view, found, evidence, is_across=across)
    for found, position in evidence.open():
        if evidence.is_new(_pixels(view), found, position):
            _second_read(view, found, position, evidence, budget)


def _pixels(view: View) -> Hashable:
    """Return what tells one view's pixels from another's."""
    return as_seen(view.name), view.to_upright.tobytes()


def _read_straight(view: View, found: Found, evidence: Evidence, budget: Budget) -> bool:
    """Add what stands in the place of a read along its bars; return whether there was time."""
    cut = upright(view, region_of(view, found))
    if not budget.affords("zxing", cut.grey.size):
        return False
    for other in attempts.LINEAR(cut.grey):
        if is_possible(other, cut.grey):
            _add(cut, other, evidence, is_across=is_across(cut.grey, other))
    return True


def _add(view: View, found: Found, evidence: Evidence, *, is_across: bool = False) -> None:
    part = found.format == "ITF" and may_be_part(view.grey, found)
    judgement = judge(view.grey, found)
    position = view.to_original(found.position)
    follow = partial(reach, view, found)
    evidence.add(
        found, position, view.name, judgement, follow, is_across=is_across, may_be_part=part
    )
    better = recovered(found, judgement)
    if better is not None:
        evidence.add(better[0], position, view.name, better[1])
    if judgement.outcome == "open" and not evidence.knows(found):
        for again in read_along(view, found):
            if again.identity == found.identity:
                stage = f"{view.name} strip"
                evidence.add(again, position, stage, judgement, is_across=is_across)


def _second_read(
    view: View, found: Found, position: Position, evidence: Evidence, budget: Budget
) -> None:
    """Read the place of an open read once more, cut out and changed."""
    # The corners of a stacked symbol are those of a part of it.
    is_part = "Stacked" in found.format and is_unchanged(view.name)
    corners = view.from_original(position)
    cut = cropped(view, corners, 1.2 if is_part else 0.15)
    turn = not lies_across(corners)
    family = zxing.FAMILY.get(found.format, zxing.SERVICE)
    for exchanged in [negative(cut)] if found.format == "DataBar" else []:
        for rival in zxing.read(exchanged.grey, family, invert=False, turn=turn):
            _add(exchanged, rival, evidence)
    is_small = is_part and cut.grey.shape[int(not turn)] < _SMALL_CUT
    for change in attempts.second_reads(is_small=is_small, turn=turn):
        if not budget.affords("zxing", cut.grey.size * growth_of(change)):
            return
        other = change(cut)
        for again in zxing.read(other.grey, family, invert=False, turn=turn):
            if again.identity == found.identity:
                _add(other, again, evidence, is_across=is_across(other.grey, again))
        if evidence.knows(found):
            return
