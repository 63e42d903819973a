import pytest

from gs1 import Gs1Error, Gtin
from gs1.upc import expand, shorten


@pytest.mark.parametrize(
    ("short", "gtin_12"),
    [
        ("04252614", "042100005264"),
        ("01234505", "012000003455"),
        ("01234531", "012300000451"),
        ("01234543", "012340000053"),
        ("01234558", "012345000058"),
        ("01234596", "012345000096"),
        ("11234520", "112200003450"),
    ],
)
def test_the_last_of_six_digits_says_where_zeros_were(short, gtin_12):
    gtin = Gtin.parse(gtin_12)
    assert expand(short) == gtin
    assert expand(short[:7]) == gtin
    assert shorten(gtin) == short


def test_six_digits_have_the_number_system_0():
    assert expand("425261") == expand("04252614")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "gs1.charset"),
        ("4252X1", "gs1.charset"),
        ("42526", "gs1.length"),
        ("24252614", "gs1.format"),
        ("04252615", "gs1.check-digit"),
    ],
)
def test_what_is_no_upc_e_is_refused(text, code):
    with pytest.raises(Gs1Error) as refused:
        expand(text)
    assert refused.value.code == code


@pytest.mark.parametrize("text", ["9520123456788", "416000336108", "012345678905"])
def test_a_gtin_without_enough_zeros_has_no_upc_e(text):
    assert shorten(Gtin.parse(text)) is None
