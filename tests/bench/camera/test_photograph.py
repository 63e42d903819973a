import io
import random
from dataclasses import replace

import numpy as np
import pytest
import zxingcpp
from PIL import Image

from bench.camera.kinds import KINDS, Kind, ordinary
from bench.camera.pack import Pack, Wear, pack
from bench.camera.photograph import Shot, blurred, photograph
from bench.camera.symbol import draw

SMALL = Shot(size=(1000, 800), pixels_a_module=4, noise=0, quality=95)


def printed(wear: Wear | None = None) -> Pack:
    return pack((draw("EAN-13", random.Random(2)),), 2, wear)


def greys(shot: Shot, wear: Wear | None = None) -> np.ndarray:
    data = photograph(printed(wear), shot, 5)
    return np.asarray(Image.open(io.BytesIO(data)).convert("L"), float)


def texts(data: bytes) -> list[str]:
    return [found.text for found in zxingcpp.read_barcodes(Image.open(io.BytesIO(data)))]


def taken(kind: Kind, strength: float, number: int) -> bytes:
    chance = random.Random(f"kinds {number}")
    shot, wear = kind.change(replace(ordinary(chance), size=(1200, 900)), Wear(), strength)
    return photograph(pack((draw("EAN-13", chance),), number, wear), shot, number)


def reads(kind: Kind, strength: float) -> int:
    return sum(bool(texts(taken(kind, strength, number))) for number in range(3))


# A quarter turn is no harm, nor is a can whose axis crosses the bars, and a picture of 1200 pixels
# is little smaller when a messenger has shrunk it.
HARMLESS = ("rotation", "curved surface", "sent by messenger")


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_every_kind_begins_harmless_and_most_end_where_an_engine_alone_reads_less(
    kind: Kind,
) -> None:
    begin, end = (reads(kind, kind.strengths[which]) for which in (0, -1))
    assert begin >= 2
    assert end < begin or kind.name in HARMLESS


def test_the_same_seed_gives_the_same_file() -> None:
    assert photograph(printed(), SMALL, 5) == photograph(printed(), SMALL, 5)
    assert photograph(printed(), SMALL, 5) != photograph(printed(), SMALL, 6)


def test_blur_spreads_light_and_keeps_its_amount() -> None:
    point = np.zeros((41, 41), np.float32)
    point[20, 20] = 1
    kernel = np.full((5, 5), 1 / 25, np.float32)
    spread = blurred(point, kernel)
    assert spread.sum() == pytest.approx(1)
    assert spread.max() == pytest.approx(1 / 25)


def test_a_shadow_takes_its_share_of_the_light_from_one_side() -> None:
    ratio = greys(replace(SMALL, shadow=0.75)) / np.maximum(greys(SMALL), 1)
    # The linear quarter is seen as its power of 1 / 2.2.
    assert np.median(ratio[:, :300]) == pytest.approx(1, abs=0.02)
    assert np.median(ratio[:, 700:]) == pytest.approx(0.25 ** (1 / 2.2), abs=0.02)


def test_noise_has_the_deviation_asked_for() -> None:
    # Saved nearly without loss; the paper's own light adds a little.
    clean, noisy = (greys(replace(SMALL, noise=noise, quality=100)) for noise in (0.0, 12.0))
    assert np.std(noisy - clean) == pytest.approx(12, rel=0.15)


def test_weaker_ink_is_nearer_to_the_paper() -> None:
    middle = np.s_[380:420, 400:600]
    full, faint = (greys(SMALL, Wear(contrast=c))[middle] for c in (1.0, 0.3))
    assert np.ptp(faint) < 0.4 * np.ptp(full)


def test_what_was_sent_by_a_messenger_is_smaller() -> None:
    data = photograph(printed(), replace(SMALL, sent=500), 5)
    assert Image.open(io.BytesIO(data)).size == (500, 400)


@pytest.mark.parametrize("place", [(0, 0), (1, 0), (0.5, 1)])
def test_the_package_is_wholly_in_the_picture(place: tuple[float, float]) -> None:
    shot = replace(SMALL, size=(1400, 1000), place=place, tilt=25, tilt_axis=40, roll=30)
    assert len(texts(photograph(printed(), replace(shot, roll=0), 5))) == 1
