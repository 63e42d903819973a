"""Numbers round cans and below glare, held against the bars that can still be seen."""

import numpy as np
import pytest

from scanner.confirm import judge
from scanner.ean import modules
from scanner.engines import Found

NUMBER, OTHER, PIXELS = "9520123456788", "9520123456719", 2
EIGHT, OTHER_EIGHT = "95201238", "95201207"
LEFT, TOP, BOTTOM = 60, 40, 160


def on_a_can(name: str, digits: str, first: float, last: float, pixels: int = PIXELS) -> np.ndarray:
    """A symbol whose ends are turned away from the camera by so many degrees."""
    bars = np.array([module == "1" for module in modules(name, digits)])
    width = len(bars) * pixels
    ends = np.radians([first, last])
    # Eight rays a pixel, each of which meets the can at the angle whose sine it has.
    rays = (np.arange(width * 8) + 0.5) / (width * 8)
    angles = np.arcsin(np.sin(ends[0]) + rays * np.diff(np.sin(ends)))
    seen = bars[((angles - ends[0]) / np.diff(ends) * len(bars)).astype(int)]
    row = np.full(width + 2 * LEFT, 225.0)
    row[LEFT:-LEFT] = 225 - 200 * seen.reshape(-1, 8).mean(axis=1)
    page = np.full((BOTTOM + TOP, len(row)), 225.0)
    page[TOP:BOTTOM] = row
    return (page + np.random.default_rng(4).normal(0, 3, page.shape)).clip(0, 255).astype(np.uint8)


def read(grey: np.ndarray, name: str, digits: str, top: float = TOP, bottom: float = BOTTOM):
    right = float(grey.shape[1] - LEFT)
    corners = ((float(LEFT), top), (right, top), (right, bottom), (float(LEFT), bottom))
    return Found("zxing", name, digits, digits.encode(), "]E0", corners)


@pytest.mark.parametrize("ends", [(-70, 70), (-10, 75), (-75, 20), (-40, 80)])
def test_bars_round_a_can_bear_their_number_out(ends):
    grey = on_a_can("EAN-13", NUMBER, *ends)
    assert judge(grey, read(grey, "EAN-13", NUMBER)).outcome == "confirmed"


@pytest.mark.parametrize("ends", [(-70, 70), (-10, 75)])
@pytest.mark.parametrize(
    ("name", "digits", "other"), [("EAN-13", NUMBER, OTHER), ("EAN-8", EIGHT, OTHER_EIGHT)]
)
def test_bars_round_a_can_bear_no_other_number_out(name, digits, other, ends):
    grey = on_a_can(name, digits, *ends)
    assert judge(grey, read(grey, name, other)).outcome != "confirmed"


def test_lines_beside_the_glare_bear_a_number_out():
    grey = on_a_can("EAN-13", NUMBER, -1, 1)
    grey[TOP : BOTTOM - 40, 100:180] = 255
    below_glare = read(grey, "EAN-13", NUMBER, TOP, TOP + 60.0)
    assert judge(grey, below_glare).outcome == "confirmed"


def test_clear_edges_refute_a_number_that_bent_bars_would_fit():
    # 5777687015524 is no number: an engine that takes the second digit for a 3 finds one.
    grey = on_a_can("EAN-13", "5777687015524", -45, 45, pixels=4)
    assert judge(grey, read(grey, "EAN-13", "5377687015524")).outcome == "refuted"
