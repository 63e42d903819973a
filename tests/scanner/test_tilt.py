"""The bars of a symbol tell how it is turned, and that a line has crossed them askew."""

import numpy as np
import pytest
from PIL import Image

from scanner.confirm import Judgement
from scanner.engines import Found
from scanner.evidence import Evidence
from scanner.region import upright
from scanner.tilt import is_across, is_askew, region_of, tilt
from scanner.view import View, scaling

LEVEL = ((150.0, 245.0), (450.0, 245.0), (450.0, 255.0), (150.0, 255.0))
TALL = ((150.0, 200.0), (450.0, 200.0), (450.0, 300.0), (150.0, 300.0))


def page(degrees: float, module: int) -> np.ndarray:
    """Bars of one and more modules, turned counter-clockwise."""
    row = np.repeat(np.random.default_rng(3).integers(0, 2, 600 // module), module) * 200
    bars = Image.fromarray(np.tile(row, (600, 1)).astype(np.uint8))
    turned = bars.rotate(degrees, Image.Resampling.BICUBIC, fillcolor=100)
    return np.asarray(turned)[50:550]


def read(position, format_name: str = "EAN-13") -> Found:
    return Found("zxing", format_name, "1", b"1", None, position)


@pytest.mark.parametrize("module", [2, 3, 5])
@pytest.mark.parametrize("degrees", [-60, -20, -5, 0, 10, 30, 45, 70])
def test_the_direction_of_bars_is_told_to_a_degree(degrees, module):
    told = np.degrees(tilt(page(degrees, module), LEVEL))
    assert (told + degrees + 90) % 180 - 90 == pytest.approx(0, abs=1)


def test_lines_read_along_the_bars_leave_something_to_be_cut_out():
    stripes = np.tile(np.where(np.arange(500) // 3 % 2, 0, 200).astype(np.uint8)[:, None], 600)
    view = View("1/1", stripes, scaling(1.0))
    assert min(upright(view, region_of(view, read(LEVEL))).grey.shape) > 0


@pytest.mark.parametrize(("degrees", "askew"), [(0, False), (7, False), (9, True), (84, False)])
def test_rows_or_columns_cross_what_is_little_askew(degrees, askew):
    assert is_askew(np.deg2rad(degrees)) == askew


def test_few_lines_that_cross_bars_askew_may_have_left_the_symbol():
    assert is_across(page(20, 3), read(LEVEL))
    assert not is_across(page(20, 3), read(TALL))
    assert not is_across(page(2, 3), read(LEVEL))
    assert not is_across(page(20, 3), read(LEVEL, "QR Code"))


def test_one_point_is_all_that_zbar_tells_of_a_single_line():
    assert not is_across(page(20, 3), read(((300.0, 250.0),) * 4))


def test_the_region_of_a_read_lies_as_its_bars_do():
    region = region_of(View("1/2", page(20, 3), scaling(2.0)), read(LEVEL))
    assert (region.x, region.y) == (600, 500)
    assert np.degrees(region.angle) == pytest.approx(-20, abs=1)
    assert region.length == pytest.approx(600 * np.cos(np.deg2rad(20)), rel=0.02)


def test_what_was_read_across_stands_alone_or_not_at_all():
    evidence, sure = Evidence(), Judgement("confirmed", 0.95)
    evidence.add(read(LEVEL), LEVEL, "1/1", sure, is_across=True)
    assert [symbol.text for symbol in evidence.symbols()] == ["1"]
    other = Found("zxing", "EAN-13", "2", b"2", None, LEVEL)
    evidence.add(other, LEVEL, "1/1 region", Judgement("open", 0.5))
    assert evidence.symbols() == ()
