"""What is said of a code: the view that the API, the page and the command line share."""

from collections.abc import Collection
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from app.i18n import translator
from app.wording.gs1_view import gs1_view
from gs1 import check_digit

GTIN = "09520123456788"
LINK = f"https://example.com/gtin/{GTIN}/10/A%2FB/?17=271231&linkType=pip"


def view_of(text: str, **how: Any) -> dict[str, Any]:
    return gs1_view(translator("en"), text, **how)


def test_a_message_is_told_part_by_part() -> None:
    view = view_of(f"(01){GTIN}(17)271200(3103)000195(3932)70412345(422)704(7005)12")
    assert [(part["ai"], part["name"], part["words"]) for part in view["elements"]] == [
        ("01", "Product number (GTIN)", None),
        ("17", "Expiry date", "31 December 2027"),
        ("3103", "Net weight", "0.195 kg"),
        ("3932", "Price, with its currency", "123.45 VND"),
        ("422", "Country of origin", "Vietnam"),
        ("7005", "CATCH AREA", None),
    ]
    assert view["keys"]["expiry"] == date(2027, 12, 31)
    assert view["keys"]["net_weight_kg"] == Decimal("0.195")


@pytest.mark.parametrize(
    ("element", "words"),
    [
        ("(3922)1999", "19.99"),
        ("(3942)0255", "2.55 %"),
        ("(3941)0255", "25.5 %"),
        ("(7003)2712311230", "31 December 2027, 12:30"),
        ("(7007)270101270103", "1 January 2027 to 3 January 2027"),
        ("(4331)000550-", "-5.5 °C"),
        ("(7030)999ABC", None),
    ],
)
def test_a_value_is_told_as_a_reader_writes_it(element: str, words: str | None) -> None:
    assert view_of(element)["elements"][0]["words"] == words


def test_every_form_of_a_message_is_there() -> None:
    view = view_of(f"]d201{GTIN}10A\x1d21B")
    assert (view["kind"], view["symbology_identifier"]) == ("scan-data", "]d2")
    assert view["element_string"] == {
        "bracketed": f"(01){GTIN}(10)A(21)B",
        "unbracketed": f"01{GTIN}10A\x1d21B",
    }
    assert view["digital_link"] == f"https://id.gs1.org/01/{GTIN}/10/A/21/B"
    assert view["hri_with_titles"] == (f"GTIN (01) {GTIN}", "BATCH/LOT (10) A", "SERIAL (21) B")


def test_what_no_link_can_say_has_none() -> None:
    assert view_of("(10)A")["digital_link"] is None


def test_repairs_of_a_link_are_told() -> None:
    view = view_of(LINK)
    assert [repair["text"] for repair in view["repairs"]] == [
        "A slash at the end of the link was left out.",
        "The name gtin in the link was read as (01); such names are out of use.",
    ]
    assert (view["host"], view["other_query"]) == ("example.com", ("linkType=pip",))


@pytest.mark.parametrize(
    ("number", "company_prefix", "kind"),
    [
        ("893456313816", "8934563", "company"),
        ("(414)893456300000", "8934563", "company"),
        ("(00)18934563000000001", "8934563", "company"),
        ("893700000000", None, "unallocated"),
        ("952012345678", None, "demonstration"),
        ("201234567890", None, "restricted-region"),
    ],
)
def test_the_prefix_says_who_licensed_a_number(
    number: str, company_prefix: str | None, kind: str
) -> None:
    text = number + check_digit.compute(number.rpartition(")")[2])
    found = view_of(text)["prefix"]
    assert (found["company_prefix"], found["kind"]) == (company_prefix, kind)
    assert "made in" not in found["text"].lower()


def test_a_message_without_a_number_has_no_prefix() -> None:
    assert view_of("(10)A")["prefix"] is None
    assert view_of("(414)0000012345670")["prefix"] is None


def test_a_partly_good_message_keeps_its_good_parts() -> None:
    view = view_of(f"(01){GTIN}(17)271331(10)A")
    assert not view["ok"]
    assert [part["ai"] for part in view["elements"]] == ["01"]
    assert view["keys"]["gtin"] == GTIN
    assert view["prefix"]["kind"] == "demonstration"
    assert view["digital_link"] is None


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("9520123456789", "9"),
        (f"(01){GTIN}(17)271331(10)A", "13"),
        ("(10)271331(17)271331", "13"),
        (f"]d201{GTIN}17271331", "13"),
        (f"^01{GTIN}zz", "zz"),
        (f"]C101{GTIN}zz", "zz"),
        (f"https://a.vn/01/{GTIN}?17=271331", "13"),
        ("952 0123 45678 9", "9"),
        ("12345", "12345"),
        ("]Q1hello", "hello"),
    ],
)
def test_an_error_points_to_its_place_in_the_whole_text(text: str, wrong: str) -> None:
    start, end = view_of(text)["errors"][0]["place"]
    assert text[start:end] == wrong
    assert start == text.rindex(wrong)


@pytest.mark.parametrize("text", ["https://a.vn/01/0952012345%3678%39", "(10)A\\(BÔ", "(10)", ""])
def test_where_the_value_reads_otherwise_than_it_stands_no_place_is_claimed(text: str) -> None:
    assert view_of(text)["errors"][0]["place"] is None


def test_the_length_of_a_part_is_told_as_that_of_the_part() -> None:
    assert view_of("(17)2712")["errors"][0]["text"].endswith("this part of the code has 6.")
    assert view_of("(10)" + "A" * 21)["errors"][0]["text"].endswith("has 1 to 20.")
    assert view_of("12345")["errors"][0]["text"].endswith("8, 12, 13 or 14 digits.")


def test_the_register_is_asked_once_and_what_it_knows_comes_first() -> None:
    asked: list[Collection[str]] = []

    def registered(gtins: Collection[str]) -> Collection[str]:
        asked.append(gtins)
        return {GTIN}

    hints = view_of("9520123456789", registered=registered)["hints"]
    assert len(asked) == 1
    assert [hint["registered"] for hint in hints] == [True] + [False] * 12
    assert (hints[0]["gtin"], hints[0]["suggestion"]) == (GTIN, "9520123456788")


def test_without_a_register_nothing_is_claimed_about_it() -> None:
    assert {hint["registered"] for hint in view_of("9520123456789")["hints"]} == {None}


def test_a_text_that_is_right_by_chance_is_told_what_else_it_may_have_been() -> None:
    """AI 95 may hold any text: `952O123456788` is well formed, and certainly mistyped."""
    view = view_of("952O123456788")
    assert view["ok"]
    assert view["assumed"] == "element-strings"
    assert [hint["suggestion"] for hint in view["hints"]] == ["9520123456788"]


def test_halves_of_characters_do_not_get_into_an_answer() -> None:
    view = view_of("(10)A\ud800")
    assert view["errors"][0]["code"] == "gs1.charset"
    str(view).encode()
