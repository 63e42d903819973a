"""What would keep an engine busy for seconds is seen before it is asked; photographs never are."""

import numpy as np
import pytest
from PIL import Image

from scanner import decode
from scanner.engines.crowd import is_crowded
from scanner.image import Grey
from tests.scanner.pictures import LINK, on_paper, qr, saved

FINDER = np.array([[1] * 7, [1, 0, 0, 0, 0, 0, 1], *[[1, 0, 1, 1, 1, 0, 1]] * 3,
                   [1, 0, 0, 0, 0, 0, 1], [1] * 7])  # fmt: skip


def grid(side: int, module: int = 1, dark: int = 0) -> Grey:
    tile = np.kron(np.pad(FINDER, 1), np.ones((module, module), int))
    return np.where(np.tile(tile, (side, side)), dark, 255).astype(np.uint8)


@pytest.mark.parametrize(("side", "module"), [(316, 1), (200, 2), (158, 2)])
@pytest.mark.parametrize("dark", [0, 200])
def test_many_thousands_of_finder_patterns_are_too_many(side, module, dark):
    assert is_crowded(grid(side, module, dark))


def test_a_sheet_of_hundreds_of_codes_is_not_too_many():
    assert not is_crowded(np.tile(np.asarray(qr().reduce(2)), (8, 8)))


@pytest.mark.parametrize("period", [1, 2, 3])
def test_neither_noise_nor_stripes_are_taken_for_finder_patterns(period):
    shades = np.random.default_rng(period).integers(0, 256, (1800, 1800), dtype=np.uint8)
    assert not is_crowded(np.asarray(Image.fromarray(shades).reduce(period).resize((1800, 1800))))
    assert not is_crowded(np.tile(np.repeat([0, 255], period), (1800, 400)).astype(np.uint8))


def test_a_hundred_thousand_finder_patterns_keep_to_the_deadline():
    reading = decode(saved(Image.fromarray(grid(316))), deadline=1.5)
    assert reading.symbols == ()
    assert reading.ms < 4000  # ten seconds without the look ahead; a busy machine has its share


def test_a_code_in_a_large_noisy_picture_is_still_looked_for():
    sheet = np.asarray(on_paper(qr(), (1600, 1200)), np.int16)
    grain = np.random.default_rng(5).normal(0, 30, sheet.shape)
    data = saved(Image.fromarray(np.clip(sheet + grain, 0, 255).astype(np.uint8)))
    assert [symbol.text for symbol in decode(data, 20).symbols] == [LINK]
