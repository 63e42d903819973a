from gs1.charset import CSET39, CSET64, CSET82, first_outside, is_numeric


def test_the_sets_have_the_sizes_of_their_names():
    assert (len(CSET82), len(CSET39), len(CSET64)) == (82, 39, 64)


def test_only_ascii_digits_are_numeric():
    assert is_numeric("0123456789")
    assert not any(map(is_numeric, ("", "1A", "１２", "٣", "²", "-1", "1\n")))


def test_the_first_character_outside_a_set_is_found():
    assert first_outside(CSET82, "ABC^") == 3
    assert first_outside(CSET82, "ABC") == -1
