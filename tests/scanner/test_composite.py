"""Of a composite symbol the linear part is given, right; what its component says is not guessed."""

from pathlib import Path

import pytest
from PIL import Image, ImageFilter

from scanner import decode
from tests.scanner.pictures import saved

FOLDER = Path(__file__).parent / "composites"
GTIN, WITH_WEIGHT = "0109520123456788", "01095201234567883103001750"
LINEAR = {
    "ean-13": "9520123456788",
    "ean-8": "95200002",
    "upc-a": "0012345678905",
    "upc-e": "0012345000065",
    "gs1-128-cc-a": GTIN,
    "gs1-128-cc-b": GTIN,
    "gs1-128-cc-c": GTIN,
    "databar": GTIN,
    "databar-cc-b": GTIN,
    "databar-limited": GTIN,
    "databar-stacked": GTIN,
    "databar-stkomni": GTIN,
    "databar-expanded": WITH_WEIGHT,
    "databar-expstk": WITH_WEIGHT,
}


def photographed(name: str, degrees: float, blur: float) -> bytes:
    symbol = Image.open(FOLDER / f"{name}.png").convert("L")
    printed = symbol.resize((symbol.width * 3, symbol.height * 3), Image.Resampling.NEAREST)
    sheet = Image.new("L", (1600, 1200), 225)
    sheet.paste(printed.point(lambda grey: 25 + grey * 200 // 255), (500, 450))
    sheet = sheet.rotate(degrees, Image.Resampling.BILINEAR, fillcolor=225)
    return saved(sheet.filter(ImageFilter.GaussianBlur(blur)), "JPEG", quality=85)


@pytest.mark.parametrize(("degrees", "blur"), [(0, 0), (8, 0.8), (90, 1)])
@pytest.mark.parametrize("name", LINEAR)
def test_the_linear_part_of_a_composite_is_read_and_nothing_else(name, degrees, blur):
    reading = decode(photographed(name, degrees, blur), deadline=20)
    assert [symbol.text for symbol in reading.symbols] == [LINEAR[name]]
    assert not reading.unconfirmed


def test_there_is_a_drawing_of_each():
    assert {file.stem for file in FOLDER.glob("*.png")} == set(LINEAR)
