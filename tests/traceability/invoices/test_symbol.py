import pytest

from traceability.invoices.errors import InvoiceError
from traceability.invoices.symbol import InvoiceKey

SELLER = "9999100017"
KEY = InvoiceKey(SELLER, "1", "C25TAA", 12)


@pytest.mark.parametrize(
    ("form", "symbol", "number"),
    [
        ("1", "C25TAA", "12"),
        (" 1 ", " c25taa ", " 12 "),
        ("1", "C25 TAA", "00000012"),
        ("", "1C25TAA", "12"),
        ("1", "1C25TAA", "12"),
    ],
)
def test_case_blanks_and_padding_make_no_other_invoice(form: str, symbol: str, number: str) -> None:
    assert InvoiceKey.of(SELLER, form, symbol, number) == KEY


@pytest.mark.parametrize("kind", "TDLMNBGHXF")
def test_the_fourth_character_is_one_of_ten_kinds(kind: str) -> None:
    assert InvoiceKey.of(SELLER, "2", f"K26{kind}YZ", "1").symbol == f"K26{kind}YZ"


@pytest.mark.parametrize(
    "symbol", ["A25TAA", "C2TAA", "C25ZAA", "C25TA1", "C25TAAA", "AB/20E", "2C25TAA", "С25TAA"]
)
def test_a_symbol_outside_the_grammar_is_refused(symbol: str) -> None:
    with pytest.raises(InvoiceError) as refused:
        InvoiceKey.of(SELLER, "1", symbol, "12")
    assert refused.value.code == "invoices.symbol"


@pytest.mark.parametrize("form", ["", "0", "01GTKT", "11", "x"])
def test_a_form_is_one_digit_from_1_to_9(form: str) -> None:
    with pytest.raises(InvoiceError) as refused:
        InvoiceKey.of(SELLER, form, "C25TAA", "12")
    assert refused.value.code == "invoices.value"


@pytest.mark.parametrize("number", ["0", "100000000", "-1", "1.0", "12a", "१२", "9" * 5000])
def test_a_number_outside_1_to_99999999_is_refused(number: str) -> None:
    with pytest.raises(InvoiceError) as refused:
        InvoiceKey.of(SELLER, "1", "C25TAA", number)
    assert refused.value.code == "invoices.number"


def test_the_symbol_tells_year_and_cash_register() -> None:
    key = InvoiceKey.of(SELLER, "2", "C26MYY", "1")
    assert (key.year, key.from_cash_register, key.written) == (2026, True, "2C26MYY 1")
