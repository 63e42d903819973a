import dataclasses

import pytest

from gs1.ai import ALL, TABLE, assume, find


def test_the_table_has_every_ai_of_the_release():
    assert len(ALL) == 541
    assert all(find(ai).ai == ai for ai in ALL)


def test_ais_with_the_same_two_digits_have_the_same_length():
    assert len({(ai[:2], len(ai)) for ai in ALL}) == len({ai[:2] for ai in ALL})


def test_a_row_tells_format_role_and_associations():
    gtin, lot = find("01"), find("10")
    assert (gtin.title, gtin.min_length, gtin.max_length) == ("GTIN", 14, 14)
    assert (gtin.needs_separator, gtin.is_key, gtin.is_attribute) == (False, True, True)
    assert "37" in gtin.excludes
    assert lot.requires_text == ("01,02,03,8006,8026",)
    assert (lot.is_key, lot.paths) == (False, {})


def test_patterns_stand_for_all_ais_they_match_but_their_own():
    excluded = find("3102").excludes
    assert excluded == {f"310{n}" for n in range(10)} - {"3102"}


def test_the_paths_of_a_key_are_its_ordered_selections():
    paths = find("01").paths
    assert ("22", "21") in paths
    assert ("21", "22") not in paths
    assert ("235",) in paths
    assert paths["10",] == {"22", "21"}
    assert find("00").paths == {(): frozenset()}


def test_decimals_come_from_the_last_digit_of_measures_and_amounts():
    assert find("3103").decimals == 3
    assert find("3932").decimals == 2
    assert find("8005").decimals is None


@pytest.mark.parametrize(
    ("ai", "separator", "longest"),
    [
        ("89", True, 90),
        ("236", True, 90),
        ("04", False, 16),
        ("419", False, 13),
        ("3999", True, 90),
    ],
)
def test_an_unknown_ai_can_be_assumed_where_its_length_fits(ai, separator, longest):
    info = assume(ai)
    assert (info.needs_separator, info.max_length, info.is_known) == (separator, longest, False)


@pytest.mark.parametrize("ai", ["0", "12345", "1A", "011", "80", "2345", ""])
def test_what_cannot_be_an_ai_is_not_assumed(ai):
    assert find(ai) is None
    assert assume(ai) is None


def test_an_ai_outside_the_table_has_no_row():
    with pytest.raises(KeyError):
        TABLE["89"]


def test_rows_cannot_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        find("01").title = "X"
