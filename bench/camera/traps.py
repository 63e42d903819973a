"""Packages made to mislead: what is not in the picture must not be read from it."""

import random
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from bench.camera.pack import Pack, Wear, pack
from bench.camera.symbol import KINDS, Modules, Symbol, draw, gtin
from gs1 import check_digit


def _stripes(chance: random.Random) -> Pack:
    """Bars of a barcode's widths that are none."""
    bars = [chance.randint(1, 4) for _ in range(chance.randint(15, 60))]
    row = np.concatenate([np.full(width, n % 2 == 0) for n, width in enumerate(bars)])
    return _bare(np.repeat(row[None], 50, axis=0), chance)


def _mosaic(chance: random.Random) -> Pack:
    """Modules of a matrix symbol that are none."""
    side = chance.randint(12, 35)
    return _bare(np.random.default_rng(chance.randrange(2**32)).random((side, side)) < 0.5, chance)


def _bare(modules: Modules, chance: random.Random) -> Pack:
    symbol = Symbol("nothing", "", modules, gtin(chance, 13) if modules.shape[1] > 40 else "")
    return replace(pack((symbol,), chance.randrange(2**32)), symbols=())


def _print_alone(chance: random.Random) -> Pack:
    return pack((), chance.randrange(2**32))


def _several(chance: random.Random) -> Pack:
    symbols = tuple(draw(chance.choice(KINDS), chance) for _ in range(chance.randint(2, 3)))
    return pack(symbols, chance.randrange(2**32))


def _add_on(chance: random.Random) -> Pack:
    return pack((draw("EAN-13 with add-on", chance),), chance.randrange(2**32))


def _damaged(chance: random.Random) -> Pack:
    wear = Wear(blotted=chance.uniform(0.05, 0.4), contrast=chance.uniform(0.5, 1))
    return pack((draw(chance.choice(KINDS), chance),), chance.randrange(2**32), wear)


def _covered(chance: random.Random) -> Pack:
    wear = Wear(covered=chance.uniform(0.05, 0.6))
    return pack((draw(chance.choice(KINDS), chance),), chance.randrange(2**32), wear)


def _spliced(chance: random.Random) -> Pack:
    """The left half of one EAN-13 and the right half of another, as two labels overlap."""
    left, right = (draw("EAN-13", chance) for _ in range(2))
    rows = min(left.modules.shape[0], right.modules.shape[0])
    halves = left.modules[:rows, :47], right.modules[:rows, 47:]
    digits = left.text[:7] + right.text[7:]
    symbol = Symbol("EAN-13", digits, np.concatenate(halves, axis=1), digits)
    printed = pack((symbol,), chance.randrange(2**32))
    # One time in ten the two halves make a number, which then is what the picture shows.
    return printed if check_digit.is_valid(digits) else replace(printed, symbols=())


def _wrong_check(chance: random.Random) -> Pack:
    """An EAN-13 whose last digit is not the check digit: a fault of printing."""
    symbol = draw("EAN-13", chance)
    other = draw("EAN-13", chance)
    while other.text[-1] == symbol.text[-1]:
        other = draw("EAN-13", chance)
    modules = symbol.modules.copy()
    modules[:, 85:92] = other.modules[0, 85:92]
    wrong = Symbol("EAN-13", "", modules, symbol.text[:12] + other.text[-1])
    return replace(pack((wrong,), chance.randrange(2**32)), symbols=())


def _inverted(chance: random.Random) -> Pack:
    symbol = draw(chance.choice(KINDS), chance)
    return pack((symbol,), chance.randrange(2**32), Wear(inverted=True))


TRAPS: dict[str, Callable[[random.Random], Pack]] = {
    "several symbols": _several,
    "EAN-13 with add-on": _add_on,
    "damaged": _damaged,
    "partly covered": _covered,
    "two halves": _spliced,
    "wrong check digit": _wrong_check,
    "inverted": _inverted,
    "random stripes": _stripes,
    "random modules": _mosaic,
    "print alone": _print_alone,
}
