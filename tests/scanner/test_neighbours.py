"""Symbols beside one another are told apart, and a DataBar may fill a label on dark ground."""

import io

import pytest
from PIL import Image

from scanner import decode
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
