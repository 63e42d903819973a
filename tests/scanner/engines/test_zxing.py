"""A quick search leaves out lines, and tells the same places as one of all lines."""

import numpy as np
import pytest
from PIL import Image

from scanner.engines import zxing
from scanner.image import Grey
from tests.scanner.pictures import GTIN, ean13


def page(turn: int, size: int = 600) -> Grey:
    sheet = Image.new("L", (size, size), 255)
    sheet.paste(Image.fromarray(np.rot90(np.asarray(ean13()), turn)), (60, 40))
    return np.asarray(sheet)


@pytest.mark.parametrize("turn", [0, 1, 2, 3])
def test_a_symbol_lies_where_a_search_of_all_lines_finds_it(turn):
    grey = page(turn)
    (slow,) = zxing.read(grey, zxing.LINEAR, invert=False)
    (quick,) = zxing.read_down(grey) if turn % 2 else zxing.read_across(grey)

    assert quick.text == slow.text == GTIN
    assert np.abs(np.subtract(quick.position, slow.position)).max() <= 3


def test_a_symbol_that_stands_is_none_that_lies():
    assert zxing.read_across(page(1)) == zxing.read_down(page(0)) == []
