"""What a read has to show of itself before it may be a symbol at all."""

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from scanner.confirm import is_possible
from scanner.dimensions import Symbology
from scanner.engines import Found, zxing
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


@pytest.mark.parametrize("degrees", [8, 13, 18])
def test_lines_that_come_in_through_an_edge_read_no_itf(degrees):
    page = np.full((500, 700), 230, np.uint8)
    bars = itf(0)[0][0]
    page[200:320, 100 : 100 + len(bars)] = bars
    turned = Image.fromarray(page).rotate(degrees, Image.Resampling.BICUBIC, fillcolor=230)
    askew = np.asarray(turned)
    parts = [
        replace(found, position=((left, y), (right, y), (right, y + 2), (left, y + 2)))
        for y in map(float, range(110, 400))
        for found in zxing.read_row(np.tile(askew[int(y)], (12, 1)), "ITF")
        for (left, _), (right, _), *_ in [found.position]
        if found.text != CARTON
    ]
    assert parts
    assert not any(is_possible(part, askew) for part in parts)
