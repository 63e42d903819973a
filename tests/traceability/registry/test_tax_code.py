import pytest

from traceability.errors import InvalidError
from traceability.registry.tax_code import TaxCode, TaxCodeKind, check_digit


@pytest.mark.parametrize(
    ("printed", "value", "kind"),
    [
        ("9999100017", "9999100017", TaxCodeKind.ENTERPRISE),
        (" 9999 100 017 ", "9999100017", TaxCodeKind.ENTERPRISE),
        ("9999100017-001", "9999100017-001", TaxCodeKind.BRANCH),
        ("9999100017001", "9999100017-001", TaxCodeKind.BRANCH),
        ("9999100017 – 001", "9999100017-001", TaxCodeKind.BRANCH),
        ("062099000001", "062099000001", TaxCodeKind.PERSONAL),
    ],
)
def test_each_kind_is_read_into_its_one_written_form(
    printed: str, value: str, kind: TaxCodeKind
) -> None:
    assert TaxCode.parse(printed) == TaxCode(value, kind)


@pytest.mark.parametrize(
    "printed",
    [
        "",
        "999910001",
        "99991000170",
        "9999100017-01",
        "9999100017-000",
        "99991OOO17",
        "0000000000",
        "000000000000",
        "٩999100017",
        "99991000170012",
        "9999000020",
    ],
)
def test_what_is_never_issued_is_refused(printed: str) -> None:
    with pytest.raises(InvalidError) as refused:
        TaxCode.parse(printed)
    assert refused.value.code == "registry.tax-code"


def test_a_wrong_check_digit_is_named_with_the_right_one() -> None:
    with pytest.raises(InvalidError) as refused:
        TaxCode.parse("9999100018", field="buyer.tax_code")
    assert refused.value.code == "registry.tax-code-check-digit"
    assert refused.value.arguments == {"value": "9999100018", "expected": "7"}
    assert refused.value.faults[0].field == "buyer.tax_code"


def test_a_branch_has_the_check_digit_of_its_firm() -> None:
    with pytest.raises(InvalidError):
        TaxCode.parse("9999100018-001")


def test_a_body_whose_check_digit_would_be_ten_has_none() -> None:
    assert check_digit("999900002") is None


@pytest.mark.parametrize("position", range(9))
def test_every_single_wrong_digit_is_found(position: int) -> None:
    right = "9999100017"
    wrong = right[:position] + str((int(right[position]) + 1) % 10) + right[position + 1 :]
    with pytest.raises(InvalidError):
        TaxCode.parse(wrong)
