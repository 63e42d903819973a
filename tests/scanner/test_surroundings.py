"""Of a label with several symbols all are read, though one shows at a fraction of its size."""

import numpy as np
import pytest
from PIL import Image, ImageFilter

from scanner import decode
from scanner.dimensions import Symbology
from scanner.engines.zxing_writer import matrix
from scanner.extent import extent
from scanner.image import open_picture
from scanner.reading import Symbol
from scanner.surroundings import LEAST_ROOM, around, has_room, shows_more
from scanner.view import View, scaling
from tests.scanner.pictures import saved

EAN = (Symbology.EAN_13, "9520123456788")
ITF = (Symbology.ITF_14, "19520123456785")
CODE = (Symbology.GS1_128, "[01]09520123456788[10]L7")
DATA_MATRIX = (Symbology.GS1_DATA_MATRIX, "[01]09520123456788[10]L7")
LOT = (Symbology.CODE_128, "LOT028365A")
QR = (Symbology.QR_CODE, "https://example.com/01/09520123456788/10/L7")
ELEMENTS = "010952012345678810L7"

MODULE = 4
"""Pixels: at a quarter of the size, bars are one grey with the spaces between."""


def printed(symbology: Symbology, content: str, module: int = MODULE) -> Image.Image:
    dark = matrix(symbology, content)
    if len(dark) < 10 or (dark == dark[0]).all():
        dark = np.repeat(dark[:1], 40, axis=0)
    levels = np.where(np.kron(dark, np.ones((module, module), bool)), 25, 225)
    return Image.fromarray(levels.astype(np.uint8))


def label(
    *symbols: tuple[Symbology, str],
    stacked: bool = False,
    degrees: float = 0,
    module: int = MODULE,
    gap: int = 11,
) -> bytes:
    """A photograph of twelve megapixels, not quite sharp, of symbols so many modules apart."""
    sheet = Image.new("L", (4000, 3000), 225)
    x, y = 1301, 1102
    for symbol in symbols:
        image = printed(*symbol, module)
        sheet.paste(image, (x, y))
        if stacked:
            y += image.height + gap * module
        else:
            x += image.width + gap * module
    sheet = sheet.rotate(degrees, Image.Resampling.BICUBIC, fillcolor=225)
    return saved(sheet.filter(ImageFilter.GaussianBlur(1.2)), "JPEG", quality=85)


@pytest.mark.parametrize("stacked", [False, True])
@pytest.mark.parametrize(
    ("one", "other"),
    [(EAN, DATA_MATRIX), (EAN, QR), (CODE, ITF), (DATA_MATRIX, CODE), (EAN, CODE)],
    ids=lambda symbol: symbol[0].name,
)
def test_both_symbols_of_a_label_are_read(one, other, stacked):
    symbols = decode(label(one, other, stacked=stacked), 20).symbols
    texts = {symbol.text.replace("\x1d", "") for symbol in symbols}
    wanted = {ELEMENTS if content.startswith("[") else content for _, content in (one, other)}
    assert texts == wanted
    assert len(symbols) == 2


def test_a_label_that_lies_askew_is_no_other():
    found = decode(label(EAN, DATA_MATRIX, degrees=35), 20).symbols
    assert {symbol.text.replace("\x1d", "") for symbol in found} == {EAN[1], ELEMENTS}


def test_bars_that_look_like_one_with_what_was_read_are_read_as_well():
    """What is left of the region is judged by itself, and not the symbol that is known by it."""
    symbols = decode(label(EAN, LOT, stacked=True, module=2, gap=5), 20).symbols
    assert {symbol.text for symbol in symbols} == {EAN[1], LOT[1]}


