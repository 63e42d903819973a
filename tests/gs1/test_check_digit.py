import pytest

from gs1 import Gs1Error, check_digit


@pytest.mark.parametrize(
    "number",
    ["24012345678905", "2112233789657", "416000336108", "02345680", "123456789012345675"],
)
def test_the_last_digit_follows_from_the_others(number):
    assert check_digit.compute(number[:-1]) == number[-1]
    assert check_digit.is_valid(number)


@pytest.mark.parametrize(
    "number", ["24012345678909", "", "2401234567890X", "２４０１２３４５６７８９０５"]
)
def test_a_wrong_number_is_never_valid(number):
    assert not check_digit.is_valid(number)


def test_every_single_wrong_digit_is_found():
    number = "9520123456788"
    wrong = [
        number[:at] + digit + number[at + 1 :]
        for at in range(13)
        for digit in "0123456789"
        if digit != number[at]
    ]
    assert not any(map(check_digit.is_valid, wrong))


def test_a_check_digit_is_computed_from_digits_only():
    with pytest.raises(Gs1Error, match=r"gs1\.charset"):
        check_digit.compute("12A")


@pytest.mark.parametrize(
    "key", ["1987654Ad4X4bL5ttr2310c2K", "12345678901234567890123NT", "12345_abcdefghijklmN3", "22"]
)
def test_the_check_pair_follows_from_the_text_before_it(key):
    assert check_digit.compute_pair(key[:-2]) == key[-2:]


def test_a_check_pair_needs_a_text_of_set_82_and_of_bounded_length():
    with pytest.raises(Gs1Error, match=r"gs1\.charset"):
        check_digit.compute_pair("A B")
    with pytest.raises(Gs1Error, match=r"gs1\.length"):
        check_digit.compute_pair("1" * 98)
