import doctest
import io
import random

import pytest
import zxingcpp
from PIL import Image

from bench.camera import symbol
from bench.camera.pack import pack
from bench.camera.photograph import Shot, photograph
from bench.decoding.contestants import Read
from bench.decoding.scoring import Truth


def test_the_example_runs() -> None:
    assert doctest.testmod(symbol).failed == 0


@pytest.mark.parametrize("kind", symbol.KINDS)
def test_a_good_picture_of_every_kind_of_symbol_gives_its_text(kind: str) -> None:
    drawn = symbol.draw(kind, random.Random(4))
    data = photograph(pack((drawn,), 4), Shot(size=(1200, 900), pixels_a_module=3), 4)
    grey = Image.open(io.BytesIO(data)).convert("L")
    read = [
        Read(str(found.format), found.text, bytes(found.bytes))
        for found in zxingcpp.read_barcodes(grey, text_mode=zxingcpp.TextMode.Plain)
    ]
    truth = Truth((drawn.text,), drawn.also)
    assert [truth.meant_by(each) for each in read] == [drawn.text]


def test_the_same_chance_draws_the_same_symbol() -> None:
    first, again = (symbol.draw("GS1-128", random.Random(9)) for _ in range(2))
    assert first.text == again.text
    assert (first.modules == again.modules).all()
    assert symbol.draw("GS1-128", random.Random(10)).text != first.text
