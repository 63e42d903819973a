"""zbar as a second opinion: the same digits as zxing-cpp, and its absence is no error."""

import builtins

import numpy as np
import pytest

from scanner.ean import modules
from scanner.engines import zbar

needs_zbar = pytest.mark.skipif(not zbar.available(), reason="libzbar is not on this system")


def drawn(format_name: str, digits: str) -> np.ndarray:
    bars = np.array([module == "1" for module in modules(format_name, digits)])
    row = np.where(np.pad(bars, 12), 0, 255).astype(np.uint8)
    return np.tile(np.repeat(row, 3), (80, 1))


@needs_zbar
@pytest.mark.parametrize(
    ("format_name", "digits", "identifier"),
    [
        ("EAN-13", "9520123456788", "]E0"),
        ("EAN-8", "95200002", "]E4"),
        ("UPC-E", "0012345000065", "]E0"),
    ],
)
@pytest.mark.parametrize("quarter_turns", range(4))
def test_retail_symbols_are_read_in_every_direction(format_name, digits, identifier, quarter_turns):
    grey = np.ascontiguousarray(np.rot90(drawn(format_name, digits), quarter_turns))
    (found,) = zbar.read(grey)
    assert (found.format, found.text, found.symbology_identifier) == (
        format_name, digits, identifier,
    )  # fmt: skip


@needs_zbar
@pytest.mark.parametrize("quarter_turns", range(4))
def test_the_first_corner_is_top_left_of_the_upright_symbol(quarter_turns):
    upright = drawn("EAN-13", "9520123456788")
    height, width = upright.shape
    (found,) = zbar.read(np.ascontiguousarray(np.rot90(upright, quarter_turns)))
    x, y = found.position[0]
    nearest = [(36, 0), (0, width - 36), (width - 36, height), (height, 36)][quarter_turns]
    assert (x, y) == pytest.approx(nearest, abs=20)


def test_without_libzbar_nothing_is_read_and_nothing_raised(monkeypatch):
    real_import = builtins.__import__

    def without_zbar(name, *arguments, **options):
        if name.startswith("pyzbar"):
            raise ImportError("Unable to find zbar shared library")
        return real_import(name, *arguments, **options)

    monkeypatch.setattr(builtins, "__import__", without_zbar)
    zbar._library.cache_clear()
    try:
        assert not zbar.available()
        assert zbar.read(drawn("EAN-13", "9520123456788")) == []
    finally:
        zbar._library.cache_clear()
