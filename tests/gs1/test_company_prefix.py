import sys
from array import array

import pytest

from gs1 import company_prefix
from gs1.code_lists import read_rows
from tests.shared_material import SHARED, needs_shared


@pytest.mark.parametrize(
    ("number", "length"),
    [("893400000000", 7), ("8934", 7), ("893700000000", 0), ("999999999999", 0)],
)
def test_the_length_of_the_company_prefix_by_the_published_list(number, length):
    assert company_prefix.length_of(number) == length


def test_the_range_that_decides_holds_the_number():
    first, last = company_prefix.range_of("893712345678")
    assert first <= "893712345678" <= last
    assert company_prefix.range_of("999999999999")[1] == "999999999999"


def test_both_prefix_tables_are_of_one_date():
    text = (company_prefix.DATA / "gs1_prefixes.tsv").read_text(encoding="utf-8")
    assert f"# date: {company_prefix.LIST_DATE}\n" in text
    assert len(read_rows("gs1_prefixes.tsv")) == 145


def test_the_words_are_read_the_same_on_a_big_endian_machine(monkeypatch):
    words = array("Q", company_prefix._open())
    monkeypatch.setattr(company_prefix, "_WORDS", array("Q"))
    monkeypatch.setattr(sys, "byteorder", "big")
    swapped = company_prefix._open()
    swapped.byteswap()
    assert swapped[:100] == words[:100]


@needs_shared
def test_the_ranges_under_893_agree_with_the_shared_list():
    import json

    for start, length in json.loads((SHARED / "corpora/gs1/gcp_893.json").read_text()):
        assert company_prefix.length_of(start.ljust(12, "5")) == length
