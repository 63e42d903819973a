"""What a read has to show of itself before it may be a symbol at all."""

import numpy as np
import pytest

from scanner.confirm import is_possible
from scanner.dimensions import Symbology
from scanner.engines import Found
from scanner.engines.zxing_writer import matrix

CARTON = "19520123456785"
MODULE, QUIET = 3, 40


def itf(first: int) -> tuple[np.ndarray, Found]:
    """An ITF-14, and a read of it from one of its digits on as if they were all."""
    row = matrix(Symbology.ITF_14, CARTON)[0]
    bars = np.where(np.pad(np.repeat(row, MODULE), QUIET), 20, 230).astype(np.uint8)
    width = len(bars) - 2 * QUIET
    left = QUIET + width * first / len(CARTON)
    corners = ((left, 0.0), (QUIET + width, 0.0), (QUIET + width, 40.0), (left, 40.0))
    text = CARTON[first:]
    return np.tile(bars, (40, 1)), Found("zxing", "ITF", text, text.encode(), "]I0", corners)


@pytest.mark.parametrize("first", [4, 6, 8])
def test_the_last_digits_of_an_itf_are_no_itf(first):
    assert not is_possible(itf(first)[1], itf(first)[0])


def test_an_itf_between_quiet_zones_is_one():
    grey, found = itf(0)
    assert is_possible(found, grey)
    shorter = Found("zxing", "ITF", CARTON[:12], b"", "]I0", found.position)
    assert is_possible(shorter, grey)
