"""An ITF that was cut, printed over or pasted twice is not told as a shorter one."""

import numpy as np
import pytest
from PIL import Image

from scanner import decode
from scanner.evidence import MAY_BE_PART
from tests.scanner.pictures import on_paper, saved

NARROW, WIDER = 3, 4
QUIET = 11 * NARROW
WIDE = {
    "0": "00110", "1": "10001", "2": "01001", "3": "11000", "4": "00101",
    "5": "10100", "6": "01100", "7": "00011", "8": "10010", "9": "01010",
}  # fmt: skip
START, STOP = "0000", "100"


def widths(digits: str) -> str:
    """Bars and spaces in turn: 0 is narrow, 1 is wide."""
    pairs = zip(digits[::2], digits[1::2], strict=True)
    inner = (
        bar + space for one, two in pairs for bar, space in zip(WIDE[one], WIDE[two], strict=True)
    )
    return START + "".join(inner) + STOP


def drawn(elements: str, height: int = 120) -> Image.Image:
    row = [
        grey
        for n, each in enumerate(elements)
        for grey in [255 * (n % 2)] * (NARROW + WIDER * int(each))
    ]
    pixels = np.tile(np.pad(np.array(row, np.uint8), QUIET, constant_values=255), (height, 1))
    return Image.fromarray(np.pad(pixels, ((20, 20), (0, 0)), constant_values=255))


def beside(left: Image.Image, right: Image.Image) -> Image.Image:
    return Image.fromarray(np.hstack([np.asarray(left), np.asarray(right)]))


def told(picture: Image.Image) -> tuple[list[str], set[str]]:
    sheet = on_paper(picture, (1400, 700), (60, 200)).rotate(4, fillcolor=230)
    reading = decode(saved(sheet), deadline=20)
    return [symbol.text for symbol in reading.symbols], {
        doubtful.reason for doubtful in reading.unconfirmed
    }


@pytest.mark.parametrize(
    "digits", ["070429", "09350259", "0829220875", "182273438423", "19520123456785"]
)
def test_an_itf_of_any_length_is_read_where_nothing_stands_beside_it(digits):
    assert told(drawn(widths(digits))) == ([digits], set())


CARTON, PART = "09350259160385", "09350259"
"""The fifth pair begins with the bars of a stop."""


def test_the_left_of_a_carton_has_the_bars_of_a_shorter_symbol():
    assert widths(CARTON).startswith(widths(PART))


def test_a_half_that_was_printed_twice_is_no_symbol():
    half = drawn(widths(PART))
    symbols, reasons = told(beside(half, half))
    assert symbols == []
    assert MAY_BE_PART in reasons


@pytest.mark.parametrize("gap", [10, 15, 24])
def test_what_goes_on_behind_a_white_band_is_no_symbol(gap):
    left, right = drawn(widths(PART)), drawn(widths(CARTON)[len(widths(PART)) + 1 :])
    cut = Image.fromarray(np.asarray(right)[:, QUIET:])
    cover = Image.fromarray(np.asarray(left)[:, : left.width - QUIET + gap * NARROW])
    assert told(beside(cover, cut))[0] == []


def test_of_fourteen_digits_the_last_is_the_check_digit():
    sure, reasons = told(drawn(widths("19520123456780")))
    assert not sure
    assert MAY_BE_PART in reasons


def test_print_beside_an_itf_takes_nothing_from_it():
    symbol = drawn(widths(PART))
    text = Image.new("L", (260, 160), 255)
    for top in (50, 100):
        for x in range(10, 240, 12):
            text.paste(Image.new("L", (5, 20), 0), (x, top))
    assert told(beside(symbol, text))[0] == [PART]
