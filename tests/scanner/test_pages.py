"""Files of several pages and animations: every page is looked at, up to a bound, and told once."""

import numpy as np
import pytest
from PIL import Image

import scanner
from scanner.bounds import MAX_FRAMES
from scanner.render import render_ean13
from tests.scanner.pictures import GTIN, ean13, on_paper, opened, saved

OTHER = "9521101000016"
KINDS = {
    "TIFF": {"compression": "group4"},
    "GIF": {},
    "PNG": {},
    "WEBP": {"lossless": True},
}


def file_of(name: str, *pages: Image.Image) -> bytes:
    mode = "1" if name == "TIFF" else "RGB"
    first, *others = (page.convert(mode) for page in pages)
    return saved(first, name, save_all=True, append_images=others, **KINDS[name])


def other() -> Image.Image:
    return opened(render_ean13(OTHER, "png"))


@pytest.mark.parametrize("name", KINDS)
def test_a_symbol_on_the_second_page_is_read_beside_that_of_the_first(name):
    # In the same place: two symbols cannot stand there on one page.
    reading = scanner.decode(file_of(name, on_paper(ean13()), on_paper(other())), 20)
    assert [symbol.text for symbol in reading.symbols] == [GTIN, OTHER]
    assert [symbol.read_by[-1] for symbol in reading.symbols] == ["stage:1/1", "stage:frame-2:1/1"]


@pytest.mark.parametrize("name", KINDS)
def test_a_scene_that_is_filmed_is_one_set_of_symbols(name):
    frames = [on_paper(ean13(), at=(200 + 60 * step, 200)) for step in range(MAX_FRAMES)]
    reading = scanner.decode(file_of(name, *frames), 20)
    assert [symbol.text for symbol in reading.symbols] == [GTIN]
    assert reading.unconfirmed == ()


def test_two_symbols_of_one_text_on_one_page_are_two():
    sheet = on_paper(ean13(), (1300, 900), (50, 100))
    sheet.paste(ean13(), (700, 500))
    reading = scanner.decode(file_of("TIFF", sheet, sheet), 20)
    assert [symbol.text for symbol in reading.symbols] == [GTIN, GTIN]


def test_corners_are_in_pixels_of_the_page_that_carries_the_symbol():
    pages = [Image.new("L", (300, 300), 255), on_paper(ean13(), (3000, 2600), (2000, 1500))]
    (symbol,) = scanner.decode(file_of("TIFF", *pages), 20).symbols
    assert np.min(symbol.position, axis=0) == pytest.approx((2044, 1500), abs=8)


def test_a_page_that_is_a_long_thin_strip_is_looked_at_as_well():
    pages = [on_paper(ean13()), Image.new("L", (40_000, 16), 255)]
    assert scanner.decode(file_of("TIFF", *pages), 20).symbols[0].text == GTIN


def test_a_page_too_small_for_a_symbol_is_not_a_part_that_is_missing():
    pages = [Image.new("L", (300, 300), 255), Image.new("L", (7, 7), 255)]
    assert not scanner.decode(file_of("TIFF", *pages), 20).partial


def test_pages_beyond_the_bound_are_not_looked_at():
    pages = [Image.new("L", (300, 300), 255)] * MAX_FRAMES
    assert scanner.decode(file_of("TIFF", *pages, on_paper(ean13())), 20).symbols == ()


def test_a_page_that_cannot_be_decoded_costs_the_others_nothing():
    data = file_of("TIFF", on_paper(ean13()), Image.new("1", (9000, 9000)))
    reading = scanner.decode(data, 20)
    assert [symbol.text for symbol in reading.symbols] == [GTIN]
    assert reading.partial
