"""What is left of a region in which a symbol was read."""

import math

import numpy as np
import pytest

from scanner.locate import Region
from scanner.region import outline, upright
from scanner.remainder import remainders
from scanner.view import View, scaling

REGION = Region(x=500, y=400, angle=0.0, length=600, height=300, is_linear=True, weight=1.0)


def box(left: float, top: float, right: float, bottom: float):
    return (left, top), (right, top), (right, bottom), (left, bottom)


def places(parts: list[Region]) -> list[tuple[int, ...]]:
    return [tuple(map(round, (each.x, each.y, each.length, each.height))) for each in parts]


def test_what_stands_elsewhere_takes_nothing_away():
    assert remainders(REGION, [box(900, 100, 1200, 200)], 3.0) == [REGION]


def test_above_below_and_to_both_sides_something_is_left():
    parts = remainders(REGION, [box(400, 350, 600, 450)], 3.0)
    assert places(parts) == [
        (500, 300, 600, 100), (500, 500, 600, 100), (300, 400, 200, 100), (700, 400, 200, 100),
    ]  # fmt: skip


def test_what_is_too_low_or_too_short_for_bars_is_left_out():
    low, short = 16 * 3 - 1, 50 * 3 - 1
    known = box(200 + short, 250 + low, 800 - short, 550 - low)
    assert remainders(REGION, [known], 3.0) == []


def test_between_two_symbols_a_third_is_left():
    upper, lower = box(200, 250, 800, 340), box(200, 460, 800, 550)
    assert places(remainders(REGION, [upper, lower], 3.0)) == [(500, 400, 600, 120)]


@pytest.mark.parametrize("degrees", [30, 90, 200])
def test_it_lies_as_the_region_does(degrees):
    turn = math.radians(degrees)
    region = Region(500, 400, turn, 600, 300, True, 1.0)
    upper = Region(500 + 75 * math.sin(turn), 400 - 75 * math.cos(turn), turn, 600, 150, True, 1.0)
    [part] = remainders(region, [outline(upper)], 3.0)
    assert (part.x, part.y) == pytest.approx(
        (500 - 75 * math.sin(turn), 400 + 75 * math.cos(turn)), abs=0.01
    )
    assert (part.length, part.height) == pytest.approx((600, 150))


def test_a_line_along_an_edge_is_cut_out_though_it_has_no_length():
    view = View("1/1", np.full((300, 400), 200, np.uint8), scaling(1.0))
    line = Region(200, 150, math.pi / 2, 0.02, 390, True, 0.0)
    assert min(upright(view, line).grey.shape) > 0
