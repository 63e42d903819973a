from gs1 import CODES, Gs1Error
from gs1.fault import code_of
from gs1.linters import LINTERS


def test_an_error_tells_code_value_span_and_facts():
    error = Gs1Error("gs1.check-digit", "123", (2, 3), expected="0")
    assert str(error) == "gs1.check-digit: '123' (expected='0')"
    assert error.marked == "12|3|"
    assert error.elements == ()


def test_without_a_span_the_whole_value_is_meant():
    assert Gs1Error("gs1.empty").marked == "||"
    assert Gs1Error("gs1.length", "12").marked == "|12|"


def test_the_message_of_a_long_value_is_short():
    assert len(str(Gs1Error("gs1.too-long", "A" * 1000))) < 90


def test_the_codes_are_unique_and_of_this_package():
    assert len(set(CODES)) == len(CODES)
    assert all(code.startswith("gs1.") for code in CODES)


def test_every_test_of_the_dictionary_has_a_code_of_ours():
    wrong = ["", "X", "00", "999999999999", "€", "0" * 120]
    faults = [linter(text) for linter in LINTERS.values() for text in wrong]
    names = {fault.test for fault in faults if fault}
    assert len(names) > 50
    assert {code_of(name) for name in names} <= set(CODES)


def test_zero_or_one_is_a_code_list_and_not_a_zero():
    assert code_of("NOT_ZERO_OR_ONE") == "gs1.code-list"
    assert code_of("NOT_ZERO") == "gs1.zero"
