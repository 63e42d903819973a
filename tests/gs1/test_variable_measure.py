from decimal import Decimal

import pytest

from gs1 import Gs1Error, Gtin, check_digit
from gs1.variable_measure import MeasureKind, Rule, parse, price_check_digit

WEIGHT = Rule("23IIIIIMMMMMC", MeasureKind.WEIGHT, decimals=3)
PRICE = Rule("20IIIIIVMMMMC", MeasureKind.PRICE, decimals=2)


def gtin(payload):
    return Gtin.parse(payload + check_digit.compute(payload))


def test_the_rule_of_the_caller_reads_item_and_measure():
    found = parse(gtin("231234500750"), [PRICE, WEIGHT])
    assert (found.rule, found.item, found.value) == (WEIGHT, "12345", Decimal("0.750"))


def test_a_price_check_digit_is_verified():
    found = parse(gtin("201234592875"), [PRICE])
    assert found.value == Decimal("28.75")
    assert found.without_measure() == gtin("201234500000")
    with pytest.raises(Gs1Error, match=r"gs1\.check-digit"):
        parse(gtin("201234502875"), [PRICE])


def test_a_number_that_no_rule_matches_says_nothing():
    assert parse(gtin("952012345678"), [PRICE, WEIGHT]) is None
    assert parse(gtin("231234500750").with_indicator(1), [WEIGHT]) is None


@pytest.mark.parametrize(("measure", "digit"), [("2875", "9"), ("14685", "6"), ("0000", "0")])
def test_price_check_digits_of_four_and_five_digits(measure, digit):
    assert price_check_digit(measure) == digit


@pytest.mark.parametrize(("measure", "code"), [("287", "gs1.length"), ("28X5", "gs1.charset")])
def test_other_measures_have_no_price_check_digit(measure, code):
    with pytest.raises(Gs1Error) as refused:
        price_check_digit(measure)
    assert refused.value.code == code


@pytest.mark.parametrize("layout", ["23IIIIIMMMMC", "23IIIIIMMMMMM", "23IIIIIIIIIIC"])
def test_a_layout_has_13_places_with_a_measure_and_a_check_digit(layout):
    with pytest.raises(Gs1Error, match=r"gs1\.format"):
        Rule(layout, MeasureKind.COUNT, decimals=0)
