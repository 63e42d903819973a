"""What a read has to show of itself before it may be a symbol at all."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from PIL import Image

from scanner.dimensions import Symbology
from scanner.ean import modules
from scanner.engines import Found, zxing
from scanner.engines.zxing_writer import matrix
from scanner.possible import is_possible

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


def parts_of(grey: np.ndarray, read: Callable[[np.ndarray], list[Found]]) -> list[Found]:
    """What an engine makes of each line of pixels alone."""
    return [
        replace(found, position=((left, y), (right, y), (right, y + 2), (left, y + 2)))
        for y in map(float, range(100, len(grey) - 100))
        for found in read(np.tile(grey[int(y)], (12, 1)))
        for (left, _), (right, _), *_ in [found.position]
    ]


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
    reads = parts_of(askew, partial(zxing.read_row, format_name="ITF"))
    parts = [read for read in reads if read.text != CARTON]
    assert parts
    assert not any(is_possible(part, askew) for part in parts)


@pytest.mark.parametrize("degrees", [17, 20])
def test_lines_that_cross_an_ean_13_askew_read_no_ean_8(degrees):
    row = [module == "1" for module in modules("EAN-13", "0737787386665")]
    bars = np.where(np.pad(np.repeat(row, 4), QUIET), 20, 230).astype(np.uint8)
    page = np.full((700, 800), 230, np.uint8)
    page[250:400, 150 : 150 + len(bars)] = bars
    turned = Image.fromarray(page).rotate(degrees, Image.Resampling.BICUBIC, fillcolor=230)
    askew = np.asarray(turned)
    parts = parts_of(askew, partial(zxing.read, formats=zxing.RETAIL, invert=False))
    assert {part.format for part in parts} == {"EAN-8"}
    assert not any(is_possible(part, askew) for part in parts)