@pytest.mark.parametrize(
    "symbol",
    [CODE, ITF, (Symbology.CODE_128, "LOT028365A"), (Symbology.GS1_128, "[00]395200012345678912")],
    ids=lambda symbol: symbol[1],
)
def test_how_far_the_surroundings_reach_follows_from_the_text(symbol):
    symbology, content = symbol
    modules = matrix(symbology, content).shape[1]
    text = content.translate({ord("["): None, ord("]"): None})
    found = Symbol(
        "ITF" if symbology is Symbology.ITF_14 else "Code 128", text, b"",
        "]C1" if symbology is Symbology.GS1_128 else "", box(0, 0, modules * 4, 100), 1.0, (),
    )  # fmt: skip
    assert around(found).length == pytest.approx((modules + 2 * 230) * 4, rel=0.1)


def test_a_symbol_alone_is_looked_at_once():
    stages = decode(label(EAN), 20).stages
    assert not any(name.startswith(("1/1", "1/2")) for name in stages)


def quarter(data: Image.Image) -> View:
    return View("1/4", np.asarray(data.reduce(4)), scaling(4.0))


def test_a_line_of_print_is_not_taken_for_a_symbol():
    sheet = Image.new("L", (4000, 3000), 225)
    sheet.paste(printed(*EAN), (1301, 1102))
    stroke = Image.new("L", (12, 28), 25)
    for left in range(1301, 1700, 28):
        sheet.paste(stroke, (left, 1300))
    symbol = Symbol("EAN-13", EAN[1], b"", "]E0", box(1301, 1102, 1681, 1262), 1.0, ())
    assert not shows_more(quarter(sheet), around(symbol), symbol, (symbol,))
    sheet.paste(printed(*DATA_MATRIX), (1760, 1110))
    assert shows_more(quarter(sheet), around(symbol), symbol, (symbol,))


def test_bars_reach_as_far_as_they_are_the_same():
    sheet = Image.new("L", (800, 600), 225)
    sheet.paste(printed(*EAN), (101, 102))
    sheet.paste(printed(*EAN).rotate(180), (101, 290))
    (_, top), _, (_, bottom), _ = extent(np.asarray(sheet), box(101, 150, 481, 154))
    assert abs(top - 102) < 25
    assert abs(bottom - 262) < 25


def test_of_a_single_point_no_bars_reach_anywhere():
    point = ((60.0, 40.0),) * 4
    assert extent(np.full((80, 120), 200, np.uint8), point) == point


def test_bars_reach_no_farther_than_the_picture():
    bars = np.tile(np.asarray(printed(*EAN))[:1], (60, 1))
    (_, top), _, (_, bottom), _ = extent(bars, box(0, 20, bars.shape[1], 24))
    assert top > -25
    assert bottom < 85


def test_the_surroundings_lie_as_the_symbol_does():
    corners = ((200.0, 100.0), (200.0, 480.0), (100.0, 480.0), (100.0, 100.0))
    window = around(Symbol("EAN-13", EAN[1], b"", "]E0", corners, 1.0, ()))
    assert np.degrees(window.angle) == pytest.approx(90)
    assert window.length > window.height


def test_around_a_symbol_that_is_told_as_one_point_nothing_more_shows():
    point = Symbol("Code 128", "LOT", b"LOT", None, ((200.0, 200.0),) * 4, 1.0, ())
    view = View("1/1", np.full((400, 400), 255, np.uint8), scaling(1.0))
    assert not shows_more(view, around(point, np.deg2rad(20)), point, (point,))


def box(left: float, top: float, right: float, bottom: float):
    return (left, top), (right, top), (right, bottom), (left, bottom)


@pytest.mark.parametrize(("room", "is_there"), [(LEAST_ROOM - 1, False), (LEAST_ROOM, True)])
def test_beside_a_symbol_that_fills_its_picture_is_no_room_for_another(room, is_there):
    picture = open_picture(saved(Image.new("L", (300 + room, 100), 255)))
    corners = ((0.0, 0.0), (300.0, 0.0), (300.0, 100.0), (0.0, 100.0))
    symbol = Symbol("EAN-13", "9520123456788", b"", "]E0", corners, 1.0, ())

    assert has_room(picture, (symbol,)) == is_there
