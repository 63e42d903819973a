"""A sentence fits what it is about, in both languages."""

from typing import Any

import pytest

from app.i18n import translator
from app.wording.errors import sentence
from gs1 import gtin
from gs1.errors import Gs1Error
from traceability.events.identifiers import canonical


def told(language: str, code: str, arguments: dict[str, Any]) -> str:
    return sentence(translator(language), code, arguments)


@pytest.mark.parametrize(
    ("key", "vi", "en"),
    [
        ("01/09520001234569/21/" + "A" * 21, "1 đến 20", "has 1 to 20."),
        ("414/952000000000", "phần này của mã có 13", "has 13."),
        ("00/395200000000000", "phần này của mã có 18", "has 18."),
    ],
)
def test_a_wrong_length_is_told_of_the_part_it_is_in(key: str, vi: str, en: str) -> None:
    with pytest.raises(Gs1Error) as refused:
        canonical(f"https://id.gs1.org/{key}")
    arguments = dict(refused.value.arguments)
    assert vi in told("vi", refused.value.code, arguments)
    assert en in told("en", refused.value.code, arguments)


def test_a_wrong_length_of_a_product_number_names_the_right_ones() -> None:
    with pytest.raises(Gs1Error) as refused:
        gtin.Gtin.parse("12345")
    text = told("en", refused.value.code, dict(refused.value.arguments))
    assert "8, 12, 13 or 14 digits" in text


@pytest.mark.parametrize("code", ["events.choice", "web.field-choice"])
def test_choices_are_listed_without_english(code: str) -> None:
    text = told("vi", code, {"choices": "'ADD', 'OBSERVE' or 'DELETE'"})
    assert text.endswith(": ADD, OBSERVE, DELETE.")


def test_too_short_reads_well_for_one() -> None:
    text = told("en", "web.field-too-short", {"limit": 1})
    assert text == "Too short; the least number of characters or entries is 1."
