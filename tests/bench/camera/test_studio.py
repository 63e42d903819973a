import doctest
import io

import pytest
from PIL import Image

from bench.camera import studio


def test_the_example_runs() -> None:
    assert doctest.testmod(studio).failed == 0


@pytest.mark.parametrize(
    ("name", "size"),
    [
        ("everyday/0", (4000, 3000)),
        ("kinds/curved surface/45/5", (4000, 3000)),
        ("kinds/sent by messenger/1400/1", (1400, 1050)),
        ("traps/several symbols/2", (1600, 1200)),
    ],
)
def test_a_picture_of_a_name_has_the_size_of_its_section(name: str, size: tuple[int, int]) -> None:
    assert Image.open(io.BytesIO(studio.picture(name).data)).size == size


def test_along_an_axis_the_symbol_stays() -> None:
    near, far = (studio.picture(f"kinds/distance/{px}/0") for px in (5, 1))
    assert near.symbols[0].text == far.symbols[0].text
    assert near.data != far.data


def test_another_seed_gives_another_picture() -> None:
    assert studio.picture("everyday/0", 1).symbols[0].text != (
        studio.picture("everyday/0", 2).symbols[0].text
    )


@pytest.mark.parametrize("name", ["everyday", "nowhere/1", "kinds/motion/1", "traps/none/1"])
def test_a_name_of_no_picture_is_an_error(name: str) -> None:
    with pytest.raises((KeyError, ValueError)):
        studio.picture(name)
