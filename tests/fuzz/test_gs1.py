"""The rules of the fuzzer hold for its seeds, and for what it has found before."""

import pytest

from tests.fuzz.gs1 import as_text
from tests.fuzz.gs1_rules import SEEDS, TOKENS, check

FOUND = ("9٣-65-6",)
"""Inputs that once broke a rule."""


@pytest.mark.parametrize("text", [*SEEDS, *FOUND, "", *TOKENS[-40:]], ids=ascii)
def test_the_rules_hold(text: str) -> None:
    check(text)


def test_bytes_that_are_no_text_are_read_as_halves_of_characters() -> None:
    assert as_text(b"A\xff") == "A\udcff"


def test_a_rule_that_is_broken_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.fuzz.gs1_rules.parse_element_strings", lambda *_, **__: ())
    with pytest.raises(AssertionError):
        check("(01)09520123456788")
