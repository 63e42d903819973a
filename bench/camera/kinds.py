"""What can go wrong with a photograph, one kind at a time or all at once.

Each kind has an axis of strengths, the first of them harmless. A picture keeps its symbol, its
place and its ground along the axis, so that a curve shows the kind and nothing else.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace

from bench.camera.pack import Wear
from bench.camera.photograph import Shot

Change = Callable[[Shot, Wear, float], tuple[Shot, Wear]]


@dataclass(frozen=True)
class Kind:
    name: str
    unit: str
    strengths: tuple[float, ...]
    change: Change


def _shot(field: str) -> Change:
    def change(shot: Shot, wear: Wear, strength: float) -> tuple[Shot, Wear]:
        return replace(shot, **{field: strength}), wear

    return change


def _in_modules(field: str) -> Change:
    def change(shot: Shot, wear: Wear, strength: float) -> tuple[Shot, Wear]:
        return replace(shot, **{field: strength * shot.pixels_a_module}), wear

    return change


def _quality(shot: Shot, wear: Wear, strength: float) -> tuple[Shot, Wear]:
    return replace(shot, quality=int(strength)), wear


def _sent(shot: Shot, wear: Wear, strength: float) -> tuple[Shot, Wear]:
    return replace(shot, quality=80, sent=int(strength)), wear


def _contrast(shot: Shot, wear: Wear, strength: float) -> tuple[Shot, Wear]:
    return shot, replace(wear, contrast=strength)


def _blotted(shot: Shot, wear: Wear, strength: float) -> tuple[Shot, Wear]:
    return shot, replace(wear, blotted=strength)


KINDS = (
    Kind("distance", "pixels a module", (5, 3, 2.5, 2, 1.7, 1.4, 1.2, 1), _shot("pixels_a_module")),
    Kind("rotation", "degrees", (0, 15, 30, 45, 60, 75, 90), _shot("roll")),
    Kind("perspective", "degrees of tilt", (0, 20, 40, 50, 60, 70), _shot("tilt")),
    Kind("curved surface", "degrees from middle to edge", (0, 30, 45, 60, 75, 85), _shot("bend")),
    Kind("defocus", "modules of radius", (0, 0.4, 0.6, 0.8, 1, 1.3), _in_modules("defocus")),
    Kind("motion", "modules of length", (0, 1, 1.5, 2, 2.5, 3), _in_modules("motion")),
    Kind("noise", "greys of deviation", (2, 20, 40, 60, 80, 100), _shot("noise")),
    Kind("low light", "share of good light", (1, 0.1, 0.02, 0.005, 0.002, 0.001), _shot("light")),
    Kind("low contrast", "share of full ink", (1, 0.4, 0.2, 0.12, 0.08, 0.05), _contrast),
    Kind("hard shadow", "share of light taken", (0, 0.5, 0.7, 0.85, 0.92, 0.97), _shot("shadow")),
    Kind("glare", "light of the lamp, paper 1", (0, 0.3, 0.7, 1.5, 3, 6), _shot("glare")),
    Kind("JPEG quality", "of 100", (90, 40, 20, 10, 6, 3), _quality),
    Kind("sent by messenger", "pixels of the longer side", (4000, 2400, 1800, 1400, 1100), _sent),
    Kind("damage", "share of the symbol", (0, 0.04, 0.08, 0.15, 0.25, 0.4), _blotted),
)


def ordinary(chance: random.Random) -> Shot:
    """A good picture, somewhere in the frame, roughly upright."""
    return Shot(
        place=(chance.random(), chance.random()),
        roll=chance.uniform(-8, 8),
        tilt=chance.uniform(0, 10),
        tilt_axis=chance.uniform(0, 180),
        lying=chance.random() < 0.5,
        defocus=chance.uniform(0.3, 0.8),
        motion_direction=chance.uniform(0, 180),
        shadow_direction=chance.uniform(0, 360),
        glare_place=(chance.uniform(-0.6, 0.6), chance.uniform(-0.3, 0.3)),
    )


def everyday(chance: random.Random) -> tuple[Shot, Wear]:
    """What people really send: everything a little, sometimes something a lot."""
    badness = chance.random()

    def some(most: float, often: float = 1.0) -> float:
        return chance.uniform(0, most * badness) if chance.random() < often else 0.0

    module = chance.uniform(7 - 5 * badness, 9 - 5.5 * badness)
    shot = replace(
        ordinary(chance),
        pixels_a_module=module,
        roll=chance.uniform(0, 360),
        tilt=some(55),
        bend=some(60, 0.3),
        defocus=0.3 + some(0.7 * module),
        motion=some(1.2 * module, 0.6),
        noise=2 + some(18),
        light=2.0 ** -some(5),
        shadow=some(0.85, 0.4),
        glare=some(1.5, 0.4),
        quality=int(92 - some(60)),
        sent=chance.choice((None, None, None, 2400 if badness > 0.5 else 3000)),
    )
    return shot, Wear(contrast=1 - some(0.7), blotted=some(0.04, 0.3))
