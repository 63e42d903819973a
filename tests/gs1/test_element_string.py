import pytest

from gs1 import ElementString, Gs1Error, as_bracketed, as_element_string, parse_element_strings

GTIN = ElementString("01", "09520123456788")


@pytest.mark.parametrize(
    ("text", "elements"),
    [
        ("(01)09520123456788", (GTIN,)),
        ("0109520123456788", (GTIN,)),
        ("^0109520123456788^", (GTIN,)),
        ("\x1d010952012345678810A\x1d21B", (GTIN, ("10", "A"), ("21", "B"))),
        ("(10)A(17)270101", (ElementString("10", "A"), ElementString("17", "270101"))),
        (r"(10)A\(B\(", (ElementString("10", "A(B("),)),
        ("(10)A)B", (ElementString("10", "A)B"),)),
        ("7007261123", (ElementString("7007", "261123"),)),
        ("800302112345678900ABC", (ElementString("8003", "02112345678900ABC"),)),
    ],
)  # fmt: skip
def test_both_forms_give_the_same_element_strings(text, elements):
    assert parse_element_strings(text) == elements


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "gs1.empty"),
        ("^", "gs1.empty"),
        ("A" * 8192, "gs1.too-long"),
        ("(10)(11)98765", "gs1.length"),
        ("(10)A(11)", "gs1.length"),
        ("(10)A^", "gs1.charset"),
        ("(15", "gs1.brackets"),
        ("(10)A" + "(", "gs1.brackets"),
        ("(1A)1", "gs1.unknown-ai"),
        ("()1", "gs1.unknown-ai"),
        ("(89)1", "gs1.unknown-ai"),
        ("891234", "gs1.unknown-ai"),
        ("0", "gs1.unknown-ai"),
        ("(01)09520123456789", "gs1.check-digit"),
        ("01095201234567\x1d10A", "gs1.length"),
        ("7007211225212", "gs1.length"),
        ("2421234567", "gs1.length"),
        ("80011234123451239812", "gs1.length"),
        ("11261301", "gs1.date"),
        ("(11)261301", "gs1.date"),
    ],
)
def test_what_is_no_element_string_is_refused(text, code):
    with pytest.raises(Gs1Error) as refused:
        parse_element_strings(text)
    assert refused.value.code == code


def test_a_partly_good_message_keeps_its_good_elements():
    for text in ("(01)09520123456788(17)269901", "010952012345678817269901"):
        with pytest.raises(Gs1Error) as refused:
            parse_element_strings(text)
        assert refused.value.elements == (GTIN,)
        assert refused.value.arguments == {"ai": "17", "test": "ILLEGAL_MONTH"}
        assert (refused.value.value, refused.value.span) == ("269901", (2, 4))


def test_unknown_ais_are_read_on_request_where_their_end_is_certain():
    elements = (ElementString("236", "X"), ElementString("10", "A"))
    assert parse_element_strings("236X\x1d10A", permit_unknown=True) == elements
    assert parse_element_strings("(89)X(10)A", permit_unknown=True)[0] == ("89", "X")
    with pytest.raises(Gs1Error, match=r"gs1\.unknown-ai"):
        parse_element_strings("89X", permit_unknown=True)


def test_a_separator_stands_only_where_the_next_element_string_would_be_swallowed():
    elements = parse_element_strings("(10)A(01)09520123456788(21)B")
    assert as_element_string(elements) == "10A\x1d010952012345678821B"
    assert as_element_string([ElementString("89", "X"), ElementString("10", "A")]) == "89X\x1d10A"
    assert as_element_string([ElementString("1X", "?"), ElementString("10", "A")]) == "1X?\x1d10A"


def test_brackets_in_a_value_are_escaped():
    assert as_bracketed([ElementString("10", "A(B)")]) == r"(10)A\(B)"


def test_an_element_string_knows_its_title():
    assert ElementString("10", "A").title == "BATCH/LOT"
    assert ElementString("89", "A").title == ""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(01)09520123456789(10)A", "8"),
        ("(8003)09520123456789SERIAL", "8"),
        ("(00)395200000000000013", "2"),
    ],
)
def test_a_wrong_check_digit_is_told_with_the_right_one(text, expected):
    with pytest.raises(Gs1Error) as refused:
        parse_element_strings(text)
    assert refused.value.arguments["expected"] == expected
