"""What is drawn can be read, has the size the standard asks for, or is refused."""

import io
import re

import pytest
from PIL import Image

import scanner
from scanner import ScannerError, drawing
from scanner.dimensions import EAN_8, EAN_13, ITF_14, QR_CODE, UPC_A, Symbology
from scanner.render import finish, render, render_ean13
from scanner.symbols import draw
from tests.scanner.pictures import GTIN, LINK

SYMBOLS = [
    (Symbology.EAN_13, GTIN, "EAN-13", GTIN),
    (Symbology.EAN_8, "95200002", "EAN-8", "95200002"),
    (Symbology.UPC_A, "012345678905", "EAN-13", "0012345678905"),
    (Symbology.ITF_14, "19520123456785", "ITF", "19520123456785"),
    (Symbology.QR_CODE, LINK, "QR Code", LINK),
    (Symbology.QR_CODE, "Sâm Ngọc Linh, Kon Tum", "QR Code", "Sâm Ngọc Linh, Kon Tum"),
]


@pytest.mark.parametrize(("symbology", "key", "format_name", "text"), SYMBOLS)
@pytest.mark.parametrize("dpi", [203, 300, 600])
def test_every_symbol_drawn_is_read_back(symbology, key, format_name, text, dpi):
    reading = scanner.decode(render(symbology, key, "png", dpi))
    assert [(s.format, s.text) for s in reading.symbols] == [(format_name, text)]
    assert reading.unconfirmed == ()


@pytest.mark.parametrize(("symbology", "key", "format_name", "text"), SYMBOLS)
def test_every_symbol_is_an_svg_in_millimetres(symbology, key, format_name, text):
    svg = render(symbology, key, "svg").decode()
    assert re.match(r'<svg xmlns="[^"]+" width="[\d.]+mm" height="[\d.]+mm" viewBox="0 0', svg)


@pytest.mark.parametrize(
    ("symbology", "key"),
    [
        (Symbology.EAN_13, "9520123456789"),
        (Symbology.EAN_13, "952012345678"),
        (Symbology.EAN_13, "952012345678X"),
        (Symbology.EAN_13, "٩520123456788"),
        (Symbology.EAN_8, "95200003"),
        (Symbology.UPC_A, "012345678904"),
        (Symbology.ITF_14, "19520123456786"),
    ],
)
def test_a_key_that_is_wrong_is_not_drawn(symbology, key):
    with pytest.raises(ScannerError, match=r"scanner\.key"):
        render(symbology, key)


@pytest.mark.parametrize("spec", [EAN_13, EAN_8, UPC_A, ITF_14, QR_CODE])
@pytest.mark.parametrize("dpi", [150, 203, 300, 600, 1200])
def test_a_module_is_a_whole_number_of_dots_within_the_standard(spec, dpi):
    width, dots = spec.snap(spec.nominal, dpi)
    assert width == pytest.approx(dots * 25.4 / dpi)
    assert spec.minimum <= width <= spec.maximum


def test_a_size_outside_the_standard_is_refused():
    with pytest.raises(ScannerError) as caught:
        render_ean13(GTIN, x_dimension=0.25)
    assert caught.value.arguments == {"x_dimension": 0.25, "limit": 0.264, "clause": "5.12.3.1"}
    assert caught.value.code == "scanner.size-below-standard"
    with pytest.raises(ScannerError, match="size-above-standard"):
        render(Symbology.QR_CODE, LINK, x_dimension=1.0)


def test_a_resolution_too_coarse_for_any_size_is_refused():
    with pytest.raises(ScannerError, match=r"scanner\.resolution"):
        render_ean13(GTIN, "png", dpi=30)


def test_quiet_zones_are_white_and_as_wide_as_the_standard_asks():
    image = Image.open(io.BytesIO(render_ean13(GTIN, "png", 300)))
    row = [image.getpixel((x, 10)) == 0 for x in range(image.width)]
    first, last = row.index(True), image.width - row[::-1].index(True)
    _, dots = EAN_13.snap(EAN_13.nominal, 300)
    assert (first, image.width - last) == (11 * dots, 7 * dots)
    assert last - first == 95 * dots


def test_the_picture_states_its_resolution():
    image = Image.open(io.BytesIO(render(Symbology.QR_CODE, LINK, "png", 600)))
    assert image.info["dpi"] == pytest.approx((600, 600), abs=0.1)


@pytest.mark.parametrize(("text", "code"), [("", "empty"), ("x" * 4000, "content")])
def test_a_text_that_no_qr_code_holds_is_refused(text, code):
    with pytest.raises(ScannerError, match=rf"scanner\.{code}"):
        render(Symbology.QR_CODE, text)


def test_a_drawing_that_says_something_else_is_not_handed_out():
    wrong = draw(Symbology.EAN_13, GTIN, 0.33, EAN_13)
    with pytest.raises(ScannerError) as caught:
        finish(wrong, ("4006381333931",), "svg", 300)
    assert caught.value.code == "scanner.unreadable-label"


def test_text_in_an_svg_cannot_become_markup():
    line = drawing.Line(0, 1, 1, "<script>&")
    svg = drawing.Drawing(5, 5, (), (line,)).as_svg()
    assert b"&lt;script&gt;&amp;" in svg
