"""The sets are those of which the targets speak: the same numbers of pictures and symbols."""

import pytest

from bench.decoding.photographs import SETS, Set, photographs
from tests.shared_material import needs_shared

PICTURES = {
    "zxing-cpp retail": 179,
    "zxing-rest retail": 222,
    "Code 128": 50,
    "DataBar": 294,
    "ITF": 32,
    "QR": 201,
    "Data Matrix": 122,
    "nothing to read": 46,
}


@needs_shared
@pytest.mark.shared
@pytest.mark.parametrize("of", SETS, ids=lambda of: of.name)
def test_a_set_has_its_pictures(of: Set) -> None:
    found = list(photographs(of))
    assert len(found) == PICTURES.get(of.name, len(found)) > 0
    if of.by_symbol:
        assert sum(len(each.truth.texts) for each in found) == of.right


@needs_shared
@pytest.mark.shared
def test_every_photograph_but_the_empty_ones_has_a_label() -> None:
    for of in SETS:
        for each in photographs(of):
            labelled = each.truth.texts or each.truth.data
            assert bool(labelled) == (of.name != "nothing to read"), each.name


@needs_shared
@pytest.mark.shared
def test_of_a_number_with_an_add_on_the_number_is_asked_for() -> None:
    retail = next(of for of in SETS if of.name == "zxing-cpp retail")
    labels = {each.name: each.truth for each in photographs(retail)}
    truth = labels["zxing-cpp/ean13-extension-1/1.png"]
    assert truth.texts == ("9780735200449",)
    assert truth.also == ("978073520044951299",)
