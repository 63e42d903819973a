"""Faint print on a phone's twelve megapixels, which zbar alone makes out."""

import io

import numpy as np
import pytest
from PIL import Image, ImageFilter

import scanner
from scanner.dimensions import Symbology
from scanner.engines import zbar, zxing
from scanner.engines.zxing_writer import matrix

CARTON, LOT = "19520123456785", "LOT-2024-771"
PAPER, INK, PIXELS = 228, 210, 4

pytestmark = pytest.mark.skipif(not zbar.available(), reason="this system has no libzbar")


def faint(symbology: Symbology, text: str) -> np.ndarray:
    """Grey bars on grey paper, and the noise of a small sensor."""
    bars = np.repeat(matrix(symbology, text)[0], PIXELS)
    page = np.full((3000, 4000), PAPER, np.uint8)
    page[1300:1600, 1500 : 1500 + len(bars)] = np.where(bars, INK, PAPER)
    soft = np.asarray(Image.fromarray(page).filter(ImageFilter.GaussianBlur(1.2)), np.float32)
    noise = np.random.default_rng(3).normal(0, 3, page.shape)
    return (soft + noise).clip(0, 255).astype(np.uint8)


def as_file(grey: np.ndarray) -> bytes:
    file = io.BytesIO()
    Image.fromarray(grey).save(file, "JPEG", quality=90)
    return file.getvalue()


@pytest.mark.parametrize(
    ("symbology", "text", "name"),
    [(Symbology.ITF_14, CARTON, "ITF"), (Symbology.CODE_128, LOT, "Code 128")],
)
def test_faint_bars_that_zbar_reads_at_two_sizes_are_sure(symbology, text, name):
    grey = faint(symbology, text)
    assert not zxing.read(grey, zxing.LINEAR)
    reading = scanner.decode(as_file(grey), deadline=20)
    assert [(symbol.format, symbol.text) for symbol in reading.symbols] == [(name, text)]


def test_of_zbar_no_itf_but_a_cartons_is_taken():
    bars = np.where(np.pad(np.repeat(matrix(Symbology.ITF_14, CARTON)[0], 3), 40), 20, 230)
    assert [found.text for found in zbar.read(np.tile(bars, (60, 1)).astype(np.uint8))] == [CARTON]
    # Its first five pairs of digits alone, and the stop.
    part = np.concatenate([bars[: 40 + 3 * (4 + 5 * 18)], bars[-40 - 3 * 5 :]])
    assert zbar.read(np.tile(part, (60, 1)).astype(np.uint8)) == []
