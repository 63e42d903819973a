"""Every simulated picture by its name, so that one that went wrong can be taken again.

``everyday/17``, ``kinds/motion/1.5/3``, ``traps/two halves/8``: name and seed decide all.

>>> everyday, motion = picture("everyday/17"), picture("kinds/motion/1.5/3")
>>> everyday.data == picture("everyday/17").data
True
>>> motion.symbols[0].kind
'ITF-14'
"""

import random
from dataclasses import dataclass, replace

from bench.camera import kinds
from bench.camera.pack import PITCH, Pack, Wear, pack
from bench.camera.photograph import Shot, photograph
from bench.camera.symbol import MAIN, Symbol, draw
from bench.camera.traps import TRAPS

_SMALL = (1600, 1200)
"""Traps are many and need no twelve megapixels."""


@dataclass(frozen=True)
class Picture:
    name: str
    data: bytes
    symbols: tuple[Symbol, ...]


def picture(name: str, seed: int = 1) -> Picture:
    """Take the picture of the name.

    Raises:
        ValueError, KeyError: there is none of that name.
    """
    section, *rest = name.split("/")
    printed, shot, number = _SECTIONS[section](rest, seed)
    return Picture(name, photograph(printed, shot, number), printed.symbols)


def _everyday(rest: list[str], seed: int) -> tuple[Pack, Shot, int]:
    (number,) = rest
    chance = random.Random(f"{seed}/everyday/{number}")
    symbol = draw(MAIN[int(number) % len(MAIN)], chance)
    shot, wear = kinds.everyday(chance)
    return pack((symbol,), chance.randrange(2**32), wear), shot, chance.randrange(2**32)


def _kinds(rest: list[str], seed: int) -> tuple[Pack, Shot, int]:
    name, strength, number = rest
    kind = next(kind for kind in kinds.KINDS if kind.name == name)
    # The same along all axes: what differs is the kind and its strength alone.
    chance = random.Random(f"{seed}/kinds/{number}")
    symbol = draw(MAIN[int(number) % len(MAIN)], chance)
    shot, wear = kind.change(kinds.ordinary(chance), Wear(), float(strength))
    return pack((symbol,), chance.randrange(2**32), wear), shot, chance.randrange(2**32)


def _traps(rest: list[str], seed: int) -> tuple[Pack, Shot, int]:
    name, number = rest
    chance = random.Random(f"{seed}/traps/{name}/{number}")
    printed = TRAPS[name](chance)
    shot, _ = kinds.everyday(chance)
    fits = _SMALL[1] * PITCH / max(printed.print.size)
    shot = replace(shot, size=_SMALL, sent=None, pixels_a_module=min(shot.pixels_a_module, fits))
    return printed, shot, chance.randrange(2**32)


_SECTIONS = {"everyday": _everyday, "kinds": _kinds, "traps": _traps}
