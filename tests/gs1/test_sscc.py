import pytest

from gs1 import Gs1Error, Sscc


def test_an_sscc_is_18_digits_with_an_extension_digit():
    sscc = Sscc.parse("3 9520000 000000001 2")
    assert str(sscc) == "395200000000000012"
    assert sscc.extension_digit == 3
    assert sscc.as_digital_link() == "https://id.gs1.org/00/395200000000000012"


@pytest.mark.parametrize("text", ["395200000000000011", "9520000000004", "X95200000000000012", ""])
def test_what_is_no_sscc_is_refused(text):
    with pytest.raises(Gs1Error):
        Sscc.parse(text)


@pytest.mark.parametrize("value", ["3 9520000 000000001 2", "395200000000000011"])
def test_the_type_cannot_hold_a_wrong_value(value):
    with pytest.raises(Gs1Error):
        Sscc(value)
