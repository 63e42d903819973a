"""Boxes of a picture: numbers that look alike at their beginning are told from each other."""

import re
from collections.abc import Sequence

from app.web.trace_picture import Picture, PictureNode, Shape, draw


def codes(numbers: Sequence[str], name: str = "Pallet") -> list[str]:
    """What stands in the box of each number."""
    nodes = [
        PictureNode(str(n), Shape.CARRIER, name, number, "", f"{name}, {number}", "/trace")
        for n, number in enumerate(numbers)
    ]
    shown = [str(draw(Picture("Trace", "", node.key, [node], []))) for node in nodes]
    return [re.findall(r'class="trace-code"[^>]*>([^<]*)<', each)[0] for each in shown]


def test_numbers_of_logistic_units_lots_and_serials_are_there_in_full() -> None:
    numbers = ["SSCC 395211010000000017", f"Lô {'A' * 9}1{'B' * 10}", f"Serial {'7' * 20}"]
    assert codes(numbers) == numbers


def test_a_long_number_is_drawn_as_narrow_as_its_box() -> None:
    node = PictureNode("1", Shape.CARRIER, "Pallet", "SSCC 395211010000000017", "", "", "/trace")
    assert 'textLength="152"' in draw(Picture("Trace", "", "1", [node], []))


def test_of_longer_numbers_the_middle_is_left_out_and_the_title_has_all() -> None:
    crates = [f"Crate 09521101000016{'0' * 14}{n:02}" for n in (1, 2)]
    one, other = codes(crates)
    assert one != other
    assert (len(one), one.endswith("01"), one.startswith("Crate 0952")) == (28, True, True)
    node = PictureNode("1", Shape.CARRIER, "x", crates[0], "", f"Pallet, {crates[0]}", "/trace")
    assert f"<title>Pallet, {crates[0]}</title>" in draw(Picture("Trace", "", "1", [node], []))


def test_a_name_of_one_long_word_keeps_its_ends() -> None:
    node = PictureNode("1", Shape.LOT, f"GTIN {'1' * 30}23", "Lot 1", "", "", "/trace")
    assert re.search(r">GTIN 111…1+23<", draw(Picture("Trace", "", "1", [node], [])))
