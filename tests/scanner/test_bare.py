"""A picture without the bars that were read, for engines that look for other symbols."""

import numpy as np
import zxingcpp

from scanner.attempts import AT_ONCE, THEN
from scanner.bare import for_engine, without_bars
from scanner.engines import zxing
from scanner.reading import Symbol
from scanner.view import View, scaling

((_, ACROSS),) = AT_ONCE
_, (_, FOR_MATRIX) = THEN


def label() -> View:
    """An EAN-13 and, right of it, a Data Matrix."""
    ean, matrix = (
        np.asarray(zxingcpp.create_barcode(text, format_).to_image(scale=3))
        for text, format_ in (
            ("9520123456788", zxingcpp.BarcodeFormat.EAN13),
            ("LOT-7", zxingcpp.BarcodeFormat.DataMatrix),
        )
    )
    page = np.full((220, ean.shape[1] + matrix.shape[1] + 60), 255, np.uint8)
    page[30 : 30 + ean.shape[0], 20 : 20 + ean.shape[1]] = ean
    page[30 : 30 + matrix.shape[0], -20 - matrix.shape[1] : -20] = matrix
    return View("1/1", page, scaling(1.0))


def known(view: View) -> Symbol:
    (found,) = ACROSS(view.grey)
    return Symbol(found.format, found.text, found.data, "]E0", found.position, 1.0, ("zxing",))


def test_the_bars_are_gone_and_what_stands_beside_them_is_still_read():
    view = label()
    bare = for_engine(view, FOR_MATRIX, (known(view),))
    assert not zxing.read(bare.grey, zxing.LINEAR)
    assert [found.text for found in FOR_MATRIX(bare.grey)] == ["LOT-7"]


def test_an_engine_for_linear_symbols_sees_them_all():
    view = label()
    assert for_engine(view, ACROSS, (known(view),)) is view


def test_a_matrix_symbol_that_was_read_is_left_as_it_is():
    view = label()
    (found,) = FOR_MATRIX(view.grey)
    symbol = Symbol(found.format, found.text, found.data, None, found.position, 1.0, ("zxing",))
    assert for_engine(view, FOR_MATRIX, (symbol,)) is view


def test_of_a_symbol_that_lies_askew_nothing_is_painted_over():
    view = label()
    corners = ((10.0, 10.0), (150.0, 150.0), (130.0, 170.0), (-10.0, 30.0))
    askew = Symbol("EAN-13", "9520123456788", b"", "]E0", corners, 1.0, ("zxing",))
    assert (without_bars(view, (askew,)).grey == view.grey).all()
