"""The second witness: bars averaged along their length."""

import numpy as np
import pytest
import zxingcpp

from scanner.engines import Found, zxing
from scanner.strip import read_along
from scanner.view import View, scaling


def page(content: str, name: str, margin: int = 40) -> View:
    barcode = zxingcpp.create_barcode(content, getattr(zxingcpp.BarcodeFormat, name))
    symbol = np.asarray(barcode.to_image(scale=3, add_quiet_zones=False))
    return View("1/1", np.pad(symbol, margin, constant_values=255), scaling(1.0))


@pytest.mark.parametrize(
    ("content", "name"),
    [
        ("LOT-7", "Code128"),
        ("LOT-7", "Code39"),
        ("19520123456785", "ITF"),
        ("09520123456788", "DataBarOmni"),
    ],
)
def test_a_linear_symbol_is_read_again_along_its_bars(content, name):
    view = page(content, name)
    (found,) = zxing.read(view.grey)
    assert [again.identity for again in read_along(view, found)] == [found.identity]


def test_a_symbol_cut_off_at_its_last_bar_is_read_all_the_same():
    (found,) = zxing.read(page("LOT-7", "Code128").grey)
    bare = page("LOT-7", "Code128", margin=0)
    height, width = bare.grey.shape
    corners = ((0.0, 0.0), (float(width), 0.0), (float(width), float(height)), (0.0, float(height)))
    there = Found("zxing", "Code 128", "LOT-7", b"LOT-7", "]C0", corners)
    assert [again.text for again in read_along(bare, there)] == [found.text]


def test_noise_along_the_bars_of_one_line_is_averaged_away():
    view = page("LOT-7", "Code128")
    (found,) = zxing.read(view.grey)
    noise = np.random.default_rng(4).normal(0, 70, view.grey.shape)
    noisy = View("1/1", np.clip(view.grey + noise, 0, 255).astype(np.uint8), scaling(1.0))
    assert "LOT-7" in [again.text for again in read_along(noisy, found)]


def test_a_stacked_symbol_is_not_read_along_one_line():
    corners = ((40.0, 40.0), (200.0, 40.0), (200.0, 90.0), (40.0, 90.0))
    stacked = Found("zxing", "DataBar Stacked", "01", b"01", "]e0", corners)
    assert read_along(page("LOT-7", "Code128"), stacked) == []
