import random

import pytest

from bench.camera.pack import pack
from bench.camera.symbol import draw
from bench.camera.traps import TRAPS
from gs1 import check_digit


@pytest.mark.parametrize("name", ["random stripes", "random modules", "print alone"])
def test_what_is_no_barcode_has_no_symbol(name: str) -> None:
    assert TRAPS[name](random.Random(3)).symbols == ()


def test_a_wrong_check_digit_is_nothing_to_read() -> None:
    for seed in range(10):
        assert TRAPS["wrong check digit"](random.Random(seed)).symbols == ()


def test_two_halves_are_a_symbol_only_where_they_make_a_valid_number() -> None:
    packs = [TRAPS["two halves"](random.Random(seed)) for seed in range(60)]
    valid = [each for each in packs if each.symbols]
    assert 0 < len(valid) < 20
    assert all(check_digit.is_valid(each.symbols[0].text) for each in valid)


def test_several_symbols_are_all_listed() -> None:
    packs = [TRAPS["several symbols"](random.Random(seed)) for seed in range(10)]
    assert {len(each.symbols) for each in packs} == {2, 3}


def test_a_pack_lists_its_texts_from_left_to_right() -> None:
    chance = random.Random(1)
    symbols = tuple(draw(kind, chance) for kind in ("EAN-13", "QR Code"))
    printed = pack(symbols, 1)
    assert printed.texts == tuple(symbol.text for symbol in symbols)
    assert printed.size[0] > sum(symbol.modules.shape[1] for symbol in symbols)
