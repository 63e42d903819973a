"""The number that the bars say, whatever an engine says, and how sure that is."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gs1 import check_digit
from scanner.alignment import by_bars, by_guards
from scanner.confirm import judge, recovered
from scanner.ean import modules
from scanner.edges import by_edges
from scanner.engines import Found
from scanner.likelihood import PER_MODULE, STRUCTURES, blurred, explain, vouched
from scanner.possible import is_possible
from scanner.profile import REACH
from scanner.region import read_profile

EAN_13 = STRUCTURES["EAN-13"]
CORNERS = ((40.0, 0.0), (325.0, 0.0), (325.0, 60.0), (40.0, 60.0))


def completed(payload: str) -> str:
    return payload + check_digit.compute(payload)


def line(name: str, digits: str, blur: float, bend: float = 0.0) -> np.ndarray:
    """Darkness along a symbol and its surroundings, its middle shifted by so many modules."""
    bars = blurred(modules(name, digits), blur)
    seen = np.pad(bars, round(len(bars) * REACH))
    at = np.arange(len(seen)) / len(seen)
    shifted = np.arange(len(seen)) + bend * PER_MODULE * np.sin(np.pi * at)
    return np.interp(shifted, np.arange(len(seen)), seen).astype(np.float32)


@settings(max_examples=40, deadline=None)
@given(st.text("0123456789", min_size=12, max_size=12), st.sampled_from([0.3, 0.6, 0.9]))
def test_blurred_bars_say_their_number(payload, blur):
    digits = completed(payload)
    best = explain(blurred(modules("EAN-13", digits), blur)[None], EAN_13)
    assert best.digits == digits
    assert best.fit > 0.9


@settings(max_examples=20, deadline=None)
@given(st.text("0123456789", min_size=7, max_size=7))
def test_blurred_bars_of_an_ean_8_say_their_number(payload):
    digits = completed(payload)
    best = explain(blurred(modules("EAN-8", digits), 0.6)[None], STRUCTURES["EAN-8"])
    assert best.digits == digits


@pytest.mark.parametrize("upc_e", ["0012345000065", "0012000006494", "0050968000093"])
def test_blurred_bars_of_a_upc_e_say_their_number(upc_e):
    best = explain(blurred(modules("UPC-E", upc_e), 0.6)[None], STRUCTURES["UPC-E"])
    assert best.digits == upc_e


@pytest.mark.parametrize("bend", [-1.0, 0.0, 1.0])
def test_guards_alone_find_a_bent_symbol(bend):
    seen = line("EAN-13", "9520123456788", 0.5, bend)
    assert explain(by_guards(seen, EAN_13), EAN_13).digits == "9520123456788"


@pytest.mark.parametrize("bend", [-1.5, 0.0, 1.5])
@pytest.mark.parametrize(
    ("name", "digits"),
    [("EAN-13", "9520123456788"), ("EAN-8", "95200002"), ("UPC-E", "0012345000065")],
)
def test_counted_edges_lay_a_bent_symbol_straight(name, digits, bend):
    straight = by_edges(line(name, digits, 0.4, bend), STRUCTURES[name])
    best = explain(straight, STRUCTURES[name])
    assert best.digits == digits
    assert best.fit > 0.9


def test_edges_of_another_symbology_are_not_counted_as_its_own():
    seen = line("EAN-8", "95200002", 0.4)
    stretched = np.interp(np.linspace(0, len(seen) - 1, 665), np.arange(len(seen)), seen)
    assert len(by_edges(stretched.astype(np.float32), EAN_13)) == 0


def test_counted_edges_bear_out_no_other_number():
    straight = by_edges(line("EAN-13", "9520123456788", 0.4), EAN_13)
    wrong = vouched(straight, EAN_13, "9520123456689")
    assert wrong.margin < 0
    assert wrong.excess > 0


@pytest.mark.parametrize("bend", [-4.0, -2.0, 2.0, 4.0])
def test_the_bars_of_a_read_straighten_a_bottle(bend):
    lines = np.stack([line("EAN-13", "9520123456788", 0.5, bend)] * 3)
    best = explain(by_bars(lines, EAN_13, "9520123456788"), EAN_13)
    assert best.digits == "9520123456788"
    assert best.fit > 0.9


@pytest.mark.parametrize("wrong", ["9520123456689", "9520123455798", "9521123456787"])
def test_a_read_with_a_right_check_digit_and_wrong_bars_is_refuted_and_replaced(wrong):
    bars = np.repeat([m == "1" for m in modules("EAN-13", "9520123456788")], 3)
    grey = np.tile(np.where(np.pad(bars, 40), 20, 230).astype(np.uint8), (60, 1))
    found = Found("zxing", "EAN-13", wrong, wrong.encode(), "]E0", CORNERS)
    judgement = judge(grey, found)
    assert judgement.outcome == "refuted"
    replacement = recovered(found, judgement)
    assert replacement is not None
    assert (replacement[0].engine, replacement[0].text) == ("profile", "9520123456788")


def test_noise_neither_confirms_nor_refutes():
    grey = np.random.default_rng(2).integers(0, 256, (60, 365)).astype(np.uint8)
    found = Found("zxing", "EAN-13", "9520123456788", b"", "]E0", CORNERS)
    assert judge(grey, found).outcome == "open"


@pytest.mark.parametrize(("paper", "dark"), [(230, False), (20, True)])
def test_how_dark_it_is_beside_a_databar_is_told(paper, dark):
    bars = np.random.default_rng(4).integers(0, 2, 96)
    row = np.pad(np.repeat(np.where(bars, 20, 230), 3), 40, constant_values=paper)
    grey = np.tile(row.astype(np.uint8), (60, 1))
    corners = ((40.0, 0.0), (328.0, 0.0), (328.0, 60.0), (40.0, 60.0))
    found = Found("zxing", "DataBar", "0195201234567884", b"", "]e0", corners)
    assert (min(judge(grey, found).ends) > 0.8, max(judge(grey, found).ends) < 0.2) == (
        dark, not dark,
    )  # fmt: skip


def test_a_short_symbol_inside_a_longer_one_is_not_confirmed():
    """The left half of an EAN-13 and its middle guard are, bar by bar, a UPC-E of system 1."""
    assert modules("EAN-13", "9520123456788")[:51].endswith("010101")
    nowhere = np.zeros((1, 1), np.uint8)
    assert not is_possible(Found("zxing", "UPC-E", "0152012300004", b"", "]E0", CORNERS), nowhere)
    longer = np.array([module == "1" for module in modules("EAN-13", "9520123456788") * 2])
    row = np.where(np.pad(np.repeat(longer, 3), 40), 20, 230).astype(np.uint8)
    eight = modules("EAN-8", "95200002")
    row[40 + 60 : 40 + 60 + 201] = np.repeat([20 if m == "1" else 230 for m in eight], 3)
    place = ((100.0, 0.0), (301.0, 0.0), (301.0, 60.0), (100.0, 60.0))
    found = Found("zxing", "EAN-8", "95200002", b"", "]E4", place)
    assert judge(np.tile(row, (60, 1)), found).outcome != "confirmed"


def misprinted(digits: str) -> np.ndarray:
    """The region of an EAN-13 with those bars, whether or not its check digit holds."""
    row = np.repeat([m == "1" for m in modules("EAN-13", digits)], 5)
    around = round(len(row) * 0.2)
    return np.tile(np.where(np.pad(row, around), 20, 230).astype(np.uint8), (80, 1))


MISPRINTS = ("9520123456782", "6840543491805", "8266347199362", "1717002618164")
"""Bars of 8 for 7, of 7 for 1: digits whose edges lie alike, so that a number is near."""


@pytest.mark.parametrize("digits", MISPRINTS)
def test_a_wrong_check_digit_is_not_bent_into_a_number(digits):
    assert not check_digit.is_valid(digits)
    best = explain(blurred(modules("EAN-13", digits), 0.5)[None], EAN_13)
    assert check_digit.is_valid(best.digits)
    assert best.excess > 0.3
    assert read_profile(misprinted(digits)) == []


@pytest.mark.parametrize("digits", MISPRINTS)
def test_an_engine_that_bends_it_is_refuted(digits):
    best = explain(blurred(modules("EAN-13", digits), 0.5)[None], EAN_13).digits
    grey = misprinted(digits)
    left, right, height = 95.0, 95.0 + 475.0, float(len(grey))
    corners = ((left, 0.0), (right, 0.0), (right, height), (left, height))
    found = Found("zxing", "EAN-13", best, best.encode(), "]E0", corners)
    judgement = judge(grey, found)
    assert judgement.outcome == "refuted"
    assert recovered(found, judgement) is None


def test_a_number_is_vouched_for_place_by_place():
    seen = blurred(modules("EAN-13", "9520123456788"), 0.5)[None]
    right, wrong = (vouched(seen, EAN_13, each) for each in ("9520123456788", "9520123456689"))
    assert (right.margin > 0.5, right.excess) == (True, 0.0)
    assert wrong.margin < 0
    assert wrong.excess > 0.3
