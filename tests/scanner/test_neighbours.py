"""Symbols beside one another are told apart, and a DataBar may fill a label on dark ground."""

import io

import numpy as np
import pytest
from PIL import Image

from scanner import decode
from scanner.ean import modules
from scanner.render import Symbology, render
from tests.scanner.pictures import saved

EAN = (Symbology.EAN_13, "9520123456788", "9520123456788")
LOT = (Symbology.CODE_128, "LOT2610A", "LOT2610A")
CARTON = (Symbology.ITF_14, "19520123456785", "19520123456785")
BATCH = (Symbology.GS1_128, "[01]09520123456788[10]L7", "010952012345678810L7")
PALLET = (Symbology.GS1_128, "[00]095201230000000011", "00095201230000000011")


def drawn(symbology: Symbology, content: str) -> Image.Image:
    return Image.open(io.BytesIO(render(symbology, content, "png"))).convert("L")


@pytest.mark.parametrize(("upper", "lower"), [(EAN, LOT), (BATCH, CARTON), (BATCH, PALLET)])
def test_short_symbols_one_above_the_other_are_both_read(upper, lower):
    sheet, top = Image.new("L", (1900, 1900), 255), 800
    for symbology, content, _ in (upper, lower):
        symbol = drawn(symbology, content)
        bars = symbol.crop((0, 0, symbol.width, int(symbol.height * 0.35)))
        sheet.paste(bars, ((sheet.width - bars.width) // 2, top))
        top += bars.height + 10
    found = {symbol.text for symbol in decode(saved(sheet), deadline=20).symbols}
    assert found == {upper[2], lower[2]}


def stacked(*symbols: tuple[Symbology, str, str], gap: int = 10) -> Image.Image:
    """Symbols cut to half their height, one above the other."""
    drawings = [drawn(symbology, content) for symbology, content, _ in symbols]
    bars = [each.crop((0, 0, each.width, each.height // 2)) for each in drawings]
    size = (max(each.width for each in bars), sum(each.height + gap for each in bars))
    label, top = Image.new("L", size, 255), 0
    for each in bars:
        label.paste(each, ((label.width - each.width) // 2, top))
        top += each.height + gap
    return label


@pytest.mark.parametrize("side", [1400, 1900])
@pytest.mark.parametrize("degrees", [10, 20, 45, 80])
@pytest.mark.parametrize(("upper", "lower"), [(EAN, LOT), (BATCH, CARTON)])
def test_symbols_of_a_label_that_lies_askew_are_both_read(upper, lower, degrees, side):
    label = stacked(upper, lower).rotate(degrees, Image.Resampling.BICUBIC, True, fillcolor=255)
    if max(label.size) > side:
        label.thumbnail((side, side))
    sheet = Image.new("L", (side, side), 255)
    sheet.paste(label, ((side - label.width) // 2, (side - label.height) // 2))
    found = {symbol.text for symbol in decode(saved(sheet), deadline=20).symbols}
    assert found == {upper[2], lower[2]}


FIRST, SECOND = "9520135368147", "9525352136883"
MIXED = "9520135136883"
"""The left digits of the first and the right ones of the second: its check digit holds."""


@pytest.mark.parametrize("degrees", [20, 30, 40, 50])
def test_lines_across_two_symbols_are_no_third(degrees):
    rows = [np.array([each == "1" for each in modules("EAN-13", text)]) for text in (FIRST, SECOND)]
    bars = np.pad(np.repeat(rows, 22, axis=0), 12)
    label = Image.fromarray(np.where(np.kron(bars, np.ones((3, 3), bool)), 25, 230).astype("uint8"))
    turned = label.rotate(degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=230)
    sheet = Image.new("L", (1000, 750), 230)
    sheet.paste(turned, ((1000 - turned.width) // 2, (750 - turned.height) // 2))
    found = {symbol.text for symbol in decode(saved(sheet), deadline=20).symbols}
    assert found <= {FIRST, SECOND}
    assert MIXED not in found


@pytest.mark.parametrize("ground", [255, 120, 60, 10])
def test_a_databar_that_fills_its_label_is_read_on_any_ground(ground):
    label = drawn(Symbology.DATABAR_OMNI, "09520123456788")
    sheet = Image.new("L", (900, 700), ground)
    sheet.paste(label, (150, 120))
    assert "0109520123456788" in {
        symbol.text for symbol in decode(saved(sheet), deadline=20).symbols
    }


def test_in_a_small_picture_a_symbol_askew_and_in_shadow_is_read_beside_one_in_the_light():
    sheet = Image.new("L", (1200, 800), 120)
    dim = drawn(*LOT[:2]).point(lambda level: 60 + level // 4)
    askew = dim.rotate(40, Image.Resampling.BICUBIC, expand=True, fillcolor=120)
    for symbol, left in ((drawn(*EAN[:2]), 40), (askew, 640)):
        symbol.thumbnail((520, 520))
        sheet.paste(symbol, (left, 150))
    found = {symbol.text for symbol in decode(saved(sheet), deadline=20).symbols}
    assert found == {EAN[2], LOT[2]}
