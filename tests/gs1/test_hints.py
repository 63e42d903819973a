import pytest

from gs1 import Gtin, parse_element_strings, read
from gs1.hints import hints


def found(text):
    return {(hint.code, hint.suggestion) for hint in hints(text)}


def test_a_right_code_needs_no_hint():
    for text in ("9520123456788", "(01)09520123456788", "010952012345678810A", "hello"):
        assert hints(text) == ()


def test_a_wrong_digit_could_be_any_so_each_place_has_one_suggestion():
    suggestions = [hint for hint in hints("9520123456789") if hint.code == "gs1.hint-digit"]
    assert len(suggestions) == 13
    assert all(Gtin.parse(hint.suggestion) for hint in suggestions)
    assert ("gs1.hint-digit", "9520123456788") in found("9520123456789")


def test_exchanged_neighbours_are_suggested():
    assert ("gs1.hint-transposition", "9520123456788") in found("9520123465788")


@pytest.mark.parametrize(
    "text", ["952O123456788", "952о123456788", "952 0l23456788", "９５２０１２３４５６７８８"]
)
def test_look_alikes_are_named_as_such(text):
    assert found(text) == {("gs1.hint-look-alike", "9520123456788")}


def test_cyrillic_letters_in_a_lot_are_named_as_such():
    hint = hints("(10)LОT")[0]
    assert (hint.code, hint.suggestion, hint.span) == ("gs1.hint-look-alike", "(10)LOT", (5, 6))


def test_a_lost_leading_zero_is_suggested():
    assert ("gs1.hint-leading-zero", "012345678905") in found("12345678905")


def test_a_missing_separator_is_suggested_where_a_checked_value_follows():
    hint = hints("10ABC0109520123456788")[0]
    assert (hint.code, hint.suggestion) == ("gs1.hint-separator", "10ABC\x1d0109520123456788")
    assert parse_element_strings(hint.suggestion)
    assert hints("^10ABC17271231^21X")[0].suggestion == "10ABC\x1d17271231\x1d21X"


@pytest.mark.parametrize(
    "text", ["10ABC21X", "(10)ABC17271231", "8910A", "", "1" * 400, "240" + "A" * 40, "01095201"]
)
def test_without_a_checked_value_behind_it_a_lot_is_a_lot(text):
    assert not [hint for hint in hints(text) if hint.code == "gs1.hint-separator"]


def test_a_separator_that_leaves_a_wrong_message_is_not_suggested():
    assert hints("10ABC0109520123456788" + "\x1d37" + "12") == ()


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("(01)09520123456789(10)A", "(01)09520123456788(10)A"),
        ("010952012346578810A", "010952012345678810A"),
        ("https://a.vn/01/09520123456789/10/A", "https://a.vn/01/09520123456788/10/A"),
    ],
)
def test_a_wrong_number_inside_a_message_is_repaired_in_its_place(text, meant):
    hint = next(hint for hint in hints(text) if hint.suggestion == meant)
    start, end = hint.span
    assert text[:start] + meant[start:end] + text[end:] == meant


def test_a_wrong_number_that_stands_there_twice_is_left_alone():
    assert hints("(01)09520123456789(10)09520123456789") == ()


def test_a_number_is_not_suggested_where_the_message_stays_wrong():
    assert hints("(01)09520123456789(17)271331") == ()


def test_whoever_takes_a_suggestion_gets_no_error():
    """Found by fuzzing: with ASCII digits this is five of them, which no longer is a message."""
    assert hints("9٣-65-6") == ()
    for hint in hints("9520123456789"):
        assert read(hint.suggestion)
