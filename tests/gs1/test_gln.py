import pytest

from gs1 import Gln, Gs1Error


def test_a_gln_is_13_digits():
    gln = Gln.parse("952 0000 00000 4")
    assert str(gln) == "9520000000004"
    assert gln.as_digital_link("https://example.com/") == "https://example.com/414/9520000000004"


@pytest.mark.parametrize("text", ["9520000000003", "02345673", "X520000000004", ""])
def test_what_is_no_gln_is_refused(text):
    with pytest.raises(Gs1Error):
        Gln.parse(text)


@pytest.mark.parametrize(
    "value", ["952 0000 00000 4", "９５２００００００００００", "9520000000003"]
)
def test_the_type_cannot_hold_a_wrong_value(value):
    with pytest.raises(Gs1Error):
        Gln(value)
