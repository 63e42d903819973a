"""A label: both symbols say the key, the text beside them too, in Vietnamese where it is."""

import unicodedata
from datetime import date

import pytest

import scanner
from scanner import ScannerError
from scanner.dimensions import Environment
from scanner.drawing import check_text
from scanner.item import Item
from scanner.label import label
from tests.scanner.pictures import GTIN, LINK

VOWELS = "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY"
TONES = ["", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"]
VIETNAMESE = {unicodedata.normalize("NFC", v + t) for v in VOWELS for t in TONES} | {"đ", "Đ"}


def texts(png: bytes) -> set[str]:
    return {symbol.text for symbol in scanner.decode(png).symbols}


@pytest.mark.parametrize("dpi", [203, 300])
def test_a_photograph_of_the_label_gives_the_key_and_the_link(dpi):
    link = f"{LINK}/10/L7/21/000123?17=271231"
    png = label(GTIN, link, "Sâm Ngọc Linh", "L7", "000123", date(2027, 12, 31), fmt="png", dpi=dpi)
    assert texts(png) == {GTIN, link}


def test_both_symbols_have_the_module_that_was_asked_for():
    svg = label(GTIN, LINK, "Demo", x_dimension=0.6).decode()
    assert svg.count("scale(0.6000000)") == 2


def test_both_symbols_have_the_size_of_where_they_are_scanned():
    svg = label(GTIN, LINK, "Demo", environment=Environment.DISTRIBUTION).decode()
    assert "scale(0.6600000)" in svg  # EAN-13
    assert "scale(0.7430000)" in svg  # QR code


@pytest.mark.parametrize("module", [0.2, 0.3])
def test_a_module_too_small_for_either_symbol_is_refused_with_the_clause(module):
    with pytest.raises(ScannerError) as caught:
        label(GTIN, LINK, "Demo", x_dimension=module)
    assert caught.value.code == "scanner.size-below-standard"
    assert caught.value.arguments["clause"] == "5.12.3.1"


@pytest.mark.parametrize(
    ("gtin", "linear"),
    [
        (GTIN, GTIN),
        ("0" + GTIN, GTIN),
        ("95200002", "95200002"),
        ("012345678905", "0012345678905"),
        ("19520123456785", "19520123456785"),
    ],
)
def test_the_length_of_the_gtin_chooses_the_linear_symbol(gtin, linear):
    assert texts(label(gtin, LINK, "Demo", fmt="png")) == {linear, LINK}


def test_the_human_readable_text_has_one_element_string_a_line():
    assert Item("95200002", LINK, "", "L7", "5", date(2027, 1, 2)).hri == (
        "(01) 00000095200002", "(17) 270102", "(10) L7", "(21) 5",
    )  # fmt: skip


def test_an_svg_label_holds_its_text_as_text():
    svg = label(GTIN, LINK, "Cà phê <Đắk Hà> & bạn", "L7").decode()
    assert "Cà phê &lt;Đắk Hà&gt; &amp; bạn" in svg
    assert "(10) L7" in svg


@pytest.mark.parametrize("name", ["", "Một " * 60, "Không" * 60])
def test_a_name_of_any_length_leaves_the_symbols_readable(name):
    assert texts(label(GTIN, LINK, name, fmt="png")) == {GTIN, LINK}


def test_every_vietnamese_letter_has_a_glyph():
    assert len(VIETNAMESE) == 146
    assert check_text("".join(sorted(VIETNAMESE)))


@pytest.mark.parametrize("name", ["tab\there", "\x00", "漢字"])
def test_a_character_that_cannot_be_drawn_is_refused_by_name(name):
    with pytest.raises(ScannerError, match=r"scanner\.content"):
        label(GTIN, LINK, name)


@pytest.mark.parametrize("gtin", ["", "123", "9520123456789", "abc"])
def test_a_label_needs_a_right_gtin(gtin):
    with pytest.raises(ScannerError, match=r"scanner\.key"):
        label(gtin, LINK, "Demo")
