import pytest

from gs1 import Gs1Error, parse_element_strings

GTIN = "(01)09520123456788"
COUPON = "(255)9520123456788"


@pytest.mark.parametrize(
    ("text", "ai", "other"),
    [
        (GTIN + "(37)12", "01", "37"),
        ("(3102)000100(3103)000100", "3102", "3103"),
        ("(21)A(235)B", "21", "235"),
    ],
)
def test_some_ais_exclude_each_other(text, ai, other):
    with pytest.raises(Gs1Error, match=r"gs1\.exclusive") as refused:
        parse_element_strings(text)
    assert (refused.value.arguments["ai"], refused.value.arguments["other"]) == (ai, other)


def test_a_repeated_ai_must_repeat_its_value():
    assert len(parse_element_strings("(400)A(99)B(400)A")) == 3
    with pytest.raises(Gs1Error, match=r"gs1\.repeated"):
        parse_element_strings("(400)A(99)B(400)AB")


@pytest.mark.parametrize(
    "text", ["(253)9520123456788(8030)SIG", COUPON + "(8030)SIG", "(8003)09520123456788(8030)SIG"]
)
def test_a_signed_key_needs_its_serial(text):
    with pytest.raises(Gs1Error, match=r"gs1\.serial-required"):
        parse_element_strings(text)
    assert parse_element_strings(text.replace("(8030)", "1(8030)"))


@pytest.mark.parametrize(
    "text",
    ["(10)A", "(02)09520123456788", GTIN + "(250)A", GTIN + "(3925)12599", GTIN + "(8030)SIG"],
)
def test_required_ais_are_demanded_on_request_only(text):
    assert parse_element_strings(text)
    with pytest.raises(Gs1Error, match=r"gs1\.requires"):
        parse_element_strings(text, requisites=True)


@pytest.mark.parametrize(
    "text",
    [
        GTIN + "(10)A",
        "(00)123456789012345675(02)09520123456788(37)12",
        GTIN + "(21)B(250)A",
        GTIN + "(3925)12599(3100)000100",
        GTIN + "(21)B(8030)SIG",
        GTIN + "(21)B(8040)123456789012345(8041)123456789012345",
    ],
)
def test_requirements_are_met_by_any_alternative_in_full(text):
    assert parse_element_strings(text, requisites=True)


def test_an_unknown_ai_requires_and_excludes_nothing():
    text = GTIN + "(89)A"
    assert len(parse_element_strings(text, requisites=True, permit_unknown=True)) == 2
